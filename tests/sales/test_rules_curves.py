"""Curves stop where the figures stop."""

from datetime import date, timedelta

import pytest

from dip.sales.rules.cadence import cadence
from dip.sales.rules.curves import band_points, grid, own_points, running, tour_by_date, tour_by_distance
from dip.sales.rules.seasons import lead, until, value_on
from dip.sales.terms import Cadence, DayState, Expectation
from dip.warehouse.terms import NotShown
from tests.sales.shapes import a_band

SHOW = date(2027, 1, 2)


def closes(*pairs):
    return [DayState(SHOW - timedelta(days=before), sold, sold * 2500) for before, sold in pairs]


def test_the_line_is_flat_over_days_on_which_nothing_moved():
    assert own_points(closes((20, 5), (10, 8)), SHOW, None) == [(20, 5), (11, 5), (10, 8)]


def test_the_line_ends_in_the_newest_state():
    assert own_points(closes((20, 5), (19, 6)), SHOW, (18, 9)) == [(20, 5), (19, 6), (18, 9)]
    assert own_points(closes((20, 5)), SHOW, (12, 5))[-2:] == [(13, 5), (12, 5)]
    assert own_points([], SHOW, (12, 5)) == [(12, 5)]


def test_nothing_of_the_own_line_lies_right_of_today():
    assert min(x for x, _ in own_points(closes((60, 10), (41, 300), (40, 310), (39, 320)), SHOW, (40, 338))) == 40


def test_figures_after_the_performance_are_the_final_state_at_day_0():
    assert own_points(closes((1, 80), (0, 90), (-1, 92)), SHOW, (0, 92)) == [(1, 80), (0, 92)]
    assert own_points(closes((1, 80), (-2, 92)), SHOW, None) == [(1, 80), (0, 92)]


def test_the_band_is_scaled_to_this_hall():
    points = band_points(a_band(0.6), 700, 60)
    assert points[0][0] == 63
    assert points[-1] == (0, pytest.approx(210), pytest.approx(420), pytest.approx(630))


def test_today_the_band_stands_where_others_stood_at_this_hour():
    points = {x: median for x, _, median, _ in band_points(a_band(0.6), 700, 60, 40, Expectation(1, 258.6, 400, 420))}
    assert points[40] == 258.6
    assert points[42] > points[35] * 0.5


@pytest.mark.parametrize("band", [NotShown(), None])
def test_a_band_that_is_not_shown_is_not_drawn(band):
    assert band_points(band, 700, 60, 40, NotShown()) == []


def test_the_grid_is_weekly_then_daily():
    assert grid(60)[:3] == [63, 56, 49]
    assert grid(5) == list(range(28, -1, -1))


def test_running_totals():
    assert running({date(2026, 5, 2): 3, date(2026, 5, 1): 2}) == [(date(2026, 5, 1), 2), (date(2026, 5, 2), 5)]


def test_a_tour_by_date_ends_today_and_its_median_runs_on():
    today = date(2026, 12, 1)
    deltas = {date(2026, 11, 1): 10, date(2026, 11, 20): 5}
    points = tour_by_date(deltas, today, 17, [(SHOW, 700, a_band(0.6))])
    own = [p for p in points if p.sold is not None]
    assert own[-1].day == today
    assert own[-1].sold == 17
    assert points[-1].day == SHOW
    assert points[-1].median == pytest.approx(420)
    assert {p.day for p in points if p.median is not None} >= {date(2026, 11, 1), date(2026, 11, 2), today, SHOW}
    assert next(p.sold for p in points if p.day == date(2026, 11, 9)) == 10


def test_a_tour_with_a_band_not_shown_has_no_median():
    points = tour_by_date({date(2026, 11, 1): 10}, date(2026, 12, 1), 10, [(SHOW, 700, a_band()), (SHOW, 500, NotShown())])
    assert {p.median for p in points} == {None}


def test_a_tour_by_distance_counts_only_who_came_that_near():
    deltas = {(1, 30): 50, (1, 0): 50, (2, 30): 20}
    points = {day: (fill, n) for day, fill, n in tour_by_distance(deltas, {1: 100, 2: 100}, {1: 0.0, 2: 25.3})}
    assert points[28] == (pytest.approx(0.35), 2)
    assert points[25] == (pytest.approx(0.5), 1)
    assert points[0] == (pytest.approx(1.0), 1)
    assert tour_by_distance({}, {}, {}) == []


def test_the_season_runs_ahead_of_last_year_at_the_same_weekday():
    last = [(date(2025, 5, 1), 100), (date(2025, 11, 24), 400), (date(2025, 11, 25), 450), (date(2026, 3, 1), 900)]
    assert lead(500, last, date(2026, 11, 23)) == 100
    assert lead(500, [], date(2026, 11, 23)) is None


def test_the_season_ends_today_at_the_number_of_the_page():
    this = [(date(2026, 11, 21), 300), (date(2026, 11, 22), 400), (date(2026, 11, 23), 420)]
    assert until(this, date(2026, 11, 23), 431) == [*this[:2], (date(2026, 11, 23), 431)]


def test_value_on_is_the_newest_not_after():
    points = [(date(2026, 5, 1), 3), (date(2026, 5, 9), 7)]
    assert [value_on(points, date(2026, 5, d)) for d in (1, 8, 9)] == [3, 3, 7]
    assert value_on(points, date(2026, 4, 1)) == 0


@pytest.mark.parametrize(
    ("per_day", "hours", "expected"),
    [
        ([], [], Cadence.UNKNOWN),
        ([1, 5, 1], [2, 14, 3], Cadence.HOURLY),
        ([1, 1, 2], [2, 3, 2], Cadence.NIGHTLY),
        ([1, 1], [9, 10], Cadence.DAILY),
    ],
)
def test_rhythm_of_a_system(per_day, hours, expected):
    assert cadence(per_day, hours) is expected
