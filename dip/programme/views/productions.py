"""Productions: the list, the page of one, entering, changing, the agency, exports."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dip.definitions.queries import genres
from dip.kernel.clock import local, now
from dip.kernel.periods import season_year
from dip.programme import queries
from dip.programme.actions import UnableToEnter, change_production, create_production, move_agency
from dip.programme.forms.fields import show_findings
from dip.programme.forms.productions import AgencyForm, ProductionForm
from dip.programme.models import Production
from dip.programme.queries.listing import COMING, OVER, WITH_CONCEPTS
from dip.programme.rules.rights import may_enter
from dip.programme.views import sheets
from dip.programme.views.parts import found, number_in, page_in, render
from dip.registry.guard import member, requires
from dip.registry.terms import Access, Level, Module

_MANAGE = requires(Module.PROGRAMME, Level.MANAGE)
_STATUSES = (WITH_CONCEPTS, COMING, OVER)


def _filter(request: HttpRequest, access: Access, seasons: list[int]) -> queries.ProductionFilter:
    """What the address asks: without a season the current one, or the newest that there is."""
    this = season_year(local(now()).date())
    fallback = this if this in seasons or not seasons else seasons[0]
    asked = request.GET.get("season", "")
    status = request.GET.get("status", "")
    return queries.ProductionFilter(
        season_year=None if asked == "all" else number_in(asked, fallback),
        genre_id=number_in(request.GET.get("genre", "")) or None,
        status=status if status in _STATUSES else "",
        text=request.GET.get("q", "").strip()[:100],
        everyone=request.GET.get("whose") == "all",
    )


@requires(Module.PROGRAMME)
@require_GET
def productions(request: HttpRequest, access: Access) -> HttpResponse:
    """The list, with filters."""
    seasons = queries.seasons_of(access)
    wanted = _filter(request, access, seasons)
    today = local(now()).date()
    context = {
        "page": queries.production_list(access, wanted, today, page_in(request)),
        "wanted": wanted,
        "seasons": sorted({*seasons, season_year(today), *([wanted.season_year] if wanted.season_year else [])}, reverse=True),
        "genres": [(g.id, g.name(request.LANGUAGE_CODE)) for g in genres()],  # type: ignore[attr-defined]
        "may_enter": may_enter(access),
        "today": today,
    }
    return render(request, access, "productions", context, tab="programme-productions")


@requires(Module.PROGRAMME)
@require_GET
def export(request: HttpRequest, access: Access) -> HttpResponse:
    """The same list as a spreadsheet."""
    wanted = _filter(request, access, queries.seasons_of(access))
    return sheets.production_sheet(queries.all_lines(access, wanted, local(now()).date()))


@member
@require_GET
def production(request: HttpRequest, access: Access, dip_id: str) -> HttpResponse:
    """One production with its performances."""
    page = found(queries.production_page, access, dip_id)
    if page.production.dip_id != dip_id:
        return redirect("programme-production", page.production.dip_id, permanent=True)
    at = now()
    concepts = [line for line in page.performances if line.performance.is_concept]
    context = {
        "page": page,
        "production": page.production,
        "tour": page.tour,
        "publishable": page.production.can_edit and any(line.performance.starts_at > at for line in concepts),
        "concept_count": len(concepts),
        "now": at,
    }
    return render(request, access, "production", context)


@member
@require_GET
def export_performances(request: HttpRequest, access: Access, dip_id: str) -> HttpResponse:
    """The performances of one production as a spreadsheet."""
    return sheets.performance_sheet(found(queries.production_page, access, dip_id))


@_MANAGE
@require_http_methods(["GET", "POST"])
def new_production(request: HttpRequest, access: Access) -> HttpResponse:
    """Enter a production."""
    if not may_enter(access):
        raise Http404
    at = now()
    season = season_year(local(at).date())
    initial = {"season_year": season, "is_revival": "no"}
    form = ProductionForm(request.POST or None, access=access, season=season, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_production(access=access, at=at, entry=form.entry())
            messages.success(request, _("%(title)s has DIP-id %(dip_id)s. Now enter its performances.") % {"title": made.title, "dip_id": made.dip_id})  # fmt: skip
            return redirect("programme-performances-add", made.dip_id)
        except UnableToEnter as refusal:
            show_findings(form, refusal.findings)
    return render(request, access, "production_form", {"form": form}, status=400 if form.errors else 200)


@_MANAGE
@require_http_methods(["GET", "POST"])
def edit_production(request: HttpRequest, access: Access, dip_id: str) -> HttpResponse:
    """Change what a production states of itself."""
    row = found(editable_production, access, dip_id)
    initial = {
        "title": row.title,
        "genre": row.genre_id,
        "is_revival": "yes" if row.is_revival else "no",
        "co_producers": list(row.co_producers.values_list("pk", flat=True)),
        "cast_members": tuple(row.cast_members),
        "subsidy_scheme": row.subsidy_scheme,
        "fund_consent": row.fund_consent,
        "external_ref": row.external_ref,
    }
    form = ProductionForm(request.POST or None, access=access, season=row.season_year, entry=False, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_production(access=access, at=now(), production=row, entry=form.entry(row.season_year))
            messages.success(request, _("%(title)s is changed.") % {"title": form.cleaned_data["title"]})
            return redirect("programme-production", dip_id)
        except UnableToEnter as refusal:
            show_findings(form, refusal.findings)
    return render(request, access, "production_form", {"form": form, "production": row}, status=400 if form.errors else 200)


@_MANAGE
@require_http_methods(["GET", "POST"])
def agency(request: HttpRequest, access: Access, dip_id: str) -> HttpResponse:
    """Let another agency act for a production."""
    row = found(editable_production, access, dip_id)
    form = AgencyForm(request.POST or None, initial={"agency": row.agency_id})
    if request.method == "POST" and form.is_valid():
        moved = move_agency(access=access, at=now(), production=row, agency_id=form.cleaned_data["agency"], note=form.cleaned_data["note"])  # fmt: skip
        name = moved.agency.name if moved.agency else moved.producer.name
        messages.success(request, _("%(name)s acts for %(title)s from now on.") % {"name": name, "title": row.title})
        is_gone = not access.is_platform and access.organisation_id not in (moved.producer_id, moved.agency_id)
        return redirect("programme-productions") if is_gone else redirect("programme-production", dip_id)
    return render(request, access, "agency_form", {"form": form, "production": row}, status=400 if form.errors else 200)


def editable_production(access: Access, dip_id: str) -> Production:
    """The production that the access may change. Raises ``Production.DoesNotExist`` for everybody else."""
    row = queries.production_for(access, dip_id)
    if not row.can_edit:
        raise Production.DoesNotExist(dip_id)
    return Production.objects.select_related("producer", "agency").get(pk=row.id)
