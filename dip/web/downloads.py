"""Downloads of a page: its tables with real numbers as a workbook or comma-separated, and what they are, of when and over what."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

TEXT, WHOLE, EUROS, RATE, DAYS, NUMBER = "text", "whole", "euros", "rate", "days", "number"
_FORMATS = {TEXT: "@", WHOLE: "#,##0", EUROS: "#,##0.00", RATE: "0.0%", DAYS: "0.0", NUMBER: "0.####"}
#: Most characters of a sheet's name in the format.
_NAME = 31
#: What a spreadsheet could take for a formula.
_RISKY = "=+-@\t\r"
Lines = Sequence[tuple[str, str]]


class HeldBack:
    """A figure that is not shown, as a cell."""


HELD = HeldBack()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. ``columns``: (head, kind). Cells: text, numbers (cents under EUROS, 0..1 under RATE), :data:`HELD`, or None for nothing."""

    name: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[Any]]


def told(value: float | int | None) -> object:
    """A figure of which None says that it is held back, as a cell."""
    return HELD if value is None else value


def workbook(sheets: Sequence[Sheet], lines: Lines) -> bytes:
    """The sheets and, last, one that explains them with ``lines``: (name, text)."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
    cells = {kind: book.add_format({"num_format": code}) for kind, code in _FORMATS.items()}
    for table in sheets:
        page = book.add_worksheet(table.name[:_NAME])
        page.freeze_panes(1, 1)
        for index, (title, kind) in enumerate(table.columns):
            page.set_column(index, index, 28 if kind == TEXT else 14)
            page.write_string(0, index, title, head)
        for number, row in enumerate(table.rows, 1):
            for index, ((_title, kind), value) in enumerate(zip(table.columns, row, strict=True)):
                _write(page, (number, index), value, kind, cells)
    _explain(book, lines, head)
    book.close()
    return out.getvalue()


def _write(page: Any, place: tuple[int, int], value: Any, kind: str, cells: dict[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, HeldBack):
        page.write_string(*place, _("not shown: too few, or too concentrated"))
    elif kind == TEXT:
        page.write_string(*place, str(value))
    else:
        page.write_number(*place, value / 100 if kind == EUROS else value, cells[kind])


def _explain(book: Any, lines: Lines, head: Any) -> None:
    page = book.add_worksheet(_("About these figures")[:_NAME])
    page.set_column(0, 0, 30)
    page.set_column(1, 1, 90, book.add_format({"text_wrap": True, "valign": "top"}))
    for row, (name, text) in enumerate(lines):
        page.write_string(row, 0, name, head)
        page.write_string(row, 1, text)


def comma_separated(sheets: Sequence[Sheet], lines: Lines) -> str:
    """The sheets with a semicolon, several each under its name, and under them ``lines``: numbers with a point, amounts in euros, rates 0..1."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for sheet in sheets:
        if len(sheets) > 1:
            writer.writerow([sheet.name])
        writer.writerow([title for title, _kind in sheet.columns])
        for row in sheet.rows:
            writer.writerow([_plain(value, kind) for (_title, kind), value in zip(sheet.columns, row, strict=True)])
        writer.writerow([])
    writer.writerows([_text(name), _text(text)] for name, text in lines if name or text)
    return out.getvalue()


def _plain(value: Any, kind: str) -> str:
    if value is None:
        return ""
    if isinstance(value, HeldBack):
        return _("not shown: too few, or too concentrated")
    if kind == TEXT:
        return _text(str(value))
    return f"{value / 100:.2f}" if kind == EUROS else f"{value:.0f}" if kind == WHOLE else f"{value:.4f}".rstrip("0").rstrip(".")


def _text(value: str) -> str:
    return f"'{value}" if value[:1] in _RISKY and value else value


def as_file(content: bytes | str, name: str) -> HttpResponse:
    """A download called ``name``."""
    kind = (
        "text/csv; charset=utf-8" if name.endswith(".csv") else "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    body = "\ufeff" + content if isinstance(content, str) else content
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
