"""The tables of the trends: as rows of a page, and as sheets of a download with the same numbers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dip.benchmark.rules import findings
from dip.benchmark.views import words
from dip.benchmark.views.charts import bucket_names, season_words
from dip.kernel.money import ratio
from dip.warehouse.terms import Lead, LeadCell, LeadTimes, NotShown, Sums, Trend, TrendCell, TrendMeasure, TrendSeason
from dip.web import formats
from dip.web.downloads import DAYS, EUROS, RATE, TEXT, WHOLE, Sheet
from dip.web.marks import suppressed

_KINDS = {
    TrendMeasure.OCCUPANCY: RATE, TrendMeasure.PRICE: EUROS, TrendMeasure.RECETTE: EUROS, TrendMeasure.TICKETS: WHOLE,
    TrendMeasure.PERFORMANCES: WHOLE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One value of the dimension: its name, what is written per season, the last change, and one's own last."""

    name: str
    cells: Sequence[str | SafeString]
    change: str
    own: str
    is_total: bool = False


def heads(seasons: Sequence[TrendSeason]) -> list[tuple[str, str]]:
    """A head per season: its name, and a second line for one that is not finished."""
    return [
        (season_words(seasons, season.season_year), _("until {day}").format(day=words.until(season)) if season.is_running else "")
        for season in seasons
    ]


def trend_rows(trend: Trend, measure: TrendMeasure, names: Mapping[int, str]) -> list[Row]:
    """A row per value, and one for all together."""
    rows = [_trend_row(trend, measure, name, {y: trend.cells.get((y, key)) for y in _years(trend)}) for key, name in names.items()]
    rows = [row for row in rows if row is not None]
    total = _trend_row(trend, measure, _("All together"), {y: trend.totals.get(y) for y in _years(trend)}, is_total=True)
    return [*(row for row in rows if row), *([total] if total else [])]


def _years(found: Trend | LeadTimes) -> list[int]:
    return [season.season_year for season in found.seasons]


def _trend_row(
    trend: Trend, measure: TrendMeasure, name: str, cells: Mapping[int, TrendCell | None], *, is_total: bool = False
) -> Row | None:
    if all(cell is None for cell in cells.values()):
        return None
    values = {year: findings.value_of(cell, measure) for year, cell in cells.items()}
    written = [suppressed(bare=True) if isinstance(value, NotShown) else words.write(value, measure) for value in values.values()]
    ended = findings.finished(trend)
    moved = findings.change(values[ended[-2]], values[ended[-1]], measure) if len(ended) > 1 else None
    mine = words.write(findings.value_of(cells.get((ended or _years(trend))[-1]), measure, own=True), measure)
    return Row(name, written, words.write_change(moved, measure), mine, is_total)


@dataclass(frozen=True, slots=True)
class Composition:
    """What stands behind the figures of a season."""

    season: str
    so_far: str
    performances: str
    theatres: str
    providers: str
    coupled: str
    is_hidden: bool


def composition(trend: Trend) -> list[Composition]:
    """Per season how many performances, theatres and providers, and how many of them were coupled."""
    rows = []
    for season, (name, so_far) in zip(trend.seasons, heads(trend.seasons), strict=True):
        cell = trend.totals.get(season.season_year)
        sums = cell.national if cell else None
        if isinstance(sums, Sums):
            performances, theatres, providers = (formats.tickets(n) for n in (sums.performances, sums.theatres, sums.providers))
            share = words.coupled_share(sums.coupled, sums.performances)
            rows.append(Composition(name, so_far, performances, theatres, providers, share, False))
        elif isinstance(sums, NotShown):
            rows.append(Composition(name, so_far, "", "", "", "", True))
    return rows


def trend_sheet(trend: Trend, names: Mapping[int, str]) -> Sheet:
    """Every measure of every value and season, national and own: one row each."""
    measures = list(TrendMeasure)
    columns = [(str(words.DIMENSIONS[trend.dimension]), TEXT), (_("Season"), TEXT), (_("Until"), TEXT)]
    columns += [(_("{measure}, national").format(measure=words.MEASURES[m]), _KINDS[m]) for m in measures]
    columns += [
        (_("Seats for sale, national"), WHOLE), (_("Theatres"), WHOLE), (_("Providers"), WHOLE), (_("In coupled theatres"), RATE),
        (_("Occupancy, margin of 95 % (±)"), RATE), (_("Average price, margin of 95 % (±)"), EUROS),
    ]  # fmt: skip
    columns += [(_("{measure}, constant mix").format(measure=words.MEASURES[m]), _KINDS[m]) for m in measures[:4]]
    columns += [(_("{measure}, you").format(measure=words.MEASURES[m]), _KINDS[m]) for m in measures]
    rows = [
        [name, words.season_name(season.season_year), words.until(season), *_figures(cell, measures)]
        for name, season, cell in _cells(trend, names)
    ]
    return Sheet(_("Trends"), columns, rows)


def _cells(trend: Trend, names: Mapping[int, str]) -> Iterator[tuple[str, TrendSeason, TrendCell]]:
    for key, name in [*names.items(), (0, _("All together"))]:
        for season in trend.seasons:
            year = season.season_year
            cell = trend.cells.get((year, key)) if key else trend.totals.get(year)
            if cell is not None:
                yield name, season, cell


def _figures(cell: TrendCell, measures: Sequence[TrendMeasure]) -> list[object]:
    national: list[object] = [findings.value_of(cell, measure) for measure in measures]
    sums = cell.national
    if isinstance(sums, Sums):
        national += [sums.for_sale, sums.theatres, sums.providers, ratio(sums.coupled, sums.performances)]
    else:
        national += [sums] * 4
    margins = [cell.half_widths.get(measure) for measure in (TrendMeasure.OCCUPANCY, TrendMeasure.PRICE)]
    mixed = [cell.adjusted.get(measure) for measure in measures[:4]]
    return [*national, *margins, *mixed, *(findings.value_of(cell, measure, own=True) for measure in measures)]


def lead_rows(times: LeadTimes, names: Mapping[int, str]) -> list[Row]:
    """The median per value and season, and of all together."""
    rows = [_lead_row(times, name, {y: times.cells.get((y, key)) for y in _years(times)}) for key, name in names.items()]
    total = _lead_row(times, _("All together"), {y: times.totals.get(y) for y in _years(times)}, is_total=True)
    return [row for row in (*rows, total) if row is not None]


def _lead_row(times: LeadTimes, name: str, cells: Mapping[int, LeadCell | None], *, is_total: bool = False) -> Row | None:
    if all(cell is None for cell in cells.values()):
        return None
    written: list[str | SafeString] = []
    for cell in cells.values():
        lead = cell.national if cell else None
        written.append(suppressed(bare=True) if isinstance(lead, NotShown) else formats.number(lead.median if lead else None, 1))
    ended = findings.finished(times)
    pair = [cell.national if (cell := cells.get(year)) else None for year in ended[-2:]]
    medians = [lead.median for lead in pair if isinstance(lead, Lead)]
    moved = formats.signed(round(medians[1] - medians[0], 1), 1) if len(medians) == 2 else formats.MISSING
    last = cells.get((ended or _years(times))[-1])
    return Row(name, written, moved, formats.number(last.own.median if last and last.own else None, 1), is_total)


def lead_sheet(times: LeadTimes, names: Mapping[int, str]) -> Sheet:
    """Medians and shares by horizon of every value and season, national and own: one row each."""
    columns = [
        (str(words.DIMENSIONS[times.dimension]), TEXT), (_("Season"), TEXT), (_("Until"), TEXT), (_("Performances"), WHOLE),
        (_("Theatres"), WHOLE), (_("Median in days, national"), DAYS), (_("Median, margin of 95 % (±)"), DAYS),
    ]  # fmt: skip
    columns += [(_("National, {horizon}").format(horizon=head), RATE) for head in bucket_names()]
    columns += [(_("Your performances"), WHOLE), (_("Median in days, you"), DAYS)]
    columns += [(_("You, {horizon}").format(horizon=head), RATE) for head in bucket_names()]
    rows = []
    for key, name in [*names.items(), (0, _("All together"))]:
        for season in times.seasons:
            year = season.season_year
            cell = times.cells.get((year, key)) if key else times.totals.get(year)
            if cell is not None:
                rows.append([name, words.season_name(year), words.until(season), *_lead_figures(cell)])
    return Sheet(_("Lead times"), columns, rows)


def _lead_figures(cell: LeadCell) -> list[object]:
    lead, own = cell.national, cell.own
    if isinstance(lead, Lead):
        national: list[object] = [lead.performances, lead.theatres, lead.median, cell.half_width, *lead.buckets]
    else:
        national = [lead, lead, lead, None, *([lead] * 6)]
    return [*national, *([own.performances, own.median, *own.buckets] if own else [None] * 8)]
