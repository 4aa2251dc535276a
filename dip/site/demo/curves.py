"""How demand becomes sales, day by day: a burst when the sale opens, quiet months, and a rise towards the performance. Pure numpy."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.floating[Any]]

#: Longest sale in days; column ``LONGEST - k`` of a matrix is the sales day ``k`` days before the performance.
LONGEST = 400
#: Share of the demand that comes in the burst of a season's opening, by genre; a later opening has less.
OPENING = np.array([0.31, 0.30, 0.29, 0.36, 0.37, 0.28])
#: Days over which the late rise is felt, by genre: a short and a long one, and the weight of the short.
_SHORT = np.array([14.0, 16.0, 14.0, 18.0, 18.0, 11.0])
_LONG = np.array([62.0, 75.0, 60.0, 95.0, 110.0, 52.0])
_WEIGHT = np.array([0.40, 0.38, 0.42, 0.34, 0.32, 0.48])
_BURST_DAYS = 5.0
#: Sales by weekday, Monday first.
_WEEKDAYS = np.array([1.12, 1.08, 1.05, 1.05, 1.0, 0.92, 0.78])
#: Tickets of an order beyond the two that most have.
_MORE = 0.55

_BEFORE = np.arange(LONGEST, -1, -1)
_BURST = np.exp(-np.arange(LONGEST + 1) / _BURST_DAYS)
_BURST_SUM = np.cumsum(_BURST)
_LATE = _WEIGHT[:, None] * np.exp(-_BEFORE / _SHORT[:, None]) / _SHORT[:, None] + (1 - _WEIGHT)[:, None] * (
    np.exp(-_BEFORE / _LONG[:, None]) / _LONG[:, None] + 0.0006
)
#: The same of people who buy earlier.
_PATIENT = (_WEIGHT * 0.45)[:, None] * np.exp(-_BEFORE / _SHORT[:, None]) / _SHORT[:, None] + (1 - _WEIGHT * 0.45)[:, None] * (
    np.exp(-_BEFORE / (1.25 * _LONG[:, None])) / (1.25 * _LONG[:, None]) + 0.0006
)
#: [genre, lead]: sum of the late weights over the last ``lead`` + 1 days.
_LATE_SUM = np.cumsum(_LATE[:, ::-1], axis=1)
_PATIENT_SUM = np.cumsum(_PATIENT[:, ::-1], axis=1)


@dataclass(frozen=True, slots=True)
class Demand:
    """What decides the sale of each performance; arrays of one length."""

    genre: Ints
    """0..5"""
    lead: Ints
    """Days between the opening of the sale and the performance, at most LONGEST."""
    tickets: Floats
    """Tickets that would be sold if seats were endless."""
    opening: Floats
    """Share of them in the opening's burst."""
    seats: Ints
    """Seats for sale: capacity less blocked."""
    performance_weekday: Ints
    unrest: Floats
    """Spread of the logarithm of a week's sales."""
    patience: float = 0.0
    """How much earlier people buy than today: 0..1."""


def expected_by_day(demand: Demand) -> Floats:
    """Expected tickets [performance, day]; days before the opening are 0."""
    lead, genre = demand.lead, demand.genre
    age = lead[:, None] - _BEFORE[None, :]
    is_open = age >= 0
    burst = _BURST[np.clip(age, 0, LONGEST)] * (demand.opening / _BURST_SUM[lead])[:, None]
    late = _LATE[genre] / _LATE_SUM[genre, lead][:, None]
    if demand.patience:
        late = (1 - demand.patience) * late + demand.patience * _PATIENT[genre] / _PATIENT_SUM[genre, lead][:, None]
    late = late * (1 - demand.opening)[:, None]
    days = _WEEKDAYS[(demand.performance_weekday[:, None] - _BEFORE[None, :]) % 7]
    return np.where(is_open, (burst + late) * days, 0.0) * demand.tickets[:, None]


def share_by(genre: Ints, lead: Ints, before: Ints) -> Floats:
    """Expected share of the final sale that is sold when ``before`` days are left."""
    burst = OPENING[genre] * _BURST_SUM[np.clip(lead - before, 0, LONGEST)] / _BURST_SUM[lead]
    done = 1 - np.where(before > 0, _LATE_SUM[genre, np.clip(before - 1, 0, LONGEST)], 0.0) / _LATE_SUM[genre, lead]
    return np.clip(burst + (1 - OPENING[genre]) * done, 0.01, 1.0)


def orders(rng: np.random.Generator, expected: Floats) -> Ints:
    """Tickets drawn for expected ones: whole orders of two and more."""
    drawn = rng.poisson(expected / (2 + _MORE)).astype(np.int32)
    busy = drawn > 0
    some = drawn[busy]
    drawn[busy] = 2 * some + rng.poisson(_MORE * some).astype(np.int32)
    return drawn


def cumulative(rng: np.random.Generator, demand: Demand, extra: Floats | None = None) -> Ints:
    """Paid tickets sold at the end of each sales day [performance, day], never above the seats. ``extra``: factor per day."""
    expected = expected_by_day(demand)
    unrest = demand.unrest[:, None]
    weeks = np.exp(rng.normal(0, 1, (len(demand.lead), LONGEST // 7 + 1)) * unrest - unrest**2 / 2)
    expected *= np.repeat(weeks, 7, axis=1)[:, : LONGEST + 1]
    if extra is not None:
        expected *= extra
    sold = np.cumsum(orders(rng, expected), axis=1)
    returned = (rng.random(sold.shape) < 0.004) & (sold > 8)
    sold -= np.where(returned, 2, 0)  # now and then two tickets come back, and are sold again the day after
    return np.minimum(sold, demand.seats[:, None])
