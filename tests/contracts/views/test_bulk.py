"""A whole tour at once: rows per theatre, concepts for the good ones, and proposing several in one act."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dip.contracts.models import Agreement, AgreementPerformance
from dip.contracts.rules.values import fields_of
from dip.programme.models import Surcharge
from dip.registry.terms import Level, Module, Role
from tests.factories.contracts import DAY, REASON, make_deal
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import make_client_login, make_organisation

BULK, PROPOSE = reverse("contracts-bulk"), reverse("contracts-bulk-propose")


def agreements() -> list[Agreement]:
    return list(Agreement.objects.across_tenants(REASON).order_by("pk"))


@pytest.fixture
def tour(db, present):
    """A production in a house on the platform for eight evenings, and in one that is not for one."""
    deal = make_deal("", performances=8, ranks=[300, 80])
    elsewhere = make_hall(make_theatre(), ranks=[200])
    deal.elsewhere = make_performance(
        deal.production, elsewhere, day=DAY + timedelta(days=20), capacity=200, capacity_by_rank=[200]
    )
    return deal


@pytest.fixture
def maker(client, tour):
    make_client_login(client, tour.producer, Role.PRODUCER, {Module.CONTRACTS: Level.MANAGE})
    return client


def sent(tour, act="create", rows=None, **over):
    shown = ",".join(field.code for field in fields_of("partage"))
    values = {
        "production": tour.production.dip_id, "key": "tour-1", "act": act, "format": "partage", "shown": shown,
        "t-provider_percentage": "80", "t-royalties_percentage": "12", "t-entrance_prices-1": "28.00", "t-entrance_prices-2": "22.50",
        "t-surcharges_in_recette": ["theatre"], "t-payment_days": "14",
    }  # fmt: skip
    keys = [tour.numbers[0], tour.numbers[6], tour.elsewhere.number]
    for key in keys if rows is None else rows:
        values |= {f"r{key}-take": "on", f"r{key}-surcharge": "2.00", f"r{key}-prices": "", f"r{key}-amount": ""}
    return values | over


class TestRows:
    def test_one_per_theatre_and_six_performances(self, maker, tour):
        text = maker.get(BULK, {"production": tour.production.dip_id}).content.decode()
        for key in (tour.numbers[0], tour.numbers[6], tour.elsewhere.number):
            assert f'name="r{key}-take"' in text
        assert text.count("-take") == text.count('type="checkbox" name="r') * 2
        assert "3 agreements to be made" in text
        assert "Not on the platform" in text

    def test_the_surcharge_of_each_hall_stands_ready(self, maker, tour):
        Surcharge.objects.create(hall=tour.elsewhere.hall, valid_from=DAY - timedelta(days=900), theatre_cents=425)
        text = maker.get(BULK, {"production": tour.production.dip_id}).content.decode()
        assert f'name="r{tour.elsewhere.number}-surcharge" value="4.25"' in text
        assert f'name="r{tour.numbers[0]}-surcharge" value="2.00"' in text

    def test_what_each_gives_is_shown_and_nothing_is_made(self, maker, tour):
        text = maker.post(BULK, sent(tour, "preview")).content.decode()
        assert "€" in text
        assert agreements() == []

    def test_productions_are_chosen_first(self, maker, tour):
        assert tour.production.title in maker.get(BULK).content.decode()

    def test_other_productions_are_404(self, maker, tour):
        assert maker.get(BULK, {"production": make_production().dip_id}).status_code == 404


class TestMaking:
    def test_concepts_for_all_rows(self, maker, tour):
        answer = maker.post(BULK, sent(tour))
        assert answer.status_code == 302
        assert answer["Location"].startswith(PROPOSE)
        made = agreements()
        sizes = [AgreementPerformance.objects.across_tenants(REASON).filter(agreement=one).count() for one in made]
        assert sizes == [6, 2, 1]
        assert made[0].terms["entrance_prices"] == [2800, 2250]
        assert made[0].terms["settlement_prices"] == [2600, 2050]
        assert made[0].terms["wardrobe_surcharge"] == 50
        assert made[2].terms["entrance_prices"] == [2800]

    def test_a_row_has_its_own_price_surcharge_and_guarantee(self, maker, tour):
        key = tour.numbers[0]
        own = {f"r{key}-surcharge": "3.50", f"r{key}-prices": "31 + 24.50", f"r{key}-amount": "6,500.00"}
        maker.post(BULK, sent(tour, **own))
        first = agreements()[0]
        assert first.terms["entrance_prices"] == [3100, 2450]
        assert first.terms["settlement_prices"] == [2750, 2100]
        assert first.terms["provider_guarantee"] == 650_000
        assert agreements()[1].terms["provider_guarantee"] is None

    def test_the_good_ones_are_made_and_the_rest_stays_as_typed(self, maker, tour):
        wrong = tour.numbers[6]
        answer = maker.post(BULK, sent(tour, **{f"r{wrong}-prices": "31,x", f"r{wrong}-amount": "1,250.00"}))
        text = answer.content.decode()
        assert answer.status_code == 200
        assert len(agreements()) == 2
        assert 'value="31,x"' in text
        assert 'value="1,250.00"' in text
        assert "stays below" in text
        assert f"r{tour.numbers[0]}-take" not in text
        maker.post(BULK, sent(tour, rows=[wrong], **{f"r{wrong}-prices": "31 + 20"}))
        assert len(agreements()) == 3

    def test_a_row_without_a_price_for_a_rank_stays(self, maker, tour):
        answer = maker.post(BULK, sent(tour, **{f"r{tour.numbers[0]}-prices": "31"}))
        assert len(agreements()) == 2
        assert "rank 2 has seats and no price" in answer.content.decode()

    def test_rows_that_are_not_ticked_are_left(self, maker, tour):
        maker.post(
            BULK,
            sent(
                tour, rows=[tour.numbers[0]], **{f"r{tour.numbers[6]}-surcharge": "2", f"r{tour.elsewhere.number}-surcharge": "0"}
            ),
        )
        assert len(agreements()) == 1

    def test_the_same_form_twice_makes_nothing_twice(self, maker, tour):
        maker.post(BULK, sent(tour))
        maker.post(BULK, sent(tour))
        assert len(agreements()) == 3

    def test_common_terms_that_cannot_be_read_make_nothing(self, maker, tour):
        answer = maker.post(BULK, sent(tour, **{"t-provider_percentage": "veel"}))
        assert answer.status_code == 400
        assert 'value="veel"' in answer.content.decode()
        assert agreements() == []

    def test_contradictions_are_told_per_row(self, maker, tour):
        answer = maker.post(BULK, sent(tour, **{"t-provider_guarantee": "1", "t-theatre_guarantee": "2"}))
        assert answer.content.decode().count("keep one of the two") == 3
        assert agreements() == []


class TestProposing:
    def test_each_by_itself(self, maker, tour):
        maker.post(BULK, sent(tour))
        text = maker.get(PROPOSE, {"production": tour.production.pk}).content.decode()
        assert all(one.reference in text for one in agreements())
        answer = maker.post(PROPOSE, {"agreement": [one.pk for one in agreements()], "production": tour.production.pk})
        text = answer.content.decode()
        assert [one.status for one in agreements()] == ["proposed", "proposed", "concept"]
        assert "is not connected to the platform" in text
        assert "2 agreements are proposed" in text

    def test_again_is_refused_in_words_and_changes_nothing(self, maker, tour):
        maker.post(BULK, sent(tour, rows=[tour.numbers[0]]))
        ids = {"agreement": [one.pk for one in agreements()]}
        maker.post(PROPOSE, ids)
        text = maker.post(PROPOSE, ids).content.decode()
        assert "Not proposed" in text
        assert agreements()[0].version == 1

    def test_anothers_agreement_is_not_proposed(self, maker, tour):
        foreign = make_deal("concept")
        maker.post(PROPOSE, {"agreement": [foreign.agreement.pk, 99, "x"]})
        assert foreign.refresh().status == "concept"

    def test_nothing_ticked_says_so(self, maker, tour):
        assert "Nothing was chosen" in maker.post(PROPOSE, {}).content.decode()


class TestAccess:
    def test_only_who_manages_contracts_for_a_provider(self, client, tour):
        seats = [
            (tour.producer, Role.PRODUCER, {Module.CONTRACTS: Level.VIEW}), (tour.house, Role.THEATRE, None),
            (make_organisation(Role.PLATFORM), Role.PLATFORM, None),
        ]  # fmt: skip
        for organisation, role, rights in seats:
            make_client_login(client, organisation, role, rights)
            assert {client.get(BULK).status_code, client.post(BULK, sent(tour)).status_code, client.post(PROPOSE).status_code} == {
                403
            }
        make_client_login(client, make_organisation(Role.PRODUCER))
        assert client.post(BULK, sent(tour)).status_code == 404
        assert agreements() == []

    def test_queries_do_not_grow_with_theatres(self, maker, tour):
        counts = []
        for _more in range(2):
            with CaptureQueriesContext(connection) as seen:
                assert maker.get(BULK, {"production": tour.production.dip_id}).status_code == 200
            counts.append(len(seen))
            for _theatre in range(2):
                make_performance(tour.production, make_hall(make_theatre(), ranks=[200]), day=DAY, capacity_by_rank=[200])
        assert counts[0] == counts[1] <= 24, counts
