"""Synthetic tickets for the bench: columns of landed files, the same for the same seed, made a source and season at a time.

The country is invented and has the shape of the real one: theatres of very different sizes, productions that tour, buyers who mostly
stay with the theatre near them and partly go to those around it, who come again in later seasons, and 2.4 tickets an order.
"""

from dataclasses import dataclass

import numpy as np

from dip.warehouse.rules.columns import content_of
from dip.warehouse.rules.landed import COLUMNS
from dip.warehouse.rules.pseudonyms import mixed

FIRST_PC4, NEWEST = 1_000, 2026
#: Tickets of an order; part of the orders by people of the theatre's own surroundings; without a buyer; known at the source only.
_PER_ORDER, _NEAR, _NOBODY, _CUSTOMERS = 2.4, 0.8, 0.05, 0.1
_HOUR = 3_600_000_000
Columns = dict[str, "np.ndarray"]


@dataclass(frozen=True, slots=True)
class Size:
    """How large the country is. ``evenings``: performances of a theatre in a season; ``productions`` and ``tickets``: of a season."""

    theatres: int = 300
    evenings: int = 160
    productions: int = 1_200
    areas: int = 4_000
    tickets: int = 20_000_000
    seasons: int = 1

    @property
    def years(self) -> range:
        """First years of the seasons."""
        return range(NEWEST - self.seasons + 1, NEWEST + 1)

    def of_theatres(self) -> list[int]:
        """Tickets of each theatre in a season: the largest sells about ten times what the middle one does."""
        weights = np.exp(np.random.default_rng(1).normal(0, 0.9, self.theatres))
        return [max(1, round(self.tickets * float(share))) for share in weights / weights.sum()]

    def bills(self) -> "np.ndarray":
        """(theatre, evening) → place of the production that plays: some everywhere, most in a few theatres."""
        weights = (np.arange(self.productions) + 20.0) ** -0.6
        return np.random.default_rng(2).choice(self.productions, (self.theatres, self.evenings), p=weights / weights.sum())

    def home_of(self, place: int) -> int:
        """PC4 of a theatre."""
        return FIRST_PC4 + place * self.areas // self.theatres


@dataclass(frozen=True, slots=True)
class World:
    """``sources``: keys, one a theatre. ``performances`` and ``days``: (theatre, season, evening) → number, and day since 1970."""

    size: Size
    sources: list[int]
    performances: "np.ndarray"
    days: "np.ndarray"


def tickets_of(world: World, place: int, season: int, count: int) -> Columns:
    """The tickets of a theatre (by its place) for a season, in the order of their keys; version 0 of each."""
    chance = np.random.default_rng([place, season, count])
    made: Columns = {"ticket": np.sort(chance.integers(-(2**62), 2**62, count))}
    _fill(made, world, place, chance, season - world.size.years[0], version=0, people=count)
    return made


def batch_of(world: World, place: int, history: Columns, rows: int, corrected: int, turn: int) -> Columns:
    """A delivery for the newest season: ``corrected`` tickets of ``history`` anew, the others new, in the order of their keys."""
    chance = np.random.default_rng([place, turn, rows])
    old = chance.choice(len(history["ticket"]), corrected, replace=False)
    fresh = chance.integers(-(2**62), 2**62, rows - corrected)
    made: Columns = {"ticket": np.concatenate([history["ticket"][old], fresh])}
    _fill(made, world, place, chance, world.size.seasons - 1, version=1 + turn, people=len(history["ticket"]))
    made["performance"][:corrected] = history["performance"][old]
    made["content"] = content_of(made)
    order = np.argsort(made["ticket"])
    return {name: column[order] for name, column in made.items()}


def _fill(
    made: Columns, world: World, place: int, chance: "np.random.Generator", season: int, *, version: int, people: int
) -> None:
    count = len(made["ticket"])
    orders = max(1, round(count / _PER_ORDER))
    order, evening = chance.integers(0, orders, count), chance.integers(0, world.size.evenings, orders)
    sold = world.days[place, season, evening] * 24 - np.minimum(chance.exponential(45 * 24, orders), 250 * 24).astype(np.int64)
    buyers = {name: column[order] for name, column in _buyers(chance, world.size, place, orders, max(1, people // 4)).items()}
    state = np.where(chance.random(count) < 0.05, 3, 1)
    columns = buyers | {
        "source": np.full(count, world.sources[place]),
        "order_key": chance.integers(-(2**62), 2**62, orders)[order],
        "performance": world.performances[place, season, evening[order]],
        "state": state,
        "version": sold[order] * _HOUR + version * 1_000_000,
        "kind": chance.integers(1, 4, count),
        "channel": chance.integers(1, 5, orders)[order],
        "price_cents": chance.integers(8, 50, orders)[order] * 100,
        "fee_cents": np.full(count, 150),
        "list_cents": np.full(count, -1),
        "sold_hour": sold[order],
        "cancelled_hour": np.where(state == 3, sold[order] + 24, 0),
    }
    made |= columns | {name: np.zeros(count, np.int64) for name in COLUMNS if name not in columns and name != "ticket"}
    made["content"] = content_of(made)
    for name, kind in COLUMNS.items():
        made[name] = made[name].astype(kind)


def _buyers(chance: "np.random.Generator", size: Size, place: int, orders: int, pool: int) -> Columns:
    """Who ordered. A person is a number, from which follow the pseudonym, home, birth and gender: the same in every season."""
    near = chance.random(orders) < _NEAR
    of = np.where(near, place, (place + np.rint(chance.normal(0, 4, orders)).astype(np.int64)) % size.theatres)
    person = of * 10_000_000 + (chance.random(orders) ** 1.5 * pool).astype(np.int64)
    about = mixed([person]).view(np.uint64)
    is_known = chance.random(orders) >= _NOBODY
    is_local = (about >> np.uint64(40)) % np.uint64(1000) < _CUSTOMERS * 1000
    buyer = np.where(is_local, mixed([person, np.full(orders, place)]), about.view(np.int64))
    away = ((about & np.uint64(15)) + (about >> np.uint64(4) & np.uint64(15)) + (about >> np.uint64(8) & np.uint64(15))).astype(
        np.int64
    )
    home = np.clip(of * size.areas // size.theatres + away - 22, 0, size.areas - 1) + FIRST_PC4
    birth = 1940 + 5 * ((about >> np.uint64(12)) % np.uint64(13)).astype(np.int64)
    found = {
        "buyer": buyer,
        "scope": np.where(is_local, 1, 2),
        "pc4": home,
        "country": np.full(orders, 528),
        "birth": np.where((about >> np.uint64(16)) % np.uint64(3) == 0, birth, 0),
        "gender": np.where((about >> np.uint64(20)) % np.uint64(4) == 0, 1 + (about >> np.uint64(24)) % np.uint64(2), 0).astype(
            np.int64
        ),
    }
    return {name: np.where(is_known, column, 0) for name, column in found.items()}
