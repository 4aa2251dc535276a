"""Approving: by one person or by two, after which the agreement binds both parties and its performances."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from dip.contracts.actions import letters
from dip.contracts.actions.entitlement import UnableToAct
from dip.contracts.actions.history import record
from dip.contracts.models import Agreement, AgreementPerformance, AgreementVersion, FirstApproval, Settlement
from dip.contracts.queries.evenings import evening_facts
from dip.contracts.queries.parties import own_settings
from dip.contracts.terms.fields import TermsFinding
from dip.contracts.terms.states import AgreementStatus, Happening, SettlementStatus
from dip.programme.models import Performance
from dip.registry.terms import Access, Level

_BIND = "an agreement that is approved binds its performances, and frees those of the one it revises"


class UnableToApprove(UnableToAct):
    """An agreement cannot be approved: what it is about changed, or the second of two people is missing."""


def approve_version(access: Access, at: datetime, agreement: Agreement, proposed: AgreementVersion) -> Agreement:
    """Approve a proposed version, of which every field is accepted; the caller holds the agreement's lock and checked the right.

    With four eyes the first person's approval is kept, the agreement stays proposed, and a second one completes it. Raises
    :class:`UnableToApprove`.
    """
    parent = _locked_parent(agreement)
    _need_free(agreement, parent)
    if not four_eyes_complete(access, at, agreement, f"version-{proposed.number}"):
        others = letters.people_of(access.organisation_id, Level.APPROVE, but=access.person_id)
        letters.send("second_needed", agreement, others, actor=access.actor)
        return agreement
    proposed.answered_at, proposed.answered_by, proposed.outcome = at, access.actor[:160], "approved"
    proposed.save(update_fields=["answered_at", "answered_by", "outcome"])
    if parent is not None:
        _replace(parent, agreement, access, at)
    agreement.status, agreement.approved_at, agreement.modified_at = AgreementStatus.APPROVED, at, at
    agreement.save(update_fields=["status", "approved_at", "modified_at"])
    AgreementPerformance.objects.across_tenants(_BIND).filter(agreement=agreement).update(is_binding=True)
    record(agreement, Happening.APPROVED, access=access, at=at, verb="approve_agreement")
    letters.send("approved", agreement, letters.provider_readers(agreement), parent=parent)
    return agreement


def four_eyes_complete(access: Access, at: datetime, agreement: Agreement, subject: str) -> bool:
    """Whether the act may be completed now: at once, or, where the organisation asks for four eyes, by the second of two people. The
    first one's approval is kept in this transaction and told to its own organisation. ``subject``: version-2, settlement-1.

    Raises :class:`UnableToApprove` for the same person twice, and for a client of the API, which is nobody.
    """
    if not own_settings(access).four_eyes:
        return True
    if access.person_id is None:
        raise UnableToApprove(_("Your organisation has two people approve: sign in to do so, a system cannot."))
    first: FirstApproval | None = FirstApproval.objects.within(access).filter(agreement=agreement, subject=subject).first()
    if first is None:
        FirstApproval.objects.create(
            agreement=agreement, organisation_id=access.organisation_id, subject=subject, person_id=access.person_id, at=at
        )
        record(
            agreement, Happening.APPROVED_FIRST, access=access, at=at, verb="approve_first", note=subject, is_internal=True
        )  # fmt: skip
        return False
    if first.person_id == access.person_id:
        raise UnableToApprove(_("You approved this already. Your organisation asks for four eyes: a colleague approves next."))
    return True


def _locked_parent(agreement: Agreement) -> Agreement | None:
    if agreement.parent_id is None:
        return None
    rows = Agreement.objects.across_tenants("a revision and what it revises have the same parties").select_for_update(no_key=True)
    parent: Agreement = rows.get(pk=agreement.parent_id)
    if parent.status != AgreementStatus.APPROVED:
        told = _("%(reference)s, which this revises, is no longer approved. Reject this revision, so that the provider sees to it.")
        raise UnableToApprove(told % {"reference": parent.reference})
    return parent


def _need_free(agreement: Agreement, parent: Agreement | None) -> None:
    """Lock the performances, and refuse when one was cancelled, merged away, or came under another agreement meanwhile."""
    held = AgreementPerformance.objects.across_tenants(_BIND).filter(agreement=agreement)
    numbers = list(held.order_by("performance_id").values_list("performance_id", flat=True))
    list(Performance.objects.select_for_update(no_key=True).filter(pk__in=numbers).order_by("pk").values_list("pk", flat=True))
    facts = evening_facts(numbers, but=[agreement.pk, parent.pk if parent else None])
    found = []
    for number, evening in facts.items():
        told = {"number": number, "on": evening.on}
        if evening.is_cancelled:
            found.append(TermsFinding("performance_cancelled", "performances", told))
        elif evening.merged_into is not None:
            found.append(TermsFinding("performance_merged", "performances", {**told, "into": evening.merged_into}))
        elif evening.bound_by:
            found.append(TermsFinding("performance_bound", "performances", {**told, "reference": evening.bound_by}))
    if found:
        raise _refused(found, agreement)
    if parent is not None and _is_settled(parent):
        told = _("The borderel of %(reference)s is signed. Reject this revision; the borderel is to be reopened first.")
        raise UnableToApprove(told % {"reference": parent.reference})


def _refused(found: Sequence[TermsFinding], agreement: Agreement) -> UnableToApprove:
    refusal = UnableToApprove.told(found, agreement.format)
    refusal.message += " " + _("Reject the performances, with this as the reason, so that the provider can change them.")
    return refusal


def _is_settled(agreement: Agreement) -> bool:
    """Whether the borderel is signed; it is locked, so that nobody signs it while its agreement is replaced."""
    standing = standing_settlement(agreement).select_for_update(of=("self",))
    return any(row.status in (SettlementStatus.SIGNED, SettlementStatus.PAID) for row in standing)


def standing_settlement(agreement: Agreement):  # type: ignore[no-untyped-def]  # the query set of an owned manager
    """The borderel of an agreement that was not reopened."""
    rows = Settlement.objects.across_tenants("the borderel goes along with its agreement").filter(agreement=agreement)
    return rows.exclude(status=SettlementStatus.REOPENED)


def _replace(parent: Agreement, revision: Agreement, access: Access, at: datetime) -> None:
    """The parent is revised: it binds no more, and a borderel of it that nobody signed gives way to one of the revision."""
    AgreementPerformance.objects.across_tenants(_BIND).filter(agreement=parent).update(is_binding=False)
    parent.status, parent.ended_at, parent.modified_at = AgreementStatus.REVISED, at, at
    parent.save(update_fields=["status", "ended_at", "modified_at"])
    reason = f"{parent.reference} → {revision.reference}"
    standing_settlement(parent).update(status=SettlementStatus.REOPENED, reopened_at=at, reopen_reason=reason, act_by=None)
    record(parent, Happening.REVISED, access=access, at=at, note=revision.reference)
