"""Working days in the Netherlands, against days that anybody can look up."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dip.contracts.rules.working_days import easter, holidays, is_working_day, kings_day, working_days_after


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (1961, (4, 2)),
        (2000, (4, 23)),
        (2008, (3, 23)),
        (2019, (4, 21)),
        (2024, (3, 31)),
        (2026, (4, 5)),
        (2027, (3, 28)),
        (2038, (4, 25)),
    ],
)
def test_easter(year, day):
    assert easter(year) == date(year, *day)


def test_the_holidays_of_a_year():
    found = {day.isoformat()[5:] for day in holidays(2026)}
    assert found == {"01-01", "04-03", "04-06", "04-27", "05-05", "05-14", "05-25", "12-25", "12-26"}


@pytest.mark.parametrize(("year", "day"), [(2013, "04-30"), (2014, "04-26"), (2025, "04-26"), (2026, "04-27")])
def test_kings_day_moves_from_a_sunday(year, day):
    assert kings_day(year).isoformat()[5:] == day


@pytest.mark.parametrize(
    ("day", "count", "then"),
    [
        ("2026-11-20", 5, "2026-11-27"),  # a Friday
        ("2026-12-23", 2, "2026-12-28"),  # Christmas on Friday and Saturday
        ("2026-04-02", 5, "2026-04-13"),  # Good Friday and Easter Monday
        ("2026-05-13", 1, "2026-05-15"),  # Ascension Day
        ("2026-11-23", -1, "2026-11-20"),
        ("2026-11-23", 0, "2026-11-23"),
    ],
)
def test_counting(day, count, then):
    assert working_days_after(date.fromisoformat(day), count).isoformat() == then


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 30))
def test_it_always_ends_on_a_working_day_and_back_again(day, count):
    then = working_days_after(day, count)
    assert is_working_day(then)
    assert sum(is_working_day(day + timedelta(days=step)) for step in range(1, (then - day).days + 1)) == count
    assert is_working_day(working_days_after(then, -count))
