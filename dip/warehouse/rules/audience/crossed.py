"""A table of people in two ways, of which some totals are told elsewhere: what may stand, so that no total gives a hidden cell back."""

import numpy as np
import numpy.typing as npt

from dip.warehouse.rules.audience.persons import HELD_BACK, LIMITS, PersonLimits, rounded

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def crossed(table: Ints, may: Mask, rows: Mask, columns: Mask, limits: PersonLimits = LIMITS) -> Ints:
    """What is published of ``table``, rounded; :data:`HELD_BACK` elsewhere.

    ``may``: which cells may stand by themselves. ``rows`` and ``columns``: whose total is told (too few are never); nothing stands in
    one whose total is not, but that nobody is there. In every told row and column the hidden cells are none, or two or more that hold enough people together, and no hidden cell
    follows from all the totals, the grand one too.
    """
    rows, columns = _is_told(table.sum(axis=1), rows, limits), _is_told(table.sum(axis=0), columns, limits)
    shown = (may & rows[:, None] & columns[None, :]) | (table == 0)
    while True:
        before = int(shown.sum())
        for line in np.flatnonzero(rows):
            complete_line(table[line], shown[line], limits)
        for line in np.flatnonzero(columns):
            complete_line(table[:, line], shown[:, line], limits)
        if int(shown.sum()) == before and not _hide_one(table, shown, rows, columns):
            return rounded(np.where(shown, table, HELD_BACK), limits.rounding)


def _is_told(totals: Ints, told: Mask, limits: PersonLimits) -> Mask:
    return np.asarray(told & ((totals >= limits.buyers_min) | (totals == 0)))


def complete_line(counts: Ints, shown: Mask, limits: PersonLimits) -> None:
    """Hide more of a line with a told total, in place (``shown``), until what is hidden is two cells or more with enough people: the smallest first,
    and cells with nobody when there is no other."""
    while (~shown).any() and ((~shown).sum() < 2 or counts[~shown].sum() < limits.buyers_min) and shown.any():
        left = np.flatnonzero(shown & (counts > 0))
        left = left if len(left) else np.flatnonzero(shown)
        shown[left[counts[left].argmin()]] = False


def given_away(hidden: Mask, rows: Mask, columns: Mask) -> list[tuple[int, int]]:
    """Hidden cells that follow from the totals of these rows and columns and from the grand total."""
    cells = np.argwhere(hidden)
    if not len(cells):
        return []
    known = [cells[:, 0] == line for line in np.flatnonzero(rows)] + [cells[:, 1] == line for line in np.flatnonzero(columns)]
    equations = np.array([*known, np.ones(len(cells), dtype=bool)], dtype=np.float64)
    solved = np.linalg.pinv(equations) @ equations
    return [(int(row), int(column)) for place, (row, column) in enumerate(cells) if solved[place, place] > 1 - 1e-6]


def _hide_one(table: Ints, shown: Mask, rows: Mask, columns: Mask) -> bool:
    """Hide a cell beside one that is given away, the smallest with people in its row or column, else any there; whether one was."""
    for row, column in given_away(~shown, rows, columns):
        near = np.zeros_like(shown)
        near[row], near[:, column] = shown[row], shown[:, column]
        for left in (near & (table > 0), near, shown):
            places = np.argwhere(left)
            if len(places):
                shown[tuple(min(places.tolist(), key=lambda cell: int(table[tuple(cell)])))] = False
                return True
    return False
