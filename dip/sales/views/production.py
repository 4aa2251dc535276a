"""A production on tour: the page as a whole, its spreadsheet, its curve as numbers."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module
from dip.sales.queries import history, monitors, standings, visible
from dip.sales.rules import findings
from dip.sales.terms import CurveScope, Pace, Sales, Standing, Status, Tour, Which
from dip.sales.views import charts, columns, phrases, question, rows, sheets, tour_charts, towns, words
from dip.warehouse.terms import ProductionComparison
from dip.web.charts.figure import Figure, as_csv

#: Restatements of so many days stand in the note under the figures.
RECENT_DAYS = 14
#: The main chart shows a performance of the next so many days, when one of them stands out.
NEAR_DAYS = 60


@dataclass(frozen=True, slots=True)
class _Page:
    tour: Tour
    sales: Sales
    asked: question.Question


def _read(request: HttpRequest, access: Access, dip_id: str) -> _Page:
    asked = question.read(request)
    tour = visible.tour(access, dip_id)
    if tour is None:
        raise Http404("no such production")
    return _Page(tour, monitors.tour_sales(access, tour, asked.as_of), asked)


@requires(Module.SALES, Level.VIEW)
def production(request: HttpRequest, access: Access, dip_id: str) -> HttpResponse:
    """How a tour sells, against comparable productions and performances."""
    page = _read(request, access, dip_id)
    sales, asked, as_of = page.sales, page.asked, page.asked.as_of
    selected = _selected(sales, asked.number)
    which = asked.which or (Which.COMING if sales.coming else Which.PLAYED)
    listed = sales.part(which)
    shown = listed[: asked.rows]
    paces = history.paces(access, [row.line.evening for row in shown], as_of)
    changed = history.restatements(access, [row.line.evening for row in sales.rows], as_of)
    lede = findings.tour_lede(sales.rows, sales.figures[0], sales.now.occupancy, as_of.at, house=access.is_taker)
    context = {
        "module": "sales",
        "tour": page.tour,
        "asked": asked,
        "sales": sales,
        "season_name": phrases.season_name(page.tour.season_year),
        "towns_count": len(monitors.cities(sales.rows)),
        "first": sales.rows[0].line.evening if sales.rows else None,
        "last": sales.rows[-1].line.evening if sales.rows else None,
        "lede": phrases.paragraph(lede),
        "figures": words.key_figures(sales),
        "progress": sales.progress,
        "goals": sales.goals,
        "comparable": sales.comparison,
        "comparable_rule": _rule(page),
        "figure": _figure(access, page, selected),
        "selected": selected,
        "scopes": _scopes(),
        "map": towns.town_map(sales.rows),
        "which": which.value,
        "parts": _parts(sales),
        "listed": listed,
        "totals": _list_totals(listed),
        "rows": _rows(access, shown, paces, page, selected),
        "more": min(len(listed) - len(shown), question.ROWS),
        "next_rows": asked.rows + question.ROWS,
        "note": phrases.paragraph(findings.restatement_note(_recent(changed, as_of))),
        "log": [(r, phrases.phrase(findings.restated_day(r))) for r in changed],
        "is_house": access.is_taker,
    }
    return render(request, "sales/production.html", context)


def _recent(changed: list[Any], as_of: Any) -> list[Any]:
    return [r for r in changed if r.known_at > as_of.at - timedelta(days=RECENT_DAYS)]


def _rows(access: Access, shown: Any, paces: dict[int, Pace], page: _Page, selected: Standing | None) -> list[rows.Row]:
    number = selected.line.evening.number if selected else None
    if access.is_taker:
        fills = standings.colleagues(access, [row.line for row in shown], page.asked.as_of)
        return rows.against_colleagues(shown, paces, page.asked.as_of.at, fills, number)
    return rows.against_median(shown, paces, page.asked.as_of.at, number)


def _selected(sales: Sales, number: int | None) -> Standing | None:
    """The performance of the main chart: the one asked for, else the one soon to come that is furthest from its median."""
    by_number = {row.line.evening.number: row for row in sales.rows}
    if number is not None:
        if number not in by_number:
            raise Http404("no such performance in this production")
        return by_number[number]
    remarkable = [row for row in sales.coming if row.median is not None and row.status in (Status.AHEAD, Status.BEHIND)]
    near = [row for row in remarkable if row.days <= NEAR_DAYS]
    if remarkable:
        return max(near or remarkable, key=lambda row: abs(row.line.state.sold - (row.median or 0)))
    heard = [row for row in (*sales.coming, *sales.played) if row.line.state.has_tickets]
    return heard[0] if heard else sales.rows[0] if sales.rows else None


def _figure(access: Access, page: _Page, selected: Standing | None) -> Figure | None:
    sales, as_of = page.sales, page.asked.as_of
    evenings = [row.line.evening for row in sales.rows]
    if selected is None:
        return None
    if page.asked.scope is CurveScope.BY_DATE:
        return tour_charts.by_date(sales, history.new_per_date(access, evenings, as_of), as_of)
    if page.asked.scope is CurveScope.BY_DISTANCE:
        return tour_charts.by_distance(sales, history.new_per_distance(access, evenings, as_of), page.tour.genre)
    days = history.day_states(access, selected.line.evening, as_of)
    number = selected.line.evening.number
    goal = sales.goals.get(number)
    return charts.performance_curve(selected, days, sales.bands.get(number), as_of, goal.tickets if goal else None)


def _rule(page: _Page) -> str:
    found = page.sales.comparison
    if not isinstance(found, ProductionComparison):
        return ""
    seasons = ", ".join(phrases.season_name(year) for year in found.seasons)
    return _("{genre}, season {seasons}, same distance to the performance").format(genre=page.tour.genre, seasons=seasons)


def _scopes() -> list[tuple[str, str]]:
    return [
        (CurveScope.PERFORMANCE.value, _("Performance")),
        (CurveScope.BY_DATE.value, _("Tour, by date")),
        (CurveScope.BY_DISTANCE.value, _("Tour, by days before")),
    ]


def _parts(sales: Sales) -> list[tuple[str, str, int]]:
    names = {Which.COMING: _("To come"), Which.PLAYED: _("Played"), Which.ALL: _("All")}
    return [(which.value, name, len(sales.part(which))) for which, name in names.items()]


def _list_totals(listed: Any) -> dict[str, int]:
    heard = [row for row in listed if row.line.state.has_tickets]
    return {
        "performances": len(listed),
        "sold": sum(row.line.state.sold for row in heard),
        "for_sale": sum(row.line.state.for_sale for row in heard),
    }


@requires(Module.SALES, Level.VIEW)
def export(request: HttpRequest, access: Access, dip_id: str) -> HttpResponse:
    """All performances of the production with their figures, and the restatement log."""
    page = _read(request, access, dip_id)
    as_of, sales = page.asked.as_of, page.sales
    fills = standings.colleagues(access, [row.line for row in sales.rows], as_of) if access.is_taker else None
    log = history.restatements(access, [row.line.evening for row in sales.rows], as_of)
    tables = [columns.performances(sales.rows, fills, sales.goals), columns.restatements(log)]
    about = sheets.scope(access, as_of, f"{page.tour.title} ({page.tour.dip_id})")
    return sheets.as_download(sheets.workbook(tables, about), f"sales-{page.tour.dip_id}")


@requires(Module.SALES, Level.VIEW)
def curve(request: HttpRequest, access: Access, dip_id: str) -> HttpResponse:
    """The numbers of the main chart."""
    page = _read(request, access, dip_id)
    figure = _figure(access, page, _selected(page.sales, page.asked.number))
    if figure is None:
        raise Http404("no performances yet")
    return sheets.as_csv(as_csv(figure), f"curve-{page.tour.dip_id}")
