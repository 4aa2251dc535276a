"""What typed rows would change: each placed on its performance, compared with what is known, and remarked upon."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import StrEnum

from dip.programme.rules.ranks import fitted
from dip.ticketing.rules.rows import has_dropped
from dip.ticketing.rules.sheets.fields import FIGURES, RECETTES, TICKETS, Field
from dip.ticketing.rules.sheets.findings import CellFinding, Code
from dip.ticketing.rules.sheets.remarks import remark
from dip.ticketing.rules.sheets.rows import TypedRow
from dip.ticketing.terms import Figures, Measure, TicketKind
from dip.web.tables.columns import folded


@dataclass(frozen=True, slots=True)
class Known:
    """A published performance of the theatre and what is known of it. ``starts`` is naive, on the venue's clock.

    ``figures`` holds what was stated before by column; ``tickets`` the same as a position has it, None before the first figures.
    """

    number: int
    production: str
    title: str
    producer: str
    theatre: str
    hall: str
    starts: datetime
    is_coupled: bool
    is_cancelled: bool
    ranks: tuple[int, ...]
    figures: Mapping[Field, int]
    tickets: Figures | None = None
    values: Mapping[Measure, int | None] = field(default_factory=dict)
    true_at: Mapping[Measure, datetime] = field(default_factory=dict)
    source: str = ""

    @property
    def dip_id(self) -> str:
        """As the sheet has it."""
        return f"{self.production}|{self.number}"

    @property
    def newest(self) -> datetime | None:
        """The newest moment for which any figure is known."""
        return max(self.true_at.values(), default=None)


class Outcome(StrEnum):
    """What becomes of a row."""

    WRONG = "wrong"
    CHANGES = "changes"
    SAME = "same"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Change:
    """One figure: what was known (None: nothing), and what the row says."""

    field: Field
    before: int | None
    after: int


@dataclass(frozen=True, slots=True)
class Line:
    """One row and what it does: ``stated`` holds a position's figures by measure, also those that only confirm."""

    row: int
    known: Known | None
    outcome: Outcome
    changes: tuple[Change, ...]
    stated: Mapping[Measure, Figures]
    findings: tuple[CellFinding, ...]

    @property
    def warnings(self) -> tuple[CellFinding, ...]:
        """Findings that do not keep the row back."""
        return tuple(finding for finding in self.findings if not finding.rejects)


def place_rows(rows: Sequence[TypedRow], known: Iterable[Known], true_at: datetime) -> list[Line]:
    """Every row as a line, in the order of the sheet. ``true_at``: when the figures were true, aware."""
    performances = list(known)
    by_number = {one.number: one for one in performances}
    by_day: dict[date, list[Known]] = defaultdict(list)
    for one in performances:
        by_day[one.starts.date()].append(one)
    placed = [(row, _find(row, by_number, by_day)) for row in rows]
    _refuse_twice(placed)
    return [_line(row, one, true_at) for row, one in placed]


def stamp(lines: Iterable[Line], true_at: datetime) -> str:
    """A mark of everything that confirming would do: whoever confirms has seen exactly this."""
    told = [(line.row, line.known.number if line.known else 0, line.outcome.value, [(c.field.value, c.before, c.after) for c in line.changes]) for line in lines]  # fmt: skip
    return hashlib.sha256(repr((true_at.isoformat(), told)).encode()).hexdigest()[:24]


def _find(row: TypedRow, by_number: Mapping[int, Known], by_day: Mapping[date, Sequence[Known]]) -> Known | None:
    """The performance that a row is about; where there is none, a finding says why."""
    if row.number is not None:
        return _by_number(row, by_number)
    if row.day is None or row.is_wrong:
        return None
    found = _narrowed(row, list(by_day.get(row.day, ())))
    written = f"{row.day:%d-%m-%Y}" + (f" {row.clock:%H:%M}" if row.clock else "")
    if len(found) == 1:
        return found[0]
    if found:
        row.find(Field.DATE, Code.SEVERAL, value=written, count=len(found))
    else:
        row.find(Field.DATE, Code.NOT_FOUND, value=written)
    return None


def _by_number(row: TypedRow, by_number: Mapping[int, Known]) -> Known | None:
    one = by_number.get(row.number or 0)
    if one is None:
        row.find(Field.DIP_ID, Code.UNKNOWN, value=str(row.number))
    elif row.production and row.production != one.production:
        row.find(Field.DIP_ID, Code.OTHER_PRODUCTION, value=f"{row.production}|{row.number}", production=one.dip_id)
    return one


def _narrowed(row: TypedRow, found: list[Known]) -> list[Known]:
    """Of the performances of a day those that the time, the hall and the title leave; what leaves none is not asked, except the time."""
    if row.clock is not None:
        found = [one for one in found if abs(_minutes(one.starts.time()) - _minutes(row.clock)) <= 15]
    for text, of in ((row.hall, "hall"), (row.title, "title")):
        if len(found) > 1 and text:
            wanted = folded(text)
            same = [one for one in found if folded(getattr(one, of)) == wanted]
            found = same or [one for one in found if wanted in folded(getattr(one, of))] or found
    return found


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _refuse_twice(placed: Sequence[tuple[TypedRow, Known | None]]) -> None:
    """Two rows about one performance: the same is taken once, different figures must be sorted out first."""
    first: dict[int, TypedRow] = {}
    for row, one in placed:
        if one is None:
            continue
        other = first.setdefault(one.number, row)
        if other is row:
            continue
        if other.figures == row.figures:
            row.find(None, Code.SAME_ROW, other=other.row)
        else:
            row.find(None, Code.OTHER_ROW, other=other.row)
            if not any(finding.code is Code.OTHER_ROW for finding in other.findings):
                other.find(None, Code.OTHER_ROW, other=row.row)


def _line(row: TypedRow, one: Known | None, true_at: datetime) -> Line:
    if one is not None and one.is_coupled:
        row.find(None, Code.COUPLED, value=one.theatre)
    if one is None or row.is_wrong:
        return Line(row.row, one, Outcome.WRONG, (), {}, tuple(row.findings))
    if any(finding.code is Code.SAME_ROW for finding in row.findings):
        return Line(row.row, one, Outcome.SAME, (), {}, tuple(row.findings))
    stated = _stated(row.figures, one)
    told = row.figures | _zeros(row.figures, one)
    changes = tuple(Change(f, one.figures.get(f), told[f]) for f in FIGURES if f in told and _is_change(f, told[f], one))
    line = Line(row.row, one, Outcome.CHANGES if changes else Outcome.SAME, changes, stated, ())
    if not stated:
        line = replace(line, outcome=Outcome.EMPTY)
    remarks = remark(row, one.figures, one.is_cancelled) if line.outcome is Outcome.CHANGES else []
    return replace(line, findings=(*row.findings, *remarks, *_beside_known(row.row, line, one, true_at)))


def _is_change(one: Field, after: int, known: Known) -> bool:
    """A figure that was never stated and is 0 now is only a change when nothing of its kind was stated."""
    before = known.figures.get(one)
    return after != before if before is not None else bool(after) or one not in _KINDS


_KINDS = frozenset((*TICKETS.values(), *RECETTES.values()))


def _zeros(figures: Mapping[Field, int], one: Known) -> dict[Field, int]:
    """Kinds that a row with tickets leaves empty are 0."""
    if not _KINDS & set(figures):
        return {}
    return {empty: 0 for empty in _KINDS if empty not in figures}


def _stated(figures: Mapping[Field, int], one: Known) -> dict[Measure, Figures]:
    """The positions that the row states. A capacity that is known already states nothing: the sheet comes with it filled in."""
    stated: dict[Measure, Figures] = {}
    if _KINDS & set(figures):
        tickets = tuple(figures.get(TICKETS[kind], 0) for kind in TicketKind)
        stated[Measure.TICKETS] = tickets + tuple(figures.get(RECETTES[kind], 0) for kind in TicketKind)
    for seats, measure in ((Field.RESERVED, Measure.RESERVATIONS), (Field.BLOCKED, Measure.BLOCKED)):
        if seats in figures:
            is_same = figures[seats] == one.figures.get(seats)
            stated[measure] = (figures[seats], one.values.get(measure) if is_same else None)
    if Field.CAPACITY in figures and figures[Field.CAPACITY] != one.figures.get(Field.CAPACITY):
        stated[Measure.CAPACITY] = tuple(fitted(one.ranks, figures[Field.CAPACITY])) or (0,)
    return stated


def _beside_known(row: int, line: Line, one: Known, true_at: datetime) -> list[CellFinding]:
    """Older than what is known, or a steep drop."""
    found = []
    tickets = line.stated.get(Measure.TICKETS)
    newer = [one.true_at[measure] for measure in line.stated if one.true_at.get(measure, true_at) > true_at]
    if newer and line.changes:
        found.append(CellFinding(row, None, Code.OLDER, {"known": max(newer).isoformat()}))
    elif tickets and one.tickets and has_dropped(one.tickets, tickets):
        before, after = (sum(value or 0 for value in figures[:4]) for figures in (one.tickets, tickets))
        found.append(CellFinding(row, Field.NORMAL, Code.DROP, {"before": before, "value": after}))
    return found
