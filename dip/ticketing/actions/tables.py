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

_LOCK = 0x444950  # class of the advisory locks, so that they meet no other room's
_KINDS = ("normal", "discount", "free", "other")


class _Columns(NamedTuple):
    """Where a measure's figures live: in positions, in the current state, and the state's moment."""

    position: tuple[str, ...]
    state: tuple[str, ...]
    types: tuple[str, ...]
    true_at: str


_TICKETS = tuple(f"{kind}_tickets" for kind in _KINDS) + tuple(f"{kind}_cents" for kind in _KINDS)
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


def read_facts(access: Access, measure: Measure, numbers: Collection[int]) -> dict[int, Fact]:
    """The published performances among ``numbers`` for whose theatres the access speaks, with the measure's current state."""
    columns = _COLUMNS[measure]
    nobodys = "OR t.organisation_id IS NULL" if access.is_platform else ""
    asked = [number for number in numbers if 0 < number < 2**63]
    with Cursor(connection.connection) as cursor:  # Django's own cursor cannot answer in binary, which is read twice as fast
        cursor.execute(
            f"""
            SELECT p.number, w.dip_id, t.time_zone, p.cancelled_at IS NOT NULL, p.is_private, coalesce(s.capacity, p.capacity), s.known_at,
                   s.{columns.true_at}, {", ".join(f"s.{name}" for name in columns.state)}
            FROM programme_performance p
            JOIN programme_theatre t ON t.id = p.theatre_id AND (t.organisation_id = %s {nobodys})
            JOIN programme_production w ON w.id = p.production_id
            LEFT JOIN ticketing_performancesales s ON s.performance_id = p.number
            WHERE p.number = ANY(%s::bigint[]) AND p.published_at IS NOT NULL""",
            [access.organisation_id, _array(asked)],
            binary=True,
        )
        rows = cursor.fetchall()
    if measure is Measure.CAPACITY:
        return {row[0]: Fact._make([*row[:8], tuple(row[9]) if row[7] else None]) for row in rows}
    return {row[0]: Fact._make([*row[:8], row[8:] if row[7] else None]) for row in rows}


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


def write_positions(measure: Measure, positions: Iterable[PositionToWrite], known_at: datetime, delivery_id: int) -> None:
    """Append the positions, by COPY; every value is a number, a date or a moment, so nothing needs escaping."""
    names = _COLUMNS[measure].position
    tail = f"{measure.value}\t{known_at.isoformat()}\t{delivery_id}"
    texts = _Texts()
    lines = [
        f"{number}\t{texts[true_at]}\t{texts[day]}\t{_null(restates)}\t{_copied(measure, figures)}\t{tail}\n"
        for number, true_at, day, restates, figures in positions
    ]
    if not lines:
        return
    fields = f"performance_id, true_at, sales_date, restates_id, {', '.join(names)}, measure, known_at, delivery_id"
    with connection.cursor() as cursor, cursor.copy(f"COPY ticketing_position ({fields}) FROM STDIN") as copy:
        copy.write("".join(lines))


def write_states(measure: Measure, states: Sequence[StateToWrite], known_at: datetime, source: str) -> None:
    """Make or move the current states; the database itself refuses to go back to an older moment."""
    if not states:
        return
    columns = _COLUMNS[measure]
    figures = [_stored(measure, state.figures) for state in states]
    arrays = (
        [_array(values) for values in zip(*figures, strict=True)] if measure is not Measure.CAPACITY else _capacity_arrays(figures)
    )
    places = [f"%s::{kind}[]" for kind in columns.types]
    names = [f"f{place}" for place in range(len(columns.state))]
    given = [f"{name}::int[]" if column == "capacity_by_rank" else name for name, column in zip(names, columns.state, strict=True)]
    stored = [*columns.state, columns.true_at]
    texts = _Texts('"{}"')
    blank = [name for name in _TICKETS if name not in columns.state]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO ticketing_performancesales AS s
                ({", ".join(["performance_id", *stored, "confirmed_at", "known_at", "source", *blank])})
            SELECT {", ".join(["number", *given, "true_at", "true_at", "%s::timestamptz", "%s", *["0"] * len(blank)])}
            FROM unnest(%s::bigint[], %s::timestamptz[], {", ".join(places)}) AS u(number, true_at, {", ".join(names)})
            ON CONFLICT (performance_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in stored)},
                confirmed_at = greatest(s.confirmed_at, excluded.confirmed_at),
                known_at = greatest(s.known_at, excluded.known_at), source = excluded.source
            WHERE s.{columns.true_at} IS NULL OR s.{columns.true_at} <= excluded.{columns.true_at}""",
            [known_at, source, _array([s.number for s in states]), _array([texts[s.true_at] for s in states]), *arrays],
        )


def _capacity_arrays(figures: Sequence[Sequence[object]]) -> list[str]:
    return [_array([seats for seats, _ in figures]), _array([f'"{ranks}"' for _, ranks in figures])]


def _stored(measure: Measure, figures: Figures) -> tuple[object, ...]:
    """Values of the measure's columns, ready for an array literal."""
    if measure is Measure.CAPACITY:
        return sum(figures), _array(figures)  # type: ignore[arg-type]  # seats of a rank are never None
    return figures


def _copied(measure: Measure, figures: Figures) -> str:
    if measure is Measure.TICKETS:
        return "%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d" % figures  # type: ignore[str-format]  # noqa: UP031  twice as fast as the other ways, ten thousand times
    return "\t".join(_null(value) for value in _stored(measure, figures))


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
    """PostgreSQL's literal of an array of numbers, or of quoted texts without quotes inside."""
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"
