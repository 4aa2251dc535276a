"""Comparing with another organisation by name: asking, answering, looking, and ending it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dip.benchmark.forms import InviteForm
from dip.benchmark.views import peer_words, sheets, words
from dip.benchmark.views.peers import season_of
from dip.kernel import clock
from dip.kernel.periods import season_period, season_year
from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module, Refusal
from dip.warehouse.actions import consents as actions
from dip.warehouse.models import Consent
from dip.warehouse.queries import consents
from dip.warehouse.queries.audience import AudienceScope, shared_with
from dip.warehouse.queries.peers import NamedFigures, named_figures
from dip.warehouse.terms import NotShown
from dip.web import downloads, formats

#: State of an invitation → status of its pill, and the word when it is not the usual one.
_PILLS = {
    "received": "open", "sent": "requested", "accepted": "active", "revoked": "revoked", "declined": "declined",
    "withdrawn": "withdrawn", "expired": "expired",
}  # fmt: skip


def _address() -> str:
    return settings.BASE_URL + reverse("benchmark-named")


@requires(Module.SALES, Level.VIEW)
@never_cache
@require_GET
def comparisons(request: HttpRequest, access: Access) -> HttpResponse:
    """Every invitation of the organisation and what became of it."""
    rows = [(row, _PILLS[row.state], peer_words.figure_words(row.figures)) for row in consents.comparisons(access, clock.now())]
    context = {
        "module": "trends",
        "places": words.places("benchmark-named"),
        "open": [one for one in rows if one[0].is_open],
        "ended": [one for one in rows if not one[0].is_open],
        **_may(access),
    }
    return render(request, "benchmark/named.html", context)


def _may(access: Access) -> dict[str, bool]:
    has_side = consents.side_of(access) is not None
    return {
        "has_side": has_side,
        "may_agree": has_side and access.allows(Module.SALES, Level.APPROVE),
        "may_end": has_side and access.allows(Module.SALES, Level.MANAGE),
    }


@requires(Module.SALES, Level.APPROVE)
@never_cache
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, access: Access) -> HttpResponse:
    """Ask another organisation of one's kind."""
    side = consents.side_of(access)
    if side is None:
        raise PermissionDenied("only theatres and providers compare by name")
    at = clock.now()
    figures = peer_words.figure_names(side)
    last: date = season_period(season_year(at.date()) + 1).last
    form = InviteForm(
        request.POST if request.method == "POST" else None,
        organisations=consents.invitable(access, at),
        figures=figures,
        initial={"figures": [code for code, _name in figures if code != consents.OVERLAP], "until": last},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.invite(
                access=access, at=at, organisation_id=given["organisation"], figures=tuple(given["figures"]), until=given["until"],
                address=_address(),
            )  # fmt: skip
            messages.success(request, _("The invitation is sent. Nothing is shown to either of you until it is accepted."))
            return redirect("benchmark-named-comparison", made.pk)
        except Refusal as refusal:
            form.show_refusal(refusal)
    context = {"module": "trends", "places": words.places("benchmark-named"), "form": form}
    return render(request, "benchmark/named_invite.html", context, status=400 if form.errors else 200)


@requires(Module.SALES, Level.VIEW)
@never_cache
@require_GET
def comparison(request: HttpRequest, access: Access, consent_id: int) -> HttpResponse:
    """What was agreed with one organisation; while both consent, both figures. ``season``: the year in which it begins."""
    year, problems = season_of(request)
    found = _found(access, consent_id, year)
    row = found.comparison
    context = {
        "module": "trends",
        "places": words.places("benchmark-named"),
        "asked": {"problems": problems},
        "row": row,
        "pill": _PILLS[row.state],
        "agreed": peer_words.figure_words(row.figures),
        "edition": found.edition,
        "rows": _rows(found),
        "both": _shared(access, found),
        "has_overlap": found.has_overlap,
        "seasons": [(str(one), words.season_name(one)) for one in found.seasons],
        "season_name": words.unbroken_season(found.edition.season_year) if found.edition else "",
        "until": _until(found),
        **_may(access),
    }
    return render(request, "benchmark/named_comparison.html", context)


def _found(access: Access, consent_id: int, year: int | None) -> NamedFigures:
    try:
        found = named_figures(access, consent_id, clock.now(), year)
        return named_figures(access, consent_id, clock.now()) if found.edition is None and found.seasons else found
    except Consent.DoesNotExist as error:
        raise Http404("no such comparison") from error


def _until(found: NamedFigures) -> str:
    if found.edition is None:
        return ""
    return formats.text_day(found.edition.until.fromordinal(found.edition.until.toordinal() - 1))


def _rows(found: NamedFigures) -> list[dict[str, Any]]:
    return [
        {
            "name": peer_words.MEASURE_NAMES[row.measure],
            "code": peer_words.CODES[row.measure],
            "own": peer_words.write(row.own, row.measure),
            "other": peer_words.write(row.other, row.measure),
            "strip": peer_words.pair_strip(row.own, row.other),
        }
        for row in found.rows
    ]


def _shared(access: Access, found: NamedFigures) -> Any:
    """Buyers of both in the season; None without the consent, the right or an edition."""
    if not found.has_overlap or found.edition is None or not access.allows(Module.AUDIENCE):
        return None
    scope = AudienceScope("theatre", season_year=found.edition.season_year)
    return next((one for one in shared_with(access, scope) if one.organisation_id == found.comparison.organisation_id), None)


def _act(request: HttpRequest, consent_id: int, act: Callable[[], Consent], done: str) -> HttpResponse:
    try:
        act()
        messages.success(request, done)
    except Consent.DoesNotExist as error:
        raise Http404("no such comparison") from error
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("benchmark-named-comparison", consent_id)


@requires(Module.SALES, Level.APPROVE)
@require_POST
def accept(request: HttpRequest, access: Access, consent_id: int) -> HttpResponse:
    """Agree."""
    return _act(
        request,
        consent_id,
        lambda: actions.accept(access=access, at=clock.now(), consent_id=consent_id, address=_address()),
        _("You compare by name from now on. Either of you can end it at any time."),
    )


@requires(Module.SALES, Level.MANAGE)
@require_POST
def end(request: HttpRequest, access: Access, consent_id: int) -> HttpResponse:
    """Withdraw, decline or revoke."""
    return _act(
        request,
        consent_id,
        lambda: actions.end(access=access, at=clock.now(), consent_id=consent_id, address=_address()),
        _("It is ended. Neither of you sees the other's figures."),
    )


def _sheet(request: HttpRequest, access: Access, consent_id: int) -> tuple[downloads.Sheet, list[tuple[str, str]], list[str]]:
    found = _found(access, consent_id, season_of(request)[0])
    if found.edition is None:
        raise Http404("nothing is shown")
    other = found.comparison.name
    columns = [
        (_("Figure"), downloads.TEXT),
        (_("Unit"), downloads.TEXT),
        (_("Your own"), downloads.NUMBER),
        (other, downloads.NUMBER),
    ]
    rows: list[list[Any]] = [
        [
            str(peer_words.MEASURE_NAMES[row.measure]),
            peer_words.unit_of(row.measure),
            peer_words.plain(row.own, row.measure),
            peer_words.plain(row.other, row.measure),
        ]
        for row in found.rows
    ]
    if (shared := _shared(access, found)) is not None:
        held = NotShown()
        rows.append([_("Buyers of both"), _("buyers"), *([held if shared.buyers is None else shared.buyers] * 2)])
    about = [
        (_("Figures of"), _("Comparison by name, season {season}").format(season=words.season_name(found.edition.season_year))),
        (_("For"), f"{access.organisation_name}; {other}"),
        (_("Edition of"), formats.plain_day(found.edition.trends_made_on)),
        (_("Performances before"), formats.plain_day(found.edition.until)),
        (_("Made on"), formats.full_moment(clock.now())),
    ]
    codes = [
        "named_comparison",
        *(["named_overlap"] if found.has_overlap else []),
        *(peer_words.CODES[row.measure] for row in found.rows),
    ]
    return downloads.Sheet(_("By name"), columns, rows), about, codes


@requires(Module.SALES, Level.VIEW)
@never_cache
@require_GET
def export(request: HttpRequest, access: Access, consent_id: int) -> HttpResponse:
    """What the page shows, as a workbook."""
    table, about, codes = _sheet(request, access, consent_id)
    return sheets.workbook(table, about, codes, "by-name.xlsx")


@requires(Module.SALES, Level.VIEW)
@never_cache
@require_GET
def numbers(request: HttpRequest, access: Access, consent_id: int) -> HttpResponse:
    """The same, comma-separated."""
    return sheets.comma_separated(*_sheet(request, access, consent_id), "by-name.csv")
