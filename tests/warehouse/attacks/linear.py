"""What linear equations between published cells leave open for a hidden one: a linear programme, solved by tableau."""

from collections.abc import Callable, Sequence

import numpy as np

from tests.warehouse.attacks.bed import Cell

Place = tuple[int, int, int]
"""Dimension, value, genre; the totals of genres and of everything have dimension 0."""
_TINY = 1e-7


def place_of(cell: Cell) -> Place:
    """Where a cell stands."""
    return cell.dimension, cell.value, cell.genre


def lines(cells: Sequence[Cell]) -> list[tuple[Place, list[Place]]]:
    """Every total with the cells that add up to it."""
    there = {place_of(cell) for cell in cells}
    genres = sorted({genre for dimension, _, genre in there if not dimension and genre})
    found: list[tuple[Place, list[Place]]] = [((0, 0, 0), [(0, 0, genre) for genre in genres])]
    for dimension in range(1, 6):
        values = sorted({value for its, value, _ in there if its == dimension})
        for genre in (0, *genres):
            parts = [(dimension, value, genre) for value in values if (dimension, value, genre) in there]
            if parts:
                found.append(((0, 0, genre), parts))
        for value in values:
            found.append(((dimension, value, 0), [(dimension, value, g) for g in genres if (dimension, value, g) in there]))
    return found


class Solver:
    """Interval of each hidden cell given what is told, and what is known to be in the hidden ones at least."""

    def __init__(self, cells: Sequence[Cell], amount: Callable[[Cell], float], least: Callable[[Cell], float]) -> None:
        told = {place_of(cell): amount(cell) for cell in cells if cell.is_shown}
        hidden = [cell for cell in cells if not cell.is_shown]
        self.places = {place_of(cell): number for number, cell in enumerate(hidden)}
        self.least = np.array([least(cell) for cell in hidden])
        matrix, right = [], []
        for total, parts in lines(cells):
            row, value = np.zeros(len(hidden)), 0.0
            for place, sign in [(total, -1.0), *((part, 1.0) for part in parts)]:
                if place in self.places:
                    row[self.places[place]] += sign
                else:
                    value -= sign * told.get(place, 0.0)
            if row.any():
                matrix.append(row)
                right.append(value)
        self._split(np.array(matrix), np.array(right))

    def _split(self, matrix: np.ndarray, right: np.ndarray) -> None:
        """Equations that share no hidden cell are solved apart."""
        count = len(self.places)
        group = np.arange(count)
        for row in matrix:
            inside = np.flatnonzero(row)
            group[np.isin(group, group[inside])] = group[inside].min()
        self.group = group
        self.systems = {}
        for number in np.unique(group) if count else []:
            columns = np.flatnonzero(group == number)
            used = np.flatnonzero(np.abs(matrix[:, columns]).any(axis=1)) if len(matrix) else []
            part = matrix[np.ix_(used, columns)]
            self.systems[number] = (columns, part, right[used] - part @ self.least[columns])

    def interval(self, cell: Cell) -> tuple[float, float]:
        """Least and most that a hidden cell can be."""
        number = self.places[place_of(cell)]
        columns, matrix, right = self.systems[self.group[number]]
        if not len(matrix):
            return float(self.least[number]), float("inf")
        cost = (columns == number).astype(float)
        low, high = (maximum(matrix, right, sign * cost) for sign in (-1.0, 1.0))
        return float(self.least[number] - low), float(self.least[number] + high)


def maximum(matrix: np.ndarray, right: np.ndarray, cost: np.ndarray) -> float:
    """Largest cost · x with matrix · x = right, x ≥ 0; infinity when there is no bound. Small violations are taken as rounding."""
    rows, width = matrix.shape
    scale = max(float(np.abs(right).max(initial=0.0)), 1.0)
    sign = np.where(right < 0, -1.0, 1.0)
    table = np.hstack([matrix * sign[:, None], np.eye(rows), (right * sign / scale)[:, None]])
    basis = np.arange(width, width + rows)
    helpers = np.concatenate([np.zeros(width), -np.ones(rows), [0.0]])
    _solve(table, basis, helpers, width + rows)
    for row in np.flatnonzero(basis >= width):
        column = np.argmax(np.abs(table[row, :width]))
        if abs(table[row, column]) > _TINY:
            _pivot(table, basis, int(row), int(column))
    kept = basis < width
    table, basis = np.hstack([table[kept, :width], table[kept, -1:]]), basis[kept]
    if not _solve(table, basis, np.append(cost, 0.0), width):
        return float("inf")
    return float(cost[basis] @ table[:, -1]) * scale


def _solve(table: np.ndarray, basis: np.ndarray, cost: np.ndarray, width: int) -> bool:
    for step in range(20_000):
        gains = cost[:width] - cost[basis] @ table[:, :width]
        better = np.flatnonzero(gains > _TINY)
        if not len(better):
            return True
        column = int(better[0]) if step > 500 else int(better[gains[better].argmax()])
        positive = np.flatnonzero(table[:, column] > _TINY)
        if not len(positive):
            return False
        ratios = table[positive, -1] / table[positive, column]
        best = positive[ratios <= ratios.min() + 1e-12]
        _pivot(table, basis, int(best[basis[best].argmin()]), column)
    raise AssertionError("the attack's own programme does not end")


def _pivot(table: np.ndarray, basis: np.ndarray, row: int, column: int) -> None:
    table[row] /= table[row, column]
    others = np.arange(len(table)) != row
    table[others] -= np.outer(table[others, column], table[row])
    basis[row] = column
