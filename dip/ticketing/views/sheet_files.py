"""Workbooks of the spreadsheet route: the sheet to fill, and the rows that were kept back with a comment in each wrong cell."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from dip.ticketing.rules.sheets.changes import Known
from dip.ticketing.rules.sheets.fields import FIGURES, MONEY, RECETTES, TICKETS, Field, known_name, name_of
from dip.ticketing.rules.sheets.findings import CellFinding
from dip.ticketing.terms import TicketKind
from dip.ticketing.views.sheet_words import field_name, finding_text
from dip.web import formats
from dip.web.tables.terms import Cell, Table

#: Colours of the sheet: what is locked, what is to be filled, what is wrong, the ground under the head.
_GREY, _OPEN, _WRONG, _HEAD = "#EEF0F2", "#FFFFFF", "#FBE3E1", "#DCE5FA"
_DAY, _CLOCK, _EUROS, _COUNT, _MOMENT = "dd-mm-yyyy", "hh:mm", "#,##0.00", "#,##0", "dd-mm-yyyy hh:mm"
_GIVEN = (Field.DIP_ID, Field.DATE, Field.TIME, Field.HALL, Field.TITLE)
_MOST_SEATS, _MOST_EUROS = 99_999, 9_999_999
_BOOK = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class _Formats(dict[tuple[Any, ...], Any]):
    """A workbook's cell formats, each made once."""

    def __init__(self, book: Any) -> None:
        super().__init__()
        self._book = book

    def of(self, **options: Any) -> Any:
        """The format with these options."""
        key = tuple(sorted(options.items()))
        if key not in self:
            self[key] = self._book.add_format(options)
        return self[key]


def sheet_to_fill(performances: Sequence[Known], theatre: str, made_at: datetime) -> bytes:
    """One row for each performance: what is given is locked, what is known is grey, the figures are to be filled in."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _BOOK)
    looks = _Formats(book)
    page = book.add_worksheet(_("Figures")[:31])
    language = formats.language_of()
    heads = [name_of(field, language) for field in _GIVEN] + [_("Producer")] + [name_of(field, language) for field in FIGURES]
    known = [
        f"{known_name(language)}: {text}" for text in (_("sold"), _("free"), _("recette €"), _("reserved"), _("blocked"), _("at"))
    ]
    _write_heads(page, looks, heads, known)
    for row, one in enumerate(performances, 1):
        _write_given(page, looks, row, one)
        _write_open(page, looks, row, one)
        _write_known(page, looks, row, len(heads), one)
    _guard(page, len(performances), len(heads), len(known))
    _explain(book, looks, theatre, made_at)
    book.close()
    return out.getvalue()


def _write_heads(page: Any, looks: _Formats, heads: Sequence[str], known: Sequence[str]) -> None:
    look = looks.of(bold=True, text_wrap=True, valign="bottom", bottom=1, bg_color=_HEAD, locked=True)
    grey = looks.of(bold=True, text_wrap=True, valign="bottom", bottom=1, bg_color=_GREY, font_color="#59616B", locked=True)
    for column, text in enumerate([*heads, *known]):
        page.write_string(0, column, text, look if column < len(heads) else grey)
    page.set_row(0, 48)


def _write_given(page: Any, looks: _Formats, row: int, one: Known) -> None:
    text = looks.of(locked=True, bg_color=_GREY)
    page.write_string(row, 0, one.dip_id, text)
    page.write_datetime(row, 1, one.starts, looks.of(locked=True, bg_color=_GREY, num_format=_DAY))
    page.write_datetime(row, 2, one.starts.time(), looks.of(locked=True, bg_color=_GREY, num_format=_CLOCK))
    for column, value in enumerate((one.hall, one.title, one.producer), 3):
        page.write_string(row, column, value, text)


def _write_open(page: Any, looks: _Formats, row: int, one: Known) -> None:
    first = len(_GIVEN) + 1
    for column, field in enumerate(FIGURES, first):
        look = looks.of(
            locked=False, bg_color=_OPEN, border=1, border_color="#B8BEC5", num_format=_EUROS if field in MONEY else _COUNT
        )
        if field is Field.CAPACITY and one.figures.get(field):
            page.write_number(row, column, one.figures[field], look)
        else:
            page.write_blank(row, column, None, look)


def _write_known(page: Any, looks: _Formats, row: int, first: int, one: Known) -> None:
    def number(column: int, value: int | float | None, shape: str) -> None:
        look = looks.of(locked=True, bg_color=_GREY, font_color="#59616B", num_format=shape)
        page.write_blank(row, column, None, look) if value is None else page.write_number(row, column, value, look)

    figures, has = one.figures, one.tickets is not None
    number(first, sum(figures[TICKETS[k]] for k in TicketKind if k is not TicketKind.FREE) if has else None, _COUNT)
    number(first + 1, figures[Field.FREE] if has else None, _COUNT)
    number(first + 2, sum(figures[field] for field in RECETTES.values()) / 100 if has else None, _EUROS)
    number(first + 3, figures.get(Field.RESERVED), _COUNT)
    number(first + 4, figures.get(Field.BLOCKED), _COUNT)
    look = looks.of(locked=True, bg_color=_GREY, font_color="#59616B")
    page.write_string(row, first + 5, formats.moment(one.newest) if one.newest else "", look)


def _guard(page: Any, rows: int, heads: int, known: int) -> None:
    """Whole counts and amounts only, the rest locked; sorting and widths stay the user's."""
    first = len(_GIVEN) + 1
    for column, field in enumerate(FIGURES, first):
        is_money = field in MONEY
        page.data_validation(
            1, column, max(rows, 1), column,
            {
                "validate": "decimal" if is_money else "integer", "criteria": "between", "minimum": 0,
                "maximum": _MOST_EUROS if is_money else _MOST_SEATS, "error_title": name_of(field, formats.language_of())[:32],
                "error_message": _("Type euros and cents, such as 1234,50.") if is_money else _("Type a whole number, 0 or more."),
            },
        )  # fmt: skip
    page.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
    page.freeze_panes(1, 3)
    for column, width in enumerate((24, 11, 8, 20, 32, 24)):
        page.set_column(column, column, width)
    page.set_column(first, heads - 1, 11)
    page.set_column(heads, heads + known - 1, 12)
    page.set_landscape()
    page.repeat_rows(0)
    page.fit_to_pages(1, 0)


def _explain(book: Any, looks: _Formats, theatre: str, made_at: datetime) -> None:
    page = book.add_worksheet(_("How to fill it")[:31])
    page.set_column(0, 0, 28)
    page.set_column(1, 1, 96)
    name, text = looks.of(bold=True, valign="top", text_wrap=True), looks.of(valign="top", text_wrap=True)
    lines: list[tuple[str, str]] = [
        (_("Sheet of"), theatre),
        (_("Made on"), formats.full_moment(made_at)),
        (_("State until now"), _("Type everything sold until now, not what was sold since last time.")),
        (_("Tickets"), _("By kind. Normal: the regular rate. Discount: any reduced rate. Free: no price. Other: all else that was paid.")),
        (_("Recette"), _("Euros, including VAT and the theatre surcharge.")),
        (_("Reserved and blocked"), _("Seats that are reserved, or not for sale, now. Left empty: not stated.")),
        (_("Capacity"), _("All ranks together. Change it where the hall has another setting.")),
        (_("Empty rows"), _("A performance of which you fill in nothing stays as it is. Of a row with tickets, an empty kind counts as 0.")),
        (_("Grey cells"), _("What the platform knows; they are locked and not read.")),
        (_("Then"), _("Save the sheet and upload it on the same page. You see what changes before anything is written.")),
    ]  # fmt: skip
    for row, (head, words) in enumerate(lines):
        page.write_string(row, 0, head, name)
        page.write_string(row, 1, words, text)
    page.protect()


def rows_to_correct(table: Table, head: int | None, columns: Mapping[int, Field], findings: Iterable[CellFinding]) -> bytes:
    """The rows kept back, as they came, with a comment in each cell that is wrong, and the same words at the end of the row."""
    by_row: dict[int, list[CellFinding]] = {}
    for finding in findings:
        by_row.setdefault(finding.row, []).append(finding)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _BOOK)
    looks = _Formats(book)
    page = book.add_worksheet(_("To correct")[:31])
    line = 0
    if head is not None:
        for column, cell in enumerate((*table.rows[head], _("What to correct"))):
            _write_cell(page, looks, 0, column, cell, bold=True, bg_color=_HEAD, text_wrap=True)
        page.freeze_panes(1, 0)
        line = 1
    places = {field: place for place, field in columns.items()}
    for number in sorted(by_row):
        if number <= len(table.rows):
            _write_wrong(page, looks, line, table.rows[number - 1], places, by_row[number])
            line += 1
    page.set_column(0, max(table.width - 1, 0), 15)
    page.set_column(table.width, table.width, 80)
    book.close()
    return out.getvalue()


def _write_wrong(page: Any, looks: _Formats, line: int, row: Sequence[Cell], places: Mapping[Field, int], findings: Sequence[CellFinding]) -> None:  # fmt: skip
    told: dict[int, list[str]] = {}
    for finding in findings:
        place = places.get(finding.field, 0) if finding.field else 0
        told.setdefault(place, []).append(finding_text(finding))
    for column, cell in enumerate(row):
        options = {"bg_color": _WRONG, "border": 1, "border_color": "#B3261E"} if column in told else {}
        _write_cell(page, looks, line, column, cell, **options)
        if column in told:
            page.write_comment(line, column, "\n".join(told[column])[:2000], {"author": "DIP", "x_scale": 2})
    words = "; ".join(f"{field_name(finding.field)}: {finding_text(finding)}" for finding in findings)
    page.write_string(line, len(row), words[:2000], looks.of(font_color="#B3261E", text_wrap=True))


def _write_cell(page: Any, looks: _Formats, line: int, column: int, cell: Cell, **options: Any) -> None:
    if cell is None:
        page.write_blank(line, column, None, looks.of(**options)) if options else None
    elif isinstance(cell, bool):
        page.write_boolean(line, column, cell, looks.of(**options))
    elif isinstance(cell, datetime | date | time):
        shape = _MOMENT if isinstance(cell, datetime) else _CLOCK if isinstance(cell, time) else _DAY
        page.write_datetime(line, column, cell, looks.of(num_format=shape, **options))
    elif isinstance(cell, int | float):
        page.write_number(line, column, cell, looks.of(**options))
    else:
        page.write_string(line, column, cell[:32_000], looks.of(**options))
