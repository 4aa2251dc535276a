"""Whether a buyer comes again next season: the beta-geometric / beta-Bernoulli model over seasons, calibrated once a season.

A buyer whose first season is s is looked at over the n seasons after it: x of them with a visit, the last of those being the t-th
(0 when there was none). In each season a buyer may be lost for good (chance θ ~ Beta(γ, δ)); who is not, visits with chance p ~ Beta(α, β).
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, lgamma, log

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
#: Logarithms of a parameter lie within these: from .007 to 1,100.
_LOW, _HIGH = -5.0, 7.0


@dataclass(frozen=True, slots=True)
class ReturnModel:
    """What was fitted: four parameters, and the factor that makes last season's forecast add up to what came."""

    alpha: float
    beta: float
    gamma: float
    delta: float
    factor: float = 1.0


def histories(seasons: Ints, season: int) -> tuple[Ints, Ints, Ints]:
    """(x, t, n) of each buyer up to and including ``season``; n is −1 for who was not there by then. ``seasons``: bit s, visited in s."""
    past = seasons & ((1 << (season + 1)) - 1)
    bits = past[:, None] >> np.arange(season + 1) & 1
    is_known = past > 0
    first = bits.argmax(axis=1)
    last = season - bits[:, ::-1].argmax(axis=1)
    return (
        np.where(is_known, bits.sum(axis=1) - 1, 0),
        np.where(is_known, last - first, 0),
        np.where(is_known, season - first, -1),
    )


def fit(x: Ints, t: Ints, n: Ints, steps: int = 400) -> ReturnModel:
    """The parameters under which these histories are likeliest; histories with n < 1 tell nothing. Buyers with one history are
    counted, so that the time does not depend on their number."""
    useful = n >= 1
    keys, counts = np.unique(_key(x, t, n)[useful], return_counts=True)
    table = [(*_parts(int(key)), int(many)) for key, many in zip(keys, counts, strict=True)]
    if not table:
        return ReturnModel(1.0, 1.0, 1.0, 1.0)

    def loss(place: Floats) -> float:
        outside = float(np.sum(np.maximum(place - _HIGH, 0) + np.maximum(_LOW - place, 0)))
        model = _model(np.clip(place, _LOW, _HIGH))
        return outside * 1e6 - sum(many * log(max(likelihood(model, a, b, c), 1e-300)) for a, b, c, many in table)

    return _model(np.clip(_descend(loss, np.zeros(4), steps), _LOW, _HIGH))


def _model(place: Floats) -> ReturnModel:
    alpha, beta, gamma, delta = (exp(float(value)) for value in place)
    return ReturnModel(alpha, beta, gamma, delta)


def _ratio(a: float, b: float, c: float, d: float) -> float:
    """B(a, b) ÷ B(c, d)."""
    return exp(lgamma(a) + lgamma(b) - lgamma(a + b) - lgamma(c) - lgamma(d) + lgamma(c + d))


def likelihood(model: ReturnModel, x: int, t: int, n: int) -> float:
    """The chance of one history."""
    a, b, g, d = model.alpha, model.beta, model.gamma, model.delta
    alive = _ratio(a + x, b + n - x, a, b) * _ratio(g, d + n, g, d)
    return alive + sum(_ratio(a + x, b + t - x + i, a, b) * _ratio(g + 1, d + t + i, g, d) for i in range(n - t))


def chance(model: ReturnModel, x: int, t: int, n: int) -> float:
    """The chance of a visit in the season after, 0..1, with the factor in it."""
    a, b, g, d = model.alpha, model.beta, model.gamma, model.delta
    both = _ratio(a + x + 1, b + n - x, a, b) * _ratio(g, d + n + 1, g, d)
    return min(1.0, model.factor * both / likelihood(model, x, t, n))


def chances(model: ReturnModel, x: Ints, t: Ints, n: Ints) -> Floats:
    """:func:`chance` of each buyer; NaN where n < 0. Each distinct history is reckoned once."""
    keys, places = np.unique(_key(x, t, n), return_inverse=True)
    parts = [_parts(int(key)) for key in keys]
    values = np.array([chance(model, *each) if each[2] >= 0 else np.nan for each in parts], dtype=np.float64)
    return np.asarray(values[places.reshape(-1)])


def _key(x: Ints, t: Ints, n: Ints) -> Ints:
    """One number for a history of fewer than 63 seasons, so that the same ones are found quickly."""
    return ((n + 1) << 12) + (t << 6) + x


def _parts(key: int) -> tuple[int, int, int]:
    return key & 63, key >> 6 & 63, (key >> 12) - 1


def calibrated(model: ReturnModel, forecast: Floats, came: Ints) -> ReturnModel:
    """The model with the one factor of a season: what came ÷ what was forecast for it; between a half and two."""
    expected = float(np.nansum(forecast))
    factor = model.factor * float(came.sum()) / expected if expected > 0 else model.factor
    return ReturnModel(model.alpha, model.beta, model.gamma, model.delta, min(2.0, max(0.5, factor)))


def _descend(loss: Callable[[Floats], float], start: Floats, steps: int) -> Floats:
    """The lowest point that the simplex method of Nelder and Mead finds."""
    points = np.vstack([start, start + np.eye(len(start))])
    values = np.array([loss(point) for point in points])
    for _ in range(steps):
        order = np.argsort(values, kind="stable")
        points, values = points[order], values[order]
        if values[-1] - values[0] < 1e-7 * (abs(values[0]) + 1e-7):
            break
        _move(loss, points, values)
    return np.asarray(points[values.argmin()])


def _move(loss: Callable[[Floats], float], points: Floats, values: Floats) -> None:
    """One step: the worst point is mirrored in the others, further or less far; when nothing is better, all draw in to the best."""
    middle, worst = points[:-1].mean(axis=0), points[-1].copy()

    def at(reach: float) -> tuple[float, Floats]:
        point = middle + reach * (middle - worst)
        return loss(point), point

    value, point = at(1.0)
    if value < values[0]:
        value, point = min((value, point), at(2.0), key=lambda found: found[0])
    elif value >= values[-2]:
        value, point = at(0.5 if value < values[-1] else -0.5)
    if value < values[-1]:
        points[-1], values[-1] = point, value
        return
    points[1:] = (points[1:] + points[0]) / 2
    values[1:] = [loss(point) for point in points[1:]]
