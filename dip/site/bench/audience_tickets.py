"""Synthetic tickets for the bench: columns of landed files, the same for the same seed, made a source and season at a time."""

from dataclasses import dataclass

import numpy as np

from dip.warehouse.rules.columns import content_of
from dip.warehouse.rules.landed import COLUMNS

SEASONS = range(2017, 2027)
THEATRES = 300
#: Performances of a theatre in a season.
EVENINGS = 20
_BEGIN = 1_504_224_000_000_000  # September 2017, microseconds
_YEAR = 31_536_000_000_000
Columns = dict[str, "np.ndarray"]


@dataclass(frozen=True, slots=True)
class World:
    """``sources``: keys, one a theatre. ``performances``: (theatre, season, evening) → number, counted from 0 for both."""

    sources: list[int]
    performances: "np.ndarray"


def tickets_of(world: World, place: int, season: int, count: int) -> Columns:
    """The tickets of a theatre (by its place) for a season, in the order of their keys; version 0 of each."""
    chance = np.random.default_rng([place, season, count])
    made: Columns = {"ticket": np.sort(chance.integers(-(2**62), 2**62, count))}
    _fill(made, world, place, chance, np.full(count, season - SEASONS[0]), version=0)
    return made


def batch_of(world: World, place: int, history: Columns, rows: int, corrected: int, turn: int) -> Columns:
    """A delivery for the newest season: ``corrected`` tickets of ``history`` anew, the others new, in the order of their keys."""
    chance = np.random.default_rng([place, turn, rows])
    old = chance.choice(len(history["ticket"]), corrected, replace=False)
    fresh = chance.integers(-(2**62), 2**62, rows - corrected)
    made: Columns = {"ticket": np.concatenate([history["ticket"][old], fresh])}
    _fill(made, world, place, chance, np.full(rows, SEASONS[-1] - SEASONS[0]), version=1 + turn)
    made["performance"][:corrected] = history["performance"][old]
    made["content"] = content_of(made)
    order = np.argsort(made["ticket"])
    return {name: column[order] for name, column in made.items()}


def _fill(made: Columns, world: World, place: int, chance: "np.random.Generator", season: "np.ndarray", version: int) -> None:
    count = len(made["ticket"])
    orders = chance.integers(-(2**62), 2**62, max(1, count * 2 // 5))
    order = np.sort(chance.integers(0, len(orders), count))
    buyers = chance.integers(1, 2**20, len(orders)) * 2**40 + place * 7
    sold = _BEGIN + season * _YEAR + chance.integers(0, 250 * 24, count) * 3_600_000_000
    kinds = {
        "source": np.full(count, world.sources[place]),
        "order_key": orders[order],
        "performance": world.performances[place, season, chance.integers(0, EVENINGS, count)],
        "state": np.where(chance.random(count) < 0.05, 3, 1),
        "version": sold + version * 1_000_000,
        "buyer": buyers[order],
        "scope": np.full(count, 2),
        "kind": chance.integers(1, 4, count),
        "channel": chance.integers(1, 5, count),
        "price_cents": chance.integers(8, 50, count) * 100,
        "list_cents": np.full(count, -1),
        "sold_hour": sold // 3_600_000_000,
        "pc4": chance.integers(1000, 9999, len(orders))[order],
        "country": np.full(count, 528),
        "birth": (1940 + 5 * chance.integers(0, 13, len(orders)))[order],
    }
    made |= kinds | {name: np.zeros(count, np.int64) for name in COLUMNS if name not in kinds and name != "ticket"}
    made["content"] = content_of(made)
    for name, kind in COLUMNS.items():
        made[name] = made[name].astype(kind)
