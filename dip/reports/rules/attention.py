"""What needs attention in a week's report: silence, and full halls."""

from collections.abc import Sequence
from datetime import date, timedelta

from dip.kernel.clock import local
from dip.reports.terms import PerformanceLine, WeekReport
from dip.sales.terms import Status

#: The mail names performances without figures of the next so many days, and of the last so many.
AHEAD, BACK = timedelta(days=28), timedelta(days=14)
#: The mail lists what plays in so many days.
COMING = timedelta(days=7)


def today_of(report: WeekReport) -> date:
    """The calendar day of the report's moment."""
    return local(report.known_at).date()


def silent(report: WeekReport) -> list[PerformanceLine]:
    """Performances to come of which no figures are known, or nothing was heard for too long; by date.

    With them those that played without any figure in the last fortnight.
    """
    today = today_of(report)
    return [
        line
        for line in report.lines
        if line.status is Status.NO_FIGURES
        and line.evening.performance_date >= today - BACK
        and (not line.is_played or not line.heard)
    ]


def near(lines: Sequence[PerformanceLine], today: date) -> list[PerformanceLine]:
    """Those not further ahead than the mail looks."""
    return [line for line in lines if line.evening.performance_date <= today + AHEAD]


def sold_out(report: WeekReport) -> list[PerformanceLine]:
    """Performances to come that are sold out, by date."""
    return [line for line in report.lines if line.status is Status.SOLD_OUT and not line.is_played]


def newly_sold_out(report: WeekReport) -> list[PerformanceLine]:
    """Those of them that were not a week earlier."""
    return [line for line in sold_out(report) if not (0 < line.earlier.for_sale <= line.earlier.sold)]


def coming_up(report: WeekReport) -> list[PerformanceLine]:
    """What plays in the seven days from the report's day on."""
    today = today_of(report)
    return [line for line in report.lines if today <= line.evening.performance_date < today + COMING]
