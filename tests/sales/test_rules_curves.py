"""Curves stop where the figures stop."""

from datetime import date, timedelta

import pytest

from dip.sales.rules.cadence import cadence
from dip.sales.rules.curves import grid, own_points, running, sales_curve, tour_by_date, tour_by_distance
from dip.sales.rules.seasons import beside, lead, same_day_next_year, value_on
from dip.sales.terms import Cadence, DayState
from dip.warehouse.terms import NotShown
from tests.sales.shapes import a_band

SHOW = date(2027, 1, 2)


def closes(*pairs):
    return [DayState(SHOW - timedelta(days=before), sold, sold * 2500) for before, sold in pairs]


def test_the_line_is_a_step_over_days_on_which_nothing_moved():
    assert own_points(closes((20, 5), (10, 8)), SHOW, None) == [(20.0, 5), (11.0, 5), (10.0, 8)]


def test_the_line_ends_in_the_newest_state():
    assert own_points(closes((20, 5), (19, 6)), SHOW, (18.6, 9)) == [(20.0, 5), (19.0, 6), (18.6, 9)]
    assert own_points(closes((20, 5)), SHOW, (12.5, 5))[-2:] == [(13.5, 5), (12.5, 5)]


def test_a_day_still_running_is_replaced_by_the_newest_state():
    assert own_points(closes((20, 5), (19, 6)), SHOW, (19.4, 6)) == [(20.0, 5), (19.4, 6)]


def test_figures_after_the_performance_are_the_final_state_at_day_0():
    assert own_points(closes((1, 80), (0, 90), (-1, 92)), SHOW, (0.0, 92)) == [(1.0, 80), (0.0, 92)]


def test_nothing_of_the_own_line_lies_right_of_today():
    points = sales_curve(closes((60, 10), (41, 300)), SHOW, (40.9, 338), a_band(), 700)
    assert min(p.x for p in points if p.sold is not None) == 40.9
    assert min(p.x for p in points if p.median is not None) == 0
    assert [p.x for p in points] == sorted((p.x for p in points), reverse=True)


def test_the_band_is_scaled_to_this_hall():
    last = sales_curve(closes((60, 10)), SHOW, (40.0, 20), a_band(0.6), 700)[-1]
    assert (last.x, last.sold, last.p10, last.median, last.p90) == (
        0.0,
        None,
        pytest.approx(210),
        pytest.approx(420),
        pytest.approx(630),
    )


@pytest.mark.parametrize("band", [NotShown(), None])
def test_without_a_band_only_the_own_line_remains(band):
    points = sales_curve(closes((60, 10), (50, 12)), SHOW, (40.0, 20), band, 700)
    assert {(p.p10, p.median, p.p90) for p in points} == {(None, None, None)}
    assert points[-1].x == 40.0


def test_no_figures_and_no_band_is_no_curve():
    assert sales_curve([], SHOW, None, None, 700) == []


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


def test_seasons_lie_on_each_other_by_the_same_day():
    assert same_day_next_year(date(2024, 2, 29)) == date(2025, 3, 1)
    last = [(date(2025, 5, 1), 100), (date(2026, 3, 1), 900)]
    this = [(date(2026, 5, 2), 120)]
    today = date(2026, 11, 23)
    rows = beside(this, last, today, 500)
    assert {own for day, own, _ in rows if day > today} == {None}
    assert next(row for row in rows if row[0] == today) == (today, 500, 100)
    assert rows[-1] == (date(2027, 3, 1), None, 900)
    assert lead(500, last, today) == 400
    assert lead(500, [], today) is None
    assert beside([], [], today, 0) == []


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
