"""Borderels from the morning they open to the day they are paid: who may do what, and what is refused with which words."""

from datetime import date, timedelta

import pytest

from dip.contracts.actions import settlement_opening, settlements
from dip.contracts.actions.settlement_record import UnableToSettle
from dip.contracts.models import ContractSettings, Settlement, SettlementRemark
from dip.contracts.queries.settlements import settlement, settlement_heads
from dip.contracts.rules.kept import restored_figures, restored_statement, stored_figures, stored_statement
from dip.contracts.rules.steps import residual
from dip.contracts.terms.settlements import Disputed, Sold, Typed
from dip.contracts.terms.statement import Party
from dip.contracts.terms.states import SettlementStatus, Turn
from dip.registry.models import AuditLine
from dip.registry.terms import AccessDenied, Level
from tests.contracts.borderels import confirm, correct, dispute, mails, new_mails, pay, reopen, row_of, sign
from tests.factories.contracts import APPROVED, CONFIRMED, PAID, PLAYED, REASON, SETTLED, Deal, make_deal
from tests.factories.registry import NOW
from tests.factories.ticketing import push, tickets

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY = timedelta(days=1)


class TestConfirming:
    def test_freezes_figures_and_statement_whole(self):
        deal = make_deal(PLAYED, performances=2)
        before = len(mails())
        row = confirm(deal)
        assert row.status == SettlementStatus.CONFIRMED
        assert row.confirmed_at == deal.at
        statement = restored_statement(row.statement)
        assert stored_statement(statement) == row.statement
        assert stored_figures(restored_figures(row.figures)) == row.figures
        assert residual(statement) == 0
        assert len(statement.numbers) == 2
        assert row.payable_cents == statement.payable_cents > 0
        assert row.provider_total_cents == statement.cents("provider_total")
        assert new_mails(before)
        assert deal.events()[-1] == "borderel_confirmed"
        push(deal.performances[0], tickets(200), true_at=deal.at + DAY)
        state = settlement(deal.provider, deal.agreement.pk)
        assert stored_statement(state.statement) == row.statement
        assert state.changes == {deal.numbers[0]: (Sold(344, 0, 344 * 2975), Sold(200, 0, 500_000))}

    def test_follows_ticketing_until_then(self):
        deal = make_deal(PLAYED)
        push(deal.performances[0], tickets(350), true_at=deal.at - DAY)
        assert settlement(deal.taker, deal.agreement.pk).figures[0].sold.tickets == 350
        assert confirm(deal).figures[0]["tickets"] == 350

    def test_a_correction_keeps_both_figures_and_the_reason(self):
        deal = make_deal(PLAYED)
        number = deal.numbers[0]
        typed = {number: Typed(Sold(350, 4, 1_040_000), "Zes aan de deur")}
        correct(deal, deal.colleague("taker", Level.MANAGE), figures=typed)
        assert settlement(deal.taker, deal.agreement.pk).figures[0].is_corrected
        assert not settlement(deal.provider, deal.agreement.pk).figures[0].is_corrected, "a draft is the theatre's own"
        row = confirm(deal)
        [kept] = row.figures
        assert (kept["tickets"], kept["told"]["tickets"], kept["corrected"], kept["reason"]) == (350, 344, True, "Zes aan de deur")
        assert row.draft == []
        assert settlement(deal.provider, deal.agreement.pk).figures[0].sold == Sold(350, 4, 1_040_000)

    def test_the_same_as_ticketing_takes_a_correction_back(self):
        deal = make_deal(PLAYED)
        number = deal.numbers[0]
        correct(deal, figures={number: Typed(Sold(350, 4, 1_040_000), "Zes aan de deur")})
        correct(deal, figures={number: Typed(Sold(344, 0, 344 * 2975))})
        assert not settlement(deal.taker, deal.agreement.pk).figures[0].is_corrected

    @pytest.mark.parametrize(
        ("typed", "field", "words"),
        [
            (Typed(Sold(-1, 0, 0), "r"), "tickets", ["Paid tickets", "-1", "give 0 or more"]),
            (Typed(Sold(10, -2, 100), "r"), "free", ["Free tickets", "2"]),
            (Typed(Sold(0, 0, 5000), "r"), "recette", ["Recette", "50", "without paid tickets"]),
            (Typed(Sold(300_000, 0, 5000), "r"), "tickets", ["300,000", "at most"]),
            (Typed(Sold(300, 0, 5000)), "reason", ["say why"]),
        ],
    )
    def test_refuses_what_cannot_be_with_performance_field_value_remedy(self, typed, field, words):
        deal = make_deal(PLAYED)
        number = deal.numbers[0]
        with pytest.raises(UnableToSettle) as refused:
            correct(deal, figures={number: typed})
        assert refused.value.field == f"{field}-{number}"
        told = refused.value.message.replace("−", "-").replace("\xa0", " ")
        assert all(word in told for word in words), told
        assert row_of(deal).draft == []

    def test_more_than_the_seats_is_told_and_not_refused(self):
        deal = make_deal(PLAYED)
        correct(deal, figures={deal.numbers[0]: Typed(Sold(620, 0, 900_000), "Klapstoelen")})
        [finding] = settlement(deal.taker, deal.agreement.pk).findings
        assert (finding.code, finding.is_warning) == ("more_than_seats", True)
        assert confirm(deal).status == SettlementStatus.CONFIRMED

    def test_missing_figures_hold_it_up_until_they_are_typed(self):
        deal = make_deal(APPROVED, day=date(2026, 11, 19))
        settlement_opening.open_settlements(at=NOW)
        with pytest.raises(UnableToSettle, match="no figures yet"):
            confirm(deal)
        row = confirm(deal, figures={deal.numbers[0]: Typed(Sold(80, 0, 160_000), "Van papier")})
        assert row.status == SettlementStatus.CONFIRMED
        assert row.figures[0]["told"] is None

    def test_other_figures_than_were_seen_are_not_confirmed(self):
        deal = make_deal(PLAYED)
        seen = settlement(deal.taker, deal.agreement.pk).digest
        push(deal.performances[0], tickets(350), true_at=deal.at - DAY)
        with pytest.raises(UnableToSettle, match="changed while you were looking") as refused:
            confirm(deal, seen=seen)
        assert refused.value.field == "seen"
        assert confirm(deal, seen=settlement(deal.taker, deal.agreement.pk).digest).status == SettlementStatus.CONFIRMED

    def test_an_unknown_performance_is_named(self):
        deal = make_deal(PLAYED)
        with pytest.raises(UnableToSettle, match="999 is not in this borderel"):
            correct(deal, figures={999: Typed(Sold(1, 0, 1), "r")})

    def test_a_repeat_does_nothing_and_a_confirmed_one_no_longer_changes(self):
        deal = make_deal(CONFIRMED)
        kept, before = row_of(deal).statement, len(mails())
        assert confirm(deal).statement == kept
        assert len(mails()) == before
        with pytest.raises(UnableToSettle):
            correct(deal, figures={deal.numbers[0]: Typed(Sold(1, 0, 1), "r")})

    def test_two_people_where_four_eyes_are_asked(self):
        deal = make_deal(PLAYED)
        ContractSettings.objects.create(organisation=deal.house, four_eyes=True)
        before = len(mails())
        assert confirm(deal).status == SettlementStatus.OPEN
        assert [to for to, _ in new_mails(before)] == [deal.people["second"].email]
        with pytest.raises(UnableToSettle.__base__, match="four eyes"):
            confirm(deal)
        push(deal.performances[0], tickets(350), true_at=deal.at - DAY)
        assert confirm(deal, deal.second).status == SettlementStatus.CONFIRMED
        assert row_of(deal).figures[0]["tickets"] == 344, "the second confirms what the first saw"

    def test_a_change_asks_for_two_again(self):
        deal = make_deal(PLAYED)
        ContractSettings.objects.create(organisation=deal.house, four_eyes=True)
        confirm(deal)
        correct(deal, deal.second, figures={deal.numbers[0]: Typed(Sold(350, 0, 1_000_000), "Deur")})
        assert confirm(deal, deal.second).status == SettlementStatus.OPEN
        assert confirm(deal).status == SettlementStatus.CONFIRMED


class TestDisputing:
    def disputed(self) -> Deal:
        deal = make_deal(CONFIRMED)
        dispute(deal, Disputed("surcharge_theatre", "Oud tarief", 51_600), Disputed("figures", "Wij telden meer"))
        return deal

    def test_lines_with_a_reason_and_an_amount(self):
        deal, before = self.disputed(), 0
        state = settlement(deal.taker, deal.agreement.pk)
        assert (state.status, state.turn) == (SettlementStatus.DISPUTED, Turn.THEATRE)
        assert [(one.line, one.expected_cents) for one in state.remarks] == [("surcharge_theatre", 51_600), ("figures", None)]
        assert "disputes the borderel" in mails()[-1]["subject"]
        assert "Oud tarief" in mails()[-1]["body"]
        assert before == 0
        assert deal.events()[-1] == "borderel_disputed"

    @pytest.mark.parametrize(
        ("remarks", "words"),
        [
            ([], "at least one line"),
            ([Disputed("moon", "r")], "“moon” is not a line"),
            ([Disputed("vat", "  ")], "Say why you dispute"),
        ],
    )
    def test_refuses_what_says_nothing(self, remarks, words):
        deal = make_deal(CONFIRMED)
        with pytest.raises(UnableToSettle, match=words):
            dispute(deal, *remarks)
        assert row_of(deal).status == SettlementStatus.CONFIRMED

    def test_every_remark_wants_a_reply_and_stays_readable(self):
        deal = self.disputed()
        first, second = settlement(deal.taker, deal.agreement.pk).remarks
        with pytest.raises(UnableToSettle, match="has no reply yet"):
            confirm(deal, replies={first.id: "Het tarief is van augustus."})
        correct(deal, deal.colleague("taker", Level.MANAGE), replies={second.id: "Nageteld: het klopt."})
        confirm(deal, replies={first.id: "Het tarief is van augustus."})
        state = settlement(deal.provider, deal.agreement.pk)
        assert state.status is SettlementStatus.CONFIRMED
        assert state.number == 1
        assert [one.reply for one in state.remarks] == ["Het tarief is van augustus.", "Nageteld: het klopt."]
        dispute(deal, Disputed("vat", "Toch niet"))
        assert len(settlement(deal.taker, deal.agreement.pk).open_remarks) == 1
        assert SettlementRemark.objects.across_tenants(REASON).count() == 3

    def test_the_provider_keeps_seeing_what_was_confirmed(self):
        deal = self.disputed()
        correct(deal, figures={deal.numbers[0]: Typed(Sold(360, 0, 1_071_000), "Nageteld")})
        assert settlement(deal.provider, deal.agreement.pk).figures[0].sold.tickets == 344
        assert settlement(deal.taker, deal.agreement.pk).figures[0].sold.tickets == 360


class TestSigningAndAfter:
    def test_signed_by_both_may_be_paid(self):
        deal = make_deal(CONFIRMED)
        row = sign(deal)
        assert (row.status, row.act_by) == (SettlementStatus.SIGNED, None)
        assert sign(deal).signed_at == row.signed_at, "a repeat does nothing"
        assert pay(deal, deal.taker).status == SettlementStatus.PAID
        assert row_of(deal).paid_date == NOW.date()
        assert deal.events()[-1] == "paid"
        assert AuditLine.objects.across_tenants(REASON).filter(subject="settlement", subject_id=str(row.pk)).count() == 3

    @pytest.mark.parametrize("state", [PLAYED, APPROVED])
    def test_nothing_to_sign_before_the_theatre_confirmed(self, state):
        deal = make_deal(state)
        with pytest.raises(UnableToSettle):
            settlements.sign_settlement(access=deal.provider, at=NOW, settlement_id=getattr(row_of(deal), "pk", 0))

    def test_two_people_at_the_provider(self):
        deal = make_deal(CONFIRMED)
        ContractSettings.objects.create(organisation=deal.producer, four_eyes=True)
        assert sign(deal).status == SettlementStatus.CONFIRMED
        assert sign(deal, deal.colleague("provider", Level.APPROVE)).status == SettlementStatus.SIGNED

    @pytest.mark.parametrize(("days", "words"), [(1, "is 24-11-2026"), (-60, "from")])
    def test_a_day_that_cannot_be(self, days, words):
        deal = make_deal(SETTLED)
        with pytest.raises(UnableToSettle, match=words):
            pay(deal, day=(NOW + days * DAY).date())

    @pytest.mark.parametrize("side", ["provider", "taker"])
    @pytest.mark.parametrize("state", [SETTLED, PAID])
    def test_reopened_by_either_a_next_one_opens_with_its_figures(self, side, state):
        deal = make_deal(state)
        first, before = row_of(deal), len(mails())
        again = reopen(deal, getattr(deal, side))
        first.refresh_from_db(from_queryset=Settlement.objects.across_tenants(REASON))
        assert (first.status, first.reopen_reason) == (SettlementStatus.REOPENED, "De kassa verwerkte nog retouren")
        assert (again.number, again.status, again.figures) == (2, SettlementStatus.OPEN, first.figures)
        assert len(new_mails(before)) >= 2
        assert all("reopened" in subject for _to, subject in new_mails(before))
        assert ("It was paid" in mails()[-1]["body"]) is (state == PAID)
        push(deal.performances[0], tickets(336, price=2975), true_at=deal.at - DAY)
        assert settlement(deal.taker, deal.agreement.pk).figures[0].sold.tickets == 344, (
            "a reopened one stays with what was confirmed"
        )
        confirm(deal, figures={deal.numbers[0]: Typed(Sold(336, 0, 336 * 2975))})
        sign(deal)
        assert [head.number for head in settlement_heads(deal.provider, deal.agreement.pk)] == [2, 1]
        assert settlement(deal.provider, deal.agreement.pk, 1).statement != settlement(deal.provider, deal.agreement.pk).statement
        assert settlement_opening.open_settlements(at=NOW + DAY) == 0

    def test_a_reason_and_something_closed_are_needed(self):
        deal = make_deal(SETTLED)
        with pytest.raises(UnableToSettle, match="Say why"):
            reopen(deal, reason=" ")
        with pytest.raises(UnableToSettle, match="Only a borderel that was closed"):
            reopen(make_deal(CONFIRMED))
        other = make_deal(CONFIRMED)
        assert reopen(other, other.taker).number == 2, "the theatre may take back what is not signed yet"

    def test_rent_is_invoiced_by_the_theatre_and_paid_by_the_provider_when_it_owes(self):
        deal = make_deal(SETTLED, "rent", values={"rent": 2_000_000})
        state = settlement(deal.provider, deal.agreement.pk)
        assert state.statement.issuer is Party.THEATRE
        assert state.statement.payable_cents < 0


ACTS = {"confirm": confirm, "correct": correct, "dispute": dispute, "sign": sign, "reopen": reopen, "pay": pay}
RIGHTS = {
    "confirm": (PLAYED, "taker", Level.APPROVE), "correct": (PLAYED, "taker", Level.MANAGE), "dispute": (CONFIRMED, "provider", Level.MANAGE),
    "sign": (CONFIRMED, "provider", Level.APPROVE), "reopen": (SETTLED, "provider", Level.APPROVE), "pay": (SETTLED, "provider", Level.MANAGE),
}  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
def test_who_may(act):
    state, side, level = RIGHTS[act]
    deal = make_deal(state, with_agency=True)
    row, mailed = row_of(deal), len(mails())
    denied = [deal.colleague(side, Level(level - 1)), deal.represented]
    if act not in ("reopen", "pay"):
        denied.append(deal.taker if side == "provider" else deal.provider)
    for access in denied:
        with pytest.raises(AccessDenied):
            ACTS[act](deal, access=access)
    for access in deal.strangers():
        with pytest.raises((AccessDenied, UnableToSettle)):
            ACTS[act](deal, access=access)
        assert settlement(access, deal.agreement.pk) is None
    assert row_of(deal).status == row.status
    assert len(mails()) == mailed
