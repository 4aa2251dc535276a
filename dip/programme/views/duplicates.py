"""Two that look like one: saying so from a page, the list, what looks alike, and both side by side."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from dip.kernel.clock import local, now
from dip.kernel.periods import season_year
from dip.programme import queries
from dip.programme.actions import UnableToAct
from dip.programme.actions.duplicates import may_merge, report_duplicate
from dip.programme.models import Theatre
from dip.programme.queries import duplicates as reading
from dip.programme.queries.listing import matching
from dip.programme.terms import DuplicateKind
from dip.programme.views.parts import render, tell_refusal
from dip.programme.words import DUPLICATE_KINDS
from dip.registry.guard import member
from dip.registry.terms import Access

#: What is offered to choose from.
OFFERED = 25


class ReasonForm(forms.Form):
    """Why two are one, or two."""

    reason = forms.CharField(max_length=300, required=False, label=gettext_lazy("Reason"))


@member
@require_GET
def duplicates(request: HttpRequest, access: Access) -> HttpResponse:
    """Reports of the access and those put to it; for the platform also what looks alike, by kind."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in set(DuplicateKind) else DuplicateKind.THEATRE.value
    found = reading.suggestions(access, DuplicateKind(kind), season_year=season_year(local(now()).date()))
    context = {
        "reports": reading.reports_of(access),
        "suggestions": found,
        "kind": kind,
        "kinds": [(one.value, DUPLICATE_KINDS[one]) for one in DuplicateKind],
    }
    return render(request, access, "duplicates", context)


@member
@require_GET
def find(request: HttpRequest, access: Access, kind: str, goes_id: int) -> HttpResponse:
    """Choose what this is the same as."""
    kind = _kind(kind)
    sides = reading.sides(access, kind, [goes_id])
    if not sides:
        raise Http404
    text = request.GET.get("q", sides[0].name).strip()[:100]
    context = {"side": sides[0], "kind": kind.value, "text": text, "options": _options(access, kind, goes_id, text)}
    return render(request, access, "duplicate_find", context)


def _options(access: Access, kind: DuplicateKind, goes_id: int, text: str) -> list[tuple[int, str, str]]:
    """(id, name, where) of what it can be the same as."""
    if kind is DuplicateKind.THEATRE:
        hits = queries.search_theatres(access, text, limit=OFFERED)
        return [(hit.id, hit.name, hit.city) for hit in hits if hit.id != goes_id]
    if kind is DuplicateKind.HALL:
        halls = Theatre.objects.filter(halls=goes_id).values_list("halls__id", "halls__name", "name", "halls__merged_into")
        return [(pk, name, house) for pk, name, house, merged in halls if pk != goes_id and merged is None]
    today = local(now()).date()
    found = matching(access, queries.ProductionFilter(text=text, everyone=True), today)[:OFFERED]
    return [(p.pk, p.title, p.dip_id) for p in found if p.pk != goes_id]


@member
@require_GET
def pair(request: HttpRequest, access: Access, kind: str, goes_id: int, stays_id: int) -> HttpResponse:
    """Both side by side with what each carries; to report, or to decide."""
    kind = _kind(kind)
    sides = reading.sides(access, kind, [goes_id, stays_id])
    if len(sides) < 2:
        raise Http404
    asked = reading.reports_on(access, kind, goes_id, stays_id)
    rows = reading.rows_of(access, kind, (goes_id, stays_id))
    can_merge = may_merge(access, kind, rows[goes_id], rows[stays_id], asked)
    can_dismiss = access.is_platform or any(access.organisation_id in report.deciders for report in asked)
    context = {
        "goes": sides[0],
        "stays": sides[1],
        "kind": kind.value,
        "kind_word": DUPLICATE_KINDS[kind],
        "asked": asked,
        "can_merge": can_merge,
        "can_dismiss": can_dismiss and can_merge,
        "form": ReasonForm(),
        "swap_url": reverse("programme-duplicate-pair", args=[kind.value, stays_id, goes_id]),
    }
    return render(request, access, "duplicate_pair", context)


@member
@require_POST
def report(request: HttpRequest, access: Access, kind: str, goes_id: int, stays_id: int) -> HttpResponse:
    """Say that they are one."""
    kind = _kind(kind)
    if len(reading.sides(access, kind, [goes_id, stays_id])) < 2:
        raise Http404
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        made = report_duplicate(access=access, at=now(), kind=kind, goes_id=goes_id, stays_id=stays_id, reason=reason)
    except UnableToAct as refusal:
        tell_refusal(request, refusal)
        return redirect("programme-duplicate-pair", kind.value, goes_id, stays_id)
    if made.deciders == [access.organisation_id]:
        return redirect("programme-duplicate-pair", kind.value, goes_id, stays_id)
    messages.success(request, _("Thank you: it is put to those who decide about it, and you hear what becomes of it."))
    return redirect("programme-duplicates")


def _kind(text: str) -> DuplicateKind:
    if text not in set(DuplicateKind):
        raise Http404
    return DuplicateKind(text)
