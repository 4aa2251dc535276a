"""A table as a spreadsheet or as CSV, nothing in it that a spreadsheet could run."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

import xlsxwriter

from dip.kernel.clock import local

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | datetime | None


def as_xlsx(heads: Sequence[str], rows: Iterable[Sequence[Cell]], title: str) -> bytes:
    """One worksheet called ``title``; moments in Dutch local time, text never taken for a formula."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(title[:31])
    bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "dd-mm-yyyy hh:mm:ss"})
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    for line, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, datetime):
                sheet.write_datetime(line, column, local(cell).replace(tzinfo=None), moment)
            elif isinstance(cell, int):
                sheet.write_number(line, column, cell)
            elif cell:
                sheet.write_string(line, column, cell)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(heads) - 1, 24)
    book.close()
    return file.getvalue()


def as_csv(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Comma-separated, moments as ISO in Dutch local time with offset; what looks like a formula gets an apostrophe."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(heads)
    for row in rows:
        writer.writerow([_plain(cell) for cell in row])
    return file.getvalue()


def _plain(cell: Cell) -> str | int:
    if isinstance(cell, datetime):
        return local(cell).isoformat(timespec="seconds")
    if isinstance(cell, int):
        return cell
    text = cell or ""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text
