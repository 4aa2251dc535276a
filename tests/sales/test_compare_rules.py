"""Lines to compare: which performances count at each day, where a line stops, what the heading says."""

from datetime import date, timedelta

import pytest

from dip.sales.rules import compare
from dip.sales.terms.compare import Align, Composition, Gauge, Kind, Pair, Point, Series, Subject

BEGAN = date(2026, 5, 11)
MADE = Composition(1, 1, 0, 1, 100, 100, 0, 0, 0.0, None, None, None)


def values(points, *days):
    found = {p.x: (p.value, p.performances) for p in points}
    return [found.get(day) for day in days]


def series(name="A", points=(), *, is_running=False) -> Series:
    return Series(Subject(Kind.PRODUCTION, name, name), MADE, tuple(Point(*p) for p in points), is_running)


def pair(a, b, align=Align.DAYS, gauge=Gauge.TICKETS) -> Pair:
    return Pair(align, gauge, a, b, compare.meeting(align, a, b))


class TestByDays:
    def test_a_finished_one_adds_up_to_the_end(self):
        deltas = {(1, 30): 10, (1, 0): 5, (2, 10): 20}
        points = compare.by_days(deltas, {1: 100, 2: 100}, {1: 0, 2: 0}, Gauge.TICKETS)
        assert [p.x for p in points] == list(range(30, -1, -1))
        assert values(points, 30, 11, 10, 0) == [(10, 2), (10, 2), (30, 2), (35, 2)]

    def test_a_mean_counts_who_came_as_near(self):
        deltas = {(1, 30): 10, (1, 5): 10, (2, 30): 40}
        points = compare.by_days(deltas, {1: 100, 2: 50}, {1: 0, 2: 20.4}, Gauge.MEAN)
        assert values(points, 30, 21, 20, 5, 0) == [(25, 2), (25, 2), (10, 1), (20, 1), (20, 1)]
        rate = compare.by_days(deltas, {1: 100, 2: 50}, {1: 0, 2: 20.4}, Gauge.OCCUPANCY)
        assert values(rate, 21, 20, 0) == [(pytest.approx(50 / 150), 2), (0.1, 1), (0.2, 1)]

    def test_a_total_ends_where_the_first_one_came_no_nearer(self):
        deltas = {(1, 30): 10, (1, 5): 10, (2, 30): 40}
        points = compare.by_days(deltas, {1: 100, 2: 50}, {1: 0, 2: 20.4}, Gauge.TICKETS)
        assert points[-1] == Point(21, 50, 2)

    def test_one_that_came_no_nearer_than_the_first_sale_has_no_part(self):
        points = compare.by_days({(1, 30): 10, (2, 40): 0}, {1: 100, 2: 100}, {1: 0, 2: 200}, Gauge.MEAN)
        assert values(points, 30, 0) == [(10, 1), (10, 1)]
        assert compare.by_days({(1, 30): 10}, {1: 100, 2: 100}, {1: 0, 2: 200}, Gauge.TICKETS) == ()

    def test_returns_and_what_was_sold_without_figures(self):
        points = compare.by_days({(1, 9): 10, (1, 3): -4, (7, 5): 99}, {1: 0}, {1: 0}, Gauge.TICKETS)
        assert values(points, 9, 3, 0) == [(10, 1), (6, 1), (6, 1)]
        assert compare.by_days({(1, 9): 10}, {1: 0}, {1: 0}, Gauge.OCCUPANCY) == ()
        assert compare.by_days({}, {1: 100}, {1: 0}, Gauge.MEAN) == ()

    def test_what_lies_further_back_than_the_axis_begins_with_it(self):
        points = compare.by_days({(1, 900): 10, (1, 3): 1}, {1: 100}, {1: 0}, Gauge.TICKETS)
        assert points[0] == Point(compare.LONGEST, 10, 1)
        assert points[-1] == Point(0, 11, 1)


class TestByWeeks:
    def test_from_the_first_ticket_to_today_at_what_is_sold_now(self):
        deltas = {BEGAN - timedelta(days=3): 0, BEGAN: 4, BEGAN + timedelta(days=9): 6}
        points = compare.by_weeks(deltas, 12, 40, 2, BEGAN + timedelta(days=14), Gauge.TICKETS)
        assert compare.sale_began(deltas) == BEGAN
        assert values(points, 0, 8, 9, 13, 14) == [(4, 2), (4, 2), (10, 2), (10, 2), (12, 2)]
        assert values(compare.by_weeks(deltas, 12, 40, 2, BEGAN + timedelta(days=14), Gauge.MEAN), 14) == [(6, 2)]
        assert values(compare.by_weeks(deltas, 12, 40, 2, BEGAN + timedelta(days=14), Gauge.OCCUPANCY), 14) == [(0.3, 2)]

    def test_nothing_sold_is_no_line(self):
        assert compare.by_weeks({BEGAN: 0}, 0, 40, 2, BEGAN, Gauge.TICKETS) == ()
        assert compare.by_weeks({}, 0, 40, 0, BEGAN, Gauge.TICKETS) == ()


class TestMeetingAndHeading:
    def test_both_have_come_so_far(self):
        finished, running = (
            series("A", [(d, 50 - d, 1) for d in range(50, -1, -1)]),
            series("B", [(d, 10, 1) for d in range(50, 20, -1)]),
        )
        assert compare.meeting(Align.DAYS, finished, running) == 21
        weeks = series("A", [(d, d, 1) for d in range(30)]), series("B", [(d, d, 1) for d in range(9)])
        assert compare.meeting(Align.WEEKS, *weeks) == 8
        assert compare.meeting(Align.DAYS, finished, series("B")) is None
        apart = series("A", [(9, 1, 1)]), series("B", [(300, 1, 1)])
        assert compare.meeting(Align.DAYS, *apart) is None

    @pytest.mark.parametrize(
        ("one", "other", "code", "gap"), [(80, 60, "ahead", 20), (60, 80, "behind", 20), (1000, 1004, "level", 4)]
    )
    def test_what_stands_out(self, one, other, code, gap):
        sentence = compare.heading(pair(series("A", [(0, one, 1)]), series("B", [(0, other, 1)])))
        assert (sentence.code, sentence.values["gap"]) == (code, gap)

    def test_half_a_point_of_occupancy_does_not(self):
        made = pair(series("A", [(0, 0.504, 1)]), series("B", [(0, 0.5, 1)]), gauge=Gauge.OCCUPANCY)
        assert compare.heading(made).code == "level"
        assert compare.heading(pair(series("A"), series("B"))).code == "beside"

    def test_stops_are_weeks_the_last_days_and_all_ends(self):
        made = pair(series("A", [(d, 1, 1) for d in range(30, -1, -1)]), series("B", [(d, 1, 1) for d in range(33, 19, -1)]))
        assert compare.stops(made) == [33, 30, 28, 21, 20, 14, *range(10, -1, -1)]


@pytest.mark.parametrize(
    ("subject", "token"),
    [
        (Subject(Kind.SEASON, "2026", "2026–27", season_year=2026), "season:2026"),
        (Subject(Kind.PRODUCTION, "NL-26-00101-00008", "Vloed"), "production:NL-26-00101-00008"),
        (Subject(Kind.PRODUCTION, "NL-26-00101-00008", "Vloed", season_year=2025), "production:NL-26-00101-00008:2025"),
        (Subject(Kind.THEATRE, "12", "Stad", season_year=2026), "theatre:12:2026"),
    ],
)
def test_how_an_address_names_it(subject, token):
    assert subject.token == token
