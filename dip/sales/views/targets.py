"""Targets of a production, or of everything that is to come: a table to fill in, numbers to begin with, and the history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from dip.kernel import clock
from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module, Refusal
from dip.sales.actions.targets import set_targets
from dip.sales.queries import goals, monitors, visible
from dip.sales.rules import targets as rules
from dip.sales.rules.pasting import read_paste
from dip.sales.sentences import ORIGINS, finding_text
from dip.sales.terms import Evening, Goal, GoalFinding, Origin, Sales, Standing, Tour, Which
from dip.sales.views import columns, phrases, question, sheets, target_rows, words
from dip.web import formats

#: Rows of one page, and of one proposal: two fields each stay well under what a form may hold.
PAGE_ROWS, PROPOSAL_ROWS = 100, 400
HISTORY_ROWS = 60


@dataclass(slots=True)
class _Page:
    """What is asked, whose, and what the answer shows."""

    asked: question.Question
    sales: Sales
    tour: Tour | None
    lines: list[target_rows.TargetLine] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    origin: Origin = Origin.TYPED
    paste: str = ""
    paged: Page | None = None

    @property
    def evenings(self) -> list[Evening]:
        """The performances that the page is about."""
        return [row.line.evening for row in self.sales.rows]


def _read(request: HttpRequest, access: Access, dip_id: str | None) -> _Page:
    if not (access.is_provider or access.is_taker):
        raise Http404("this role has no performances")
    asked = question.read(request)
    if dip_id is None:
        sales = monitors.sales_of(access, visible.evenings_of_season(access, asked.season_year), asked.as_of)
        return _Page(asked, sales, None)
    tour = visible.tour(access, dip_id)
    if tour is None:
        raise Http404("no such production")
    return _Page(asked, monitors.sales_of(access, visible.evenings_of_tour(access, tour.production_id), asked.as_of), tour)


@requires(Module.SALES, Level.VIEW)
@require_http_methods(["GET", "POST"])
def targets(request: HttpRequest, access: Access, dip_id: str | None = None) -> HttpResponse:
    """The table; a POST saves it, or fills it with a proposal that is not saved yet."""
    page = _read(request, access, dip_id)
    if request.method == "POST":
        if not access.allows(Module.SALES, Level.MANAGE):
            raise PermissionDenied("needs the right to manage sales")
        if request.POST.get("do") != "save":
            _propose(request, access, page)
        elif (answer := _save(request, access, page)) is not None:
            return answer
    if not page.lines and not page.findings:
        _list(request, page)
    return render(request, "sales/targets.html", _context(access, page), status=200)


def _list(request: HttpRequest, page: _Page) -> None:
    """The part of the list that is asked for, in pages."""
    rows = page.sales.rows if page.tour else page.sales.part(_which(page))
    number = request.GET.get("page", "")
    page.paged = Paginator(rows, PAGE_ROWS).get_page(
        int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1
    )
    page.lines = target_rows.shown(list(page.paged), page.sales.goals)


def _which(page: _Page) -> Which:
    return page.asked.which or (Which.COMING if page.sales.coming or page.tour else Which.PLAYED)


def _context(access: Access, page: _Page) -> dict[str, Any]:
    names = {Which.COMING: _("To come"), Which.PLAYED: _("Played"), Which.ALL: _("All")}
    changes = goals.goal_changes(access, page.evenings, page.asked.as_of, HISTORY_ROWS)
    is_proposal = any(line.is_proposed for line in page.lines)
    return {
        "module": "sales",
        "asked": page.asked,
        "tour": page.tour,
        "sales": page.sales,
        "progress": page.sales.progress,
        "season_name": phrases.season_name(page.tour.season_year if page.tour else page.asked.season_year),
        "places": words.places(access, "sales-targets"),
        "lines": page.lines,
        "findings": page.findings,
        "origin": page.origin.value,
        "is_proposal": is_proposal,
        "paste": page.paste,
        "paged": page.paged,
        "seen": clock.now().isoformat(),
        "may_set": access.allows(Module.SALES, Level.MANAGE) and not page.asked.as_of.is_earlier,
        "which": _which(page).value,
        "parts": [(which.value, name, len(page.sales.part(which))) for which, name in names.items()],
        "changes": [(change, ORIGINS[change.origin]) for change in changes],
        "is_house": access.is_taker,
    }


# --- saving -----------------------------------------------------------------------------------------------------------------------


def _save(request: HttpRequest, access: Access, page: _Page) -> HttpResponse | None:
    """Save what can be; what cannot stays in the form and says why."""
    entries, lines, all_read = target_rows.read_back(request.POST, page.sales.rows, page.sales.goals)
    page.origin = _origin(request.POST.get("origin", ""))
    changed, findings = 0, []
    try:
        if entries:
            changed, findings = set_targets(
                access=access, at=clock.now(), entries=entries, origin=page.origin, seen_at=_moment(request.POST.get("seen", ""))
            )
    except Refusal as refusal:
        page.findings, page.lines = [refusal.message], lines
        return None
    if changed:
        text = ngettext("{n} target saved.", "{n} targets saved.", changed).format(n=formats.tickets(changed))
        messages.success(request, text)
    if all_read and not findings:
        if not changed:
            messages.info(request, _("Nothing changed."))
        return redirect(request.get_full_path())
    by_number = {finding.number: finding_text(finding) for finding in findings}
    for line in lines:
        line.error = line.error or by_number.get(line.evening.number, "")
    page.lines = [line for line in lines if line.error]
    page.findings = [
        _("These rows were not saved; the others were.") if changed else _("Nothing was saved: these rows need another look.")
    ]
    return None


def _origin(text: str) -> Origin:
    return Origin(text) if text in set(Origin) else Origin.TYPED


def _moment(text: str) -> datetime | None:
    """The moment at which the page was made; None when it was tampered with, which then counts as "long ago"."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


# --- proposals --------------------------------------------------------------------------------------------------------------------


def _propose(request: HttpRequest, access: Access, page: _Page) -> None:
    """Fill the table with numbers to begin with; nothing is saved."""
    kind = request.POST.get("do", "")
    rows = _open_rows(page, with_set=request.POST.get("all") == "on")
    if kind == "paste":
        _from_paste(request, page)
    elif kind == "capacity":
        _from_capacity(request, page, rows)
    else:
        _from_before(request, access, page, rows)


def _from_capacity(request: HttpRequest, page: _Page, rows: Sequence[Standing]) -> None:
    percent = _decimal(request.POST.get("percent", ""), Decimal(1), Decimal(100))
    if percent is None:
        page.findings = [_("“Percentage of the seats” must be a number from 1 to 100.")]
        return
    found = {row.line.evening.number: rules.of_capacity(row.line.state.for_sale, percent) for row in rows}
    page.origin = Origin.CAPACITY
    text = _("{percent} % of the seats").format(percent=formats.number(percent, 0 if percent == int(percent) else 1))
    _fill(page, found, dict.fromkeys(found, text))


def _open_rows(page: _Page, *, with_set: bool) -> list[Standing]:
    """What a proposal is for: performances to come, those without a target unless all are asked for."""
    return [row for row in page.sales.coming if with_set or row.line.evening.number not in page.sales.goals]


def _from_before(request: HttpRequest, access: Access, page: _Page, rows: Sequence[Standing]) -> None:
    factor = _decimal(request.POST.get("factor", ""), Decimal("0.1"), Decimal(10))
    if factor is None:
        page.findings = [_("“Times” must be a number from 0.1 to 10.")]
        return
    today = clock.local(clock.now()).date()
    earlier = goals.earlier_results(access, [row.line.evening for row in rows], today)
    found: dict[int, int | None] = {}
    basis: dict[int, str] = {}
    for row in rows:
        example = rules.example(row.line.evening, earlier)
        if example is not None:
            other, sold = example
            found[row.line.evening.number] = rules.of_before(sold, factor)
            basis[row.line.evening.number] = _("{tickets} for {title}, {place}, {day}").format(
                tickets=formats.tickets(sold), title=other.title, place=other.hall if access.is_taker else other.city,
                day=formats.plain_day(other.performance_date),
            )  # fmt: skip
    page.origin = Origin.BEFORE
    _fill(page, found, basis)
    if missing := len(rows) - len(found):
        page.findings.append(finding_text(GoalFinding(0, "no_example", formats.tickets(missing))))


def _from_paste(request: HttpRequest, page: _Page) -> None:
    page.paste = request.POST.get("text", "")[:200_000]
    if not page.paste.strip():
        page.findings = [_("Paste the lines of your spreadsheet first.")]
        return
    listed = page.sales.rows if page.tour else page.sales.part(_which(page))
    seats = {row.line.evening.number: row.line.state.for_sale for row in page.sales.rows if row.line.state.for_sale}
    entries, findings = read_paste(page.paste, [row.line.evening for row in listed], seats)
    page.origin = Origin.PASTED
    page.findings = [finding_text(finding) for finding in findings]
    goals_found = {entry.number: entry.goal for entry in entries if entry.goal is not None}
    _show(page, goals_found, dict.fromkeys(goals_found, _("pasted")))


def _fill(page: _Page, found: Mapping[int, int | None], basis: Mapping[int, str]) -> None:
    _show(page, {number: Goal(tickets) for number, tickets in found.items() if tickets}, basis)


def _show(page: _Page, found: Mapping[int, Goal], basis: Mapping[int, str]) -> None:
    rows = [row for row in page.sales.rows if row.line.evening.number in found]
    page.lines = target_rows.proposed(rows[:PROPOSAL_ROWS], page.sales.goals, found, basis)
    if len(rows) > PROPOSAL_ROWS:
        page.findings.append(finding_text(GoalFinding(0, "left_out", formats.tickets(len(rows) - PROPOSAL_ROWS))))
    if not rows and not page.findings:
        page.findings.append(
            _("Every performance to come has a target already. Tick “also where a target is set” to propose anew.")
        )


def _decimal(text: str, least: Decimal, most: Decimal) -> Decimal | None:
    try:
        value = Decimal(text.strip().replace(",", ".")[:10])
    except InvalidOperation:
        return None
    return value if value.is_finite() and least <= value <= most else None


@requires(Module.SALES, Level.VIEW)
@require_GET
def export(request: HttpRequest, access: Access, dip_id: str | None = None) -> HttpResponse:
    """The targets with what is sold, and every change of them."""
    page = _read(request, access, dip_id)
    changes = goals.goal_changes(access, page.evenings, page.asked.as_of)
    tables = [columns.targets(page.sales), columns.target_changes(changes)]
    season = phrases.season_name(page.asked.season_year)
    subject = f"{page.tour.title} ({page.tour.dip_id})" if page.tour else _("Season {season}").format(season=season)
    name = f"targets-{page.tour.dip_id}" if page.tour else f"targets-{page.asked.season_year}"
    return sheets.as_download(sheets.workbook(tables, sheets.scope(access, page.asked.as_of, subject)), name)
