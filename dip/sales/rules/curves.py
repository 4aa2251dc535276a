"""Sales curves: own line stopping where the figures stop, comparable performances beside it."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from math import inf

from dip.kernel.clock import days_before
from dip.sales.rules.distance import fills_at
from dip.sales.terms import DatePoint, DayState, Expectation
from dip.warehouse.terms import Band, NotShown

#: Days before at which the band is drawn: weekly far off, daily near.
NEAR, STEP = 28, 7


def own_points(days: Sequence[DayState], performance_date: date, last: tuple[int, int] | None) -> list[tuple[int, int]]:
    """(days before, tickets) of closed sales days, furthest first, ending in the newest state ``last``.

    Figures move on some days only: the line is flat until the day before each move. Nothing lies right of ``last``, and nothing
    left of day 0: what was heard after the performance is the final state, on day 0.
    """
    points: list[tuple[int, int]] = []
    for day in days:
        _step(points, max(days_before(performance_date, day.sales_date), 0), day.sold)
    if last is None:
        return points
    stop, sold = last
    points = [point for point in points if point[0] > stop]
    _step(points, stop, sold)
    return points


def _step(points: list[tuple[int, int]], x: int, sold: int) -> None:
    if points and points[-1][0] == x:
        points.pop()
    if points and points[-1][0] - x > 1:
        points.append((x + 1, points[-1][1]))
    points.append((x, sold))


def grid(first: int) -> list[int]:
    """Whole days from ``first`` (or a little further) down to 0: weekly, daily in the last four weeks."""
    start = max(-(-first // STEP) * STEP, NEAR)
    return [*range(start, NEAR, -STEP), *range(NEAR, -1, -1)]


def band_points(
    band: Band | NotShown | None,
    for_sale: int,
    first: int,
    today: int | None = None,
    expected: Expectation | NotShown | None = None,
) -> list[tuple[int, float, float, float]]:
    """(days before, p10, median, p90) in tickets of a hall with ``for_sale`` seats, from ``first`` days before to day 0.

    At ``today`` the point is ``expected``: where comparable performances stood at this hour, so that line, heading and table agree.
    Empty where the band may not be shown.
    """
    if not isinstance(band, Band):
        return []
    points = {day: fills_at(band, day) for day in grid(first)}
    rows = {day: (low * for_sale, middle * for_sale, high * for_sale) for day, (low, middle, high) in points.items()}
    if today is not None and isinstance(expected, Expectation):
        rows[today] = (expected.p10, expected.median, expected.p90)
    return [(day, *rows[day]) for day in sorted(rows, reverse=True)]


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
    """Cumulative tickets of a tour by date, with the median of comparable performances added up on Mondays, today and at both ends.

    ``plan``: of each performance with figures its date, seats for sale and band. The own line ends today at ``sold_now``; the median
    runs on to the last performance, and is None as soon as one band may not be shown.
    """
    own = [(day, sold) for day, sold in running(deltas) if day < today] + [(today, sold_now)]
    rows = list(plan)
    last = max([today, *(day for day, _, _ in rows)])
    stops = _mondays(own[0][0], last) | {own[0][0], today, last}
    sold = dict(own)
    bands = [(day, seats, band) for day, seats, band in rows if isinstance(band, Band)]
    whole = bool(rows) and len(bands) == len(rows)
    points = []
    for day in sorted(stops | set(sold)):
        median = _expected_on(day, bands) if whole and day in stops else None
        points.append(DatePoint(day, _carried(own, day) if day <= today else None, median))
    return points


def _carried(own: Sequence[tuple[date, int]], day: date) -> int:
    return own[bisect_right(own, (day, inf)) - 1][1]


def _mondays(first: date, last: date) -> set[date]:
    start = first + timedelta(days=-first.weekday() % STEP)
    return {start + timedelta(days=n) for n in range(0, (last - start).days + 1, STEP)}


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
