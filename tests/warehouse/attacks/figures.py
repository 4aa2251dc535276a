"""Attacks on figures of organisations: what is told of a cell, minus what is known of it, as the estimate of one holding's part.

A *target* is the largest holding of a side in a cell. Attackers: nobody in particular, the organisation that knows most of the cell
beside the target, and several that pool what they know. What a hidden cell holds is taken from the equations.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tests.warehouse.attacks.bed import Bed, Cell
from tests.warehouse.attacks.linear import Place, Solver, lines, place_of

#: What counts as recovered.
WITHIN = 0.10
SIDES = ("theatre", "producer", "office")


@dataclass(frozen=True)
class Hit:
    """A target that was recovered: by how many who pooled what they know, and how far the estimate is off."""

    cell: Cell
    side: str
    holding: int
    measure: str
    colluders: int
    error: float


@dataclass(frozen=True)
class Target:
    """The largest holding of a side in a cell, what it has, and how many others contribute."""

    cell: Cell
    side: str
    holding: int
    rows: np.ndarray
    value: float


def largest(bed: Bed, cell: Cell, rows: np.ndarray, measure: str) -> Iterator[Target]:
    """The largest holding of theatres, and of producers, among ``rows``; none where nothing was sold."""
    inside = np.flatnonzero(rows)
    for side in SIDES[:2]:
        sums = np.unique(bed.rows[side][inside], return_inverse=True)
        parts = np.bincount(sums[1], weights=bed.rows[measure][inside]) if len(inside) else np.empty(0)
        if len(parts) and parts.max() > 0:
            holding = int(sums[0][parts.argmax()])
            yield Target(cell, side, holding, inside[bed.rows[side][inside] == holding], float(parts.max()))


def differences(bed: Bed, cells: Sequence[Cell]) -> Iterator[tuple[Cell, np.ndarray, list[tuple[Place, int]]]]:
    """What subtraction tells: of every line with a total that is shown, the hidden cells together; with the rows in them, and the
    shown cells with their signs that give it."""
    by_place = {place_of(cell): cell for cell in cells}
    for number, (total, parts) in enumerate(lines(cells)):
        hidden = [by_place[part] for part in parts if not by_place[part].is_shown]
        if total in by_place and by_place[total].is_shown and hidden:
            rows = by_place[total].rows(bed)
            shown = [part for part in parts if by_place[part].is_shown]
            for part in shown:
                rows = rows & ~by_place[part].rows(bed)
            yield Cell(-1, number, 0, True, {}, 0.0), rows, [(total, 1), *((part, -1) for part in shown)]


def seen_by(bed: Bed) -> dict[int, np.ndarray]:
    """Organisation → the rows of which it knows the figures: of its theatres, and of its productions."""
    found: dict[int, np.ndarray] = {}
    for holding in np.unique(bed.rows["theatre"]):
        if holding > 0:
            found[int(holding)] = bed.rows["theatre"] == holding
    produced = defaultdict(list)
    for organisation, production in bed.parties:
        produced[organisation].append(production)
    for organisation, productions in produced.items():
        rows = np.isin(bed.rows["production"], productions)
        found[organisation] = rows | found[organisation] if organisation in found else rows
    return found


class Attack:
    """All attackers on one release. ``true_totals``: what exact equations would tell, to know what is isolated at all."""

    def __init__(self, bed: Bed, cells: Sequence[Cell], measure: str = "tickets") -> None:
        self.bed, self.cells, self.measure = bed, cells, measure
        self.amounts = bed.rows[measure].astype(float)
        self.inside = {place_of(cell): cell.rows(bed) for cell in cells}
        unions = list(differences(bed, cells))
        self.derived = {place_of(cell): terms for cell, _, terms in unions}
        self.inside |= {place_of(cell): rows for cell, rows, _ in unions}
        self.true = {place: float(self.amounts[inside].sum()) for place, inside in self.inside.items()}
        self.targets = [one for cell in (*cells, *(union for union, _, _ in unions)) for one in self._targets(cell)]
        self.viewers = seen_by(bed)
        self._by_place = {place_of(cell): cell for cell in cells}
        self._names = list(self.viewers)
        self._sees = np.array([self.viewers[name] for name in self._names])

    def _targets(self, cell: Cell) -> Iterator[Target]:
        return largest(self.bed, cell, self.inside[place_of(cell)], self.measure)

    def _told(self, cell: Cell, told: Callable[[Cell], float]) -> float:
        by_place = self._by_place
        terms = self.derived.get(place_of(cell))
        return told(cell) if terms is None else sum(sign * told(by_place[place]) for place, sign in terms)

    def attackers(self, target: Target, colluders: int) -> np.ndarray:
        """Rows that the best informed ``colluders`` see together, of those who know nothing of the target's own."""
        place = np.flatnonzero(self.inside[place_of(target.cell)])
        place = place[~np.isin(place, target.rows)]
        knows_target = self._sees[:, target.rows].any(axis=1)
        there, left = self._sees[:, place], self.amounts[place].copy()
        together = np.zeros(len(self.amounts), dtype=bool)
        for _ in range(colluders):
            gain = np.where(knows_target, -1.0, there @ left)
            best = int(gain.argmax())
            if gain[best] <= 0:
                break
            together |= self._sees[best]
            left[there[best]] = 0.0
        return together

    def hits(
        self, told: Callable[[Cell], float], colluders: Iterable[int], slack: float = 1.0, seats: "Attack | None" = None
    ) -> list[Hit]:
        """Targets of which the attackers know for sure within :data:`WITHIN`, and are right. ``slack``: the part of what they know
        that is surely in what is told. ``seats``: they also know the halls, and take from what is told of seats how the target is
        disturbed."""
        found = []
        solvers: dict[bytes, Solver] = {}
        for target in self.targets:
            for count in colluders:
                known = self.attackers(target, count)
                estimate = self._estimate(target, known, told, solvers, slack)
                if estimate is not None and seats is not None:
                    estimate = seats.corrected(estimate, target, known, slack)
                if estimate is not None and abs(estimate - target.value) <= WITHIN * target.value:
                    found.append(Hit(target.cell, target.side, target.holding, self.measure, count, estimate / target.value - 1))
                    break
        return found

    def corrected(self, estimate: float, target: Target, known: np.ndarray, slack: float) -> float:
        """``estimate`` of tickets, by how far what is told of the target's seats is from the seats that its halls are known to have."""
        room = float(self.amounts[target.rows].sum())
        told = self._estimate(replace(target, value=room), known, lambda cell: float(cell.told["for_sale"]), {}, slack)
        public = 0.96 * float(self.bed.rows["seats"][target.rows].sum())
        return estimate if not told else estimate * public / told

    def _estimate(
        self, target: Target, known: np.ndarray, told: Callable[[Cell], float], solvers: dict, slack: float
    ) -> float | None:
        """What is told of the cell, less what is known of it; None when others contribute so much that it says nothing."""
        inside = self.inside[place_of(target.cell)]
        mine = float(self.amounts[inside & known].sum())
        rest = float(self.amounts[inside & ~known].sum()) - target.value
        if rest > WITHIN * target.value:
            return None
        if target.cell.is_shown:
            return self._told(target.cell, told) - mine
        key = known.tobytes()
        if key not in solvers:
            least = lambda cell: slack * float(self.amounts[self.inside[place_of(cell)] & known].sum())  # noqa: E731
            solvers[key] = Solver(self.cells, told, least)
        low, high = solvers[key].interval(target.cell)
        middle = (low + high) / 2 - mine
        return middle if (high - low) / 2 <= WITHIN * max(middle, 1e-9) else None
