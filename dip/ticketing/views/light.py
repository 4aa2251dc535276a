"""The light mode: a small maker enters productions, school performances and festivals, and their figures, on a phone."""

from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from dip.kernel.clock import local, now
from dip.kernel.periods import season_year
from dip.programme import queries as programme
from dip.programme.actions import UnableToAct, create_festival, enter_light
from dip.programme.forms.festivals import FestivalForm
from dip.programme.forms.fields import show_findings
from dip.programme.rules.festivals import may_add_festival
from dip.programme.rules.rights import may_enter
from dip.programme.terms import LightMade
from dip.programme.words import finding_text
from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module, Role
from dip.ticketing.actions.light import UnableToType, state_by_hand
from dip.ticketing.forms.light import FiguresForm, LightForm
from dip.ticketing.queries.light import LightRow, light_home, light_row
from dip.ticketing.rules.findings import PATTERNS
from dip.ticketing.terms import Receipt
from dip.ticketing.words import HURDLES

_MANAGE = requires(Module.PROGRAMME, Level.MANAGE)


@requires(Module.PROGRAMME)
@require_GET
def home(request: HttpRequest, access: Access) -> HttpResponse:
    """What waits for figures, what plays, and three things to enter."""
    if not (access.is_provider or access.is_taker):
        raise Http404
    at = now()
    today = local(at).date()
    year = season_year(today)
    makes = _makes(access)
    found = [row for season in (year, year + 1) for row in programme.productions_of(access, season)] if makes else []
    context = {
        "home": light_home(access, at, today),
        "makes": makes,
        "may_add_festival": may_add_festival(access),
        "productions": [row for row in found if row.producer_id == access.organisation_id][:12],
        "festivals": programme.own_festivals(access, today),
    }
    return _page(request, "light_home", context)


@_MANAGE
@require_http_methods(["GET", "POST"])
def production(request: HttpRequest, access: Access) -> HttpResponse:
    """A production with its dates in five fields; ``?school`` begins with a school performance, ``?festival=`` inside a festival."""
    if not _makes(access):
        raise Http404
    initial = {"key": uuid4().hex, "publish": "yes", "school": "", "festival": _festival_id(request.GET.get("festival", ""))}
    if "school" in request.GET:
        initial["school"] = "school_primary"
    form = LightForm(request.POST or None, access=access, initial=initial)
    return _entered(request, access, form, {"title_words": _("Enter a production"), "is_school": "school" in request.GET})


@_MANAGE
@require_http_methods(["GET", "POST"])
def dates(request: HttpRequest, access: Access, dip_id: str) -> HttpResponse:
    """More dates of a production: where, when, seats."""
    row = _own_production(access, dip_id)
    initial = {"key": uuid4().hex, "publish": "yes", "school": ""}
    form = LightForm(request.POST or None, access=access, known=(row.title, row.genre_id), initial=initial)
    return _entered(request, access, form, {"title_words": row.title, "production": row})


def _entered(request: HttpRequest, access: Access, form: LightForm, context: dict[str, Any]) -> HttpResponse:
    """Enter what the form says, or show it again with everything that was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            made = enter_light(access=access, at=now(), entry=form.entry(), key=form.cleaned_data["key"])
            _tell(request, made)
            return redirect("ticketing-light-made", made.dip_id)
        except UnableToAct as refusal:
            form.show(refusal.findings)
    festival = _festival(form["festival"].value())
    is_wrong = request.method == "POST"
    return _page(request, "light_production", context | {"form": form, "festival": festival}, 400 if is_wrong else 200)


def _tell(request: HttpRequest, made: LightMade) -> None:
    if made.is_repeat:
        messages.info(request, _("This form was sent before; nothing is entered twice."))
        return
    count = len(made.numbers)
    text = ngettext("%(n)s performance is entered.", "%(n)s performances are entered.", count)
    if made.joined:
        text = ngettext("%(n)s performance joins the production that you entered before.", "%(n)s performances join the production that you entered before.", count)  # fmt: skip
    messages.success(request, text % {"n": count})
    for words in dict.fromkeys(finding_text(finding) for finding in made.findings):
        messages.warning(request, words)


@requires(Module.PROGRAMME)
@require_GET
def made(request: HttpRequest, access: Access, dip_id: str) -> HttpResponse:
    """A production as the light mode shows it: its dates, their DIP-ids, and what comes next."""
    try:
        page = programme.production_page(access, dip_id)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if not page.is_party:
        raise Http404
    context = {"page": page, "production": page.production, "may_add": _makes(access) and page.production.can_edit, "now": now()}
    return _page(request, "light_made", context)


@_MANAGE
@require_http_methods(["GET", "POST"])
def festival(request: HttpRequest, access: Access) -> HttpResponse:
    """A festival: name, town, first and last day. Its performances come next."""
    if not may_add_festival(access):
        raise Http404
    form = FestivalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_festival(access=access, at=now(), entry=form.entry())
            messages.success(request, _("%(name)s is entered. Now put performances into it.") % {"name": made.name})
            if _makes(access):
                return redirect(reverse("ticketing-light-production") + f"?festival={made.pk}")
            return redirect("programme-festival-add", made.pk)
        except UnableToAct as refusal:
            show_findings(form, refusal.findings)
    return _page(request, "light_festival", {"form": form}, 400 if form.errors else 200)


@requires(Module.SALES)
@require_http_methods(["GET", "POST"])
def figures(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    """The figures of one performance in five fields; where somebody else states them, who and why."""
    try:
        row = light_row(access, number)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    at = now()
    zone = ZoneInfo(row.performance.time_zone)
    form = FiguresForm(request.POST or None, initial=_initial(row, local(at, zone)))
    refused = str(HURDLES[row.hurdle]) if row.hurdle else ""
    if request.method == "POST" and form.is_valid() and not refused:
        receipt = _state(access, at, number, form)
        if isinstance(receipt, str):
            refused = receipt
        elif receipt.rejected:
            form.add_error("true_at", _words(receipt)[0])
        else:
            _tell_figures(request, receipt)
            return redirect("ticketing-light")
    is_wrong = request.method == "POST"
    return _page(
        request, "light_figures", {"form": form, "row": row, "p": row.performance, "refused": refused}, 400 if is_wrong else 200
    )


def _state(access: Access, at: datetime, number: int, form: FiguresForm) -> Receipt | str:
    given = form.cleaned_data
    try:
        return state_by_hand(
            access=access, at=at, number=number, normal=given["normal"], discount=given["discount"], free=given["free"],
            recette_cents=given["recette"], true_at=given["true_at"].replace(tzinfo=None),
        )  # fmt: skip
    except UnableToType as refusal:
        return refusal.message


def _initial(row: LightRow, at: datetime) -> dict[str, Any]:
    """What is known now, to be corrected; the moment is now, on the venue's clock."""
    initial: dict[str, Any] = {"true_at": at.replace(tzinfo=None, second=0, microsecond=0)}
    if row.known is not None:
        euros, cents = divmod(row.known.recette_cents, 100)
        initial |= {"normal": row.known.normal + row.known.other, "discount": row.known.discount, "free": row.known.free}
        initial["recette"] = f"{euros},{cents:02d}"
    return initial


def _tell_figures(request: HttpRequest, receipt: Receipt) -> None:
    messages.success(request, _("The figures are kept.") if receipt.accepted else _("These figures were known already."))
    for words in _words(receipt):
        messages.warning(request, words)


def _words(receipt: Receipt) -> list[str]:
    return [_(PATTERNS[finding.code]) % finding.values for finding in receipt.findings]


def _makes(access: Access) -> bool:
    """Whether the light mode enters productions for this access: a producer's own."""
    return access.role is Role.PRODUCER and may_enter(access)


def _own_production(access: Access, dip_id: str) -> programme.ProductionRow:
    try:
        row = programme.production_for(access, dip_id)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if not (row.can_edit and _makes(access) and row.producer_id == access.organisation_id):
        raise Http404
    return row


def _festival_id(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _festival(value: object) -> programme.FestivalRow | None:
    """The festival that a form names, or None; what it says is shown before anything is entered."""
    found = _festival_id(str(value or ""))
    return programme.festival_row(found) if found else None


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, f"ticketing/{template}.html", {"module": "light"} | context, status=status)
