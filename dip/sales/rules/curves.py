"""Sales curves: own line stopping where the figures stop, comparable performances beside it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from dip.kernel.clock import days_before
from dip.sales.rules.distance import fills_at
from dip.sales.terms import CurvePoint, DatePoint, DayState
from dip.warehouse.terms import Band, NotShown

#: Days before at which the band is drawn: weekly far off, daily near.
NEAR, STEP = 28, 7


def own_points(days: Sequence[DayState], performance_date: date, last: tuple[float, int] | None) -> list[tuple[float, int]]:
    """(days before, tickets) of closed sales days, oldest first, ending in the newest state ``last``.

    Days on which nothing changed carry no state of their own: the line is a step only where figures moved, so the point before a
    jump is added at the day before it. Nothing lies right of ``last``, and nothing left of day 0: the final state closes day 0.
    """
    points: list[tuple[float, int]] = []
    for day in days:
        x = max(days_before(performance_date, day.sales_date), 0)
        if points and points[-1][0] - x > 1:
            points.append((x + 1.0, points[-1][1]))
        if points and points[-1][0] == x:
            points.pop()
        points.append((float(x), day.sold))
    if last is None:
        return points
    stop, sold = last
    points = [point for point in points if point[0] > stop]
    if points and points[-1][0] - stop > 1:
        points.append((stop + 1.0, points[-1][1]))
    return [*points, (stop, sold)]


def grid(first: float) -> list[int]:
    """Whole days from ``first`` (or a little further) down to 0: weekly, daily in the last four weeks."""
    start = max(int(-(-first // STEP) * STEP), NEAR)
    return [*range(start, NEAR, -STEP), *range(NEAR, -1, -1)]


def sales_curve(
    days: Sequence[DayState], performance_date: date, last: tuple[float, int] | None, band: Band | NotShown | None, for_sale: int
) -> list[CurvePoint]:
    """All points of the chart, furthest first: own tickets where there are any, the band scaled to ``for_sale`` on its grid."""
    own = own_points(days, performance_date, last)
    by_x: dict[float, int] = dict(own)
    xs = set(by_x)
    if isinstance(band, Band):
        xs |= {float(x) for x in grid(max([*by_x, 90.0]))}
    return [_point(x, by_x.get(x), band, for_sale) for x in sorted(xs, reverse=True)]


def _point(x: float, sold: int | None, band: Band | NotShown | None, for_sale: int) -> CurvePoint:
    if not isinstance(band, Band):
        return CurvePoint(x, sold, None, None, None)
    low, middle, high = (fill * for_sale for fill in fills_at(band, x))
    return CurvePoint(x, sold, low, middle, high)


def running(deltas: Mapping[date, int]) -> list[tuple[date, int]]:
    """Cumulative totals from new tickets per day, oldest first."""
    total, points = 0, []
    for day in sorted(deltas):
        total += deltas[day]
        points.append((day, total))
    return points


def tour_by_date(
    deltas: Mapping[date, int], today: date, sold_now: int, plan: Iterable[tuple[date, int, Band | NotShown | None]]
) -> list[DatePoint]:
    """Cumulative tickets of a tour by date, with the median of comparable performances added up.

    ``plan``: of each performance with figures its date, seats for sale and band. The own line ends today at ``sold_now``; the median
    runs on to the last performance, and is None as soon as one band may not be shown.
    """
    own = [(day, sold) for day, sold in running(deltas) if day < today] + [(today, sold_now)]
    rows = list(plan)
    last = max([today, *(day for day, _, _ in rows)])
    days = {day for day, _ in own} | _weekly(own[0][0], last) | {last}
    sold = dict(own)
    bands = [(day, seats, band) for day, seats, band in rows if isinstance(band, Band)]
    whole = bool(rows) and len(bands) == len(rows)
    return [DatePoint(day, sold.get(day), _expected_on(day, bands) if whole else None) for day in sorted(days)]


def _weekly(first: date, last: date) -> set[date]:
    return {first + timedelta(days=n) for n in range(0, max((last - first).days, 0) + 1, STEP)}


def _expected_on(day: date, bands: list[tuple[date, int, Band]]) -> float:
    return sum(band.at(max(days_before(performed, day), 0))[1] * seats for performed, seats, band in bands)


def tour_by_distance(
    deltas: Mapping[tuple[int, int], int], seats: Mapping[int, int], reached: Mapping[int, float]
) -> list[tuple[int, float, int]]:
    """Mean fill of a tour by days before: (days before, fill, performances), furthest first.

    ``deltas``: (performance number, days before) → new tickets; ``seats``: number → seats for sale; ``reached``: number → distance of
    its newest figures. At each day only performances count that came that near, so the last points rest on fewer of them.
    """
    if not deltas:
        return []
    first = max(days for _, days in deltas)
    sold = dict.fromkeys(seats, 0)
    by_day: dict[int, list[tuple[int, int]]] = {}
    for (number, days), tickets in deltas.items():
        by_day.setdefault(max(days, 0), []).append((number, tickets))
    shown = set(grid(first))
    points = []
    for day in range(max(first, *shown), -1, -1):
        for number, tickets in by_day.get(day, ()):
            sold[number] += tickets
        near = [n for n, distance in reached.items() if distance <= day and seats.get(n)]
        if day in shown and near:
            points.append((day, sum(sold[n] for n in near) / sum(seats[n] for n in near), len(near)))
    return points
