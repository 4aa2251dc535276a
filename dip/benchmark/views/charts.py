"""Figures of the trends: the whole over the years, each value in a panel, and when people buy."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dip.benchmark.rules import findings
from dip.benchmark.rules.closures import closures_of
from dip.benchmark.terms import Finding
from dip.benchmark.views import words
from dip.benchmark.views.phrases import phrase
from dip.benchmark.views.question import Scale
from dip.warehouse.rules.trends import LEAD_GRID
from dip.warehouse.terms import Lead, LeadCell, LeadTimes, NotShown, Trend, TrendCell, TrendMeasure, TrendSeason
from dip.web import formats
from dip.web.charts.figure import Cell, Figure
from dip.web.charts.trends import TrendChart, TrendLine, Write, trend_chart
from dip.web.charts.trends_panels import Panel, Panels, panels_chart
from dip.web.charts.trends_shares import ShareBar, Shares, shares_chart

_SUMS = (TrendMeasure.TICKETS, TrendMeasure.RECETTE, TrendMeasure.PERFORMANCES)
#: Days before at which the curves begin, and where their axis is marked.
_LONGEST, _MARKS = 237, (181, 91, 31)


def season_words(seasons: Sequence[TrendSeason], year: int) -> str:
    """A season with a star when theatres were closed in it."""
    star = "*" if closures_of((year,)) else ""
    return words.season_name(year) + star


def whole(trend: Trend, measure: TrendMeasure, scale: Scale, scope: str) -> Figure:
    """The nation, the nation at constant mix, and one's own, season by season."""
    write: Write = lambda value: words.write(value, measure)  # noqa: E731
    lines = _lines(trend, measure)
    is_index = scale is Scale.INDEX
    if is_index:
        lines, write = [_indexed(line) for line in lines], lambda value: formats.number(value, 1)
    years = [season.season_year for season in trend.seasons]
    unit = _("First season = 100") if is_index else str(words.MEASURES[measure])
    return trend_chart(
        TrendChart(
            name="whole",
            title=phrase(findings.trend_heading(trend, measure), measure),
            sub=_("{unit}, {scope}, all performances of a season together.").format(unit=unit, scope=scope),
            column=_("Season"),
            stops=[(float(n), season_words(trend.seasons, year), words.season_name(year)) for n, year in enumerate(years)],
            lines=lines,
            ticks=_season_ticks(trend.seasons, every=1),
            few_ticks=_season_ticks(trend.seasons, every=max(-(-len(years) // 3), 1)),
            write=write,
            tick=(lambda value: formats.number(value, 0)) if is_index else (lambda value: words.tick(value, measure)),
            raw=(lambda value: f"{value:.1f}") if is_index else (lambda value: words.raw(value, measure)),
            so_far=_so_far(trend.seasons),
            note=_so_far_note(trend.seasons, is_drawn=measure not in _SUMS),
        )
    )


def _season_ticks(seasons: Sequence[TrendSeason], every: int) -> list[tuple[float, str]]:
    last = len(seasons) - 1
    return [(float(n), season_words(seasons, s.season_year)) for n, s in enumerate(seasons) if (last - n) % every == 0]


def _so_far(seasons: Sequence[TrendSeason]) -> int | None:
    return len(seasons) - 1 if seasons[-1].is_running else None


def _so_far_note(seasons: Sequence[TrendSeason], *, is_drawn: bool) -> str:
    if not seasons[-1].is_running:
        return ""
    season, day = words.season_name(seasons[-1].season_year), words.until(seasons[-1])
    if is_drawn:
        return _("Hollow: {season} as far as {day}; these months alone are no whole season.").format(season=season, day=day)
    return _("{season} runs until {day} so far and is not drawn.").format(season=season, day=day)


def _lines(trend: Trend, measure: TrendMeasure) -> list[TrendLine]:
    years = [season.season_year for season in trend.seasons]
    left_out = trend.seasons[-1].season_year if trend.seasons[-1].is_running and measure in _SUMS else None
    cells = [None if year == left_out else trend.totals.get(year) for year in years]
    national, hidden = _values(cells, measure)
    lines = [
        TrendLine(_("National"), "national", national, [cell.half_widths.get(measure) if cell else None for cell in cells], hidden)
    ]
    own = [value if isinstance(value := findings.value_of(cell, measure, own=True), float | int) else None for cell in cells]
    if any(value is not None for value in own):
        lines.insert(0, TrendLine(_("Your own"), "own", own))
    adjusted = [cell.adjusted.get(measure) if cell and cell.season_year != trend.base else None for cell in cells]
    if any(value is not None for value in adjusted):
        base = years.index(trend.base)
        adjusted[base] = national[base]
        lines.append(TrendLine(_("Constant mix"), "adjusted", adjusted))
    return lines


def _values(cells: Sequence[TrendCell | None], measure: TrendMeasure) -> tuple[list[float | None], frozenset[int]]:
    values = [findings.value_of(cell, measure) for cell in cells]
    hidden = frozenset(at for at, value in enumerate(values) if isinstance(value, NotShown))
    return [value if isinstance(value, float | int) else None for value in values], hidden


def _indexed(line: TrendLine) -> TrendLine:
    first = next((value for value in line.values if value), None)
    if first is None:
        return line
    margins = [None if margin is None else 100 * margin / first for margin in line.margins]
    return TrendLine(line.name, line.style, [None if v is None else 100 * v / first for v in line.values], margins, line.hidden)


def by_value(trend: Trend, measure: TrendMeasure, names: Mapping[int, str], scope: str) -> Figure | None:
    """Each value of the dimension in a panel of its own; None when nothing at all may be shown."""
    years = findings.finished(trend)
    panels, table = [], []
    for key, name in names.items():
        cells = [trend.cells.get((year, key)) for year in years]
        if all(cell is None for cell in cells):
            continue
        national, hidden = _values(cells, measure)
        own = [value if isinstance(value := findings.value_of(cell, measure, own=True), float | int) else None for cell in cells]
        text = _("not shown") if len(years) - 1 in hidden else words.write(national[-1], measure)
        panels.append(Panel(name, national, own, text, words.write(own[-1], measure) if own[-1] is not None else ""))
        table.append([Cell(name, str(key)), *(cell for one in cells for cell in _twin(one, measure))])
    if not any(value is not None for panel in panels for value in panel.national):
        return None
    heading = findings.values_heading(trend, measure)
    values = {**heading.values, "of": names.get(heading.values["of"], "")} if "of" in heading.values else heading.values
    heads = [
        head.format(season=words.season_name(year)) for year in years for head in (_("{season}, national"), _("{season}, you"))
    ]
    return panels_chart(
        Panels(
            name="values",
            title=phrase(Finding(heading.code, values), measure),
            sub=_("{unit}, {scope}, by {dimension}; all panels on the same scale from 0.").format(
                unit=words.MEASURES[measure], scope=scope, dimension=str(words.DIMENSIONS[trend.dimension]).lower()
            ),
            panels=panels,
            first=words.season_name(years[0]),
            last=words.season_name(years[-1]),
            columns=[str(words.DIMENSIONS[trend.dimension]), *heads],
            table=table,
            own_label=_("Your own"),
            national_label=_("National"),
        )
    )


def _twin(cell: TrendCell | None, measure: TrendMeasure) -> list[Cell]:
    national, own = findings.value_of(cell, measure), findings.value_of(cell, measure, own=True)
    mine = own if isinstance(own, float | int) else None
    if isinstance(national, NotShown):
        told = Cell(_("not shown: too few, or too concentrated"), "")
    else:
        told = Cell(words.write(national, measure), "" if national is None else words.raw(national, measure))
    return [told, Cell(words.write(mine, measure), "" if mine is None else words.raw(mine, measure))]


def _days(value: float | None) -> str:
    return formats.number(value, 1)


def medians(times: LeadTimes, scope: str, heading: str) -> Figure:
    """The median lead time per season, national with its margin, and one's own."""
    years = [season.season_year for season in times.seasons]
    cells = [times.totals.get(year) for year in years]
    national = [cell.national.median if cell and isinstance(cell.national, Lead) else None for cell in cells]
    hidden = frozenset(at for at, cell in enumerate(cells) if cell and isinstance(cell.national, NotShown))
    lines = [TrendLine(_("National"), "national", national, [cell.half_width if cell else None for cell in cells], hidden)]
    own = [cell.own.median if cell and cell.own else None for cell in cells]
    if any(value is not None for value in own):
        lines.insert(0, TrendLine(_("Your own"), "own", own))
    return trend_chart(
        TrendChart(
            name="medians",
            title=heading,
            sub=_("Days before the performance at which half of the final tickets were sold, {scope}. Lower is later.").format(
                scope=scope
            ),
            column=_("Season"),
            stops=[(float(n), season_words(times.seasons, year), words.season_name(year)) for n, year in enumerate(years)],
            lines=lines,
            ticks=_season_ticks(times.seasons, every=1),
            few_ticks=_season_ticks(times.seasons, every=max(-(-len(years) // 3), 1)),
            write=_days,
            tick=lambda value: formats.number(value, 0),
            raw=lambda value: f"{value:.1f}",
            so_far=_so_far(times.seasons),
            note=_so_far_note(times.seasons, is_drawn=True),
        )
    )


def horizons(times: LeadTimes, bars: Sequence[tuple[str, LeadCell]], title: str, scope: str) -> Figure:
    """Shares of the final tickets by horizon, nearest last; drawn in four classes, told in six."""
    heads = bucket_names()
    table, drawn = [], []
    for name, cell in bars:
        lead = cell.national
        hidden = isinstance(lead, NotShown)
        told = _("not shown: too few, or too concentrated")
        shares = lead.buckets if isinstance(lead, Lead) else None
        drawn.append(ShareBar(name, _four(shares) if shares else None))
        row = (
            [Cell(formats.percent(share, 0), f"{share:.2f}") for share in shares]
            if shares
            else [Cell(told if hidden else formats.MISSING, "")] * 6
        )
        own = (
            [Cell(formats.percent(share, 0), f"{share:.2f}") for share in cell.own.buckets]
            if cell.own
            else [Cell(formats.MISSING, "")] * 6
        )
        table.append([Cell(name, name), *row, *own])
    columns = [_("National, {horizon}").format(horizon=head) for head in heads] + [
        _("You, {horizon}").format(horizon=head) for head in heads
    ]
    return shares_chart(
        Shares(
            name="horizons",
            title=title,
            sub=_("Share of the final tickets by days before the performance, {scope}, national.").format(scope=scope),
            classes=[_("more than 90 days"), _("31–90 days"), _("8–30 days"), _("last week")],
            bars=drawn,
            columns=["", *columns],
            table=table,
        )
    )  # fmt: skip


def _four(shares: Sequence[float]) -> list[float]:
    """From six horizons, nearest first, to four classes, farthest first."""
    return [max(shares[4] + shares[5], 0.0), max(shares[3], 0.0), max(shares[2], 0.0), max(shares[0] + shares[1], 0.0)]


def bucket_names() -> list[str]:
    """The six horizons, nearest first."""
    return [_("on the day"), _("1–7 days"), _("8–30 days"), _("31–90 days"), _("91–180 days"), _("over 180 days")]


def curves(times: LeadTimes, scope: str) -> Figure | None:
    """How the final tickets came in, by days before: the newest finished season, the oldest, and one's own; None without any."""
    years = [year for year in findings.finished(times) if isinstance(_lead(times, year), Lead)]
    if not years:
        return None
    grid = [day for day in reversed(LEAD_GRID) if day <= _LONGEST]
    newest, oldest = years[-1], years[0]
    lines = [_curve(_lead(times, newest), words.season_name(newest), "national", grid)]
    if oldest != newest:
        lines.append(_curve(_lead(times, oldest), season_words(times.seasons, oldest), "before", grid))
    cell = times.totals.get(newest)
    if cell and cell.own:
        lines.insert(0, _curve(cell.own, _("You, {season}").format(season=words.season_name(newest)), "own", grid))
    shown = _lead(times, newest)
    month = shown.kept[LEAD_GRID.index(31)] if isinstance(shown, Lead) else 0.0
    count = shown.performances if isinstance(shown, Lead) else 0
    sub = ngettext(
        "Share of the final tickets sold, by days before; {n} performance in {season}, {scope}.",
        "Share of the final tickets sold, by days before; {n} performances in {season}, {scope}.",
        count,
    ).format(n=formats.tickets(count), season=words.unbroken_season(newest), scope=scope)
    ticks = [(-float(day), str(day)) for day in _MARKS]
    return trend_chart(
        TrendChart(
            name="curves",
            title=_("A month before the performance {share} of the final tickets had been sold in {season}").format(
                share=formats.percent(month, 0), season=words.unbroken_season(newest)
            ),
            sub=sub,
            column=_("Days before"),
            stops=[(-float(day), str(day), str(day)) for day in grid],
            lines=lines,
            ticks=[(-float(_MARKS[0]), _("{days} days before").format(days=_MARKS[0])), *ticks[1:], (0.0, _("performance"))],
            few_ticks=[*ticks[:2], (0.0, _("performance"))],
            write=lambda value: formats.percent(value, 0),
            tick=lambda value: formats.percent(value, 0),
            raw=lambda value: f"{value:.2f}",
            top=0.9999,  # the axis is marked at the quarters
            with_values=False,
        )
    )


def _lead(times: LeadTimes, year: int) -> Lead | NotShown | None:
    cell = times.totals.get(year)
    return cell.national if cell else None


def _curve(lead: Lead | NotShown | None, name: str, style: str, grid: Sequence[int]) -> TrendLine:
    kept = lead.kept if isinstance(lead, Lead) else ()
    return TrendLine(name, style, [kept[LEAD_GRID.index(day)] if kept else None for day in grid])
