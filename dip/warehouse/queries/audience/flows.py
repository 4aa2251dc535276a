"""Home region apart from venue region: where buyers live, by where the theatre stands. Without loaded areas no home is known."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dip.definitions.queries import geo
from dip.definitions.terms import AreaLevel
from dip.registry.terms import Access
from dip.warehouse.queries.audience.answers import AudienceScope, Flow
from dip.warehouse.queries.audience.areas import crosses_enough, people_of, published_of
from dip.warehouse.queries.audience.figures import visitors
from dip.warehouse.queries.audience.reach import Reach, own_houses, reach_of, shelves
from dip.warehouse.rules.audience.crossed import crossed
from dip.warehouse.rules.audience.persons import HELD_BACK, LIMITS, complete, rates, rounded

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
_NATION = "SELECT province, pc4, buyers, organisations, largest FROM {audience_flow}"
_OWN = """
SELECT coalesce(t.province, 0) AS province, a.pc4, CAST(sum(a.buyers) AS BIGINT) AS buyers
FROM {audience_area} AS a
LEFT JOIN {dim_theatre} AS t ON t.id = a.theatre
GROUP BY coalesce(t.province, 0), a.pc4
"""
_PLACES = "SELECT id, coalesce(province, 0) FROM {dim_theatre}"


@dataclass(frozen=True)
class Flows:
    """Buyers, home × venue. ``homes`` and ``venues``: provinces, 0 unknown; ``organisations``: behind each cell; ``rest``: of it, who is
    not known to one of them anyway. The last row and column hold the same of all homes and of all venues."""

    homes: Ints
    venues: Ints
    buyers: Ints
    organisations: Ints
    rest: Ints


def home_and_venue(access: Access, scope: AudienceScope) -> tuple[Flow, ...]:
    """Buyers by the province where they live and the one where the theatre stands, by venue, then home. Home None: unknown or abroad.

    ``rate``: of the buyers in the venue's province. Pairs without buyers are left out.
    """
    reach = reach_of(access, scope)
    found = _flows(reach)
    if found is None or found.buyers[-1, -1] < LIMITS.buyers_min or (reach.crosses and not _stands(found)[-1, -1]):
        return ()
    told = _published(access, reach, found)
    wholes = rounded(found.buyers[-1, :-1])
    shares = np.stack([rates(column, int(whole)) for column, whole in zip(told.T, wholes, strict=True)], axis=1)
    return tuple(
        Flow(
            home=int(home) or None,
            venue=int(venue),
            buyers=None if told[row, place] == HELD_BACK else int(told[row, place]),
            rate=None if np.isnan(shares[row, place]) else round(float(shares[row, place]), 4),
        )
        for place, venue in enumerate(found.venues)
        for row, home in enumerate(found.homes)
        if found.buyers[row, place]
    )


def _stands(found: Flows) -> Mask:
    return np.asarray((found.organisations >= LIMITS.organisations_min) & (found.rest >= LIMITS.buyers_min))


def _published(access: Access, reach: Reach, found: Flows) -> Ints:
    may = found.buyers >= LIMITS.buyers_min
    if reach.crosses:
        may = may & _stands(found)
    for whole in _wholes(access, reach):
        beyond = _beside(whole, found) - found.buyers
        may = may & ((beyond <= 0) | (beyond >= LIMITS.buyers_min))
    table, cells = found.buyers[:-1, :-1], may[:-1, :-1]
    columns = complete(found.buyers[-1, :-1], may[-1, :-1])
    return crossed(table, cells, _told_homes(access, reach, found), columns)


def _told_homes(access: Access, reach: Reach, found: Flows) -> Mask:
    """Homes of which ``origin`` tells the number too; the unknown ones only when it tells all the others."""
    if geo.edition() is None:
        return np.ones(len(found.homes), dtype=bool)
    people = people_of(access, reach)
    if not crosses_enough(reach, people):
        return np.zeros(len(found.homes), dtype=bool)
    told = dict(zip(people.codes[-1].tolist(), (published_of(people)[-1] != HELD_BACK).tolist(), strict=True))
    known = [told.get(int(home), False) for home in found.homes]
    is_all = all(is_told for home, is_told in zip(found.homes, known, strict=True) if home)
    return np.array([is_all if home == 0 else is_told for home, is_told in zip(found.homes, known, strict=True)])


def _wholes(access: Access, reach: Reach) -> list[Flows]:
    """What the reader sees too and of which this is a part."""
    if reach.is_national:
        return []
    if reach.crosses:
        return [whole] if (whole := _nation(reach)) else []
    every = own_houses(access)
    is_part = reach.production or set(every) - set(reach.theatres)
    return [whole] if is_part and (whole := _own(reach, every)) else []


def _beside(whole: Flows, found: Flows) -> Ints:
    """The buyers of ``whole`` in the cells of ``found``, its totals too."""
    rows = {int(home): place for place, home in enumerate(whole.homes)}
    columns = {int(venue): place for place, venue in enumerate(whole.venues)}
    row = np.array([*(rows.get(int(home), -2) for home in found.homes), -1])
    column = np.array([*(columns.get(int(venue), -2) for venue in found.venues), -1])
    told = whole.buyers[row[:, None], column[None, :]]
    return np.where((row == -2)[:, None] | (column == -2)[None, :], 0, told)


def _flows(reach: Reach) -> Flows | None:
    if reach.is_national:
        return _nation(reach)
    return _production(reach) if reach.production else _own(reach, list(reach.theatres))


def _homes(pc4: Ints) -> Ints:
    return geo.arrays().parents(pc4, AreaLevel.PROVINCE)


def _nation(reach: Reach) -> Flows | None:
    columns = shelves("national").columns(reach.reason, ["audience_flow"], [0], reach.seasons, _NATION)
    if not columns or not len(columns["pc4"]):
        return None
    rows = {name: np.asarray(column).astype(np.int64) for name, column in columns.items()}
    homes, venues, home, venue = _places(_homes(rows["pc4"]), rows["province"])
    size = (len(homes), len(venues))
    buyers, known = (_table(size, home, venue, rows[name]) for name in ("buyers", "largest"))
    behind = np.zeros((size[0] + 1, size[1] + 1), dtype=np.int64)
    last = [np.full(len(home), each) for each in size]
    for where in ((home, venue), (last[0], venue), (home, last[1]), (last[0], last[1])):
        np.maximum.at(behind, where, rows["organisations"])
    return Flows(homes, venues, buyers, behind, buyers - known)


def _own(reach: Reach, houses: list[int]) -> Flows | None:
    columns = shelves().columns(reach.reason, ["audience_area"], houses, reach.seasons, _OWN)
    if not columns or not len(columns["pc4"]):
        return None
    rows = {name: np.asarray(column).astype(np.int64) for name, column in columns.items()}
    homes, venues, home, venue = _places(_homes(rows["pc4"]), rows["province"])
    buyers = _table((len(homes), len(venues)), home, venue, rows["buyers"])
    return Flows(homes, venues, buyers, np.ones_like(buyers), buyers)


def _production(reach: Reach) -> Flows | None:
    """Each buyer once per province of venues."""
    found = visitors(reach)
    if not len(found.pc4):
        return None
    stands = dict(shelves().rows(reach.reason, ["audience_area"], reach.theatres, reach.seasons, _PLACES))
    numbers, where = np.unique(found.theatre, return_inverse=True)
    provinces = np.array([stands.get(int(number), 0) for number in numbers], dtype=np.int64)[where]
    homes, venues, home, venue = _places(_homes(found.pc4)[found.place], provinces)
    size = (len(homes), len(venues))
    is_known = np.zeros(len(found.pc4), dtype=bool)
    is_known[found.place[found.organisation == reach.viewer]] = True
    tables = [np.zeros((size[0] + 1, size[1] + 1), dtype=np.int64) for _ in range(3)]
    for row, column in ((home, venue), (size[0], venue), (home, size[1]), (size[0], size[1])):
        cell = np.broadcast_to(row * (size[1] + 1) + column, (len(found.place),))
        for table, count in zip(tables, _counts(cell, found.place, found.organisation, is_known, tables[0].size), strict=True):
            table += count.reshape(table.shape)
    return Flows(homes, venues, *tables)


def _counts(cell: Ints, buyer: Ints, organisation: Ints, is_known: Mask, size: int) -> tuple[Ints, Ints, Ints]:
    """Per cell: buyers, organisations, buyers whom the reader does not know by itself."""
    many = int(buyer.max(initial=0)) + 1
    each = np.unique(cell * many + buyer)
    owners, owner = np.unique(organisation, return_inverse=True)
    behind = np.unique(cell * len(owners) + owner) // len(owners)
    rest = each[~is_known[each % many]]
    buyers, organisations, left = (np.bincount(one, minlength=size) for one in (each // many, behind, rest // many))
    return buyers, organisations, left


def _places(home: Ints, venue: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    homes, row = np.unique(home, return_inverse=True)
    venues, column = np.unique(venue, return_inverse=True)
    return homes, venues, row.reshape(-1), column.reshape(-1)


def _table(size: tuple[int, int], row: Ints, column: Ints, amounts: Ints) -> Ints:
    """Sums, with a last row and column of totals."""
    table = np.zeros((size[0] + 1, size[1] + 1), dtype=np.int64)
    np.add.at(table, (row, column), amounts)
    table[-1] = table.sum(axis=0)
    table[:, -1] = table.sum(axis=1)
    return table
