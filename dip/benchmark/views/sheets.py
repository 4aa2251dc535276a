"""Downloads of the trends: what every one says of itself, and figures that are not shown as cells."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _

from dip.definitions.queries import explained
from dip.kernel import clock
from dip.registry.terms import Access
from dip.warehouse.terms import NotShown, TrendSeason
from dip.web import downloads, formats
from dip.web.downloads import HELD, Lines, Sheet


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


def workbook(table: Sheet, lines: Lines, codes: Sequence[str], name: str) -> HttpResponse:
    """A workbook called ``name``: the table, and a sheet that explains it, with the definitions of ``codes``."""
    return downloads.as_file(downloads.workbook([_held(table)], [*lines, ("", ""), *explained(codes, formats.language_of())]), name)


def comma_separated(table: Sheet, lines: Lines, codes: Sequence[str], name: str) -> HttpResponse:
    """The same, comma-separated."""
    return downloads.as_file(downloads.comma_separated([_held(table)], [*lines, *explained(codes, formats.language_of())]), name)


def _held(table: Sheet) -> Sheet:
    rows = [[HELD if isinstance(value, NotShown) else value for value in row] for row in table.rows]
    return Sheet(table.name, table.columns, rows)
