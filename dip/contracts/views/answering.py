"""The theatre's answer: accept or reject a field, take that back, accept the rest, and send it all. By htmx, and without scripts."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dip.contracts.actions.answering import accept_rest, answer_field, send_answer, take_back_answer
from dip.contracts.forms.answers import RejectForm, SendForm
from dip.contracts.queries.agreement import AgreementPage
from dip.contracts.rules.answers import answerable, read_counter
from dip.contracts.terms.states import AgreementStatus
from dip.contracts.views.agreement import answer_bar, found, page_context
from dip.contracts.views.effects import effect_text
from dip.contracts.views.term_rows import reject_form, term_row, term_rows
from dip.kernel.clock import now
from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module, Refusal

ACCEPT, REJECT, TAKE_BACK = "accept", "reject", "take-back"
_MANAGE = requires(Module.CONTRACTS, Level.MANAGE)


def _asked(page: AgreementPage, code: str) -> None:
    """404 for a field that this agreement does not ask about."""
    if code not in answerable(page.shown.format, page.shown.values):
        raise Http404("nothing to answer there")


@_MANAGE
@require_POST
def answer(request: HttpRequest, access: Access, agreement_id: int, field: str) -> HttpResponse:
    """Accept or reject one field, or take its answer back; the row again, with the counts, or the whole page without scripts."""
    page = found(access, agreement_id)
    _asked(page, field)
    chosen = request.POST.get("answer", "")
    form = None
    try:
        if chosen == REJECT:
            form = reject_form(page, field, page.answers.get(field), request.POST)
            if not form.is_valid():
                return _shown(request, page, field, form, status=400)
            _answer(access, page, field, is_accepted=False, reason=form.cleaned_data["reason"], counter=form.counter)
        elif chosen == ACCEPT:
            _answer(access, page, field, is_accepted=True)
        else:
            take_back_answer(access=access, at=now(), agreement_id=page.id, field=field, version=page.shown.number)
    except Refusal as refusal:
        return _refused(request, page, field, form, refusal)
    if request.headers.get("HX-Request"):
        return _row(request, found(access, agreement_id), field)
    return redirect(f"{reverse('contracts-agreement', args=[page.id])}#term-{field}")


def _answer(access: Access, page: AgreementPage, field: str, **values: Any) -> None:
    answer_field(access=access, at=now(), agreement_id=page.id, field=field, version=page.shown.number, **values)


def _refused(request: HttpRequest, page: AgreementPage, field: str, form: RejectForm | None, refusal: Refusal) -> HttpResponse:
    """Beside the field of the form that it is about; over the page when there is no form, or the agreement has moved on."""
    if form is not None and refusal.field in form.fields:
        form.add_error(refusal.field, refusal.message)
        return _shown(request, page, field, form, status=400)
    messages.error(request, refusal.message)
    target = reverse("contracts-agreement", args=[page.id])
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return redirect(target)


def _shown(request: HttpRequest, page: AgreementPage, field: str, form: RejectForm, status: int = 200) -> HttpResponse:
    """The form of a field: its row for htmx, the whole page for who has no scripts."""
    if request.headers.get("HX-Request"):
        return _row(request, page, field, form)
    return render(request, "contracts/agreement.html", page_context(page, form, field), status=status)


def _row(request: HttpRequest, page: AgreementPage, field: str, form: RejectForm | None = None) -> HttpResponse:
    context = {"page": page, "row": term_row(page, field, form), "bar": answer_bar(page), "is_part": True}
    return render(request, "contracts/parts/term_answered.html", context)


@_MANAGE
@require_GET
def reject(request: HttpRequest, access: Access, agreement_id: int, field: str) -> HttpResponse:
    """The row of a field with the form that rejects it, for htmx; ``?open=0`` the row as it stands."""
    page = found(access, agreement_id)
    _asked(page, field)
    if not page.may_answer:
        return redirect("contracts-agreement", page.id)
    if not request.headers.get("HX-Request"):
        return redirect(f"{reverse('contracts-agreement', args=[page.id])}?reject={field}#term-{field}")
    form = None if request.GET.get("open") == "0" else reject_form(page, field, page.answers.get(field))
    return _row(request, page, field, form)


@_MANAGE
@require_GET
def effect(request: HttpRequest, access: Access, agreement_id: int, field: str) -> HttpResponse:
    """What a counter-proposal does to one's own total, in a sentence, while it is typed."""
    page = found(access, agreement_id)
    _asked(page, field)
    form = reject_form(page, field, None, {"reason": "-", "counter": request.GET.get("counter", "")})
    if not form.is_valid():
        return HttpResponse(" ".join(form.errors.get("counter", [])))
    if form.counter is None or read_counter(page.shown.format, page.shown.values, field, form.counter).problem:
        return HttpResponse("")
    return HttpResponse(effect_text(page, field, form.counter))


@_MANAGE
@require_POST
def accept_others(request: HttpRequest, access: Access, agreement_id: int) -> HttpResponse:
    """Accept every field without an answer."""
    page = found(access, agreement_id)
    try:
        count = accept_rest(access=access, at=now(), agreement_id=page.id, version=page.shown.number)
        text = ngettext("%(n)s field accepted.", "%(n)s fields accepted.", count) % {"n": count}
        unsent = _("Nothing is sent yet.")
        messages.success(request, f"{text} {unsent}")
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("contracts-agreement", page.id)


@_MANAGE
@require_http_methods(["GET", "POST"])
def send(request: HttpRequest, access: Access, agreement_id: int) -> HttpResponse:
    """What will be sent, and what that does: approve when everything is accepted, else reject with what is proposed."""
    page = found(access, agreement_id)
    bar = answer_bar(page)
    form = SendForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            told = send_answer(
                access=access, at=now(), agreement_id=page.id, reason=form.cleaned_data["reason"], version=_looked_at(request)
            )
            messages.success(request, _sent_words(AgreementStatus(told.status)))
            return redirect("contracts-agreement", page.id)
        except Refusal as refusal:
            messages.error(request, refusal.message)
            return redirect("contracts-agreement", page.id)
    if not page.may_answer or bar is None or bar.open:
        return redirect(
            f"{reverse('contracts-agreement', args=[page.id])}{f'#term-{bar.next_open}' if bar and bar.next_open else ''}"
        )
    rows = [row for row in term_rows(page) if row.is_rejected]
    context = {"module": "contracts", "page": page, "bar": bar, "form": form, "rejected": rows}
    return render(request, "contracts/agreement_send.html", context, status=400 if request.method == "POST" else 200)


def _looked_at(request: HttpRequest) -> int | None:
    """The version that the page showed, so that a newer one is not answered unseen."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() else None


def _sent_words(status: AgreementStatus) -> str:
    if status is AgreementStatus.APPROVED:
        return _("Approved. It binds both parties, and the provider has mail.")
    if status is AgreementStatus.REJECTED:
        return _("Your answer is sent. The provider has mail, and can change and propose again.")
    return _("Your approval is kept. A second person of your organisation approves it too.")
