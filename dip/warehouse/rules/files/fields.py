"""What a column of an exported file can hold, and under which headings that is known. Columns with names of people are known to be left out."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from functools import lru_cache

from rapidfuzz import fuzz

from dip.web.tables.columns import folded


class FileField(StrEnum):
    """What a column holds. Most are members of the standard format; event_*, sold_time and quantity help to make them."""

    TICKET = "ticket"
    ORDER = "order"
    PERFORMANCE = "performance"
    EVENT = "event"
    EVENT_DATE = "event_date"
    EVENT_TIME = "event_time"
    EVENT_TITLE = "event_title"
    STATE = "state"
    SOLD_AT = "sold_at"
    SOLD_TIME = "sold_time"
    CHANGED_AT = "changed_at"
    CANCELLED_AT = "cancelled_at"
    QUANTITY = "quantity"
    PRICE = "price_cents"
    FEE = "fee_cents"
    LIST_PRICE = "list_price_cents"
    KIND = "kind"
    CHANNEL = "channel"
    PROMO = "promo"
    ATTENDED = "attended"
    EMAIL = "email"
    CUSTOMER = "customer"
    POSTCODE = "postcode"
    COUNTRY = "country"
    BIRTH_DATE = "birth_date"
    BIRTH_YEAR = "birth_year"
    GENDER = "gender"
    CONSENT = "consent"


MONEY = (FileField.PRICE, FileField.FEE, FileField.LIST_PRICE)
#: Values that are of a person: made pseudonymous or coarse, and shown masked.
OF_PERSON = frozenset(
    {FileField.EMAIL, FileField.CUSTOMER, FileField.POSTCODE, FileField.BIRTH_DATE, FileField.BIRTH_YEAR, FileField.GENDER}
)
#: Of each group at least one column is needed.
NEEDED: tuple[tuple[FileField, ...], ...] = (
    (FileField.TICKET, FileField.ORDER),
    (FileField.PERFORMANCE, FileField.EVENT, FileField.EVENT_DATE),
    (FileField.SOLD_AT,),
    (FileField.PRICE,),
)
#: Headings, in the form of :func:`dip.web.tables.columns.folded`.
NAMES: Mapping[FileField, Collection[str]] = {
    FileField.TICKET: (
        "ticket", "ticketnummer", "ticketnr", "ticket nr", "ticket nummer", "ticket id", "ticketid", "kaartnummer", "kaart id",
        "kaartnr", "ticket number", "ticket no", "kaart", "billet",
    ),
    FileField.ORDER: (
        "order", "ordernummer", "ordernr", "order nr", "order nummer", "order id", "orderid", "bestelling", "bestelnummer",
        "bestelnr", "bestelling id", "order number", "order no", "transactie", "transactienummer", "transactie id", "transaction",
        "transaction id", "boeking", "boekingsnummer", "booking", "booking id", "reserveringsnummer", "commande",
    ),
    FileField.PERFORMANCE: (
        "performance", "dip id", "dipid", "landelijk nummer", "voorstelling dip", "national number", "performance number", "nl id",
    ),
    FileField.EVENT: (
        "event", "event id", "eventid", "eventnummer", "event nr", "evenement id", "evenementnummer", "voorstellingsnummer",
        "voorstellingnr", "voorstelling id", "voorstellingid", "productienummer", "activiteit id", "show id", "event number",
        "voorstellingscode", "code voorstelling",
    ),
    FileField.EVENT_DATE: (
        "voorstellingsdatum", "datum voorstelling", "speeldatum", "event date", "eventdatum", "datum evenement", "show date",
        "performance date", "datum uitvoering", "uitvoeringsdatum", "begindatum", "aanvangsdatum", "starts at", "event start",
    ),
    FileField.EVENT_TIME: (
        "aanvang", "aanvangstijd", "begintijd", "starttijd", "event time", "show time", "tijd voorstelling", "performance time",
    ),
    FileField.EVENT_TITLE: (
        "voorstelling", "titel", "title", "evenement", "event name", "eventnaam", "naam voorstelling", "productie", "show",
        "production", "activiteit", "voorstellingsnaam", "spectacle",
    ),
    FileField.STATE: ("status", "state", "ticketstatus", "ticket status", "orderstatus", "kaartstatus", "order status", "toestand"),
    FileField.SOLD_AT: (
        "verkocht op", "verkoopdatum", "datum verkoop", "aankoopdatum", "besteldatum", "orderdatum", "order date", "datum order",
        "sold at", "sale date", "purchase date", "transactiedatum", "datum bestelling", "created at", "aangemaakt op", "boekdatum",
        "bestel datum", "verkoopmoment", "besteld op", "aangekocht op", "date of purchase", "date de vente",
    ),
    FileField.SOLD_TIME: ("verkooptijd", "besteltijd", "ordertijd", "tijd verkoop", "tijd bestelling", "order time", "sale time"),
    FileField.CHANGED_AT: (
        "gewijzigd op", "laatst gewijzigd", "mutatiedatum", "wijzigingsdatum", "changed at", "modified", "last modified", "updated at",
        "modified at", "gewijzigd",
    ),
    FileField.CANCELLED_AT: (
        "geannuleerd op", "annuleringsdatum", "annuleerdatum", "cancelled at", "canceled at", "cancel date", "retourdatum",
        "datum annulering", "refund date",
    ),
    FileField.QUANTITY: ("aantal", "aantal kaarten", "aantal tickets", "kaarten", "quantity", "number of tickets", "tickets", "qty", "nombre"),
    FileField.PRICE: (
        "prijs", "price", "bedrag", "ticketprijs", "kaartprijs", "amount", "betaald", "betaald bedrag", "prijs incl btw", "verkoopprijs",
        "netto prijs", "totaalbedrag", "totaal", "total", "paid", "prijs cents", "price cents", "prijs eur", "bedrag incl btw", "prix",
    ),
    FileField.FEE: (
        "servicekosten", "toeslag", "toeslagen", "fee", "fees", "transactiekosten", "service fee", "administratiekosten", "fee cents",
        "theatertoeslag", "servicefee", "reserveringskosten",
    ),
    FileField.LIST_PRICE: ("basisprijs", "normale prijs", "list price", "volle prijs", "brutoprijs", "full price", "list price cents"),
    FileField.KIND: (
        "kaartsoort", "tarief", "prijssoort", "tickettype", "ticket type", "soort kaart", "prijstype", "kind", "price type", "kortingssoort",
        "kaarttype", "source kind", "soort", "korting", "price category", "tariefnaam", "tarif", "rangkorting",
    ),
    FileField.CHANNEL: (
        "kanaal", "verkoopkanaal", "channel", "sales channel", "saleschannel", "verkooppunt", "verkoopwijze", "orderkanaal", "bron", "canal",
    ),
    FileField.PROMO: ("promo", "actie", "actiekaart", "promotie", "promotion"),
    FileField.ATTENDED: ("gescand", "gescand op", "aanwezig", "bezocht", "attended", "scanned", "opgekomen", "scan"),
    FileField.EMAIL: ("email", "e mail", "emailadres", "e mailadres", "mail", "mailadres", "email address", "e mail adres", "courriel"),
    FileField.CUSTOMER: (
        "klantnummer", "klantnr", "klant id", "klantid", "relatienummer", "relatienr", "customer", "customer id", "customer number",
        "debiteurnummer", "contact id", "contactnummer", "relatie id", "klantcode",
    ),
    FileField.POSTCODE: ("postcode", "pc", "postal code", "zip", "zip code", "zipcode", "postcode klant", "code postal"),
    FileField.COUNTRY: ("land", "country", "landcode", "country code", "pays"),
    FileField.BIRTH_DATE: ("geboortedatum", "geboren", "geboren op", "birth date", "birthdate", "date of birth", "dob", "birthday"),
    FileField.BIRTH_YEAR: ("geboortejaar", "birth year", "jaar van geboorte", "year of birth"),
    FileField.GENDER: ("geslacht", "gender", "sekse", "m v", "sexe"),
    FileField.CONSENT: ("toestemming", "consent", "toestemming statistiek", "optin", "opt in"),
}  # fmt: skip
#: Headings of what is never read: it is of a person, and the standard has no place for it.
PERSONAL = (
    "naam", "voornaam", "achternaam", "tussenvoegsel", "voorletters", "initialen", "naam klant", "klantnaam", "klant", "name",
    "first name", "last name", "surname", "firstname", "lastname", "full name", "customer name", "aanhef", "titulatuur", "besteller",
    "koper", "buyer", "contactpersoon", "straat", "straatnaam", "adres", "address", "street", "huisnummer", "huisnr", "house number",
    "toevoeging", "adresregel 1", "adresregel 2", "woonplaats", "plaats", "stad", "city", "telefoon", "telefoonnummer", "tel",
    "mobiel", "mobiele telefoon", "gsm", "phone", "phone number", "mobile", "stoel", "stoelnummer", "rij", "rij stoel", "seat", "row",
    "plaatsaanduiding", "barcode", "streepjescode", "qr", "iban", "rekeningnummer", "rekening", "bank account", "bedrijf",
    "bedrijfsnaam", "company", "organisatie", "opmerking", "opmerkingen", "notitie", "remark", "remarks", "note", "notes", "comment",
    "ip", "ip adres", "ip address", "nom", "prenom", "rue", "telephone",
)  # fmt: skip
_LIKE = 90


@lru_cache(maxsize=4096)
def is_personal(head: str) -> bool:
    """Whether a heading is of something that is never read."""
    plain = folded(head)
    if not plain or any(plain in names for names in NAMES.values()):
        return False
    return plain in PERSONAL or any(len(word) > 4 and fuzz.ratio(plain, word) >= _LIKE for word in PERSONAL)


@lru_cache(maxsize=1)
def known_words() -> frozenset[str]:
    """Every heading that is known."""
    return frozenset(
        {word for names in NAMES.values() for word in names} | set(PERSONAL) | {field.value.replace("_", " ") for field in NAMES}
    )


@lru_cache(maxsize=1)
def names() -> dict[str, tuple[str, ...]]:
    """Field → its headings, for :func:`dip.web.tables.columns.suggest`; the standard's own word is one."""
    return {field.value: (*words, field.value.replace("_", " ")) for field, words in NAMES.items()}
