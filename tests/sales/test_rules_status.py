"""How far off, where others stood, and what that makes of a performance."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dip.sales.rules.distance import days_to, exact_days_before, expectation, fills_at, is_played
from dip.sales.rules.status import against, is_silent, joint_status, standing, stronger
from dip.sales.terms import Status
from dip.warehouse.terms import NotShown
from tests.sales.shapes import LIMITS, NOW, a_band, a_line, a_standing, a_state, an_evening


@pytest.mark.parametrize(
    ("moment", "distance"),
    [
        (datetime(2027, 1, 3, 4, 0, tzinfo=UTC), 0.0),  # 05:00 the morning after: the day is closed
        (datetime(2027, 1, 9, 4, 0, tzinfo=UTC), 0.0),  # a week later still 0
        (datetime(2027, 1, 2, 4, 0, tzinfo=UTC), 1.0),
        (datetime(2027, 1, 2, 16, 0, tzinfo=UTC), 0.5),
        (datetime(2026, 12, 31, 1, 36, tzinfo=UTC), 3.1),  # 02:36, a nightly push: nearly the close of the day before
    ],
)
def test_distance_counts_to_the_close_of_the_sales_day(moment, distance):
    assert exact_days_before(date(2027, 1, 2), moment) == pytest.approx(distance)


def test_calendar_days_are_those_of_the_clock_in_the_netherlands():
    assert days_to(date(2026, 11, 24), datetime(2026, 11, 23, 22, 59, tzinfo=UTC)) == 1
    assert days_to(date(2026, 11, 24), datetime(2026, 11, 23, 23, 1, tzinfo=UTC)) == 0
    assert days_to(date(2026, 11, 20), NOW) == -3


def test_a_performance_is_played_from_its_start():
    starts = datetime(2026, 11, 23, 19, 15, tzinfo=UTC)
    assert not is_played(starts, starts - timedelta(seconds=1))
    assert is_played(starts, starts)


def test_fills_between_whole_days_lie_on_the_line():
    band = a_band(0.6)
    assert fills_at(band, 10)[1] == pytest.approx(0.54)
    assert fills_at(band, 9.5)[1] == pytest.approx(0.543)
    assert fills_at(band, 0)[2] == pytest.approx(0.9)


def test_expectation_is_in_tickets_of_this_hall_and_keeps_what_is_not_shown():
    found = expectation(a_band(0.6), 50, 700)
    assert (found.p10, found.median, found.p90, found.final_median) == pytest.approx((105, 210, 315, 420))
    assert expectation(NotShown(), 50, 700) == NotShown()
    assert expectation(None, 50, 700) is None


@pytest.mark.parametrize(
    ("sold", "expected", "status"),
    [
        (110, 100.0, Status.AHEAD),
        (109, 100.0, Status.ON_COURSE),
        (90, 100.0, Status.ON_COURSE),
        (89, 100.0, Status.BEHIND),
        (0, 0.0, Status.ON_COURSE),
        (50, None, None),
    ],
)
def test_thresholds(sold, expected, status):
    assert against(sold, expected, LIMITS) is status


@pytest.mark.parametrize(
    ("line", "band", "status"),
    [
        (a_line(None), a_band(), Status.NO_FIGURES),
        (a_line(700), a_band(), Status.SOLD_OUT),
        (a_line(705), NotShown(), Status.SOLD_OUT),
        (a_line(400), a_band(), Status.AHEAD),
        (a_line(250), a_band(), Status.ON_COURSE),
        (a_line(150), a_band(), Status.BEHIND),
        (a_line(150), NotShown(), None),
        (a_line(150), None, None),
        (a_line(150, heard=NOW - timedelta(hours=49)), a_band(), Status.NO_FIGURES),
        (a_line(150, heard=NOW - timedelta(hours=47)), a_band(), Status.BEHIND),
        (a_line(700, heard=NOW - timedelta(days=30)), a_band(), Status.SOLD_OUT),
        (a_line(430, -5, heard=NOW), a_band(), Status.ON_COURSE),
        (a_line(500, -5, heard=NOW), a_band(), Status.AHEAD),
        (a_line(state=a_state(0, capacity=0, blocked=None)), a_band(), Status.ON_COURSE),
    ],
)
def test_status_of_a_performance(line, band, status):
    assert standing(line, band, NOW, LIMITS).status is status


def test_old_figures_are_compared_at_their_own_moment():
    heard = NOW - timedelta(hours=40)
    row = standing(a_line(250, heard=heard), a_band(), NOW, LIMITS)
    assert row.days == 40
    assert row.distance == pytest.approx(exact_days_before(row.line.evening.performance_date, heard))
    assert row.median == pytest.approx(fills_at(a_band(), row.distance)[1] * 700)


def test_silence_after_the_performance_counts_from_its_start():
    starts = NOW - timedelta(days=10)
    assert not is_silent(a_state(), starts - timedelta(hours=3), starts, NOW, LIMITS)
    assert is_silent(a_state(), starts - timedelta(hours=60), starts, NOW, LIMITS)
    assert is_silent(a_state(None), NOW, starts, NOW, LIMITS)


@pytest.mark.parametrize(
    ("lines", "status", "expected"),
    [
        ([a_line(None), a_line(None)], Status.NO_FIGURES, None),
        ([a_line(700), a_line(700)], Status.SOLD_OUT, 500),
        ([a_line(700), a_line(None)], Status.AHEAD, 250),
        ([a_line(400), a_line(150)], Status.AHEAD, 496),
        ([a_line(240), a_line(240)], Status.ON_COURSE, 496),
        ([a_line(240), a_line(10)], Status.BEHIND, 496),
        ([a_line(240, heard=NOW - timedelta(days=9))], Status.NO_FIGURES, None),
    ],
)
def test_status_of_several_together(lines, status, expected):
    rows = [standing(line, a_band(), NOW, LIMITS) for line in lines]
    found, median = joint_status(rows, LIMITS)
    assert found is status
    if expected is None:
        assert median is None
    else:
        assert median == pytest.approx(expected, rel=0.05)


def test_several_together_without_a_band_have_no_status():
    rows = [standing(a_line(240), NotShown(), NOW, LIMITS)]
    assert joint_status(rows, LIMITS) == (None, None)


def test_a_town_shows_what_is_most_remarkable():
    assert stronger(Status.ON_COURSE, Status.BEHIND) is Status.BEHIND
    assert stronger(Status.NO_FIGURES, Status.BEHIND) is Status.NO_FIGURES
    assert stronger(None, Status.AHEAD) is Status.AHEAD


def test_the_standing_of_shapes_is_usable():
    assert a_standing(Status.AHEAD).line.evening == an_evening(40)
