"""Rows of an exported file made into rows of the standard format: days, decimal commas, euros, and orders of several tickets.

What cannot be read goes on as it stands, so that the row gets its verdict from the closed list, like a row of any delivery.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import msgspec

from dip.kernel.clock import from_local
from dip.warehouse.rules import normalising
from dip.warehouse.rules.files.columns import Layout
from dip.warehouse.rules.files.fields import MONEY, FileField
from dip.warehouse.rules.landed import CHANNELS, GENDERS, KINDS
from dip.web.tables.columns import folded
from dip.web.tables.days import DayOrder, order_of, read_day, read_time
from dip.web.tables.numbers import Notation, notation_of, read_number
from dip.web.tables.terms import Cell, as_text

#: Tickets that one row can stand for.
MOST_OF_ROW = 500
#: A day without a time counts as noon: the day is right everywhere, and nobody is made a night owl.
_NOON = time(12)
_SECONDS = re.compile(r"\d{1,2}:\d{2}:([0-5]\d)")
_STATES = {
    "sold": "verkocht betaald sold paid voldaan definitief actief geldig active valid gescand used afgerond completed confirmed bevestigd vendu",
    "reserved": "gereserveerd reservering reserved optie option openstaand onbetaald open pending",
    "cancelled": "geannuleerd annulering cancelled canceled vervallen retour refunded terugbetaald gecrediteerd ingetrokken annule void",
    "exchanged": "omgeruild geruild omgewisseld exchanged omgeboekt rebooked",
}  # fmt: skip
_STATE_OF = {word: state for state, words in _STATES.items() for word in words.split()}
_GENDER_OF = {word: one for one, words in {"f": "f v vrouw female w femme mevrouw", "m": "m man male homme dhr heer", "x": "x anders other"}.items() for word in words.split()}  # fmt: skip
_YES, _NO = (
    frozenset({"ja", "j", "yes", "y", "true", "waar", "1", "oui", "x"}),
    frozenset({"nee", "n", "no", "false", "onwaar", "0", "non"}),
)
_COUNTRY_OF = {
    "nederland": "NL", "the netherlands": "NL", "netherlands": "NL", "holland": "NL", "belgie": "BE", "belgium": "BE", "duitsland": "DE",
    "germany": "DE", "frankrijk": "FR", "france": "FR", "luxemburg": "LU", "groot brittannie": "GB", "united kingdom": "GB",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is to be read. ``decimal``, ``days``: "" lets the column tell. ``is_cents``: amounts are cents, else euros.

    ``is_total``: the price is of all the tickets of a row. ``consent``: the ground for counting buyers where no column gives one.
    """

    days: str = ""
    decimal: str = ""
    is_cents: bool = False
    is_total: bool = False
    consent: str = "none"

    def as_dict(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Made:
    """Rows of the standard format, and for each the row of the sheet it came from, counted from 0."""

    rows: list[dict[str, Any]]
    places: list[int]

    def body(self) -> bytes:
        """As a delivery sends them."""
        return msgspec.json.Encoder().encode_lines(self.rows)


def make_rows(layout: Layout, options: Options, exported_at: datetime, most: int) -> Made:
    """The rows below the headings; empty ones are left out. ``exported_at``: the version of tickets that tell no change of their own.

    Stops with one row more than ``most``.
    """
    reading = _Reading(layout, options, exported_at)
    made = Made([], [])
    for place in range(layout.head + 1, len(layout.table.rows)):
        cells = layout.table.rows[place]
        if all(cell is None for cell in cells):
            continue
        for row in reading.tickets(cells):
            made.rows.append(row)
            made.places.append(place)
        if len(made.rows) > most:
            break
    return made


class _Reading:
    """One file being read; what a whole column tells is found once."""

    def __init__(self, layout: Layout, options: Options, exported_at: datetime) -> None:
        self.places: Mapping[FileField, int] = {field: place for place, field in layout.chosen.items()}
        self.options, self.exported = options, exported_at.isoformat()
        self.columns = {field: [row[place] for row in layout.table.rows[layout.head + 1 :]] for field, place in self.places.items()}
        self.notations = {field: self._notation(field) for field in MONEY if field in self.places}
        self.orders = {field: self._order(field) for field in _DAYS if field in self.places}
        self.seen: Counter[str] = Counter()
        self.moments: dict[tuple[FileField, Cell, Cell], Any] = {}

    def _notation(self, field: FileField) -> Notation:
        return Notation(self.options.decimal) if self.options.decimal else notation_of(self.columns[field])

    def _order(self, field: FileField) -> DayOrder:
        return DayOrder(self.options.days) if self.options.days else order_of(self.columns[field])

    def tickets(self, cells: Sequence[Cell]) -> list[dict[str, Any]]:
        """The tickets of one row of the sheet."""
        given = {field: cells[place] for field, place in self.places.items() if cells[place] is not None}
        row = self._plain(given) | self._when(given) | self._money(given) | self._buyer(given)
        count = self._count(given)
        self._name(row, given)
        if count is None:
            return [row | {"ticket": 0}]
        if count == 1:
            return [row]
        return [row | {"ticket": f"{row.get('ticket', '')}#{n + 1}"} | self._part(row, n, count) for n in range(count)]

    def _count(self, given: Mapping[FileField, Cell]) -> int | None:
        """Tickets that the row stands for; None when that cannot be read."""
        if FileField.QUANTITY not in given:
            return 1
        told = read_number(given[FileField.QUANTITY], Notation.COMMA).value
        return int(told) if told is not None and told == int(told) and 1 <= told <= MOST_OF_ROW else None

    def _part(self, row: Mapping[str, Any], place: int, count: int) -> dict[str, int]:
        """One ticket's share of amounts that are of the whole row; the cents that are left go to the first ones."""
        if not self.options.is_total:
            return {}
        whole = {field.value: row[field.value] for field in MONEY if isinstance(row.get(field.value), int)}
        return {name: cents // count + (place < cents % count) for name, cents in whole.items()}

    def _name(self, row: dict[str, Any], given: Mapping[FileField, Cell]) -> None:
        """Order and ticket: each stands in for the other; tickets of an order are counted when they have no number."""
        order, ticket = as_text(given.get(FileField.ORDER)), as_text(given.get(FileField.TICKET))
        if order or ticket:
            row["order"] = order or ticket
        if not ticket and order and FileField.TICKET not in self.places:
            self.seen[order] += 1
            ticket = f"{order}-{self.seen[order]}"
        if ticket:
            row["ticket"] = ticket

    def _plain(self, given: Mapping[FileField, Cell]) -> dict[str, Any]:
        row: dict[str, Any] = {"state": "sold", "consent": self.options.consent}
        for field, read in _PLAIN.items():
            if field in given:
                row[field.value] = read(as_text(given[field]))
        if FileField.CANCELLED_AT in given and FileField.STATE not in given:
            row["state"] = "cancelled"
        kind = row.get("kind")
        if kind is not None and kind not in KINDS:
            row["source_kind"] = row.pop("kind")
        if not row.get("performance") and not row.get("event") and (made := self._event(given)):
            row["event"] = made
        return row

    def _event(self, given: Mapping[FileField, Cell]) -> str:
        """An event without an id of its own is known by its day, time and title: ``2026-11-14T20:15/de-lange-proef``."""
        if FileField.EVENT_DATE not in given:
            return ""
        read = read_day(given[FileField.EVENT_DATE], self.orders[FileField.EVENT_DATE])
        if read.day is None:
            return ""
        told = read.clock or read_time(given.get(FileField.EVENT_TIME)).clock
        title = folded(as_text(given.get(FileField.EVENT_TITLE))).replace(" ", "-")
        return f"{read.day.isoformat()}{f'T{told:%H:%M}' if told else ''}{f'/{title}' if title else ''}"[:120]

    def _when(self, given: Mapping[FileField, Cell]) -> dict[str, Any]:
        row: dict[str, Any] = {"changed_at": self.exported}
        for field in (FileField.SOLD_AT, FileField.CHANGED_AT, FileField.CANCELLED_AT):
            if field in given:
                beside = given.get(FileField.SOLD_TIME) if field is FileField.SOLD_AT else None
                row[field.value] = self._moment(field, given[field], beside)
        return row

    def _moment(self, field: FileField, cell: Cell, beside: Cell) -> Any:
        key = (field, cell, beside)
        if key not in self.moments:
            self.moments[key] = _moment(cell, beside, self.orders[field])
        return self.moments[key]

    def _money(self, given: Mapping[FileField, Cell]) -> dict[str, Any]:
        return {field.value: self._cents(given[field], notation) for field, notation in self.notations.items() if field in given}

    def _cents(self, cell: Cell, notation: Notation) -> int | str:
        value = read_number(cell, notation).value
        cents = None if value is None else value if self.options.is_cents else value * Decimal(100)
        return int(cents) if cents is not None and cents == int(cents) else "?"

    def _buyer(self, given: Mapping[FileField, Cell]) -> dict[str, Any]:
        row: dict[str, Any] = {}
        if FileField.BIRTH_DATE in given:
            read = read_day(given[FileField.BIRTH_DATE], self.orders[FileField.BIRTH_DATE]).day
            row["birth_date"] = read.isoformat() if read else _old_day(as_text(given[FileField.BIRTH_DATE]))
        if FileField.BIRTH_YEAR in given:
            year = read_number(given[FileField.BIRTH_YEAR], Notation.COMMA).value
            row["birth_year"] = int(year) if year is not None and year == int(year) and 0 <= year < 10_000 else 0
        return row


def _moment(cell: Cell, beside: Cell, order: DayOrder) -> str:
    """RFC 3339 on the clock of the Netherlands; what cannot be read goes on as it stands, cut to what the format allows."""
    text = as_text(cell)
    if isinstance(cell, str) and normalising.moment(text) != normalising.NO_MOMENT:
        return text
    if isinstance(cell, datetime):
        return from_local(cell.replace(tzinfo=None)).isoformat()
    read = read_day(cell, order)
    if read.day is None:
        return text[:40]
    told = read.clock or read_time(beside).clock or _NOON
    seconds = _SECONDS.search(text)
    told = told.replace(second=int(seconds[1])) if seconds and read.clock else told
    return from_local(datetime.combine(read.day, told)).isoformat()


def _old_day(text: str) -> str:
    """A day of birth before 1980, which is no likely day of a performance: day first with dashes, points or slashes, or ISO."""
    found = re.fullmatch(r"(\d{1,2})[-./ ](\d{1,2})[-./ ](\d{4})(?: 0?0:00(?::00)?)?", text.strip())
    try:
        return date(int(found[3]), int(found[2]), int(found[1])).isoformat() if found else date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return text[:40]


def _state(text: str) -> str:
    """Only a whole word is read: "niet betaald" holds one that says the contrary."""
    return _STATE_OF.get(folded(text), text)


def _flag(text: str) -> bool | str:
    """Yes or no; a moment stands for yes (of a ticket that was scanned)."""
    plain = folded(text)
    if plain in _NO:
        return False
    return True if plain in _YES or plain[:1].isdigit() else text


def _word(known: Mapping[str, Any]) -> Callable[[str], str]:
    return lambda text: text.lower() if text.lower() in known else text


def _consent(text: str) -> str:
    plain = folded(text)
    return "consent" if plain in _YES else "none" if plain in _NO else plain


_PLAIN: Mapping[FileField, Callable[[str], Any]] = {
    FileField.PERFORMANCE: str.strip,
    FileField.EVENT: lambda text: "_".join(text.split()),
    FileField.STATE: _state,
    FileField.KIND: _word(KINDS),
    FileField.CHANNEL: _word(CHANNELS),
    FileField.PROMO: _flag,
    FileField.ATTENDED: _flag,
    FileField.EMAIL: str.strip,
    FileField.CUSTOMER: str.strip,
    FileField.POSTCODE: str.strip,
    FileField.COUNTRY: lambda text: _COUNTRY_OF.get(folded(text), text.strip().upper()),
    FileField.GENDER: lambda text: _GENDER_OF.get(folded(text), text if text in GENDERS else text[:20]),
    FileField.CONSENT: _consent,
}
_DAYS = (FileField.SOLD_AT, FileField.CHANGED_AT, FileField.CANCELLED_AT, FileField.EVENT_DATE, FileField.BIRTH_DATE)
