"""The national cube through the door."""

from datetime import timedelta

import pytest

from dip.registry.terms import Role
from dip.warehouse import actions
from dip.warehouse.queries import genre_cells, province_cells
from tests.factories.registry import NOW, make_access, make_organisation
from tests.factories.warehouse import disturbed, make_market, publish, write_curve
from tests.warehouse.test_queries import HIDDEN, final_fills, stranger

pytestmark = pytest.mark.django_db


class TestCells:
    def test_national_beside_own(self):
        market = make_market()
        publish()
        cells = genre_cells(make_access(market.takers[0], Role.THEATRE), 2025)
        assert [cell.genre_id for cell in cells] == [1, 2, 3, 4, 5, 6]
        sold = [round(300 * f) for f in final_fills(market.performances)]
        mine = [s for s, p in zip(sold, market.performances, strict=True) if p.theatre_id == market.theatres[0].pk]
        first = cells[0]
        assert first.performances == 64
        assert first.tickets == disturbed(market.performances, sold) != sum(sold)
        assert first.recette_cents == disturbed(market.performances, [one * 2500 for one in sold])
        assert first.for_sale == disturbed(market.performances, [300] * 64)
        assert first.tickets == pytest.approx(sum(sold), rel=0.03)
        assert (first.own_performances, first.own_tickets, first.own_for_sale) == (8, sum(mine), 2400)
        assert cells[1].tickets == 0  # nothing was played: a public fact

    def test_a_provider_sees_its_own_as_provider(self):
        market = make_market()
        publish()
        cell = genre_cells(make_access(market.producers[3]), 2025)[0]
        assert cell.own_performances == 8

    def test_other_roles_have_nothing_of_their_own(self):
        make_market()
        publish()
        cell = genre_cells(make_access(make_organisation(Role.ASSOCIATION)), 2025)[0]
        assert cell.own_tickets == 0
        assert isinstance(cell.tickets, int)

    @pytest.mark.parametrize(("theatres", "producers", "is_shown"), [(5, 8, False), (6, 8, True), (8, 5, False), (8, 6, True)])
    def test_five_must_be_left_whoever_looks(self, theatres, producers, is_shown):
        """One edition for everybody: what one of the contributors could take its own out of is shown to nobody."""
        market = make_market(theatres=theatres, producers=producers)
        publish()
        own = make_access(market.takers[0], Role.THEATRE)
        for access in (stranger(), own, make_access(market.producers[0]), make_access(make_organisation(Role.ASSOCIATION))):
            seen = genre_cells(access, 2025)[0]
            assert all(isinstance(value, int) is is_shown for value in (seen.tickets, seen.recette_cents, seen.for_sale))
        assert genre_cells(own, 2025)[0].own_tickets > 0  # own figures always are shown

    def test_a_second_look_on_a_day_tells_no_difference(self):
        market = make_market()
        publish()
        first = genre_cells(stranger(), 2025)[0]
        write_curve(market.performances[0], {-1: 299})
        publish(NOW + timedelta(hours=5))
        assert genre_cells(stranger(), 2025)[0].tickets == first.tickets
        own = genre_cells(make_access(market.takers[0], Role.THEATRE), 2025)[0]
        assert own.tickets == first.tickets
        publish(NOW + timedelta(days=1))
        assert genre_cells(stranger(), 2025)[0].tickets != first.tickets

    def test_rebuilding_keeps_the_editions_of_the_day(self):
        market = make_market()
        publish()
        first = genre_cells(stranger(), 2025)
        write_curve(market.performances[0], {-1: 299})
        actions.rebuild(NOW + timedelta(hours=5))
        assert [cell.tickets for cell in genre_cells(stranger(), 2025)] == [cell.tickets for cell in first]

    def test_provinces_need_six_theatres_each(self):
        make_market(theatres=8)  # two in each of four provinces
        publish()
        cells = province_cells(stranger(), 2025)
        assert [cell.tickets for cell in cells[:4]] == [HIDDEN] * 4
        assert [cell.tickets for cell in cells[4:]] == [0] * 8
        assert [cell.province_id for cell in cells] == list(range(1, 13))
        assert isinstance(genre_cells(stranger(), 2025)[0].tickets, int)

    def test_what_is_hidden_cannot_be_subtracted(self):
        """Three provinces have ten theatres, one has two: without more, nation minus three gives the fourth away."""
        market = make_market(theatres=32, producers=6)
        for number, theatre in enumerate(market.theatres):
            theatre.province_id = 4 if number < 2 else 1 + number % 3
            theatre.save()
        publish()
        shown = [cell.tickets for cell in province_cells(stranger(), 2025, 1)[:4]]
        assert shown[3] == HIDDEN
        assert shown.count(HIDDEN) == 2

    def test_an_unknown_province_or_genre(self):
        make_market()
        publish()
        assert genre_cells(stranger(), 2025, province_id=99) == []
        assert province_cells(stranger(), 2025, genre_id=99) == []
