"""From cells to what a row of a tour says: when, where, how large, of which kind; each cell checked on its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from dip.programme.rules.naming import folded as folded_name
from dip.programme.rules.ranks import trimmed
from dip.programme.rules.tour.fields import KINDS, NO, PLACES, RANKS, SCHOOLS, YES, TourField
from dip.programme.rules.tour.findings import TourCode, TourFinding
from dip.programme.terms import RANKS as MOST_RANKS
from dip.programme.terms import FundFeature, PerformanceKind
from dip.web.tables.columns import folded
from dip.web.tables.days import DayOrder, DayProblem, order_of, read_day, read_time
from dip.web.tables.numbers import Notation, read_number

_MOST_SEATS, _SHOWN = 99_999, 60
Texts = Mapping[TourField, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where a row says it is: three texts, any of them empty. ``key`` is the same for the same place however it is written."""

    theatre: str
    city: str
    hall: str

    @property
    def key(self) -> str:
        """What a choice for it is remembered by."""
        return "|".join(folded_name(text) for text in (self.theatre, self.city, self.hall))

    @property
    def text(self) -> str:
        """As people read it."""
        return ", ".join(text for text in (self.theatre, self.city, self.hall) if text)


@dataclass(slots=True)
class TourRow:
    """One row: the texts as they count (corrections included) and what they say. ``day`` and ``clock`` on the venue's clock."""

    row: int
    texts: Texts
    day: date | None = None
    clock: time | None = None
    wanted: Wanted | None = None
    kind: PerformanceKind = PerformanceKind.NORMAL
    ranks: tuple[int, ...] | None = None
    is_private: bool = False
    in_festival: bool = False
    feature: FundFeature = FundFeature.REGULAR
    reference: str = ""
    findings: list[TourFinding] = field(default_factory=list)

    def find(self, where: TourField | None, code: TourCode, value: str = "") -> None:
        """Add a finding about one of its cells."""
        self.findings.append(TourFinding(self.row, where, code, value[:_SHOWN]))

    @property
    def is_wrong(self) -> bool:
        """Whether something must be corrected first."""
        return any(finding.rejects for finding in self.findings)

    @property
    def starts_at(self) -> datetime | None:
        """Naive, on the venue's clock."""
        return datetime.combine(self.day, self.clock) if self.day and self.clock else None


def texts_of(
    rows: Sequence[Sequence[str]], columns: Mapping[int, TourField], head: int | None, edits: Mapping[int, Texts]
) -> dict[int, Texts]:
    """The mapped texts of each row (from 1) below the head that says anything about when or where; corrections count."""
    found: dict[int, Texts] = {}
    for number, row in list(enumerate(rows, 1))[0 if head is None else head + 1 :]:
        texts = {one: row[place].strip() for place, one in columns.items() if place < len(row)} | dict(edits.get(number, {}))
        filled = sum(1 for text in row if text)
        says = any(texts.get(one) for one in (TourField.DATE, TourField.TIME, *PLACES))
        if says and (filled > 1 or number in edits):  # a line with one cell is a heading
            found[number] = texts
    return found


def read_tour(texts: Mapping[int, Texts], season_year: int | None, title: str = "") -> list[TourRow]:
    """What the rows say. Time and place that are left empty are those of the row above, and are told."""
    order = order_of(one.get(TourField.DATE) or None for one in texts.values())
    found: list[TourRow] = []
    for number, one in texts.items():
        row = TourRow(number, one)
        above = found[-1] if found else None
        _read_when(row, order, season_year, above)
        _read_where(row, above)
        _read_what(row)
        _read_seats(row)
        told = one.get(TourField.TITLE, "")
        if title and told and folded(told) != folded(title):
            row.find(TourField.TITLE, TourCode.OTHER_TITLE, told)
        found.append(row)
    return found


def _read_when(row: TourRow, order: DayOrder, season_year: int | None, above: TourRow | None) -> None:
    text = row.texts.get(TourField.DATE, "")
    told = read_day(text or None, order, season_year)
    row.day, row.clock = told.day, told.clock
    if not text:
        row.find(TourField.DATE, TourCode.NO_DAY)
    elif told.day is None:
        row.find(TourField.DATE, TourCode.NO_YEAR if told.problem is DayProblem.NO_YEAR else TourCode.ODD_DAY, text)
    elif told.weekday:
        row.find(TourField.DATE, TourCode.OTHER_WEEKDAY, told.weekday)
    if told.is_year_assumed and told.day:
        row.find(TourField.DATE, TourCode.YEAR_ASSUMED, str(told.day.year))
    _read_clock(row, above)


def _read_clock(row: TourRow, above: TourRow | None) -> None:
    text = row.texts.get(TourField.TIME, "")
    clock = read_time(text or None)
    if clock.is_unreadable:
        row.find(TourField.TIME, TourCode.ODD_TIME, text)
    row.clock = clock.clock or row.clock
    if row.clock is None and not text:
        if above is not None and above.clock is not None:
            row.clock = above.clock
            row.find(TourField.TIME, TourCode.FROM_ABOVE, f"{above.clock:%H:%M}")
        else:
            row.find(TourField.TIME, TourCode.NO_TIME)


def _read_where(row: TourRow, above: TourRow | None) -> None:
    theatre, city, hall = (row.texts.get(one, "") for one in PLACES)
    if theatre or city:
        row.wanted = Wanted(theatre, city, hall)
    elif above is not None and above.wanted is not None:
        row.wanted = Wanted(above.wanted.theatre, above.wanted.city, hall or above.wanted.hall)
        row.find(TourField.THEATRE, TourCode.FROM_ABOVE, row.wanted.text)
    else:
        row.find(TourField.THEATRE, TourCode.NO_VENUE)


def _read_what(row: TourRow) -> None:
    kind = row.texts.get(TourField.KIND, "")
    if kind and folded(kind) in KINDS:
        row.kind = KINDS[folded(kind)]
    elif kind and folded(kind) in SCHOOLS:
        row.feature = SCHOOLS[folded(kind)]
    elif kind:
        row.find(TourField.KIND, TourCode.ODD_KIND, kind)
    row.is_private = _flag(row, TourField.PRIVATE)
    festival = folded(row.texts.get(TourField.FESTIVAL, ""))
    row.in_festival = bool(festival) and festival not in NO  # often the festival's name
    school = folded(row.texts.get(TourField.SCHOOL, ""))
    if school in SCHOOLS:
        row.feature = SCHOOLS[school]
    elif school and school not in NO:
        row.find(TourField.SCHOOL, TourCode.ODD_FLAG, school)
    row.reference = row.texts.get(TourField.REFERENCE, "")[:80]


def _flag(row: TourRow, one: TourField) -> bool:
    text = folded(row.texts.get(one, ""))
    if text and text not in YES | NO:
        row.find(one, TourCode.ODD_FLAG, row.texts[one])
    return text in YES


def _read_seats(row: TourRow) -> None:
    """Seats of each rank, from columns of their own or from one that says 300 + 80; None leaves them to the hall."""
    given = [row.texts.get(one, "") for one in RANKS]
    whole = row.texts.get(TourField.SEATS, "")
    if any(given):
        numbers = [_seats(text) if text else 0 for text in given]
    elif whole:
        numbers = [_seats(part) for part in whole.replace("/", "+").replace(";", "+").split("+")]
    else:
        return
    if None in numbers or len(numbers) > MOST_RANKS:
        row.find(TourField.SEATS, TourCode.ODD_SEATS, whole or ", ".join(given))
        return
    row.ranks = tuple(trimmed([number or 0 for number in numbers])) or None


def _seats(text: str) -> int | None:
    value = read_number(text, Notation.OPEN).value
    return int(value) if value is not None and value == int(value) and 0 <= value <= _MOST_SEATS else None
