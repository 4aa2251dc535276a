"""The theatre's answer: field by field as a draft of its own, then sent as a whole."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from dip.contracts.actions import letters
from dip.contracts.actions.approving import approve_version
from dip.contracts.actions.entitlement import UnableToAct, asked_agreement, need_level
from dip.contracts.actions.history import record, trail
from dip.contracts.models import Agreement, AgreementVersion, FieldAnswer
from dip.contracts.rules.answers import answerable, open_fields, read_counter
from dip.contracts.rules.drafts import clean
from dip.contracts.rules.values import restored, stored
from dip.contracts.terms.fields import TermsFinding
from dip.contracts.terms.states import AgreementStatus, Happening
from dip.contracts.words import field_names, finding_text
from dip.registry.terms import Access, Level
from dip.web import formats

MOST_REASON = 500


class UnableToAnswer(UnableToAct):
    """A proposed agreement cannot be answered like this."""


@transaction.atomic
def answer_field(
    *,
    access: Access,
    at: datetime,
    agreement_id: int,
    field: str,
    is_accepted: bool,
    reason: str = "",
    counter: Any = None,
    version: int | None = None,
) -> FieldAnswer:
    """Accept or reject one field of the version that is proposed: a draft that only the theatre sees until it sends its answer, and
    that replaces the draft before. Rejecting needs a ``reason`` and may bring a ``counter``: the value that the theatre would accept,
    as a value or as terms are stored. ``version``: the one that was looked at; a newer one is not answered unseen.

    Raises :class:`UnableToAnswer` at the field ``reason``, ``counter`` or the answered field itself; AccessDenied for whoever does not
    manage contracts of the theatre.
    """
    agreement, proposed = _in_hand(access, agreement_id, version)
    _need_answerable(proposed, [field])
    values, told = _read(proposed, field, is_accepted, reason, counter)
    mine = FieldAnswer.objects.within(access).filter(version=proposed, field=field)
    known: FieldAnswer | None = mine.first()
    if known is not None and all(getattr(known, key) == value for key, value in values.items()):
        return known
    if known is None:
        answer: FieldAnswer = FieldAnswer.objects.create(version=proposed, field=field, at=at, by=access.actor[:160], **values)
    else:
        answer = known
        for key, value in {**values, "at": at, "by": access.actor[:160], "carried_from": None}.items():
            setattr(answer, key, value)
        answer.save()
    trail(agreement, access=access, at=at, verb="answer_field", changes={field: told})
    return answer


@transaction.atomic
def take_back_answer(*, access: Access, at: datetime, agreement_id: int, field: str, version: int | None = None) -> None:
    """Leave a field open again. Repeating is harmless. Raises :class:`UnableToAnswer`, AccessDenied."""
    agreement, proposed = _in_hand(access, agreement_id, version)
    gone, _rows = FieldAnswer.objects.within(access).filter(version=proposed, field=field).delete()
    if gone:
        trail(agreement, access=access, at=at, verb="take_back_answer", changes={field: None})


@transaction.atomic
def accept_rest(*, access: Access, at: datetime, agreement_id: int, version: int | None = None) -> int:
    """Accept every field that is still open, as drafts; how many. Raises :class:`UnableToAnswer`, AccessDenied."""
    agreement, proposed = _in_hand(access, agreement_id, version)
    still = accept_open(access, at, proposed)
    if still:
        trail(agreement, access=access, at=at, verb="accept_rest", changes={"fields": still})
    return len(still)


@transaction.atomic
def send_answer(*, access: Access, at: datetime, agreement_id: int, reason: str = "", version: int | None = None) -> Agreement:
    """Send what was drafted: with one field rejected the agreement is, and it is the provider's turn; with all accepted it is approved,
    which needs the right to, and two people where the theatre asks for four eyes (then the agreement stays proposed until the second).
    ``reason``: of the whole, beside those per field.

    Raises :class:`UnableToAnswer` that names what is still open; AccessDenied.
    """
    agreement, proposed = _in_hand(access, agreement_id, version)
    answers = list(FieldAnswer.objects.within(access).filter(version=proposed))
    still = open_fields(proposed.format, restored(proposed.format, proposed.terms), (answer.field for answer in answers))
    if still:
        findings = [TermsFinding("unanswered", code) for code in still]
        refusal = UnableToAnswer(
            _("Answer every field before you send; still open: %(fields)s.") % {"fields": field_names(proposed.format, still)},
            still[0],
        )
        refusal.findings = tuple(findings)
        raise refusal
    if all(answer.is_accepted for answer in answers):
        need_level(access, Level.APPROVE)
        return approve_version(access, at, agreement, proposed)
    return _reject(access, at, agreement, proposed, _trimmed(proposed, reason))


@transaction.atomic
def approve_agreement(*, access: Access, at: datetime, agreement_id: int, version: int | None = None) -> Agreement:
    """Approve what is proposed as a whole: every field that is still open is accepted. Needs the right to approve, and two people where
    the theatre asks for four eyes. What a colleague drafted to reject refuses it. Raises :class:`UnableToAnswer`, AccessDenied."""
    agreement, proposed = _in_hand(access, agreement_id, version, Level.APPROVE)
    refused = FieldAnswer.objects.within(access).filter(version=proposed, is_accepted=False)
    if codes := list(refused.order_by("pk").values_list("field", flat=True)):
        told = _("Rejected in the answer that is being drafted: %(fields)s. Accept or take that back first, or send the answer.")
        raise UnableToAnswer(told % {"fields": field_names(proposed.format, codes)}, codes[0])
    accept_open(access, at, proposed)
    return approve_version(access, at, agreement, proposed)


@transaction.atomic
def reject_agreement(
    *,
    access: Access,
    at: datetime,
    agreement_id: int,
    reason: str,
    fields: Iterable[str] = (),
    version: int | None = None,
) -> Agreement:
    """Reject what is proposed as a whole, with a reason; ``fields`` are rejected for the same reason, beside what was drafted. Raises
    :class:`UnableToAnswer`, AccessDenied."""
    agreement, proposed = _in_hand(access, agreement_id, version)
    codes = list(dict.fromkeys(fields))
    _need_answerable(proposed, codes)
    said = _trimmed(proposed, reason)
    if not said:
        raise UnableToAnswer.told([TermsFinding("reason_missing", "reason")], proposed.format)
    drafted = {answer.field: answer for answer in FieldAnswer.objects.within(access).filter(version=proposed)}
    for code in codes:
        if code in drafted and drafted[code].is_accepted:
            drafted[code].delete()
        if code not in drafted or drafted[code].is_accepted:
            FieldAnswer.objects.create(
                version=proposed, field=code, is_accepted=False, reason=said, at=at, by=access.actor[:160]
            )  # fmt: skip
    return _reject(access, at, agreement, proposed, said)


def accept_open(access: Access, at: datetime, proposed: AgreementVersion) -> list[str]:
    """Write acceptance of every field without an answer; their codes."""
    answered = FieldAnswer.objects.within(access).filter(version=proposed).values_list("field", flat=True)
    still = open_fields(proposed.format, restored(proposed.format, proposed.terms), answered)
    FieldAnswer.objects.bulk_create(
        FieldAnswer(version=proposed, field=code, is_accepted=True, at=at, by=access.actor[:160]) for code in still
    )
    return list(still)


def _in_hand(
    access: Access, agreement_id: int, version: int | None, level: Level = Level.MANAGE
) -> tuple[Agreement, AgreementVersion]:
    """The agreement, locked, and the version that is proposed; refused with the reason when there is nothing to answer (any more)."""
    agreement = asked_agreement(access, agreement_id, level)
    if agreement.status != AgreementStatus.PROPOSED:
        raise UnableToAnswer(_no_longer(agreement))
    if version is not None and version != agreement.version:
        told = _("Version %(version)s is no longer proposed: version %(newer)s has come in its place. Look at that one.")
        raise UnableToAnswer(told % {"version": version, "newer": agreement.version})
    proposed: AgreementVersion = AgreementVersion.objects.within(access).get(agreement=agreement, number=agreement.version)
    return agreement, proposed


def _no_longer(agreement: Agreement) -> str:
    ended = {"reference": agreement.reference, "date": formats.full_day(agreement.ended_at)}
    return {
        AgreementStatus.WITHDRAWN: _("%(reference)s was withdrawn by its provider on %(date)s; there is nothing to answer."),
        AgreementStatus.EXPIRED: _("%(reference)s expired on %(date)s; ask the provider to propose it again."),
        AgreementStatus.APPROVED: _("%(reference)s is approved already."),
        AgreementStatus.REVISED: _("%(reference)s was replaced by a revision on %(date)s."),
        AgreementStatus.REJECTED: _("%(reference)s was rejected already; it is the provider’s turn."),
    }[AgreementStatus(agreement.status)] % ended


def _need_answerable(proposed: AgreementVersion, codes: Collection[str]) -> None:
    known = answerable(proposed.format, restored(proposed.format, proposed.terms))
    if wrong := [TermsFinding("not_answerable", code) for code in codes if code not in known]:
        raise UnableToAnswer.told(wrong, proposed.format)


def _read(proposed: AgreementVersion, field: str, is_accepted: bool, reason: str, counter: Any) -> tuple[dict[str, Any], list[Any]]:
    """The columns of an answer, and how the trail tells it; refused at the field of the form where it is wrong."""
    said = _trimmed(proposed, reason)
    code = proposed.format
    if is_accepted:
        if counter is not None:
            raise _at("counter", TermsFinding("counter_with_acceptance", field), code)
        return {"is_accepted": True, "reason": said, "counter": None}, [None, "accepted"]
    if not said:
        raise _at("reason", TermsFinding("reason_missing", field), code)
    read = read_counter(code, restored(code, proposed.terms), field, counter)
    if read.problem:
        raise _at("counter", TermsFinding(f"counter_{read.problem}", field, {"value": counter}), code)
    return {"is_accepted": False, "reason": said, "counter": read.stored}, [None, "rejected"]


def _at(place: str, finding: TermsFinding, format_code: str) -> UnableToAnswer:
    """A refusal that is about a field of the terms, and stands beside another field of the form."""
    refusal = UnableToAnswer(finding_text(finding, format_code), place)
    refusal.findings = (finding,)
    return refusal


def _trimmed(proposed: AgreementVersion, reason: str) -> str:
    said = clean(reason).strip()
    if len(said) > MOST_REASON:
        raise UnableToAnswer.told([TermsFinding("reason_too_long", "reason", {"most": MOST_REASON})], proposed.format)
    return said


def _reject(access: Access, at: datetime, agreement: Agreement, proposed: AgreementVersion, reason: str) -> Agreement:
    proposed.answered_at, proposed.answered_by, proposed.outcome = at, access.actor[:160], "rejected"
    proposed.save(update_fields=["answered_at", "answered_by", "outcome"])
    agreement.status, agreement.reject_reason, agreement.modified_at = AgreementStatus.REJECTED, reason, at
    agreement.save(update_fields=["status", "reject_reason", "modified_at"])
    refused = list(FieldAnswer.objects.within(access).filter(version=proposed, is_accepted=False).order_by("pk"))
    values = stored(restored(proposed.format, proposed.terms)) | {"format": proposed.format}
    changes = {answer.field: [values.get(answer.field), answer.counter] for answer in refused}
    record(agreement, Happening.REJECTED, access=access, at=at, verb="reject_agreement", changes=changes, note=reason)
    rejected = [code for code in answerable(proposed.format, restored(proposed.format, proposed.terms)) if code in changes]
    letters.send("rejected", agreement, letters.provider_readers(agreement), rejected=rejected, reason=reason)
    return agreement
