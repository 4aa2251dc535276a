"""An inspector who knows everything: whether what is told, and what subtraction tells, keeps the primary rules. Numbers are written out here."""

from collections.abc import Iterator, Sequence

import numpy as np

from tests.warehouse.attacks.bed import MEASURES, Bed, Cell
from tests.warehouse.attacks.figures import SIDES, differences, seen_by
from tests.warehouse.attacks.linear import Place, place_of


def _breaks(parts: np.ndarray) -> str | None:
    ordered = np.sort(parts[parts > 0])[::-1]
    whole = ordered.sum()
    if len(ordered) < 5:
        return "contributors"
    if whole - ordered[0] - ordered[1] < 0.10 * ordered[0]:
        return "p per cent"
    if ordered[0] > 0.50 * whole:
        return "top one"
    return "top two" if ordered[0] + ordered[1] > 0.85 * whole else None


def breaches(bed: Bed, cells: Sequence[Cell]) -> Iterator[tuple[str, Place, str]]:
    """(rule, cell, side) of everything told that breaks a rule: for all, and "without own" for one viewer with its own figures out."""
    told = [(place_of(cell), cell.rows(bed)) for cell in cells if cell.is_shown]
    told += [(place_of(cell), rows) for cell, rows, _ in differences(bed, cells)]
    viewers = seen_by(bed)
    for place, inside in told:
        for measure in MEASURES:
            for side in SIDES:
                found = _in(bed, inside, side, measure)
                if found:
                    yield found, place, side
        own = {name: rows & inside for name, rows in viewers.items()}
        for rows in sorted(own.values(), key=lambda rows: -bed.rows["tickets"][rows].sum())[:12]:
            if rows.any() and any(_in(bed, inside & ~rows, side, "tickets") for side in SIDES):
                yield "without own", place, ""


def _in(bed: Bed, rows: np.ndarray, side: str, measure: str) -> str | None:
    if not rows.any():
        return None
    return _breaks(np.bincount(np.unique(bed.rows[side][rows], return_inverse=True)[1], weights=bed.rows[measure][rows]))
