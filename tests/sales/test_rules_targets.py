"""Targets: how far, what is asked for by now, numbers to begin with."""

from datetime import date
from decimal import Decimal

import pytest

from dip.sales.rules import targets
from dip.sales.terms import Expectation, Goal, Status
from dip.warehouse.terms import NotShown
from tests.sales.shapes import a_line, a_standing, a_state, an_evening

HALF_WAY = Expectation(100, 200, 300, 400)


def test_a_target_asks_for_its_part_of_the_median():
    row = a_standing(Status.ON_COURSE, expected=HALF_WAY)
    assert targets.due(row, Goal(500)) == 250


def test_once_played_the_whole_target_is_asked_for():
    assert targets.due(a_standing(None, days=-1, is_played=True), Goal(500)) == 500


@pytest.mark.parametrize("expected", [None, NotShown(), Expectation(0, 0, 0, 0)])
def test_without_a_comparison_nothing_is_said_of_pace(expected):
    row = a_standing(None, expected=expected)
    assert targets.due(row, Goal(500)) is None
    assert targets.heading(row) is None


def test_the_end_at_this_pace_never_passes_the_seats():
    assert targets.heading(a_standing(None, line=a_line(100), expected=HALF_WAY)) == 200
    assert targets.heading(a_standing(None, line=a_line(600), expected=HALF_WAY)) == 700  # 720 seats, 20 blocked


def test_more_sold_than_seats_is_at_least_what_is_sold():
    row = a_standing(None, line=a_line(state=a_state(710)), expected=HALF_WAY)
    assert targets.heading(row) == 710


def test_a_tour_adds_up_and_tells_its_coverage():
    first = a_standing(None, line=a_line(100, number=1), expected=HALF_WAY)
    silent = a_standing(None, line=a_line(None, number=2), expected=HALF_WAY)
    without = a_standing(None, line=a_line(50, number=3), expected=HALF_WAY)
    found = targets.progress([first, silent, without], {1: Goal(400, 1_000_000), 2: Goal(100)})
    assert (found.performances, found.with_figures, found.all_performances) == (2, 1, 3)
    assert (found.sold, found.target, found.share) == (100, 500, 0.2)
    assert (found.recette_cents, found.recette_target_cents, found.recette_share) == (250_000, 1_000_000, 0.25)
    assert found.expected == 250
    assert found.heading is None  # of the silent one nothing can be said


def test_without_targets_there_is_no_share():
    found = targets.progress([a_standing(None)], {})
    assert found.share is None
    assert found.expected is None


@pytest.mark.parametrize(("seats", "percent", "tickets"), [(700, "70", 490), (15, "70", 11), (1, "10", 1), (0, "70", None)])
def test_a_percentage_of_the_seats(seats, percent, tickets):
    assert targets.of_capacity(seats, Decimal(percent)) == tickets


def test_an_earlier_result_times_a_factor():
    assert targets.of_before(310, Decimal("1.05")) == 326
    assert targets.of_before(0, Decimal("1.05")) is None


def earlier(number: int, sold: int = 300, **over):
    values = {"number": number, "on": date(2025, 11, 5), "title": "Iets anders", "theatre_id": 9, "hall_id": 9, "genre_id": 9}
    return an_evening(**values | over), sold


def test_the_most_alike_is_the_example():
    asked = an_evening(title="Vloed", theatre_id=3, hall_id=4, genre_id=1)
    same_hall = earlier(11, hall_id=4, genre_id=1)
    same_title = earlier(12, title="VLOED", theatre_id=3)
    same_genre = earlier(13, genre_id=1)
    assert targets.example(asked, [same_genre, same_hall, same_title]) == same_title
    assert targets.example(asked, [same_genre, same_hall]) == same_hall
    assert targets.example(asked, [same_genre]) == same_genre
    assert targets.example(asked, [earlier(14)]) is None


def test_a_hall_of_another_size_is_no_example():
    asked = an_evening(capacity=720)
    assert targets.example(asked, [earlier(11, genre_id=1, capacity=200)]) is None


def test_the_same_weekday_comes_first():
    asked = an_evening(on=date(2026, 12, 5))  # a Saturday
    tuesday, saturday = earlier(11, genre_id=1, on=date(2025, 12, 2)), earlier(12, genre_id=1, on=date(2025, 11, 1))
    assert targets.example(asked, [tuesday, saturday]) == saturday
