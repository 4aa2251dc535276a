"""Arithmetic of trends: rates, a mix held constant, spread, and how long before people buy."""

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dip.warehouse.rules import trends
from dip.warehouse.rules.editions import MAKE, closed_until, is_edition_due
from dip.warehouse.rules.trends import LEAD_GRID
from dip.warehouse.terms import Edition, Sums, TrendMeasure


def sums(tickets, for_sale, performances=10, recette=None):
    return Sums(performances, performances, 5, 5, tickets, tickets * 2500 if recette is None else recette, for_sale)


class TestRates:
    def test_each_measure(self):
        one = sums(500, 1000)
        values = {measure: trends.rate_of(one, measure) for measure in TrendMeasure}
        assert values == {
            TrendMeasure.OCCUPANCY: 0.5,
            TrendMeasure.PRICE: 2500,
            TrendMeasure.TICKETS: 500,
            TrendMeasure.RECETTE: 1_250_000,
            TrendMeasure.PERFORMANCES: 10,
        }
        assert trends.rate_of(sums(0, 0), TrendMeasure.OCCUPANCY) is None

    def test_the_mix_is_held(self):
        """Both halves fill better, and the badly filled half grew: the whole falls, the adjusted figure rises."""
        base = {1: sums(800, 1000), 2: sums(300, 1000)}
        now = {1: sums(420, 500), 2: sums(1400, 4000)}
        whole = sums(1820, 4500)
        assert trends.rate_of(whole, TrendMeasure.OCCUPANCY) < 0.55
        assert trends.adjusted(base, now, TrendMeasure.OCCUPANCY, 20) == pytest.approx((0.84 + 0.35) / 2)

    def test_a_sum_is_a_rate_per_performance_times_performances(self):
        base = {1: sums(1000, 2000, performances=10), 2: sums(100, 400, performances=10)}
        now = {1: sums(1100, 2000, performances=10), 2: sums(330, 900, performances=30)}
        assert trends.adjusted(base, now, TrendMeasure.TICKETS, 40) == pytest.approx((110 * 10 + 11 * 10) / 20 * 40)
        assert trends.adjusted(base, now, TrendMeasure.PERFORMANCES, 40) is None

    def test_too_much_of_the_mix_is_gone(self):
        base = {1: sums(500, 700), 2: sums(100, 300)}
        assert trends.adjusted(base, {1: sums(500, 700)}, TrendMeasure.OCCUPANCY, 10) is None
        base[2] = sums(100, 100)
        assert trends.adjusted(base, {1: sums(500, 700)}, TrendMeasure.OCCUPANCY, 10) == pytest.approx(500 / 700)

    @given(st.lists(st.tuples(st.integers(1, 500), st.integers(500, 1000)), min_size=1, max_size=6))
    def test_an_unchanged_mix_adjusts_nothing(self, strata):
        season = {number: sums(*one) for number, one in enumerate(strata)}
        whole = sum(t for t, _ in strata) / sum(s for _, s in strata)
        assert trends.adjusted(season, season, TrendMeasure.OCCUPANCY, 10) == pytest.approx(whole)


class TestSpread:
    def test_theatres_alike_leave_no_doubt(self):
        influences = trends.influence_of_ratio(np.full(6, 50.0), np.full(6, 100.0))
        assert trends.half_width(influences) == 0
        assert trends.half_width(trends.influence_of_ratio(np.array([5.0]), np.array([9.0]))) == 0

    def test_close_to_the_jackknife(self):
        rng = np.random.default_rng(7)
        under = rng.uniform(500, 1500, 40)
        over = under * rng.uniform(0.5, 0.8, 40)
        whole = over.sum() / under.sum()
        without = np.array([(over.sum() - o) / (under.sum() - u) for o, u in zip(over, under, strict=True)])
        jackknife = math.sqrt(39 / 40 * ((without - without.mean()) ** 2).sum())
        assert trends.half_width(trends.influence_of_ratio(over, under)) == pytest.approx(1.96 * jackknife, rel=0.05)
        assert 0.5 < whole < 0.8

    def test_what_both_seasons_share_is_no_doubt_about_their_difference(self):
        before = {1: 0.02, 2: -0.02}
        assert trends.half_width_of_difference(before, dict(before)) == 0
        assert trends.half_width_of_difference(before, {3: 0.02, 4: -0.02}) == pytest.approx(1.96 * 0.04)

    def test_the_margin_of_a_median_is_that_of_leaving_theatres_out(self):
        rng = np.random.default_rng(3)
        grid = np.array(LEAD_GRID)
        kept = np.array([1000 * np.exp(-grid / mean) for mean in rng.uniform(40, 80, 30)])
        medians = [trends.median_day((kept.sum(axis=0) - row) / (kept.sum(axis=0) - row)[0]) for row in kept]
        jackknife = math.sqrt(29 / 30 * ((np.array(medians) - np.mean(medians)) ** 2).sum())
        assert trends.half_width(trends.influence_of_median(kept)) == pytest.approx(1.96 * jackknife, rel=0.25)


def states(*rows):
    """(performance, days before, sold) in order."""
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return columns[:, 0], columns[:, 1], columns[:, 2].astype(float)


def kept(performances, *rows, first_max=0.2):
    found = trends.kept_by_day(np.array(performances), *states(*rows), first_max)
    return [dict(zip(LEAD_GRID, row.tolist(), strict=True)) for row in found]


class TestLeadTimes:
    def test_what_was_sold_by_each_day(self):
        (found,) = kept([7], (7, 200, 10), (7, 91, 40), (7, 8, 80), (7, 0, 95), (7, -1, 100))
        assert (found[209], found[181], found[91], found[35], found[8], found[1], found[0]) == (0, 10, 40, 40, 80, 80, 100)

    def test_a_ticket_that_comes_back_was_not_sold_by_then(self):
        (found,) = kept([7], (7, 100, 10), (7, 35, 90), (7, 14, 60), (7, 0, 80))
        assert found[35] == found[14] == 60
        assert found[0] == 80

    @pytest.mark.parametrize(("first", "counts"), [(20, True), (21, False)])
    def test_the_beginning_must_have_been_followed(self, first, counts):
        (found,) = kept([7], (7, 40, first), (7, 0, 100))
        assert (found[0] == 100) is counts

    def test_nothing_sold_and_no_states(self):
        first, second = kept([7, 9], (7, 40, 0), (7, 0, 0))
        assert not any(first.values())
        assert not any(second.values())

    def test_the_order_of_performances_does_not_matter(self):
        rows = [(7, 100, 10), (7, 0, 100), (9, 50, 5), (9, -1, 50)]
        by_number, other = kept([7, 9], *rows), kept([9, 7], *rows)
        assert by_number == other[::-1]
        assert by_number[1][0] == 50

    def test_buckets_and_median(self):
        (found,) = kept([7], (7, 200, 10), (7, 91, 40), (7, 31, 50), (7, 8, 80), (7, 1, 95), (7, -1, 100))
        lead = trends.lead_of(1, 1, list(found.values()))
        assert lead.median == 31.0
        assert [round(share, 2) for share in lead.buckets] == [0.05, 0.15, 0.3, 0.1, 0.3, 0.1]
        assert trends.lead_of(1, 1, [0.0] * len(LEAD_GRID)) is None

    def test_a_mix_of_curves(self):
        early, late = [1.0] * len(LEAD_GRID), [1.0] + [0.0] * (len(LEAD_GRID) - 1)
        assert trends.mixed({1: 3.0, 2: 1.0}, {1: early, 2: late})[5] == 0.75
        assert trends.mixed({1: 3.0, 2: 1.0}, {1: early}) is None


class TestEditions:
    MADE = Edition(date(2026, 11, 23), MAKE)

    @pytest.mark.parametrize(
        ("today", "until"),
        [((2026, 11, 23), (2026, 11, 1)), ((2026, 11, 2), (2026, 8, 1)), ((2026, 11, 3), (2026, 11, 1)), ((2027, 1, 31), (2026, 11, 1)),
         ((2027, 2, 3), (2027, 2, 1)), ((2027, 8, 3), (2027, 8, 1))],
    )  # fmt: skip
    def test_quarters_close_two_days_after_their_end(self, today, until):
        assert closed_until(date(*today)) == date(*until)

    def test_the_market_once_a_day_and_trends_once_a_month(self):
        assert not is_edition_due("market", self.MADE, date(2026, 11, 23))
        assert is_edition_due("market", self.MADE, date(2026, 11, 24))
        assert not is_edition_due("trend", self.MADE, date(2026, 12, 2))
        assert is_edition_due("trend", self.MADE, date(2026, 12, 3))
        assert is_edition_due("trend", None, date(2026, 11, 23))
        assert is_edition_due("trend", Edition(date(2026, 11, 23), MAKE - 1), date(2026, 11, 23))
