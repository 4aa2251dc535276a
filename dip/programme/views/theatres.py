"""Theatres and halls: search, list, the page of one, and keeping them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dip.kernel.clock import local, now
from dip.programme import queries
from dip.programme.actions import UnableToAct, add_hall, add_theatre, change_theatre, merge_theatres, name_theatre
from dip.programme.forms.fields import show_findings
from dip.programme.forms.theatres import HallForm, MergeForm, TheatreForm
from dip.programme.models import Theatre
from dip.programme.queries import TheatrePage
from dip.programme.queries.search import hall_options, options_of
from dip.programme.rules.rights import may_add_theatre
from dip.programme.terms import HallKind
from dip.programme.views.parts import found, number_in, page_in, render
from dip.registry.guard import member, requires
from dip.registry.terms import Access, Level, Module

_MANAGE = requires(Module.PROGRAMME, Level.MANAGE)
#: Fields of a theatre that its form shows as they are.
_SHOWN = (
    "name", "kind", "street", "house_number", "postcode", "city", "province_id", "country_id", "contact_email", "do_not_use",
    "organisation_id", "time_zone", "is_coupled",
)  # fmt: skip


@member
@require_GET
def theatres(request: HttpRequest, access: Access) -> HttpResponse:
    """Search, and the list."""
    text = request.GET.get("q", "").strip()[:100]
    own = request.GET.get("whose") == "own" and access.is_taker
    hits = queries.search_theatres(access, text, limit=30) if text else []
    page = queries.theatre_list(access, ids=[hit.id for hit in hits] if text else None, own=own, page=page_in(request))
    context = {
        "page": page,
        "text": text,
        "found_by": {hit.id: hit.found_by for hit in hits},
        "own": own,
        "may_add": may_add_theatre(access),
    }
    return render(request, access, "theatres", context, tab="programme-theatres")


@member
@require_GET
def theatre(request: HttpRequest, access: Access, theatre_id: int) -> HttpResponse:
    """One theatre with its halls. A merged one leads to what it was merged into."""
    page = found(queries.theatre_page, access, theatre_id, local(now()).date())
    if page.theatre.pk != theatre_id:
        return redirect("programme-theatre", page.theatre.pk, permanent=True)
    context = {"page": page, "theatre": page.theatre, "may_add_hall": _may_add_hall(access, page)}
    return render(request, access, "theatre", context)


@_MANAGE
@require_http_methods(["GET", "POST"])
def new_theatre(request: HttpRequest, access: Access) -> HttpResponse:
    """Add a theatre; what a search finds under the name is shown first."""
    if not may_add_theatre(access):
        raise Http404
    name = request.POST.get("name") or request.GET.get("name", "")
    form = TheatreForm(request.POST or None, access=access, is_new=True, initial={"name": name})
    if request.method == "POST" and form.is_valid():
        try:
            made = add_theatre(access=access, at=now(), **form.values())
            messages.success(request, _("%(name)s is added. Now add its halls.") % {"name": made.name})
            return redirect("programme-theatre", made.pk)
        except UnableToAct as refusal:
            show_findings(form, refusal.findings)
    context = {"form": form, "like": queries.search_theatres(access, name, limit=5) if name else []}
    return render(request, access, "theatre_form", context, status=400 if form.errors else 200)


@_MANAGE
@require_http_methods(["GET", "POST"])
def edit_theatre(request: HttpRequest, access: Access, theatre_id: int) -> HttpResponse:
    """Change a theatre and its names."""
    page = _editable(access, theatre_id)
    initial = {name: getattr(page.theatre, name) for name in _SHOWN} | {"aliases": page.aliases}
    form = TheatreForm(request.POST or None, access=access, initial=initial)
    if request.method == "POST" and form.is_valid():
        at = now()
        try:
            change_theatre(access=access, at=at, theatre_id=theatre_id, **form.values())
            if "aliases" in form.changed_data:
                name_theatre(access=access, at=at, theatre_id=theatre_id, aliases=form.cleaned_data["aliases"])
            messages.success(request, _("%(name)s is changed.") % {"name": form.cleaned_data["name"]})
            return redirect("programme-theatre", theatre_id)
        except UnableToAct as refusal:
            show_findings(form, refusal.findings)
    context = {"form": form, "theatre": page.theatre, "like": []}
    return render(request, access, "theatre_form", context, status=400 if form.errors else 200)


@_MANAGE
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, access: Access, theatre_id: int) -> HttpResponse:
    """Merge a theatre into another: the platform's work."""
    if not access.is_platform:
        raise Http404
    page = found(queries.theatre_page, access, theatre_id, local(now()).date())
    alike = [
        hit for hit in queries.search_theatres(access, request.GET.get("q", page.theatre.name), limit=20) if hit.id != theatre_id
    ]
    form = MergeForm(request.POST or None, choices=[(hit.id, f"{hit.name}, {hit.city}") for hit in alike])
    if request.method == "POST" and form.is_valid():
        try:
            into = merge_theatres(access=access, at=now(), theatre_id=theatre_id, into_id=form.cleaned_data["into"])
            messages.success(request, _("%(old)s is now %(new)s; its address keeps working.") % {"old": page.theatre.name, "new": into.name})  # fmt: skip
            return redirect("programme-theatre", into.pk)
        except UnableToAct as refusal:
            show_findings(form, refusal.findings)
    context = {"form": form, "page": page, "theatre": page.theatre, "text": request.GET.get("q", page.theatre.name)}
    return render(request, access, "merge_form", context, status=400 if form.errors else 200)


@_MANAGE
@require_http_methods(["GET", "POST"])
def new_hall(request: HttpRequest, access: Access, theatre_id: int) -> HttpResponse:
    """Add a hall."""
    page = found(queries.theatre_page, access, theatre_id, local(now()).date())
    if not _may_add_hall(access, page) or page.theatre.pk != theatre_id:
        raise Http404
    form = HallForm(request.POST or None, is_new=True)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = add_hall(
                access=access, at=now(), theatre_id=theatre_id, name=given["name"], kind=HallKind(given["kind"]),
                capacity=given["capacity"],
            )  # fmt: skip
            messages.success(request, _("%(name)s is added.") % {"name": made.name})
            return redirect("programme-theatre", theatre_id)
        except UnableToAct as refusal:
            show_findings(form, refusal.findings)
    return render(request, access, "hall_form", {"form": form, "theatre": page.theatre}, status=400 if form.errors else 200)


def _may_add_hall(access: Access, page: TheatrePage) -> bool:
    """Providers know where they play; a theatre adds to its own houses only."""
    return page.can_edit or (may_add_theatre(access) and not access.is_taker)


def _editable(access: Access, theatre_id: int) -> TheatrePage:
    page = found(queries.theatre_page, access, theatre_id, local(now()).date())
    if not page.can_edit or page.theatre.pk != theatre_id:
        found(Theatre.objects.none().get)
    return page


@member
@require_GET
def options(request: HttpRequest, access: Access) -> HttpResponse:
    """Suggestions under a place field: halls that what was typed can mean. A part of a page, for htmx."""
    field = _field(request)
    text = request.GET.get(f"{field}-place" if field else "place", "").strip()[:100]
    hits = hall_options(access, text) if len(text) > 1 else []
    is_light = "light" in request.GET
    context = {"options": hits, "field": field, "text": text, "may_add": may_add_theatre(access), "light": is_light}
    return render(request, access, "parts/options", context)


@member
@require_GET
def choice(request: HttpRequest, access: Access) -> HttpResponse:
    """The place field with a hall chosen, or empty again. A part of a page, for htmx."""
    hall_id = number_in(request.GET.get("hall", ""))
    chosen = options_of(access, [hall_id]).get(hall_id) if hall_id else None
    return render(
        request, access, "parts/place", {"field": _field(request), "chosen": chosen, "focus": True, "light": "light" in request.GET}
    )


def _field(request: HttpRequest) -> str:
    """Prefix of the row that asks, "" for a form without rows; nothing else gets into the page."""
    asked = request.GET.get("field", "")
    return f"row-{number_in(asked[4:])}" if asked.startswith("row-") else ""
