"""The true figures behind an audience, before any rule: only this package sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from dip.warehouse.queries.audience.reach import Reach, shelves
from dip.warehouse.store.shelves import Shelves, read_made_from

Ints = npt.NDArray[np.int64]
TOTALS, PEOPLE = 20, 21
ORDERS, TICKETS, BUYERS, WITH_POSTCODE, ANONYMOUS = range(1, 6)
#: Parts that count buyers: over several theatres they are counted anew, for sums would count a buyer twice.
OF_BUYERS = (1, 2, 3, 10, 11, 12)


@dataclass(frozen=True, slots=True)
class Cell:
    """An amount, the organisations that have some of it, and what is left of it without what one of them knows anyway."""

    amount: int
    organisations: int
    rest: int


Cells = Mapping[tuple[int, int], Cell]
"""(part, code) → cell."""
NOTHING = Cell(0, 0, 0)
_OWN = "SELECT part, code, CAST(sum(amount) AS BIGINT) FROM {audience_cell} WHERE production = $production GROUP BY part, code"
_OWN_EACH = (
    "SELECT production, part, code, CAST(sum(amount) AS BIGINT) FROM {audience_cell} WHERE list_contains($productions, production) "
    "GROUP BY production, part, code"
)
_TOURS = (
    "SELECT production, part, code, amount, organisations FROM {audience_tour} "
    "WHERE production BETWEEN $first AND $last AND list_contains($productions, production)"
)
_SALES = "SELECT theatre, part, code, amount FROM {audience_cell} WHERE production = $production AND part IN (4, 5, 6, 7, 8, 9, 20)"
_VISITORS = (
    "SELECT theatre, buyer, season_visits, visits, arrival, stage, taste, age, gender, pc4 FROM {audience_visitor} "
    "WHERE production = $production"
)
_NATION = "SELECT part, code, amount, organisations, largest FROM {audience_nation} WHERE genre = $genre"
_UNMATCHED = "SELECT CAST(sum(tickets) AS BIGINT) FROM {audience_unmatched} WHERE organisation = $organisation AND sold_day BETWEEN $first AND $last"


def cells_of(reach: Reach) -> Cells:
    """The cells of a scope."""
    if reach.is_national:
        return nation(reach.scope.season_year, 0)
    if reach.crosses:
        return _over_theatres(reach)
    return own(reach, list(reach.theatres), reach.production)


def own(reach: Reach, theatres: list[int], production: int) -> Cells:
    """Of one organisation's houses: nobody else is in them."""
    rows = shelves().rows(reach.reason, ["audience_cell"], theatres, reach.seasons, _OWN, {"production": production})
    return {(part, code): Cell(amount, 1, amount) for part, code, amount in rows}


def nation(season_year: int, genre: int) -> Cells:
    """Of the nation, or one genre of it (0: all)."""
    source = shelves("national")
    catalogue = source.catalogue()
    return _nation(source, catalogue.version, season_year, genre) if catalogue else {}


@lru_cache(maxsize=256)
def _nation(source: Shelves, version: str, season_year: int, genre: int) -> Cells:
    rows = source.rows("national figures", ["audience_nation"], [0], [season_year], _NATION, {"genre": genre})
    return {(part, code): Cell(amount, organisations, amount - largest) for part, code, amount, organisations, largest in rows}


def unmatched(reach: Reach, first: int, last: int) -> int:
    """Tickets sold on these days (since 1970) at the organisation's sources, for events that no performance is known for."""
    values = {"organisation": reach.viewer, "first": first, "last": last}
    rows = shelves().rows(reach.reason, ["audience_unmatched"], [0], [0], _UNMATCHED, values)
    return int(rows[0][0] or 0) if rows else 0


def cells_of_each(reaches: Sequence[Reach]) -> list[Cells]:
    """The cells of productions of one reader and season, read together: a list's."""
    if not reaches:
        return []
    if reaches[0].crosses:
        _hold_tours(reaches)
        return [cells_of(reach) for reach in reaches]
    houses = sorted({theatre for reach in reaches for theatre in reach.theatres})
    found: dict[int, dict[tuple[int, int], Cell]] = {}
    values = {"productions": [reach.production for reach in reaches]}
    for production, part, code, amount in shelves().rows(
        reaches[0].reason, ["audience_cell"], houses, reaches[0].seasons, _OWN_EACH, values
    ):
        found.setdefault(production, {})[part, code] = Cell(amount, 1, amount)
    return [found.get(reach.production, {}) for reach in reaches]


def _over_theatres(reach: Reach) -> Cells:
    _hold_tours([reach])
    key = _key(reach)
    found = _CELLS.get(key)
    if found is None:
        found = _sales(reach) | _people(reach, visitors(reach))
        _keep(_CELLS, key, found, 512)
    return found


def _hold_tours(reaches: Sequence[Reach]) -> None:
    """Keep the cells of those productions of which the slow lane has seen all that there is: one small reading instead of one of each
    theatre's buyers. Not of productions in a house of the reader's own, who knows a part of it."""
    wanted = {
        reach.production: key for reach in reaches if (key := _key(reach)) not in _CELLS and _is_whole(reach) and reach.production
    }
    if not wanted:
        return
    source, values = shelves("national"), {"productions": list(wanted), "first": min(wanted), "last": max(wanted)}
    found: dict[int, dict[tuple[int, int], Cell]] = {}
    for production, part, code, amount, organisations in source.rows(
        reaches[0].reason, ["audience_tour"], [0], reaches[0].seasons, _TOURS, values
    ):
        found.setdefault(production, {})[part, code] = Cell(amount, organisations, amount)
    for production, cells in found.items():
        _keep(_CELLS, wanted[production], cells, 512)


def _is_whole(reach: Reach) -> bool:
    """Whether the national shelf was made from what these theatres have published now, and none is the reader's own."""
    if reach.viewer in reach.theatres.values():
        return False
    (season,), source, catalogue = reach.seasons, shelves("national"), shelves("national").catalogue()
    now, shelf = shelves().catalogue(), catalogue.shelves.get((0, season)) if catalogue else None
    if shelf is None or now is None:
        return False
    made = read_made_from(source.home, shelf.folder)
    held = {theatre: now.shelves[theatre, season].folder for theatre in reach.theatres if (theatre, season) in now.shelves}
    return held == {theatre: made[theatre] for theatre in reach.theatres if theatre in made}


_Key = tuple[object, ...]
#: Answers from files that never change under a name; they go when newer files are asked for and room is needed.
_CELLS: dict[_Key, Cells] = {}
_VISITORS_HELD: dict[_Key, "Visitors"] = {}


def _key(reach: Reach) -> _Key:
    """What an answer depends on: the files read, and who is asked about what."""
    source = shelves()
    catalogue = source.catalogue()
    pairs = catalogue.pairs(reach.theatres, reach.seasons) if catalogue else []
    folders = tuple(catalogue.shelves[pair].folder for pair in pairs) if catalogue else ()
    return (source.home, folders, reach.production, reach.viewer, tuple(sorted(reach.theatres.items())))


def _keep(held: dict[_Key, Any], key: _Key, answer: object, most: int) -> None:
    while len(held) >= most:
        held.pop(next(iter(tuple(held)), key), None)
    held[key] = answer


def _sales(reach: Reach) -> dict[tuple[int, int], Cell]:
    asked = (list(reach.theatres), reach.seasons)
    rows = shelves().rows(reach.reason, ["audience_cell"], *asked, _SALES, {"production": reach.production})
    summed: dict[tuple[int, int], tuple[int, set[int], int]] = {}
    for theatre, part, code, amount in rows:
        total, organisations, known = summed.get((part, code), (0, set(), 0))
        owner = reach.theatres[theatre]
        summed[part, code] = (total + amount, organisations | {owner}, known + amount * (owner == reach.viewer))
    return {key: Cell(total, len(organisations), total - known) for key, (total, organisations, known) in summed.items()}


@dataclass(frozen=True)
class Visitors:
    """Each buyer of a production once: ``codes`` per part; ``pc4``; ``visits``; and rows (place of the buyer, organisation, theatre)."""

    codes: Mapping[int, Ints]
    pc4: Ints
    visits: Ints
    place: Ints
    organisation: Ints
    theatre: Ints

    def organisations(self, code: Ints, size: int) -> Ints:
        """Organisations per code of a buyer."""
        if not len(self.place):
            return np.zeros(size, dtype=np.int64)
        owners, owner = np.unique(self.organisation, return_inverse=True)
        has = np.zeros((size, len(owners)), dtype=bool)
        has[code[self.place], owner] = True
        return np.asarray(has.sum(axis=1))


def visitors(reach: Reach) -> Visitors:
    """The buyers of a production, over its theatres. Who has several theatres is taken as the one where it came most often says."""
    key = _key(reach)
    found = _VISITORS_HELD.get(key)
    if found is None:
        found = _visitors(reach)
        _keep(_VISITORS_HELD, key, found, 32)
    return found


def _visitors(reach: Reach) -> Visitors:
    asked = (list(reach.theatres), reach.seasons)
    columns = shelves().columns(reach.reason, ["audience_visitor"], *asked, _VISITORS, {"production": reach.production})
    if not columns or not len(columns["buyer"]):
        empty = np.zeros(0, dtype=np.int64)
        return Visitors(dict.fromkeys(OF_BUYERS, empty), empty, empty, empty, empty, empty)
    rows = {name: np.asarray(column).astype(np.int64) for name, column in columns.items()}
    order = np.lexsort((rows["theatre"], -rows["season_visits"], rows["buyer"]))
    rows = {name: column[order] for name, column in rows.items()}
    starts = np.flatnonzero(np.append(True, rows["buyer"][1:] != rows["buyer"][:-1]))
    place = np.cumsum(np.append(True, rows["buyer"][1:] != rows["buyer"][:-1])) - 1
    visits, owners = np.add.reduceat(rows["visits"], starts), _owners(reach, rows["theatre"])
    return Visitors(_codes(rows, starts), rows["pc4"][starts], visits, place, owners, rows["theatre"])


def _codes(rows: Mapping[str, Any], starts: Ints) -> dict[int, Ints]:
    most = {name: np.maximum.reduceat(rows[name], starts) for name in ("stage", "age", "gender", "season_visits")}
    rank = np.maximum.reduceat(np.array([0, 0, 2, 1])[rows["arrival"]], starts)
    return {
        1: np.array([1, 3, 2])[rank],
        2: most["stage"],
        3: rows["taste"][starts],
        10: most["age"],
        11: most["gender"],
        12: np.searchsorted((2, 3, 4, 6, 10), most["season_visits"], side="right"),
    }


def _owners(reach: Reach, theatres: Ints) -> Ints:
    numbers, places = np.unique(theatres, return_inverse=True)
    return np.array([reach.theatres[int(number)] for number in numbers], dtype=np.int64)[places]


def _people(reach: Reach, found: Visitors) -> dict[tuple[int, int], Cell]:
    known = np.zeros(len(found.pc4), dtype=bool)
    known[found.place[found.organisation == reach.viewer]] = True
    cells = {}
    for part, codes in {**found.codes, TOTALS: np.full(len(found.pc4), BUYERS)}.items():
        size = int(codes.max(initial=0)) + 1
        amounts, rest = np.bincount(codes, minlength=size), np.bincount(codes[~known], minlength=size)
        organisations = found.organisations(codes, size)
        for code in np.flatnonzero(amounts):
            cells[part, int(code)] = Cell(int(amounts[code]), int(organisations[code]), int(rest[code]))
    return cells
