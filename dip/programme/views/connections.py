"""Connection requests: the lists of both parties, confirming, correcting, deciding, and the link in the mail."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dip.kernel.clock import now
from dip.programme import queries
from dip.programme.actions import (
    UnableToAct,
    confirm_by_link,
    confirm_connections,
    decide_proposals,
    propose_by_link,
    propose_corrections,
)
from dip.programme.forms.fields import show_findings
from dip.programme.forms.performances import CorrectionForm
from dip.programme.queries import PerformanceRow
from dip.programme.queries.requests import LinkedRequest, answering_halls
from dip.programme.templatetags.programme import start
from dip.programme.terms import Decision, RequestStatus
from dip.programme.views import sheets
from dip.programme.views.parts import found, number_in, page_in, render, tell_refusal
from dip.programme.views.performances import decision_rows, performance_context
from dip.programme.words import finding_text, request_word
from dip.registry.guard import access_of, public, requires
from dip.registry.terms import TAKERS, Access, Level, Module, Role

PER_PAGE = 40
_MANAGE = requires(Module.PROGRAMME, Level.MANAGE)


@requires(Module.PROGRAMME)
@require_GET
def connections(request: HttpRequest, access: Access) -> HttpResponse:
    """The requests of this organisation, by where they stand."""
    text = request.GET.get("q", "").strip()[:100]
    counts = queries.count_requests(access, text)
    first = RequestStatus.OPEN if access.is_taker else RequestStatus.PROPOSED
    asked = request.GET.get("status", "")
    status = asked if asked in counts else next((s for s in (first, *RequestStatus) if counts[s]), first)
    page = page_in(request)
    rows = queries.requests_of(access, status=status, text=text, first=(page - 1) * PER_PAGE, limit=PER_PAGE)
    order = [first, *(s for s in RequestStatus if s is not first)]
    context = {
        "rows": rows,
        "status": str(status),
        "choices": [(s.value, request_word(s, access.is_taker), counts[s]) for s in order],
        "text": text,
        "total": sum(counts.values()),
        "can_answer": any(row.can_answer for row in rows),
        "before": page - 1 if page > 1 else 0,
        "after": page + 1 if page * PER_PAGE < counts[status] else 0,
        "shown_to": (page - 1) * PER_PAGE + len(rows),
        "shown_from": (page - 1) * PER_PAGE + 1,
        "count": counts[status],
    }
    return render(request, access, "connections", context, tab="programme-connections")


@requires(Module.PROGRAMME)
@require_GET
def export(request: HttpRequest, access: Access) -> HttpResponse:
    """The requests as a spreadsheet."""
    asked = request.GET.get("status", "")
    status = asked if asked in set(RequestStatus) else None
    rows = queries.requests_of(access, status=status, text=request.GET.get("q", "").strip()[:100], limit=100_000)
    return sheets.request_sheet(rows)


@_MANAGE
@require_POST
def confirm(request: HttpRequest, access: Access) -> HttpResponse:
    """Confirm the chosen requests, or the one whose own button was used."""
    only = request.POST.get("only", "")
    numbers = [number_in(only)] if only else [number_in(text) for text in request.POST.getlist("number")]
    if not numbers:
        messages.warning(request, _("Nothing was chosen. Tick the performances that agree with your planning."))
        return redirect(_back(request))
    if len(queries.requests_of(access, numbers=numbers, limit=len(numbers))) < len(set(numbers)):
        raise Http404
    try:
        done = confirm_connections(access=access, at=now(), numbers=numbers)
        text = ngettext("%(n)s performance is confirmed.", "%(n)s performances are confirmed.", len(done))
        messages.success(request, text % {"n": len(done)} if done else _("It was confirmed already."))
    except UnableToAct as refusal:
        tell_refusal(request, refusal)
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """Where the act was done: the list as it was filtered, or the performance."""
    number = number_in(request.POST.get("page_of", ""))
    if number:
        return reverse("programme-performance", args=[number])
    status = request.POST.get("status", "")
    return reverse("programme-connections") + (f"?status={status}" if status in set(RequestStatus) else "")


@_MANAGE
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    """Propose corrections to a performance."""
    page = found(queries.performance_page, access, number)
    if page.request is None or not page.request.can_answer:
        raise Http404
    form = _correction_form(request, page.performance)
    if request.method == "POST" and form.is_valid():
        try:
            propose_corrections(access=access, at=now(), number=number, corrections=form.corrections())
            messages.success(request, _("Your correction is proposed. The provider accepts or declines it, and you hear."))
            return redirect("programme-performance", number)
        except UnableToAct as refusal:
            show_findings(form, refusal.findings)
    context = {"form": form, "performance": page.performance, "back": reverse("programme-performance", args=[number])}
    return render(request, access, "correction_form", context, status=400 if form.errors else 200)


def _correction_form(request: HttpRequest, performance: PerformanceRow) -> CorrectionForm:
    begins = start(performance)
    initial = {
        "date": begins.date(),
        "time": begins.time().replace(second=0, microsecond=0),
        "hall": str(performance.hall_id),
        "capacity": performance.capacity or None,
    }
    halls = answering_halls(performance.theatre_id, performance.hall_id)
    return CorrectionForm(request.POST or None, halls=halls, initial=initial)


@_MANAGE
@require_POST
def decide(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    """Accept or decline what the theatre proposes; what was written stays when something is missing."""
    page = found(queries.performance_page, access, number)
    if page.request is None or not page.request.can_decide:
        raise Http404
    chosen = {p.id: request.POST.get(f"decision-{p.id}", "") for p in page.request.open_proposals}
    decisions = [
        Decision(pk, choice == "accept", request.POST.get(f"reason-{pk}", ""))
        for pk, choice in chosen.items()
        if choice in ("accept", "decline")
    ]
    wrong = _("Choose accept or decline for one correction at least.")
    errors: dict[str, str] = {}
    if decisions:
        try:
            decide_proposals(access=access, at=now(), number=number, decisions=decisions)
            messages.success(request, _("Your answer is sent to the theatre."))
            return redirect("programme-performance", number)
        except UnableToAct as refusal:
            errors = {finding.field: finding_text(finding) for finding in refusal.findings}
            wrong = "" if all(name.startswith("reason-") for name in errors) else str(refusal)
    rows = decision_rows(page, request.POST, errors)
    context = performance_context(page) | {"decision_rows": rows, "decision_error": wrong}
    return render(request, access, "performance", context, status=400)


@public
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail. People of the theatre sign in and come to the performance; for a theatre that nobody can sign in for,
    the link answers by itself."""
    linked = queries.linked_request(token)
    if linked is None:
        raise Http404
    if not linked.answers_by_itself:
        return _to_performance(request, linked)
    if request.method == "POST" and request.POST.get("act") == "confirm":
        return _confirmed_by_link(request, token)
    form = _correction_form(request, linked.performance)
    if request.method == "POST" and form.is_valid():
        try:
            propose_by_link(token=token, at=now(), corrections=form.corrections())
            messages.success(request, _("Your correction is proposed to the provider."))
            return redirect("programme-request-link", token)
        except UnableToAct as refusal:
            show_findings(form, refusal.findings)
    context = {"linked": linked, "performance": linked.performance, "form": form, "token": token}
    response = render(request, None, "link", context, status=400 if form.errors else 200)
    response["Referrer-Policy"] = "no-referrer"  # the address is a key
    return response


def _confirmed_by_link(request: HttpRequest, token: str) -> HttpResponse:
    try:
        confirm_by_link(token=token, at=now())
        messages.success(request, _("Confirmed. Put the DIP-id in your ticketing system."))
    except UnableToAct as refusal:
        tell_refusal(request, refusal)
    return redirect("programme-request-link", token)


def _to_performance(request: HttpRequest, linked: LinkedRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    access = access_of(request)
    number = linked.performance.number
    if access is not None and access.organisation_id == linked.organisation_id and access.is_taker:
        return redirect("programme-performance", number)
    mine = [m for m in getattr(request, "memberships", []) if m.organisation_id == linked.organisation_id]
    if not mine:
        raise Http404
    role = next((role for role in mine[0].organisation.roles if Role(role) in TAKERS), "")
    context = {"performance": linked.performance, "membership": mine[0], "role": role}
    return render(request, access, "switch_first", context)
