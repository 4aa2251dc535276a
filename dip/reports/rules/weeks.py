"""Weeks: a report goes out on Monday, and holds what was known at 05:00 that morning, when the sales day of Sunday had closed."""

from datetime import date, datetime, time, timedelta

from dip.kernel.clock import SALES_DAY_STARTS_HOUR, from_local, sales_date

WEEK = timedelta(days=7)
#: Weeks of the table of weeks.
WEEKS = 10


def monday_of(moment: datetime) -> date:
    """The Monday of the newest report that can be made at ``moment``: of this week, from 05:00 on Monday.

    >>> from datetime import UTC
    >>> monday_of(datetime(2026, 11, 23, 6, 0, tzinfo=UTC)).isoformat()
    '2026-11-23'
    """
    day = sales_date(moment)
    return day - timedelta(days=day.weekday())


def known_at(monday: date) -> datetime:
    """The moment whose knowledge the report of ``monday`` holds, aware UTC."""
    return from_local(datetime.combine(monday, time(SALES_DAY_STARTS_HOUR)))


def days_of(monday: date) -> tuple[date, date]:
    """First and last sales day of the week that the report of ``monday`` tells of."""
    return monday - WEEK, monday - timedelta(days=1)


def starts(monday: date, weeks: int = WEEKS) -> list[date]:
    """The Mondays on which the last ``weeks`` weeks before ``monday`` began, oldest first."""
    return [monday - WEEK * back for back in range(weeks, 0, -1)]


def week_number(monday: date) -> int:
    """The number of the week that the report of ``monday`` tells of, as calendars print it."""
    return days_of(monday)[0].isocalendar().week
