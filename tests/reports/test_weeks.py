"""Weeks: which Monday, which moment, which days."""

from datetime import UTC, date, datetime

import pytest

from dip.kernel.clock import local
from dip.reports.rules.weeks import days_of, known_at, monday_of, starts, week_number


@pytest.mark.parametrize(
    ("moment", "monday"),
    [
        (datetime(2026, 11, 23, 3, 59, tzinfo=UTC), date(2026, 11, 16)),  # 04:59 local: the Sunday still runs
        (datetime(2026, 11, 23, 4, 0, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 29, 22, 0, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2027, 3, 29, 3, 0, tzinfo=UTC), date(2027, 3, 29)),  # 05:00 in summer time, which began the day before
    ],
)
def test_the_week_begins_when_the_sales_day_of_sunday_closed(moment, monday):
    assert monday_of(moment) == monday


@pytest.mark.parametrize("monday", [date(2026, 11, 23), date(2027, 3, 29), date(2026, 10, 26)])
def test_the_moment_is_five_o_clock_summer_and_winter(monday):
    assert local(known_at(monday)).strftime("%Y-%m-%d %H:%M") == f"{monday} 05:00"


def test_the_week_told_of_is_the_one_before():
    assert days_of(date(2026, 11, 23)) == (date(2026, 11, 16), date(2026, 11, 22))
    assert week_number(date(2026, 11, 23)) == 47
    assert week_number(date(2027, 1, 4)) == 53  # 28 December to 3 January
    assert starts(date(2026, 11, 23))[0] == date(2026, 9, 14)
    assert len(starts(date(2026, 11, 23))) == 10
