"""The season of an organisation: sums, running total beside last season, productions, and its place in the market."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dip.kernel import clock
from dip.kernel.periods import season_year
from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module
from dip.sales.queries import history, monitors, visible
from dip.sales.rules import findings
from dip.sales.rules.morning import since_yesterday
from dip.sales.terms import Evening, Group, Sales, Status
from dip.sales.views import charts, columns, market, news, phrases, question, sheets, words
from dip.warehouse import queries as warehouse
from dip.warehouse.terms import GenreCell
from dip.web.charts.figure import as_csv

RECENT_DAYS = 14
BY_PRODUCTION, BY_THEATRE, BY_HALL = "production", "theatre", "hall"


@dataclass(frozen=True, slots=True)
class _Page:
    asked: question.Question
    sales: Sales
    seasons: list[int]


def _read(request: HttpRequest, access: Access) -> _Page:
    asked = question.read(request)
    productions = visible.own_productions(access)
    evenings = visible.evenings_of_season(access, asked.season_year, productions)
    years = sorted({*visible.seasons(access, productions), asked.season_year}, reverse=True)
    return _Page(asked, monitors.sales_of(access, evenings, asked.as_of), years)


def _grouped(access: Access, page: _Page) -> list[Group]:
    by = _by(access, page.asked)
    if by == BY_THEATRE:
        found = monitors.groups(page.sales, lambda e: str(e.theatre_id), lambda e: e.theatre, lambda e: e.city)
    elif by == BY_HALL:
        found = monitors.groups(page.sales, lambda e: str(e.hall_id), lambda e: e.hall, lambda e: e.theatre)
    else:
        found = _productions(access, page)
    return [g for g in found if page.asked.search.casefold() in f"{g.name} {g.note}".casefold()]


def _productions(access: Access, page: _Page) -> list[Group]:
    genres = monitors.genre_names((get_language() or "nl")[:2])

    def note(evening: Evening) -> str:
        genre = genres.get(evening.genre_id, "")
        return f"{genre} · {evening.producer}" if access.is_taker else genre

    rows = page.sales
    if page.asked.genre_id:
        rows = monitors.narrowed(rows, lambda e: e.genre_id == page.asked.genre_id)
    return monitors.groups(rows, lambda e: e.dip_id, lambda e: e.title, note, _production_link())


def _production_link() -> Callable[[Evening], str]:
    """Address of a production's page; the pattern is asked once, for hundreds of productions."""
    pattern = reverse("sales-production", args=["-"])
    return lambda evening: pattern.replace("/-/", f"/{evening.dip_id}/")


def _by(access: Access, asked: question.Question) -> str:
    known = {BY_PRODUCTION, BY_HALL if access.is_taker else BY_THEATRE}
    return asked.by if asked.by in known else BY_PRODUCTION


@requires(Module.SALES, Level.VIEW)
def season(request: HttpRequest, access: Access) -> HttpResponse:
    """The season dashboard in the role of the access; others than providers and theatres see the national figures only."""
    page = _read(request, access)
    cells = warehouse.genre_cells(access, page.asked.season_year)
    if not (access.is_provider or access.is_taker):
        return render(
            request, "sales/national.html", _frame(access, page, cells) | {"fills": market.fills(cells) if cells else None}
        )
    return render(request, "sales/season.html", _context(access, page, cells))


def _context(access: Access, page: _Page, cells: list[GenreCell]) -> dict[str, Any]:
    asked, sales = page.asked, page.sales
    groups = _grouped(access, page)
    by_title = (
        groups
        if _by(access, asked) == BY_PRODUCTION and not (asked.search or asked.genre_id)
        else _productions_of_all(access, page)
    )
    curve = monitors.season_curve(access, sales, asked.season_year, asked.as_of)
    evenings = [row.line.evening for row in sales.rows]
    recent = history.restatements(access, evenings, asked.as_of, days=RECENT_DAYS)
    lede = findings.season_lede(sales.figures[0], sales.now.occupancy, by_title, curve.lead)
    return _frame(access, page, cells) | {
        "sales": sales,
        "productions_count": len({e.dip_id for e in evenings}),
        "lede": phrases.paragraph(lede),
        "figures": words.key_figures(sales),
        "progress": sales.progress,
        "morning": _morning(access, page),
        "figure": charts.season(curve) if evenings else None,
        "kinds": words.kinds(sales.now),
        "groups": groups[: asked.rows],
        "group_count": len(groups),
        "more": min(len(groups) - asked.rows, question.ROWS),
        "next_rows": asked.rows + question.ROWS,
        "by": _by(access, asked),
        "bys": _bys(access),
        "first": min((e.performance_date for e in evenings), default=None),
        "last": max((e.performance_date for e in evenings), default=None),
        "no_figures": sum(row.status is Status.NO_FIGURES for row in sales.coming),
        "note": phrases.paragraph(findings.restatement_note(recent)),
        "log": [(r, phrases.phrase(findings.restated_day(r))) for r in recent],
    }


def _morning(access: Access, page: _Page) -> dict[str, Any] | None:
    """What changed since yesterday, on the running season as it is now; no queries."""
    asked = page.asked
    if asked.as_of.is_earlier or asked.season_year != season_year(clock.local(asked.as_of.at).date()):
        return None
    found = since_yesterday(page.sales.rows, page.sales.goals, page.sales.limits)
    return news.shown(found, access) if found.news else None


def _productions_of_all(access: Access, page: _Page) -> list[Group]:
    return monitors.groups(page.sales, lambda e: e.dip_id, lambda e: e.title, lambda e: "")


def _frame(access: Access, page: _Page, cells: list[GenreCell]) -> dict[str, Any]:
    return {
        "module": "sales",
        "asked": page.asked,
        "places": words.places(access, "sales-season"),
        "season_name": phrases.season_name(page.asked.season_year),
        "seasons": [(year, phrases.season_name(year)) for year in page.seasons],
        "genres": sorted(monitors.genre_names((get_language() or "nl")[:2]).items()),
        "market": market.market(cells),
        "published_at": warehouse.market_published_at(page.asked.season_year),
    }


def _bys(access: Access) -> list[tuple[str, str]]:
    other = (BY_HALL, _("By hall")) if access.is_taker else (BY_THEATRE, _("By theatre"))
    return [(BY_PRODUCTION, _("By production")), other]


@requires(Module.SALES, Level.VIEW)
def export(request: HttpRequest, access: Access) -> HttpResponse:
    """Sums per production and per theatre or hall, every performance, and the market by genre."""
    page = _read(request, access)
    asked = page.asked
    name = phrases.season_name(asked.season_year)
    genres = monitors.genre_names((get_language() or "nl")[:2])
    cells = [(cell.genre_id, cell) for cell in warehouse.genre_cells(access, asked.season_year)]
    tables = [columns.cells(_("Genres"), _("Genre"), genres, cells)]
    if access.is_provider or access.is_taker:
        heads = (_("Halls"), _("Hall")) if access.is_taker else (_("Theatres"), _("Theatre"))
        by_place = monitors.groups(
            page.sales,
            lambda e: str(e.hall_id if access.is_taker else e.theatre_id),
            lambda e: e.hall if access.is_taker else e.theatre,
            lambda e: e.theatre if access.is_taker else e.city,
        )
        productions = columns.groups(_("Productions"), _("Production"), _productions(access, page))
        tables = [
            productions,
            columns.groups(*heads, by_place),
            columns.performances(page.sales.rows, goals=page.sales.goals),
            *tables,
        ]
    about = sheets.scope(access, asked.as_of, _("Season {season}").format(season=name))
    return sheets.as_download(sheets.workbook(tables, about), f"sales-season-{asked.season_year}")


@requires(Module.SALES, Level.VIEW)
def curve(request: HttpRequest, access: Access) -> HttpResponse:
    """The numbers of the season's chart."""
    page = _read(request, access)
    found = monitors.season_curve(access, page.sales, page.asked.season_year, page.asked.as_of)
    return sheets.as_csv(as_csv(charts.season(found)), f"season-{page.asked.season_year}")
