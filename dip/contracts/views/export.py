"""The list of agreements as a workbook and as CSV: one row per agreement with every field, and one per performance."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from dip.contracts.rules.formats import formats as all_formats
from dip.contracts.rules.values import fields_of
from dip.contracts.terms.fields import Field, FieldKind
from dip.contracts.terms.stages import AgreementLine
from dip.contracts.views.stages import STAGES, turn_words
from dip.contracts.wording import format_name, said, value_text
from dip.kernel import clock
from dip.registry.sheets import XLSX_TYPE
from dip.registry.terms import Access
from dip.web import formats

#: What a cell holds: text, a whole number, cents (written as euros), percents, a day, or a moment.
TEXT, WHOLE, EUROS, PERCENT, DAY, MOMENT = "text", "whole", "euros", "percent", "day", "moment"
_CODES = {TEXT: "@", WHOLE: "#,##0", EUROS: "#,##0.00", PERCENT: "0.00", DAY: "dd-mm-yyyy", MOMENT: "dd-mm-yyyy hh:mm"}
_WIDTHS = {TEXT: 24, WHOLE: 12, EUROS: 14, PERCENT: 10, DAY: 12, MOMENT: 17}
_KINDS = {FieldKind.MONEY: EUROS, FieldKind.PERCENT: PERCENT, FieldKind.COUNT: WHOLE}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the export: its head, what a cell holds, and the cell of a row."""

    head: str
    kind: str
    cell: Callable[[Any], Any]


def workbook_file(lines: Sequence[AgreementLine], access: Access, asked: Iterable[tuple[str, str]]) -> HttpResponse:
    """The workbook: agreements, performances, and a sheet that says what they are, of whom and of when."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
    cells = {kind: book.add_format({"num_format": code}) for kind, code in _CODES.items()}
    evenings = [(line, one) for line in lines for one in line.performances]
    for title, columns, rows in (
        (_("Agreements"), agreement_columns(access), lines),
        (_("Performances"), performance_columns(), evenings),
    ):
        _write_sheet(book.add_worksheet(title[:31]), columns, rows, bold, cells)
    _write_about(book, access, asked, bold)
    book.close()
    return _download(out.getvalue(), XLSX_TYPE, "xlsx")


def csv_file(lines: Sequence[AgreementLine], access: Access) -> HttpResponse:
    """The agreements alone, comma-separated, amounts in euros with a point."""
    columns = agreement_columns(access)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.head for column in columns])
    writer.writerows([_plain(column.kind, column.cell(line)) for column in columns] for line in lines)
    return _download(("\ufeff" + out.getvalue()).encode(), "text/csv; charset=utf-8", "csv")


def agreement_columns(access: Access) -> list[Column]:
    """Every fact, then every field of every format, then what it gives both sides and the borderel."""
    return [*_facts(access), *(_field_column(field) for field in _every_field()), *_sums()]


def _facts(access: Access) -> list[Column]:
    return [
        Column(_("Reference"), TEXT, lambda line: line.reference),
        Column(_("Status"), TEXT, lambda line: str(STAGES[line.stage])),
        Column(_("Turn"), TEXT, lambda line: turn_words(line, access.is_taker)),
        Column(_("Due"), DAY, lambda line: line.due_date),
        Column(_("Version"), WHOLE, lambda line: line.version),
        Column(_("Own reference"), TEXT, lambda line: line.name),
        Column(_("Production"), TEXT, lambda line: line.title),
        Column(_("DIP-id"), TEXT, lambda line: line.dip_id),
        Column(_("Season"), TEXT, lambda line: f"{line.season_year}-{line.season_year + 1}"),
        Column(_("Theatre"), TEXT, lambda line: line.theatre),
        Column(_("City"), TEXT, lambda line: line.city),
        Column(_("Provider"), TEXT, lambda line: line.provider),
        Column(_("Producer"), TEXT, lambda line: line.producer),
        Column(_("Agency"), TEXT, lambda line: line.agency),
        Column(_("First date"), DAY, lambda line: line.first_date),
        Column(_("Last date"), DAY, lambda line: line.last_date),
        Column(_("Number of performances"), WHOLE, lambda line: len(line.performances)),
        Column(_("Contact at the theatre"), TEXT, _fact("theatre_contact")),
        Column(_("Contact at the provider"), TEXT, _fact("provider_contact")),
        Column(_("Approved at"), MOMENT, _fact("approved_at")),
        Column(_("Ended at"), MOMENT, _fact("ended_at")),
        Column(_("Changed at"), MOMENT, _fact("modified_at")),
        Column(_("Format"), TEXT, lambda line: format_name(line.format)),
    ]


def _sums() -> list[Column]:
    return [
        Column(_("Potential, provider"), EUROS, _fact("potential_provider_cents")),
        Column(_("Potential, theatre"), EUROS, _fact("potential_theatre_cents")),
        Column(_("Estimated, provider"), EUROS, _fact("estimated_provider_cents")),
        Column(_("Estimated, theatre"), EUROS, _fact("estimated_theatre_cents")),
        Column(_("Estimated on the sales of"), MOMENT, lambda line: line.outlook_at),
        Column(_("Borderel, number"), WHOLE, _fact("settlement_number")),
        Column(_("Borderel, payable to the provider"), EUROS, _fact("payable_cents")),
    ]


def performance_columns() -> list[Column]:
    """Of a pair of an agreement and one of its performances."""
    return [
        Column(_("Reference"), TEXT, lambda row: row[0].reference),
        Column(_("Status"), TEXT, lambda row: str(STAGES[row[0].stage])),
        Column(_("Production"), TEXT, lambda row: row[0].title),
        Column(_("DIP-id"), TEXT, lambda row: f"{row[0].dip_id}|{row[1].number}"),
        Column(_("Number"), WHOLE, lambda row: row[1].number),
        Column(_("Date"), DAY, lambda row: row[1].on),
        Column(_("Starts at"), MOMENT, lambda row: row[1].starts_at),
        Column(_("Theatre"), TEXT, lambda row: row[0].theatre),
        Column(_("City"), TEXT, lambda row: row[0].city),
        Column(_("Hall"), TEXT, lambda row: row[1].hall),
        Column(_("Seats"), WHOLE, lambda row: sum(row[1].seats)),
        Column(_("Seats per rank"), TEXT, lambda row: " + ".join(map(str, row[1].seats))),
    ]


def _fact(name: str) -> Callable[[AgreementLine], Any]:
    return lambda line: line.facts.get(name)


def _every_field() -> list[Field]:
    """Fields of all formats, each code once, in the order of the formats; the readings last."""
    found: dict[str, Field] = {}
    for one in all_formats():
        for field in fields_of(one.code):
            found.setdefault(field.code, field)
    return sorted(found.values(), key=lambda field: field.is_reading)


def _field_column(field: Field) -> Column:
    kind = _KINDS.get(field.kind, TEXT)

    def cell(line: AgreementLine) -> Any:
        value = line.values.get(field.code)
        if value is None or value in ((), "") or kind != TEXT:
            return value if kind != TEXT else None
        return value_text(field, value)

    return Column(said(field.names), kind, cell)


def _write_sheet(page: Any, columns: Sequence[Column], rows: Sequence[Any], bold: Any, cells: dict[str, Any]) -> None:
    page.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        page.set_column(place, place, _WIDTHS[column.kind])
        page.write_string(0, place, column.head, bold)
    for number, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            _write_cell(page, number, place, column.kind, column.cell(row), cells)
    if rows:
        page.autofilter(0, 0, len(rows), len(columns) - 1)


def _write_cell(page: Any, row: int, place: int, kind: str, value: Any, cells: dict[str, Any]) -> None:
    if value is None or value == "":
        return
    if kind == MOMENT:
        page.write_datetime(row, place, clock.local(value).replace(tzinfo=None), cells[MOMENT])
    elif kind == DAY:
        page.write_datetime(row, place, value, cells[DAY])
    elif kind == EUROS:
        page.write_number(row, place, Decimal(value) / 100, cells[EUROS])
    elif kind in (WHOLE, PERCENT):
        page.write_number(row, place, value, cells[kind])
    else:
        page.write_string(row, place, str(value))


def _write_about(book: Any, access: Access, asked: Iterable[tuple[str, str]], bold: Any) -> None:
    page = book.add_worksheet(_("About this sheet")[:31])
    page.set_column(0, 0, 30)
    page.set_column(1, 1, 90, book.add_format({"text_wrap": True, "valign": "top"}))
    told = [
        (_("For"), access.organisation_name),
        (_("Made on"), formats.full_moment(clock.now())),
        *asked,
        (_("Amounts"), _("Euros. Terms excluding VAT unless the head of the column says otherwise; totals as the statement has them.")),
        (_("Potential"), _("Every seat sold at its entrance price.")),
        (_("Estimated"), _("The newest sales of every performance, at the moment that the row tells.")),
    ]  # fmt: skip
    for row, (name, text) in enumerate(told):
        page.write_string(row, 0, name, bold)
        page.write_string(row, 1, text)


def _plain(kind: str, value: Any) -> str:
    """A cell for CSV: amounts and percentages with a point, days and moments as ISO; a text that looks like a formula is none."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return clock.local(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if kind == EUROS:
        return f"{Decimal(value) / 100:.2f}"
    text = str(value)
    return f"'{text}" if kind == TEXT and text[:1] in "=+-@\t\r" and text else text


def _download(content: bytes, media_type: str, ending: str) -> HttpResponse:
    name = f"dip-contracts-{clock.local(clock.now()):%Y-%m-%d}"
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
