"""The course of an agreement: what happened, and what is to come with its deadline."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from dip.contracts.models import Agreement, AgreementEvent, Settlement
from dip.contracts.queries.versions import Version
from dip.contracts.rules.working_days import DAYS_TO_ACT, working_days_after
from dip.contracts.terms.states import AgreementStatus, Happening, SettlementStatus
from dip.registry.terms import Access


class StepState(StrEnum):
    """How far a step is."""

    DONE = "done"
    NOW = "now"
    COMING = ""
    STOPPED = "stopped"


class StepCode(StrEnum):
    """The steps of the line above the page."""

    DRAFTED = "drafted"
    VERSION = "version"
    ANSWER = "answer"
    CHANGE = "change"
    APPROVED = "approved"
    ENDED = "ended"
    BORDEREL = "borderel"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``at``: when it was done; ``due``: its last day; ``days_left`` from today, for the step that is now."""

    code: StepCode
    state: StepState = StepState.COMING
    at: datetime | None = None
    due: date | None = None
    who: str = ""
    version: int = 0
    rejected: int = 0
    answered_at: datetime | None = None
    days_left: int | None = None
    days: int = 0
    status: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One event. ``changes``: field → [before, after], as stored."""

    at: datetime
    kind: str
    version: int
    actor: str
    organisation: str
    changes: dict[str, Any]
    note: str
    is_internal: bool


def events_of(access: Access, agreement: Agreement) -> tuple[Told, ...]:
    """What the access may read of the history, newest first. One query."""
    rows = AgreementEvent.objects.within(access).filter(agreement=agreement).select_related("organisation").order_by("-at", "-id")
    return tuple(
        Told(
            row.at,
            row.kind,
            row.version,
            row.actor,
            row.organisation.name if row.organisation else "",
            row.changes,
            row.note,
            row.is_internal,
        )
        for row in rows
    )


def steps_of(
    agreement: Agreement, versions: Sequence[Version], events: Iterable[Told], settlement: Settlement | None, today: date
) -> tuple[Step, ...]:
    """From draft to payment, in order; exactly one is now, unless it all ended."""
    status = AgreementStatus(agreement.status)
    drafted = next((event for event in events if event.kind == Happening.DRAFTED), None)
    who = drafted.organisation if drafted else agreement.provider.name
    line = [Step(StepCode.DRAFTED, StepState.DONE, at=drafted.at if drafted else agreement.created_at, who=who)]
    line += [_version_step(version, agreement.provider.name) for version in versions[-3:]]
    if status in (AgreementStatus.WITHDRAWN, AgreementStatus.EXPIRED, AgreementStatus.REVISED) and not agreement.approved_at:
        return (*line, Step(StepCode.ENDED, StepState.STOPPED, at=agreement.ended_at, status=status.value))
    line += _open_steps(agreement, status, today)
    if agreement.approved_at:
        line.append(Step(StepCode.APPROVED, StepState.DONE, at=agreement.approved_at))
    if status is AgreementStatus.REVISED:
        return (*line, Step(StepCode.ENDED, StepState.STOPPED, at=agreement.ended_at, status=status.value))
    return (*line, *_last_steps(agreement, versions, settlement, today))


def _version_step(version: Version, provider: str) -> Step:
    sent = version.answered_at is not None
    return Step(
        StepCode.VERSION,
        StepState.DONE,
        at=version.proposed_at,
        who=provider,
        version=version.number,
        rejected=len(version.rejected) if sent else 0,
        answered_at=version.answered_at,
    )


def _open_steps(agreement: Agreement, status: AgreementStatus, today: date) -> list[Step]:
    """What comes before approval: the answer, or the provider's own act; then approval."""
    approved = Step(StepCode.APPROVED)
    if status is AgreementStatus.PROPOSED:
        due = agreement.answer_by
        left = (due - today).days if due else None
        return [Step(StepCode.ANSWER, StepState.NOW, due=due, days_left=left, version=agreement.version), approved]
    if status in (AgreementStatus.CONCEPT, AgreementStatus.REJECTED):
        return [Step(StepCode.CHANGE, StepState.NOW, version=agreement.version + 1), Step(StepCode.ANSWER), approved]
    return []


def _last_steps(agreement: Agreement, versions: Sequence[Version], settlement: Settlement | None, today: date) -> list[Step]:
    values = versions[-1].values if versions else {}
    days = values.get("payment_days")
    due = settlement.due_date if settlement else working_days_after(agreement.last_date, DAYS_TO_ACT)
    borderel = Step(StepCode.BORDEREL, due=due, days=DAYS_TO_ACT)
    paid = Step(StepCode.PAID, days=days if isinstance(days, int) and not isinstance(days, bool) else 0)
    if agreement.status != AgreementStatus.APPROVED:
        return [borderel, paid]
    if settlement is None:
        left = (due - today).days
        return [replace(borderel, state=StepState.NOW, days_left=left if agreement.last_date < today else None), paid]
    if settlement.status == SettlementStatus.PAID:
        when = settlement.signed_at or settlement.confirmed_at
        return [replace(borderel, state=StepState.DONE, at=when), replace(paid, state=StepState.DONE, due=settlement.paid_date)]
    if settlement.status == SettlementStatus.SIGNED:
        return [replace(borderel, state=StepState.DONE, at=settlement.signed_at), replace(paid, state=StepState.NOW)]
    return [replace(borderel, state=StepState.NOW, days_left=(due - today).days, status=settlement.status), paid]
