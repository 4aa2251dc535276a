"""Lines to compare: by days before, over the performances that have come as near; by weeks on sale, over all of them."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from math import ceil

from dip.kernel.money import ratio
from dip.sales.rules.curves import running
from dip.sales.rules.seasons import REMARKABLE
from dip.sales.terms import Sentence
from dip.sales.terms.compare import Align, Gauge, Pair, Point, Series

#: The axis reaches at most so many days back.
LONGEST = 500
#: A difference of occupancies below half a point does not stand out.
LEAST_POINTS = 0.005


def by_days(
    deltas: Mapping[tuple[int, int], int], seats: Mapping[int, int], reached: Mapping[int, float], gauge: Gauge
) -> tuple[Point, ...]:
    """The line by days before, furthest first, one point a day.

    ``deltas``: (performance, days before) → new tickets; ``seats``: performance with figures → seats for sale; ``reached``: → how
    near it has come, 0 once played. A mean or an occupancy counts at each day the performances that came as near, so that its last
    points rest on fewer of them. A total ends where the first performance has not come nearer: it would lose tickets beyond.
    """
    known = {key: tickets for key, tickets in deltas.items() if key[0] in seats and tickets}
    if not known:
        return ()
    first = min(max(days for _number, days in known), LONGEST)
    new: dict[int, list[tuple[int, int]]] = {}
    for (number, days), tickets in known.items():
        new.setdefault(min(max(days, 0), first), []).append((number, tickets))
    leaving: dict[int, list[int]] = {}
    for number in seats:
        leaving.setdefault(ceil(reached[number]) - 1, []).append(number)
    last = max((ceil(reached[number]) for number in seats), default=0) if gauge is Gauge.TICKETS else 0
    return _counted(first, last, new, leaving, seats, gauge)


def _counted(
    first: int,
    last: int,
    new: Mapping[int, Sequence[tuple[int, int]]],
    leaving: Mapping[int, Sequence[int]],
    seats: Mapping[int, int],
    gauge: Gauge,
) -> tuple[Point, ...]:
    """Down from ``first`` to ``last`` days before: ``new`` tickets come in; performances that came no nearer leave with theirs."""
    sold = dict.fromkeys(seats, 0)
    gone = {number for day, numbers in leaving.items() if day >= first for number in numbers}
    total, places, count = 0, sum(n for number, n in seats.items() if number not in gone), len(seats) - len(gone)
    points = []
    for day in range(first, last - 1, -1):
        if day < first:
            for number in leaving.get(day, ()):
                total, places, count = total - sold[number], places - seats[number], count - 1
                gone.add(number)
        for number, tickets in new.get(day, ()):
            sold[number] += tickets
            total += 0 if number in gone else tickets
        if count:
            points.append(_point(day, total, places, count, gauge))
    return tuple(point for point in points if point is not None)


def _point(x: int, sold: int, seats: int, count: int, gauge: Gauge) -> Point | None:
    if gauge is Gauge.TICKETS:
        return Point(x, sold, count)
    value = ratio(sold, count) if gauge is Gauge.MEAN else ratio(sold, seats)
    return None if value is None else Point(x, value, count)


def sale_began(deltas: Mapping[date, int]) -> date | None:
    """The first sales day after which a paid ticket is known."""
    return next((day for day, sold in running(deltas) if sold > 0), None)


def by_weeks(deltas: Mapping[date, int], sold_now: int, seats: int, count: int, until: date, gauge: Gauge) -> tuple[Point, ...]:
    """The line by days since the sale began, first one first, one point a day; it ends on ``until`` at what is sold now."""
    began = sale_began(deltas)
    if began is None or not count:
        return ()
    totals = running(deltas)
    days = [day for day, _sold in totals]
    length = max((until - began).days, 0)
    points = []
    for x in range(length + 1):
        place = bisect_right(days, began.fromordinal(began.toordinal() + x)) - 1
        sold = sold_now if x == length else totals[place][1]
        points.append(_point(x, sold, seats, count, gauge))
    return tuple(point for point in points if point is not None)


def value_at(series: Series, x: int) -> float | None:
    """What the line says at ``x``; None outside it."""
    found = {point.x: point.value for point in series.points}
    return found.get(x)


def meeting(align: Align, a: Series, b: Series) -> int | None:
    """The furthest place along the axis to which both lines have come."""
    if a.stop is None or b.stop is None:
        return None
    at = max(a.stop.x, b.stop.x) if align is Align.DAYS else min(a.stop.x, b.stop.x)
    return at if value_at(a, at) is not None and value_at(b, at) is not None else None


def heading(pair: Pair) -> Sentence:
    """What stands out: which of the two is ahead where both have come, by how much, and where that is."""
    values: dict[str, object] = {"a": pair.a.subject.name, "b": pair.b.subject.name, "gauge": pair.gauge, "align": pair.align}
    if pair.meeting is None:
        return Sentence("beside", values)
    one, other = value_at(pair.a, pair.meeting) or 0.0, value_at(pair.b, pair.meeting) or 0.0
    gap = one - other
    values |= {"gap": abs(gap), "at": pair.meeting, "one": one, "other": other}
    least = LEAST_POINTS if pair.gauge is Gauge.OCCUPANCY else max(REMARKABLE * other, 0.5)
    if abs(gap) < least:
        return Sentence("level", values)
    return Sentence("ahead" if gap > 0 else "behind", values)


def stops(pair: Pair) -> list[int]:
    """Places of the twin and of the walk, in the order of the axis: every week, each of the last ten days before, all ends."""
    every = {point.x for series in (pair.a, pair.b) for point in series.points}
    ends = {series.points[at].x for series in (pair.a, pair.b) if series.points for at in (0, -1)}
    near = {x for x in every if pair.align is Align.DAYS and x <= 10}
    chosen = {x for x in every if x % 7 == 0} | near | ends
    return sorted(chosen, reverse=pair.align is Align.DAYS)
