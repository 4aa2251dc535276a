"""Borderels that open by themselves, each once, and reminders to whoever's turn it is."""

from datetime import date, timedelta

import pytest

from dip.contracts import actions
from dip.contracts.actions import settlement_opening
from dip.contracts.rules.kept import restored_figures
from dip.contracts.terms.settlements import Sold
from dip.contracts.terms.states import SettlementStatus
from dip.programme.models import Performance
from dip.programme.terms import PerformanceStatus
from tests.contracts.borderels import mails, new_mails, row_of
from tests.factories.contracts import APPROVED, CONFIRMED, PLAYED, REASON, Deal, make_deal
from tests.factories.registry import NOW
from tests.factories.ticketing import push, tickets

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY = timedelta(days=1)


class TestOpening:
    def opened(self, deal: Deal, days: float = 1) -> int:
        return settlement_opening.open_settlements(at=max(one.starts_at for one in deal.performances) + days * DAY)

    def test_on_the_day_after_the_last_performance_with_the_figures_of_ticketing(self):
        deal = make_deal(APPROVED, performances=2, day=date(2026, 11, 24))
        first, second = deal.performances
        push(first, tickets(300), true_at=first.starts_at + timedelta(hours=4))
        assert settlement_opening.open_settlements(at=first.starts_at + DAY) == 0, "the last one is still to be played"
        before = len(mails())
        assert self.opened(deal) == 1
        row = row_of(deal)
        assert (row.number, row.version, row.status) == (1, 1, SettlementStatus.OPEN)
        assert row.due_date == row.act_by == date(2026, 12, 2), "five working days after Wednesday 25 November"
        figures = restored_figures(row.figures)
        assert [(one.number, one.sold) for one in figures] == [(first.number, Sold(300, 0, 750_000)), (second.number, None)]
        assert figures[0].source
        assert figures[0].true_at == first.starts_at + timedelta(hours=4)
        assert deal.events()[-1] == "borderel_opened"
        [(to, subject)] = new_mails(before)[:1]
        assert "Confirm the borderel" in subject
        assert to in {person.email for person in deal.people.values()}

    def test_twice_opens_once(self):
        deal = make_deal(APPROVED, day=date(2026, 11, 24))
        assert [self.opened(deal), self.opened(deal), self.opened(deal, 9)] == [1, 0, 0]

    def test_a_cancelled_last_evening_does_not_hold_it_up(self):
        deal = make_deal(APPROVED, performances=2, day=date(2026, 11, 24))
        Performance.objects.filter(pk=deal.numbers[1]).update(status=PerformanceStatus.CANCELLED)
        assert settlement_opening.open_settlements(at=deal.performances[0].starts_at + DAY) == 1
        assert [one["number"] for one in row_of(deal).figures] == deal.numbers[:1]
        assert row_of(deal).due_date == date(2026, 12, 1)

    def test_all_cancelled_has_none_and_the_history_says_so_once(self):
        deal = make_deal(APPROVED, day=date(2026, 11, 24))
        Performance.objects.filter(pk__in=deal.numbers).update(status=PerformanceStatus.CANCELLED)
        assert [self.opened(deal), self.opened(deal, 2)] == [0, 0]
        assert row_of(deal) is None
        assert deal.events().count("borderel_not_needed") == 1

    @pytest.mark.parametrize("state", ["concept", "proposed", "rejected", "withdrawn", "expired"])
    def test_only_what_was_approved(self, state):
        deal = make_deal(state, day=date(2026, 11, 24))
        assert settlement_opening.open_settlements(at=NOW + 5 * DAY) == 0
        assert row_of(deal) is None

    def test_a_revision_takes_over_what_waits(self):
        deal = make_deal(PLAYED)
        later = actions.revise_agreement(access=deal.provider, at=NOW, agreement_id=deal.agreement.pk)
        type(deal.agreement).objects.across_tenants(REASON).filter(pk=deal.agreement.pk).update(status="revised")
        type(deal.agreement).objects.across_tenants(REASON).filter(pk=later.pk).update(status="approved")
        assert settlement_opening.close_overtaken(at=NOW) == 1
        assert row_of(deal).status == SettlementStatus.REOPENED
        assert row_of(deal).act_by is None
        assert settlement_opening.close_overtaken(at=NOW) == 0


class TestReminders:
    def test_before_and_after_the_last_day_each_once(self):
        deal = make_deal(PLAYED)
        due, before = row_of(deal).act_by, len(mails())
        begin = deal.at.replace(year=due.year, month=due.month, day=due.day)
        counts = [settlement_opening.remind_settlements(at=begin + days * DAY) for days in (-6, -1, -1, 0, 1, 2, 8, 9, 15, 29, 40)]
        assert counts[0] == 0
        assert sum(counts) == 5
        assert all("borderel" in subject.lower() for _to, subject in new_mails(before))
        assert "late" in mails()[-1]["subject"].lower()

    def test_a_missed_one_is_made_up_for_once(self):
        deal = make_deal(PLAYED)
        late = deal.at.replace(year=2026, month=row_of(deal).act_by.month, day=row_of(deal).act_by.day) + 10 * DAY
        assert [settlement_opening.remind_settlements(at=late + days * DAY) for days in (0, 0, 1)] == [1, 0, 0]

    def test_the_provider_is_reminded_to_sign(self):
        deal = make_deal(CONFIRMED)
        before = len(mails())
        assert settlement_opening.remind_settlements(at=NOW) == 1
        assert {to for to, _ in new_mails(before)} == {deal.people["provider"].email}
