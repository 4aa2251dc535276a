"""What an agreement still lacks before it is done, whose turn it is, and by when: only what both parties may see."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from dip.contracts.models import Agreement, AgreementVersion
from dip.contracts.queries.parties import holding_framework
from dip.contracts.queries.settlements import SettlementState, figures_under, settlement
from dip.contracts.rules.values import restored
from dip.contracts.terms.columns import PerformanceFigures
from dip.contracts.terms.fields import Values
from dip.contracts.terms.settlements import ChecklistItem, Step, StepState
from dip.contracts.terms.statement import Party
from dip.contracts.terms.states import ENDED, AgreementStatus, SettlementStatus, Turn
from dip.contracts.wording import percentage_text
from dip.kernel import clock
from dip.registry.terms import Access
from dip.web import formats

DONE, NOW, MISSING, LATER = StepState.DONE, StepState.NOW, StepState.MISSING, StepState.LATER
_BY_STATUS = {
    AgreementStatus.CONCEPT: ("agreement_draft", Turn.PROVIDER),
    AgreementStatus.PROPOSED: ("agreement_answer", Turn.THEATRE),
    AgreementStatus.REJECTED: ("agreement_rejected", Turn.PROVIDER),
}


def checklist(access: Access, agreement_id: int, at: datetime | None = None) -> tuple[ChecklistItem, ...]:
    """The steps of an agreement in order, each with how it stands; empty where the access may not see it. At most twelve queries."""
    rows = Agreement.objects.within(access).select_related("theatre")
    agreement = rows.filter(pk=agreement_id).first()
    if agreement is None:
        return ()
    today = clock.local(at or clock.now()).date()
    values = _values(access, agreement)
    performances = figures_under(access, agreement)
    state = settlement(access, agreement_id)
    items = [
        _agreement(agreement, today),
        _capacity(performances),
        _royalties(values),
        _framework(access, agreement, values),
        _figures(performances, today),
        *_settling(agreement, state, values, today),
    ]
    return tuple(items)


def _values(access: Access, agreement: Agreement) -> Values:
    """The terms of the newest version; while there is none the provider's draft, which only the provider's side sees."""
    found = AgreementVersion.objects.within(access).filter(agreement=agreement, number=agreement.version)
    version = found.values_list("format", "terms").first()
    return restored(*(version or (agreement.format, agreement.terms)))


def _agreement(agreement: Agreement, today: date) -> ChecklistItem:
    if agreement.status == AgreementStatus.APPROVED:
        return ChecklistItem(Step.AGREEMENT, DONE, values={"day": agreement.approved_at})
    if agreement.status in ENDED:
        return ChecklistItem(Step.AGREEMENT, LATER, values={"code": "agreement_ended"})
    code, turn = _BY_STATUS[AgreementStatus(agreement.status)]
    deadline = agreement.answer_by if agreement.status == AgreementStatus.PROPOSED else None
    left = (deadline - today).days if deadline else None
    return ChecklistItem(Step.AGREEMENT, NOW, turn, deadline, left, {"code": code})


def _capacity(performances: list[PerformanceFigures]) -> ChecklistItem:
    unknown = [one for one in performances if not one.is_cancelled and not one.capacity]
    if unknown:
        return ChecklistItem(Step.CAPACITY, MISSING, Turn.THEATRE, values={"performances": _days(unknown)})
    return ChecklistItem(Step.CAPACITY, DONE, values={"seats": sum(one.capacity for one in performances if not one.is_cancelled)})


def _royalties(values: Values) -> ChecklistItem:
    percentage = values.get("royalties_percentage")
    if not percentage:
        return ChecklistItem(Step.ROYALTIES, DONE, values={"code": "royalties_none"})
    return ChecklistItem(Step.ROYALTIES, DONE, values={"percentage": percentage_text(percentage)})


def _framework(access: Access, agreement: Agreement, values: Values) -> ChecklistItem:
    if not values.get("framework_applies"):
        return ChecklistItem(Step.FRAMEWORK, DONE, values={"code": "framework_none"})
    found = holding_framework(access, agreement.provider_id, agreement.theatre.organisation_id, agreement.first_date)
    if found is not None:
        return ChecklistItem(Step.FRAMEWORK, DONE, values={"title": found.title})
    if access.organisation_id != agreement.provider_id and not access.is_taker:
        return ChecklistItem(Step.FRAMEWORK, LATER)  # the producer for whom an agency acts is no party to it
    return ChecklistItem(Step.FRAMEWORK, MISSING)


def _figures(performances: list[PerformanceFigures], today: date) -> ChecklistItem:
    playing = [one for one in performances if not one.is_cancelled]
    if not playing:
        return ChecklistItem(Step.FIGURES, LATER, values={"code": "figures_cancelled"})
    without = [one for one in playing if one.tickets is None]
    played = [one for one in playing if one.on < today]
    if lacking := [one for one in without if one in played]:
        return ChecklistItem(Step.FIGURES, MISSING, Turn.THEATRE, values={"performances": _days(lacking)})
    if len(played) < len(playing):
        return ChecklistItem(Step.FIGURES, LATER, values={"day": max(one.on for one in playing)})
    moments = [one.confirmed_at or one.true_at for one in playing]
    return ChecklistItem(Step.FIGURES, DONE, values={"moment": min(moment for moment in moments if moment is not None)})


def _days(performances: list[PerformanceFigures]) -> str:
    return ", ".join(formats.day(one.on) for one in performances)


def _settling(agreement: Agreement, state: SettlementState | None, values: Values, today: date) -> Iterator[ChecklistItem]:
    if state is None or state.status is SettlementStatus.REOPENED:
        yield from (ChecklistItem(step, LATER) for step in (Step.CONFIRMED, Step.SIGNED, Step.INVOICE, Step.PAID))
        return
    left = (state.act_by - today).days if state.act_by else None
    is_signed = state.status in (SettlementStatus.SIGNED, SettlementStatus.PAID)
    if state.turn is Turn.THEATRE:
        told = {"code": "confirmed_disputed", "remarks": len(state.open_remarks)} if state.open_remarks else {}
        yield ChecklistItem(Step.CONFIRMED, NOW, Turn.THEATRE, state.act_by, left, told)
        yield ChecklistItem(Step.SIGNED, LATER)
    else:
        yield ChecklistItem(Step.CONFIRMED, DONE, values={"day": state.confirmed_at})
        if is_signed:
            yield ChecklistItem(Step.SIGNED, DONE, values={"day": state.signed_at})
        else:
            yield ChecklistItem(Step.SIGNED, NOW, Turn.PROVIDER, state.act_by, left)
    if not is_signed:
        yield from (ChecklistItem(step, LATER) for step in (Step.INVOICE, Step.PAID))
        return
    yield from _paying(state, values, today)


def _paying(state: SettlementState, values: Values, today: date) -> Iterator[ChecklistItem]:
    """Invoice and payment of a signed borderel. Whoever receives the money invoices, but for rent, where the theatre always does."""
    issuer = Turn.THEATRE if state.statement.issuer is Party.THEATRE else Turn.PROVIDER
    payer = Turn.THEATRE if state.statement.payable_cents >= 0 else Turn.PROVIDER
    if state.status is SettlementStatus.PAID:
        yield ChecklistItem(Step.INVOICE, DONE, values={"code": ""})
        yield ChecklistItem(Step.PAID, DONE, values={"day": state.paid_date})
        return
    days = values.get("payment_days")
    deadline = None
    if state.signed_at is not None and isinstance(days, int):
        deadline = clock.local(state.signed_at).date() + timedelta(days=days)
    yield ChecklistItem(Step.INVOICE, NOW, issuer)
    yield ChecklistItem(Step.PAID, LATER, payer, deadline, (deadline - today).days if deadline else None)
