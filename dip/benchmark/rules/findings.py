"""Which sentences the numbers carry: what changed, by how much, and whether it stands out from its margin."""

import math
from collections.abc import Mapping, Sequence

from dip.benchmark.terms import Finding
from dip.warehouse.rules.trends import rate_of
from dip.warehouse.terms import LeadChange, LeadTimes, NotShown, Sums, Trend, TrendCell, TrendMeasure

#: Below this relative change a count, amount or price is as before.
REMARKABLE = 0.01
#: Below this difference an occupancy is as before.
POINT = 0.005
#: What has a margin between theatres; of the others only the disturbance is known.
RATES = (TrendMeasure.OCCUPANCY, TrendMeasure.PRICE)


def value_of(cell: TrendCell | None, measure: TrendMeasure, *, own: bool = False) -> float | NotShown | None:
    """The national or own value of a cell; None when there is nothing."""
    sums = None if cell is None else cell.own if own else cell.national
    return sums if isinstance(sums, NotShown) or sums is None else rate_of(sums, measure)


def change(before: float | NotShown | None, after: float | NotShown | None, measure: TrendMeasure) -> float | None:
    """Difference of an occupancy (0..1), relative difference of everything else; None when either is missing or not shown."""
    if not isinstance(before, float | int) or not isinstance(after, float | int):
        return None
    if measure is TrendMeasure.OCCUPANCY:
        return after - before
    return after / before - 1 if before else None


def is_remarkable(difference: float | None, measure: TrendMeasure) -> bool:
    """Whether a change is worth a word."""
    return difference is not None and abs(difference) >= (POINT if measure is TrendMeasure.OCCUPANCY else REMARKABLE)


def is_disturbance(before: TrendCell | None, after: TrendCell | None, measure: TrendMeasure) -> bool:
    """Whether a change of a sum is no more than the disturbance may have made, which is drawn anew each season."""
    pair = [value_of(cell, measure) for cell in (before, after)]
    if measure in RATES or before is None or after is None or not all(isinstance(value, float | int) for value in pair):
        return False
    margin = math.hypot(before.half_widths.get(measure, 0.0), after.half_widths.get(measure, 0.0))
    return abs(float(pair[1]) - float(pair[0])) <= margin  # type: ignore[arg-type]  # numbers


def finished(trend: Trend | LeadTimes) -> list[int]:
    """Seasons that have ended, oldest first."""
    return [season.season_year for season in trend.seasons if not season.is_running]


def trend_answer(trend: Trend, measure: TrendMeasure, margin: float | None) -> list[Finding]:
    """The paragraph of the page: the nation against the season before, at constant mix, and one's own.

    ``margin``: half of the interval of the national difference, in the unit of the rate.
    """
    years = finished(trend)
    if not years:
        return [Finding("young")]
    after = years[-1]
    cell = trend.totals.get(after)
    value = value_of(cell, measure)
    if not isinstance(value, float | int) or cell is None:
        return [Finding("hidden" if isinstance(value, NotShown) else "nothing", {"season": after})]
    found = [_national(trend, measure, years, value, margin)]
    adjusted = cell.adjusted.get(measure)
    if adjusted is not None:
        found.append(Finding("adjusted", {"base": trend.base, "value": adjusted}))
    found += _own(trend, measure, years)
    return found


def _national(trend: Trend, measure: TrendMeasure, years: Sequence[int], value: float, margin: float | None) -> Finding:
    after = years[-1]
    values = {"value": value, "season": after}
    before = value_of(trend.totals.get(years[-2]), measure) if len(years) > 1 else None
    difference = change(before, value, measure)
    if difference is None or not isinstance(before, float | int):
        return Finding("national", values)
    values |= {"change": difference, "before": years[-2]}
    if margin is not None:
        relative = margin if measure is TrendMeasure.OCCUPANCY else margin / before
        values["margin"] = relative
        if abs(difference) <= relative:
            return Finding("national_within", values)
    if not is_remarkable(difference, measure):
        return Finding("national_same", values)
    return Finding("national_more" if difference > 0 else "national_less", values)


def _own(trend: Trend, measure: TrendMeasure, years: Sequence[int]) -> list[Finding]:
    own = value_of(trend.totals.get(years[-1]), measure, own=True)
    if not isinstance(own, float | int):
        return []
    before = value_of(trend.totals.get(years[-2]), measure, own=True) if len(years) > 1 else None
    difference = change(before, own, measure)
    code = "own" if difference is None else "own_more" if difference > 0 else "own_less"
    return [Finding(code, {"value": own, "change": difference, "season": years[-1]})]


def trend_heading(trend: Trend, measure: TrendMeasure) -> Finding:
    """Over the chart of the whole: from the first season that is shown to the last finished one."""
    shown = [
        (year, value) for year in finished(trend) if isinstance(value := value_of(trend.totals.get(year), measure), float | int)
    ]
    if len(shown) < 2:
        return Finding("measure")
    (first, start), (last, end) = shown[0], shown[-1]
    difference = change(start, end, measure)
    values = {"first": first, "last": last, "start": start, "end": end, "change": difference}
    is_noise = is_disturbance(trend.totals.get(first), trend.totals.get(last), measure)
    if is_noise or not is_remarkable(difference, measure) or difference is None:
        return Finding("stayed", values)
    return Finding("rose" if difference > 0 else "fell", values)


def values_heading(trend: Trend, measure: TrendMeasure) -> Finding:
    """Over the panels: where the last finished season differs most from the one before."""
    years = finished(trend)
    moved: Mapping[int, float] = {}
    if len(years) > 1:
        found = {
            value: change(
                value_of(trend.cells.get((years[-2], value)), measure),
                value_of(trend.cells.get((years[-1], value)), measure),
                measure,
            )
            for value in trend.values
            if not is_disturbance(trend.cells.get((years[-2], value)), trend.cells.get((years[-1], value)), measure)
        }
        moved = {value: difference for value, difference in found.items() if difference is not None}
    if len(moved) < 2:
        return Finding("values")
    most = max(moved, key=lambda value: abs(moved[value]))
    if not is_remarkable(moved[most], measure):
        return Finding("values")
    code = "value_rose" if moved[most] > 0 else "value_fell"
    return Finding(code, {"of": most, "change": moved[most], "before": years[-2], "season": years[-1]})


def lead_answer(times: LeadTimes) -> list[Finding]:
    """ "Do people buy later?": against the season before and against the oldest one, at constant mix, and one's own."""
    years = finished(times)
    if not years:
        return [Finding("young")]
    if not times.changes:
        return [Finding("lead_hidden", {"season": years[-1]})]
    found = [_lead_change(times.changes[0])]
    if times.changes[0].adjusted is not None:
        found.append(Finding("lead_adjusted", {"days": times.changes[0].adjusted, "before": times.changes[0].before}))
    if len(times.changes) > 1:
        found.append(_lead_longer(times.changes[-1]))
    cell = times.totals.get(years[-1])
    if cell is not None and cell.own is not None:
        found.append(Finding("lead_own", {"days": cell.own.median, "season": years[-1]}))
    return found


def _lead_change(moved: LeadChange) -> Finding:
    values = {
        "days": abs(moved.days), "margin": moved.half_width, "before": moved.before, "season": moved.after, "late": moved.share_late,
    }  # fmt: skip
    if abs(moved.days) <= moved.half_width:
        return Finding("lead_same", values)
    return Finding("lead_later" if moved.days < 0 else "lead_earlier", values)


def _lead_longer(moved: LeadChange) -> Finding:
    values = {"days": abs(moved.days), "margin": moved.half_width, "before": moved.before}
    if abs(moved.days) <= moved.half_width:
        return Finding("lead_since_same", values)
    return Finding("lead_since_later" if moved.days < 0 else "lead_since_earlier", values)


def composition(sums: Sums) -> float | None:
    """Share of the performances that were in coupled theatres."""
    return sums.coupled / sums.performances if sums.performances else None
