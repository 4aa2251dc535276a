"""Arithmetic of trends: rates and their spread between theatres, a mix held constant, and how long before people buy."""

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from dip.warehouse.terms import Dimension, Lead, Sums, TrendMeasure

Floats = npt.NDArray[np.float64]
#: Codes of the dimensions in the marts; the genres are the totals' rows.
CODES: Mapping[Dimension, int] = {
    Dimension.GENRE: 0, Dimension.REGION: 1, Dimension.WEEKDAY: 2, Dimension.MONTH: 3, Dimension.PRICE: 4, Dimension.SIZE: 5,
}  # fmt: skip
#: Days before at which lead times are kept, nearest first; the limits of the horizon buckets are among them.
LEAD_GRID = (
    0, 1, 2, 3, 5, 7, 8, 10, 12, 14, 17, 21, 24, 28, 31, 35, 42, 49, 56, 63, 70, 77, 84, 91, 105, 119, 133, 147, 161, 181, 209, 237, 265,
    301, 337, 364,
)  # fmt: skip
#: First day before of each horizon bucket, nearest first: 0, 1–7, 8–30, 31–90, 91–180, > 180.
BUCKETS = (0, 1, 8, 31, 91, 181)
#: "Late" is the last this many days.
LATE = 31
#: Half of a 95 % interval in standard errors.
_Z = 1.96
#: Share of the base season's mix that must come back for an adjusted figure.
MIX_MIN = 0.8


def rate_of(sums: Sums, measure: TrendMeasure) -> float | None:
    """The measure of ``sums``: a count, cents, cents per ticket, or occupancy 0..1; None when there is nothing to divide by."""
    over, under = parts_of(sums, measure)
    if measure in (TrendMeasure.TICKETS, TrendMeasure.RECETTE, TrendMeasure.PERFORMANCES):
        return over
    return over / under if under > 0 else None


def parts_of(sums: Sums, measure: TrendMeasure) -> tuple[float, float]:
    """Numerator and denominator of the rate behind a measure; sums are rates per performance times performances."""
    return {
        TrendMeasure.OCCUPANCY: (sums.tickets, sums.for_sale),
        TrendMeasure.PRICE: (sums.recette_cents, sums.tickets),
        TrendMeasure.TICKETS: (sums.tickets, sums.performances),
        TrendMeasure.RECETTE: (sums.recette_cents, sums.performances),
        TrendMeasure.PERFORMANCES: (sums.performances, sums.performances),
    }[measure]


def adjusted(base: Mapping[int, Sums], now: Mapping[int, Sums], measure: TrendMeasure, performances: int) -> float | None:
    """The measure with the mix of ``base``: direct standardisation over the strata, key → sums, of a season with so many performances.

    The weight of a stratum is its part of the rate's denominator in ``base``. Strata that ``now`` lacks are left out, and the others
    weigh in their place; None when they are more than a fifth of the mix, or for performances, which are the mix themselves.
    """
    if measure is TrendMeasure.PERFORMANCES:
        return None
    weights = {key: parts_of(sums, measure)[1] for key, sums in base.items()}
    rates = {key: over / under for key, sums in now.items() for over, under in (parts_of(sums, measure),) if under > 0}
    common = [key for key, weight in weights.items() if weight > 0 and key in rates]
    held, whole = sum(weights[key] for key in common), sum(weights.values())
    if whole <= 0 or held < MIX_MIN * whole:
        return None
    rate = sum(weights[key] * rates[key] for key in common) / held
    return rate * performances if measure in (TrendMeasure.TICKETS, TrendMeasure.RECETTE) else rate


def influence_of_ratio(over: Floats, under: Floats) -> Floats:
    """What each theatre moves a pooled ratio by, so that the squares add up to its variance between theatres."""
    whole, count = float(under.sum()), len(under)
    if whole <= 0 or count < 2:
        return np.zeros(count)
    ratio = float(over.sum()) / whole
    return np.asarray((over - ratio * under) / whole * math.sqrt(count / (count - 1)))


def influence_of_median(kept: Floats) -> Floats:
    """The same for the median of days before; ``kept``: theatres × days of :data:`LEAD_GRID`, tickets sold by then.

    A theatre that had sold more than half of its own by then moves the median away, by its part of the tickets over the pace at which the
    whole passes the half: that pace is taken over a stretch about it, so that a step in the curve does not count as certainty.
    """
    count, whole = len(kept), kept.sum(axis=0)
    if count < 2 or whole[0] <= 0:
        return np.zeros(count)
    grid = np.array(LEAD_GRID, dtype=np.float64)
    middle = median_day(whole / whole[0])
    near, far = 0.6 * middle, min(1.4 * middle + 1, grid[-1])
    pace = (np.interp(near, grid, whole) - np.interp(far, grid, whole)) / whole[0] / (far - near)
    if pace <= 0:
        return np.zeros(count)
    by_then = np.array([np.interp(middle, grid, row) for row in kept])
    return np.asarray((by_then - kept[:, 0] / 2) / whole[0] / pace * math.sqrt(count / (count - 1)))


def half_width(influences: Iterable[float]) -> float:
    """Half of the 95 % interval of a figure with these influences."""
    return _Z * math.sqrt(sum(one * one for one in influences))


def half_width_of_difference(before: Mapping[int, float], after: Mapping[int, float]) -> float:
    """Half of the 95 % interval of the difference between two seasons: a theatre that is in both moves both."""
    return half_width(after.get(key, 0.0) - before.get(key, 0.0) for key in {*before, *after})


def kept_by_day(
    performances: npt.NDArray[np.int64], states: npt.NDArray[np.int64], days: npt.NDArray[np.int64], sold: Floats, first_max: float
) -> Floats:
    """How many of the final tickets of each of ``performances`` were sold by the close of each day of :data:`LEAD_GRID`.

    ``states``, ``days`` and ``sold`` are states in order of performance and date: of which performance, so many days before (−1 the
    day after), so many tickets. Day 0 is the state on the day after. A ticket that came back later was not sold by then: what counts
    is the least from a day on. A row of zeros for a performance that does not count: nothing sold in the end, or first figures that
    hold more than ``first_max`` of it, so that when those were bought is not known.
    """
    scale = 1_000_000
    order = np.argsort(performances)
    rank = np.searchsorted(performances[order], states)
    keys = rank * scale - days
    starts = np.searchsorted(rank, np.arange(len(performances)))
    kept = np.zeros((len(performances), len(LEAD_GRID)))
    if not len(states):
        return kept
    for place, day in enumerate(LEAD_GRID):
        last = np.searchsorted(keys, np.arange(len(performances)) * scale - (day or -1), side="right") - 1
        kept[order, place] = np.where(last >= starts, sold[np.maximum(last, 0)], 0)
    final, first = kept[:, 0].copy(), np.zeros(len(performances))
    first[order] = np.where(starts < len(sold), sold[np.minimum(starts, len(sold) - 1)], 0)
    kept = np.minimum.accumulate(kept, axis=1)
    kept[(final <= 0) | (first > first_max * final)] = 0
    return kept


def median_day(kept: Sequence[float] | Floats) -> float:
    """Days before at which half of the final tickets were sold, straight between days of the grid. ``kept`` begins at 1 (day 0).

    >>> median_day([1.0, 0.9, 0.8, 0.7, 0.6, 0.4] + [0.0] * 30)
    6.0
    """
    return float(_medians(np.asarray(kept, dtype=np.float64)[None, :])[0])


def _medians(shares: Floats) -> Floats:
    """:func:`median_day` of each row."""
    grid = np.array(LEAD_GRID, dtype=np.float64)
    passed = shares < 0.5
    place = np.where(passed.any(axis=1), np.maximum(passed.argmax(axis=1), 1), 0)
    rows = np.arange(len(shares))
    here, before = shares[rows, place], shares[rows, place - 1]
    step = np.clip((before - 0.5) / np.maximum(before - here, 1e-12), 0.0, 1.0)
    return np.where(place > 0, grid[place - 1] + step * (grid[place] - grid[place - 1]), grid[-1])


def bucket_shares(kept: Sequence[float] | Floats) -> tuple[float, ...]:
    """Shares of the final tickets by horizon, nearest first; they add up to 1."""
    at = [float(kept[LEAD_GRID.index(day)]) for day in BUCKETS]
    return tuple(first - second for first, second in zip(at, [*at[1:], 0.0], strict=True))


def lead_of(performances: int, theatres: int, kept: Floats | Sequence[float]) -> Lead | None:
    """Lead times from the tickets sold by each day of the grid; None when nothing was sold."""
    if not len(kept) or kept[0] <= 0:
        return None
    shares = [float(value) / float(kept[0]) for value in kept]
    told = tuple(
        round(share, 2) for share in shares
    )  # hundredths: a part of one theatre in a part of the tickets is not to be read
    return Lead(performances, theatres, round(median_day(shares), 1), told, bucket_shares(told))


def mixed(weights: Mapping[int, float], curves: Mapping[int, Sequence[float]]) -> list[float] | None:
    """One curve of shares from those of the strata, each with the weight of its stratum; None when too much of the mix is missing."""
    common = [key for key, weight in weights.items() if weight > 0 and key in curves]
    held, whole = sum(weights[key] for key in common), sum(weights.values())
    if whole <= 0 or held < MIX_MIN * whole:
        return None
    return [sum(weights[key] * curves[key][place] for key in common) / held for place in range(len(LEAD_GRID))]
