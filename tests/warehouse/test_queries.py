"""The door: what it shows, to whom, and what it holds back."""

from datetime import date, timedelta

import numpy as np
import pytest

from dip.registry.terms import Role
from dip.warehouse.queries import (
    colleague_fill,
    comparable_bands,
    compare_production,
    genre_cells,
    own_days,
    province_cells,
    published_at,
)
from dip.warehouse.terms import Band, CohortKey, HallSize, NotShown, ProductionComparison
from tests.factories.programme import make_hall, make_production, make_theatre
from tests.factories.registry import NOW, make_access, make_organisation
from tests.factories.warehouse import CURVE, add_season, make_market, publish, write_curve

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
KEY = CohortKey(1, HallSize.MIDDLE)
HIDDEN = NotShown()


def final_fills(performances):
    """Final fill rates as the factory wrote them."""
    return [0.6 + 0.02 * (place % 9 - 4) for place in range(len(performances))]


def stranger():
    return make_access(make_organisation(Role.THEATRE), Role.THEATRE)


def band(access, key=KEY, season_year=2026):
    return comparable_bands(access, [key], season_year)[key]


class TestNothingPublished:
    def test_everything_is_held_back(self):
        access = stranger()
        assert published_at() is None
        assert band(access) == HIDDEN
        assert compare_production(access, 1, {10: 100}, 1, 2026) == HIDDEN
        assert colleague_fill(access, {5: (1, 10)}) == {5: HIDDEN}
        assert genre_cells(access, 2026) == province_cells(access, 2026) == own_days(access, 2026) == []

    def test_an_empty_platform_can_publish(self):
        publish()
        assert published_at() == NOW
        assert band(stranger()) == HIDDEN
        assert [cell.tickets for cell in genre_cells(stranger(), 2026)] == [0] * 6


class TestBands:
    def test_quantiles_of_all_others(self):
        market = make_market()
        publish()
        found = band(stranger())
        assert isinstance(found, Band)
        expected = np.quantile(np.round(np.array(final_fills(market.performances)) * 300) / 300, (0.1, 0.5, 0.9))
        assert found.at(0) == pytest.approx(tuple(expected), abs=1e-6)
        assert found.days[0] == 364
        assert found.at(364) == (0, 0, 0)  # before the first figure nothing was sold
        assert found.at(14)[1] == pytest.approx(0.6 * expected[1], abs=0.005)
        assert (found.cohort.performance_count, found.cohort.theatre_count, found.cohort.provider_count) == (64, 8, 8)
        assert found.cohort.seasons == (2025,)
        assert not found.cohort.widened
        assert found.true_at == NOW

    @pytest.mark.parametrize("role", [Role.THEATRE, Role.PRODUCER])
    def test_own_performances_are_left_out(self, role):
        """Proven by differencing: the owner's band is that of a market in which its performances do not exist."""
        market = make_market()
        loud = [
            p
            for p in market.performances
            if p.theatre_id == market.theatres[0].pk or p.production.producer_id == market.producers[0].pk
        ]
        publish()
        owner = market.takers[0] if role is Role.THEATRE else market.producers[0]
        found = band(make_access(owner, role))
        mine = {
            p.number
            for p in loud
            if (p.theatre_id == market.theatres[0].pk if role is Role.THEATRE else p.production.producer_id == owner.pk)
        }
        others = [f for p, f in zip(market.performances, final_fills(market.performances), strict=True) if p.number not in mine]
        expected = np.quantile(np.round(np.array(others) * 300) / 300, (0.1, 0.5, 0.9))
        assert isinstance(found, Band)
        assert found.at(0) == pytest.approx(tuple(expected), abs=1e-6)
        assert found.cohort.performance_count == 56

    @pytest.mark.parametrize("part", ["agency", "co_producer"])
    def test_partners_do_not_see_their_productions_in_it_either(self, part):
        market = make_market()
        partner = make_organisation(Role.AGENCY)
        first = market.productions[0]
        if part == "agency":
            first.agency = partner
            first.save()
        else:
            first.co_producers.add(partner)
        publish()
        found = band(make_access(partner, Role.AGENCY))
        assert isinstance(found, Band)
        assert found.cohort.performance_count == 56

    def test_a_small_cohort_is_widened_to_any_hall_and_says_so(self):
        market = make_market()
        small = make_hall(market.theatres[0], capacity=150)
        market.halls = [small]
        add_season(market, first_day=date(2026, 1, 5))
        publish()
        found = band(stranger(), CohortKey(1, HallSize.SMALL))
        assert isinstance(found, Band)
        assert found.cohort.widened
        assert found.cohort.performance_count == 72

    def test_the_running_season_helps_out(self):
        market = make_market(theatres=6, producers=5, first_day=date(2025, 10, 1))  # 30 of the season before; own make it 25
        add_season(market, first_day=date(2026, 9, 1))
        publish()
        assert band(stranger()).cohort.seasons == (2025,)
        found = band(make_access(market.takers[0], Role.THEATRE))
        assert isinstance(found, Band)
        assert found.cohort.seasons == (2025, 2026)
        assert not found.cohort.widened

    def test_coming_private_cancelled_and_uncoupled_ones_do_not_count(self):
        market = make_market()
        kept = market.performances[5:]
        first, second, third = market.performances[:3]
        first.is_private = True
        first.save()
        second.status = "cancelled"
        second.save()
        third.status = "concept"
        third.save()
        theatre = kept[-1].theatre
        theatre.is_coupled = False
        theatre.save()
        publish()
        counted = [p for p in market.performances[3:] if p.theatre_id != theatre.pk]
        found = band(stranger())
        assert isinstance(found, Band)
        assert found.cohort.performance_count == len(counted)

    @pytest.mark.parametrize(("theatres", "producers"), [(4, 12), (12, 4)])
    def test_too_few_theatres_or_providers(self, theatres, producers):
        make_market(theatres=theatres, producers=producers)
        publish()
        assert band(stranger()) == HIDDEN

    def test_five_with_the_viewer_are_too_few(self):
        market = make_market(theatres=5, producers=10)
        publish()
        assert isinstance(band(stranger()), Band)
        assert band(make_access(market.takers[0], Role.THEATRE)) == HIDDEN

    def test_one_theatre_dominates(self):
        market = make_market(theatres=7, producers=7)
        market.halls = [make_hall(market.theatres[0], capacity=450)]
        for month in (1, 2, 3, 4, 5):
            add_season(market, first_day=date(2026, month, 1))
        publish()
        assert band(stranger()) == HIDDEN
        assert isinstance(band(make_access(market.takers[0], Role.THEATRE)), Band)  # its own are left out: the others are even

    def test_an_office_is_one_holding(self):
        """Ten producers behind two agencies are two that know."""
        market = make_market(producers=10)
        offices = [make_organisation(Role.AGENCY) for _ in range(2)]
        for place, production in enumerate(market.productions):
            production.agency = offices[place % 2]
            production.save()
        publish()
        assert band(stranger()) == HIDDEN

    def test_an_unknown_cohort(self):
        make_market()
        publish()
        assert band(stranger(), CohortKey(5, HallSize.LARGE)) == HIDDEN
        assert band(stranger(), season_year=2040) == HIDDEN


class TestCompareProduction:
    def weights(self):
        return {14: 300, 0: 300}

    def test_others_at_the_same_mix(self):
        make_market(producers=12)
        publish()
        found = compare_production(stranger(), 0, self.weights(), 1, 2026)
        assert isinstance(found, ProductionComparison)
        assert found.production_count == 12
        assert found.seasons == (2025,)
        assert found.fill.p50 == pytest.approx(0.6 * (CURVE[14] + CURVE[0]) / 2, abs=0.01)
        assert found.price_cents.p10 == found.price_cents.p90 == pytest.approx(2500)
        assert found.recette_cents.p50 == pytest.approx(found.fill.p50 * 2500, rel=0.01)
        assert (found.reserved.p90, found.blocked.p90) == (0, 0)

    def test_own_productions_are_no_comparison(self):
        market = make_market(producers=12)
        publish()
        found = compare_production(make_access(market.producers[0]), market.productions[0].pk, self.weights(), 1, 2026)
        assert isinstance(found, ProductionComparison)
        assert found.production_count == 11

    def test_too_few_productions(self):
        market = make_market(producers=11)
        publish()
        assert isinstance(compare_production(stranger(), 0, self.weights(), 1, 2026), ProductionComparison)
        own = make_access(market.producers[0])
        assert compare_production(own, market.productions[0].pk, self.weights(), 1, 2026) == HIDDEN

    def test_four_other_theatres(self):
        market = make_market(theatres=5, producers=12)
        publish()
        assert isinstance(compare_production(stranger(), 0, self.weights(), 1, 2026), ProductionComparison)
        own = make_access(market.takers[0], Role.THEATRE)
        assert compare_production(own, 0, self.weights(), 1, 2026) == HIDDEN

    def test_the_running_season_when_there_is_no_other(self):
        make_market(producers=12, first_day=date(2026, 8, 15))
        publish()
        found = compare_production(stranger(), 0, self.weights(), 1, 2026)
        assert isinstance(found, ProductionComparison)
        assert found.seasons == (2026,)

    def test_no_weights_no_genre(self):
        make_market(producers=12)
        publish()
        assert compare_production(stranger(), 0, {}, 1, 2026) == HIDDEN
        assert compare_production(stranger(), 0, self.weights(), 5, 2026) == HIDDEN


class TestColleagues:
    def test_the_others_at_the_same_distance(self):
        market = make_market()
        publish()
        production = market.productions[0]
        access = make_access(market.takers[2], Role.THEATRE)
        elsewhere = [
            round(300 * f)
            for p, f in zip(market.performances[:8], final_fills(market.performances[:8]), strict=True)
            if p.theatre_id != market.theatres[2].pk
        ]
        answer = colleague_fill(access, {1: (production.pk, 0), 2: (production.pk, 14), 3: (production.pk, -4)})
        assert answer[1] == answer[3] == pytest.approx(sum(elsewhere) / (7 * 300))
        assert answer[2] == pytest.approx(sum(round(sold * 0.6) for sold in elsewhere) / (7 * 300))

    def test_five_colleagues_are_needed(self):
        market = make_market(theatres=5)
        publish()
        access = make_access(market.takers[0], Role.THEATRE)
        assert colleague_fill(access, {1: (market.productions[0].pk, 0)}) == {1: HIDDEN}

    def test_a_colleague_that_dominates_hides_it(self):
        market = make_market(theatres=7)
        production = market.productions[0]
        market.producers, market.halls = market.producers[:1], [make_hall(market.theatres[0], capacity=5000)]
        extra = add_season(market, first_day=date(2026, 1, 5))[0]
        extra.production = production
        extra.save()
        publish()
        assert colleague_fill(make_access(market.takers[1], Role.THEATRE), {1: (production.pk, 0)}) == {1: HIDDEN}
        own = colleague_fill(make_access(market.takers[0], Role.THEATRE), {1: (production.pk, 0)})[1]
        assert own == pytest.approx(0.6, abs=0.05)  # the large one is its own, the colleagues are even

    def test_a_theatre_where_it_does_not_play_and_another_provider_get_nothing(self):
        market = make_market()
        publish()
        asked = {1: (market.productions[0].pk, 0)}
        assert colleague_fill(stranger(), asked) == {1: HIDDEN}
        assert colleague_fill(make_access(market.producers[1]), asked) == {1: HIDDEN}
        assert colleague_fill(make_access(make_organisation(Role.PLATFORM)), asked) == {1: HIDDEN}

    def test_its_provider_sees_all_theatres(self):
        market = make_market(theatres=3)
        publish()
        answer = colleague_fill(make_access(market.producers[0]), {1: (market.productions[0].pk, 0)})
        assert answer[1] == pytest.approx(sum(round(300 * f) for f in final_fills(market.performances[:3])) / 900)


class TestOwnDays:
    def test_running_totals_of_ones_own(self):
        market = make_market(theatres=2, producers=2)
        publish()
        days = own_days(make_access(market.takers[0], Role.THEATRE), 2025)
        sold = [round(300 * f) for f in final_fills(market.performances)]
        assert days == sorted(days, key=lambda day: day.sales_date)
        assert days[-1].tickets == sold[0] + sold[2]
        assert days[-1].recette_cents == (sold[0] + sold[2]) * 2500
        assert own_days(make_access(market.producers[1]), 2025)[-1].tickets == sold[2] + sold[3]

    def test_nobody_gets_anothers(self):
        market = make_market(theatres=2, producers=2)
        publish()
        assert own_days(stranger(), 2025) == []
        assert own_days(make_access(market.takers[0], Role.PRODUCER), 2025) == []
        for role in (Role.PLATFORM, Role.ASSOCIATION, Role.FUNDER):
            assert own_days(make_access(make_organisation(role), role), 2025) == []

    def test_cancelled_ones_are_out_and_a_dual_organisation_has_two_sides(self):
        both = make_organisation(Role.THEATRE, Role.PRODUCER)
        market = make_market(theatres=1, producers=1)
        theatre = make_theatre(both, is_coupled=True)
        market.halls = [make_hall(theatre, capacity=100)]
        market.producers = [both]
        made = add_season(market, first_day=date(2025, 11, 1))
        market.producers = [make_organisation(Role.PRODUCER)]
        add_season(market, first_day=date(2025, 12, 1))
        publish()
        as_theatre = own_days(make_access(both, Role.THEATRE), 2025)
        as_producer = own_days(make_access(both, Role.PRODUCER), 2025)
        assert as_theatre[-1].tickets == 2 * as_producer[-1].tickets
        made[0].status = "cancelled"
        made[0].save()
        publish(NOW + timedelta(minutes=1))
        assert own_days(make_access(both, Role.PRODUCER), 2025) == []


def test_a_production_without_figures_is_nowhere():
    production = make_production(season_year=2026)
    publish()
    assert colleague_fill(make_access(production.producer), {1: (production.pk, 3)}) == {1: HIDDEN}


def test_late_figures_are_no_curve():
    """A performance whose first figures came after it was played counts in the sums, and in no band."""
    market = make_market()
    late = market.performances[0]
    extra = add_season(market, first_day=date(2026, 3, 1), until=NOW - timedelta(days=4000))
    write_curve(extra[0], {-10: 200})
    publish()
    found = band(stranger())
    assert isinstance(found, Band)
    assert found.cohort.performance_count == 64
    assert genre_cells(stranger(), 2025)[0].performances == 65
    assert late.number
