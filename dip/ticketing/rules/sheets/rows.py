"""From cells to what a row says: its performance and its figures, each cell checked on its own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal

from dip.kernel.identifiers import parse_performance_dip_id
from dip.kernel.money import cents
from dip.ticketing.rules.sheets.fields import FIGURES, MONEY, Field
from dip.ticketing.rules.sheets.findings import CellFinding, Code
from dip.web.tables.columns import folded
from dip.web.tables.days import DayOrder, order_of, read_day, read_time
from dip.web.tables.numbers import Notation, NumberProblem, joint, notation_of, read_number
from dip.web.tables.terms import Cell, Table, as_text

_MOST_SEATS, _MOST_EUROS = 99_999, 9_999_999
_SHOWN = 60
_TOTAL = ("totaal", "total", "totaux", "eindtotaal", "subtotaal")


@dataclass(slots=True)
class TypedRow:
    """One row: where it stands, of which performance it says it is, and its figures (counts, or cents)."""

    row: int
    number: int | None = None
    production: str = ""
    day: date | None = None
    clock: time | None = None
    hall: str = ""
    title: str = ""
    figures: dict[Field, int] = field(default_factory=dict)
    findings: list[CellFinding] = field(default_factory=list)

    def find(self, where: Field | None, code: Code, **values: str | int) -> None:
        """Add a finding about one of its cells."""
        self.findings.append(CellFinding(self.row, where, code, values))

    @property
    def is_wrong(self) -> bool:
        """Whether something must be corrected first."""
        return any(finding.rejects for finding in self.findings)

    @property
    def has_reference(self) -> bool:
        """Whether it names a performance, by number or by day."""
        return self.number is not None or self.day is not None


@dataclass(frozen=True, slots=True)
class _Ways:
    """How the columns of a table write things."""

    notations: Mapping[int, Notation]
    order: DayOrder


def read_rows(table: Table, columns: Mapping[int, Field], head: int | None) -> list[TypedRow]:
    """The rows below the head in which a figure is filled in. Columns that hold the same field twice count from the left."""
    body = list(enumerate(table.rows, 1))[0 if head is None else head + 1 :]
    places = {one: place for place, one in sorted(columns.items(), reverse=True) if place < table.width}
    ways = _ways(places, [row for _, row in body])
    found = []
    for number, row in body:
        cells = {one: row[place] for one, place in places.items()}
        if not _has_figures(cells) or _is_total(cells, row):
            continue
        found.append(_read(number, cells, places, ways))
    return found


def _has_figures(cells: Mapping[Field, Cell]) -> bool:
    return _has_capacity_only(cells) or any(cells.get(one) is not None for one in FIGURES if one is not Field.CAPACITY)


def _is_total(cells: Mapping[Field, Cell], row: Sequence[Cell]) -> bool:
    """Whether the row adds up those above it, as exports do at the end."""
    totals = _totals(row)
    return bool(totals) and all(cells.get(one) in (None, *totals) for one in (Field.DIP_ID, Field.DATE))


def _totals(row: Sequence[Cell]) -> list[str]:
    return [cell for cell in row if isinstance(cell, str) and folded(cell).startswith(_TOTAL)]


def _has_capacity_only(cells: Mapping[Field, Cell]) -> bool:
    """A capacity alone is a figure too; but the downloaded sheet has it filled in, and a total below the rows has no reference."""
    return cells.get(Field.CAPACITY) is not None and (cells.get(Field.DIP_ID) or cells.get(Field.DATE)) is not None


def _ways(places: Mapping[Field, int], rows: Sequence[Sequence[Cell]]) -> _Ways:
    own = {place: notation_of(row[place] for row in rows) for one, place in places.items() if one in FIGURES}
    together = joint(own.values())
    notations = {place: together if notation is Notation.OPEN else notation for place, notation in own.items()}
    days = (row[places[Field.DATE]] for row in rows) if Field.DATE in places else ()
    return _Ways(notations, order_of(days))


def _read(number: int, cells: Mapping[Field, Cell], places: Mapping[Field, int], ways: _Ways) -> TypedRow:
    row = TypedRow(number, hall=as_text(cells.get(Field.HALL)), title=as_text(cells.get(Field.TITLE)))
    _read_reference(row, cells.get(Field.DIP_ID))
    _read_moment(row, cells, ways.order)
    for one in FIGURES:
        if one in places:
            _read_figure(row, one, cells[one], ways.notations[places[one]])
    if not row.has_reference and not row.findings:
        row.find(Field.DIP_ID if Field.DIP_ID in places else Field.DATE, Code.NO_REFERENCE)
    return row


def _read_reference(row: TypedRow, cell: Cell) -> None:
    text = as_text(cell).strip()
    if not text:
        return
    reference = parse_performance_dip_id(text.upper())
    if reference is not None:
        row.number, row.production = reference.number, reference.production
    elif text.isascii() and text.isdecimal() and len(text) < 18:
        row.number = int(text)
    else:
        row.find(Field.DIP_ID, Code.ODD_REFERENCE, value=text[:_SHOWN])


def _read_moment(row: TypedRow, cells: Mapping[Field, Cell], order: DayOrder) -> None:
    """Day and time matter only where there is no DIP-id."""
    if row.number is not None or any(finding.field is Field.DIP_ID for finding in row.findings):
        return
    if cells.get(Field.DATE) is not None:
        told = read_day(cells[Field.DATE], order)
        row.day, row.clock = told.day, told.clock
        if told.day is None:
            row.find(Field.DATE, Code.ODD_DAY, value=as_text(cells[Field.DATE])[:_SHOWN])
    if cells.get(Field.TIME) is not None:
        clock = read_time(cells[Field.TIME])
        row.clock = clock.clock or row.clock
        if clock.is_unreadable:
            row.find(Field.TIME, Code.ODD_TIME, value=as_text(cells[Field.TIME])[:_SHOWN])


def _read_figure(row: TypedRow, one: Field, cell: Cell, notation: Notation) -> None:
    reading = read_number(cell, notation)
    text = as_text(cell)[:_SHOWN]
    if reading.problem is not None:
        row.find(one, Code.AMBIGUOUS if reading.problem is NumberProblem.AMBIGUOUS else Code.NO_NUMBER, value=text)
        return
    if reading.value is None:
        return
    code = _problem(one, reading.value)
    if code is not None:
        row.find(one, code, value=text)
        return
    row.figures[one] = cents(reading.value) if one in MONEY else int(reading.value)
    if reading.is_guess:
        row.find(one, Code.GUESSED, value=text, read=str(int(reading.value)))


def _problem(one: Field, value: Decimal) -> Code | None:
    """Why a number cannot be this figure."""
    if value < 0:
        return Code.NEGATIVE
    if value > (_MOST_EUROS if one in MONEY else _MOST_SEATS):
        return Code.TOO_LARGE
    if one in MONEY:
        return Code.TOO_FINE if value != round(value, 2) else None
    return Code.NOT_WHOLE if value != int(value) else None


def references(rows: Iterable[TypedRow]) -> tuple[set[int], set[date]]:
    """Numbers and days by which the performances of these rows are to be looked up."""
    numbers = {row.number for row in rows if row.number is not None and 0 < row.number < 2**63}
    return numbers, {row.day for row in rows if row.number is None and row.day is not None}
