"""Quantiles of a cohort without one organisation's own performances: ranked once, asked for every organisation."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Fill rates of a cohort, sorted per day, and the rank of each performance on each day. Both performances × days."""

    values: Floats
    ranks: npt.NDArray[np.int32]


def rank_columns(fills: Floats) -> Ranked:
    """``fills`` (performances × days) sorted per day."""
    order = np.argsort(fills, axis=0, kind="stable")
    ranks = np.empty(fills.shape, dtype=np.int32)
    np.put_along_axis(ranks, order, np.arange(fills.shape[0], dtype=np.int32)[:, None], axis=0)
    return Ranked(np.take_along_axis(fills, order, axis=0), ranks)


def quantiles_without(ranked: Ranked, own: Indices, probabilities: Sequence[float]) -> npt.NDArray[np.float64]:
    """Quantiles (probabilities × days), linear between neighbours, of the cohort without the rows ``own``.

    Nothing is sorted again: the r-th of the others is the r-th of all, moved on by the own ones that stand before it. Raises
    ValueError when nobody is left.
    """
    left = ranked.values.shape[0] - len(own)
    if left < 1:
        raise ValueError(f"own={len(own)} of {ranked.values.shape[0]} performances leaves none to compare with; do not ask")
    mine = np.sort(ranked.ranks[own], axis=0) - np.arange(len(own), dtype=np.int32)[:, None]
    columns = np.arange(ranked.values.shape[1])

    def nth(position: int) -> npt.NDArray[np.float64]:
        moved = position + (mine <= position).sum(axis=0)
        return ranked.values[moved, columns].astype(np.float64)

    rows = []
    for probability in probabilities:
        exact = probability * (left - 1)
        low = int(exact)
        below, above = nth(low), nth(min(low + 1, left - 1))
        rows.append(below + (exact - low) * (above - below))
    return np.stack(rows)
