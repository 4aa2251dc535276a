"""States of performances: the newest, or as known at an earlier moment, and the one a day before each."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Greatest

from dip.registry.terms import Access
from dip.sales.queries.visible import among, seconds
from dip.sales.terms import AsOf, Evening, Line, State
from dip.ticketing.models import PerformanceSales
from dip.ticketing.terms import Measure

_DAY = timedelta(days=1)
_KINDS = (
    "normal_tickets", "discount_tickets", "free_tickets", "other_tickets",
    "normal_cents", "discount_cents", "free_cents", "other_cents",
)  # fmt: skip
_CURRENT = ("performance_id", *_KINDS, "reserved", "blocked", "capacity", "has_tickets", "confirmed", "source", "newest")
#: A system's clock may run ahead of ours: positions true a little after the moment were known at it all the same.
_CLOCK_SKEW = timedelta(days=1)

_STATE_AT = """
SELECT asked.number, asked.measure, p.normal_tickets, p.discount_tickets, p.free_tickets, p.other_tickets,
       p.normal_cents, p.discount_cents, p.free_cents, p.other_cents, p.seats
FROM (SELECT n AS number, m AS measure FROM unnest(%(numbers)s::bigint[]) n CROSS JOIN unnest(%(measures)s::smallint[]) m) asked
CROSS JOIN LATERAL (
  SELECT * FROM ticketing_position q
  WHERE q.performance_id = asked.number AND q.measure = asked.measure AND q.true_at <= %(true)s AND q.known_at <= %(known)s
  ORDER BY q.true_at DESC, q.known_at DESC, q.id DESC LIMIT 1
) p
"""

_STATE_AT_EACH = """
SELECT asked.number, asked.measure, p.normal_tickets, p.discount_tickets, p.free_tickets, p.other_tickets,
       p.normal_cents, p.discount_cents, p.free_cents, p.other_cents, p.seats
FROM (SELECT n AS number, at, m AS measure FROM unnest(%(numbers)s::bigint[], %(moments)s::timestamptz[]) AS u(n, at)
      CROSS JOIN unnest(%(measures)s::smallint[]) m) asked
CROSS JOIN LATERAL (
  SELECT * FROM ticketing_position q
  WHERE q.performance_id = asked.number AND q.measure = asked.measure AND q.true_at <= asked.at AND q.known_at <= %(known)s
  ORDER BY q.true_at DESC, q.known_at DESC, q.id DESC LIMIT 1
) p
"""


def lines(access: Access, evenings: Sequence[Evening], as_of: AsOf) -> list[Line]:
    """Each performance with its state at ``as_of`` and a day earlier. Two queries, two more for an earlier moment.

    ``evenings`` come from :mod:`dip.sales.queries.visible` for the same access; states are read through the access's own scope, so
    a performance it does not follow has none.
    """
    current = _current(access, evenings)
    if as_of.is_earlier:
        return _earlier(current, evenings, as_of)
    return _now(current, evenings, as_of)


class _Row(NamedTuple):
    """What is kept of one performance: its state without the agreed capacity, and when and by whom it was told."""

    state: State
    has_capacity: bool
    confirmed_at: datetime
    source: str
    newest: float
    """When any of its figures last moved, seconds since 1970."""


def _current(access: Access, evenings: Iterable[Evening]) -> dict[int, _Row]:
    numbers = [evening.number for evening in evenings]
    if not numbers:
        return {}
    newest = Greatest("tickets_true_at", "reserved_true_at", "blocked_true_at", "capacity_true_at")
    known = PerformanceSales.objects.within(access).filter(performance_id__in=among(numbers))
    told = known.annotate(has_tickets=Q(tickets_true_at__isnull=False), confirmed=seconds("confirmed_at"), newest=seconds(newest))
    return {row[0]: _row(*row[1:]) for row in told.values_list(*_CURRENT)}


def _row(*columns: Any) -> _Row:
    *kinds, reserved, blocked, capacity, has_tickets, confirmed, source, newest = columns
    state = State._make((*kinds, reserved, blocked, capacity or 0, has_tickets))
    return _Row(state, capacity is not None, datetime.fromtimestamp(confirmed, UTC), source, newest or 0.0)


def _now(current: dict[int, _Row], evenings: Sequence[Evening], as_of: AsOf) -> list[Line]:
    cutoff = as_of.at - _DAY
    epoch = cutoff.timestamp()
    moved = {number for number, row in current.items() if row.newest > epoch}
    before = states_at(list(moved), true_until=cutoff, known_until=as_of.at)
    found = []
    for evening in evenings:
        row = current.get(evening.number)
        if row is None:
            blank = State(capacity=evening.capacity)
            found.append(Line(evening, blank, blank))
            continue
        state = row.state if row.has_capacity else row.state._replace(capacity=evening.capacity)
        earlier = _state(before.get(evening.number, {}), evening) if evening.number in moved else state
        found.append(Line(evening, state, earlier, row.confirmed_at, row.source))
    return found


def _earlier(current: dict[int, _Row], evenings: Sequence[Evening], as_of: AsOf) -> list[Line]:
    then = states_at(list(current), true_until=as_of.at + _CLOCK_SKEW, known_until=as_of.at)
    before = states_at(list(then), true_until=as_of.at - _DAY, known_until=as_of.at)
    found = []
    for evening in evenings:
        measures = then.get(evening.number, {})
        state = _state(measures, evening)
        earlier = _state(before.get(evening.number, {}), evening)
        if not measures:
            found.append(Line(evening, state, earlier))
            continue
        row = current[evening.number]
        # confirmations are not kept: a silence that ended since is not seen
        found.append(Line(evening, state, earlier, min(row.confirmed_at, as_of.at), row.source))
    return found


#: Measure → the position's tickets and cents per kind, and its seats.
_Measured = dict[int, tuple[int | None, ...]]


def states_at(numbers: Sequence[int], *, true_until: datetime, known_until: datetime) -> dict[int, _Measured]:
    """Of each performance, per measure, the newest position true and known by then. One query, one index probe per measure.

    ``numbers`` must come out of an access's scope (:func:`lines` sees to it): positions are not narrowed again here.
    """
    if not numbers:
        return {}
    values = {"numbers": list(numbers), "measures": [int(m) for m in Measure], "true": true_until, "known": known_until}
    found: dict[int, _Measured] = {}
    with connection.cursor() as cursor:
        cursor.execute(_STATE_AT, values)
        for number, measure, *columns in cursor.fetchall():
            found.setdefault(number, {})[measure] = tuple(columns)
    return found


def lines_at(found: Sequence[Line], moments: Mapping[int, datetime], *, known_until: datetime) -> dict[int, Line]:
    """Each of ``found`` with the state that was true at its own moment, as known by ``known_until``: number → line. One query.

    ``found`` come from :func:`lines`, so they are of the access already.
    """
    if not found:
        return {}
    numbers = [line.evening.number for line in found]
    values = {
        "numbers": numbers, "moments": [moments[number] for number in numbers], "measures": [int(m) for m in Measure],
        "known": known_until,
    }  # fmt: skip
    told: dict[int, _Measured] = {}
    with connection.cursor() as cursor:
        cursor.execute(_STATE_AT_EACH, values)
        for number, measure, *columns in cursor.fetchall():
            told.setdefault(number, {})[measure] = tuple(columns)
    return {line.evening.number: line._replace(state=_state(told.get(line.evening.number, {}), line.evening)) for line in found}


def _state(measures: _Measured, evening: Evening) -> State:
    tickets = measures.get(Measure.TICKETS)
    reserved, blocked, capacity = (_seats(measures, m) for m in (Measure.RESERVATIONS, Measure.BLOCKED, Measure.CAPACITY))
    kinds = [value or 0 for value in tickets[: len(_KINDS)]] if tickets else [0] * len(_KINDS)
    return State._make((*kinds, reserved, blocked, evening.capacity if capacity is None else capacity, tickets is not None))


def _seats(measures: _Measured, measure: Measure) -> int | None:
    columns = measures.get(measure)
    return columns[-1] if columns else None
