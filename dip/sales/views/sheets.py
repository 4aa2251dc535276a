"""Spreadsheets: real numbers and dates, and a sheet that says what they are, of when, and over what."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dip.definitions.queries import metric
from dip.kernel import clock
from dip.registry.terms import Access
from dip.sales.terms import AsOf
from dip.warehouse.terms import NotShown
from dip.web import formats

TEXT, WHOLE, EUROS, RATE, DAY, MOMENT = "text", "whole", "euros", "rate", "day", "moment"
_FORMATS = {WHOLE: "#,##0", EUROS: "#,##0.00", RATE: "0.0%", DAY: "dd-mm-yyyy", MOMENT: "dd-mm-yyyy hh:mm", TEXT: "@"}
_WIDTHS = {WHOLE: 12, EUROS: 14, RATE: 12, DAY: 12, MOMENT: 17, TEXT: 28}
#: Most characters of a sheet's name in the format.
_NAME = 31


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, what is in it, and the metric that defines it."""

    title: str
    kind: str = TEXT
    code: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. Cells: text, numbers (cents under EUROS, 0..1 under RATE), dates, aware moments, NotShown, or None for nothing."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]


def workbook(sheets: Iterable[Sheet], about: Iterable[tuple[str, str]]) -> bytes:
    """The sheets and, last, one that explains them: ``about``, then the definition of every metric used."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": _FORMATS[DAY]})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
    cells = {kind: book.add_format({"num_format": code}) for kind, code in _FORMATS.items()}
    tables = list(sheets)
    for table in tables:
        page = book.add_worksheet(table.name[:_NAME])
        page.freeze_panes(1, 0)
        for index, column in enumerate(table.columns):
            page.set_column(index, index, _WIDTHS[column.kind])
            page.write_string(0, index, column.title, head)
        for number, row in enumerate(table.rows, 1):
            for index, (column, value) in enumerate(zip(table.columns, row, strict=True)):
                _write(page, number, index, value, column.kind, cells)
        if table.rows:
            page.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    _explain(book, about, [column.code for table in tables for column in table.columns], head)
    book.close()
    return out.getvalue()


def _write(page: Any, row: int, column: int, value: Any, kind: str, cells: dict[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, NotShown):
        page.write_string(row, column, _("not shown: too few, or too concentrated"))
    elif isinstance(value, datetime):
        page.write_datetime(row, column, clock.local(value).replace(tzinfo=None), cells[MOMENT])
    elif isinstance(value, date):
        page.write_datetime(row, column, value, cells[DAY])
    elif kind == EUROS:
        page.write_number(row, column, value / 100, cells[EUROS])
    elif kind in (WHOLE, RATE):
        page.write_number(row, column, value, cells[kind])
    else:
        page.write_string(row, column, str(value))


def _explain(book: Any, about: Iterable[tuple[str, str]], codes: Iterable[str], head: Any) -> None:
    page = book.add_worksheet(_("About these figures")[:_NAME])
    page.set_column(0, 0, 30)
    page.set_column(1, 2, 80, book.add_format({"text_wrap": True, "valign": "top"}))
    lines = [*about, ("", "")]
    language = (get_language() or "nl")[:2]
    for code in dict.fromkeys(code for code in codes if code):
        definition = metric(code, language)
        lines.append((definition.name, f"{definition.sentence} {definition.formula}. {definition.version_name}"))
    for row, (name, text) in enumerate(lines):
        page.write_string(row, 0, name, head)
        page.write_string(row, 1, text)


def scope(access: Access, as_of: AsOf, subject: str) -> list[tuple[str, str]]:
    """The lines that every export begins its explanation with."""
    return [
        (_("Figures of"), subject),
        (_("For"), access.organisation_name),
        (_("As known on"), formats.full_moment(as_of.at)),
        (_("Made on"), formats.full_moment(clock.now())),
        (_("Amounts"), _("Euros, including VAT and the theatre surcharge")),
        (_("National comparisons"), _("As published; they stay the same when you look at an earlier state")),
    ]


def as_download(content: bytes, name: str) -> HttpResponse:
    """The workbook as a file called ``name``.xlsx."""
    response = HttpResponse(content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    response["Cache-Control"] = "private, no-store"
    return response


def as_csv(text: str, name: str) -> HttpResponse:
    """Comma-separated numbers as a file called ``name``.csv."""
    response = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response
