"""What an agreement still lacks before it is done, whose turn it is, and by when: only what both parties may see."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from dip.contracts.models import Agreement, AgreementVersion
from dip.contracts.models.invoice import Invoice
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
        *_settling(state, _invoice(access, state), values, today),
    ]
    return tuple(items)


def _invoice(access: Access, state: SettlementState | None) -> Invoice | None:
    if state is None:
        return None
    rows = Invoice.objects.within(access).filter(settlement_id=state.id, is_standing=True)
    found: Invoice | None = rows.only("number", "due_date").first()
    return found


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


def _settling(state: SettlementState | None, invoice: Invoice | None, values: Values, today: date) -> Iterator[ChecklistItem]:
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
    if is_signed:
        yield from _paying(state, invoice, values, today)
    else:
        yield from (ChecklistItem(step, LATER) for step in (Step.INVOICE, Step.PAID))


def _paying(state: SettlementState, invoice: Invoice | None, values: Values, today: date) -> Iterator[ChecklistItem]:
    """Invoice and payment of a signed borderel. The provider invoices, for rent the theatre; who owes pays."""
    issuer = Turn.THEATRE if state.statement.issuer is Party.THEATRE else Turn.PROVIDER
    payer = Turn.THEATRE if state.statement.payable_cents >= 0 else Turn.PROVIDER
    is_paid = state.status is SettlementStatus.PAID
    if invoice is not None:
        yield ChecklistItem(Step.INVOICE, DONE, values={"invoice": invoice.number})
    elif is_paid:
        yield ChecklistItem(Step.INVOICE, DONE, values={"code": "invoice_elsewhere"})
    else:
        yield ChecklistItem(Step.INVOICE, NOW, issuer)
    if is_paid:
        yield ChecklistItem(Step.PAID, DONE, values={"day": state.paid_date})
        return
    deadline = invoice.due_date if invoice else _usual_deadline(state, values, today)
    yield ChecklistItem(Step.PAID, NOW if invoice else LATER, payer, deadline, (deadline - today).days if deadline else None)


def _usual_deadline(state: SettlementState, values: Values, today: date) -> date | None:
    """As many days after the signature as the agreement gives after an invoice; without one nobody is late."""
    days = values.get("payment_days")
    if state.signed_at is None or not isinstance(days, int):
        return None
    usual = clock.local(state.signed_at).date() + timedelta(days=days)
    return usual if usual >= today else None
