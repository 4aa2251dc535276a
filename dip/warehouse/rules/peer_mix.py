"""Like for like: what others would show at one's own mix of genre, hall size and part of the week."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dip.warehouse.rules.disclosure import is_safe, top_of
from dip.warehouse.rules.peer_groups import PeerMeasure, in_steps
from dip.warehouse.rules.trends import MIX_MIN, adjusted
from dip.warehouse.terms import Limits, Sums, TrendMeasure

Column = npt.NDArray[Any]
#: Measures that can be held at a mix, and what they are among the trends.
AT_MIX: Mapping[PeerMeasure, TrendMeasure] = {
    PeerMeasure.OCCUPANCY: TrendMeasure.OCCUPANCY, PeerMeasure.PRICE: TrendMeasure.PRICE,
}  # fmt: skip
#: Columns of rows that sum up, and those that name a holding on each side.
SUMS, SIDES = ("performances", "tickets", "recette_cents", "for_sale"), ("theatre", "producer", "office")
_FRIDAY = 5


@dataclass(frozen=True, slots=True)
class AtMix:
    """The others' figure at one's own mix, or None where too little of the mix may be compared; ``coverage``: share that could."""

    value: float | None
    coverage: float


def strata(rows: Mapping[str, Column]) -> tuple[Column, Column, Column]:
    """Of each row its stratum by genre, hall size and part of the week (Monday to Thursday, or Friday to Sunday); the wider one without
    the week; and the widest, of the genre alone. ``genre``, ``size`` 1–3, ``weekday`` 1–7."""
    genre = rows["genre"].astype(np.int64) * 100
    wide = genre + rows["size"].astype(np.int64) * 10
    return wide + np.where(rows["weekday"] >= _FRIDAY, 2, 1), wide, genre


def at_mix(rows: Mapping[str, Column], own: Column, others: Column, measure: PeerMeasure, limits: Limits, step: float) -> AtMix:
    """The figure of ``others`` at the mix of ``own`` (masks over ``rows``), by direct standardisation.

    The sizes of a genre, and in each the parts of the week, are read apart when the others' tickets, recette and seats keep the primary
    rules in every one of them, for theatres, producers and offices; else together, so that none is left by subtraction; else not at
    all. Nothing is told of less than four fifths of the mix. The rules look at true figures, the sums are of disturbed ones (``weight``).
    """
    others = others & (rows["weight"] > 0)
    levels = strata(rows)
    taken = _levels(rows, others, levels, limits)
    keys = np.zeros(len(levels[0]), dtype=np.int64)
    for genre, held in taken.items():
        inside = levels[2] == genre
        for wide, level in held.items():
            here = inside if wide == genre else levels[1] == wide
            keys[here] = levels[level][here]
    weights, back = _sums(rows, own, keys), _sums(rows, others & (keys > 0), keys, rows["weight"])
    parts = {key: sums.for_sale if measure is PeerMeasure.OCCUPANCY else sums.tickets for key, sums in weights.items()}
    total = sum(parts.values())
    coverage = sum(part for key, part in parts.items() if key in back) / total if total else 0.0
    value = adjusted(weights, back, AT_MIX[measure], 0) if coverage >= MIX_MIN else None
    return AtMix(None if value is None else in_steps(value, step), round(coverage, 2))


def _levels(rows: Mapping[str, Column], others: Column, levels: tuple[Column, ...], limits: Limits) -> dict[int, dict[int, int]]:
    """Genre → its strata by size (or itself, for all sizes together) → the level of :func:`strata` at which they are read."""

    def open_at(level: int, key: int) -> bool:
        return is_open(rows, others & (levels[level] == key), limits)

    narrow, wide, genres = (sorted({int(key) for key in np.unique(level[others])}) for level in levels)
    found: dict[int, dict[int, int]] = {}
    for genre in genres:
        sizes = [key for key in wide if key // 100 == genre // 100]
        if all(open_at(1, key) for key in sizes):
            weeks = {size: [key for key in narrow if key // 10 == size // 10] for size in sizes}
            found[genre] = {size: 0 if all(open_at(0, key) for key in held) else 1 for size, held in weeks.items()}
        elif open_at(2, genre):
            found[genre] = {genre: 2}
    return found


def is_open(rows: Mapping[str, Column], member: Column, limits: Limits) -> bool:
    """Whether sums over these rows keep the primary rules on every side."""
    for side in SIDES:
        holdings, place = np.unique(rows[side][member], return_inverse=True)
        for name in SUMS[1:]:
            parts = np.bincount(place, weights=rows[name][member].astype(np.float64), minlength=len(holdings))
            if not is_safe(top_of(parts.tolist()), limits):
                return False
    return True


def _sums(rows: Mapping[str, Column], member: Column, keys: Column, weight: Column | None = None) -> dict[int, Sums]:
    found, place = np.unique(keys[member], return_inverse=True)
    by = np.ones(int(member.sum())) if weight is None else weight[member]
    columns = [np.bincount(place, weights=rows[name][member].astype(np.float64) * by, minlength=len(found)) for name in SUMS]
    return {
        int(key): Sums(performances=round(p), tickets=round(t), recette_cents=round(r), for_sale=round(s))
        for key, p, t, r, s in zip(found, *columns, strict=True)
    }
