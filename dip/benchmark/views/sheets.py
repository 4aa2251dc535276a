"""Downloads of the trends: the tables of a page with real numbers, and what they are, of when and over what."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from dip.definitions.queries import metric
from dip.kernel import clock
from dip.registry.terms import Access
from dip.warehouse.terms import NotShown, TrendSeason
from dip.web import formats

TEXT, WHOLE, EUROS, RATE, DAYS, NUMBER = "text", "whole", "euros", "rate", "days", "number"
_FORMATS = {TEXT: "@", WHOLE: "#,##0", EUROS: "#,##0.00", RATE: "0.0%", DAYS: "0.0", NUMBER: "0.####"}
#: Most characters of a sheet's name in the format.
_NAME = 31
#: What a spreadsheet could take for a formula.
_RISKY = "=+-@\t\r"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. ``columns``: (head, kind). Cells: text, numbers (cents under EUROS, 0..1 under RATE), NotShown, or None."""

    name: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[Any]]


def about(access: Access, subject: str, seasons: Sequence[TrendSeason]) -> list[tuple[str, str]]:
    """What every download says of itself."""
    newest = seasons[-1]
    return [
        (_("Figures of"), subject),
        (_("For"), access.organisation_name),
        (_("Edition of"), formats.plain_day(max(season.made_on for season in seasons))),
        (_("Performances until"), formats.plain_day(newest.until.fromordinal(newest.until.toordinal() - 1))),
        (_("Made on"), formats.full_moment(clock.now())),
        (_("Amounts"), _("Euros, including VAT and the theatre surcharge")),
        (_("Not shown"), _("not shown: too few, or too concentrated")),
    ]


def workbook(sheets: Sequence[Sheet], lines: Sequence[tuple[str, str]], codes: Sequence[str]) -> bytes:
    """The sheets and, last, one that explains them: ``lines``, then the definitions of ``codes``."""
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
    _explain(book, lines, codes, head)
    book.close()
    return out.getvalue()


def _write(page: Any, place: tuple[int, int], value: Any, kind: str, cells: dict[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, NotShown):
        page.write_string(*place, _("not shown: too few, or too concentrated"))
    elif kind == TEXT:
        page.write_string(*place, str(value))
    else:
        page.write_number(*place, value / 100 if kind == EUROS else value, cells[kind])


def _explain(book: Any, lines: Sequence[tuple[str, str]], codes: Sequence[str], head: Any) -> None:
    page = book.add_worksheet(_("About these figures")[:_NAME])
    page.set_column(0, 0, 30)
    page.set_column(1, 1, 90, book.add_format({"text_wrap": True, "valign": "top"}))
    for row, (name, text) in enumerate([*lines, ("", ""), *_definitions(codes)]):
        page.write_string(row, 0, name, head)
        page.write_string(row, 1, text)


def _definitions(codes: Sequence[str]) -> list[tuple[str, str]]:
    found = (metric(code, formats.language_of()) for code in dict.fromkeys(codes))
    return [(one.name, f"{one.sentence} {one.formula}. {one.version_name}") for one in found]


def comma_separated(sheet: Sheet, lines: Sequence[tuple[str, str]], codes: Sequence[str]) -> str:
    """One sheet with a semicolon, and under it what it is: numbers with a point, amounts in euros, rates 0..1."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([title for title, _kind in sheet.columns])
    for row in sheet.rows:
        writer.writerow([_plain(value, kind) for (_title, kind), value in zip(sheet.columns, row, strict=True)])
    writer.writerow([])
    writer.writerows([_text(name), _text(text)] for name, text in [*lines, *_definitions(codes)])
    return out.getvalue()


def _plain(value: Any, kind: str) -> str:
    if value is None:
        return ""
    if isinstance(value, NotShown):
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
