"""The theatre corrects and confirms a borderel; the provider signs it off or disputes lines; either reopens it; somebody pays."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dip.contracts.actions import settlement_letters as letters
from dip.contracts.actions.settlement_record import UnableToSettle, forget_first, is_first_of_two, locked, record
from dip.contracts.models import Settlement, SettlementRemark
from dip.contracts.models.invoice import Invoice
from dip.contracts.queries.settlements import UNSETTLED, SettlementState, settlement_state
from dip.contracts.rules.figures_check import check_figures
from dip.contracts.rules.kept import restored_figures, stored_figures, stored_statement
from dip.contracts.rules.settling import with_typed
from dip.contracts.rules.working_days import DAYS_TO_ACT, working_days_after
from dip.contracts.settlement_words import figures_refusal, line_name
from dip.contracts.terms.settlements import Disputed, SettledFigures, Typed
from dip.contracts.terms.statement import Party
from dip.contracts.terms.states import Happening, SettlementStatus
from dip.kernel.clock import local
from dip.registry.terms import Access, Level
from dip.web import formats

#: Remarks in one dispute: a statement has fewer lines than this.
MOST_REMARKS = 40


class UnableToCorrect(UnableToSettle):
    """The figures cannot be right, or no longer change."""


class UnableToConfirm(UnableToSettle):
    """Figures are missing or changed, a remark has no reply, or it is not the theatre's turn."""


class UnableToDispute(UnableToSettle):
    """No line, no reason, or nothing that was confirmed."""


class UnableToSign(UnableToSettle):
    """Nothing that was confirmed, or disputed just now."""


class UnableToReopen(UnableToSettle):
    """It was not closed, or no reason is given."""


class UnableToMarkPaid(UnableToSettle):
    """It was not signed, or the day cannot be right."""


@transaction.atomic
def correct_settlement(
    *,
    access: Access,
    at: datetime,
    settlement_id: int,
    figures: Mapping[int, Typed] | None = None,
    replies: Mapping[int, str] | None = None,
    seen: str = "",
) -> Settlement:
    """Keep what the theatre fills in, without confirming it: figures by performance, replies by remark.

    Needs *manage*. What is not named stays. A number other than the ticketing system's needs a reason; the same again takes a correction
    back. ``seen`` as in :func:`confirm_settlement`. The provider sees the figures once they are confirmed, replies at once. Raises
    :class:`AccessDenied`, :class:`UnableToCorrect`.
    """
    row = locked(access, settlement_id, Level.MANAGE, Party.THEATRE)
    if row.status not in UNSETTLED:
        raise UnableToCorrect(_("This borderel is confirmed; its figures no longer change. Reopen it to change them."))
    _keep_typed(access, row, figures or {}, seen)
    _keep_replies(access, at, row, replies or {})
    return row


def _keep_typed(access: Access, row: Settlement, typed: Mapping[int, Typed], seen: str) -> None:
    """Put what was typed in the draft; what was approved first is forgotten when it changes anything."""
    if not (typed or seen):
        return
    before = settlement_state(access, row)
    if seen and seen != before.digest:
        raise UnableToCorrect(_("The figures changed while you were looking. Look at them again, then go on."), "seen")
    told = {one.number: one for one in before.told}
    if unknown := sorted(set(typed) - {one.number for one in before.figures}):
        text = _("Performance {number} is not in this borderel, or was cancelled. Leave it out.")
        raise UnableToCorrect(text.format(number=unknown[0]), f"tickets-{unknown[0]}")
    after = with_typed(before.figures, told, typed, access.actor[:160])
    _refuse(UnableToCorrect, [one for one in after if one.number in typed])
    own = {new.number: new for old, new in zip(before.figures, after, strict=True) if new != old}
    if not own:
        return
    kept = {one.number: one for one in restored_figures(row.draft)} | own
    row.draft = stored_figures([kept[number] for number in sorted(kept)])
    row.save(update_fields=["draft"])
    forget_first(access, row)


def _refuse(kind: type[UnableToSettle], figures: Sequence[SettledFigures]) -> None:
    """Raise for the first figure that cannot be right."""
    days = {one.number: one.on for one in figures}
    for finding in check_figures(figures):
        if not finding.is_warning:
            raise kind(figures_refusal(finding, days[finding.number]), f"{finding.field}-{finding.number}")


def _keep_replies(access: Access, at: datetime, row: Settlement, replies: Mapping[int, str]) -> None:
    for remark in SettlementRemark.objects.within(access).filter(settlement=row, pk__in=replies):
        reply = replies[remark.pk].strip()[:500]
        if reply and reply != remark.reply:
            if remark.replied_at and row.confirmed_at and remark.replied_at <= row.confirmed_at:
                raise UnableToCorrect(_("A remark of an earlier round was answered already."), f"reply-{remark.pk}")
            remark.reply, remark.replied_at, remark.replied_by = reply, at, access.actor[:160]
            remark.save(update_fields=["reply", "replied_at", "replied_by"])


@transaction.atomic
def confirm_settlement(
    *,
    access: Access,
    at: datetime,
    settlement_id: int,
    figures: Mapping[int, Typed] | None = None,
    replies: Mapping[int, str] | None = None,
    seen: str = "",
) -> Settlement:
    """The theatre confirms: figures and statement are frozen whole, and the provider is mailed.

    Needs *approve*, of two people where the theatre asks for four eyes. ``seen`` names the figures that were looked at
    (:attr:`SettlementState.digest`), before what is given here: when others stand there by now, nothing is confirmed. A disputed borderel wants a reply to every
    remark. A repeat does nothing. Raises :class:`AccessDenied`, :class:`UnableToCorrect`, :class:`UnableToConfirm`.
    """
    row = locked(access, settlement_id, Level.APPROVE, Party.THEATRE)
    if row.status == SettlementStatus.CONFIRMED and not figures and not replies:
        return row
    if row.status not in UNSETTLED:
        raise UnableToConfirm(_("This borderel was confirmed before. Reopen it to change its figures."))
    _keep_typed(access, row, figures or {}, seen)
    _keep_replies(access, at, row, replies or {})
    state = settlement_state(access, row)
    _check_confirmable(state)
    if is_first_of_two(access, at, row):
        row.draft = stored_figures(state.figures)
        row.save(update_fields=["draft"])
        letters.ask_second(row, access)
        return row
    _freeze(access, at, row, state)
    return row


def _check_confirmable(state: SettlementState) -> None:
    if not state.figures:
        raise UnableToConfirm(_("Every performance of this agreement was cancelled; there is nothing to settle."))
    _refuse(UnableToConfirm, state.figures)
    for remark in state.open_remarks:
        text = _("The remark on “{line}” has no reply yet. Say what you changed, or why it stands.")
        raise UnableToConfirm(text.format(line=line_name(remark.line)), f"reply-{remark.id}")


def _freeze(access: Access, at: datetime, row: Settlement, state: SettlementState) -> None:
    is_again = row.status == SettlementStatus.DISPUTED
    row.figures, row.draft, row.statement = stored_figures(state.figures), [], stored_statement(state.statement)
    row.provider_total_cents, row.theatre_total_cents = (
        state.statement.cents("provider_total"),
        state.statement.cents("theatre_total"),
    )
    row.payable_cents = state.statement.payable_cents
    row.status, row.confirmed_at, row.confirmed_by = SettlementStatus.CONFIRMED, at, access.actor[:160]
    row.act_by = working_days_after(local(at).date(), DAYS_TO_ACT)
    row.save()
    corrected = [one for one in state.figures if one.is_corrected]
    note = " · ".join(one.reason for one in corrected)
    told = {"figures": row.figures, "payable_cents": row.payable_cents}
    record(access, at, row, "confirm_settlement", Happening.BORDEREL_CONFIRMED, note, **told)
    letters.tell(row, Party.PROVIDER, "confirmed", is_again=is_again, corrected=len(corrected))


@transaction.atomic
def dispute_settlement(*, access: Access, at: datetime, settlement_id: int, remarks: Sequence[Disputed]) -> Settlement:
    """The provider disputes lines of a confirmed borderel, each with a reason; the theatre is mailed. Needs *manage*.

    Raises :class:`AccessDenied`, :class:`UnableToDispute`.
    """
    row = locked(access, settlement_id, Level.MANAGE, Party.PROVIDER)
    if row.status != SettlementStatus.CONFIRMED:
        raise UnableToDispute(_("Only a borderel that the theatre confirmed, and that is not signed yet, can be disputed."))
    if not remarks:
        raise UnableToDispute(_("Name at least one line, and say why."), "line")
    state = settlement_state(access, row)
    known = {line.code for line in state.statement} | {"figures"}
    rows = []
    for remark in list(remarks)[:MOST_REMARKS]:
        reason = " ".join(remark.reason.split())[:500]
        if remark.line not in known:
            text = _("“{line}” is not a line of this borderel. Choose one that is.")
            raise UnableToDispute(text.format(line=remark.line), "line")
        if not reason:
            text = _("Say why you dispute “{line}”, so that the theatre can look for it.")
            raise UnableToDispute(text.format(line=line_name(remark.line)), f"reason-{remark.line}")
        rows.append(
            SettlementRemark(
                settlement=row, line=remark.line, reason=reason, expected_cents=remark.expected_cents, at=at, by=access.actor[:160]
            )
        )
    SettlementRemark.objects.bulk_create(rows)
    forget_first(access, row)
    row.status, row.act_by = SettlementStatus.DISPUTED, working_days_after(local(at).date(), DAYS_TO_ACT)
    row.save(update_fields=["status", "act_by"])
    note = " · ".join(one.reason for one in rows)
    record(access, at, row, "dispute_settlement", Happening.BORDEREL_DISPUTED, note, lines=[one.line for one in rows])
    letters.tell(row, Party.THEATRE, "disputed", remarks=rows)
    return row


@transaction.atomic
def sign_settlement(*, access: Access, at: datetime, settlement_id: int) -> Settlement:
    """The provider signs off what the theatre confirmed: from now on it may be invoiced. A repeat does nothing.

    Needs *approve*, of two people where the provider asks for four eyes. Raises :class:`AccessDenied`, :class:`UnableToSign`.
    """
    row = locked(access, settlement_id, Level.APPROVE, Party.PROVIDER)
    if row.status in (SettlementStatus.SIGNED, SettlementStatus.PAID):
        return row
    if row.status != SettlementStatus.CONFIRMED:
        raise UnableToSign(_("This borderel waits for the theatre to confirm it; it can be signed off after that."))
    if is_first_of_two(access, at, row):
        letters.ask_second(row, access)
        return row
    row.status, row.signed_at, row.signed_by, row.act_by = SettlementStatus.SIGNED, at, access.actor[:160], None
    row.save(update_fields=["status", "signed_at", "signed_by", "act_by"])
    record(access, at, row, "sign_settlement", Happening.BORDEREL_SIGNED, payable_cents=row.payable_cents)
    letters.tell(row, Party.THEATRE, "signed")
    return row


@transaction.atomic
def reopen_settlement(*, access: Access, at: datetime, settlement_id: int, reason: str) -> Settlement:
    """Close this borderel as reopened and open the next number with its figures; both are mailed. The new one.

    Either party may reopen a signed or paid one, and the theatre what it confirmed and is not signed yet. Needs *approve*. Raises
    :class:`AccessDenied`, :class:`UnableToReopen`.
    """
    row = locked(access, settlement_id, Level.APPROVE, Party.PROVIDER, Party.THEATRE)
    reason = " ".join(reason.split())[:500]
    may = {SettlementStatus.SIGNED, SettlementStatus.PAID} | ({SettlementStatus.CONFIRMED} if access.is_taker else set())
    if row.status not in may:
        raise UnableToReopen(_("Only a borderel that was closed can be reopened. This one still changes without that."))
    if not reason:
        raise UnableToReopen(_("Say why it is reopened; the other party reads it."), "reason")
    was_paid = row.paid_date
    invoice = Invoice.objects.within(access).filter(settlement=row, is_standing=True).values_list("number", flat=True).first()
    forget_first(access, row)
    row.status, row.reopened_at, row.reopen_reason, row.act_by = SettlementStatus.REOPENED, at, reason, None
    row.save(update_fields=["status", "reopened_at", "reopen_reason", "act_by"])
    due = working_days_after(local(at).date(), DAYS_TO_ACT)
    again: Settlement = Settlement.objects.create(
        agreement=row.agreement, version=row.agreement.version, number=row.number + 1, due_date=due, act_by=due, figures=row.figures,
        opened_at=at,
    )  # fmt: skip
    record(access, at, again, "reopen_settlement", Happening.BORDEREL_REOPENED, reason, reason=reason, paid_date=_iso(was_paid))
    for party in (Party.THEATRE, Party.PROVIDER):
        letters.tell(
            again,
            party,
            "reopened",
            before=row,
            by=access.actor,
            whose=access.organisation_name,
            was_paid=was_paid,
            invoice=invoice,
        )
    return again


@transaction.atomic
def mark_paid(*, access: Access, at: datetime, settlement_id: int, paid_date: date) -> Settlement:
    """Either party tells on which day a signed borderel was paid; the history says who told it. The same day again does nothing.

    Needs *manage*. Raises :class:`AccessDenied`, :class:`UnableToMarkPaid`.
    """
    row = locked(access, settlement_id, Level.MANAGE, Party.PROVIDER, Party.THEATRE)
    if row.status == SettlementStatus.PAID and row.paid_date == paid_date:
        return row
    if row.status not in (SettlementStatus.SIGNED, SettlementStatus.PAID):
        raise UnableToMarkPaid(_("Only a borderel that both parties agree on is paid. Wait until it is signed."))
    today, first = local(at).date(), row.agreement.first_date
    if not first <= paid_date <= today:
        text = _("“Paid on” is {day}. Give a day from {first} to today.")
        raise UnableToMarkPaid(text.format(day=formats.plain_day(paid_date), first=formats.plain_day(first)), "paid_date")
    row.status, row.paid_date = SettlementStatus.PAID, paid_date
    row.save(update_fields=["status", "paid_date"])
    record(access, at, row, "mark_paid", Happening.PAID, f"{paid_date:%d-%m-%Y}", paid_date=paid_date.isoformat())
    return row


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
