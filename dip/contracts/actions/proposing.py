"""Proposing: what a concept says is fixed as the next version, and put to the theatre."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from dip.contracts.actions import letters
from dip.contracts.actions.drafting import CHANGEABLE
from dip.contracts.actions.entitlement import UnableToAct, UnknownAgreement, need_provider, own_agreement
from dip.contracts.actions.history import record
from dip.contracts.models import Agreement, AgreementVersion, FieldAnswer
from dip.contracts.queries.drafts import findings_about
from dip.contracts.queries.evenings import evening_facts, snapshot
from dip.contracts.queries.figures import numbers_of
from dip.contracts.queries.parties import own_settings
from dip.contracts.rules.answers import Version, carried
from dip.contracts.rules.turns import last_day_to_answer
from dip.contracts.rules.values import differences, restored, stored
from dip.contracts.terms.states import AgreementStatus, Happening
from dip.contracts.terms.workflow import Proposed
from dip.contracts.words import STATUSES
from dip.kernel.clock import local
from dip.programme.models import Performance
from dip.registry.terms import Access, AccessDenied, Refusal

_CARRY = "answers of the theatre go along with its agreement; the provider does not get to see them"


class UnableToPropose(UnableToAct):
    """An agreement cannot be proposed as it is."""


@transaction.atomic
def propose_agreement(*, access: Access, at: datetime, agreement_id: int) -> AgreementVersion:
    """Put a concept, or what was changed after a rejection, to the theatre as the next version, which never changes any more.

    Checks terms, performances and parties, all of them; what is only remarkable is told on the pages and refuses nothing. What the
    theatre accepted in the version before, and stands unchanged, counts as accepted. The theatre is mailed, with a copy to the
    provider and its producer. Raises :class:`UnableToPropose` with the findings, AccessDenied for whoever may not.
    """
    agreement = own_agreement(access, agreement_id)
    if agreement.status not in CHANGEABLE:
        told = _("%(reference)s is “%(status)s” and cannot be proposed now.")
        raise UnableToPropose(told % {"reference": agreement.reference, "status": STATUSES[agreement.status]})
    today = local(at).date()
    _hold(access, agreement)
    facts = evening_facts(numbers_of(access, agreement), but=[agreement.pk, agreement.parent_id])
    findings = [one for one in findings_about(access, agreement, facts, today) if not one.is_warning]
    if findings:
        raise UnableToPropose.told(findings, agreement.format)
    before = _newest(agreement)
    version = AgreementVersion.objects.create(
        agreement=agreement,
        number=agreement.version + 1,
        format=agreement.format,
        terms=stored(restored(agreement.format, agreement.terms)),
        performances=[snapshot(evening) for evening in facts.values()],
        proposed_at=at,
        proposed_by=access.actor[:160],
    )
    days = [evening.on for evening in facts.values()]
    agreement.first_date, agreement.last_date = min(days), max(days)
    if agreement.theatre.merged_into_id:
        agreement.theatre_id = agreement.theatre.merged_into_id
    agreement.version, agreement.status, agreement.terms = version.number, AgreementStatus.PROPOSED, version.terms
    agreement.answer_by = last_day_to_answer(today, own_settings(access).answer_days, agreement.first_date)
    agreement.reject_reason, agreement.modified_at = "", at
    agreement.save()
    if before is not None:
        _carry(before, version)
    changes = _changes(before, version)
    record(agreement, Happening.PROPOSED, access=access, at=at, verb="propose_agreement", changes=changes)
    _tell(agreement, access)
    proposed: AgreementVersion = version
    return proposed


def propose_many(*, access: Access, at: datetime, agreement_ids: Iterable[int]) -> list[Proposed]:
    """Propose several, each by itself: what is refused is told, and the others go out. In the order given, each once. Raises
    AccessDenied for whoever may not propose at all."""
    need_provider(access)
    return [_propose_one(access, at, agreement_id) for agreement_id in dict.fromkeys(agreement_ids)]


def _propose_one(access: Access, at: datetime, agreement_id: int) -> Proposed:
    reference = Agreement.objects.within(access).filter(pk=agreement_id).values_list("reference", flat=True).first() or ""
    try:
        propose_agreement(access=access, at=at, agreement_id=agreement_id)
    except Refusal as refusal:
        return Proposed(agreement_id, reference, refusal.message)
    except UnknownAgreement:
        return Proposed(agreement_id, reference, _("There is no such agreement among yours."))
    except AccessDenied:
        return Proposed(agreement_id, reference, _("This agreement is proposed by its agency."))
    return Proposed(agreement_id, reference)


def _hold(access: Access, agreement: Agreement) -> None:
    """Lock what is agreed upon, so that it is not moved or proposed elsewhere meanwhile."""
    rows = Performance.objects.select_for_update(no_key=True).filter(pk__in=numbers_of(access, agreement)).order_by("pk")
    list(rows.values_list("pk", flat=True))


def _newest(agreement: Agreement) -> AgreementVersion | None:
    rows = AgreementVersion.objects.across_tenants(_CARRY).filter(agreement=agreement, number=agreement.version)
    found: AgreementVersion | None = rows.first()
    return found


def _carry(before: AgreementVersion, after: AgreementVersion) -> None:
    answers = FieldAnswer.objects.across_tenants(_CARRY).filter(version=before, is_accepted=True)
    given = {answer.field: answer for answer in answers}
    rows = [
        FieldAnswer(
            version=after,
            field=code,
            is_accepted=True,
            carried_from=given[code].carried_from or before.number,
            at=given[code].at,
            by=given[code].by,
        )
        for code in carried(_as_answered(before), _as_answered(after), given)
    ]
    FieldAnswer.objects.bulk_create(rows)


def _as_answered(version: AgreementVersion) -> Version:
    held = tuple((kept["number"], kept.get("starts_at"), kept.get("hall")) for kept in version.performances)
    return Version(version.format, restored(version.format, version.terms), held)


def _changes(before: AgreementVersion | None, after: AgreementVersion) -> dict[str, list[Any]]:
    """What the version changes, field → [before, after]; nothing for the first."""
    if before is None:
        return {}
    old, new = _as_answered(before), _as_answered(after)
    found = differences(after.format, old.values, new.values)
    changed = {code: [*stored({"a": was, "b": now}).values()] for code, (was, now) in found.items()}
    if old.format != new.format:
        changed["format"] = [old.format, new.format]
    if old.performances != new.performances:
        changed["performances"] = [[one[0] for one in old.performances], [one[0] for one in new.performances]]
    return changed


def _tell(agreement: Agreement, access: Access) -> None:
    told = {"is_again": agreement.version > 1, "sender": access.organisation_name}
    asked = letters.theatre_readers(agreement)
    letters.send("proposed", agreement, asked, **told)
    copies = [reader for reader in letters.provider_readers(agreement) if reader not in asked]
    letters.send("proposed_copy", agreement, copies, **told)
