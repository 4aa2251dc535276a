"""Positions as ``/api/v2`` shows them: a snapshot of all by performance, and from there on what was accepted since.

A snapshot goes through the own performances by number, which an index serves however many the country has; it notes up to where it read
(the horizon at its begin), and there the changes take over. Nothing falls between.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from dip.exchange.queries.horizon import after
from dip.exchange.queries.performances import PerformanceFilter
from dip.exchange.queries.performances import narrowed as narrowed_performances
from dip.exchange.rules.shapes import Position as Shape
from dip.exchange.rules.shapes import Tickets
from dip.programme.models import Performance
from dip.registry.terms import Access
from dip.ticketing.models import Position
from dip.ticketing.terms import Measure

#: Performances looked at for one page of a snapshot; a page may be shorter than asked.
PERFORMANCES_A_PAGE = 100
_COLUMNS = (
    *("id", "performance_id", "performance__production__dip_id", "measure", "true_at", "known_at", "sales_date", "normal_tickets"),
    *("discount_tickets", "free_tickets", "other_tickets", "normal_cents", "discount_cents", "free_cents", "other_cents", "seats"),
    *("value_cents", "ranks", "restates_id", "txid"),
)


@dataclass(frozen=True, slots=True)
class PositionFilter:
    """What narrows the list: the performances, one of them, the measure, and when the platform heard."""

    performances: PerformanceFilter
    performance: int | None = None
    measure: Measure | None = None
    known_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a reader of positions stands. In a snapshot ``number`` and ``last`` are the last performance and position read, and
    ``txid`` is where the changes take over; afterwards ``number`` is -1, and what comes is behind (``txid``, ``last``)."""

    txid: int
    last: int
    number: int = -1

    @property
    def in_snapshot(self) -> bool:
        """Whether the snapshot is still being read."""
        return self.number >= 0


@dataclass(frozen=True, slots=True)
class PositionsRead:
    """Positions, where the reader stands after them, and whether more can be read at once."""

    items: list[Shape]
    stand: Stand
    has_more: bool


def snapshot_positions(access: Access, given: PositionFilter, stand: Stand, limit: int) -> PositionsRead:
    """The next positions of a snapshot, by performance and id. Two queries."""
    where = narrowed_performances(access, given.performances) & Q(number__gte=stand.number)
    if given.performance is not None:
        where &= Q(number=given.performance)
    numbers = list(Performance.objects.filter(where).order_by("number").values_list("number", flat=True)[: PERFORMANCES_A_PAGE + 1])
    behind = Q(performance_id__gt=stand.number) | Q(performance_id=stand.number, id__gt=stand.last)
    asked = _own(access, given).filter(behind, performance_id__in=numbers[:PERFORMANCES_A_PAGE], txid__lt=stand.txid)
    rows = list(asked.order_by("performance_id", "id").values_list(*_COLUMNS)[: limit + 1])
    items = _shapes(rows[:limit])
    if len(rows) > limit:
        return PositionsRead(items, Stand(stand.txid, rows[limit - 1][0], rows[limit - 1][1]), True)
    if len(numbers) > PERFORMANCES_A_PAGE:
        return PositionsRead(items, Stand(stand.txid, 0, numbers[-1]), True)
    return PositionsRead(items, Stand(stand.txid, 0), False)


def accepted_positions(access: Access, given: PositionFilter, stand: Stand, until: int, limit: int) -> PositionsRead:
    """Positions accepted behind ``stand`` and before ``until``, in that order. One query."""
    found = _own(access, given).filter(after("txid", "id", stand.txid, stand.last), txid__lt=until)
    if given.performance is not None:
        found = found.filter(performance_id=given.performance)
    if given.performances != PerformanceFilter():
        mine = Performance.objects.filter(narrowed_performances(access, given.performances))
        found = found.filter(performance__in=mine.order_by())
    rows = list(found.order_by("txid", "id").values_list(*_COLUMNS)[: limit + 1])
    if len(rows) > limit:
        return PositionsRead(_shapes(rows[:limit]), Stand(rows[limit - 1][-1], rows[limit - 1][0]), True)
    return PositionsRead(_shapes(rows), Stand(max(until, stand.txid), 0 if until > stand.txid else stand.last), False)


def _own(access: Access, given: PositionFilter) -> Any:
    found = Position.objects.within(access)
    if given.measure is not None:
        found = found.filter(measure=given.measure)
    if given.known_since is not None:
        found = found.filter(known_at__gte=given.known_since)
    return found


def _shapes(rows: Iterable[Sequence[Any]]) -> list[Shape]:
    return [_shape(row) for row in rows]


def _shape(row: Sequence[Any]) -> Shape:
    measure = Measure(row[3])
    kinds: list[Tickets | None] = [None] * 4
    if measure is Measure.TICKETS:
        kinds = [Tickets(tickets=row[7 + n] or 0, recette_cents=row[11 + n] or 0) for n in range(4)]
    return Shape(
        id=row[0],
        performance=row[1],
        production=row[2],
        measure=measure.name.lower(),  # type: ignore[arg-type]  # the names are the literals
        true_at=row[4],
        known_at=row[5],
        sales_date=row[6],
        normal=kinds[0],
        discount=kinds[1],
        free=kinds[2],
        other=kinds[3],
        seats=row[15],
        value_cents=row[16],
        ranks=row[17],
        restates=row[18],
    )
