"""Revising an approved agreement: a linked concept, one at a time, that takes its place in one moment."""

import pytest
from django.db import IntegrityError, transaction

from dip.contracts import actions
from dip.contracts.models import Agreement, AgreementEvent, AgreementPerformance, Settlement
from dip.registry.terms import AccessDenied
from tests.contracts.mails import mails
from tests.factories.contracts import REASON, Deal, make_deal
from tests.factories.programme import make_performance
from tests.factories.registry import NOW, make_organisation

pytestmark = pytest.mark.django_db


def revise(deal: Deal, access=None) -> Agreement:
    return actions.revise_agreement(access=access or deal.provider, at=NOW, agreement_id=deal.agreement.pk)


def propose(deal: Deal, agreement: Agreement):
    return actions.propose_agreement(access=deal.provider, at=NOW, agreement_id=agreement.pk)


def approve(deal: Deal, agreement: Agreement) -> Agreement:
    return actions.approve_agreement(access=deal.taker, at=NOW, agreement_id=agreement.pk)


def bound() -> list[tuple[int, int]]:
    rows = AgreementPerformance.objects.across_tenants(REASON).filter(is_binding=True)
    return list(rows.values_list("performance_id", "agreement_id"))


def test_a_revision_is_a_linked_concept_that_the_theatre_does_not_see_yet(approved):
    revision = revise(approved)
    assert (revision.parent, revision.status, revision.version) == (approved.agreement, "concept", 0)
    assert revision.terms == approved.agreement.terms
    assert list(Agreement.objects.within(approved.taker)) == [approved.agreement]
    assert not AgreementEvent.objects.within(approved.taker).filter(kind="revision_begun").exists()
    assert approved.refresh().status == "approved"


def test_approving_a_revision_replaces_and_moves_what_is_bound(approved):
    revision = revise(approved)
    propose(approved, revision)
    assert any(f"revision {revision.reference}" in mail["subject"] or revision.reference in mail["subject"] for mail in mails())
    assert bound() == [(approved.numbers[0], approved.agreement.pk)]
    assert approve(approved, revision).status == "approved"
    assert bound() == [(approved.numbers[0], revision.pk)]
    old = approved.refresh()
    assert (old.status, old.ended_at) == ("revised", NOW)
    event = AgreementEvent.objects.within(approved.taker).get(agreement=old, kind="revised")
    assert event.note == revision.reference


def test_a_revision_may_take_other_performances():
    deal = make_deal("approved", performances=2)
    more = make_performance(deal.production, deal.hall)
    revision = revise(deal)
    first = deal.numbers[0]
    actions.change_agreement(access=deal.provider, at=NOW, agreement_id=revision.pk, numbers=[first, more.number])
    propose(deal, revision)
    approve(deal, revision)
    assert sorted(bound()) == sorted([(first, revision.pk), (more.number, revision.pk)])


def test_one_revision_at_a_time(approved, english):
    revision = revise(approved)
    with pytest.raises(actions.UnableToRevise, match=revision.reference):
        revise(approved)
    actions.withdraw_agreement(access=approved.provider, at=NOW, agreement_id=revision.pk, reason="")
    assert revise(approved).parent == approved.agreement


def test_a_rejected_or_expired_revision_leaves_the_first_one_as_it_is(approved):
    revision = revise(approved)
    propose(approved, revision)
    actions.reject_agreement(access=approved.taker, at=NOW, agreement_id=revision.pk, reason="Afgesproken is afgesproken")
    assert approved.refresh().status == "approved"
    assert bound() == [(approved.numbers[0], approved.agreement.pk)]


@pytest.mark.parametrize("state", ["concept", "proposed", "rejected", "revised", "withdrawn", "expired"])
def test_only_an_approved_agreement_is_revised(state, english):
    deal = make_deal(state)
    with pytest.raises(actions.UnableToRevise, match="only an approved agreement"):
        revise(deal)


def test_a_revision_of_a_revision(approved):
    first = revise(approved)
    propose(approved, first)
    approve(approved, first)
    second = actions.revise_agreement(access=approved.provider, at=NOW, agreement_id=first.pk)
    propose(approved, second)
    approve(approved, second)
    assert second.parent == first
    assert bound() == [(approved.numbers[0], second.pk)]


def test_a_signed_borderel_is_reopened_first(approved, english):
    Settlement.objects.create(
        agreement=approved.agreement, version=1, status="signed", due_date=NOW.date(), opened_at=NOW, number=1
    )
    with pytest.raises(actions.UnableToRevise, match="Reopen it first"):
        revise(approved)


def test_a_borderel_that_was_signed_meanwhile_stops_the_approval(approved, english):
    revision = revise(approved)
    propose(approved, revision)
    row = Settlement.objects.create(agreement=approved.agreement, version=1, status="open", due_date=NOW.date(), opened_at=NOW)
    Settlement.objects.within(approved.taker).filter(pk=row.pk).update(status="signed")
    with pytest.raises(actions.UnableToApprove, match="to be reopened first"):
        approve(approved, revision)


def test_a_borderel_that_is_still_open_gives_way(approved):
    revision = revise(approved)
    propose(approved, revision)
    row = Settlement.objects.create(agreement=approved.agreement, version=1, status="open", due_date=NOW.date(), opened_at=NOW)
    approve(approved, revision)
    row = Settlement.objects.within(approved.taker).get(pk=row.pk)
    assert row.status == "reopened"
    assert revision.reference in row.reopen_reason


def test_a_new_agency_takes_over_by_another_agreement(approved, english):
    approved.production.agency = make_organisation()
    approved.production.save()
    with pytest.raises(actions.UnableToDraft, match="proposed by"):
        revise(approved)


def test_who_may_not_revise():
    deal = make_deal("approved", with_agency=True)
    for access in [*deal.strangers(), deal.taker, deal.represented, deal.colleague("provider")]:
        with pytest.raises(AccessDenied):
            revise(deal, access)


def test_the_database_binds_a_performance_once(approved):
    other = AgreementPerformance.objects.across_tenants(REASON).get(agreement=approved.agreement)
    revision = revise(approved)
    with pytest.raises(IntegrityError), transaction.atomic():
        AgreementPerformance.objects.across_tenants(REASON).filter(agreement=revision).update(is_binding=True)
    assert other.is_binding
