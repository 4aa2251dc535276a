"""The large run, by hand: which combination of rules recovers what on 150 theatres and 200 producers, over several sectors.

``python -m tests.warehouse.attacks.table [sectors]`` prints the table of ``docs/algorithms/disclosure.md``.
"""

import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from dip.warehouse.store import trends
from tests.warehouse.attacks.bed import LIMITS, Cell, editions, sector
from tests.warehouse.attacks.figures import Attack
from tests.warehouse.attacks.linear import place_of

_LOOSE = {"dominance_p": 0.0, "top_one_max": 1.0, "top_two_max": 1.0}


def _primary(tables: dict[int, Any], _limits: object) -> dict[int, np.ndarray]:
    return {key: table.safe | table.empty for key, table in tables.items()}


#: Name → limits, whether cells are hidden for the sake of others, and whether figures are disturbed.
RELEASES: dict[str, tuple[dict[str, float], bool, bool]] = {
    "five contributors only": (_LOOSE, False, False),
    "primary rules": ({}, False, False),
    "primary + hidden factor": ({}, False, True),
    "primary + secondary": ({}, True, False),
    "all three": ({}, True, True),
}


def run(sectors: int) -> dict[str, list[list[float]]]:
    """Release → per sector: cells, cells kept, targets, recovered by nobody in particular or one, by two or three, by who knows
    the halls, median error of a cell, error of the national total."""
    found: dict[str, list[list[float]]] = {name: [] for name in RELEASES}
    for seed in range(1, sectors + 1):
        bed = sector(150, 200, seed)
        for name, (limits, is_secondary, is_disturbed) in RELEASES.items():
            hide: Callable[..., Any] = trends.shown_cells if is_secondary else _primary
            held = replace(bed, limits=replace(LIMITS, **limits))
            with mock.patch.object(trends, "shown_cells", hide), tempfile.TemporaryDirectory() as home:
                cells = editions(held, Path(home), key=bytes([seed]) * 32)[0]
            found[name].append(_row(Attack(bed, cells), Attack(bed, cells, "for_sale"), cells, is_disturbed))
            print(seed, name, found[name][-1], file=sys.stderr, flush=True)
    return found


def _row(attack: Attack, seats: Attack, cells: list[Cell], is_disturbed: bool) -> list[float]:
    def exact(cell: Cell) -> float:
        return attack.true[place_of(cell)]

    def told(cell: Cell) -> float:
        return float(cell.told["tickets"])

    amount, slack = (told, 0.75) if is_disturbed else (exact, 1.0)
    alone = attack.hits(amount, (0, 1), slack)
    pooled = attack.hits(amount, (0, 1, 2, 3), slack)
    informed = attack.hits(amount, (0, 1, 2, 3), slack, seats) if is_disturbed else pooled
    shown = [cell for cell in cells if cell.is_shown]
    errors = [abs(amount(cell) / exact(cell) - 1) for cell in shown]
    nation = [abs(amount(cell) / exact(cell) - 1) for cell in shown if place_of(cell) == (0, 0, 0)]
    found = [len(cells), len(shown), len(attack.targets), len(alone), len(pooled), len(informed)]
    return [*found, float(np.median(errors)), nation[0] if nation else float("nan")]


def main() -> None:
    """Print the means over the sectors."""
    found = run(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
    print("| release | cells kept | recovered, alone | two or three pooling | who know the halls too | median error | nation |")
    print("|---|---|---|---|---|---|---|")
    for name, rows in found.items():
        cells, kept, _, alone, pooled, informed, error, nation = np.nanmean(np.array(rows), axis=0)
        print(f"| {name} | {kept:.0f} of {cells:.0f} | {alone:.1f} | {pooled:.1f} | {informed:.1f} | {error:.2%} | {nation:.2%} |")


if __name__ == "__main__":
    main()
