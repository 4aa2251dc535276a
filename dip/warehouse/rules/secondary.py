"""Secondary suppression: which further cells of linked tables are held back, so that nothing hidden can be had by arithmetic.

The tables of one season share their rows (genres, and their total); each has columns of its own (provinces, weekdays, …) and in the last
column the genres' totals. What is published of them are equations between cells; an attacker solves them, knowing of every cell that
it is at least what is their own in it. A hidden cell is protected when what the equations leave open for it is as wide as twice
``p`` of it: the best guess, the middle, may then be wrong by ``p``. This is checked for an attacker who knows, in each cell, as much as
the viewer that has most in it: whatever protects against all viewers' knowledge together protects against each of them. And what is
hidden in one row or column is a figure that subtraction publishes: together it keeps the primary rules.

A table with known row totals is a network (row → column → total), and what the equations leave open is the flow that can be sent
round it without touching a published cell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

import numpy as np
import numpy.typing as npt

from dip.warehouse.rules.disclosure import is_safe_for_anyone, top_of
from dip.warehouse.terms import Limits

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Edge = tuple[int, int]
"""Row and column of a cell; row ``-1`` is the total over the rows."""
_SINK = -1


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a season, (genres + 1) × (values + 1), totals last. ``values``: one array per measure; ``known``: the largest own
    part of any viewer; ``safe``: what keeps the primary rules; ``empty``: cells in which nothing was played, which is no secret."""

    values: Sequence[Array]
    known: Sequence[Array]
    safe: Mask
    empty: Mask
    holdings: Sequence[Array] = ()
    """Per measure and side what each holding has in each cell: (genres + 1) × (values + 1) × holdings."""

    def together(self, cells: Sequence[tuple[int, int]], limits: Limits) -> bool:
        """Whether the sum of ``cells`` keeps the primary rules on every side, also once one holding is taken out."""
        for contributions in self.holdings:
            top = top_of(np.add.reduce([contributions[cell] for cell in cells]).tolist())
            if not is_safe_for_anyone(top, 1, top.first, limits):
                return False
        return True


def shown_cells(tables: Mapping[int, Table], limits: Limits) -> dict[int, Mask]:
    """Which cells of each table may be shown. A hidden total hides its row or column; genres are hidden in all tables alike."""
    first = next(iter(tables.values()))
    margin = np.logical_and.reduce([table.safe[:, -1] for table in tables.values()]) | first.empty[:, -1]
    margin = _margin(first, margin, limits)
    return {key: _one(table, margin, limits) for key, table in tables.items()}


def _margin(table: Table, shown: Mask, limits: Limits) -> Mask:
    """Which genre totals may be shown, the total over genres last. Hidden ones must leave each other room."""
    shown = shown.copy()
    real = ~table.empty[:, -1]
    if not shown[-1]:
        return ~real
    while True:
        hidden = [row for row in range(len(shown) - 1) if not shown[row]]
        if not hidden or _leave_room(table, hidden, limits):
            return shown
        left = [row for row in range(len(shown) - 1) if shown[row] and real[row]]
        if not left:
            return ~real
        shown[min(left, key=lambda row: table.values[0][row, -1])] = False


def _leave_room(table: Table, hidden: Sequence[int], limits: Limits) -> bool:
    """Whether each hidden total could be larger by 2p of itself at the cost of the other hidden ones, and all may be added up."""
    if not table.together([(row, -1) for row in hidden], limits):
        return False
    for values, known in zip(table.values, table.known, strict=True):
        spare = {row: values[row, -1] - known[row, -1] for row in hidden}
        if any(sum(spare.values()) - spare[row] < 2 * limits.dominance_p * values[row, -1] for row in hidden):
            return False
    return True


def _one(table: Table, margin: Mask, limits: Limits) -> Mask:
    shown = table.safe | table.empty
    shown[:, -1] = margin
    shown[~margin] = table.empty[~margin]
    shown[:, ~shown[-1]] = table.empty[:, ~shown[-1]]
    shown[:, -1] = margin
    if not margin[-1]:
        return shown
    net = _Net(table, margin, shown)
    targets = net.secrets(limits)
    for _ in range(shown.size):
        changed = [net.protect(m, edge, limits.dominance_p) for m in range(len(table.values)) for edge in targets]
        changed += [_close(table, shown, line, limits) for line in _lines(*shown.shape)]
        if net.is_lost:
            shown[:, :-1] = table.empty[:, :-1]
            return shown
        if not any(changed):
            break
    return shown


def _lines(rows: int, columns: int) -> list[list[tuple[int, int]]]:
    """Cells that add up to a total, which stands last: the genres' totals are closed before."""
    down = [[(row, column) for row in (*range(rows - 1), -1)] for column in range(columns - 1)]
    return down + [[(row, column) for column in (*range(columns - 1), -1)] for row in (*range(rows - 1), -1)]


def _close(table: Table, shown: Mask, line: list[tuple[int, int]], limits: Limits) -> bool:
    """Hide the smallest cell that is left in ``line`` when what is hidden in it may not be added up; whether it did."""
    *parts, total = line
    hidden = [cell for cell in parts if not shown[cell]]
    if not shown[total] or not hidden or table.together(hidden, limits):
        return False
    left = [cell for cell in parts if shown[cell] and not table.empty[cell]]
    if not left:
        return False
    cell = min(left, key=lambda one: table.values[0][one])
    shown[cell] = False
    if cell[0] == -1:
        shown[:, cell[1]] = table.empty[:, cell[1]]
    return True


@dataclass(slots=True)
class _Net:
    """The network of one table: rows (hidden genres as one), columns, and the total of each column. Marks in ``shown`` what it hides."""

    table: Table
    margin: Mask
    shown: Mask
    rows: list[list[int]] = field(init=False)
    is_lost: bool = False

    def __post_init__(self) -> None:
        genres = range(len(self.margin) - 1)
        merged = [row for row in genres if not self.margin[row]]
        self.rows = [[row] for row in genres if self.margin[row]] + ([merged] if merged else [])

    def _cells(self, edge: Edge) -> list[tuple[int, int]]:
        row, column = edge
        return [(-1, column)] if row == _SINK else [(genre, column) for genre in self.rows[row]]

    def _sum(self, arrays: Sequence[Array], measure: int, edge: Edge) -> float:
        return float(sum(arrays[measure][cell] for cell in self._cells(edge)))

    def _edges(self) -> list[Edge]:
        columns = range(self.shown.shape[1] - 1)
        found = [(row, column) for row in (*range(len(self.rows)), _SINK) for column in columns]
        return [edge for edge in found if not all(self.table.empty[cell] for cell in self._cells(edge))]

    def _is_hidden(self, edge: Edge) -> bool:
        return any(not self.shown[cell] for cell in self._cells(edge))

    def secrets(self, limits: Limits) -> list[Edge]:
        """Edges that break the primary rules. What is hidden only for the sake of others may well be had."""
        found = []
        for edge in self._edges():
            cells = [cell for cell in self._cells(edge) if not self.table.empty[cell]]
            if any(not self.table.safe[cell] for cell in cells) and not (len(cells) > 1 and self.table.together(cells, limits)):
                found.append(edge)
        return found

    def protect(self, measure: int, edge: Edge, p: float) -> bool:
        """Hide more cells until ``edge`` is protected; whether any were."""
        value = self._sum(self.table.values, measure, edge)
        changed = False
        while not self.is_lost and not self._is_wide(measure, edge, value, 2 * p * value):
            path = self._cheapest(measure, edge)
            if path is None:
                self.is_lost = True
                return True
            for other in path:
                for cell in self._cells(other):
                    self.shown[cell] = self.table.empty[cell]
            changed = True
        return changed

    def _is_wide(self, measure: int, edge: Edge, value: float, width: float) -> bool:
        """Whether the equations leave at least ``width`` open for ``edge``, upwards and downwards together."""
        arcs = self._arcs(measure, edge, everything=False)
        tail, head = self._ends(edge)
        up = _most_flow(arcs, head, tail, width)
        if up >= width:
            return True
        spare = value - self._sum(self.table.known, measure, edge)
        return up + min(_most_flow(arcs, tail, head, width - up), max(spare, 0.0)) >= width

    @staticmethod
    def _ends(edge: Edge) -> tuple[str, str]:
        row, column = edge
        return (f"c{column}", "t") if row == _SINK else (f"r{row}", f"c{column}")

    def _arcs(self, measure: int, without: Edge, *, everything: bool) -> dict[str, dict[str, float]]:
        """Room to move: along an edge as much as one likes, against it what is not known of it."""
        room: dict[str, dict[str, float]] = {}
        top = float(self.table.values[measure][-1, -1])
        for edge in self._edges():
            if edge == without or not (everything or self._is_hidden(edge)):
                continue
            tail, head = self._ends(edge)
            spare = self._sum(self.table.values, measure, edge) - self._sum(self.table.known, measure, edge)
            room.setdefault(tail, {})[head] = top
            room.setdefault(head, {})[tail] = max(spare, 0.0)
        return room

    def _cheapest(self, measure: int, edge: Edge) -> list[Edge] | None:
        """The published edges to hide, least tickets first, that let more flow round ``edge``; None when none can."""
        tail, head = self._ends(edge)
        room = self._arcs(measure, edge, everything=True)
        cost = {}
        for other in self._edges():
            if not self._is_hidden(other):
                ends = self._ends(other)
                cost[ends] = cost[ends[::-1]] = (other, 1.0 + self._sum(self.table.values, 0, other))
        best: dict[str, float] = {head: 0.0}
        came: dict[str, str] = {}
        queue = [(0.0, head)]
        while queue:
            far, node = heappop(queue)
            if node == tail or far > best[node]:
                continue
            for following, capacity in room.get(node, {}).items():
                step = cost.get((node, following), (edge, 0.0))[1]
                if capacity > 0 and far + step < best.get(following, float("inf")):
                    best[following], came[following] = far + step, node
                    heappush(queue, (far + step, following))
        if tail not in came:
            return None
        path, node = [], tail
        while node != head:
            if (came[node], node) in cost:
                path.append(cost[came[node], node][0])
            node = came[node]
        return path or self._widen(measure, edge)

    def _widen(self, measure: int, edge: Edge) -> list[Edge] | None:
        """The largest published edge that touches the row, the column or the total of ``edge``, when its neighbours leave too little."""
        near = set(self._ends(edge))
        left = [other for other in self._edges() if not self._is_hidden(other) and near & set(self._ends(other))]
        left = left or [other for other in self._edges() if not self._is_hidden(other)]
        return [max(left, key=lambda other: self._sum(self.table.values, measure, other))] if left else None


def _most_flow(room: Mapping[str, Mapping[str, float]], source: str, target: str, enough: float) -> float:
    """Largest flow from ``source`` to ``target`` (shortest ways first); no further than ``enough``."""
    left = {node: dict(arcs) for node, arcs in room.items()}
    total = 0.0
    while total < enough:
        came: dict[str, str] = {source: source}
        queue = [source]
        for node in queue:
            for following, capacity in left.get(node, {}).items():
                if capacity > 1e-9 and following not in came:
                    came[following] = node
                    queue.append(following)
        if target not in came:
            break
        path, node = [], target
        while node != source:
            path.append((came[node], node))
            node = came[node]
        step = min(left[a][b] for a, b in path)
        for a, b in path:
            left[a][b] -= step
            back = left.setdefault(b, {})
            back[a] = back.get(a, 0.0) + step
        total += step
    return total
