"""The page of a borderel: what each side sees and can do, what a mistake keeps, and who gets nothing."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from dip.contracts.actions import settlement_opening, settlements
from dip.contracts.models import ContractSettings
from dip.contracts.queries.checklist import checklist
from dip.contracts.queries.settlements import settlement
from dip.contracts.terms.settlements import Disputed, Step, StepState
from dip.contracts.terms.states import SettlementStatus, Turn
from dip.registry.terms import Level, Module, Role
from tests.contracts.borderels import row_of
from tests.factories.contracts import APPROVED, CONFIRMED, PAID, PLAYED, PROPOSED, SETTLED, Deal, make_deal
from tests.factories.registry import NOW, make_client_login, make_organisation
from tests.factories.ticketing import push, tickets

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]


def address(deal: Deal, number: int | None = None) -> str:
    name, more = ("contracts-settlement", []) if number is None else ("contracts-settlement-number", [number])
    return reverse(name, args=[deal.agreement.pk, *more])


def as_side(client, deal: Deal, side: str, level: Level = Level.APPROVE):
    organisation = deal.house if side == "taker" else deal.proposer
    role = Role.THEATRE if side == "taker" else None
    make_client_login(client, organisation, role, {Module.CONTRACTS: level})
    return client


def text(response) -> str:
    return response.content.decode().replace("\xa0", " ")


def figures(deal: Deal, *sold: tuple[str, str, str, str]) -> dict[str, str]:
    """What the form sends for the performances, in order."""
    sent = {"seen": settlement(deal.taker, deal.agreement.pk).digest}
    for number, values in zip(deal.numbers, sold, strict=True):
        sent |= {f"{name}-{number}": value for name, value in zip(("tickets", "free", "recette", "reason"), values, strict=True)}
    return sent


USUAL = ("344", "0", "10.234,00", "")


class TestWhoSeesWhat:
    def test_both_parties_and_the_producer_for_whom_an_agency_acts(self, client):
        deal = make_deal(CONFIRMED, with_agency=True)
        for organisation, role in ((deal.house, Role.THEATRE), (deal.agency, Role.AGENCY), (deal.producer, Role.PRODUCER)):
            make_client_login(client, organisation, role)
            assert client.get(address(deal)).status_code == 200
        assert 'value="sign"' not in text(client.get(address(deal))), "the producer only reads"

    def test_strangers_and_the_platform_find_nothing(self, client):
        deal = make_deal(CONFIRMED)
        for role in (Role.PRODUCER, Role.AGENCY, Role.THEATRE, Role.PLATFORM):
            make_client_login(client, make_organisation(role), role)
            assert client.get(address(deal)).status_code == 404
            assert client.post(address(deal), {"do": "sign"}).status_code == 404
        for role in (Role.ASSOCIATION, Role.FUNDER):
            make_client_login(client, make_organisation(role), role)
            assert client.get(address(deal)).status_code in (403, 404)
        assert row_of(deal).status == SettlementStatus.CONFIRMED

    def test_a_colleague_without_contracts_is_refused_and_a_visitor_signs_in(self, client):
        deal = make_deal(CONFIRMED)
        assert client.get(address(deal)).status_code == 302
        make_client_login(client, deal.house, Role.THEATRE, {Module.SALES: Level.APPROVE})
        assert client.get(address(deal)).status_code == 403

    @pytest.mark.parametrize(
        ("state", "side", "level", "acts"),
        [
            (PLAYED, "taker", Level.APPROVE, {"keep", "confirm"}),
            (PLAYED, "taker", Level.MANAGE, {"keep"}),
            (PLAYED, "taker", Level.VIEW, set()),
            (PLAYED, "provider", Level.APPROVE, set()),
            (CONFIRMED, "taker", Level.APPROVE, {"reopen"}),
            (CONFIRMED, "provider", Level.APPROVE, {"sign"}),
            (CONFIRMED, "provider", Level.VIEW, set()),
            (SETTLED, "taker", Level.APPROVE, {"paid", "reopen"}),
            (SETTLED, "provider", Level.MANAGE, {"paid"}),
        ],
    )
    def test_only_what_can_be_done_is_offered(self, client, state, side, level, acts):
        deal = make_deal(state)
        page = text(as_side(client, deal, side, level).get(address(deal)))
        assert {act for act in ("keep", "confirm", "sign", "reopen", "paid") if f'value="{act}"' in page} == acts
        assert ("?do=dispute" in page) is (state == CONFIRMED and side == "provider" and level >= Level.MANAGE)

    @pytest.mark.parametrize("state", [PROPOSED, APPROVED])
    def test_before_there_is_one_the_page_says_what_comes(self, client, state):
        deal = make_deal(state)
        page = text(as_side(client, deal, "provider").get(address(deal)))
        assert "No borderel yet" in page
        assert client.post(address(deal), {"do": "sign"}).status_code == 404
        assert client.get(address(deal, 1)).status_code == 404

    def test_a_concept_is_nothing_to_the_theatre(self, client):
        deal = make_deal()
        assert as_side(client, deal, "taker").get(address(deal)).status_code == 404


class TestTheTheatre:
    def test_confirms_what_it_sees(self, client):
        deal = make_deal(PLAYED)
        client = as_side(client, deal, "taker")
        page = text(client.get(address(deal)))
        assert "Kassa De Vlonder" in page
        assert 'value="344"' in page
        assert "10234,00" in page
        response = client.post(address(deal), {"do": "confirm", **figures(deal, USUAL)}, follow=True)
        assert "The borderel is confirmed" in text(response)
        assert row_of(deal).status == SettlementStatus.CONFIRMED
        assert not row_of(deal).figures[0]["corrected"]

    def test_keeps_a_correction_and_sees_its_statement(self, client):
        deal = make_deal(PLAYED, performances=2)
        client = as_side(client, deal, "taker", Level.MANAGE)
        sent = figures(deal, USUAL, ("350", "2", "€ 10.412,50", "Zes aan de deur"))
        page = text(client.post(address(deal), {"do": "keep", **sent}, follow=True))
        assert "Ticketing system: 344 paid, 0 free" in page
        assert "Zes aan de deur" in page
        assert settlement(deal.taker, deal.agreement.pk).figures[1].sold.recette_cents == 1_041_250
        as_side(client, deal, "provider")
        assert "Zes aan de deur" not in text(client.get(address(deal)))

    def test_a_performance_without_figures_is_typed(self, client):
        deal = make_deal(APPROVED, day=date(2026, 11, 19))
        settlement_opening.open_settlements(at=NOW)
        client = as_side(client, deal, "taker")
        assert "Figures are missing" in text(client.get(address(deal)))
        assert "no figures yet" in text(client.post(address(deal), {"do": "confirm", **figures(deal, ("", "", "", ""))}))
        client.post(address(deal), {"do": "keep", **figures(deal, ("80", "", "1.600,00", "Van papier"))})
        client.post(address(deal), {"do": "confirm", **figures(deal, ("80", "0", "1600,00", "Van papier"))})
        assert row_of(deal).status == SettlementStatus.CONFIRMED

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            (("veel", "0", "10.234,00", "r"), "“Paid tickets” is veel, which is no number"),
            (("344", "0", "", "r"), "“Recette” is empty"),
            (("344,5", "0", "10.234,00", "r"), "which is no number"),
            (("-4", "0", "10.234,00", "r"), "give 0 or more"),
            (("340", "0", "10.000,00", ""), "say why these figures"),
        ],
    )
    def test_a_mistake_is_named_and_what_was_typed_stays(self, client, values, words):
        deal = make_deal(PLAYED, performances=2)
        client = as_side(client, deal, "taker")
        response = client.post(address(deal), {"do": "confirm", **figures(deal, values, ("350", "0", "10.500,00", "Deur"))})
        page = text(response).replace("&quot;", '"')
        assert response.status_code == 400
        assert words in page.replace("−", "-")
        assert 'value="10.500,00"' in page
        assert 'value="Deur"' in page
        assert row_of(deal).status == SettlementStatus.OPEN

    def test_figures_that_changed_meanwhile_are_shown_first(self, client):
        deal = make_deal(PLAYED)
        client, sent = as_side(client, deal, "taker"), figures(deal, USUAL)
        push(deal.performances[0], tickets(350, price=2975), true_at=NOW - timedelta(days=2))
        response = client.post(address(deal), {"do": "confirm", **sent})
        assert response.status_code == 400
        assert "changed while you were looking" in text(response)
        digest = settlement(deal.taker, deal.agreement.pk).digest
        assert f'value="{digest}"' in text(response)
        told = {**sent, "seen": digest, f"reason-{deal.numbers[0]}": "Zes te veel"}
        page = text(client.post(address(deal), {"do": "confirm", **told}, follow=True))
        assert "Look at the statement that they give" in page
        assert row_of(deal).status == SettlementStatus.OPEN
        told["seen"] = settlement(deal.taker, deal.agreement.pk).digest
        client.post(address(deal), {"do": "confirm", **told})
        assert row_of(deal).figures[0]["told"]["tickets"] == 350
        assert row_of(deal).figures[0]["tickets"] == 344

    def test_the_first_of_two_sees_that_a_colleague_follows(self, client):
        deal = make_deal(PLAYED)
        ContractSettings.objects.create(organisation=deal.house, four_eyes=True)
        make_client_login(client, deal.house, Role.THEATRE, person=deal.people["taker"])
        page = text(client.post(address(deal), {"do": "confirm", **figures(deal, USUAL)}, follow=True))
        assert "You were the first of two" in page
        assert 'value="confirm"' not in page
        make_client_login(client, deal.house, Role.THEATRE, person=deal.people["second"])
        assert f"{deal.people['taker'].name} was the first of two" in text(client.get(address(deal)))
        client.post(address(deal), {"do": "confirm", **figures(deal, USUAL)})
        assert row_of(deal).status == SettlementStatus.CONFIRMED


class TestTheProvider:
    def test_disputes_lines_and_the_theatre_replies(self, client):
        deal = make_deal(CONFIRMED)
        client = as_side(client, deal, "provider")
        assert 'name="line-vat"' in text(client.get(address(deal) + "?do=dispute"))
        sent = {"do": "dispute", "line-royalties": "on", "reason-royalties": "11 % was afgesproken", "expected-royalties": "950,00"}
        page = text(client.post(address(deal), sent, follow=True))
        assert "Your remarks are sent" in page
        assert "11 % was afgesproken" in page
        assert "€ 950.00" in page
        [remark] = settlement(deal.taker, deal.agreement.pk).remarks
        as_side(client, deal, "taker")
        response = client.post(address(deal), {"do": "confirm", **figures(deal, USUAL)})
        assert response.status_code == 400
        assert "has no reply yet" in text(response)
        client.post(address(deal), {"do": "confirm", **figures(deal, USUAL), f"reply-{remark.id}": "Het contract zegt 12 %."})
        assert row_of(deal).status == SettlementStatus.CONFIRMED
        as_side(client, deal, "provider")
        assert "Het contract zegt 12 %." in text(client.get(address(deal)))

    @pytest.mark.parametrize(
        ("sent", "words"),
        [
            ({}, "at least one line"),
            ({"line-vat": "on"}, "Say why you dispute"),
            ({"line-vat": "on", "reason-vat": "r", "expected-vat": "veel"}, "which is no amount"),
        ],
    )
    def test_a_dispute_that_says_nothing(self, client, sent, words):
        deal = make_deal(CONFIRMED)
        response = as_side(client, deal, "provider").post(address(deal), {"do": "dispute", **sent})
        assert response.status_code == 400
        assert words in text(response)
        assert row_of(deal).status == SettlementStatus.CONFIRMED

    def test_signs_off_then_it_is_paid_and_reopened_and_the_first_stays_readable(self, client):
        deal = make_deal(CONFIRMED)
        client = as_side(client, deal, "provider")
        assert "signed" in text(client.post(address(deal), {"do": "sign"}, follow=True))
        response = client.post(address(deal), {"do": "paid", "paid_date": "2026-12-24"})
        assert response.status_code == 400
        assert "Give a day from" in text(response)
        assert "The day of payment is kept" in text(
            client.post(address(deal), {"do": "paid", "paid_date": "2026-11-20"}, follow=True)
        )
        assert client.post(address(deal), {"do": "reopen", "reason": ""}).status_code == 400
        page = text(client.post(address(deal), {"do": "reopen", "reason": "Retouren"}, follow=True))
        assert "Borderel 2" in page
        assert address(deal, 1) in page
        assert "Retouren" in text(client.get(address(deal, 1)))
        assert client.get(address(deal, 3)).status_code == 404

    @pytest.mark.parametrize("kind", ["", "moon", "keep"])
    def test_an_act_that_is_none_or_the_others(self, client, kind):
        deal = make_deal(CONFIRMED)
        response = as_side(client, deal, "provider").post(address(deal), {"do": kind, **figures(deal, USUAL)})
        assert response.status_code in (403, 404)

    def test_later_figures_are_shown_as_a_difference_only(self, client):
        deal = make_deal(SETTLED)
        push(deal.performances[0], tickets(336, price=2975), true_at=NOW)
        page = text(as_side(client, deal, "provider").get(address(deal)))
        assert "The ticketing system says now: 336 paid" in page
        assert row_of(deal).figures[0]["tickets"] == 344


class TestTheChecklist:
    def steps(self, deal: Deal, access=None) -> dict[Step, tuple[StepState, Turn]]:
        found = checklist(access or deal.provider, deal.agreement.pk, NOW)
        return {item.step: (item.state, item.turn) for item in found}

    @pytest.mark.parametrize(
        ("state", "step", "turn"),
        [
            ("proposed", Step.AGREEMENT, Turn.THEATRE),
            ("rejected", Step.AGREEMENT, Turn.PROVIDER),
            (PLAYED, Step.CONFIRMED, Turn.THEATRE),
            (CONFIRMED, Step.SIGNED, Turn.PROVIDER),
            (SETTLED, Step.INVOICE, Turn.PROVIDER),
        ],
    )
    def test_says_whose_turn_it_is_the_same_to_both(self, state, step, turn):
        deal = make_deal(state)
        now = {one: told for one, told in self.steps(deal).items() if told[0] is StepState.NOW}
        assert now == {step: (StepState.NOW, turn)}
        assert self.steps(deal, deal.taker) == self.steps(deal)

    def test_everything_done_once_paid(self):
        assert {state for state, _ in self.steps(make_deal(PAID)).values()} == {StepState.DONE}

    def test_days_left_and_late(self):
        deal = make_deal(PLAYED)
        item = next(one for one in checklist(deal.taker, deal.agreement.pk, NOW) if one.step is Step.CONFIRMED)
        assert item.deadline == row_of(deal).due_date
        assert item.is_late
        assert item.days_late > 0

    def test_what_is_missing(self):
        deal = make_deal(APPROVED, values={"framework_applies": False})
        type(deal.performances[0]).objects.filter(pk__in=deal.numbers).update(capacity=0, capacity_by_rank=[])
        found = self.steps(deal)
        assert found[Step.CAPACITY] == (StepState.MISSING, Turn.THEATRE)
        assert found[Step.FIGURES][0] is StepState.LATER

    def test_nothing_for_strangers(self):
        deal = make_deal(PLAYED)
        assert all(checklist(access, deal.agreement.pk, NOW) == () for access in deal.strangers())


def test_a_fixed_number_of_queries_at_one_and_three_performances(client, django_assert_max_num_queries):
    counts = []
    for performances in (1, 3):
        deal = make_deal(CONFIRMED, performances=performances)
        settlements.dispute_settlement(
            access=deal.provider, at=NOW, settlement_id=row_of(deal).pk, remarks=[Disputed("vat", "r"), Disputed("net", "r")]
        )
        client = as_side(client, deal, "taker")
        client.get(address(deal))
        with django_assert_max_num_queries(40) as asked:
            client.get(address(deal))
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_reads_in_other_languages(client, language):
    deal = make_deal(CONFIRMED)
    make_client_login(client, deal.proposer, language=language)
    page = text(client.get(address(deal)))
    assert "Sign off" not in page
    assert "Figures per performance" not in page


def test_what_is_still_needed_comes_with_the_agreements_page(client):
    deal = make_deal(APPROVED)
    asked = reverse("contracts-still-needed", args=[deal.agreement.pk])
    part = {"HX-Request": "true"}
    for side in ("provider", "taker"):
        page = as_side(client, deal, side, Level.VIEW)
        assert asked in text(page.get(reverse("contracts-agreement", args=[deal.agreement.pk])))
        told = text(page.get(asked, headers=part))
        assert "checklist" in told
        assert "<html" not in told
        assert page.get(asked).url == address(deal)  # without scripts: on the page of the borderel
    make_client_login(client, deal.house, Role.THEATRE, {Module.SALES: Level.APPROVE})
    assert client.get(asked, headers=part).status_code == 403
    make_client_login(client, make_organisation(Role.THEATRE), Role.THEATRE, {Module.CONTRACTS: Level.APPROVE})
    assert client.get(asked, headers=part).status_code == 404
