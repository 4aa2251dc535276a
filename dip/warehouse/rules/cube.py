"""Which cells of the fixed cube (genre × province, with their totals) may be shown, so that subtraction gives nothing away either."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dip.warehouse.rules.disclosure import Top, is_safe
from dip.warehouse.terms import Limits

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Side:
    """One measure seen from one side: contributions (genres × provinces × holdings), of all and of the viewer alone.

    The last province stands for performances without one: it is in the totals, and never shown.
    """

    everyone: Array
    own: Array


def with_totals(parts: Array) -> Array:
    """``parts`` (genres × provinces × …) with a last genre and a last province that hold the totals."""
    wide = np.concatenate([parts, parts.sum(axis=1, keepdims=True)], axis=1)
    return np.concatenate([wide, wide.sum(axis=0, keepdims=True)], axis=0)


def shown_cells(sides: Sequence[Side], empty: Mask, limits: Limits) -> Mask:
    """Whether each cell may be shown, (genres + 1) × (provinces + 1), totals last, like ``empty``: cells without performances.

    A cell must keep the primary rules on every side, with and without the viewer's own. Then every line (cells that add up to a
    total) is looked at: what is held back in it, taken together, must keep the rules as well, for it can be had by subtraction;
    while it does not, the smallest cell that is left is held back too. An empty cell is a public fact and stays.
    """
    tables = [table for side in sides for table in (with_totals(side.everyone), with_totals(side.everyone - side.own))]
    volume = tables[0].sum(axis=2)
    shown = np.logical_and.reduce([_safe(table, limits) for table in tables]) | empty
    shown[:, -2] = empty[:, -2]
    lines = _lines(*shown.shape)
    while any([_close(line, tables, shown, empty, volume, limits) for line in lines]):
        pass
    return shown


def _safe(contributions: Array, limits: Limits) -> Any:
    given = np.maximum(contributions, 0.0)
    two = np.zeros((*given.shape[:-1], 2))
    width = min(2, given.shape[-1])
    two[..., 2 - width :] = np.sort(np.partition(given, -width, axis=-1)[..., -width:], axis=-1) if width else 0.0
    return is_safe(Top((given > 0).sum(axis=-1), given.sum(axis=-1), two[..., 1], two[..., 0]), limits)


def _lines(genres: int, provinces: int) -> list[list[tuple[int, int]]]:
    rows = [[(genre, province) for province in range(provinces)] for genre in range(genres)]
    columns = [[(genre, province) for genre in range(genres)] for province in range(provinces)]
    return rows + columns


def _close(line: list[tuple[int, int]], tables: list[Array], shown: Mask, empty: Mask, volume: Array, limits: Limits) -> bool:
    """Hold back one more cell of ``line`` when what is hidden in it could be had by subtraction; whether it did."""
    *parts, total = line
    hidden = [cell for cell in parts if not shown[cell]]
    if shown[total]:
        if not hidden or all(_safe(sum(table[cell] for cell in hidden), limits) for table in tables):
            return False
    elif hidden:
        return False
    left = [cell for cell in parts if shown[cell] and not empty[cell]]
    if not left:
        return False
    shown[min(left, key=lambda cell: volume[cell])] = False
    return True
