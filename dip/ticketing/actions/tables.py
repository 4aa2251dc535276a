"""The statements behind accepting figures: whole bodies at a time, whatever their length."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection
from psycopg import Cursor

from dip.registry.terms import Access
from dip.ticketing.rules.history import History, Statement
from dip.ticketing.rules.plan import PositionToWrite, StateToWrite
from dip.ticketing.rules.rows import Fact
from dip.ticketing.terms import Figures, Measure

_PIECE = 1000  # rows; statements over arrays are never prepared: a plan kept for arrays of any length is a bad plan for long ones
_LOCK = 0x444950  # class of the advisory locks, so that they meet no other room's
State = PositionToWrite | StateToWrite
_KINDS = ("normal", "discount", "free", "other")


class _Columns(NamedTuple):
    """Where a measure's figures live: in positions, in the current state, and the state's moment."""

    position: tuple[str, ...]
    state: tuple[str, ...]
    types: tuple[str, ...]
    true_at: str

    @property
    def given(self) -> tuple[str, ...]:
        """Of ``unnested``, what goes into each column of the state."""
        return tuple(f"u.{name}::int[]" if name == "capacity_by_rank" else f"u.{name}" for name in self.state)

    @property
    def unnested(self) -> str:
        """Rows of arrays that are given as parameters: numbers, moments, and the figures."""
        places = ", ".join(f"%s::{kind}[]" for kind in self.types)
        return f"unnest(%s::bigint[], %s::timestamptz[], {places}) AS u(number, true_at, {', '.join(self.state)})"


_TICKETS = tuple(f"{kind}_tickets" for kind in _KINDS) + tuple(f"{kind}_cents" for kind in _KINDS)
_TICKETS_LINE = "\t".join(["%d"] * len(_TICKETS))
_COLUMNS = {
    Measure.TICKETS: _Columns(_TICKETS, _TICKETS, ("int",) * 4 + ("bigint",) * 4, "tickets_true_at"),
    Measure.RESERVATIONS: _Columns(("seats", "value_cents"), ("reserved", "reserved_cents"), ("int", "bigint"), "reserved_true_at"),
    Measure.BLOCKED: _Columns(("seats", "value_cents"), ("blocked", "blocked_cents"), ("int", "bigint"), "blocked_true_at"),
    Measure.CAPACITY: _Columns(("seats", "ranks"), ("capacity", "capacity_by_rank"), ("int", "text"), "capacity_true_at"),
}


def wait_for_turn(organisation_id: int) -> None:
    """Until the transaction ends, no other body of this organisation is accepted. One lock a body: no deadlock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, organisation_id])


def read_facts(access: Access, measure: Measure, numbers: Collection[int], *, by_hand: bool = False) -> dict[int, Fact]:
    """The published performances among ``numbers`` for whose theatres the access speaks, with the measure's current state.

    ``by_hand``: without those of coupled theatres; of a provider its own, in houses that nobody runs or that are its own.
    """
    columns = _COLUMNS[measure]
    typed_by_provider = by_hand and access.is_provider
    nobodys = "OR t.organisation_id IS NULL" if access.is_platform or typed_by_provider else ""
    uncoupled = "AND NOT t.is_coupled" if by_hand else ""
    own = "AND %s::bigint IN (w.producer_id, w.agency_id)" if typed_by_provider else "AND %s::bigint IS NOT NULL"
    asked = [number for number in numbers if 0 < number < 2**63]
    with Cursor(connection.connection) as cursor:  # Django's own cursor cannot answer in binary, which is read twice as fast
        cursor.execute(
            f"""
            SELECT p.number, w.dip_id, t.time_zone, p.cancelled_at IS NOT NULL, p.is_private, coalesce(s.capacity, p.capacity), s.known_at,
                   s.{columns.true_at}, {", ".join(f"s.{name}" for name in columns.state)}
            FROM programme_performance p
            JOIN programme_theatre t ON t.id = p.theatre_id AND (t.organisation_id = %s {nobodys}) {uncoupled}
            JOIN programme_production w ON w.id = p.production_id {own}
            LEFT JOIN ticketing_performancesales s ON s.performance_id = p.number
            WHERE p.number = ANY(%s::bigint[]) AND p.published_at IS NOT NULL""",
            [access.organisation_id, access.organisation_id, _array(asked)],
            binary=True,
            prepare=False,
        )
        rows = cursor.fetchall()
    if measure is Measure.CAPACITY:
        return {row[0]: Fact._make((*row[:8], tuple(row[9]) if row[7] else None)) for row in rows}
    return {row[0]: Fact._make((*row[:8], row[8:] if row[7] else None)) for row in rows}


def read_histories(measure: Measure, since: Mapping[int, datetime], facts: Mapping[int, Fact]) -> dict[int, History]:
    """What is known of the measure for the numbers of ``since``, from the state at that moment on; of several states for one
    moment, the one known last."""
    if not since:
        return {}
    columns = _COLUMNS[measure]
    statements: dict[int, dict[datetime, Statement]] = {number: {} for number in since}
    texts = _Texts('"{}"')
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT p.performance_id, p.id, p.true_at, {", ".join(f"p.{name}" for name in columns.position)}
            FROM unnest(%s::bigint[], %s::timestamptz[]) AS a(number, since)
            JOIN ticketing_position p ON p.performance_id = a.number AND p.measure = %s AND p.true_at >= coalesce(
                (SELECT max(b.true_at) FROM ticketing_position b
                 WHERE b.performance_id = a.number AND b.measure = %s AND b.true_at <= a.since), '-infinity')
            ORDER BY p.performance_id, p.true_at, p.known_at, p.id""",
            [_array(since), _array([texts[moment] for moment in since.values()]), measure, measure],
        )
        for number, key, true_at, *figures in cursor.fetchall():
            stated = tuple(figures[1]) if measure is Measure.CAPACITY else tuple(figures)
            statements[number][true_at] = Statement(true_at, stated, key)
    return {number: History(list(known.values()), facts[number].confirmed_at) for number, known in statements.items()}


def write_positions(measure: Measure, positions: Sequence[PositionToWrite], known_at: datetime, delivery_id: int) -> None:
    """Append the positions, by COPY, in pieces: the server stores one while the next is written out."""
    if not positions:
        return
    names = ", ".join(_COLUMNS[measure].position)
    fields = f"performance_id, true_at, sales_date, restates_id, {names}, measure, known_at, delivery_id"
    tail = f"\t{measure.value}\t{known_at.isoformat()}\t{delivery_id}\n"
    texts = _Texts()
    with connection.cursor() as cursor, cursor.copy(f"COPY ticketing_position ({fields}) FROM STDIN") as copy:
        for start in range(0, len(positions), _PIECE):
            copy.write("".join([_line(measure, new, texts) + tail for new in positions[start : start + _PIECE]]))


def _line(measure: Measure, new: PositionToWrite, texts: "_Texts") -> str:
    """One position as COPY takes it; every value is a number, a date or a moment, so nothing needs escaping."""
    number, true_at, day, restates, figures = new
    told = _TICKETS_LINE % figures if measure is Measure.TICKETS else _copied(measure, figures)
    return f"{number}\t{texts[true_at]}\t{texts[day]}\t{_null(restates)}\t{told}"


def write_states(measure: Measure, states: Sequence[State], facts: Mapping[int, Fact], known_at: datetime, source: str) -> None:
    """Move the current states, and make those of performances that have none. The database itself refuses an older moment."""
    known = [state for state in states if facts[state.number].known_at is not None]
    columns = _COLUMNS[measure]
    newer = f"WHERE (s.{columns.true_at} IS NULL OR s.{columns.true_at} <= {{given}}.true_at)"
    stamped = "known_at = greatest(s.known_at, %s), source = %s"
    if known:
        moved = [f"{name} = {given}" for name, given in zip(columns.state, columns.given, strict=True)]
        _run(
            f"""UPDATE ticketing_performancesales AS s
            SET {", ".join(moved)}, {columns.true_at} = u.true_at, confirmed_at = greatest(s.confirmed_at, u.true_at), {stamped}
            FROM {columns.unnested} {newer.format(given="u")} AND s.performance_id = u.number""",
            [known_at, source, *_arrays(measure, known)],
        )
    if len(known) < len(states):
        fresh = [state for state in states if facts[state.number].known_at is None]
        stored = [*columns.state, columns.true_at]
        blank = [name for name in _TICKETS if name not in columns.state]
        _run(
            f"""INSERT INTO ticketing_performancesales AS s
                ({", ".join(["performance_id", *stored, "confirmed_at", "known_at", "source", *blank])})
            SELECT {", ".join(["u.number", *columns.given, "u.true_at", "u.true_at", "%s::timestamptz", "%s", *["0"] * len(blank)])}
            FROM {columns.unnested}
            ON CONFLICT (performance_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in stored)},
                confirmed_at = greatest(s.confirmed_at, excluded.confirmed_at), {stamped}
            WHERE s.{columns.true_at} IS NULL OR s.{columns.true_at} <= excluded.{columns.true_at}""",
            [known_at, source, *_arrays(measure, fresh), known_at, source],
        )


def _run(statement: str, values: Sequence[object]) -> None:
    with Cursor(connection.connection) as cursor:  # Django's own cursor would write the values into the statement: half a megabyte
        cursor.execute(statement, values, prepare=False)


def _arrays(measure: Measure, states: Sequence[State]) -> list[str]:
    """Numbers, moments and figures of the states, column by column."""
    texts = _Texts('"{}"')
    start = [_array([state.number for state in states]), _array([texts[state.true_at] for state in states])]
    if measure is Measure.CAPACITY:
        ranks = [f'"{_array(state.figures)}"' for state in states]
        return [*start, _array([_seats(state.figures) for state in states]), _array(ranks)]
    return [*start, *(_array(column) for column in zip(*[state.figures for state in states], strict=True))]


def _seats(ranks: Figures) -> int:
    return sum(ranks)  # type: ignore[arg-type]  # seats of a rank are never None


def _copied(measure: Measure, figures: Figures) -> str:
    """The figures as COPY takes them, in the order of the measure's columns."""
    if measure is Measure.CAPACITY:
        return f"{_seats(figures)}\t{_array(figures)}"
    return "\t".join(map(str, figures)).replace("None", r"\N")


class _Texts(dict[date, str]):
    """Moments and days as text, each made once: the rows of a body share a few."""

    def __init__(self, pattern: str = "{}") -> None:
        super().__init__()
        self._pattern = pattern

    def __missing__(self, moment: date) -> str:
        text = self[moment] = self._pattern.format(moment.isoformat())
        return text


def _null(value: object) -> str:
    return r"\N" if value is None else str(value)


def _array(values: Iterable[object]) -> str:
    """PostgreSQL's literal of an array of numbers, or of quoted moments and arrays."""
    return "{" + ",".join(map(str, values)).replace("None", "NULL") + "}"
