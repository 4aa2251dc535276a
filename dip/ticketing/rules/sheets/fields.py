"""The columns of the sheet: their names in three languages, and under which other names theatres' own systems know them."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from functools import lru_cache

from dip.ticketing.terms import TicketKind
from dip.web.tables.columns import folded


class Field(StrEnum):
    """What a column holds. Amounts are euros in the sheet, cents here."""

    DIP_ID = "dip_id"
    DATE = "date"
    TIME = "time"
    HALL = "hall"
    TITLE = "title"
    CAPACITY = "capacity"
    NORMAL = "normal"
    NORMAL_RECETTE = "normal_recette"
    DISCOUNT = "discount"
    DISCOUNT_RECETTE = "discount_recette"
    FREE = "free"
    FREE_RECETTE = "free_recette"
    OTHER = "other"
    OTHER_RECETTE = "other_recette"
    RESERVED = "reserved"
    BLOCKED = "blocked"


#: Tickets and recette of each kind, in the order of a position's columns.
TICKETS: Mapping[TicketKind, Field] = {kind: Field(kind.value) for kind in TicketKind}
RECETTES: Mapping[TicketKind, Field] = {kind: Field(f"{kind.value}_recette") for kind in TicketKind}
MONEY = frozenset(RECETTES.values())
#: Columns with figures, and the order in which the sheet has them.
FIGURES = (
    *(field for kind in TicketKind for field in (TICKETS[kind], RECETTES[kind])),
    Field.RESERVED,
    Field.BLOCKED,
    Field.CAPACITY,
)
LANGUAGES = ("nl", "en", "fr")
#: Words over the columns, by language as in :data:`LANGUAGES`.
NAMES: Mapping[Field, tuple[str, str, str]] = {
    Field.DIP_ID: ("DIP-id", "DIP-id", "DIP-id"),
    Field.DATE: ("Datum", "Date", "Date"),
    Field.TIME: ("Aanvang", "Time", "Heure"),
    Field.HALL: ("Zaal", "Hall", "Salle"),
    Field.TITLE: ("Titel", "Title", "Titre"),
    Field.CAPACITY: ("Capaciteit", "Capacity", "Capacité"),
    Field.NORMAL: ("Normaal: kaarten", "Normal: tickets", "Normal : billets"),
    Field.NORMAL_RECETTE: ("Normaal: recette €", "Normal: recette €", "Normal : recette €"),
    Field.DISCOUNT: ("Korting: kaarten", "Discount: tickets", "Réduit : billets"),
    Field.DISCOUNT_RECETTE: ("Korting: recette €", "Discount: recette €", "Réduit : recette €"),
    Field.FREE: ("Vrij: kaarten", "Free: tickets", "Gratuit : billets"),
    Field.FREE_RECETTE: ("Vrij: recette €", "Free: recette €", "Gratuit : recette €"),
    Field.OTHER: ("Overig: kaarten", "Other: tickets", "Autre : billets"),
    Field.OTHER_RECETTE: ("Overig: recette €", "Other: recette €", "Autre : recette €"),
    Field.RESERVED: ("Gereserveerd", "Reserved", "Réservé"),
    Field.BLOCKED: ("Geblokkeerd", "Blocked", "Bloqué"),
}
#: The theatre's own words for the same.
_OTHER_NAMES: Mapping[Field, str] = {
    Field.DIP_ID: "dip id, dipid, dip nummer, dip number, nummer, number, voorstellingsnummer, performance number, uitvoeringsnummer",
    Field.DATE: "speeldatum, datum voorstelling, dag, day, performance date, date de representation, jour",
    Field.TIME: "tijd, aanvangstijd, begintijd, start, start time, horaire, tijdstip",
    Field.HALL: "zaalnaam, locatie, venue, lieu, ruimte, podium",
    Field.TITLE: "voorstelling, naam, name, productie, production, evenement, event, show, spectacle, omschrijving",
    Field.CAPACITY: "cap, zaalcapaciteit, plaatsen, stoelen, seats, places, jauge, verkoopbare capaciteit",
    Field.NORMAL: "normaal, normal, kaarten, tickets, billets, verkocht, sold, verkochte kaarten, tickets sold, aantal, aantal verkocht, "
    "betaald, vendus, aantal kaarten, volledig tarief, plein tarif",
    Field.NORMAL_RECETTE: "recette, recette normaal, omzet, revenue, opbrengst, bruto recette, recettes, recette €, omzet normaal, turnover",
    Field.DISCOUNT: "korting, discount, reductie, kortingskaarten, reduit, gereduceerd, aantal korting",
    Field.DISCOUNT_RECETTE: "recette korting, omzet korting, discount revenue, recette reduit",
    Field.FREE: "vrij, gratis, free, vrijkaarten, vrije kaarten, gratuit, gratuits, invitations, genodigden",
    Field.FREE_RECETTE: "recette vrij, omzet vrij, recette gratis",
    Field.OTHER: "overig, overige, other, autre, autres, anders",
    Field.OTHER_RECETTE: "recette overig, omzet overig, other revenue, recette autre",
    Field.RESERVED: "reserveringen, reservations, reserve, opties, gereserveerde plaatsen, in optie",
    Field.BLOCKED: "blokkeringen, blokkades, blocked seats, bloques, geblokkeerde plaatsen, geblokkeerde stoelen, holds",
}
#: Over the columns with what is known already; such a column is never read.
KNOWN = ("Laatst bekend", "Last known", "Dernier connu")


def name_of(field: Field, language: str) -> str:
    """The words over a column."""
    return NAMES[field][LANGUAGES.index(language) if language in LANGUAGES else 0]


def known_name(language: str) -> str:
    """The words before a column that repeats what is known."""
    return KNOWN[LANGUAGES.index(language) if language in LANGUAGES else 0]


@lru_cache
def words() -> Mapping[str, Collection[str]]:
    """Folded names by field, as :func:`dip.web.tables.columns.suggest` takes them."""
    return {field.value: frozenset(folded(name) for name in (*NAMES[field], *_OTHER_NAMES[field].split(","))) for field in Field}


@lru_cache
def all_words() -> frozenset[str]:
    """Every folded name of every field."""
    return frozenset(name for names in words().values() for name in names)


def is_known_name(text: str) -> bool:
    """Whether a folded text is the name of a column."""
    return text in all_words()


def can_be_read(columns: Collection[Field]) -> bool:
    """Whether these columns say of which performance a row is (DIP-id, or date), and at least one figure."""
    return bool({Field.DIP_ID, Field.DATE} & set(columns)) and bool(set(FIGURES) & set(columns))
