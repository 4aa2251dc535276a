"""The archive: the weeks of an organisation, each with its mail and its workbook."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, override

from dip.kernel import clock
from dip.registry.guard import member, requires
from dip.registry.terms import Access, Level, Module
from dip.reports.models import Edition
from dip.reports.queries import archive, readers
from dip.reports.rules.weeks import days_of, known_at, monday_of, week_number
from dip.reports.terms import ArchiveWeek, side_of
from dip.reports.wording import message, page_url
from dip.reports.workbook.book import XLSX_TYPE
from dip.reports.workbook.making import file_name, workbook
from dip.reports.workbook.tables import week_name

ROWS = 12
LANGUAGES = [("nl", "Nederlands"), ("en", "English"), ("fr", "Français")]


@member
def index(request: HttpRequest, access: Access) -> HttpResponse:
    """Weeks, the reader's own choice, and for super-users who gets the mail."""
    now = clock.now()
    monday = monday_of(now)
    side = side_of(access)
    sees = side is not None and access.allows(Module.SALES)
    shown = _rows(request)
    weeks, count = archive.weeks_of(access, now, limit=shown) if sees else ([], 0)
    chosen = readers.preference(access)
    context = {
        "module": "reports",
        "side": side,
        "sees": sees,
        "weeks": [_week(one) for one in weeks],
        "count": count,
        "more": min(count - len(weeks), ROWS),
        "next_rows": shown + ROWS,
        "chosen": chosen,
        "languages": LANGUAGES,
        "readers": readers.readers(access, monday) if access.is_super_user and side else None,
        "week": week_name(monday),
        "known": known_at(monday),
        "language": _language(request, chosen.language if chosen else ""),
    }
    return render(request, "reports/index.html", context)


def _rows(request: HttpRequest) -> int:
    text = request.GET.get("rows", "")
    return min(max(int(text), 1), 500) if text.isascii() and text.isdigit() and len(text) < 5 else ROWS


def _week(one: ArchiveWeek) -> dict[str, Any]:
    first, last = days_of(one.monday)
    return {"row": one, "number": week_number(one.monday), "first": first, "last": last, "day": one.monday.isoformat()}


def _language(request: HttpRequest, chosen: str = "") -> str:
    asked = request.GET.get("language", "")
    known = dict(LANGUAGES)
    return asked if asked in known else chosen if chosen in known else (get_language() or "nl")[:2]


def _edition(access: Access, monday: str) -> Edition:
    try:
        day = date.fromisoformat(monday)
    except ValueError as error:
        raise Http404("no such week") from error
    found = archive.edition_of(access, day)
    if found is None:
        raise Http404("no such week")
    return found


@requires(Module.SALES, Level.VIEW)
def week(request: HttpRequest, access: Access, monday: str) -> HttpResponse:
    """The mail of one week as its reader gets it, in the language of the page."""
    now = clock.now()
    edition = _edition(access, monday)
    report = archive.rebuilt(access, edition, now)
    may_answer = access.allows(Module.PROGRAMME, Level.MANAGE)
    told = message(report, with_requests=may_answer and edition.monday == monday_of(now))
    first, last = days_of(edition.monday)
    context = {
        "module": "reports",
        "edition": edition,
        "report": report,
        "message": told,
        "number": week_number(edition.monday),
        "first": first,
        "last": last,
        "day": edition.monday.isoformat(),
        "languages": LANGUAGES,
        "language": _language(request),
        "page_url": page_url(report),
        "told": edition.sums.get("in_week"),
    }
    return render(request, "reports/week.html", context)


@requires(Module.SALES, Level.VIEW)
def workbook_file(request: HttpRequest, access: Access, monday: str) -> HttpResponse:
    """The workbook of a week: as it was sent, or made again from what was known then."""
    edition = _edition(access, monday)
    language = _language(request)
    kept = archive.kept_workbook(access, edition.monday, language)
    if kept is None:
        report = archive.rebuilt(access, edition, clock.now())
        with override(language):
            kept = file_name(report), workbook(report)
    response = HttpResponse(kept[1], content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{kept[0]}"'
    response["Cache-Control"] = "private, no-store"
    return response
