"""Trends and lead times through the door: what they add up to, and what they hold back."""

import math
from datetime import date, timedelta

import pytest

from dip.registry.terms import Role
from dip.warehouse import actions
from dip.warehouse.queries import difference_width, lead_times, trend
from dip.warehouse.rules.factors import MARGINS
from dip.warehouse.store.published import read_manifest
from dip.warehouse.terms import Dimension, Lead, NotShown, Sums, TrendMeasure
from tests.factories.programme import PROVINCES, make_genre, make_hall, make_production, make_province, make_theatre
from tests.factories.registry import NOW, make_access, make_organisation
from tests.factories.warehouse import add_season, disturbed, make_market, publish, write_curve
from tests.warehouse.test_queries import HIDDEN, final_fills, stranger

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def two_seasons(**options):
    market = make_market(first_day=date(2024, 10, 1), **options)
    return market, add_season(market, first_day=date(2025, 10, 1), fill=0.7)


class TestNothing:
    def test_before_the_first_edition(self):
        assert trend(stranger(), Dimension.GENRE) is None
        assert lead_times(stranger(), Dimension.GENRE) is None
        publish()
        assert trend(stranger(), Dimension.GENRE) is None

    def test_a_season_that_has_only_begun(self):
        make_market(first_day=date(2026, 11, 2))
        publish()
        assert trend(stranger(), Dimension.GENRE) is None


class TestTrend:
    def test_sums_rates_and_composition(self):
        market, _ = two_seasons()
        publish()
        found = trend(stranger(), Dimension.GENRE)
        assert [season.season_year for season in found.seasons] == [2024, 2025]
        assert found.base == 2024
        sold = [round(300 * f) for f in final_fills(market.performances[:64])]
        total = found.totals[2024].national
        first = market.performances[:64]
        told = [disturbed(first, amounts, season_year=2024) for amounts in (sold, [one * 2500 for one in sold], [300] * 64)]
        assert total == Sums(64, 64, 8, 8, *told)
        assert told[0] / told[2] == pytest.approx(sum(sold) / (64 * 300), rel=0.01)
        assert found.cells[2024, 1].national == total
        assert (2024, 2) not in found.cells  # nothing was played: nothing to tell
        assert found.totals[2025].half_widths[TrendMeasure.OCCUPANCY] >= 0

    def test_the_genre_of_another_dimension(self):
        two_seasons()
        publish()
        found = trend(stranger(), Dimension.SIZE, 1)
        assert found.totals[2024].national.performances == 64
        assert {key: cell.national.performances for key, cell in found.cells.items()} == {(2024, 2): 64, (2025, 2): 64}
        assert trend(stranger(), Dimension.SIZE, 2).totals == {}
        alone = trend(stranger(), Dimension.WEEKDAY, 1)  # every producer of the factory plays on a day of its own
        assert {type(cell.national) for cell in alone.cells.values()} == {NotShown}

    @pytest.mark.parametrize("role", [Role.THEATRE, Role.PRODUCER, Role.ASSOCIATION])
    def test_own_figures_stand_beside_the_same_national_ones(self, role):
        market, _ = two_seasons()
        publish()
        owner = {Role.THEATRE: market.takers[0], Role.PRODUCER: market.producers[0]}.get(role) or make_organisation(role)
        found = trend(make_access(owner, role), Dimension.GENRE)
        assert found.totals[2024].national == trend(stranger(), Dimension.GENRE).totals[2024].national
        if role is Role.ASSOCIATION:
            assert found.totals[2024].own is None
        else:
            assert found.totals[2024].own.performances == 8
            assert found.totals[2024].own.theatres == (1 if role is Role.THEATRE else 8)

    def test_a_mix_that_stayed_adjusts_nothing(self):
        two_seasons()
        publish()
        cell = trend(stranger(), Dimension.GENRE).totals[2025]
        assert cell.adjusted[TrendMeasure.OCCUPANCY] == pytest.approx(cell.national.tickets / cell.national.for_sale)
        assert TrendMeasure.PERFORMANCES not in cell.adjusted

    def test_a_changed_mix_is_told_apart(self):
        """Small halls fill better; more of them in the second season lift the whole, and not the adjusted figure."""
        market = make_market(theatres=8, producers=8, first_day=date(2024, 10, 1), fill=0.5)
        large = market.halls
        market.halls = [make_hall(theatre, capacity=150) for theatre in market.theatres]
        add_season(market, first_day=date(2024, 12, 1), fill=0.9)
        market.halls = large
        add_season(market, first_day=date(2025, 10, 1), fill=0.5)
        market.halls = [make_hall(theatre, capacity=150) for theatre in market.theatres]
        for month in (12, 11):
            add_season(market, first_day=date(2025, month, 1), fill=0.9)
        publish()
        found = trend(stranger(), Dimension.GENRE)
        before, after = (found.totals[year] for year in (2024, 2025))
        assert after.national.tickets / after.national.for_sale > before.national.tickets / before.national.for_sale + 0.05
        assert after.adjusted[TrendMeasure.OCCUPANCY] == pytest.approx(
            before.national.tickets / before.national.for_sale, abs=0.005
        )

    def test_price_classes_follow_the_definition(self):
        market, _ = two_seasons()
        for performance in market.performances[:8]:
            write_curve(performance, {-1: 200}, price=1499)
        publish()
        found = trend(make_access(market.producers[0]), Dimension.PRICE)
        own = {value: cell.own.performances for (year, value), cell in found.cells.items() if year == 2024 and cell.own}
        assert own == {1: 8}
        everybody = trend(make_access(market.producers[1]), Dimension.PRICE)
        assert {value for (year, value), cell in everybody.cells.items() if year == 2025 and cell.own} == {3}

    def test_too_few_are_not_shown_to_anybody(self):
        market, _ = two_seasons(theatres=5)
        publish()
        for access in (stranger(), make_access(market.takers[0], Role.THEATRE)):
            found = trend(access, Dimension.GENRE)
            assert found.totals[2024].national == HIDDEN
            assert found.totals[2024].adjusted == {}
            assert found.totals[2024].half_widths == {}
            assert difference_width(access, Dimension.GENRE, None, 0, (2024, 2025), TrendMeasure.OCCUPANCY) is None
        assert trend(make_access(market.takers[0], Role.THEATRE), Dimension.GENRE).totals[2024].own.performances == 8

    def test_a_hidden_province_is_not_told_by_the_others(self):
        market = make_market(theatres=34, producers=6, first_day=date(2024, 10, 1))
        for number, theatre in enumerate(market.theatres):
            theatre.province = make_province(PROVINCES[3]) if number < 2 else make_province(PROVINCES[number % 3])
            theatre.save()
        publish()
        found = trend(stranger(), Dimension.REGION)
        shown = {value: isinstance(cell.national, Sums) for (_, value), cell in found.cells.items()}
        assert isinstance(found.totals[2024].national, Sums)
        assert sum(not told for told in shown.values()) >= 2

    def test_a_theatre_in_no_province_is_in_the_whole_only(self):
        market, _ = two_seasons(theatres=9)
        market.theatres[0].province = None
        market.theatres[0].save()
        publish()
        found = trend(make_access(market.takers[0], Role.THEATRE), Dimension.REGION)
        assert 0 not in found.values
        assert found.totals[2024].own.performances == 8
        assert not any(cell.own for cell in found.cells.values())

    def test_the_difference_of_a_rate_has_a_margin(self):
        two_seasons()
        publish()
        width = difference_width(stranger(), Dimension.GENRE, None, 0, (2024, 2025), TrendMeasure.OCCUPANCY)
        assert 0 <= width < 0.05
        assert difference_width(stranger(), Dimension.GENRE, None, 0, (2024, 2025), TrendMeasure.PERFORMANCES) is None

    def test_the_difference_of_a_sum_has_the_margin_of_its_disturbance(self):
        """Nothing changed but the factors, which are drawn anew each season."""
        two_seasons()
        publish()
        before, after = (trend(stranger(), Dimension.GENRE).totals[year] for year in (2024, 2025))
        width = difference_width(stranger(), Dimension.GENRE, None, 0, (2024, 2025), TrendMeasure.TICKETS)
        steps = [cell.half_widths[TrendMeasure.TICKETS] / cell.national.tickets for cell in (before, after)]
        assert all(step in MARGINS for step in (round(one, 4) for one in steps))
        assert width == pytest.approx(math.hypot(*(cell.half_widths[TrendMeasure.TICKETS] for cell in (before, after))))


class TestEditions:
    def test_within_a_month_nothing_moves(self, warehouse_home):
        market, _ = two_seasons()
        publish()
        first, parts = trend(stranger(), Dimension.GENRE), read_manifest(warehouse_home).parts
        write_curve(market.performances[0], {-1: 299})
        publish(NOW + timedelta(days=2))
        assert trend(stranger(), Dimension.GENRE).totals == first.totals
        assert read_manifest(warehouse_home).waiting["trend"] == (2024,)
        assert read_manifest(warehouse_home).parts["market"][2024] != parts["market"][2024]
        publish(NOW + timedelta(days=12))  # a new month; nothing else changed
        later = trend(stranger(), Dimension.GENRE)
        assert later.totals[2024] != first.totals[2024]
        assert later.totals[2025].national == first.totals[2025].national
        assert read_manifest(warehouse_home).waiting["trend"] == ()

    def test_a_running_season_is_told_by_closed_quarters(self):
        market = make_market(first_day=date(2026, 8, 20))
        publish()
        before = [p for p in market.performances if p.performance_date < date(2026, 11, 1)]
        found = trend(stranger(), Dimension.GENRE)
        assert found.seasons[-1].is_running
        assert found.seasons[-1].until == date(2026, 11, 1)
        own = trend(make_access(market.takers[0], Role.THEATRE), Dimension.GENRE).totals[2026].own
        assert own.performances == sum(p.theatre_id == market.theatres[0].pk for p in before)

    def test_a_running_season_shows_no_whole_of_which_a_quarter_gives_one_away(self):
        """What has not closed yet is one theatre's: with a later edition it could be had by subtraction."""
        market = make_market(first_day=date(2026, 8, 5))
        publish()
        assert isinstance(trend(stranger(), Dimension.GENRE).totals[2026].national, Sums)
        market.halls = market.halls[:1]
        for performance in add_season(market, first_day=date(2026, 11, 5)):
            write_curve(performance, {0: 200})
        actions.rebuild(NOW + timedelta(days=40))
        assert trend(stranger(), Dimension.GENRE).totals[2026].national == HIDDEN

    def test_a_rebuild_keeps_the_edition(self, warehouse_home):
        two_seasons()
        publish()
        parts = read_manifest(warehouse_home).parts["trend"]
        actions.rebuild(NOW + timedelta(hours=3))
        assert read_manifest(warehouse_home).parts["trend"] == parts


class TestLeadTimes:
    def test_medians_buckets_and_curve(self):
        two_seasons()
        publish()
        found = lead_times(stranger(), Dimension.GENRE)
        lead = found.totals[2025].national
        assert isinstance(lead, Lead)
        assert (lead.performances, lead.theatres) == (64, 8)
        assert sum(lead.buckets) == pytest.approx(1)
        assert [round(share, 2) for share in lead.buckets] == [
            0.1,
            0.3,
            0.3,
            0.3,
            0.0,
            0.0,
        ]  # CURVE of the factory, from day to day
        assert 14 < lead.median < 28
        assert found.coverage == {2024: 1.0, 2025: 1.0}

    def test_people_who_buy_later_are_seen(self):
        market = make_market(theatres=8, producers=8, first_day=date(2024, 10, 1))
        late = {90: 0.05, 60: 0.1, 40: 0.15, 28: 0.2, 14: 0.4, 7: 0.7, 3: 0.85, 0: 1.0}
        for performance in add_season(market, first_day=date(2025, 10, 1), until=NOW - timedelta(days=4000)):
            write_curve(performance, {days: round(200 * part) for days, part in late.items()})
        publish()
        found = lead_times(stranger(), Dimension.GENRE)
        (change,) = found.changes
        assert (change.before, change.after) == (2024, 2025)
        assert change.days < -5
        assert abs(change.days) > change.half_width
        assert change.adjusted == pytest.approx(change.days, abs=0.3)
        assert change.share_late > 0.1

    def test_uncoupled_late_and_sudden_figures_do_not_count(self):
        market, second = two_seasons(theatres=9)
        market.theatres[0].is_coupled = False
        market.theatres[0].save()
        sudden = [p for p in second if p.theatre_id == market.theatres[1].pk]
        extra = add_season(market, first_day=date(2025, 12, 20), until=NOW - timedelta(days=4000))
        for performance in extra:
            write_curve(performance, {20: 180, 0: 200})  # coupled halfway: the first figures hold nearly all
        publish()
        found = lead_times(stranger(), Dimension.GENRE)
        assert found.totals[2025].national.performances == 64
        assert found.coverage[2025] == pytest.approx(64 / 144)
        assert sudden

    def test_own_beside_national_and_only_to_their_owner(self):
        market, _ = two_seasons()
        publish()
        taker, producer = make_access(market.takers[0], Role.THEATRE), make_access(market.producers[0])
        assert lead_times(taker, Dimension.SIZE).totals[2025].own.performances == 8
        assert lead_times(producer, Dimension.SIZE).cells[2025, 2].own.performances == 8
        assert all(cell.own is None for cell in lead_times(stranger(), Dimension.SIZE).totals.values())

    def test_too_few_are_not_shown(self):
        market, _ = two_seasons(theatres=5)
        publish()
        found = lead_times(make_access(market.takers[0], Role.THEATRE), Dimension.GENRE)
        assert isinstance(found.totals[2025].national, NotShown)
        assert found.totals[2025].half_width is None
        assert found.changes == ()
        assert found.coverage == {}
        assert found.totals[2025].own.performances == 8


def test_an_organisation_with_two_hats_and_a_genre_alone():
    market, _ = two_seasons()
    lonely = make_production(market.producers[0], genre=make_genre("dance"), season_year=2025)
    both = make_organisation(Role.THEATRE, Role.PRODUCER)
    market.halls = [make_hall(make_theatre(both, is_coupled=True), capacity=300)]
    market.producers, market.genre = [both], make_genre("cabaret")
    add_season(market, first_day=date(2025, 11, 3))
    publish()
    assert lonely
    found = trend(stranger(), Dimension.GENRE)
    assert found.cells[2025, 5].national == HIDDEN
    assert found.totals[2025].national == HIDDEN  # with the only other genre shown it could be had by subtraction
    assert trend(make_access(both, Role.THEATRE), Dimension.GENRE).cells[2025, 5].own.performances == 1
