"""The workbook of a week in the active language."""

from django.utils.text import slugify
from django.utils.translation import gettext as _

from dip.reports.rules.weeks import days_of, week_number
from dip.reports.terms import Side, WeekReport
from dip.reports.workbook import tables
from dip.reports.workbook.book import Book
from dip.reports.workbook.explain import add_definitions
from dip.reports.workbook.summary import add_summary
from dip.reports.workbook.table import Table
from dip.web import formats


def workbook(report: WeekReport) -> bytes:
    """The file: summary, tables, definitions. The same report gives the same bytes."""
    book = Book(
        title=_("Weekly figures of {organisation}").format(organisation=report.organisation_name),
        organisation=report.organisation_name,
        moment=_("as known on {moment}").format(moment=formats.full_moment(report.known_at)),
        made_at=report.made_at,
    )
    found = sheets(report)
    add_summary(book, report, found[0])
    for table in found:
        book.add(table)
    add_definitions(book, report, found)
    return book.finish()


def sheets(report: WeekReport) -> list[Table]:
    """The tables of a side, all performances first; sheets that would be empty are left out."""
    found = [tables.performances(report)]
    if report.side is Side.PROVIDER and len({line.evening.producer for line in report.lines}) > 1:
        found.append(tables.producers(report))
    found += [tables.ten_weeks(report), tables.ten_weeks(report, euros=True), tables.seven_days(report)]
    later = [tables.silent(report)]
    if report.side is Side.THEATRE:
        later = [tables.coming(report), *later, tables.requests(report)]
    return found + [table for table in later if table.rows]


def file_name(report: WeekReport) -> str:
    """dip-2026-week-47-theater-proefstad.xlsx."""
    year = days_of(report.monday)[0].isocalendar().year
    return f"dip-{year}-week-{week_number(report.monday):02d}-{slugify(report.organisation_name)[:60]}.xlsx"
