"""The charts of the Sales Monitor: own numbers handed to the house's drawings, with the finding as heading."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dip.sales.rules import curves, findings
from dip.sales.rules.distance import days_to
from dip.sales.terms import AsOf, DayState, Expectation, SeasonCurve, Standing
from dip.sales.views.phrases import phrase, season_name
from dip.warehouse.terms import Band, NotShown
from dip.web import formats
from dip.web.charts.curve import BandPoint, SalesCurve, sales_curve
from dip.web.charts.figure import Figure
from dip.web.charts.season import SeasonChart, season_chart

#: Least days that a curve shows, so that a young sale has room.
LEAST_DAYS = 28


def performance_curve(
    row: Standing, days: Sequence[DayState], band: Band | NotShown | None, as_of: AsOf, target: int | None = None
) -> Figure:
    """The sales curve of one performance, with the band scaled to its hall, and the organisation's own target."""
    evening, state = row.line.evening, row.line.state
    heard_until = min(row.line.confirmed_at or as_of.at, as_of.at)
    stop = max(days_to(evening.performance_date, heard_until), 0)
    own = curves.own_points(days, evening.performance_date, (stop, state.sold) if state.has_tickets else None)
    first = max([LEAST_DAYS, *(x for x, _sold in own)])
    expected = row.expected if isinstance(row.expected, Expectation) else None
    points = curves.band_points(band, state.for_sale, first, stop if not row.is_played else None, expected)
    return sales_curve(
        SalesCurve(
            name="curve",
            subject=evening.city,
            own=own,
            capacity=state.for_sale,
            today=None if row.is_played else max(row.days, 0),
            band=[BandPoint(*point) for point in points],
            title=phrase(findings.performance_heading(row, as_of.at)),
            sub=_performance_sub(row, band),
            note=_cohort_note(band),
            target=target,
        )
    )


def _performance_sub(row: Standing, band: Band | NotShown | None) -> str:
    evening = row.line.evening
    own = _("Tickets sold, by days before the performance of {day}, {theatre}.").format(
        day=formats.full_day(evening.performance_date), theatre=evening.theatre
    )
    return f"{own} {comparable(band)}"


def comparable(band: Band | NotShown | None) -> str:
    """What the grey is, with how many performances; or that there is none, and why."""
    if not isinstance(band, Band):
        return _("No comparable performances can be shown: too few, or too concentrated.")
    count = band.cohort.performance_count
    return ngettext(
        "Grey: {n} comparable performance, p10 to p90 and median, scaled to this hall.",
        "Grey: {n} comparable performances, p10 to p90 and median, scaled to this hall.",
        count,
    ).format(n=formats.tickets(count))


def _cohort_note(band: Band | NotShown | None) -> str:
    if not isinstance(band, Band):
        return ""
    seasons = ", ".join(season_name(year) for year in band.cohort.seasons)
    if band.cohort.widened:
        return _("Comparable: the same genre in halls of any size, season {seasons}, without your own.").format(seasons=seasons)
    return _("Comparable: the same genre in halls of this size class, season {seasons}, without your own.").format(seasons=seasons)


def season(curve: SeasonCurve) -> Figure:
    """This season by date of sale, last season grey beside it."""
    sold = curve.this[-1][1] if curve.this else 0
    return season_chart(
        SeasonChart(
            name="season",
            this=curve.this,
            last=curve.last,
            label=season_name(curve.season_year),
            last_label=season_name(curve.season_year - 1),
            today=curve.today,
            is_over=curve.is_over,
            title=phrase(findings.season_heading(curve.season_year, curve.lead, sold)),
            sub=_season_sub(curve),
        )
    )


def _season_sub(curve: SeasonCurve) -> str:
    text = _("Cumulative tickets sold for the season, by date of sale.")
    if curve.last:
        return text + " " + _("Grey: {season} at the same day.").format(season=season_name(curve.season_year - 1))
    return text
