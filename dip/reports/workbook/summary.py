"""The first sheet: the season in numbers that the other sheets add up to, and the genres beside the nation."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dip.kernel.money import ratio
from dip.reports.rules.sums import season_sums
from dip.reports.terms import National, SeasonSums, WeekReport
from dip.reports.workbook.book import Book, cell, reach
from dip.reports.workbook.table import Kind, Table
from dip.reports.workbook.tables import note_of, season_name, week_name
from dip.sales.queries.monitors import genre_names
from dip.sales.rules.findings import share_of
from dip.warehouse.terms import GenreCell, NotShown
from dip.web import formats

#: A line of the season: its label, what it is, its value, and the column of the performances that adds up to it (or a formula).
_Line = tuple[str, Kind, Callable[[SeasonSums], float | None], str]


def _lines() -> list[_Line]:
    whole, euros, rate = Kind.WHOLE, Kind.EUROS, Kind.RATE
    return [
        (_("Performances"), whole, lambda s: s.now.performances, "count:season"),
        (_("With figures"), whole, lambda s: s.now.with_tickets, "count:sold"),
        (_("For sale"), whole, lambda s: s.now.for_sale, "for_sale"),
        (_("Tickets sold, last week"), whole, lambda s: s.earlier.sold, "earlier"),
        (_("Tickets sold, this week"), whole, lambda s: s.now.sold, "sold"),
        (_("Mutation"), whole, lambda s: s.mutation, "={4}-{3}"),
        (_("Free tickets"), whole, lambda s: s.now.free, "free"),
        (_("Reserved"), whole, lambda s: s.now.reserved, "reserved"),
        (_("Occupancy, paid"), rate, lambda s: s.now.occupancy, '=IF({2}=0,"",{4}/{2})'),
        (_("Recette, last week"), euros, lambda s: s.earlier.recette_cents, "recette_earlier"),
        (_("Recette, this week"), euros, lambda s: s.now.recette_cents, "recette"),
        (_("Mutation, recette"), euros, lambda s: s.mutation_cents, "={10}-{9}"),
        (_("Average price"), euros, lambda s: s.now.price_cents, '=IF({4}=0,"",{10}/{4})'),
    ]


#: Row of the heads of the seasons; their lines follow.
_SEASONS_AT = 5


def add_summary(book: Book, report: WeekReport, performances: Table) -> None:
    """Write the sheet. ``performances``: the table that its formulas add up, on the sheet after it."""
    page = book.sheet(_("Summary"))
    page.set_column(0, 0, 40)
    page.set_column(1, 9, 17)
    page.write_string(0, 0, _("Weekly figures of {organisation}").format(organisation=report.organisation_name), book.title)
    page.write_string(1, 0, week_name(report.monday), book.section)
    page.write_string(2, 0, note_of(report), book.note)
    page.write_string(_SEASONS_AT - 1, 0, _("The season"), book.section)
    heads = [("", Kind.TEXT), *((_("Season {season}").format(season=season_name(y)), Kind.WHOLE) for y in report.seasons)]
    book.heads(page, _SEASONS_AT, heads)
    lines = _lines()
    for offset, (label, _kind, _value, _by) in enumerate(lines, 1):
        page.write_string(_SEASONS_AT + offset, 0, label)
    for column, year in enumerate(report.seasons, 1):
        _season(book, page, column, season_sums(report, year), performances)
    row = _SEASONS_AT + len(lines) + 3
    if report.national is not None:
        row = _genres(book, page, row, report, report.national)
    page.write_string(row, 0, _page_line(report), book.note)


def _season(book: Book, page: Any, column: int, sums: SeasonSums, performances: Table) -> None:
    name = season_name(sums.season_year)
    for offset, (_label, kind, value, by) in enumerate(_lines()):
        row = _SEASONS_AT + 1 + offset
        if by.startswith("="):
            formula = by[1:].format(*(cell(_SEASONS_AT + 1 + place, column) for place in range(len(_lines()))))
        else:
            formula = _added(performances, by, name)
        found = value(sums)
        if performances.rows and found is not None:
            book.write(page, row, column, found, kind, formula, bold=True)


def _added(performances: Table, by: str, season: str) -> str:
    seasons = f'{reach(performances, "season")},"{season}"'
    if by == "count:season":
        return f"COUNTIFS({seasons})"
    if by.startswith("count:"):
        return f'COUNTIFS({seasons},{reach(performances, by.removeprefix("count:"))},"<>")'
    return f"SUMIFS({reach(performances, by)},{seasons})"


def _genres(book: Book, page: Any, row: int, report: WeekReport, national: National) -> int:
    """The table of genres; the row after it."""
    published = formats.full_moment(national.true_at)
    page.write_string(row, 0, _("Your genres beside the nation, season {season}").format(season=season_name(national.season_year)), book.section)  # fmt: skip
    page.write_string(row + 1, 0, _("National figures and yours beside them as published on {moment}: performances in the Netherlands, public, with figures").format(moment=published), book.note)  # fmt: skip
    book.heads(page, row + 2, [(title, kind) for title, kind, _unit, _code in genre_columns()])
    names = genre_names((get_language() or "nl")[:2])
    first = row + 3
    cells = sorted(national.cells, key=lambda c: -c.own_tickets)
    for place, found in enumerate(cells):
        _genre(book, page, first + place, found, names)
    last = first + len(cells)
    page.write_string(last, 0, _("Yours together"))
    for column, name, kind in ((1, "own_performances", Kind.WHOLE), (2, "own_tickets", Kind.WHOLE), (3, "own_recette_cents", Kind.EUROS)):  # fmt: skip
        span = f"{cell(first, column)}:{cell(last - 1, column)}"
        book.write(page, last, column, sum(getattr(c, name) for c in cells), kind, f"SUM({span})", bold=True)
    return _reconciled(book, page, last + 2, report, cells, cell(last, 2)) + 2


def genre_columns() -> list[tuple[str, Kind, str, str]]:
    """Head, kind, unit and metric of the columns about genres."""
    return [
        (_("Genre"), Kind.TEXT, "", ""), (_("Your performances"), Kind.WHOLE, _("performances"), ""),
        (_("Your tickets"), Kind.WHOLE, _("tickets"), "tickets_sold"), (_("Your recette"), Kind.EUROS, _("euros"), "recette"),
        (_("Your occupancy"), Kind.RATE, "%", "occupancy_paid"), (_("National performances"), Kind.WHOLE, _("performances"), ""),
        (_("National tickets"), Kind.WHOLE, _("tickets"), "tickets_sold"), (_("National recette"), Kind.EUROS, _("euros"), "recette"),
        (_("National occupancy"), Kind.RATE, "%", "occupancy_paid"), (_("Market share"), Kind.RATE, "%", "market_share"),
    ]  # fmt: skip


def _genre(book: Book, page: Any, row: int, found: GenreCell, names: Mapping[int, str]) -> None:
    share = found.tickets if isinstance(found.tickets, NotShown) else share_of(found)
    values = [
        names.get(found.genre_id, ""), found.own_performances, found.own_tickets, found.own_recette_cents,
        ratio(found.own_tickets, found.own_for_sale), found.performances, found.tickets, found.recette_cents, _occupancy(found), share,
    ]  # fmt: skip
    for place, (value, (_title, kind, _unit, _code)) in enumerate(zip(values, genre_columns(), strict=True)):
        formula = f"IF({cell(row, 6)}=0,0,{cell(row, 2)}/{cell(row, 6)})" if place == 9 and isinstance(value, float) else ""
        book.write(page, row, place, value, kind, formula)


def _occupancy(found: GenreCell) -> float | NotShown | None:
    if isinstance(found.tickets, NotShown) or isinstance(found.for_sale, NotShown):
        return NotShown()
    return ratio(found.tickets, found.for_sale)


def _reconciled(book: Book, page: Any, row: int, report: WeekReport, cells: list[GenreCell], own: str) -> int:
    """Why the genres do not add up to the season: another moment, and performances outside the comparison."""
    sold, counted = season_sums(report, report.seasons[0]).now.sold, sum(c.own_tickets for c in cells)
    state = cell(_SEASONS_AT + 5, 1)
    page.write_string(row, 0, _("Tickets of the season, as known on Monday"))
    page.write_string(row + 1, 0, _("Of these genres, as published"))
    page.write_string(row + 2, 0, _("Difference: abroad, private, or known since"))
    book.write(page, row, 1, sold, Kind.WHOLE, state if report.lines else "")
    book.write(page, row + 1, 1, counted, Kind.WHOLE, own)
    book.write(page, row + 2, 1, sold - counted, Kind.WHOLE, f"{cell(row, 1)}-{cell(row + 1, 1)}")
    return row + 3


def _page_line(report: WeekReport) -> str:
    return _("The Sales Monitor shows the same sums when it looks at what was known on {moment}.").format(
        moment=formats.full_moment(report.known_at)
    )
