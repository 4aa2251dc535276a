"""Venues at scale, for the platform: the list with filters, one value for many, the sheet down and up."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dip.definitions.queries import provinces
from dip.kernel.clock import local, now
from dip.kernel.periods import season_period, season_year
from dip.programme.actions import UnableToAct
from dip.programme.actions.venue_sheets import change_listed_venues, change_venues
from dip.programme.forms.venues import SheetForm, sheet_words
from dip.programme.queries import venues as reading
from dip.programme.queries.venues import VenueFilter
from dip.programme.rules.venues import Change, Lack, VenueSort, sheet_changes
from dip.programme.terms import VenueKind
from dip.programme.views import sheets
from dip.programme.views.parts import number_in, page_in, render, tell_refusal
from dip.programme.words import LACKS, VENUE_FIELDS, VENUE_KINDS, finding_text
from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module

_MANAGE = requires(Module.PROGRAMME, Level.MANAGE)
_SALT, _MINUTES = "dip.programme.venues", 60
#: Seasons without a performance that can be asked for.
SEASONS = (1, 2, 3, 5)


def _filter(values: Any, today: date) -> VenueFilter:
    """What the address asks; nonsense is left out."""
    seasons = number_in(values.get("unused", ""))
    sort, lack, kind, state = (values.get(name, "") for name in ("sort", "lack", "kind", "state"))
    return VenueFilter(
        text=values.get("q", "").strip()[:100],
        province_id=number_in(values.get("province", "")) or None,
        kind=kind if kind in set(VenueKind) else "",
        state=state if state in ("in_use", "do_not_use") else "",
        lack=Lack(lack) if lack in set(Lack) else None,
        unused_since=season_period(season_year(today) - seasons + 1).start if seasons in SEASONS else None,
        sort=VenueSort(sort.removeprefix("-")) if sort.removeprefix("-") in set(VenueSort) else VenueSort.CITY,
        descending=sort.startswith("-"),
    )


@_MANAGE
@require_GET
def venues(request: HttpRequest, access: Access) -> HttpResponse:
    """The list."""
    _need_platform(access)
    wanted = _filter(request.GET, local(now()).date())
    counts = reading.count_lacks(access)
    context = {
        "page": reading.venue_list(access, wanted, page_in(request)),
        "wanted": wanted,
        "unused": number_in(request.GET.get("unused", "")),
        "seasons": SEASONS,
        "sort": request.GET.get("sort", "city"),
        "sorts": [("city", _("town")), ("name", _("name")), ("-seats", _("most seats")), ("-halls", _("most halls")), ("last", _("longest not played"))],
        "lacks": [(lack.value, LACKS[lack], counts[lack]) for lack in Lack],
        "provinces": provinces(),
        "kinds": [(kind.value, VENUE_KINDS[kind]) for kind in VenueKind],
        "query": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, access, "venues", context, tab="programme-theatres")


@_MANAGE
@require_POST
def change(request: HttpRequest, access: Access) -> HttpResponse:
    """One value for the ticked venues, or for all that the filters leave."""
    _need_platform(access)
    field, _sep, given = request.POST.get("act", "").partition(":")
    value: object = {"province_id": number_in(given) or None, "kind": given, "do_not_use": given == "yes"}.get(field)
    if field not in ("province_id", "kind", "do_not_use"):
        messages.warning(request, _("Choose what the ticked venues get."))
        return _back(request)
    ids = [number_in(text) for text in request.POST.getlist("id")]
    if request.POST.get("all"):
        ids = reading.venue_ids(access, _filter(request.GET, local(now()).date()))
    if not ids:
        messages.warning(request, _("Nothing was chosen. Tick venues, or all that the filters leave."))
        return _back(request)
    try:
        count = change_venues(access=access, at=now(), theatre_ids=ids, field=field, value=value)
        messages.success(request, ngettext("%(n)s venue is changed.", "%(n)s venues are changed.", count) % {"n": count})
    except UnableToAct as refusal:
        tell_refusal(request, refusal)
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    response = redirect("programme-venues")
    if request.GET:
        response["Location"] += f"?{request.GET.urlencode()}"
    return response


@_MANAGE
@require_GET
def export(request: HttpRequest, access: Access) -> HttpResponse:
    """The venues that the filters leave as a sheet, which can be changed and sent back."""
    _need_platform(access)
    return sheets.venue_sheet(reading.all_venues(access, _filter(request.GET, local(now()).date())))


@_MANAGE
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, access: Access) -> HttpResponse:
    """Send a sheet back: what it changes is shown, cell by cell, before anything is changed."""
    _need_platform(access)
    form = SheetForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    is_read = request.method == "POST" and form.is_valid()
    if is_read:
        known = reading.known_venues(int(row.key) for row in form.rows if row.key.isdecimal() and len(row.key) < 10)
        changes, findings = sheet_changes(form.rows, known, sheet_words())
        names = {pk: one.cells["name"] for pk, one in known.items()}
        context |= {
            "read": len(form.rows),
            "changes": [(names[c.theatre_id], VENUE_FIELDS[c.field], _shown(c, c.before), _shown(c, c.after)) for c in changes],
            "theatres": len({c.theatre_id for c in changes}),
            "findings": [(f.row, VENUE_FIELDS.get(f.field, f.field), finding_text(f)) for f in findings],
            "payload": signing.dumps([[c.theatre_id, c.field, c.before, c.after] for c in changes], salt=_SALT, compress=True),
        }
    status = 400 if request.method == "POST" and not is_read else 200
    return render(request, access, "venue_upload", context, status=status)


@_MANAGE
@require_POST
def confirm(request: HttpRequest, access: Access) -> HttpResponse:
    """Do what the preview showed; what changed in between is left and told."""
    _need_platform(access)
    try:
        rows = signing.loads(request.POST.get("payload", ""), salt=_SALT, max_age=_MINUTES * 60)
    except signing.BadSignature:
        messages.error(request, _("The preview is too old. Send the sheet again."))
        return redirect("programme-venues-upload")
    at: datetime = now()
    done, findings = change_listed_venues(access=access, at=at, changes=[Change(*row) for row in rows])
    messages.success(request, ngettext("%(n)s venue is changed.", "%(n)s venues are changed.", done) % {"n": done})
    for finding in findings[:20]:
        messages.warning(request, f"{finding.number}: {finding_text(finding)}")
    return redirect("programme-venues")


def _shown(change: Change, value: str) -> str:
    """A value of the sheet as people read it."""
    if change.field == "province":
        return next((one.name for one in provinces() if str(one.id) == value), "")
    if change.field == "kind":
        return str(VENUE_KINDS.get(value, value))
    return _("yes") if change.field == "do_not_use" and value else value


def _need_platform(access: Access) -> None:
    if not access.is_platform:
        raise Http404
