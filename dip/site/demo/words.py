"""Words from which names are made. Towns are real places; everything that is put together from the rest is invented."""

#: Town, code of the province, four digits of the postcode, and weight (larger towns have more seats and more visitors).
TOWNS: tuple[tuple[str, str, int, int], ...] = (
    ("Amersfoort", "UT", 3811, 3), ("Leiden", "ZH", 2311, 3), ("Alkmaar", "NH", 1811, 2), ("Hengelo", "OV", 7551, 2),
    ("Zwolle", "OV", 8011, 3), ("Apeldoorn", "GE", 7311, 3), ("Assen", "DR", 9401, 2), ("Nijmegen", "GE", 6511, 3),
    ("Tilburg", "NB", 5038, 3), ("Maastricht", "LI", 6211, 3), ("Groningen", "GR", 9712, 3), ("Haarlem", "NH", 2011, 3),
    ("Deventer", "OV", 7411, 2), ("Middelburg", "ZE", 4331, 1), ("Utrecht", "UT", 3511, 3), ("Rotterdam", "ZH", 3011, 3),
    ("Breda", "NB", 4811, 3), ("Leeuwarden", "FR", 8911, 2), ("Arnhem", "GE", 6811, 3), ("Eindhoven", "NB", 5611, 3),
    ("Almere", "FL", 1315, 2), ("Den Haag", "ZH", 2511, 3), ("Venlo", "LI", 5911, 2), ("Dordrecht", "ZH", 3311, 2),
    ("Amsterdam", "NH", 1011, 3), ("Enschede", "OV", 7511, 3), ("Gouda", "ZH", 2801, 2), ("Heerlen", "LI", 6411, 2),
    ("Drachten", "FR", 9201, 1), ("Emmen", "DR", 7811, 2), ("Lelystad", "FL", 8232, 2), ("Hoorn", "NH", 1621, 2),
    ("Goes", "ZE", 4461, 1), ("Helmond", "NB", 5701, 2), ("Hilversum", "NH", 1211, 2), ("Delft", "ZH", 2611, 2),
    ("Roosendaal", "NB", 4701, 2), ("Doetinchem", "GE", 7001, 2), ("Zoetermeer", "ZH", 2711, 2), ("Roermond", "LI", 6041, 2),
    ("Purmerend", "NH", 1441, 2), ("Veenendaal", "UT", 3901, 1), ("Hoogeveen", "DR", 7901, 1), ("Sneek", "FR", 8601, 1),
    ("Oss", "NB", 5341, 1), ("Zutphen", "GE", 7201, 1), ("Vlissingen", "ZE", 4381, 1), ("Almelo", "OV", 7607, 1),
    ("Nieuwegein", "UT", 3431, 1), ("Zaandam", "NH", 1506, 2), ("Terneuzen", "ZE", 4531, 1), ("Ede", "GE", 6711, 2),
    ("Stadskanaal", "GR", 9501, 1), ("Den Helder", "NH", 1781, 1), ("Sittard", "LI", 6131, 1), ("Bergen op Zoom", "NB", 4611, 1),
    ("Heerenveen", "FR", 8441, 1), ("Kampen", "OV", 8261, 1), ("Schiedam", "ZH", 3111, 1), ("Alphen aan den Rijn", "ZH", 2405, 1),
    ("Weert", "LI", 6001, 1), ("Meppel", "DR", 7941, 1), ("Tiel", "GE", 4001, 1), ("Zeist", "UT", 3701, 1),
    ("Veendam", "GR", 9641, 1), ("Oosterhout", "NB", 4901, 1), ("Waalwijk", "NB", 5141, 1), ("Uden", "NB", 5401, 1),
    ("Veldhoven", "NB", 5501, 1), ("Kerkrade", "LI", 6461, 1), ("Amstelveen", "NH", 1181, 2), ("Hoofddorp", "NH", 2132, 1),
    ("Woerden", "UT", 3441, 1), ("Houten", "UT", 3991, 1), ("Rijswijk", "ZH", 2282, 1), ("Gorinchem", "ZH", 4201, 1),
    ("Vlaardingen", "ZH", 3131, 1), ("Spijkenisse", "ZH", 3201, 1), ("Winterswijk", "GE", 7101, 1), ("Wageningen", "GE", 6701, 1),
    ("Harderwijk", "GE", 3841, 1), ("Barneveld", "GE", 3771, 1), ("Oldenzaal", "OV", 7571, 1), ("Hardenberg", "OV", 7771, 1),
    ("Emmeloord", "FL", 8302, 1), ("Winschoten", "GR", 9671, 1), ("Delfzijl", "GR", 9934, 1), ("Dokkum", "FR", 9101, 1),
    ("Harlingen", "FR", 8861, 1), ("Zierikzee", "ZE", 4301, 1), ("Hulst", "ZE", 4561, 1), ("Boxtel", "NB", 5281, 1),
    ("Cuijk", "NB", 5431, 1), ("Heerhugowaard", "NH", 1703, 1), ("Raalte", "OV", 8102, 1),
)  # fmt: skip
BELGIAN_TOWNS = (("Antwerpen", 2000), ("Gent", 9000), ("Mechelen", 2800), ("Hasselt", 3500))

#: First and second half of invented place-like words: Reigerboog, Vlasterp …
FIRST = (
    "Wilgen", "Kraan", "Reiger", "Zwaluw", "Linden", "Brem", "Kade", "Sluis", "Ossen", "Klokken", "Vlas", "Turf", "Mos", "Rieten",
    "Zilt", "Ketel", "Lantaarn", "Garen", "Wevers", "Pannen", "Koren", "Distel", "Vlier", "Meerkoet", "Kievit", "Iepen", "Haver",
    "Lisdodde", "Spinnaker", "Touw", "Scharlaken", "Hommel", "Barnsteen", "Kwartel", "Zegge",
)  # fmt: skip
SECOND = (
    "kop", "boog", "wal", "zicht", "steiger", "stee", "werf", "gang", "schans", "terp", "rug", "laar", "bocht", "kamp", "vliet",
    "mare", "dorp", "haag", "wiel", "oever",
)  # fmt: skip
THEATRE_FORMS = (
    "Theater De {x}", "Schouwburg {x}", "Theater {x}", "Podium De {x}", "Stadstheater {x}", "Cultuurhuis {x}", "Speelhuis {x}",
)  # fmt: skip
CONCERT_FORMS = ("Concertzaal {x}", "Muziekhuis De {x}")
FESTIVAL_FORMS = ("Festival {x}", "{x} Zomerspelen")
STREETS = ("Kaatsbaan", "Wijnhaven", "Lombardstraat", "Achter de Kerk", "Nieuwe Gracht", "Marktveld", "Stationslaan", "Havenkade")
LARGE_HALLS = ("Grote Zaal", "Rode Zaal", "Hoofdzaal", "Spiegelzaal", "Concertzaal")
MIDDLE_HALLS = ("Middenzaal", "Blauwe Zaal", "Zaal 2", "Tuinzaal")
SMALL_HALLS = ("Kleine Zaal", "Studio", "Vlakkevloerzaal", "Zolder", "Zaal 3")

PRODUCER_FORMS = {
    "theatre": ("Toneelgroep {x}", "Gezelschap {x}", "Theatercollectief {x}", "Het {x} Ensemble"),
    "music": ("Concertburo {x}", "{x} Muziek", "Kamerorkest {x}", "Podiumplan {x}"),
    "dance": ("Dansgroep {x}", "Danslijn {x}"),
    "music-theatre": ("Stagehuis {x}", "Muziektheater {x}", "{x} Musicals"),
    "cabaret": ("Cabaretstal {x}", "Lachkabinet {x}", "Kleinkunst {x}"),
    "other": ("De Kleine {x}", "Jeugdtheater {x}", "Circus {x}"),
}
AGENCY_FORMS = ("Bureau {x}", "Impresariaat {x}", "{x} Theaterzaken")

FIRST_NAMES = (
    "Maud", "Sanne", "Joris", "Femke", "Bram", "Yara", "Wout", "Lotte", "Sem", "Noor", "Thijs", "Esra", "Ruben", "Anouk", "Mees",
    "Floor", "Imke", "Karim", "Jelle", "Marit", "Silvan", "Dewi", "Pleun", "Gijs", "Naima", "Teun",
)  # fmt: skip
LAST_NAMES = (
    "Elsinga", "Oudkerk", "Tervaart", "van Bruinesse", "Hamstra", "de Lindert", "Wolvenkamp", "Achtereind", "Zijlmans", "Kortrijkers",
    "van der Graft", "Moesker", "Dekselaar", "Roodbeen", "Uitslager", "Pannekeet", "van Steenwerf", "Boelhouwer", "Vlasveld", "Nauta-Rijk",
)  # fmt: skip

NUMBERS = ("Drie", "Vier", "Vijf", "Zeven", "Negen", "Elf", "Twaalf", "Dertig", "Duizend")
THINGS = (
    "Kamers", "Nachten", "Brieven", "Zusters", "Winters", "Stoelen", "Sleutels", "Getuigen", "Vogels", "Spiegels", "Havens",
    "Minnaars", "Treinen", "Ramen",
)  # fmt: skip
NOUNS = (
    "Tuin", "Nachttrein", "Zomer", "Vlam", "Bruidsschat", "Kustlijn", "Erfgenaam", "Waterkant", "Verhuizing", "Stilte", "Keuken",
    "Vuurtoren", "Afspraak", "Hofdame", "Optocht", "Landmeter", "Wolkenkamer", "Veerman", "Dokter", "Papierfabriek", "Getijdenboek",
    "Zwemles", "Maanvis", "Rekenmeester", "Kraamkamer", "Achterbank", "Onderhuur", "Bijvangst",
)  # fmt: skip
ADJECTIVES = (
    "Laatste", "Verloren", "Onbekende", "Gouden", "Stille", "Halve", "Tweede", "Blauwe", "Scheve", "Geleende", "Vergeten", "Zachte",
    "Gesloten", "Onmogelijke",
)  # fmt: skip
PLACES = (
    "Varnhem",
    "Oosterhaven",
    "Sint-Maarle",
    "Wietmarsum",
    "Hoog-Elderen",
    "Zandvliet aan Zee",
    "Lutterade-Oost",
    "Nergenshuizen",
)
ENSEMBLES = ("Kwartet", "Strijkers", "Trio", "Sinfonietta", "Bigband", "Consort", "Koor")
PROGRAMMES = (
    "speelt de nacht",
    "en vrienden",
    "in de winter",
    "ongestemd",
    "op reis",
    "bij kaarslicht",
    "zonder dirigent",
    "van zee",
)
SYSTEMS = ("Kassa Noord", "Zaalplan", "Loketwerk", "Balie 4", "Kaartenbak Online", "Plaatsbewijs Pro")
BOOKING_SYSTEMS = ("Tourboek", "Speellijst 3")
