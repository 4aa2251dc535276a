"""The statement of one agreement as a workbook and as CSV: every column, and every performance by itself."""

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dip.contracts.queries.agreement import AgreementPage
from dip.contracts.terms.columns import Column
from dip.contracts.views.agreement import found
from dip.contracts.views.charts import payout_figure
from dip.contracts.views.statement_rows import columns_of, head_of, line_name, merged
from dip.contracts.wording import format_name
from dip.kernel import clock
from dip.registry.guard import requires
from dip.registry.sheets import XLSX_TYPE
from dip.registry.terms import Access, Level, Module
from dip.web import formats
from dip.web.charts.figure import as_csv as figure_csv

_VIEW = requires(Module.CONTRACTS, Level.VIEW)
Table = tuple[list[str], list[list[Any]]]
"""Heads, and rows: a name, a code, then cents."""


@_VIEW
@require_safe
def workbook(request: HttpRequest, access: Access, agreement_id: int) -> HttpResponse:
    """The statement as a workbook: the columns, a sheet per column by performance, and what it all is."""
    page = found(access, agreement_id)
    sheets = [
        (_("Statement"), _columns_table(page)),
        *((head_of(one).name, _evenings_table(page, one)) for one in columns_of(page)),
    ]
    return _download(_book(sheets, _about(page, access)), XLSX_TYPE, f"{page.reference}.xlsx")


@_VIEW
@require_safe
def statement_csv(request: HttpRequest, access: Access, agreement_id: int) -> HttpResponse:
    """The columns as CSV, in euros with a point."""
    page = found(access, agreement_id)
    heads, rows = _columns_table(page)
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(heads)
    writer.writerows(
        [row[0], row[1], *("" if cents is None else f"{Decimal(cents) / 100:.2f}" for cents in row[2:])] for row in rows
    )
    return _download(("\ufeff" + file.getvalue()).encode(), "text/csv; charset=utf-8", f"{page.reference}.csv")


@_VIEW
@require_safe
def payout_csv(request: HttpRequest, access: Access, agreement_id: int) -> HttpResponse:
    """The numbers of the pay-out chart."""
    page = found(access, agreement_id)
    figure = payout_figure(page)
    text = "\ufeff" + (figure_csv(figure) if figure else "")
    return _download(text.encode(), "text/csv; charset=utf-8", f"{page.reference}-pay-out.csv")


def _columns_table(page: AgreementPage) -> Table:
    columns = columns_of(page)
    rows: list[list[Any]] = []
    for code in merged(column.statement for column in columns):
        lines = [column.statement.line(code) for column in columns]
        rows.append([line_name(f"settlement_{code}"), code, *(line.cents if line else None for line in lines)])
    return [_("Line"), _("Code"), *(head_of(column).name for column in columns)], rows


def _evenings_table(page: AgreementPage, column: Column) -> Table:
    days = {one.number: one.starts_at for one in page.columns.performances}
    heads = [f"{number}, {formats.plain_day(days[number])}" for number in column.statement.numbers]
    rows = [[line_name(line.definition), line.code, *line.evenings, line.cents] for line in column.statement]
    return [_("Line"), _("Code"), *heads, _("Total")], rows


def _about(page: AgreementPage, access: Access) -> list[tuple[str, str]]:
    number = page.shown.number
    version = _("version %(number)s") % {"number": number} if number else _("draft")
    told = [
        (_("Agreement"), f"{page.reference}, {version}"),
        (_("Production"), page.title),
        (_("Format"), format_name(page.shown.format)),
        (_("Provider"), page.parties.provider),
        (_("Theatre"), f"{page.parties.theatre}, {page.parties.city}"),
        (_("For"), access.organisation_name),
        (_("Made on"), formats.full_moment(clock.now())),
        (_("Amounts"), _("Euros; every line is rounded to the cent, and the parts add up to gross")),
    ]
    for column in columns_of(page):
        head = head_of(column)
        told.append((head.name, ". ".join(part for part in (head.source, head.moment, head.missing) if part)))
    return told


def _book(sheets: Sequence[tuple[str, Table]], about: Sequence[tuple[str, str]]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    euros = book.add_format({"num_format": "#,##0.00"})
    for name, (heads, rows) in sheets:
        page = book.add_worksheet(name[:31])
        page.freeze_panes(1, 2)
        page.set_column(0, 0, 38)
        page.set_column(1, 1, 22)
        page.set_column(2, len(heads), 15)
        page.write_row(0, 0, heads, bold)
        for place, (title, code, *cents) in enumerate(rows, start=1):
            page.write_string(place, 0, title)
            page.write_string(place, 1, code)
            for column, value in enumerate(cents, start=2):
                if value is not None:
                    page.write_number(place, column, float(Decimal(value) / 100), euros)
    explained = book.add_worksheet(_("About these figures")[:31])
    explained.set_column(0, 0, 26)
    explained.set_column(1, 1, 90)
    for place, (title, text) in enumerate(about):
        explained.write_string(place, 0, title, bold)
        explained.write_string(place, 1, text)
    book.close()
    return out.getvalue()


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
