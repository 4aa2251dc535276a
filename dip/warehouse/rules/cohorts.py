"""Which performances are comparable: size classes of halls, the seasons of a cohort, and the grid of days before."""

from dip.warehouse.terms import HallSize

#: Gross seats from which a hall is middle, and from which it is large.
MIDDLE_FROM, LARGE_FROM = 200, 500

#: Days before the performance for which national curves are kept: daily in the last four weeks, weekly up to a year.
GRID: tuple[int, ...] = (*range(364, 28, -7), *range(28, -1, -1))


def hall_size(capacity: int) -> HallSize:
    """Size class of a hall with ``capacity`` gross seats: below 200 small, 200 to 499 middle, 500 and more large."""
    if capacity < MIDDLE_FROM:
        return HallSize.SMALL
    return HallSize.MIDDLE if capacity < LARGE_FROM else HallSize.LARGE


def cohort_seasons(season_year: int) -> tuple[int, int]:
    """The two finished seasons with which a performance of ``season_year`` is compared, oldest first."""
    return season_year - 2, season_year - 1


def grid_day(days_before: int) -> int:
    """The day of :data:`GRID` at which a performance ``days_before`` away is compared: the nearest one further off or equal.

    >>> grid_day(30), grid_day(5), grid_day(400), grid_day(-3)
    (35, 5, 364, 0)
    """
    if days_before <= 28:
        return max(days_before, 0)
    return min(-(-days_before // 7) * 7, GRID[0])
