"""This season beside the last one, by date of sale."""

from collections.abc import Sequence
from datetime import date, timedelta

#: Below this share a difference does not stand out.
REMARKABLE = 0.01
#: A year later on the same weekday, so that weekends are set beside weekends.
YEAR = timedelta(days=364)


def value_on(points: Sequence[tuple[date, int]], day: date) -> int:
    """The running total at ``day``: the newest point not after it, 0 before the first. ``points`` ascend."""
    found = 0
    for when, value in points:
        if when > day:
            break
        found = value
    return found


def lead(sold_now: int, last: Sequence[tuple[date, int]], today: date) -> int | None:
    """Tickets more than last season at the same day; None without a last season."""
    return sold_now - value_on(last, today - YEAR) if last else None


def until(points: Sequence[tuple[date, int]], today: date, sold_now: int) -> list[tuple[date, int]]:
    """A running total that ends today, at the number that the page shows."""
    return [*(point for point in points if point[0] < today), (today, sold_now)]
