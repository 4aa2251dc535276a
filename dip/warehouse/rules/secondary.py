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

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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
        net.forget()
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


class _Net:
    """The network of one table: rows (hidden genres as one), columns, and the total of each column. Marks in ``shown`` what it hides."""

    def __init__(self, table: Table, margin: Mask, shown: Mask) -> None:
        self.table, self.shown, self.is_lost = table, shown, False
        genres = range(len(margin) - 1)
        merged = [row for row in genres if not margin[row]]
        rows = [[row] for row in genres if margin[row]] + ([merged] if merged else [])
        self._cells: dict[Edge, list[tuple[int, int]]] = {}
        for number, group in [*enumerate(rows), (_SINK, [-1])]:
            for column in range(shown.shape[1] - 1):
                cells = [(row, column) for row in group if not table.empty[row, column]]
                if cells:
                    self._cells[number, column] = cells
        self._sums = [{edge: sum(float(v[c]) for c in cells) for edge, cells in self._cells.items()} for v in table.values]
        known = [{edge: sum(float(k[c]) for c in cells) for edge, cells in self._cells.items()} for k in table.known]
        self._spare = [{e: max(v - k[e], 0.0) for e, v in sums.items()} for sums, k in zip(self._sums, known, strict=True)]
        self._arcs: dict[int, dict[str, dict[str, float]]] = {}

    def _is_hidden(self, edge: Edge) -> bool:
        return any(not self.shown[cell] for cell in self._cells[edge])

    def secrets(self, limits: Limits) -> list[Edge]:
        """Edges that break the primary rules. What is hidden only for the sake of others may well be had."""
        found = []
        for edge, cells in self._cells.items():
            if any(not self.table.safe[cell] for cell in cells) and not (len(cells) > 1 and self.table.together(cells, limits)):
                found.append(edge)
        return found

    def protect(self, measure: int, edge: Edge, p: float) -> bool:
        """Hide more cells until ``edge`` is protected; whether any were."""
        changed = False
        while not self.is_lost and not self._is_wide(measure, edge, 2 * p * self._sums[measure][edge]):
            path = self._cheapest(measure, edge)
            if path is None:
                self.is_lost = True
                return True
            for other in path:
                for cell in self._cells[other]:
                    self.shown[cell] = False
            self.forget()
            changed = True
        return changed

    def forget(self) -> None:
        """Something was hidden: what is open is looked up anew."""
        self._arcs.clear()

    def _is_wide(self, measure: int, edge: Edge, width: float) -> bool:
        """Whether the equations leave at least ``width`` open for ``edge``, upwards and downwards together."""
        if measure not in self._arcs:
            self._arcs[measure] = self._room(measure, [other for other in self._cells if self._is_hidden(other)])
        arcs = self._arcs[measure]
        tail, head = self._ends(edge)
        up = _most_flow(arcs, head, tail, width)
        if up >= width:
            return True
        return up + min(_most_flow(arcs, tail, head, width - up), self._spare[measure][edge]) >= width

    @staticmethod
    def _ends(edge: Edge) -> tuple[str, str]:
        row, column = edge
        return (f"c{column}", "t") if row == _SINK else (f"r{row}", f"c{column}")

    def _room(self, measure: int, edges: Iterable[Edge]) -> dict[str, dict[str, float]]:
        """Room to move: along an edge as much as one likes, against it what is not known of it."""
        room: dict[str, dict[str, float]] = {}
        top = float(self.table.values[measure][-1, -1])
        for edge in edges:
            tail, head = self._ends(edge)
            room.setdefault(tail, {})[head] = top
            room.setdefault(head, {})[tail] = self._spare[measure][edge]
        return room

    def _cheapest(self, measure: int, edge: Edge) -> list[Edge] | None:
        """The published edges to hide, least tickets first, that let more flow round ``edge``; None when none can."""
        tail, head = self._ends(edge)
        room = self._room(measure, (other for other in self._cells if other != edge))
        cost = {}
        for other in self._cells:
            if not self._is_hidden(other):
                ends = self._ends(other)
                cost[ends] = cost[ends[::-1]] = (other, 1.0 + self._sums[0][other])
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
        left = [other for other in self._cells if not self._is_hidden(other)]
        touching = [other for other in left if near & set(self._ends(other))]
        return [max(touching or left, key=lambda other: self._sums[measure][other])] if left else None


def _most_flow(room: Mapping[str, Mapping[str, float]], source: str, target: str, enough: float) -> float:
    """Largest flow from ``source`` to ``target`` beside the edge between them (shortest ways first); no further than ``enough``."""
    left = {node: dict(arcs) for node, arcs in room.items()}
    left.get(source, {}).pop(target, None)
    left.get(target, {}).pop(source, None)
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
