"""The national cube through the door."""

import pytest

from dip.registry.terms import Role
from dip.warehouse.queries import genre_cells, province_cells
from tests.factories.registry import make_access, make_organisation
from tests.factories.warehouse import make_market, publish
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
        assert (first.performances, first.tickets, first.recette_cents, first.for_sale) == (
            64,
            sum(sold),
            sum(sold) * 2500,
            64 * 300,
        )
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

    def test_five_with_the_viewer_are_too_few(self):
        market = make_market(theatres=5)
        publish()
        assert isinstance(genre_cells(stranger(), 2025)[0].tickets, int)
        seen = genre_cells(make_access(market.takers[0], Role.THEATRE), 2025)[0]
        assert seen.tickets == seen.recette_cents == seen.for_sale == HIDDEN
        assert seen.own_tickets > 0  # own figures always are shown

    def test_provinces_need_five_theatres_each(self):
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
