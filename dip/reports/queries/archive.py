"""The archive of an access: its weeks, and the workbook of one of them as it was sent, or made again."""

from datetime import date, datetime

from dip.kernel.periods import season_year
from dip.registry.terms import Access
from dip.reports.models import Edition, EditionFile
from dip.reports.queries.readers import own_letters
from dip.reports.queries.report import report_of
from dip.reports.queries.weeks import totals
from dip.reports.rules.weeks import WEEK
from dip.reports.terms import ArchiveWeek, WeekReport
from dip.sales.queries import visible


def weeks_of(access: Access, at: datetime, *, first: int = 0, limit: int = 12) -> tuple[list[ArchiveWeek], int]:
    """The newest weeks of an access, and how many there are in all. At most seven queries, however many weeks."""
    found = Edition.objects.within(access)
    count = found.count()
    editions = list(found.order_by("-monday")[first : first + limit])
    if not editions:
        return [], count
    mondays = [edition.monday for edition in editions]
    whole = set(EditionFile.objects.within(access).filter(edition__in=editions).values_list("edition_id", flat=True))
    letters = own_letters(access, mondays)
    sold = _sold(access, mondays, at)
    return [
        ArchiveWeek(
            e.monday, e.known_at, e.made_at, e.sums.get("in_week"), sold.get(e.monday, 0), letters.get(e.monday), e.pk in whole
        )
        for e in editions
    ], count


def _sold(access: Access, mondays: list[date], at: datetime) -> dict[date, int]:
    productions = visible.own_productions(access)
    evenings = []
    for year in range(season_year(min(mondays)), season_year(max(mondays)) + 2):
        evenings += visible.evenings_of_season(access, year, productions)
    return totals(access, evenings, min(mondays) - WEEK, at)


def edition_of(access: Access, monday: date) -> Edition | None:
    """The edition of a week, None when the access has none. One query."""
    found: Edition | None = Edition.objects.within(access).filter(monday=monday).first()
    return found


def kept_workbook(access: Access, monday: date, language: str) -> tuple[str, bytes] | None:
    """Name and content of the workbook as it was sent in a language; None when none is kept. One query."""
    found = EditionFile.objects.within(access).filter(edition__monday=monday, language=language).select_related("enclosure").first()
    return (found.enclosure.name, bytes(found.enclosure.content)) if found else None


def rebuilt(access: Access, edition: Edition, at: datetime) -> WeekReport:
    """The report of an edition, from what was known on its moment and the national figures that were kept with it."""
    return report_of(access, edition.monday, edition.made_at or at, edition.national)
