"""The columns of a tour: under which names people's sheets have them, and what their contents look like."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache

from dip.programme.rules.naming import folded as folded_name
from dip.programme.terms import FundFeature, PerformanceKind
from dip.web.tables.columns import folded
from dip.web.tables.days import read_day, read_time


class TourField(StrEnum):
    """What a column holds."""

    DATE = "date"
    TIME = "time"
    THEATRE = "theatre"
    CITY = "city"
    HALL = "hall"
    KIND = "kind"
    SEATS = "seats"
    RANK_1 = "rank_1"
    RANK_2 = "rank_2"
    RANK_3 = "rank_3"
    RANK_4 = "rank_4"
    PRIVATE = "private"
    SCHOOL = "school"
    FESTIVAL = "festival"
    REFERENCE = "reference"
    TITLE = "title"


RANKS = (TourField.RANK_1, TourField.RANK_2, TourField.RANK_3, TourField.RANK_4)
#: Where a performance is.
PLACES = (TourField.THEATRE, TourField.CITY, TourField.HALL)
#: What can be corrected in the page.
EDITABLE = (TourField.DATE, TourField.TIME, *PLACES, TourField.KIND, TourField.SEATS)
_NAMES: Mapping[TourField, str] = {
    TourField.DATE: "datum, date, speeldatum, dag, day, jour, wanneer, when, dag en datum, date de representation, datum en tijd, date and time",
    TourField.TIME: "tijd, time, aanvang, aanvangstijd, begintijd, start, starttijd, heure, horaire, uur, start time, aanvang voorstelling",
    TourField.THEATRE: "theater, theatre, schouwburg, speelplek, locatie, location, venue, lieu, plek, huis, accommodatie, podium, salle de spectacle, "
    "theaternaam, naam theater, place",
    TourField.CITY: "plaats, stad, city, town, ville, plaatsnaam, woonplaats, gemeente",
    TourField.HALL: "zaal, hall, salle, zaalnaam, room, ruimte",
    TourField.KIND: "soort, type, kind, aard, categorie, category, genre voorstelling, soort voorstelling, type voorstelling, nature",
    TourField.SEATS: "capaciteit, capacity, jauge, plaatsen, stoelen, zitplaatsen, seats, zaalcapaciteit, cap, aantal plaatsen, capacite",
    TourField.RANK_1: "rang 1, 1e rang, rank 1, eerste rang, rang i, 1st rank, categorie 1",
    TourField.RANK_2: "rang 2, 2e rang, rank 2, tweede rang, rang ii, 2nd rank, categorie 2",
    TourField.RANK_3: "rang 3, 3e rang, rank 3, derde rang, rang iii, 3rd rank, categorie 3",
    TourField.RANK_4: "rang 4, 4e rang, rank 4, vierde rang, rang iv, 4th rank, categorie 4",
    TourField.PRIVATE: "besloten, private, prive, gesloten, closed",
    TourField.SCHOOL: "school, schoolvoorstelling, schoolvoorstellingen, scolaire, education, educatie",
    TourField.FESTIVAL: "festival, in festival",
    TourField.REFERENCE: "referentie, reference, ref, kenmerk, boekingsnummer, eigen nummer, id, nummer, booking number, numero",
    TourField.TITLE: "titel, title, titre, voorstelling, productie, production, show, spectacle",
}
KINDS: Mapping[str, PerformanceKind] = {
    word: kind
    for kind, words in {
        PerformanceKind.NORMAL: "normaal, normal, regulier, regular, gewoon, speelbeurt, reguliere voorstelling, normale, representation, voorstelling",
        PerformanceKind.PREMIERE: "premiere, première, pr, prem, opening, wereldpremiere, nederlandse premiere",
        PerformanceKind.TRYOUT: "try out, tryout, to, t o, try outs, avant premiere, preview, voorpremiere, rodage",
        PerformanceKind.DERNIERE: "derniere, dernière, laatste, slotvoorstelling, last, laatste voorstelling",
    }.items()
    for word in (folded(one) for one in words.split(","))
}
SCHOOLS: Mapping[str, FundFeature] = {
    word: feature
    for feature, words in {
        FundFeature.SCHOOL_PRIMARY: "po, primair, basisschool, basisonderwijs, primary, schoolvoorstelling po, primaire, ja, yes, oui, x, 1, school, "
        "schoolvoorstelling, scolaire, bo",
        FundFeature.SCHOOL_SECONDARY: "vo, voortgezet, voortgezet onderwijs, middelbaar, secondary, schoolvoorstelling vo, secondaire",
        FundFeature.EDUCATION: "educatie, educatief, workshop, education, educational, atelier",
        FundFeature.LECTURE: "lezing, lecture, conference",
    }.items()
    for word in (folded(one) for one in words.split(","))
}
YES = frozenset({"ja", "j", "yes", "y", "oui", "o", "x", "1", "true", "waar", "vrai", "v"})
NO = frozenset({"nee", "n", "no", "non", "0", "false", "onwaar", "faux", "niet"})


@lru_cache
def words() -> Mapping[str, Collection[str]]:
    """Folded names by field, as :func:`dip.web.tables.columns.suggest` takes them."""
    return {field.value: frozenset(folded(name) for name in _NAMES[field].split(",")) for field in TourField}


@lru_cache
def _all_words() -> frozenset[str]:
    return frozenset(name for names in words().values() for name in names)


def is_known_name(text: str) -> bool:
    """Whether a folded text is the name of a column."""
    return text in _all_words()


def can_be_read(columns: Collection[TourField]) -> bool:
    """Whether these columns say when and where."""
    return TourField.DATE in columns and bool({TourField.THEATRE, TourField.CITY} & set(columns))


def suggest_by_content(
    contents: Mapping[int, Sequence[str]], chosen: Mapping[int, str], theatres: Collection[str], towns: Collection[str]
) -> dict[int, str]:
    """Fields for columns without a telling head: days, times, theatres and towns that are known, and kinds, by most of what is in them.

    ``contents``: filled cells by place; ``theatres`` and ``towns``: folded names. What is chosen already stays.
    """
    found = dict(chosen)
    tests = (
        (TourField.DATE, _is_day),
        (TourField.TIME, lambda text: not text.isdecimal() and read_time(text).clock is not None),
        (TourField.KIND, lambda text: folded(text) in KINDS),
        (TourField.CITY, lambda text: folded_name(text) in towns),
        (TourField.THEATRE, lambda text: folded_name(text) in theatres),
    )
    for field, is_one in tests:
        if field.value in found.values():
            continue
        shares = {
            place: sum(1 for text in cells if is_one(text)) / len(cells)
            for place, cells in contents.items()
            if place not in found and cells
        }
        best = max(shares, key=lambda place: (shares[place], -place), default=None)
        if best is not None and shares[best] >= 0.6:
            found[best] = field.value
    return found


def _is_day(text: str) -> bool:
    return not text.replace(".", "").isdecimal() and read_day(text, season_year=2000).day is not None
