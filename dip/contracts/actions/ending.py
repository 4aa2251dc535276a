"""Ends that bind nobody: withdrawn by the provider, or expired without an answer; and the reminders before that."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from dip.contracts.actions import letters
from dip.contracts.actions.entitlement import UnableToAct, own_agreement
from dip.contracts.actions.history import platform_access, record
from dip.contracts.models import Agreement, AgreementEvent, AgreementVersion, ContractSettings
from dip.contracts.rules.drafts import clean
from dip.contracts.rules.turns import REMINDER_DAYS, is_reminder_due
from dip.contracts.terms.states import OPEN, AgreementStatus, Happening
from dip.contracts.words import STATUSES
from dip.kernel.clock import local
from dip.registry.terms import Access, Role

_REASON = "deadlines are kept for everybody"
MOST_REASON = 500


class UnableToEnd(UnableToAct):
    """An agreement cannot be withdrawn like this."""


@transaction.atomic
def withdraw_agreement(*, access: Access, at: datetime, agreement_id: int, reason: str) -> Agreement:
    """Withdraw a concept, a proposal or a rejected agreement. Once the theatre saw it a reason is needed, and the theatre is told.
    Withdrawing twice changes nothing. What the theatre had drafted stays its own. Raises :class:`UnableToEnd`, AccessDenied."""
    agreement = own_agreement(access, agreement_id)
    if agreement.status == AgreementStatus.WITHDRAWN:
        return agreement
    if agreement.status not in OPEN:
        told = _("%(reference)s is “%(status)s” and cannot be withdrawn; an approved agreement is revised.")
        raise UnableToEnd(told % {"reference": agreement.reference, "status": STATUSES[agreement.status]})
    said = clean(reason).strip()
    if len(said) > MOST_REASON:
        raise UnableToEnd(_("Reason: use %(most)s characters at most.") % {"most": MOST_REASON}, "reason")
    if agreement.version and not said:
        raise UnableToEnd(_("Reason: tell the theatre why you withdraw it."), "reason")
    was_proposed = agreement.status == AgreementStatus.PROPOSED
    _end(agreement, AgreementStatus.WITHDRAWN, at)
    if was_proposed:
        _outcome(agreement, "withdrawn")
    record(
        agreement,
        Happening.WITHDRAWN,
        access=access,
        at=at,
        verb="withdraw_agreement",
        note=said,
        is_internal=not agreement.version,
    )
    if agreement.version:
        letters.send("withdrawn", agreement, letters.theatre_readers(agreement), reason=said)
    return agreement


def expire_agreements(*, at: datetime) -> int:
    """Let proposals expire whose last day to answer has passed, and tell both parties; how many. Each is one transaction: a repeat
    after a failure goes on with the others."""
    due = _proposed().filter(answer_by__lt=local(at).date())
    return sum(_expire(pk, at) for pk in list(due.order_by("pk").values_list("pk", flat=True)))


def remind_theatres(*, at: datetime) -> int:
    """Remind theatres of proposals that wait for their answer, so many days before the last day as each theatre asks; how many.
    Reminded is once for each of those days, whatever happens in between; a day that was missed is made up for."""
    waiting = _proposed().filter(answer_by__gte=local(at).date())
    return sum(_remind(pk, at) for pk in list(waiting.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def _expire(agreement_id: int, at: datetime) -> bool:
    agreement = _taken(agreement_id)
    if agreement is None or agreement.answer_by is None or agreement.answer_by >= local(at).date():
        return False
    _end(agreement, AgreementStatus.EXPIRED, at)
    _outcome(agreement, "expired")
    record(agreement, Happening.EXPIRED, access=_job(agreement), at=at, verb="expire_agreement")
    for readers in (letters.theatre_readers(agreement), letters.provider_readers(agreement)):
        letters.send("expired", agreement, readers)
    return True


@transaction.atomic
def _remind(agreement_id: int, at: datetime) -> bool:
    agreement, today = _taken(agreement_id), local(at).date()
    if agreement is None or agreement.answer_by is None:
        return False
    events = AgreementEvent.objects.across_tenants(_REASON).filter(agreement=agreement, version=agreement.version)
    moments = dict(events.filter(kind__in=(Happening.PROPOSED, Happening.REMINDED)).order_by("at", "id").values_list("kind", "at"))
    last = moments.get(Happening.REMINDED)
    kept = ContractSettings.objects.across_tenants(_REASON).filter(organisation_id=agreement.theatre.organisation_id)
    days = kept.values_list("reminder_days", flat=True).first() or REMINDER_DAYS
    proposed_on = local(moments[Happening.PROPOSED]).date()
    if not is_reminder_due(today, agreement.answer_by, proposed_on, local(last).date() if last else None, days):
        return False
    readers = letters.theatre_readers(agreement)
    record(agreement, Happening.REMINDED, access=_job(agreement), at=at, verb="remind_theatre")
    letters.send("reminder", agreement, readers, left=(agreement.answer_by - today).days)
    return True


def _proposed() -> Any:
    return Agreement.objects.across_tenants(_REASON).filter(status=AgreementStatus.PROPOSED, answer_by__isnull=False)


def _taken(agreement_id: int) -> Agreement | None:
    """A proposed agreement, locked; None when another act has it in hand or it is proposed no more."""
    rows = _proposed().select_related("provider", "producer", "production", "theatre__organisation", "parent")
    found: Agreement | None = rows.select_for_update(of=("self",), no_key=True, skip_locked=True).filter(pk=agreement_id).first()
    return found


def _end(agreement: Agreement, status: AgreementStatus, at: datetime) -> None:
    agreement.status, agreement.ended_at, agreement.modified_at = status, at, at
    agreement.save(update_fields=["status", "ended_at", "modified_at"])


def _outcome(agreement: Agreement, outcome: str) -> None:
    """What became of the newest version. It was not answered, so what the theatre drafted stays its own."""
    versions = AgreementVersion.objects.across_tenants(_REASON).filter(agreement=agreement, number=agreement.version)
    versions.update(outcome=outcome)


def _job(agreement: Agreement) -> Access:
    role = Role.AGENCY if agreement.agency_id == agreement.provider_id else Role.PRODUCER
    return platform_access(agreement.provider, role)
