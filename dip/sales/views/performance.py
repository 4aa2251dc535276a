"""One performance: curve, kinds, ranks, the reconciliation with the theatre's own count, and everything that came in."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from dip.kernel.clock import local
from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module
from dip.sales.queries import counts, history, monitors, standings, visible
from dip.sales.rules import findings
from dip.sales.terms import Cadence, Evening, MeasureFact, Pace, Sales, Standing
from dip.sales.views import charts, columns, phrases, question, sheets, words
from dip.ticketing.source_words import source_name
from dip.ticketing.terms import Measure
from dip.warehouse.terms import NotShown
from dip.web.charts.figure import Figure, as_csv


@dataclass(frozen=True, slots=True)
class _Page:
    evening: Evening
    sales: Sales
    asked: question.Question

    @property
    def row(self) -> Standing:
        """The one performance."""
        return self.sales.rows[0]


def _read(request: HttpRequest, access: Access, number: int) -> _Page:
    asked = question.read(request)
    evening = visible.evening(access, number)
    if evening is None:
        raise Http404("no such performance")
    return _Page(evening, monitors.sales_of(access, [evening], asked.as_of), asked)


def _figure(access: Access, page: _Page) -> Figure:
    days = history.day_states(access, page.evening, page.asked.as_of)
    goal = page.sales.goals.get(page.evening.number)
    band = page.sales.bands.get(page.evening.number)
    return charts.performance_curve(page.row, days, band, page.asked.as_of, goal.tickets if goal else None)


@requires(Module.SALES, Level.VIEW)
def performance(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    """How one performance sells, and why its number can be trusted."""
    page = _read(request, access, number)
    asked, row, as_of = page.asked, page.row, page.asked.as_of
    facts = history.facts(access, page.evening, as_of)
    pace = history.paces(access, [page.evening], as_of)[number]
    came_in = history.positions(access, page.evening, as_of, asked.rows + 1)
    changed = history.restatements(access, [page.evening], as_of)
    context = {
        "module": "sales",
        "asked": asked,
        "evening": page.evening,
        "starts": local(page.evening.starts_at),
        "row": row,
        "state": row.line.state,
        "season_name": phrases.season_name(asked.season_year),
        "lede": phrases.paragraph(findings.performance_lede(row, as_of.at)),
        "figures": words.key_figures(page.sales),
        "progress": page.sales.progress,
        "figure": _figure(access, page),
        "kinds": words.kinds(page.sales.now),
        "ranks": list(enumerate(_ranks(access, number, facts), 1)),
        "reconciliation": _reconciliation(row, facts, pace),
        "own": counts.own_numbers(access, [page.evening], as_of).get(number),
        "colleagues": _colleagues(access, page),
        "positions": [(p, words.measure_name(p.measure)) for p in came_in[: asked.rows]],
        "more": question.ROWS if len(came_in) > asked.rows else 0,
        "next_rows": asked.rows + question.ROWS,
        "log": [(r, phrases.phrase(findings.restated_day(r))) for r in changed],
        "pace": pace,
    }
    return render(request, "sales/performance.html", context)


def _ranks(access: Access, number: int, facts: dict[int, MeasureFact]) -> tuple[int, ...]:
    """As the theatre's system stated them; as agreed while it has not."""
    stated = facts.get(Measure.CAPACITY)
    return stated.ranks if stated and stated.ranks else visible.agreed_ranks(access, number)


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What adds up to the seats of the hall, when that was true, and who said it."""

    lines: tuple[tuple[str, int | None, str], ...]
    facts: tuple[tuple[str, MeasureFact | None], ...]
    source: str
    cadence: str
    confirmed_at: Any
    lag_minutes: int | None
    gap: int


def _reconciliation(row: Standing, facts: dict[int, MeasureFact], pace: Pace) -> Reconciliation:
    state, line = row.line.state, row.line
    tickets = facts.get(Measure.TICKETS)
    taken = state.sold + state.free + (state.reserved or 0)
    lag = round((tickets.known_at - tickets.true_at).total_seconds() / 60) if tickets else None
    return Reconciliation(
        lines=(
            (_("Capacity"), state.capacity, ""),
            (_("Blocked"), state.blocked, "less"),
            (_("For sale"), state.for_sale, "sum"),
            (_("Sold"), state.sold if state.has_tickets else None, "less"),
            (_("Free tickets"), state.free if state.has_tickets else None, "less"),
            (_("Reserved"), state.reserved, "less"),
            (_("Still to be had"), state.unsold, "sum"),
        ),
        facts=tuple((words.measure_name(measure), facts.get(measure)) for measure in Measure),
        source=source_name(line.source),
        cadence="" if pace.cadence is Cadence.UNKNOWN else words.cadence_name(pace.cadence),
        confirmed_at=line.confirmed_at,
        lag_minutes=lag,
        gap=max(taken - state.for_sale, 0) if state.has_tickets else 0,
    )


def _colleagues(access: Access, page: _Page) -> dict[str, Any] | None:
    """For a theatre: the mean fill of the same production elsewhere, with the number that makes here."""
    found = standings.colleagues(access, [page.row.line], page.asked.as_of)
    if not found:
        return None
    fill = found[page.evening.number]
    if isinstance(fill, NotShown):
        return {"is_hidden": True}
    return {"is_hidden": False, "fill": fill, "tickets": round(fill * page.row.line.state.for_sale)}


@requires(Module.SALES, Level.VIEW)
def export(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    """The performance with all its figures, everything that came in, and the restatement log."""
    page = _read(request, access, number)
    as_of = page.asked.as_of
    fills = standings.colleagues(access, [page.row.line], as_of) if access.is_taker else None
    tables = [
        columns.performances([page.row], fills, page.sales.goals),
        columns.positions(history.positions(access, page.evening, as_of)),
        columns.restatements(history.restatements(access, [page.evening], as_of)),
    ]
    subject = f"{page.evening.title}, {page.evening.theatre}, {page.evening.dip_id}|{number}"
    return sheets.as_download(sheets.workbook(tables, sheets.scope(access, as_of, subject)), f"sales-{number}")


@requires(Module.SALES, Level.VIEW)
def curve(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    """The numbers of the sales curve."""
    return sheets.as_csv(as_csv(_figure(access, _read(request, access, number))), f"curve-{number}")
