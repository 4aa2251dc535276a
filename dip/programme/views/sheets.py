"""Lists of the programme as spreadsheets."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.utils.translation import gettext as _

from dip.kernel.periods import season_name
from dip.programme.queries import ProductionLine, ProductionPage, RequestRow
from dip.programme.queries.pages import PerformanceLine
from dip.programme.queries.venues import VenueLine
from dip.programme.rules.venues import SHEET_FIELDS
from dip.programme.templatetags.programme import start
from dip.programme.words import FEATURES, KINDS, LACKS, REQUEST_STATUSES, STATUSES, VENUE_FIELDS, VENUE_KINDS, word

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def production_sheet(lines: Iterable[ProductionLine]) -> HttpResponse:
    """Productions with their tours."""
    heads = [
        _("DIP-id"), _("Title"), _("Season"), _("Genre"), _("Producer"), _("Agency"), _("New or revival"), _("Performances"),
        _("Theatres"), _("First"), _("Last"), _("Concepts"), _("Awaiting the theatre"), _("Corrections to decide"),
    ]  # fmt: skip
    rows = [
        [
            p.dip_id, p.title, season_name(p.season_year), p.genre_code, p.producer_name, p.agency_name,
            _("revival") if p.is_revival else _("new"), t.performance_count, t.theatre_count, t.first_date, t.last_date,
            t.concept_count, t.awaiting_count, t.proposed_count,
        ]
        for p, t in ((line.production, line.tour) for line in lines)
    ]  # fmt: skip
    return _workbook(_("Productions"), "dip-productions", heads, rows)


def performance_sheet(page: ProductionPage) -> HttpResponse:
    """The performances of a production."""
    heads = [
        _("DIP-id"), _("Date"), _("Time"), _("Theatre"), _("City"), _("Hall"), _("Type"), _("Status"), _("Seats"),
        _("Private"), _("Festival"), _("Other location"), _("Fund feature"), _("Connection request"),
    ]  # fmt: skip
    rows = [_performance(line) for line in page.performances]
    return _workbook(_("Performances"), f"dip-{page.production.dip_id}", heads, rows)


def _performance(line: PerformanceLine) -> list[Any]:
    p = line.performance
    yes = _("yes")
    return [
        p.dip_id, p.performance_date, f"{start(p):%H:%M}", p.theatre_name, p.city, p.hall_name, word(KINDS, p.kind),
        word(STATUSES, p.status), p.capacity, yes if p.is_private else "", yes if p.in_festival else "",
        yes if p.is_other_location else "", word(FEATURES, p.fund_feature),
        word(REQUEST_STATUSES, line.request_status) if line.request_status else "",
    ]  # fmt: skip


def request_sheet(rows: Iterable[RequestRow]) -> HttpResponse:
    """Connection requests."""
    heads = [_("DIP-id"), _("Title"), _("Date"), _("Time"), _("Theatre"), _("City"), _("Hall"), _("Status"), _("Asked"), _("Answered"), _("By")]  # fmt: skip
    table = [
        [
            p.dip_id, p.title, p.performance_date, f"{start(p):%H:%M}", p.theatre_name, p.city, p.hall_name,
            word(REQUEST_STATUSES, row.status), row.sent_at.date(), row.answered_at.date() if row.answered_at else None, row.answered_by,
        ]
        for p, row in ((row.performance, row) for row in rows)
    ]  # fmt: skip
    return _workbook(_("Connection requests"), "dip-connections", heads, table)


def venue_sheet(lines: Iterable[VenueLine]) -> HttpResponse:
    """Venues: the columns that can be changed and sent back, and behind them what only tells."""
    told = [_("Organisation"), _("Halls"), _("Seats"), _("Last performance"), _("Lacks")]
    rows = [
        [
            v.id, v.name, v.street, v.house_number, v.postcode, v.city, v.province, word(VENUE_KINDS, v.kind), v.contact_email,
            _("yes") if v.do_not_use else "", v.organisation, v.hall_count, v.seat_count, v.last_date,
            ", ".join(word(LACKS, lack) for lack in v.lacks),
        ]
        for v in lines
    ]  # fmt: skip
    return _workbook(_("Theatres"), "dip-venues", [*(str(VENUE_FIELDS[name]) for name in ("id", *SHEET_FIELDS)), *told], rows)


def _workbook(title: str, name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """One worksheet as a download; text is never taken for a formula."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(title[:31])
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd-mm-yyyy"})
    sheet.set_column(0, len(heads) - 1, 20)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, heads, bold)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, date | datetime):
                sheet.write_datetime(number, column, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001
            elif isinstance(cell, int):
                sheet.write_number(number, column, cell)
            elif cell:
                sheet.write_string(number, column, str(cell))
    book.close()
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return HttpResponse(file.getvalue(), content_type=_TYPE, headers=headers)
