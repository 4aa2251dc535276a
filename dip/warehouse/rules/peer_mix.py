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


def strata(rows: Mapping[str, Column]) -> tuple[Column, Column]:
    """Of each row its stratum by genre, hall size and part of the week (Monday to Thursday, or Friday to Sunday), and the wider one
    without the week. ``genre``, ``size`` 1–3, ``weekday`` 1–7."""
    wide = rows["genre"].astype(np.int64) * 100 + rows["size"].astype(np.int64) * 10
    return wide + np.where(rows["weekday"] >= _FRIDAY, 2, 1), wide


def at_mix(rows: Mapping[str, Column], own: Column, others: Column, measure: PeerMeasure, limits: Limits, step: float) -> AtMix:
    """The figure of ``others`` at the mix of ``own`` (masks over ``rows``), by direct standardisation.

    The parts of the week of a genre and size are read apart when the others' tickets, recette and seats keep the primary rules in each,
    for theatres, producers and offices; else together (so that none is left by subtraction); else not at all. Nothing is told of less
    than four fifths of the mix.
    """
    narrow, wide = strata(rows)
    mix, back = _sums(rows, own, narrow), _sums(rows, others, narrow)
    whole = _sums(rows, others, wide)
    shut = {key // 10 * 10 for key in back if not is_open(rows, others & (narrow == key), limits)}
    weights: dict[int, Sums] = {}
    for key, sums in mix.items():
        kept = key // 10 * 10 if key // 10 * 10 in shut else key
        weights[kept] = _added(weights.get(kept, Sums()), sums)
    now = {key: back[key] for key in weights if key in back}
    now |= {key: whole[key] for key in shut & weights.keys() if is_open(rows, others & (wide == key), limits)}
    of = AT_MIX[measure]
    parts = {key: sums.for_sale if measure is PeerMeasure.OCCUPANCY else sums.tickets for key, sums in weights.items()}
    total = sum(parts.values())
    coverage = sum(part for key, part in parts.items() if key in now) / total if total else 0.0
    value = adjusted(weights, now, of, 0) if coverage >= MIX_MIN else None
    return AtMix(None if value is None else in_steps(value, step), round(coverage, 2))


def is_open(rows: Mapping[str, Column], member: Column, limits: Limits) -> bool:
    """Whether sums over these rows keep the primary rules on every side."""
    for side in SIDES:
        holdings, place = np.unique(rows[side][member], return_inverse=True)
        for name in SUMS[1:]:
            parts = np.bincount(place, weights=rows[name][member].astype(np.float64), minlength=len(holdings))
            if not is_safe(top_of(parts.tolist()), limits):
                return False
    return True


def _sums(rows: Mapping[str, Column], member: Column, keys: Column) -> dict[int, Sums]:
    found, place = np.unique(keys[member], return_inverse=True)
    columns = [np.bincount(place, weights=rows[name][member].astype(np.float64), minlength=len(found)) for name in SUMS]
    return {
        int(key): Sums(performances=round(p), tickets=round(t), recette_cents=round(r), for_sale=round(s))
        for key, p, t, r, s in zip(found, *columns, strict=True)
    }


def _added(one: Sums, two: Sums) -> Sums:
    return Sums(
        performances=one.performances + two.performances,
        tickets=one.tickets + two.tickets,
        recette_cents=one.recette_cents + two.recette_cents,
        for_sale=one.for_sale + two.for_sale,
    )
