"""The page of a borderel: figures, statement, what is disputed and whose turn it is, for both sides and the producer who only reads."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dip.contracts.actions import settlements as actions
from dip.contracts.forms.settlements import DisputeForm, FiguresForm, PaidForm, ReopenForm, show_refusal
from dip.contracts.queries.checklist import checklist
from dip.contracts.queries.settlements import UNSETTLED, SettlementPage, SettlementState, settlement_page
from dip.contracts.settlement_words import FIGURES
from dip.contracts.terms.statement import Party
from dip.contracts.terms.states import SettlementStatus
from dip.contracts.views.settlement_rows import (
    check_text,
    dispute_fields,
    facts_of,
    figure_rows,
    lede,
    remark_rows,
    statement_rows,
    step_marks,
    warnings_of,
)  # fmt: skip
from dip.kernel import clock
from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module, Refusal

CLOSED = (SettlementStatus.SIGNED, SettlementStatus.PAID)


@requires(Module.CONTRACTS, Level.VIEW)
@require_http_methods(["GET", "POST"])
def settlement(request: HttpRequest, access: Access, agreement_id: int, number: int | None = None) -> HttpResponse:
    """One borderel, the standing one unless ``number`` names an earlier. A POST corrects, confirms, disputes, signs, reopens or pays."""
    page = settlement_page(access, agreement_id, number)
    if page is None:
        raise Http404("no such agreement or borderel")
    form: Any = None
    if request.method == "POST":
        if page.state is None:
            raise Http404("no borderel yet")
        form = _act(request, access, page.state)
        if form is None:
            return redirect("contracts-settlement", agreement_id)
    context = _context(request, access, page, form)
    return render(request, "contracts/settlement.html", context, status=400 if form is not None else 200)


@requires(Module.CONTRACTS, Level.VIEW)
@require_safe
def still_needed(request: HttpRequest, access: Access, agreement_id: int) -> HttpResponse:
    """What an agreement still lacks, as a part of its page; who has no scripts reads it on the borderel's page."""
    items = checklist(access, agreement_id, clock.now())
    if not items:
        raise Http404("no such agreement")
    if not request.headers.get("HX-Request"):
        return redirect("contracts-settlement", agreement_id)
    return render(request, "contracts/parts/checklist.html", {"items": items})


def _act(request: HttpRequest, access: Access, state: SettlementState) -> Any:
    """Do what was asked; None when it is done, the form with its errors when not."""
    kind = request.POST.get("do", "")
    if kind == "sign":
        return _sign(request, access, state)
    form = _form(request, kind, state)
    if not form.is_valid():
        return form
    try:
        messages.success(request, _done(kind, access, state, form))
    except Refusal as refusal:
        show_refusal(form, refusal)
        return form
    return None


def _form(request: HttpRequest, kind: str, state: SettlementState) -> Any:
    if kind == "dispute":
        return DisputeForm(request.POST, lines=lines_of(state))
    if kind in ("keep", "confirm"):
        return FiguresForm(request.POST, state=state)
    if kind in ("reopen", "paid"):
        return {"reopen": ReopenForm, "paid": PaidForm}[kind](request.POST)
    raise Http404("no such act")


def _done(kind: str, access: Access, state: SettlementState, form: Any) -> str:
    """Do it; what to say then. Raises :class:`Refusal`."""
    whole: dict[str, Any] = {"access": access, "at": clock.now(), "settlement_id": state.id}
    if kind == "dispute":
        actions.dispute_settlement(**whole, remarks=form.remarks())
        return _("Your remarks are sent to the theatre.")
    if kind == "reopen":
        again = actions.reopen_settlement(**whole, reason=form.cleaned_data["reason"])
        return _("Borderel {number} is open, with the same figures.").format(number=again.number)
    if kind == "paid":
        actions.mark_paid(**whole, paid_date=form.cleaned_data["paid_date"])
        return _("The day of payment is kept.")
    given = {"figures": form.typed(), "replies": form.replies(), "seen": form.cleaned_data["seen"]}
    if kind == "keep":
        actions.correct_settlement(**whole, **given)
        return _("The figures are kept. The provider sees them once you confirm.")
    if form.changes_figures():  # nobody confirms a statement that was not seen
        actions.correct_settlement(**whole, **given)
        return _("The figures are kept. Look at the statement that they give, and confirm it below.")
    row = actions.confirm_settlement(**whole, **given)
    if row.status != SettlementStatus.CONFIRMED:
        return _("You are the first of two. A colleague with the right is asked by mail to confirm too.")
    return _("The borderel is confirmed, and the provider has it.")


def _sign(request: HttpRequest, access: Access, state: SettlementState) -> None:
    try:
        row = actions.sign_settlement(access=access, at=clock.now(), settlement_id=state.id)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return
    if row.status == SettlementStatus.CONFIRMED:
        messages.success(request, _("You are the first of two. A colleague with the right is asked by mail to sign too."))
    else:
        messages.success(request, _("The borderel is signed. It can be invoiced now."))


def lines_of(state: SettlementState) -> list[str]:
    """What can be disputed: the figures, and every line."""
    return [FIGURES, *(line.code for line in state.statement)]


def _context(request: HttpRequest, access: Access, page: SettlementPage, form: Any) -> dict[str, Any]:
    at = clock.now()
    context: dict[str, Any] = {"module": "contracts", "page": page, "checklist": checklist(access, page.agreement_id, at)}
    state = page.state
    if state is None:
        return context
    may = _rights(access, page, state)
    disputes = may["dispute"] and (isinstance(form, DisputeForm) or request.GET.get("do") == "dispute")
    figures = form if isinstance(form, FiguresForm) else FiguresForm(state=state) if may["correct"] else None
    disputing = form if isinstance(form, DisputeForm) else DisputeForm(lines=lines_of(state)) if disputes else None
    return context | {
        "state": state,
        "may": may,
        "facts": facts_of(page, state),
        "lede": lede(page, state, clock.local(at).date()),
        "steps": step_marks(state),
        "figures_form": figures,
        "rows": figure_rows(state, figures),
        "dispute_form": disputing,
        "lines": statement_rows(page, state, disputing),
        "figures_dispute": dispute_fields(disputing),
        "remark_rows": remark_rows(state, figures),
        "check": check_text(state),
        "span": 2 + (len(state.figures) if len(state.statement.numbers) > 1 else 0) + bool(disputing),
        "payer": page.theatre if state.statement.payable_cents >= 0 else page.provider,
        "payee": page.provider if state.statement.payable_cents >= 0 else page.theatre,
        "payable": abs(state.statement.payable_cents),
        "warnings": warnings_of(state),
        "heads": [one for one in page.heads if one.number != state.number],
        "is_earlier": state.number != page.heads[0].number,
        "reopen_form": form if isinstance(form, ReopenForm) else ReopenForm(),
        "paid_form": form if isinstance(form, PaidForm) else PaidForm(today=clock.local(at).date()),
        "is_reopening": isinstance(form, ReopenForm),
        "problem": form,
    }


def _rights(access: Access, page: SettlementPage, state: SettlementState) -> dict[str, bool]:
    """What this reader can do here now, by act."""
    manages = page.side is not None and access.allows(Module.CONTRACTS, Level.MANAGE)
    approves = manages and access.allows(Module.CONTRACTS, Level.APPROVE)
    is_theatre, is_provider = page.side is Party.THEATRE, page.side is Party.PROVIDER
    is_confirmed = state.status is SettlementStatus.CONFIRMED
    return {
        "correct": manages and is_theatre and state.status in UNSETTLED,
        "confirm": approves and is_theatre and state.status in UNSETTLED and not page.first_is_self,
        "dispute": manages and is_provider and is_confirmed,
        "sign": approves and is_provider and is_confirmed and not page.first_is_self,
        "pay": manages and state.status in CLOSED,
        "reopen": approves and (state.status in CLOSED or (is_theatre and is_confirmed)),
    }
