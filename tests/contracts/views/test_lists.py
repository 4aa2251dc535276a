"""The list of agreements: who sees which, whose turn, filters, counts, pages, files."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dip.contracts import actions
from dip.contracts.queries.lists import agreement_list
from dip.contracts.rules.turns import turn
from dip.contracts.terms.stages import TURNS, AgreementFilter, Stage, Whose
from dip.contracts.terms.states import AgreementStatus, SettlementStatus
from dip.kernel.clock import local
from dip.registry.terms import Level, Module, Role
from tests.factories.contracts import make_deal
from tests.factories.registry import NOW, make_client_login, make_organisation

LIST, EXPORT = reverse("contracts-agreements"), reverse("contracts-agreements-export")
TODAY = local(NOW).date()


def listed(access, **wanted):
    return agreement_list(access, AgreementFilter(**wanted), TODAY)


def again(deal, state):
    """Another agreement between the same two, of a production of its own."""
    return make_deal(state, producer=deal.producer, agency=deal.agency, house=deal.house, theatre=deal.theatre)


def lines(access, **wanted):
    return list(listed(access, **wanted)[0].object_list)


@pytest.mark.django_db
class TestWhoSeesWhat:
    def test_nobody_but_its_provider_sees_a_concept(self, deal):
        assert [line.reference for line in lines(deal.provider)] == [deal.agreement.reference]
        assert lines(deal.taker) == []
        for stranger in deal.strangers():
            assert lines(stranger) == []

    def test_both_parties_see_a_proposal_and_nobody_else(self, proposed):
        for party in (proposed.provider, proposed.taker):
            assert [line.stage for line in lines(party)] == [Stage.PROPOSED]
        for stranger in proposed.strangers():
            assert lines(stranger) == []

    def test_the_producer_of_an_agency_reads_and_it_is_never_its_turn(self, db):
        deal = make_deal("rejected", with_agency=True)
        [line] = lines(deal.represented)
        assert (line.stage, line.whose) == (Stage.REJECTED, Whose.THEIRS)
        assert lines(deal.provider)[0].whose is Whose.MINE

    def test_a_theatre_reads_what_was_proposed_not_the_draft_ahead_of_it(self, db):
        deal = make_deal("rejected")
        actions.change_agreement(
            access=deal.provider, at=NOW, agreement_id=deal.agreement.pk, format_code="buyout", values={"buyout_amount": 987_600}
        )
        [line] = agreement_list(deal.taker, AgreementFilter(), TODAY)[0].object_list
        assert line.format == "partage"
        assert lines(deal.provider)[0].format == "buyout"
        assert lines(deal.taker, format="buyout") == []

    def test_pages_ask_for_the_right_to_view_contracts(self, client, proposed):
        make_client_login(client, proposed.house, Role.THEATRE, {Module.PROGRAMME: Level.APPROVE})
        assert client.get(LIST).status_code == client.get(EXPORT).status_code == 403

    def test_a_visitor_signs_in_first(self, client):
        assert client.get(LIST).status_code == 302

    def test_a_stranger_finds_no_word_of_it(self, client, proposed):
        make_client_login(client, make_organisation(Role.PRODUCER))
        answer = client.get(LIST, {"season": "all"})
        assert answer.status_code == 200
        assert proposed.production.title not in answer.content.decode()
        assert proposed.agreement.reference not in client.get(EXPORT, {"as": "csv", "season": "all"}).content.decode()


@pytest.mark.django_db
class TestTurns:
    @pytest.mark.parametrize(
        ("state", "stage", "provider", "taker"),
        [
            ("concept", Stage.CONCEPT, Whose.MINE, None),
            ("proposed", Stage.PROPOSED, Whose.THEIRS, Whose.MINE),
            ("rejected", Stage.REJECTED, Whose.MINE, Whose.THEIRS),
            ("approved", Stage.APPROVED, Whose.NOBODY, Whose.NOBODY),
            ("played", Stage.TO_CONFIRM, Whose.THEIRS, Whose.MINE),
            ("confirmed", Stage.TO_SIGN, Whose.MINE, Whose.THEIRS),
            ("settled", Stage.TO_INVOICE, Whose.MINE, Whose.THEIRS),
            ("paid", Stage.PAID, Whose.NOBODY, Whose.NOBODY),
            ("withdrawn", Stage.WITHDRAWN, Whose.NOBODY, None),
            ("expired", Stage.EXPIRED, Whose.NOBODY, Whose.NOBODY),
        ],
    )
    def test_each_stage_waits_for_somebody(self, state, stage, provider, taker):
        deal = make_deal(state)
        [line] = lines(deal.provider)
        assert (line.stage, line.whose) == (stage, provider)
        seen = lines(deal.taker)
        assert [one.whose for one in seen] == ([taker] if taker else [])

    def test_a_signed_rent_is_invoiced_by_the_theatre(self, db):
        deal = make_deal("settled", format_code="rent")
        assert lines(deal.taker)[0].whose is Whose.MINE
        assert lines(deal.provider)[0].whose is Whose.THEIRS

    def test_it_agrees_with_the_turn_of_the_agreement_itself(self):
        for status in AgreementStatus:
            if status is not AgreementStatus.APPROVED:
                assert TURNS[Stage(status)] is turn(status)
        pairs = {SettlementStatus.OPEN: Stage.TO_CONFIRM, SettlementStatus.CONFIRMED: Stage.TO_SIGN, SettlementStatus.DISPUTED: Stage.DISPUTED}  # fmt: skip
        for status, stage in pairs.items():
            assert TURNS[stage] is turn(AgreementStatus.APPROVED, status)


@pytest.mark.django_db
class TestTheList:
    def test_filters_by_each_column(self, proposed):
        deal = proposed
        hits = {
            "stage": "proposed", "format": "partage", "theatre_id": deal.theatre.pk, "production_id": deal.production.pk,
            "season_year": deal.production.season_year, "text": deal.production.title[4:10].upper(), "whose": "mine",
        }  # fmt: skip
        misses = {
            "stage": "approved", "format": "rent", "theatre_id": 1, "production_id": 1, "season_year": 2019, "text": "onvindbaar",
            "whose": "nobody",
        }  # fmt: skip
        for name, value in hits.items():
            assert len(lines(deal.taker, **{name: value})) == 1, name
        for name, value in misses.items():
            assert lines(deal.taker, **{name: value}) == [], name
        for text in (deal.agreement.reference.lower(), deal.theatre.name, deal.theatre.city, deal.producer.name):
            assert len(lines(deal.taker, text=text)) == 1, text

    def test_groups_of_stages(self, db):
        deal = make_deal("played")
        assert lines(deal.taker, stage="settling")
        assert not lines(deal.taker, stage="agreeing")
        assert not lines(deal.taker, stage="over")

    def test_what_is_open_stays_in_view_after_its_season(self, db):
        deal = make_deal("settled")
        deal.production.season_year = 2024
        deal.production.save()
        assert lines(deal.provider, season_year=2026, is_current=True)
        assert not lines(deal.provider, season_year=2026)

    def test_counts_leave_out_their_own_filter(self, proposed):
        _page, counts = listed(proposed.taker, whose="nobody", stage="approved")
        assert counts.found == 0
        assert counts.whose == {"mine": 0, "theirs": 0, "nobody": 0}
        _page, counts = listed(proposed.taker, whose="nobody")
        assert counts.whose["mine"] == 1
        assert counts.all_whose == 1
        assert counts.stages["proposed"] == 0

    def test_the_own_turn_comes_first(self, client, db):
        first = make_deal("approved")
        second = again(first, "proposed")
        third = again(first, "rejected")
        order = [line.reference for line in lines(first.taker)]
        assert order == [second.agreement.reference, third.agreement.reference, first.agreement.reference]

    def test_the_page_prints_status_deadline_and_turn(self, client, present, proposed):
        make_client_login(client, proposed.house, Role.THEATRE)
        text = client.get(LIST).content.decode()
        assert proposed.production.title in text
        assert proposed.agreement.reference in text
        assert "days left" in text
        assert "yours" in text
        assert "Partage" in text

    def test_nonsense_in_the_address_asks_nothing(self, client, present, proposed):
        make_client_login(client, proposed.house, Role.THEATRE)
        answer = client.get(LIST, {"status": "x", "season": "zz", "theatre": "-1", "page": "9999", "turn": "?", "format": "<b>"})
        assert answer.status_code == 200
        assert proposed.agreement.reference in answer.content.decode()

    def test_empty_states_say_what_comes_next(self, client, present, proposed):
        make_client_login(client, make_organisation(Role.PRODUCER))
        assert reverse("contracts-new") in client.get(LIST).content.decode()
        make_client_login(client, make_organisation(Role.THEATRE))
        assert "appears here" in client.get(LIST).content.decode()
        make_client_login(client, proposed.house, Role.THEATRE)
        assert "Nothing matches" in client.get(LIST, {"q": "onvindbaar"}).content.decode()

    @pytest.mark.parametrize("side", ["provider", "taker"])
    def test_queries_are_fixed(self, client, present, side):
        deal = make_deal("proposed")
        organisation = deal.house if side == "taker" else deal.proposer
        make_client_login(client, organisation)
        counts = []
        for _more in range(2):
            client.get(LIST)
            with CaptureQueriesContext(connection) as one:
                assert client.get(LIST).status_code == 200
            counts.append(len(one))
            again(deal, "proposed")
            again(deal, "played")
        assert counts[0] == counts[1] <= 12


@pytest.mark.django_db
class TestFiles:
    def test_the_workbook_has_a_row_per_agreement_and_one_per_performance(self, client, present, proposed):
        from python_calamine import CalamineWorkbook

        make_client_login(client, proposed.house, Role.THEATRE)
        answer = client.get(EXPORT)
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "attachment" in answer["Content-Disposition"]
        book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
        agreements, performances = (book.get_sheet_by_index(n).to_python() for n in (0, 1))
        row = dict(zip(agreements[0], agreements[1], strict=False))
        assert row["Reference"] == proposed.agreement.reference
        assert row["Provider’s share"] == 80
        assert row["Guarantee for the provider"] == 6500.0
        assert row["Theatre surcharge"] == 2.0
        assert "28.00" in row["Entrance prices"]
        assert len(performances) == 1 + len(proposed.numbers)

    def test_csv_is_filtered_alike_and_holds_no_formulas(self, client, present, proposed):
        proposed.production.title = "=1+1"
        proposed.production.save()
        make_client_login(client, proposed.house, Role.THEATRE)
        rows = list(csv.DictReader(io.StringIO(client.get(EXPORT, {"as": "csv"}).content.decode("utf-8-sig"))))
        assert rows[0]["Production"] == "'=1+1"
        assert rows[0]["Guarantee for the provider"] == "6500.00"
        assert list(csv.DictReader(io.StringIO(client.get(EXPORT, {"as": "csv", "q": "zz"}).content.decode("utf-8-sig")))) == []

    def test_a_theatre_downloads_the_version_and_not_the_draft(self, client, present):
        deal = make_deal("rejected")
        actions.change_agreement(
            access=deal.provider, at=NOW + timedelta(hours=1), agreement_id=deal.agreement.pk, values={"provider_guarantee": 876_500}
        )  # fmt: skip
        make_client_login(client, deal.house, Role.THEATRE)
        assert "8765" not in client.get(EXPORT, {"as": "csv"}).content.decode()
