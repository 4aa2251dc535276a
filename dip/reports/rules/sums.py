"""Sums of a week's report: per season, production, producer and place."""

from collections.abc import Callable, Iterable, Sequence

from dip.reports.terms import PerformanceLine, ProductionSums, SeasonSums, Side, WeekReport
from dip.sales.rules.totals import total


def season_sums(report: WeekReport, season_year: int) -> SeasonSums:
    """The season as its page shows it, and as the report of a week earlier did."""
    lines = report.of_season(season_year)
    return SeasonSums(
        season_year,
        total(line.state for line in lines),
        total(line.earlier for line in lines),
        sum(not line.is_played for line in lines),
    )


def weekly(lines: Iterable[PerformanceLine]) -> tuple[int, ...]:
    """Tickets before the ten weeks and in each of them, over performances together."""
    return tuple(sum(column) for column in zip(*(line.tickets for line in lines), strict=True))


def productions(report: WeekReport) -> list[ProductionSums]:
    """Per production and season; the season that runs first, in it the largest mutation first, then by title."""
    parts = grouped(report.lines, lambda line: (line.season_year, line.evening.dip_id))
    found = [_production(report.side, lines) for lines in parts.values()]
    return sorted(found, key=lambda p: (p.season_year, -(p.sold - p.earlier), p.title, p.dip_id))


def grouped(lines: Iterable[PerformanceLine], key: Callable[[PerformanceLine], object]) -> dict[object, list[PerformanceLine]]:
    """Lines by a key, in their own order."""
    parts: dict[object, list[PerformanceLine]] = {}
    for line in lines:
        parts.setdefault(key(line), []).append(line)
    return parts


def _production(side: Side, lines: Sequence[PerformanceLine]) -> ProductionSums:
    evening = lines[0].evening
    now, earlier = total(line.state for line in lines), total(line.earlier for line in lines)
    places = {line.evening.theatre_id if side is Side.PROVIDER else line.evening.hall_id for line in lines}
    return ProductionSums(
        dip_id=evening.dip_id,
        title=evening.title,
        producer=evening.producer,
        genre_id=evening.genre_id,
        season_year=lines[0].season_year,
        performances=now.performances,
        with_figures=now.with_tickets,
        coming=sum(not line.is_played for line in lines),
        places=len(places),
        capacity=sum(line.state.capacity for line in lines),
        for_sale=now.for_sale,
        sold=now.sold,
        earlier=earlier.sold,
        cents=now.recette_cents,
        earlier_cents=earlier.recette_cents,
        reserved=now.reserved,
        tickets=weekly(lines),
        weekly_cents=tuple(sum(column) for column in zip(*(line.cents for line in lines), strict=True)),
    )


def as_told(report: WeekReport) -> dict[str, int]:
    """The numbers of the mail, to keep with its edition: cents and tickets."""
    sums = season_sums(report, report.seasons[0])
    return {
        "sold": sums.now.sold,
        "recette_cents": sums.now.recette_cents,
        "in_week": weekly(report.lines)[-1] if report.lines else 0,
        "performances": sums.now.performances,
    }
