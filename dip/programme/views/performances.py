"""Performances: a tour at once, publishing, the page of one, changing, moving, cancelling."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dip.kernel.clock import now
from dip.programme import queries
from dip.programme.actions import (
    UnableToAct,
    UnableToEnter,
    add_performances,
    add_to_festival,
    cancel_performance,
    change_performance,
    leave_festival,
    move_performance,
    publish_performances,
)
from dip.programme.forms.fields import show_findings
from dip.programme.forms.performances import ROWS, CancelForm, MoveForm, PerformanceForm, TourForm
from dip.programme.models import Performance
from dip.programme.queries import PerformancePage, PerformanceRow
from dip.programme.templatetags.programme import start
from dip.programme.views.parts import found, number_in, render
from dip.programme.views.productions import editable_production
from dip.programme.words import finding_text
from dip.registry.guard import member, requires
from dip.registry.terms import Access, Level, Module

_MANAGE = requires(Module.PROGRAMME, Level.MANAGE)


@_MANAGE
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, access: Access, dip_id: str) -> HttpResponse:
    """Enter many performances at once: rows of date, time, hall and type."""
    production = found(editable_production, access, dip_id)
    context = {"production": production}
    if request.method != "POST":
        count = max(ROWS, min(number_in(request.GET.get("rows", ""), ROWS), 100))
        return render(request, access, "tour_form", context | {"form": TourForm(access, count=count), "more": count + ROWS})
    form = TourForm(access, request.POST)
    if form.is_valid():
        try:
            made = add_performances(access=access, at=now(), production=production, entries=form.entries)
            text = ngettext("%(n)s performance is entered and has its DIP-id. Publish it to ask the theatre.", "%(n)s performances are entered and have their DIP-ids. Publish them to ask the theatres.", len(made))  # fmt: skip
            messages.success(request, text % {"n": len(made)})
            return redirect("programme-production", dip_id)
        except UnableToEnter as refusal:
            form.show(refusal.findings)
    return render(request, access, "tour_form", context | {"form": form, "more": 0}, status=400)


@_MANAGE
@require_POST
def publish(request: HttpRequest, access: Access, dip_id: str) -> HttpResponse:
    """Publish the chosen concepts."""
    production = found(editable_production, access, dip_id)
    asked = {number_in(text) for text in request.POST.getlist("number")}
    own = Performance.objects.filter(production=production, pk__in=asked).values_list("pk", flat=True)
    result = publish_performances(access=access, at=now(), numbers=list(own))
    if result.numbers:
        text = ngettext("%(n)s performance is published.", "%(n)s performances are published.", len(result.numbers))
        messages.success(request, text % {"n": len(result.numbers)})
    for finding in result.findings:
        tell = messages.warning if finding.is_warning else messages.error
        tell(request, f"{finding.number}: {finding_text(finding)}" if finding.number else finding_text(finding))
    if not result.numbers and not result.findings:
        messages.warning(request, _("Nothing was chosen. Tick the performances that you publish."))
    return redirect("programme-production", dip_id)


@member
@require_GET
def performance(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    """One performance: facts, connection request, history."""
    page = found(queries.performance_page, access, number)
    return render(request, access, "performance", performance_context(page) | {"decision_rows": decision_rows(page, {}, {})})


def performance_context(page: PerformancePage) -> dict[str, Any]:
    """What the page of a performance shows."""
    is_over = page.performance.starts_at < now()
    return {
        "page": page,
        "performance": page.performance,
        "request_row": page.request,
        "is_over": is_over,
        "may_publish": page.can_edit and page.performance.is_concept and not is_over,
    }


def decision_rows(page: PerformancePage, given: Mapping[str, str], errors: Mapping[str, str]) -> list[dict[str, Any]]:
    """The corrections that the access may decide on, with what it chose and wrote, and what is wrong with that."""
    if page.request is None or not page.request.can_decide:
        return []
    return [
        {
            "proposal": proposal,
            "choice": given.get(f"decision-{proposal.id}", ""),
            "reason": given.get(f"reason-{proposal.id}", ""),
            "error": errors.get(f"reason-{proposal.id}", ""),
        }
        for proposal in page.request.open_proposals
    ]


@_MANAGE
@require_POST
def publish_one(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    """Publish one concept."""
    _editable(access, number)
    result = publish_performances(access=access, at=now(), numbers=[number])
    if result.numbers:
        messages.success(request, _("The performance is published."))
    for finding in result.findings:
        (messages.warning if finding.is_warning else messages.error)(request, finding_text(finding))
    return redirect("programme-performance", number)


@_MANAGE
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    """Change type, flags and seats."""
    page = _editable(access, number)
    row = page.performance
    initial = {
        "kind": row.kind,
        "fund_feature": row.fund_feature,
        "ranks": row.capacity_by_rank,
        "is_private": row.is_private,
        "in_festival": row.in_festival,
        "is_other_location": row.is_other_location,
        "external_ref": page.external_ref,
        "festival": row.festival_id,
    }
    festivals = queries.festivals_around(access, [row.performance_date], always=row.festival_id)
    form = PerformanceForm(request.POST or None, festivals=festivals, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            _change(access, row, form)
            messages.success(request, _("The performance is changed."))
            return redirect("programme-performance", number)
        except UnableToAct as refusal:
            show_findings(form, refusal.findings)
    return _form_page(request, access, page, form, "performance_form")


@transaction.atomic
def _change(access: Access, row: PerformanceRow, form: PerformanceForm) -> None:
    """The facts, and the festival that was chosen: out of the one before, into the new one."""
    at, chosen = now(), form.cleaned_data.get("festival")
    is_other = "festival" in form.fields and chosen != row.festival_id
    if is_other and row.festival_id:
        leave_festival(access=access, at=at, festival_id=row.festival_id, numbers=[row.number])
    change_performance(access=access, at=at, number=row.number, **form.values())
    if is_other and chosen:
        add_to_festival(access=access, at=at, festival_id=chosen, numbers=[row.number])


@_MANAGE
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    """Give another time or place."""
    page = _editable(access, number)
    begins: datetime = start(page.performance)
    initial = {"date": begins.date(), "time": begins.time(), "hall": page.performance.hall_id}
    form = MoveForm(request.POST or None, access=access, initial=initial)
    if request.method == "POST" and form.is_valid() and form.chosen:
        try:
            _moved, findings = move_performance(
                access=access, at=now(), number=number, starts_at=form.starts_at, theatre_id=form.chosen.theatre_id,
                hall_id=form.chosen.hall_id, note=form.cleaned_data["note"],
            )  # fmt: skip
            messages.success(request, _("The performance is moved."))
            for finding in findings:
                messages.warning(request, finding_text(finding))
            return redirect("programme-performance", number)
        except UnableToAct as refusal:
            show_findings(form, refusal.findings)
    return _form_page(request, access, page, form, "move_form")


@_MANAGE
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    """Cancel, with a reason."""
    page = _editable(access, number)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cancel_performance(access=access, at=now(), number=number, reason=form.cleaned_data["reason"])
            messages.success(request, _("The performance is cancelled. Its DIP-id is not used again."))
            return redirect("programme-performance", number)
        except UnableToAct as refusal:
            show_findings(form, refusal.findings)
    return _form_page(request, access, page, form, "cancel_form")


def _editable(access: Access, number: int) -> PerformancePage:
    page = found(queries.performance_page, access, number)
    if not page.can_edit:
        found(Performance.objects.none().get)
    return page


def _form_page(request: HttpRequest, access: Access, page: PerformancePage, form, template: str) -> HttpResponse:  # type: ignore[no-untyped-def]
    context = {"form": form, "page": page, "performance": page.performance}
    return render(request, access, template, context, status=400 if form.errors else 200)
