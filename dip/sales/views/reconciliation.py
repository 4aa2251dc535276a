"""The theatre's own number beside the platform's: a statement per performance, reports and answers, and the list of differences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from dip.kernel import clock
from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module, Refusal
from dip.sales.actions import counts as actions
from dip.sales.forms import AnswerForm, CountForm, ReportForm, show_refusal
from dip.sales.queries import counts, history, monitors, visible
from dip.sales.rules.bridge import bridge
from dip.sales.sentences import PARTS, reason_text
from dip.sales.terms import Bridge, CountRow, Evening, OwnNumber, ReportStatus, Standing
from dip.sales.views import columns, phrases, question, sheets, words
from dip.web.words import local_stamp

#: Days of late that the speed of sales is taken from.
SPEED_DAYS = 7


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One line of the statement as the page prints it."""

    label: str
    value: int | None
    role: str
    metric: str = ""
    note: str = ""


_LABELS = {
    "platform": lambda: _("Sold, on the platform"),
    "free": lambda: _("Free tickets, counted in at the theatre"),
    "reserved": lambda: _("Reserved, counted in at the theatre"),
    "blocked": lambda: _("Blocked seats, counted in at the theatre"),
    "resale": lambda: _("Resale, counted in at the theatre"),
}


def statement(found: Bridge) -> list[StatementLine]:
    """From the platform's number to the theatre's, as lines that add up."""
    lines = []
    for line in found.lines:
        value = line.value
        if line.code == "platform":
            lines.append(StatementLine(_LABELS["platform"](), value, "", line.metric))
        elif line.code == "since":
            label = _("Sold after the moment of the theatre’s number") if (value or 0) < 0 else _("Returned after that moment")
            lines.append(StatementLine(label, abs(value or 0), "less" if (value or 0) < 0 else "plus"))
        else:
            lines.append(StatementLine(_LABELS[line.code](), value, "plus", line.metric))
    if found.rest:
        role = "plus hit" if found.rest > 0 else "less hit"
        lines.append(StatementLine(_("Unexplained"), abs(found.rest), role, "reconciliation"))
    lines.append(StatementLine(_("The theatre’s own number"), found.own.count, "total", "own_count"))
    return lines


@dataclass(frozen=True, slots=True)
class _Page:
    evening: Evening
    row: Standing
    asked: question.Question
    own: OwnNumber | None
    found: Bridge | None


def _read(request: HttpRequest, access: Access, number: int) -> _Page:
    asked = question.read(request)
    evening = visible.evening(access, number)
    if evening is None:
        raise Http404("no such performance")
    sales = monitors.sales_of(access, [evening], asked.as_of)
    own = counts.own_numbers(access, [evening], asked.as_of)
    line = sales.rows[0].line
    found = counts.bridges(access, [line], own, asked.as_of).get(number)
    if found is not None and found.rest:
        found = _with_speed(access, line, own[number], asked)
    return _Page(evening, sales.rows[0], asked, own.get(number), found)


def _with_speed(access: Access, line: Any, own: OwnNumber, asked: question.Question) -> Bridge:
    """The same statement, its reasons knowing how fast it sold of late."""
    pace = history.paces(access, [line.evening], asked.as_of)[line.evening.number]
    recent = pace.per_day[-SPEED_DAYS:]
    per_day = sum(recent) / len(recent) if recent else None
    now, then = counts.both_sides(access, line, own, asked.as_of)
    return bridge(now, then, own, per_day)


@requires(Module.SALES, Level.VIEW)
@require_http_methods(["GET", "POST"])
def performance(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    """The statement of one performance; a POST tells the theatre's number, reports a difference, answers or closes."""
    page = _read(request, access, number)
    form: Any = None
    if request.method == "POST":
        form = _act(request, access, page)
        if form is None:
            return redirect("sales-performance-reconciliation", number)
    return render(request, "sales/reconciliation.html", _context(access, page, form), status=400 if form is not None else 200)


def _act(request: HttpRequest, access: Access, page: _Page) -> Any:
    """Do what was asked; None when it is done, the form with its errors when not."""
    kind, number, at = request.POST.get("do", ""), page.evening.number, clock.now()
    if kind == "close":
        return _close(request, access, at)
    form: Any = {"count": CountForm, "report": ReportForm}.get(kind, AnswerForm)(request.POST)
    if not form.is_valid():
        return form
    given = form.cleaned_data
    try:
        if kind == "count":
            actions.tell_own_count(
                access=access, at=at, number=number, count=given["count"], true_at=given["true_at"], includes=form.parts(),
                note=given["note"],
            )  # fmt: skip
            messages.success(request, _("Your number is kept; the provider sees it too."))
        elif kind == "report":
            actions.report_difference(access=access, at=at, number=number, note=given["note"], claimed=given["claimed"])
            messages.success(request, _("The theatre has your note by mail, and answers here."))
        else:
            actions.answer_difference(access=access, at=at, report_id=_id(request), answer=given["answer"])
            messages.success(request, _("Your answer is sent."))
    except Refusal as refusal:
        show_refusal(form, refusal)
        return form
    return None


def _close(request: HttpRequest, access: Access, at: datetime) -> None:
    try:
        actions.close_difference(access=access, at=at, report_id=_id(request))
        messages.success(request, _("The report is closed."))
    except Refusal as refusal:
        messages.error(request, refusal.message)


def _id(request: HttpRequest) -> int:
    text = request.POST.get("report", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _context(access: Access, page: _Page, form: Any) -> dict[str, Any]:
    state, line = page.row.line.state, page.row.line
    found = counts.reports(access, number=page.evening.number)
    may_write = access.allows(Module.SALES, Level.MANAGE) and not page.asked.as_of.is_earlier
    resale = counts.resales(access, [page.evening.number]).get(page.evening.number)
    lag = (page.asked.as_of.at - line.confirmed_at).total_seconds() / 3600 if line.confirmed_at else None
    return {
        "module": "sales",
        "asked": page.asked,
        "evening": page.evening,
        "row": page.row,
        "state": state,
        "own": page.own,
        "own_parts": ", ".join(str(PARTS[part]) for part in PARTS if page.own and part in page.own.includes),
        "bridge": page.found,
        "lines": statement(page.found) if page.found else [],
        "reasons": [reason_text(code, values) for code, values in page.found.reasons] if page.found else [],
        "parts": _parts(state, resale),
        "lag_hours": None if lag is None else max(round(lag), 0),
        "reports": found,
        "open_report": next((one for one in found if one.status is ReportStatus.OPEN), None),
        "own_history": counts.own_history(access, page.evening, page.asked.as_of),
        "is_house": access.is_taker,
        "may_write": may_write,
        **_forms(access, form),
    }


def _parts(state: Any, resale: int | None) -> list[tuple[str, int | None]]:
    """What the platform knows beside sold: metric and number."""
    heard = state.has_tickets
    return [
        ("tickets_sold", state.sold if heard else None),
        ("free_tickets", state.free if heard else None),
        ("reservations", state.reserved),
        ("blocked", state.blocked),
        ("resale", resale),
    ]


def _forms(access: Access, form: Any) -> dict[str, Any]:
    """The forms of the reader's side; the one with errors as it was filled in."""
    now = local_stamp(clock.now())
    return {
        "count_form": form if isinstance(form, CountForm) else CountForm(initial={"true_at": now}),
        "report_form": form if isinstance(form, ReportForm) else ReportForm(),
        "answer_form": form if isinstance(form, AnswerForm) else AnswerForm(),
    }


@requires(Module.SALES, Level.VIEW)
@require_GET
def differences(request: HttpRequest, access: Access) -> HttpResponse:
    """Every performance of which the numbers differ or the figures are late, worst first."""
    if not (access.is_provider or access.is_taker):
        raise Http404("this role has no performances")
    asked = question.read(request)
    found = counts.differences(access, asked.as_of, asked.season_year)
    context = {
        "module": "sales",
        "asked": asked,
        "places": words.places(access, "sales-reconciliation"),
        "season_name": phrases.season_name(asked.season_year),
        "rows": found[: asked.rows],
        "count": len(found),
        "lede": _lede(found),
        "more": min(len(found) - asked.rows, question.ROWS),
        "next_rows": asked.rows + question.ROWS,
        "is_house": access.is_taker,
    }
    return render(request, "sales/differences.html", context)


def _lede(found: Sequence[CountRow]) -> SafeString:
    """How many performances want a look, and why: only what there is."""
    differing = sum(row.rest != 0 for row in found)
    silent, reported = sum(row.is_silent for row in found), sum(row.open_reports > 0 for row in found)
    texts = [
        (
            differing,
            ngettext("{n} has a difference that nothing explains.", "{n} have a difference that nothing explains.", differing),
        ),
        (
            reported,
            ngettext(
                "Of {n} a difference is reported and not answered.", "Of {n} a difference is reported and not answered.", reported
            ),
        ),
        (silent, ngettext("Of {n} the figures are late.", "Of {n} the figures are late.", silent)),
    ]
    told = [format_html(text, n=phrases.strong(phrases.performances(count))) for count, text in texts if count]
    return (
        format_html_join(" ", "{}", ((one,) for one in told))
        if told
        else format_html("{}", _("No differences, and no figures that are late."))
    )


@requires(Module.SALES, Level.VIEW)
@require_GET
def export(request: HttpRequest, access: Access) -> HttpResponse:
    """The list of differences."""
    if not (access.is_provider or access.is_taker):
        raise Http404("this role has no performances")
    asked = question.read(request)
    found = counts.differences(access, asked.as_of, asked.season_year)
    subject = _("Season {season}").format(season=phrases.season_name(asked.season_year))
    book = sheets.workbook([columns.differences(found)], sheets.scope(access, asked.as_of, subject))
    return sheets.as_download(book, f"reconciliation-{asked.season_year}")
