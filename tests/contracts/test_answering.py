"""The theatre's answers: drafts of its own, sent as a whole, approved by those who may, by two where it asks for four eyes."""

from decimal import Decimal

import pytest

from dip.contracts import actions
from dip.contracts.models import AgreementEvent, FieldAnswer, FirstApproval
from dip.registry.models import AuditLine
from dip.registry.terms import AccessDenied, Level
from tests.contracts.mails import mails, to
from tests.factories.contracts import Deal, make_deal
from tests.factories.registry import NOW, make_access, make_api_client

pytestmark = pytest.mark.django_db


def accept_rest(deal: Deal, access=None) -> int:
    return actions.accept_rest(access=access or deal.taker, at=NOW, agreement_id=deal.agreement.pk)


def send(deal: Deal, access=None, **over):
    return actions.send_answer(access=access or deal.taker, at=NOW, agreement_id=deal.agreement.pk, **over)


def approve(deal: Deal, access=None):
    return actions.approve_agreement(access=access or deal.taker, at=NOW, agreement_id=deal.agreement.pk)


def test_answers_are_drafts_that_only_the_theatre_sees(proposed):
    proposed.answer("provider_guarantee", False, "Te hoog voor weekdagen", 600_000)
    mine = FieldAnswer.objects.within(proposed.taker).get()
    assert (mine.is_accepted, mine.reason, mine.counter) == (False, "Te hoog voor weekdagen", 600_000)
    assert not FieldAnswer.objects.within(proposed.provider).exists()
    assert proposed.events() == ["drafted", "proposed"]
    accept_rest(proposed)
    send(proposed, reason="Zie de garantie")
    assert FieldAnswer.objects.within(proposed.provider).filter(is_accepted=False).get() == mine


def test_an_answer_replaces_the_one_before(proposed):
    proposed.answer("provider_guarantee", False, "Te hoog")
    again = proposed.answer("provider_guarantee", False, "Te hoog")
    assert AuditLine.objects.within(proposed.taker).filter(verb="answer_field").count() == 1
    assert proposed.answer("provider_guarantee").pk == again.pk
    answer = proposed.answers()["provider_guarantee"]
    assert (answer.is_accepted, answer.reason, answer.counter) == (True, "", None)


def test_an_answer_is_taken_back(proposed):
    proposed.answer("royalties_percentage")
    for _ in range(2):
        actions.take_back_answer(access=proposed.taker, at=NOW, agreement_id=proposed.agreement.pk, field="royalties_percentage")
    assert proposed.answers() == {}


@pytest.mark.parametrize(
    ("field", "counter", "kept"),
    [
        ("provider_guarantee", 600_000, 600_000),
        ("provider_percentage", Decimal("77.5"), "77.5"),
        ("provider_percentage", "77.5", "77.5"),
        ("entrance_prices", (2600, 2400), [2600, 2400]),
        ("guarantee_per_performance", False, False),
        ("format", "buyout", "buyout"),
        ("remarks", None, None),
    ],
)
def test_a_counter_proposal_is_a_value_of_its_field(field, counter, kept):
    deal = make_deal("proposed", values={"remarks": "Zonder pauze"})
    assert deal.answer(field, False, "Liever zo", counter).counter == kept


@pytest.mark.parametrize(
    ("field", "counter"),
    [
        ("provider_guarantee", "veel"),
        ("provider_guarantee", -1),
        ("provider_guarantee", 650_000),
        ("provider_guarantee", 1.5),
        ("provider_percentage", Decimal(101)),
        ("entrance_prices", (-5,)),
        ("entrance_prices", 2500),
        ("format", "partage"),
        ("format", "barter"),
        ("format", ["buyout"]),
        ("performances", [1]),
        ("provider_guarantee", 10**15),
        ("provider_percentage", "1e999999999"),
    ],
)
def test_an_impossible_counter_proposal_is_refused(proposed, english, field, counter):
    with pytest.raises(actions.UnableToAnswer) as refusal:
        proposed.answer(field, False, "Liever zo", counter)
    assert refusal.value.field == "counter"
    assert proposed.answers() == {}


def test_rejecting_needs_a_reason_and_accepting_no_counter(proposed, english):
    with pytest.raises(actions.UnableToAnswer, match="Guarantee for the provider: say why it is rejected") as refusal:
        proposed.answer("provider_guarantee", False, "  ")
    assert refusal.value.field == "reason"
    with pytest.raises(actions.UnableToAnswer):
        proposed.answer("provider_guarantee", False, "x" * 501)
    with pytest.raises(actions.UnableToAnswer) as refusal:
        proposed.answer("provider_guarantee", True, "", 5)
    assert refusal.value.field == "counter"


def test_what_the_version_does_not_hold_cannot_be_answered(proposed):
    for field in ("rent", "share_vat", "free_tickets", "nonsense", ""):
        with pytest.raises(actions.UnableToAnswer):
            proposed.answer(field)


def test_sending_names_what_is_still_open(proposed, english):
    accept_rest(proposed)
    actions.take_back_answer(access=proposed.taker, at=NOW, agreement_id=proposed.agreement.pk, field="provider_percentage")
    with pytest.raises(actions.UnableToAnswer, match="still open: Provider’s share") as refusal:
        send(proposed)
    assert refusal.value.field == "provider_percentage"
    assert proposed.refresh().status == "proposed"


def test_one_rejected_field_rejects_the_agreement(proposed):
    proposed.answer("provider_guarantee", False, "Te hoog", 600_000)
    accept_rest(proposed)
    agreement = send(proposed, reason="Bijna")
    assert (agreement.status, agreement.reject_reason) == ("rejected", "Bijna")
    version = proposed.version()
    assert (version.outcome, version.answered_by) == ("rejected", proposed.taker.actor)
    event = AgreementEvent.objects.within(proposed.provider).get(kind="rejected")
    assert event.changes == {"provider_guarantee": [650_000, 600_000]}
    mail = next(mail for mail in mails() if mail["to"] == proposed.people["provider"].email and "Guarantee" in mail["body"])
    assert "Bijna" in mail["body"]
    assert "6,500" not in mail["body"]


def test_all_accepted_approves_and_binds(proposed):
    assert accept_rest(proposed) > 8
    agreement = send(proposed)
    assert (agreement.status, agreement.approved_at) == ("approved", NOW)
    assert proposed.bound() == proposed.numbers
    assert proposed.version().outcome == "approved"
    assert any("approved" in subject for subject in to(proposed.people["provider"].email))


def test_answering_twice_is_refused_with_what_happened(english):
    for state, words in (
        ("approved", "approved already"),
        ("rejected", "rejected already"),
        ("expired", "expired on"),
        ("revised", "replaced by a revision"),
    ):
        deal = make_deal(state)
        for act in (accept_rest, send, approve):
            with pytest.raises(actions.UnableToAnswer, match=words):
                act(deal)


def test_a_version_that_was_withdrawn_meanwhile_is_refused_clearly(proposed, english):
    proposed.answer("provider_guarantee")
    actions.withdraw_agreement(access=proposed.provider, at=NOW, agreement_id=proposed.agreement.pk, reason="Andere datum")
    with pytest.raises(actions.UnableToAnswer, match=r"was withdrawn by its provider on Mon.23-11-2026"):
        send(proposed)
    assert not FieldAnswer.objects.within(proposed.provider).exists()


def test_a_newer_version_is_not_answered_unseen(english):
    deal = make_deal("rejected")
    deal.propose()
    with pytest.raises(actions.UnableToAnswer, match="version 2 has come in its place"):
        deal.answer("provider_guarantee", version=1)
    deal.answer("provider_guarantee", version=2)


def test_approving_needs_the_right_to(proposed):
    manager = proposed.colleague("taker", Level.MANAGE)
    accept_rest(proposed, manager)
    with pytest.raises(AccessDenied):
        send(proposed, manager)
    with pytest.raises(AccessDenied):
        approve(proposed, manager)
    assert proposed.refresh().status == "proposed"
    proposed.answer("provider_guarantee", False, "Te hoog", access=manager)
    assert send(proposed, manager).status == "rejected"


def test_who_may_not_answer(proposed):
    given = {"at": NOW, "agreement_id": proposed.agreement.pk}
    for access in [*proposed.strangers(), proposed.provider, proposed.represented, proposed.colleague("taker")]:
        for act in (actions.accept_rest, actions.send_answer, actions.approve_agreement):
            with pytest.raises(AccessDenied):
                act(access=access, **given)
        with pytest.raises(AccessDenied):
            actions.reject_agreement(access=access, reason="Nee", **given)
        with pytest.raises(AccessDenied):
            actions.answer_field(access=access, field="provider_guarantee", is_accepted=True, **given)
        with pytest.raises(AccessDenied):
            actions.take_back_answer(access=access, field="provider_guarantee", **given)
    assert proposed.answers() == {}


def test_a_concept_cannot_be_answered(deal):
    with pytest.raises(AccessDenied):
        accept_rest(deal)


def test_the_whole_is_approved_at_once(proposed):
    proposed.answer("provider_percentage")
    assert approve(proposed).status == "approved"
    answers = proposed.answers()
    assert all(answer.is_accepted for answer in answers.values())
    assert {"format", "performances", "provider_guarantee"} <= set(answers)
    with pytest.raises(actions.UnableToAnswer):
        approve(proposed)


def test_a_drafted_rejection_is_not_swept_away(proposed, english):
    proposed.answer("provider_guarantee", False, "Te hoog")
    with pytest.raises(actions.UnableToAnswer, match="Guarantee for the provider"):
        approve(proposed)
    assert list(proposed.answers()) == ["provider_guarantee"]


def test_the_whole_is_rejected_at_once(proposed, english):
    def reject(**over):
        return actions.reject_agreement(access=proposed.taker, at=NOW, agreement_id=proposed.agreement.pk, **over)

    with pytest.raises(actions.UnableToAnswer) as refusal:
        reject(reason=" ")
    assert refusal.value.field == "reason"
    with pytest.raises(actions.UnableToAnswer):
        reject(reason="Nee", fields=["rent"])
    proposed.answer("provider_guarantee", False, "Veel te hoog", 5)
    proposed.answer("provider_percentage")
    agreement = reject(reason="Niet zo", fields=["provider_guarantee", "provider_percentage", "performances"])
    assert (agreement.status, agreement.reject_reason) == ("rejected", "Niet zo")
    answers = proposed.answers()
    assert {code: answer.reason for code, answer in answers.items()} == {
        "provider_guarantee": "Veel te hoog", "provider_percentage": "Niet zo", "performances": "Niet zo",
    }  # fmt: skip


def test_rejecting_the_whole_needs_no_fields(proposed):
    actions.reject_agreement(access=proposed.taker, at=NOW, agreement_id=proposed.agreement.pk, reason="Wij zijn dicht")
    assert proposed.refresh().status == "rejected"


def test_a_cancelled_performance_cannot_be_approved(proposed, english):
    proposed.performances[0].status = "cancelled"
    proposed.performances[0].save()
    with pytest.raises(actions.UnableToApprove, match="is cancelled"):
        approve(proposed)
    assert proposed.answers() == {}


class TestFourEyes:
    """Approving takes two people of the theatre."""

    @pytest.fixture
    def careful(self, proposed):
        actions.change_settings(access=proposed.taker, at=NOW, four_eyes=True)
        return proposed

    def test_the_second_of_two_people_approves(self, careful):
        assert approve(careful).status == "proposed"
        first = FirstApproval.objects.within(careful.taker).get()
        assert (first.person_id, first.subject) == (careful.taker.person_id, "version-1")
        assert not FirstApproval.objects.within(careful.provider).exists()
        assert not AgreementEvent.objects.within(careful.provider).filter(kind="approved_first").exists()
        assert AgreementEvent.objects.within(careful.taker).filter(kind="approved_first").exists()
        assert any("second approval" in subject for subject in to(careful.people["second"].email))
        assert not any("second approval" in subject for subject in to(careful.people["taker"].email))
        assert send(careful, careful.second).status == "approved"
        assert careful.bound() == careful.numbers

    def test_the_same_person_twice_is_refused(self, careful, english):
        approve(careful)
        with pytest.raises(actions.UnableToApprove, match="a colleague approves next"):
            approve(careful)
        assert careful.refresh().status == "proposed"

    def test_a_client_of_the_api_is_nobody(self, careful, english):
        make_api_client(careful.house)
        with pytest.raises(actions.UnableToApprove, match="sign in"):
            approve(careful, make_access(careful.house))

    def test_the_second_may_still_reject(self, careful):
        approve(careful)
        careful.answer("provider_guarantee", False, "Toch te hoog", access=careful.second)
        assert send(careful, careful.second).status == "rejected"

    def test_a_next_version_begins_anew(self, careful):
        approve(careful)
        careful.answer("provider_guarantee", False, "Toch te hoog", access=careful.second)
        send(careful, careful.second)
        careful.propose()
        assert approve(careful).status == "proposed"
        assert approve(careful, careful.second).status == "approved"

    def test_the_providers_wish_for_four_eyes_is_not_the_theatres(self, proposed):
        actions.change_settings(access=proposed.provider, at=NOW, four_eyes=True)
        assert approve(proposed).status == "approved"
