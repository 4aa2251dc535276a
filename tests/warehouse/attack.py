"""An attacker of published tables: everything that linear equations and what it knows of its own leave open for a hidden cell.

Independent of the code under test: one linear programme over all tables at once, solved exactly in fractions.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

Place = tuple[int, int, int]
"""Table, row, column; the last column is the same in all tables and stands under table 0."""


def place_of(table: int, row: int, column: int, shape: tuple[int, int]) -> Place:
    """One name per cell: the genres' totals are shared."""
    row, column = row % shape[0], column % shape[1]
    return (0, row, -1) if column == shape[1] - 1 else (table, row, column)


def bounds(
    values: Mapping[int, np.ndarray], shown: Mapping[int, np.ndarray], known: Mapping[int, np.ndarray], target: Place
) -> tuple[Fraction, Fraction]:
    """Least and most that ``target`` can be. ``known``: what the attacker knows to be in each cell at least."""
    truth: dict[Place, int] = {}
    least: dict[Place, int] = {}
    open_cells: list[Place] = []
    for table, array in values.items():
        for row, column in np.ndindex(array.shape):
            place = place_of(table, row, column, array.shape)
            truth[place] = int(array[row, column])
            least[place] = int(known[table][row, column])
            if not shown[table][row, column] and place not in open_cells:
                open_cells.append(place)
    equations = []
    for table, array in values.items():
        rows, columns = array.shape
        lines = [[(row, column) for column in range(columns)] for row in range(rows)]
        lines += [[(row, column) for row in range(rows)] for column in range(columns)]
        for line in lines:
            places = [place_of(table, *cell, array.shape) for cell in line]
            equations.append([(place, -1 if number == len(places) - 1 else 1) for number, place in enumerate(places)])
    matrix, right = [], []
    for equation in equations:
        row = [Fraction(0)] * len(open_cells)
        for place, sign in equation:
            if place in open_cells:
                row[open_cells.index(place)] += sign
        if any(row):  # over what is left above the least that is known
            matrix.append(row)
            right.append(sum(a * (truth[p] - least[p]) for a, p in zip(row, open_cells, strict=True)))
    start = [Fraction(truth[p] - least[p]) for p in open_cells]
    cost = [Fraction(int(p == target)) for p in open_cells]
    most = maximum(matrix, right, cost, start)
    smallest = -maximum(matrix, right, [-c for c in cost], start)
    return smallest + least[target], most + least[target]


def maximum(
    matrix: Sequence[Sequence[Fraction]], right: Sequence[Fraction], cost: Sequence[Fraction], start: Sequence[Fraction]
) -> Fraction:
    """Largest ``cost · x`` with ``matrix · x = right`` and ``x ≥ 0`` (two phases, Bland's rule); bounded by construction."""
    count, width = len(matrix), len(cost)
    table = []
    for number, (row, value) in enumerate(zip(matrix, right, strict=True)):
        sign = -1 if value < 0 else 1
        table.append(
            [sign * a for a in row] + [Fraction(int(number == other)) for other in range(count)] + [sign * Fraction(value)]
        )
    basis = [width + number for number in range(count)]
    _solve(table, basis, [Fraction(0)] * width + [Fraction(-1)] * count, width + count)
    for number in range(count):  # what is left of the helpers stands at zero: put a real one in its place, or drop the line
        if basis[number] >= width:
            column = next((c for c in range(width) if table[number][c]), None)
            if column is not None:
                _pivot(table, basis, number, column)
    keep = [number for number in range(count) if basis[number] < width]
    table, basis = [table[number][:width] + table[number][-1:] for number in keep], [basis[number] for number in keep]
    _solve(table, basis, list(cost), width)
    return sum((cost[column] * row[-1] for column, row in zip(basis, table, strict=True)), Fraction(0))


def _solve(table: list[list[Fraction]], basis: list[int], cost: list[Fraction], width: int) -> None:
    while True:
        gains = [cost[c] - sum(cost[b] * row[c] for b, row in zip(basis, table, strict=True)) for c in range(width)]
        column = next((c for c in range(width) if gains[c] > 0), None)
        if column is None:
            return
        steps = [(row[-1] / row[column], basis[number], number) for number, row in enumerate(table) if row[column] > 0]
        assert steps, "unbounded"
        _pivot(table, basis, min(steps)[2], column)


def _pivot(table: list[list[Fraction]], basis: list[int], number: int, column: int) -> None:
    by = table[number][column]
    table[number] = [a / by for a in table[number]]
    for other, row in enumerate(table):
        if other != number and row[column]:
            factor = row[column]
            table[other] = [a - factor * b for a, b in zip(row, table[number], strict=True)]
    basis[number] = column
