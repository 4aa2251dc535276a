"""Buyers beside inhabitants: by age, urbanity and province, and what distance alone would let expect. From published figures only."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dip.warehouse.rules.audience.persons import HELD_BACK
from dip.warehouse.rules.audience.underserved import URBANITIES, regress, standard

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: Who is younger does not order; the first year of each group.
ADULT_FROM = (18, 25, 35, 45, 55, 65, 75)
_BAND = 5


def spread_out(published: Sequence[Ints], parents: Sequence[Ints], inhabitants: Ints) -> Floats:
    """Buyers per area of the finest level, from what is published of all levels, finest first: what a shown area holds beyond its shown
    children lies in its hidden ones by their inhabitants.

    ``parents[i]``: place of each area of level i in level i + 1; ``inhabitants``: of the finest level. Areas of which no level tells
    anything get 0.
    """
    people = [inhabitants.astype(np.float64)]
    for counts, parent in zip(published[1:], parents, strict=True):
        people.append(np.asarray(np.bincount(parent, weights=people[-1], minlength=len(counts)), dtype=np.float64))
    found: Floats = np.maximum(published[-1], 0).astype(np.float64)
    for counts, parent, live in zip(reversed(published[:-1]), reversed(parents), reversed(people[:-1]), strict=True):
        hidden = counts == HELD_BACK
        told = np.bincount(parent, weights=np.where(hidden, 0, counts), minlength=len(found))
        room = np.bincount(parent, weights=np.where(hidden, live, 0), minlength=len(found))
        left = np.divide(np.maximum(found - told, 0), room, out=np.zeros(len(found)), where=room > 0)
        found = np.where(hidden, live * left[parent], counts)
    return found


def by_distance(buyers: Floats, inhabitants: Ints, km: Floats) -> Floats:
    """Buyers per inhabitant that each area would give were distance alone to count: the curve through all areas of log distance and its
    square. NaN everywhere when no distance is known."""
    if not np.isfinite(km).any() or not (inhabitants > 0).any():
        return np.full(len(km), np.nan)
    far = np.log1p(km)
    design = np.stack([standard(far), standard(far**2)], axis=1)
    beta = regress(np.rint(buyers).astype(np.int64), inhabitants, design)
    linear = np.column_stack([np.ones(len(km)), design]) @ beta
    return np.asarray(np.exp(np.clip(linear, beta[0] - 12, beta[0] + 12)))


def adults(ages: Floats) -> Floats:
    """Inhabitants per area by the groups of :data:`ADULT_FROM`. ``ages``: areas × bands of five years, NaN unknown; of the band from 15
    two fifths are adult."""
    known = np.nan_to_num(ages)
    edges = [year // _BAND for year in (20, *ADULT_FROM[1:])]
    groups = np.add.reduceat(known, edges, axis=1)
    groups[:, 0] += known[:, 15 // _BAND] * (20 - ADULT_FROM[0]) / _BAND
    return groups


def urbanities(urbanity: Ints, amounts: Floats) -> Floats:
    """Sums by urbanity 1 (most urban) to 5; what is unknown is in none."""
    sums = np.bincount(urbanity, weights=amounts, minlength=URBANITIES + 1)[1 : URBANITIES + 1]
    return np.asarray(sums, dtype=np.float64)


def shares(amounts: Floats) -> Floats:
    """Each part of the whole; NaN when there is none."""
    total = float(amounts.sum())
    return amounts / total if total > 0 else np.full(len(amounts), np.nan)
