"""A theatre's own view: what plays this week, and every performance beside the same production elsewhere."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dip.kernel.clock import AMSTERDAM
from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module
from dip.sales.queries import history, monitors, standings, visible
from dip.sales.rules import findings
from dip.sales.terms import AsOf, Sales, Standing, Which
from dip.sales.views import columns, market, phrases, question, rows, sheets, words
from dip.warehouse import queries as warehouse


def _sales(access: Access, asked: question.Question) -> Sales:
    return monitors.sales_of(access, visible.evenings_of_season(access, asked.season_year), asked.as_of)


def this_week(sales: Sales, as_of: AsOf) -> list[Standing]:
    """Performances from today up to and with Sunday."""
    today = as_of.at.astimezone(AMSTERDAM).date()
    sunday = today + timedelta(days=6 - today.weekday())
    return [row for row in sales.rows if today <= row.line.evening.performance_date <= sunday]


@requires(Module.SALES, Level.VIEW)
def theatre(request: HttpRequest, access: Access) -> HttpResponse:
    """All performances in a theatre's halls; a provider is sent to its season."""
    if not access.is_taker:
        return redirect("sales-season")
    asked = question.read(request)
    whole = _sales(access, asked)
    halls = sorted({(e.hall_id, e.hall) for e in (row.line.evening for row in whole.rows)}, key=lambda pair: pair[1])
    hall = next((key for key, _name in halls if str(key) == request.GET.get("hall")), None)
    sales = monitors.narrowed(whole, lambda e: e.hall_id == hall) if hall else whole
    which = asked.which or (Which.COMING if sales.coming else Which.PLAYED)
    return render(request, "sales/theatre.html", _context(access, asked, sales, which) | {
        "hall": hall or "",
        "halls": [("", _("All halls")), *halls],
        "groups": monitors.groups(whole, lambda e: str(e.hall_id), lambda e: e.hall, lambda e: e.theatre),
    })  # fmt: skip


def _context(access: Access, asked: question.Question, sales: Sales, which: Which) -> dict[str, Any]:
    as_of = asked.as_of
    week = this_week(sales, as_of)
    listed = sales.part(which)
    shown = listed[: asked.rows]
    paces = history.paces(access, [row.line.evening for row in shown], as_of)
    fills = standings.colleagues(access, [row.line for row in shown], as_of)
    names = {Which.COMING: _("To come"), Which.PLAYED: _("Played"), Which.ALL: _("All")}
    heard = [row for row in listed if row.line.state.has_tickets]
    return {
        "module": "sales",
        "asked": asked,
        "places": words.places(access, "sales-theatre"),
        "names": visible.theatre_names(access),
        "season_name": phrases.season_name(asked.season_year),
        "sales": sales,
        "lede": phrases.paragraph(findings.house_lede(sales.rows, week, sales.figures[0], sales.now.occupancy)),
        "figures": words.key_figures(sales),
        "progress": sales.progress,
        "goals": sales.goals,
        "which": which.value,
        "parts": [(w.value, name, len(sales.part(w))) for w, name in names.items()],
        "rows": rows.against_colleagues(shown, paces, as_of.at, fills),
        "totals": {
            "performances": len(listed),
            "sold": sum(row.line.state.sold for row in heard),
            "for_sale": sum(row.line.state.for_sale for row in heard),
        },
        "more": min(len(listed) - len(shown), question.ROWS),
        "next_rows": asked.rows + question.ROWS,
        "market": market.market(warehouse.genre_cells(access, asked.season_year)),
        "is_house": True,
    }


@requires(Module.SALES, Level.VIEW)
def export(request: HttpRequest, access: Access) -> HttpResponse:
    """Every performance in the theatre's halls, and the sums per hall."""
    if not access.is_taker:
        return redirect("sales-season-export")
    asked = question.read(request)
    sales = _sales(access, asked)
    fills = standings.colleagues(access, [row.line for row in sales.rows], asked.as_of)
    halls = monitors.groups(sales, lambda e: str(e.hall_id), lambda e: e.hall, lambda e: e.theatre)
    tables = [columns.performances(sales.rows, fills, sales.goals), columns.groups(_("Halls"), _("Hall"), halls)]
    subject = _("{theatre}, season {season}").format(
        theatre=", ".join(visible.theatre_names(access)), season=phrases.season_name(asked.season_year)
    )
    return sheets.as_download(sheets.workbook(tables, sheets.scope(access, asked.as_of, subject)), f"theatre-{asked.season_year}")
