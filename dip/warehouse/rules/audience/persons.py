"""The rules for figures about people: how few may stand in a cell, what may cross organisations, and what subtraction would give away.

A held-back cell is :data:`HELD_BACK`; everything else that leaves here is rounded to five. The rules look at true counts, the reader
sees rounded ones. A cell in which nobody is, is no secret: it is shown as 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

HELD_BACK = -1


@dataclass(frozen=True, slots=True)
class PersonLimits:
    """Buyers in a cell, organisations behind a cell that crosses them, the share of one value that is too much, and the rounding."""

    buyers_min: int = 10
    organisations_min: int = 3
    share_max: float = 0.90
    rounding: int = 5


LIMITS = PersonLimits()


def rounded(counts: Ints, to: int = LIMITS.rounding) -> Ints:
    """To the nearest five, halves up (none arise in fives); what is held back stays so."""
    return np.where(counts == HELD_BACK, HELD_BACK, (2 * counts + to) // (2 * to) * to)


def is_enough(counts: Ints, organisations: Ints | None = None, limits: PersonLimits = LIMITS) -> Mask:
    """Which cells may stand by themselves: nobody, or enough buyers of enough organisations (None: the cell is of one's own)."""
    fits = counts >= limits.buyers_min
    if organisations is not None:
        fits &= organisations >= limits.organisations_min
    return np.asarray(fits | (counts == 0))


def is_shared_by_nearly_all(counts: Ints, limits: PersonLimits = LIMITS) -> bool:
    """Whether one value holds 90 % or more: then the attribute tells of each person in the base, and is not shown at all."""
    total = int(counts.sum())
    return total > 0 and float(counts.max()) >= limits.share_max * total


def complete(counts: Ints, shown: Mask, limits: PersonLimits = LIMITS) -> Mask:
    """What may be shown of cells that add up to a total that is shown: the smallest further cells are hidden until those hidden are two
    or more and hold enough buyers together."""
    shown = shown | (counts == 0)
    while True:
        hidden = ~shown
        many, held = int(hidden.sum()), int(counts[hidden].sum())
        if many == 0 or (many >= 2 and held >= limits.buyers_min):
            return shown
        left = np.flatnonzero(shown & (counts > 0))
        if not len(left):
            return shown
        shown[left[counts[left].argmin()]] = False


def attribute(counts: Ints, organisations: Ints | None = None, limits: PersonLimits = LIMITS, is_personal: bool = True) -> Ints:
    """What is published of one attribute, by value: rounded counts, :data:`HELD_BACK` where they are not shown.

    The total is taken to be known. ``is_personal``: the attribute tells something of a person, so that nearly all sharing it is telling
    too; False for what only describes orders, such as the channel.
    """
    total = int(counts.sum())
    few = 0 < total < limits.buyers_min
    if few or (is_personal and is_shared_by_nearly_all(counts, limits)):
        return np.full(len(counts), HELD_BACK, dtype=np.int64)
    shown = complete(counts, is_enough(counts, organisations, limits), limits)
    if total and not shown[counts > 0].any():
        shown[:] = False
    return rounded(np.where(shown, counts, HELD_BACK), limits.rounding)


def crossing(table: Ints, organisations: Ints | None = None, limits: PersonLimits = LIMITS) -> Ints:
    """What is published of two attributes crossed, rows × columns, when the totals of rows and columns are known too.

    In every row and column the hidden cells are none, or two or more that hold enough buyers together; and no hidden cell follows
    from the totals by solving the equations. Otherwise more is hidden, the smallest first.
    """
    shown = is_enough(table, organisations, limits)
    for _ in range(table.size + 1):
        before = int(shown.sum())
        for line in range(table.shape[0]):
            shown[line] = complete(table[line], shown[line], limits)
        for line in range(table.shape[1]):
            shown[:, line] = complete(table[:, line], shown[:, line], limits)
        if int(shown.sum()) == before and not _hide_beside(table, shown, limits):
            break
    return rounded(np.where(shown, table, HELD_BACK), limits.rounding)


def solved(table: Ints, hidden: Mask, limits: PersonLimits = LIMITS) -> list[tuple[int, int]]:
    """The hidden cells of a table that the totals of rows and columns give away; a total of too few is not known itself."""
    cells = [(int(row), int(column)) for row, column in np.argwhere(hidden)]
    if not cells:
        return []
    totals = np.concatenate([table.sum(axis=1), table.sum(axis=0)])
    equations = np.zeros((len(totals), len(cells)))
    for place, (row, column) in enumerate(cells):
        equations[row, place] = equations[table.shape[0] + column, place] = 1.0
    _, values, vectors = np.linalg.svd(equations[totals >= limits.buyers_min], full_matrices=True)
    free = vectors[int((values > 1e-9).sum()) :]
    return [cell for place, cell in enumerate(cells) if not np.any(np.abs(free[:, place]) > 1e-9)]


def _hide_beside(table: Ints, shown: Mask, limits: PersonLimits) -> bool:
    """Hide the smallest cell in the row or column of one that is given away; whether one was."""
    for row, column in solved(table, ~shown, limits):
        near = [(row, c) for c in range(table.shape[1])] + [(r, column) for r in range(table.shape[0])]
        left = [cell for cell in near if shown[cell] and table[cell] > 0]
        if left:
            shown[min(left, key=lambda cell: int(table[cell]))] = False
            return True
    return False


def roll_up(levels: Sequence[Ints], parents: Sequence[Ints], total: int, limits: PersonLimits = LIMITS) -> list[Ints]:
    """What is published of areas at nested levels, the finest first: PC4, municipality, province.

    ``levels``: buyers per area of each level; ``parents[i]``: place of each area of level i in level i + 1; ``total``: all buyers, also
    those without an area, who stand beside the coarsest level as a cell that nobody shows. A level is the sum of the one below
    it, or more (buyers who are known only so far). Hidden with its parent; and the hidden children of a shown parent are
    none, or two or more that hold enough buyers together, so that no difference between published figures isolates fewer.
    """
    top = levels[-1]
    shown: list[Mask] = [_family(top, is_enough(top, None, limits), total, limits)]
    for counts, parent in zip(reversed(levels[:-1]), reversed(parents), strict=True):
        above, counts_above = shown[0], levels[len(levels) - len(shown)]
        here = is_enough(counts, None, limits) & (above[parent] | (counts == 0))
        order = np.argsort(parent, kind="stable")
        starts = np.searchsorted(parent[order], np.arange(len(above) + 1))
        for number in np.flatnonzero(above & (counts_above > 0)):
            members = order[starts[number] : starts[number + 1]]
            here[members] = _family(counts[members], here[members], int(counts_above[number]), limits)
        shown.insert(0, here)
    return [rounded(np.where(mask, counts, HELD_BACK), limits.rounding) for mask, counts in zip(shown, levels, strict=True)]


def _family(counts: Ints, shown: Mask, total: int, limits: PersonLimits) -> Mask:
    """:func:`complete` for children with what their parent has beyond them, which is never shown."""
    rest = total - int(counts.sum())
    if rest <= 0 or (rest >= limits.buyers_min and shown[counts > 0].all()):
        return complete(counts, shown, limits)
    return complete(np.append(counts, rest), np.append(shown, False), limits)[:-1]


def rates(published: Ints, total: int = 0) -> Floats:
    """The share of each published count in all published ones; where some are held back, in ``total``, which is told too (rounded; 0
    for unknown). NaN where it is held back. Only rounded numbers go in, so that a rate never says more than they do."""
    hidden = published == HELD_BACK
    whole = float(published[~hidden].sum())
    if hidden.any():
        whole = max(whole, float(total))
    return np.where(hidden, np.nan, published / whole if whole else np.nan)
