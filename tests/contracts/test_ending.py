"""Ends: withdrawn with a reason, expired after the last day; and the reminders before it."""

from datetime import UTC, datetime, timedelta

import pytest

from dip.contracts import actions
from dip.contracts.jobs.deadlines import keep_deadlines
from dip.contracts.models import AgreementEvent
from dip.registry.models import AuditLine
from dip.registry.terms import AccessDenied
from tests.contracts.mails import mails, to
from tests.factories.contracts import Deal, make_deal
from tests.factories.registry import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
#: Proposed on 23 November; 7 December is the last day.
LAST = datetime(2026, 12, 7, 6, 0, tzinfo=UTC)


def withdraw(deal: Deal, reason: str = "Andere plannen", access=None):
    return actions.withdraw_agreement(access=access or deal.provider, at=NOW, agreement_id=deal.agreement.pk, reason=reason)


def test_a_concept_is_withdrawn_without_a_word(deal):
    assert withdraw(deal, "").status == "withdrawn"
    assert mails() == []
    assert not AgreementEvent.objects.within(deal.taker).exists()


def test_a_proposal_is_withdrawn_with_a_reason_that_the_theatre_reads(proposed, english):
    with pytest.raises(actions.UnableToEnd) as refusal:
        withdraw(proposed, " ")
    assert refusal.value.field == "reason"
    assert withdraw(proposed).ended_at == NOW
    assert proposed.version().outcome == "withdrawn"
    assert proposed.version().answered_at is None
    assert any("withdrawn" in subject for subject in to(proposed.people["taker"].email))
    event = AgreementEvent.objects.within(proposed.taker).get(kind="withdrawn")
    assert event.note == "Andere plannen"


def test_withdrawing_twice_changes_nothing(proposed):
    withdraw(proposed)
    count = len(mails())
    assert withdraw(proposed, "Nog eens").status == "withdrawn"
    assert proposed.events().count("withdrawn") == 1
    assert len(mails()) == count


def test_a_rejected_agreement_can_be_withdrawn():
    deal = make_deal("rejected")
    assert withdraw(deal).status == "withdrawn"
    assert deal.version().outcome == "rejected"


@pytest.mark.parametrize("state", ["approved", "revised", "expired"])
def test_what_binds_or_is_over_cannot_be_withdrawn(state):
    deal = make_deal(state)
    with pytest.raises(actions.UnableToEnd):
        withdraw(deal)


def test_who_may_not_withdraw():
    deal = make_deal("proposed", with_agency=True)
    for access in [*deal.strangers(), deal.taker, deal.represented, deal.colleague("provider")]:
        with pytest.raises(AccessDenied):
            withdraw(deal, access=access)
    assert deal.refresh().status == "proposed"


def test_a_proposal_expires_after_its_last_day(proposed):
    assert actions.expire_agreements(at=LAST) == 0
    assert actions.expire_agreements(at=LAST + DAY) == 1
    assert actions.expire_agreements(at=LAST + DAY) == 0
    agreement = proposed.refresh()
    assert (agreement.status, agreement.ended_at) == ("expired", LAST + DAY)
    event = AgreementEvent.objects.within(proposed.taker).get(kind="expired")
    assert (event.organisation_id, event.actor) == (None, "DIP")
    assert any("expired" in subject for subject in to(proposed.people["taker"].email))
    assert any("expired" in subject for subject in to(proposed.people["provider"].email))
    assert AuditLine.objects.within(proposed.provider).filter(verb="expire_agreement", door="job").count() == 1


def test_only_what_is_proposed_expires():
    deals = [make_deal(state) for state in ("concept", "rejected", "approved", "withdrawn")]
    assert actions.expire_agreements(at=LAST + 300 * DAY) == 0
    assert [deal.refresh().status for deal in deals] == ["concept", "rejected", "approved", "withdrawn"]


def test_theatres_are_reminded_five_days_and_one_day_before(proposed):
    told = [(day, actions.remind_theatres(at=NOW + day * DAY)) for day in range(15)]
    assert [day for day, count in told if count] == [9, 13]
    assert proposed.events().count("reminded") == 2
    subjects = [subject for subject in to(proposed.people["taker"].email) if "waits for your answer" in subject]
    assert [subject.rpartition(", ")[2] for subject in subjects] == ["5 days left", "1 day left"]


def test_a_reminder_is_sent_once_and_made_up_for(proposed):
    assert actions.remind_theatres(at=LAST - 3 * DAY) == 1
    assert actions.remind_theatres(at=LAST - 3 * DAY) == 0
    assert actions.remind_theatres(at=LAST) == 1
    assert actions.remind_theatres(at=LAST + DAY) == 0


def test_a_theatre_chooses_its_own_days(proposed):
    actions.change_settings(access=proposed.taker, at=NOW, reminder_days=[10])
    told = [day for day in range(15) if actions.remind_theatres(at=NOW + day * DAY)]
    assert told == [4]


def test_a_next_version_is_reminded_anew():
    deal = make_deal("proposed")
    assert actions.remind_theatres(at=LAST - DAY) == 1
    deal.reject(at=LAST - DAY)
    deal.propose(LAST)
    assert actions.remind_theatres(at=LAST + 9 * DAY) == 1


def test_a_proposal_of_today_is_not_reminded():
    deal = make_deal("concept", day=(NOW + 2 * DAY).date())
    deal.propose()
    assert actions.remind_theatres(at=NOW) == 0
    assert actions.remind_theatres(at=NOW + DAY) == 1


def test_the_job_works_at_seven_in_the_morning_only(proposed):
    assert keep_deadlines(int((LAST + DAY + timedelta(hours=-1)).timestamp())) == 0
    assert keep_deadlines(int((LAST + DAY).timestamp())) == 1
    assert proposed.refresh().status == "expired"
