"""This season beside the last one, by date of sale."""

from collections.abc import Sequence
from datetime import date, timedelta

#: Below this share of last year's tickets a difference does not stand out.
REMARKABLE = 0.01


def same_day_next_year(day: date) -> date:
    """The same day a year on; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)


def value_on(points: Sequence[tuple[date, int]], day: date) -> int:
    """The running total at ``day``: the newest point not after it, 0 before the first. ``points`` ascend."""
    found = 0
    for when, value in points:
        if when > day:
            break
        found = value
    return found


def beside(
    this: Sequence[tuple[date, int]], last: Sequence[tuple[date, int]], today: date, sold_now: int
) -> list[tuple[date, int | None, int | None]]:
    """(date, this season, last season moved on a year), weekly and at today; this season stops at today, at ``sold_now``."""
    moved = [(same_day_next_year(day), value) for day, value in last]
    starts = [points[0][0] for points in (this, moved) if points]
    if not starts:
        return []
    first = min([*starts, today])
    end = max([today, *(points[-1][0] for points in (moved,) if points)])
    days = sorted({first + timedelta(days=n) for n in range(0, (end - first).days + 1, 7)} | {today, end})
    rows: list[tuple[date, int | None, int | None]] = []
    for day in days:
        own = sold_now if day == today else value_on(this, day) if day < today else None
        rows.append((day, own, value_on(moved, day) if moved else None))
    return rows


def lead(sold_now: int, last: Sequence[tuple[date, int]], today: date) -> int | None:
    """Tickets more than last season at the same day; None without a last season."""
    if not last:
        return None
    return sold_now - value_on([(same_day_next_year(day), value) for day, value in last], today)
