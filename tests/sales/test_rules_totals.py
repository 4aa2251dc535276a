"""Sums and the six key figures."""

import pytest

from dip.sales.rules.totals import key_figures, total
from dip.sales.terms import Comparison, State
from dip.warehouse.terms import NotShown
from tests.sales.shapes import a_comparison, a_state

MIXED = State(
    normal=10, discount=5, free=3, other=2, normal_cents=25000, discount_cents=10000, free_cents=100, other_cents=2900,
    reserved=4, blocked=10, capacity=110, has_tickets=True,
)  # fmt: skip


def test_sold_leaves_free_tickets_out_and_recette_keeps_their_cents():
    assert MIXED.sold == 17
    assert MIXED.recette_cents == 38000
    assert MIXED.for_sale == 100
    assert MIXED.unsold == 100 - 17 - 3 - 4
    assert MIXED.occupancy == pytest.approx(0.17)


def test_performances_without_figures_do_not_thin_out_ratios():
    sums = total([MIXED, a_state(None, capacity=500, blocked=None, reserved=None)])
    assert (sums.performances, sums.with_tickets, sums.with_reserved, sums.with_blocked) == (2, 1, 1, 1)
    assert sums.for_sale == 100
    assert sums.occupancy == pytest.approx(0.17)
    assert sums.occupancy_total == pytest.approx(0.20)
    assert sums.price_cents == pytest.approx(38000 / 17)


def test_blocked_seats_beyond_capacity_leave_nothing_for_sale():
    assert State(blocked=50, capacity=40).for_sale == 0
    assert State(blocked=50, capacity=40).occupancy is None


def test_six_figures_with_change_numerator_and_coverage():
    now, before = total([a_state(300, reserved=8), a_state(None)]), total([a_state(280, reserved=10), a_state(None)])
    sold, occupancy, recette, price, reserved, blocked = key_figures(now, before)
    assert (sold.code, sold.value, sold.change, sold.covered, sold.performances) == ("tickets_sold", 300, 20, 1, 2)
    assert (occupancy.numerator, occupancy.denominator) == (300, 700)
    assert occupancy.change == pytest.approx(20 / 700)
    assert (recette.value, recette.change) == (750_000, 50_000)
    assert (price.value, price.change) == (2500, 0)
    assert (reserved.value, reserved.change, reserved.covered) == (8, -2, 1)
    assert (blocked.value, blocked.change) == (40, 0)
    assert all(figure.comparison is None for figure in (sold, occupancy, recette, price, reserved, blocked))


def test_nothing_reported_is_no_zero():
    values = [figure.value for figure in key_figures(total([a_state(None, blocked=None)]), total([a_state(None, blocked=None)]))]
    assert values == [None] * 6


def test_no_performances_at_all():
    assert [figure.value for figure in key_figures(total([]), total([]))] == [None] * 6


def test_comparison_comes_in_the_unit_of_each_figure():
    now = total([a_state(350, reserved=7)])
    by_code = {figure.code: figure.comparison for figure in key_figures(now, now, a_comparison())}
    assert by_code["tickets_sold"] == Comparison(pytest.approx(280), pytest.approx(350), pytest.approx(490))
    assert by_code["occupancy_paid"] == Comparison(0.4, 0.5, 0.7)
    assert by_code["recette"].median == pytest.approx(700_000)
    assert by_code["average_price"].median == 2600
    assert by_code["reservations"].median == pytest.approx(14)
    assert by_code["blocked"].median == pytest.approx(14.4)


def test_a_comparison_that_is_not_shown_stays_so():
    now = total([a_state(350)])
    assert {figure.comparison for figure in key_figures(now, now, NotShown())} == {NotShown()}
