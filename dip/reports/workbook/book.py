"""Writing a workbook: real numbers and dates, totals as formulas that already have their values, sheets set up for paper.

What people typed is written as text, never as a formula or a link.
"""

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from dip.kernel.clock import local
from dip.reports.workbook.table import SUM, Kind, Table
from dip.warehouse.terms import NotShown

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CODES = {
    Kind.TEXT: "@", Kind.NAME: "@", Kind.WHOLE: "#,##0;-#,##0;0", Kind.EUROS: '"€" #,##0.00;-"€" #,##0.00', Kind.RATE: "0.0%",
    Kind.DAY: "dd-mm-yyyy", Kind.MOMENT: "dd-mm-yyyy hh:mm",
}  # fmt: skip
_WIDTHS = {Kind.TEXT: 18, Kind.NAME: 34, Kind.WHOLE: 12, Kind.EUROS: 16, Kind.RATE: 12, Kind.DAY: 12, Kind.MOMENT: 17}
#: Rows over the data: title, note, totals, heads.
TITLE, NOTE, TOTALS, HEADS, FIRST = range(5)
#: Most characters of a sheet's name in the format, and what may not be in one.
_NAME, _FORBIDDEN = 31, str.maketrans("[]:*?/\\", "()     ", "'")
#: Columns from which a sheet is printed over two pages side by side.
_WIDE = 18
_BLUE, _INK, _GREY = "#1d48b8", "#15191e", "#59616b"
Ref = str


def sheet_name(text: str) -> str:
    """A name that the format takes."""
    return text.translate(_FORBIDDEN)[:_NAME]


class Book:
    """Collects the sheets of one workbook; :meth:`finish` hands over the file."""

    def __init__(self, *, title: str, organisation: str, moment: str, made_at: datetime) -> None:
        self._out = io.BytesIO()
        options = {
            "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
            "default_date_format": _CODES[Kind.DAY],
        }  # fmt: skip
        self._book = xlsxwriter.Workbook(self._out, options)
        created = local(made_at).replace(tzinfo=None)
        self._book.set_properties({"title": title, "company": organisation, "author": "DIP", "created": created})
        self._foot = f"&L&8{_escaped(organisation)} · {_escaped(moment)}&R&8&P / &N"
        self._cells = {kind: self._book.add_format({"num_format": code, "valign": "top"}) for kind, code in _CODES.items()}
        totals = {"bold": True, "top": 1, "bottom": 1}
        self._totals = {kind: self._book.add_format({"num_format": code, **totals}) for kind, code in _CODES.items()}
        self._bold = {kind: self._book.add_format({"num_format": code, "bold": True}) for kind, code in _CODES.items()}
        self.title = self._book.add_format({"bold": True, "font_size": 14, "font_color": _INK})
        self.section = self._book.add_format({"bold": True, "font_size": 12, "font_color": _BLUE})
        self.note = self._book.add_format({"font_color": _GREY})
        self.head = self._book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
        self._head_number = self._book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom", "align": "right"}
        )
        self.wrap = self._book.add_format({"text_wrap": True, "valign": "top"})
        self._muted = self._book.add_format({"font_color": _GREY})

    def sheet(self, name: str, *, landscape: bool = True) -> Any:
        """A new sheet on A4, one page wide, with who and when at its foot."""
        page = self._book.add_worksheet(sheet_name(name))
        page.hide_gridlines(2)
        page.set_paper(9)
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        page.fit_to_pages(1, 0)
        page.set_footer(self._foot)
        if landscape:
            page.set_landscape()
        return page

    def write(self, page: Any, row: int, column: int, value: Any, kind: Kind, formula: str = "", *, bold: bool = False) -> None:
        """One cell. With a ``formula`` (without =) the value is what it comes to."""
        form = (self._bold if bold else self._cells)[kind]
        if formula:
            page.write_formula(row, column, f"={formula}", form, _number(value, kind))
        elif isinstance(value, NotShown):
            page.write_string(row, column, _("not shown: too few, or too concentrated"), self._muted)
        elif value is None:
            return
        elif isinstance(value, datetime):
            page.write_datetime(row, column, local(value).replace(tzinfo=None), form)
        elif isinstance(value, date):
            page.write_datetime(row, column, value, form)
        elif kind in (Kind.TEXT, Kind.NAME):
            page.write_string(row, column, str(value), form)
        else:
            page.write_number(row, column, _number(value, kind), form)

    def heads(self, page: Any, row: int, titles: Sequence[tuple[str, Kind]]) -> None:
        """A row of heads, those over numbers at the right."""
        for place, (title, kind) in enumerate(titles):
            is_number = kind in (Kind.WHOLE, Kind.EUROS, Kind.RATE)
            page.write_string(row, place, title, self._head_number if is_number else self.head)

    def add(self, table: Table) -> None:
        """A sheet with a table: totals over the heads, both staying in sight, a filter over the rows."""
        page = self.sheet(table.name)
        page.write_string(TITLE, 0, table.title, self.title)
        page.write_string(NOTE, 0, table.note, self.note)
        self.heads(page, HEADS, [(column.title, column.kind) for column in table.columns])
        for place, column in enumerate(table.columns):
            page.set_column(place, place, _WIDTHS[column.kind])
        for number, row in enumerate(table.rows, FIRST):
            for place, (column, value) in enumerate(zip(table.columns, row, strict=True)):
                formula = _filled(column.formula, table, number) if column.formula and value is not None else ""
                self.write(page, number, place, value, column.kind, formula)
        self._write_totals(page, table)
        page.set_row(HEADS, 32)
        page.freeze_panes(FIRST, table.fixed)
        page.repeat_rows(HEADS)
        if len(table.columns) > _WIDE:
            page.fit_to_pages(2, 0)
            page.repeat_columns(0, table.fixed - 1)
        if table.rows:
            page.autofilter(HEADS, 0, HEADS + len(table.rows), len(table.columns) - 1)
            page.print_area(0, 0, HEADS + len(table.rows), len(table.columns) - 1)

    def _write_totals(self, page: Any, table: Table) -> None:
        labelled = False
        for place, column in enumerate(table.columns):
            form = self._totals[column.kind]
            if not column.total:
                page.write_string(TOTALS, place, "" if labelled else _("Total"), form)
                labelled = True
                continue
            value = table.total(place)
            if not table.rows:
                page.write_blank(TOTALS, place, None, form)
            elif column.total == SUM:
                span = f"{xl_rowcol_to_cell(FIRST, place)}:{xl_rowcol_to_cell(HEADS + len(table.rows), place)}"
                page.write_formula(TOTALS, place, f"=SUBTOTAL(109,{span})", form, _number(value, column.kind))
            else:
                written = "" if value is None else _number(value, column.kind)
                page.write_formula(TOTALS, place, f"={_filled(column.total, table, TOTALS)}", form, written)

    def finish(self) -> bytes:
        """The file."""
        self._book.close()
        return self._out.getvalue()


def _number(value: float | None, kind: Kind) -> float:
    if value is None:
        return 0
    return value / 100 if kind is Kind.EUROS else value


def _filled(template: str, table: Table, row: int) -> str:
    """A formula's template with the cells of one row in the place of its keys."""
    return template.format(**{column.key: xl_rowcol_to_cell(row, place) for place, column in enumerate(table.columns)})


def reach(table: Table, key: str) -> Ref:
    """The cells of a column on its sheet, to refer to from another one."""
    place = next(n for n, column in enumerate(table.columns) if column.key == key)
    last = HEADS + max(len(table.rows), 1)
    return f"'{sheet_name(table.name)}'!{xl_range_abs(FIRST, place, last, place)}"


def cell(row: int, column: int) -> Ref:
    """The name of a cell: B4."""
    return xl_rowcol_to_cell(row, column)


def _escaped(text: str) -> str:
    """Text in a header or footer, where & begins a code."""
    return text.replace("&", "&&")
