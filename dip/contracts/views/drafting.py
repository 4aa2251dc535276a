"""Drafting: choose a production and a theatre, fill in a concept beside its statement, change it, and propose it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dip.contracts.actions.drafting import CHANGEABLE, UnableToDraft, change_agreement
from dip.contracts.actions.entitlement import UnableToAct
from dip.contracts.actions.keyed import draft_once
from dip.contracts.actions.proposing import propose_agreement
from dip.contracts.models import Agreement
from dip.contracts.queries.choices import production_choices, production_to_draft, theatre_choices
from dip.contracts.queries.drafts import findings_of
from dip.contracts.queries.figures import columns_for, numbers_of
from dip.contracts.views.draft_page import MORE_RANKS, MORE_ROWS, PROPOSE, SHOW, Drafting, DraftPage, chosen_theatre
from dip.contracts.views.statement_rows import head_of, rows_of
from dip.kernel import clock
from dip.programme.models import Production
from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module
from dip.web.templatetags.dip import maybe_url

_DRAFT = requires(Module.CONTRACTS, Level.MANAGE, providers_only=True)


@_DRAFT
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, access: Access) -> HttpResponse:
    """Draft an agreement: a production, a theatre where it plays, and then the form."""
    query = request.POST if request.method == "POST" else request.GET
    today = clock.local(clock.now()).date()
    production = _production(access, query.get("production", ""))
    if production is None:
        text = request.GET.get("q", "").strip()[:100]
        context = {"module": "contracts", "text": text, "choices": production_choices(access, today, text, 30)}
        return render(request, "contracts/new_production.html", context)
    theatres = theatre_choices(access, production)
    theatre = chosen_theatre(theatres, query)
    if theatre is None:
        context = {"module": "contracts", "production": production, "theatres": theatres, "today": today}
        return render(request, "contracts/new_theatre.html", context)
    page = DraftPage(request, Drafting(access, production, theatre, today))
    if page.sent is None or page.act in (SHOW, MORE_RANKS, MORE_ROWS):
        return _form(request, page)
    return _keep_new(request, page) if page.is_valid() else _form(request, page, status=400)


@_DRAFT
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, access: Access, agreement_id: int) -> HttpResponse:
    """Change a concept, or a rejected agreement for its next version."""
    drafting = _of_agreement(access, agreement_id)
    page = DraftPage(request, drafting)
    if page.sent is None:
        page.tell_of_concept()
        return _form(request, page)
    if page.act in (SHOW, MORE_RANKS, MORE_ROWS):
        return _form(request, page)
    return _keep(request, page) if page.is_valid() else _form(request, page, status=400)


@_DRAFT
@require_POST
def preview(request: HttpRequest, access: Access) -> HttpResponse:
    """The statement of the terms as they are typed, sold out and at today's sales, for both parties. Nothing is kept."""
    production = _production(access, request.POST.get("production", ""))
    if production is None:
        raise Http404
    agreement_id = request.POST.get("agreement", "")
    if agreement_id.isdecimal():
        page = DraftPage(request, _of_agreement(access, int(agreement_id)))
    else:
        today = clock.local(clock.now()).date()
        theatre = chosen_theatre(theatre_choices(access, production), request.POST)
        if theatre is None:
            raise Http404
        page = DraftPage(request, Drafting(access, production, theatre, today))
    return render(request, "contracts/new_preview.html", statement_context(page))


@_DRAFT
@require_GET
def productions(request: HttpRequest, access: Access) -> HttpResponse:
    """Suggestions while the name of a production is typed."""
    text = request.GET.get("q", "").strip()[:100]
    found = production_choices(access, clock.local(clock.now()).date(), text, 8) if text else []
    bulk = "bulk" if request.GET.get("for") == "bulk" else ""
    address = reverse("contracts-bulk" if bulk else "contracts-new")
    return render(request, "contracts/new_options.html", {"choices": found, "text": text, "address": address})


def statement_context(page: DraftPage) -> dict[str, Any]:
    """The columns of the terms as they stand in the form, and what is wrong with them. Two queries."""
    values = page.terms.readable()
    findings = page.preview_findings(values)
    context: dict[str, Any] = {"findings": findings, "unread": len(page.terms.errors)}
    numbers = [one.number for one in page.chosen if not one.is_cancelled]
    if not numbers:
        return context | {"why": _("Tick a performance to see what it gives.")}
    if not values.get("entrance_prices"):
        return context | {"why": _("Give the entrance prices to see what it gives.")}
    drafting = page.drafting
    found = columns_for(drafting.access, page.format_code, values, numbers, drafting.today)
    has_figures = len(found.estimated.missing) < len(found.estimated.evenings)
    columns = [found.potential, found.estimated] if has_figures else [found.potential]
    provider = (drafting.production.agency or drafting.production.producer).name
    return context | {
        "heads": [head_of(column) for column in columns],
        "rows": rows_of(columns, provider, drafting.theatre.name),
        "unsold": not has_figures,
    }


def _form(request: HttpRequest, page: DraftPage, status: int = 200) -> HttpResponse:
    template = "contracts/edit.html" if page.drafting.agreement else "contracts/new.html"
    return render(request, template, page.context() | {"preview": statement_context(page)}, status=status)


def _keep_new(request: HttpRequest, page: DraftPage) -> HttpResponse:
    drafting = page.drafting
    try:
        agreement, is_new = draft_once(
            access=drafting.access, at=clock.now(), key=page.key, production_id=drafting.production.pk, theatre_id=drafting.theatre.id,
            **page.draft(),
        )  # fmt: skip
    except UnableToDraft as refusal:
        return _refused(request, page, refusal)
    if is_new:
        messages.success(request, _("Concept %(reference)s is saved. Only you see it.") % {"reference": agreement.reference})
    return _after(request, page, agreement)


def _keep(request: HttpRequest, page: DraftPage) -> HttpResponse:
    agreement = page.drafting.agreement
    if agreement is None:
        raise Http404
    try:
        kept = change_agreement(
            access=page.drafting.access, at=clock.now(), agreement_id=agreement.pk, seen_at=_seen(request), **page.draft()
        )
    except UnableToDraft as refusal:
        return _refused(request, page, refusal)
    messages.success(request, _("%(reference)s is saved.") % {"reference": kept.reference})
    return _after(request, page, kept)


def _seen(request: HttpRequest) -> datetime | None:
    """When the agreement was last changed as the form knew it; None when the form does not say so as it should."""
    try:
        seen = datetime.fromisoformat(request.POST.get("seen", ""))
    except ValueError:
        return None
    return seen if seen.tzinfo else None


def _after(request: HttpRequest, page: DraftPage, agreement: Agreement) -> HttpResponse:
    """Propose it when that was asked; then its own page, or back to the form while something is still to be filled in."""
    access, form = page.drafting.access, reverse("contracts-edit", args=[agreement.pk])
    own_page = maybe_url("contracts-agreement", agreement.pk) or form
    if page.act == PROPOSE:
        try:
            version = propose_agreement(access=access, at=clock.now(), agreement_id=agreement.pk)
        except UnableToAct as refusal:
            messages.error(request, _("Not proposed yet. %(why)s") % {"why": refusal.message})
            return redirect(form)
        told = {"reference": agreement.reference, "n": version.number, "theatre": page.drafting.theatre.name}
        messages.success(request, _("%(reference)s, version %(n)s, is proposed to %(theatre)s.") % told)
        return redirect(own_page)
    agreement.refresh_from_db()
    is_ready = not any(not one.is_warning for one in findings_of(access, agreement, page.drafting.today))
    return redirect(own_page if is_ready else form)


def _refused(request: HttpRequest, page: DraftPage, refusal: UnableToAct) -> HttpResponse:
    """The form as it was sent, each finding beside its field."""
    if refusal.findings:
        page.tell(refusal.findings)
    else:
        page.other_findings.append((False, refusal.message))
    return _form(request, page, status=400)


def _production(access: Access, dip_id: str) -> Production | None:
    if not dip_id:
        return None
    try:
        return production_to_draft(access, dip_id)
    except Production.DoesNotExist as error:
        raise Http404 from error


def _of_agreement(access: Access, agreement_id: int) -> Drafting:
    """An own agreement that can be changed. 404 for all others: what was proposed is changed by withdrawing or revising it."""
    parts = ("production__producer", "production__agency", "theatre", "parent")
    rows = Agreement.objects.within(access).filter(provider_id=access.organisation_id, status__in=CHANGEABLE)
    agreement = rows.select_related(*parts).filter(pk=agreement_id).first()
    if agreement is None:
        raise Http404
    theatres = theatre_choices(access, agreement.production, agreement.theatre_id, without=agreement.pk)
    if not theatres:
        raise Http404
    held = numbers_of(access, agreement)
    return Drafting(access, agreement.production, theatres[0], clock.local(clock.now()).date(), agreement, held)
