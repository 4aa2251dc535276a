"""Areas from which fewer people come than their age, urbanity and distance let expect: a shrunken Poisson regression per PC4."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

#: An area is underserved when the upper 90 % bound of observed ÷ expected lies below this, and so many people live there.
UNDERSERVED_BELOW, INHABITANTS_FROM = 0.8, 1000
#: The standard normal quantile of .90.
_Z90 = 1.2815515655446004
#: Strength of the prior on every coefficient but the constant, in standardised features.
_PENALTY = 1.0
_AGE_FROM = (15, 30, 45, 65)
_BAND = 5
URBANITIES = 5


@dataclass(frozen=True, slots=True)
class Expectation:
    """Per area: visits that are expected, observed ÷ expected drawn towards 1, its upper 90 % bound, and whether it is underserved.
    ``strength``: visits' worth of the prior; ``coefficients``: of the features, the constant first."""

    expected: Floats
    ratio: Floats
    upper: Floats
    is_underserved: Mask
    strength: float
    coefficients: Floats


def features(ages: Floats, urbanity: Ints, km: Floats, house_value: Floats | None = None) -> Floats:
    """The design, areas × features, standardised; what is unknown gets the mean.

    ``ages``: areas × bands of five years, inhabitants (NaN unknown); ``urbanity``: 1 most urban to 5, 0 unknown; ``km``: distance to the
    theatre, or to the nearest one; ``house_value``: thousand euros, NaN unknown.
    """
    edges = [0, *(year // _BAND for year in _AGE_FROM)]
    groups = np.add.reduceat(ages, edges, axis=1)
    totals = groups.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(totals > 0, groups / totals, np.nan)
    far = np.log1p(km)
    levels = [np.where(urbanity == 0, np.nan, urbanity == level) for level in range(2, URBANITIES + 1)]
    columns = [*shares.T[1:], *levels, far, far**2]
    if house_value is not None:
        columns.append(np.log(np.where(house_value > 0, house_value, np.nan)))
    return np.stack([standard(np.asarray(column, dtype=np.float64)) for column in columns], axis=1)


def standard(column: Floats) -> Floats:
    """A column with mean 0 and spread 1; what is unknown gets the mean."""
    known = np.isfinite(column)
    if not known.any():
        return np.zeros(len(column))
    mean, spread = column[known].mean(), column[known].std()
    return np.where(known, (column - mean) / spread, 0.0) if spread > 1e-12 else np.zeros(len(column))


def regress(visits: Ints, inhabitants: Ints, design: Floats, rounds: int = 50) -> Floats:
    """Coefficients of log(visits per inhabitant), the constant first: iteratively reweighted least squares with a ridge."""
    used = inhabitants > 0
    if not used.any():
        return np.zeros(1 + design.shape[1])
    y, offset = visits[used].astype(np.float64), np.log(inhabitants[used].astype(np.float64))
    matrix = np.column_stack([np.ones(len(y)), design[used]])
    ridge = np.diag([1e-9] + [_PENALTY] * design.shape[1])
    beta = np.zeros(matrix.shape[1])
    beta[0] = np.log(max(float(y.sum()), 0.5) / np.exp(offset).sum())
    for _ in range(rounds):
        linear = np.clip(matrix @ beta, beta[0] - 12, beta[0] + 12)
        mean = np.exp(linear + offset)
        response = linear + (y - mean) / mean
        fresh = np.linalg.solve((matrix * mean[:, None]).T @ matrix + ridge, (matrix * mean[:, None]).T @ response)
        change = float(np.abs(fresh - beta).max())
        beta = beta + np.clip(fresh - beta, -2, 2)
        if change < 1e-9:
            break
    return np.asarray(beta)


def strength_of(visits: Floats, expected: Floats) -> float:
    """How firmly ratios are drawn to 1, in visits, by moments: low when areas differ more than chance makes them; .5 to 1,000."""
    if not len(visits):
        return 1000.0
    extra = float(np.sum((visits - expected) ** 2 - expected)) / max(float(np.sum(expected**2)), 1e-9)
    return min(1000.0, max(0.5, 1 / extra if extra > 0 else 1000.0))


def gamma_upper(shape: Floats) -> Floats:
    """The .90 quantile of a gamma distribution with rate 1 (Wilson and Hilferty; within 1 % from shape 1)."""
    return np.asarray(shape * (1 - 1 / (9 * shape) + _Z90 / (3 * np.sqrt(shape))) ** 3)


def underserved(visits: Ints, inhabitants: Ints, design: Floats) -> Expectation:
    """What each area would be expected to do, and which ones do clearly less. Areas without inhabitants expect nothing."""
    beta = regress(visits, inhabitants, design)
    linear = np.clip(np.column_stack([np.ones(len(visits)), design]) @ beta, beta[0] - 12, beta[0] + 12)
    expected = np.asarray(np.exp(linear) * inhabitants, dtype=np.float64)
    used = inhabitants > 0
    seen = visits.astype(np.float64)
    k = strength_of(seen[used], expected[used])
    shape, rate = k + seen, k + expected
    upper = gamma_upper(shape) / rate
    low = used & (inhabitants >= INHABITANTS_FROM) & (upper < UNDERSERVED_BELOW)
    return Expectation(expected, np.asarray(shape / rate), upper, np.asarray(low), k, beta)
