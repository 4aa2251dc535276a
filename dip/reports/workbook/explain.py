"""The last sheet: what every column means, of when it is, where it comes from, and over what it counts."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dip.definitions.queries import metric
from dip.reports.rules.weeks import WEEK
from dip.reports.terms import WeekReport
from dip.reports.workbook.book import Book
from dip.reports.workbook.summary import genre_columns
from dip.reports.workbook.table import Column, Kind, Moment, Source, Table
from dip.reports.workbook.tables import coverage
from dip.web import formats


def add_definitions(book: Book, report: WeekReport, tables: Sequence[Table]) -> None:
    """Write the sheet: first about the whole workbook, then a line for every column of every table."""
    page = book.sheet(_("Definitions"))
    for place, width in enumerate((22, 24, 13, 60, 34, 24, 34, 34, 30)):
        page.set_column(place, place, width)
    page.write_string(0, 0, _("What these figures are"), book.title)
    row = 2
    for name, text in _about(report):
        page.write_string(row, 0, name, book.wrap)
        page.merge_range(row, 1, row, 8, "", book.wrap)
        page.write_string(row, 1, text, book.wrap)
        row += 1
    row += 1
    heads = (
        _("Sheet"),
        _("Column"),
        _("Unit"),
        _("Definition"),
        _("Formula"),
        _("Version"),
        _("Moment"),
        _("Source"),
        _("Coverage"),
    )
    book.heads(page, row, [(head, Kind.TEXT) for head in heads])
    page.repeat_rows(row)
    for line in _lines(report, tables):
        row += 1
        for place, text in enumerate(line):
            page.write_string(row, place, text, book.wrap)


def _about(report: WeekReport) -> list[tuple[str, str]]:
    return [
        (_("Figures of"), report.organisation_name),
        (_("As known on"), _("{moment}, when the sales day of Sunday had closed. What became known later is not in it.").format(moment=formats.full_moment(report.known_at))),
        (_("Made on"), formats.full_moment(report.made_at)),
        (_("Last week’s state"), _("As the workbook of a week earlier had it: known on {moment}.").format(moment=formats.full_moment(report.known_at - WEEK))),
        (_("Mutation"), _("This week’s state less last week’s: what was sold in the week, and what changed of earlier days.")),
        (_("Amounts"), _("Euros, including VAT and the theatre surcharge")),
        (_("Not in sold"), _("Resale, reservations, blocked seats and free tickets")),
        (_("Not shown"), _("A figure of others that is too few, or too concentrated, is not shown.")),
        (_("Totals"), _("Formulas. With a filter on, they count the rows that are shown.")),
    ]  # fmt: skip


def _lines(report: WeekReport, tables: Sequence[Table]) -> Iterable[tuple[str, ...]]:
    for table in tables:
        for column in table.columns:
            yield _line(report, table.name, column, table.coverage)
    if report.national is not None:
        for title, kind, unit, code in genre_columns():
            if kind is Kind.TEXT:
                continue
            about = "" if code else _("Performances of the genre with figures")
            column = Column("", title, kind, unit, code, about, Moment.PUBLISHED, Source.NATIONAL)
            yield _line(report, _("Summary"), column, _("performances in the Netherlands, public, with figures"))


def _line(report: WeekReport, sheet: str, column: Column, covered: str) -> tuple[str, ...]:
    definition = metric(column.code, (get_language() or "nl")[:2]) if column.code else None
    text = " ".join(part for part in (definition.sentence if definition else "", column.about) if part)
    return (
        sheet, column.title.replace("\n", " "), column.unit or _units()[column.kind], text, definition.formula if definition else "",
        definition.version_name if definition else "", _moment(report, column.moment), str(_sources()[column.source]),
        (covered or coverage(report.lines)) if column.moment is not Moment.NONE else "",
    )  # fmt: skip


def _units() -> dict[Kind, str]:
    return {
        Kind.TEXT: _("text"), Kind.NAME: _("text"), Kind.WHOLE: _("number"), Kind.EUROS: _("euros"), Kind.RATE: "%",
        Kind.DAY: _("date"), Kind.MOMENT: _("date and time"),
    }  # fmt: skip


def _moment(report: WeekReport, moment: Moment) -> str:
    known = formats.full_moment(report.known_at)
    if moment is Moment.PUBLISHED:
        at = report.national.true_at if report.national else report.made_at
        return _("as published on {moment}").format(moment=formats.full_moment(at))
    first, last = report.monday - WEEK, report.monday - timedelta(days=1)
    texts = {
        Moment.NONE: "",
        Moment.KNOWN: _("as known on {moment}").format(moment=known),
        Moment.EARLIER: _("as known on {moment}").format(moment=formats.full_moment(report.known_at - WEEK)),
        Moment.WEEK: _("sales days {first} to {last}, as known on {moment}").format(
            first=formats.plain_day(first), last=formats.plain_day(last), moment=known
        ),
        Moment.MADE: _("as it stood on {moment}").format(moment=formats.full_moment(report.made_at)),
    }
    return texts[moment]


def _sources() -> dict[Source, str]:
    return {
        Source.PROGRAMME: _("Programme, as the provider entered it"),
        Source.TICKETING: _("Ticketing systems of the theatres"),
        Source.NATIONAL: _("All connected theatres, under the platform’s rules on what may be shown"),
        Source.COMPUTED: _("Computed from the other columns"),
    }
