"""What each page of the Sales Monitor shows, put together: a tour, a season, a single performance."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from dip.definitions.queries import genres
from dip.kernel.clock import AMSTERDAM
from dip.kernel.periods import season_period
from dip.registry.terms import Access
from dip.sales.queries import goals, history, standings, states, visible
from dip.sales.rules import seasons, targets, totals
from dip.sales.rules.curves import running
from dip.sales.terms import AsOf, Evening, Group, KeyFigure, Sales, SeasonCurve, Standing, Tour
from dip.warehouse import queries as warehouse
from dip.warehouse.terms import NotShown, ProductionComparison


def sales_of(access: Access, evenings: Sequence[Evening], as_of: AsOf, *, with_goals: bool = True) -> Sales:
    """Any performances of an access with their states, statuses, targets (when asked for) and sums. Three queries, four for an earlier
    moment."""
    limits = standings.limits()
    lines = states.lines(access, evenings, as_of)
    rows, bands = standings.stand(access, lines, as_of, limits)
    now, before = totals.total(line.state for line in lines), totals.total(line.before for line in lines)
    aims = goals.goals(access, evenings, as_of) if with_goals else {}
    figures = tuple(totals.key_figures(now, before))
    return Sales(tuple(rows), bands, now, before, figures, limits, goals=aims, progress=targets.progress(rows, aims))


def tour_sales(access: Access, tour: Tour, as_of: AsOf) -> Sales:
    """A production on tour, its figures beside comparable productions. Four queries, five for an earlier moment."""
    found = sales_of(access, visible.evenings_of_tour(access, tour.production_id), as_of)
    comparison = standings.production_comparison(access, tour, found.rows)
    return compared(found, comparison)


def compared(sales: Sales, comparison: ProductionComparison | NotShown | None) -> Sales:
    """The same with its figures set beside comparable productions."""
    figures: list[KeyFigure] = totals.key_figures(sales.now, sales.before, comparison)
    return replace(sales, figures=tuple(figures), comparison=comparison)


def groups(
    sales: Sales, key: Callable[[Evening], str], name: Callable[[Evening], str], note: Callable[[Evening], str],
    link: Callable[[Evening], str] = lambda _: "",
) -> list[Group]:  # fmt: skip
    """Performances put together under heads, the one with most performances to come first, then by name."""
    parts: dict[str, list[Standing]] = {}
    for row in sales.rows:
        parts.setdefault(key(row.line.evening), []).append(row)
    found = []
    for code, rows in parts.items():
        first = rows[0].line.evening
        group = totals.group(code, name(first), note(first), rows, sales.limits, link(first))
        found.append(replace(group, progress=targets.progress(rows, sales.goals, with_pace=False)) if sales.goals else group)
    return sorted(found, key=lambda g: (-g.totals.for_sale, g.name))


def narrowed(sales: Sales, keep: Callable[[Evening], bool]) -> Sales:
    """Only the performances for which ``keep`` holds, with sums of their own."""
    rows = tuple(row for row in sales.rows if keep(row.line.evening))
    now, before = totals.total(row.line.state for row in rows), totals.total(row.line.before for row in rows)
    return replace(
        sales, rows=rows, now=now, before=before, figures=tuple(totals.key_figures(now, before)), comparison=None,
        progress=targets.progress(rows, sales.goals),
    )  # fmt: skip


def season_curve(access: Access, sales: Sales, season_year: int, as_of: AsOf) -> SeasonCurve:
    """This season beside the last. Own running totals come from the warehouse; for an earlier moment from positions, two queries more."""
    if not as_of.is_earlier:
        return current_curve(access, season_year, as_of, sales.now.sold)
    this = _rebuilt(access, [row.line.evening for row in sales.rows], as_of)
    last = _rebuilt(access, visible.evenings_of_season(access, season_year - 1), as_of)
    return _curve(season_year, this, last, as_of, sales.now.sold)


def current_curve(access: Access, season_year: int, as_of: AsOf, sold: int) -> SeasonCurve:
    """The season now, ``sold`` being its paid tickets at this moment. No queries: the warehouse's published files."""
    this = [(day.sales_date, day.tickets) for day in warehouse.own_days(access, season_year)]
    last = [(day.sales_date, day.tickets) for day in warehouse.own_days(access, season_year - 1)]
    return _curve(season_year, this, last, as_of, sold)


def _curve(
    season_year: int, this: Sequence[tuple[date, int]], last: Sequence[tuple[date, int]], as_of: AsOf, sold: int
) -> SeasonCurve:
    today = as_of.at.astimezone(AMSTERDAM).date()
    is_over = today >= season_period(season_year).end
    if is_over and this:
        today = min(this[-1][0], today)
    own = seasons.until(this, today, sold) if this or sold else []
    return SeasonCurve(season_year, today, tuple(own), tuple(last), seasons.lead(sold, last, today), is_over)


def _rebuilt(access: Access, evenings: Sequence[Evening], as_of: AsOf) -> list[tuple[date, int]]:
    return running(history.new_per_date(access, evenings, as_of))


def genre_names(language: str) -> Mapping[int, str]:
    """Genre id → its name."""
    return {genre.id: genre.name(language) for genre in genres()}


def cities(rows: Iterable[Standing]) -> list[str]:
    """Towns in the order in which they are first played."""
    return list(dict.fromkeys(row.line.evening.city for row in rows))
