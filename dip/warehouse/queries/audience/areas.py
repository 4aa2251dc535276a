"""Where buyers come from, and from where fewer come than could be. Needs the open files of areas; without them nothing is told."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from dip.definitions.queries import geo
from dip.definitions.terms import AreaLevel
from dip.programme.models import Theatre
from dip.registry.terms import Access
from dip.warehouse.queries.audience.answers import AreaRow, AudienceScope, UnderservedArea
from dip.warehouse.queries.audience.figures import visitors
from dip.warehouse.queries.audience.reach import Reach, own_houses, reach_of, shelves
from dip.warehouse.rules.audience.origin import catchment, distances_km, per_thousand
from dip.warehouse.rules.audience.persons import HELD_BACK, LIMITS, roll_up
from dip.warehouse.rules.audience.underserved import features
from dip.warehouse.rules.audience.underserved import underserved as expect
from dip.warehouse.rules.looking import Purpose

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
LEVELS = (AreaLevel.PC4, AreaLevel.MUNICIPALITY, AreaLevel.PROVINCE)
_OWN = "SELECT pc4, CAST(sum(buyers) AS BIGINT) AS buyers, CAST(sum(visits) AS BIGINT) AS visits FROM {audience_area} GROUP BY pc4"
_NATION = "SELECT pc4, buyers, visits, organisations, largest FROM {audience_nation_area}"


@dataclass(frozen=True)
class People:
    """Per PC4 of the edition: buyers, visits; per level the areas (codes), the place of each PC4 in them, buyers, and which may stand.

    ``total``: buyers, of unknown areas too.
    """

    visits: Ints
    total: int
    codes: tuple[Ints, ...]
    inside: tuple[Ints, ...]
    buyers: tuple[Ints, ...]
    may_stand: tuple[Mask, ...]


def origin(access: Access, scope: AudienceScope, level: Literal["pc4", "municipality", "province"]) -> tuple[AreaRow, ...]:
    """Buyers per area, by code; areas from which nobody comes are left out. Empty while no areas are loaded."""
    reach = reach_of(access, scope)
    if geo.edition() is None:
        return ()
    found = people_of(access, reach)
    if not 0 < LIMITS.buyers_min <= found.total or not crosses_enough(reach, found):
        return ()
    place = LEVELS.index(AreaLevel(level))
    published = published_of(found)[place]
    km = distances_of(reach)
    rows = []
    inner = catchment(np.where(published == HELD_BACK, 0, published))
    known = {term.code: term for term in geo.areas(LEVELS[place])}
    terms = [known.get(int(code)) for code in found.codes[place]]
    people = np.array([term.inhabitants if term else 0 for term in terms], dtype=np.int64)
    rate = per_thousand(np.where(published == HELD_BACK, 0, published), people)
    away = _mean_km(km, found.inside[place], len(terms))
    for number in np.flatnonzero(found.buyers[place]):
        term, is_held = terms[number], published[number] == HELD_BACK
        if term is None:
            continue
        rows.append(
            AreaRow(
                code=term.code,
                name=term.name,
                buyers=None if is_held else int(published[number]),
                per_1000=None if is_held or np.isnan(rate[number]) else round(float(rate[number]), 2),
                distance_km=None if np.isnan(away[number]) else round(float(away[number]), 1),
                is_catchment=bool(inner[number]),
            )
        )
    return tuple(rows)


def underserved(access: Access, scope: AudienceScope) -> tuple[UnderservedArea, ...]:
    """PC4 from which clearly fewer come than age, urbanity and distance let expect, the largest first. Empty without areas."""
    reach = reach_of(access, scope, Purpose.REACH)
    if geo.edition() is None:
        return ()
    found = people_of(access, reach)
    if found.total < LIMITS.buyers_min or not crosses_enough(reach, found):
        return ()
    columns, km = geo.arrays(), distances_of(reach)
    answer = expect(found.visits, columns.inhabitants, features(columns.ages, columns.urbanity, km, columns.house_value))
    published = published_of(found)[0]
    areas = dict(zip(found.codes[0].tolist(), published.tolist(), strict=True))
    rows = []
    known = {term.code: term for term in geo.areas(AreaLevel.PC4)}
    for number in np.flatnonzero(answer.is_underserved & ~columns.is_po_box):
        pc4 = int(columns.pc4[number])
        term, is_told = known.get(pc4), areas.get(pc4, HELD_BACK) > 0
        rows.append(
            UnderservedArea(
                pc4=pc4,
                name=term.name if term else "",
                municipality=int(columns.municipality[number]),
                inhabitants=int(columns.inhabitants[number]),
                ratio=round(float(answer.ratio[number]), 1) if is_told else None,
                upper=round(float(answer.upper[number]), 1) if is_told else None,
                distance_km=None if np.isnan(km[number]) else round(float(km[number]), 1),
            )
        )
    return tuple(sorted(rows, key=lambda row: (-row.inhabitants, row.pc4)))


def crosses_enough(reach: Reach, found: People) -> bool:
    """Whether, of what crosses organisations, some province may stand at all."""
    return not reach.crosses or bool(found.may_stand[-1].any())


def published_of(found: People) -> list[Ints]:
    """What is told at each level: what may not stand counts as known only at the level above."""
    counts = [np.where(may, buyers, 0) for may, buyers in zip(found.may_stand, found.buyers, strict=True)]
    answer = roll_up(counts, parents_of(found), found.total)
    return [
        np.where(may | (buyers == 0), told, HELD_BACK)
        for told, may, buyers in zip(answer, found.may_stand, found.buyers, strict=True)
    ]


def parents_of(found: People) -> list[Ints]:
    """Per level but the last, the place of each area in the next level."""
    parents = []
    for below, above in zip(found.inside[:-1], found.inside[1:], strict=True):
        first = np.zeros(int(below.max(initial=-1)) + 1, dtype=np.int64)
        first[below] = above
        parents.append(first)
    return parents


def people_of(access: Access, reach: Reach) -> People:
    """The true figures of a scope, per PC4, and what of them may stand by itself."""
    columns = geo.arrays()
    if reach.is_national:
        return _nation(reach, columns)
    if reach.production:
        return _production(access, reach, columns)
    return _own(access, reach, columns)


def _inside(columns: geo.Columns) -> tuple[list[Ints], list[Ints]]:
    """Per level the codes of its areas and the place of each PC4. What lies in no known area of a level is an area of its own, code 0."""
    keys = [columns.pc4, columns.municipality, columns.province]
    combined = [keys[0], keys[1] * 1000 + keys[2], keys[2]]
    found = [np.unique(key, return_index=True, return_inverse=True) for key in combined]
    return [key[first] for key, (_, first, _places) in zip(keys, found, strict=True)], [places for _, _, places in found]


def _at(columns: geo.Columns, pc4: Ints) -> Ints:
    """Entry of each PC4; −1 when it does not exist."""
    return columns.place[np.clip(pc4, 0, len(columns.place) - 1)]


def _spread(columns: geo.Columns, pc4: Ints, amounts: Ints) -> Ints:
    places, answer = _at(columns, pc4), np.zeros(len(columns.pc4), dtype=np.int64)
    np.add.at(answer, places[places >= 0], amounts[places >= 0])
    return answer


def _levels(inside: list[Ints], codes: list[Ints], amounts: Ints) -> tuple[Ints, ...]:
    return tuple(
        np.bincount(places, weights=amounts, minlength=len(of)).astype(np.int64) for places, of in zip(inside, codes, strict=True)
    )


def _read(reach: Reach, theatres: list[int]) -> tuple[Ints, Ints, Ints]:
    rows = shelves().rows(reach.reason, ["audience_area"], theatres, reach.seasons, _OWN)
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def _own(access: Access, reach: Reach, columns: geo.Columns) -> People:
    houses, every = list(reach.theatres), own_houses(access)
    pc4, buyers, visits = _read(reach, houses)
    codes, inside = _inside(columns)
    counts = _levels(inside, codes, _spread(columns, pc4, buyers))
    may = tuple(np.ones(len(of), dtype=bool) for of in codes)
    if set(every) - set(houses):
        may = _far(counts, _whole(reach, every, columns, inside, codes))
    return People(_spread(columns, pc4, visits), int(buyers.sum()), tuple(codes), tuple(inside), counts, may)


def _whole(reach: Reach, houses: list[int], columns: geo.Columns, inside: list[Ints], codes: list[Ints]) -> tuple[Ints, ...]:
    pc4, buyers, _ = _read(reach, houses)
    return _levels(inside, codes, _spread(columns, pc4, buyers))


def _whole_nation(reach: Reach, columns: geo.Columns, inside: list[Ints], codes: list[Ints]) -> tuple[Ints, ...]:
    rows = shelves("national").columns(reach.reason, ["audience_nation_area"], [0], reach.seasons, _NATION)
    pc4, buyers = (np.asarray(rows[name]).astype(np.int64) if rows else np.zeros(0, dtype=np.int64) for name in ("pc4", "buyers"))
    return _levels(inside, codes, _spread(columns, pc4, buyers))


def _far(counts: tuple[Ints, ...], wholes: tuple[Ints, ...]) -> tuple[Mask, ...]:
    """Where the whole holds nobody beyond the part, or enough."""
    return tuple(
        np.asarray((whole <= part) | (whole - part >= LIMITS.buyers_min)) for part, whole in zip(counts, wholes, strict=True)
    )


def _nation(reach: Reach, columns: geo.Columns) -> People:
    rows = shelves("national").rows(reach.reason, ["audience_nation_area"], [0], reach.seasons, _NATION)
    pc4, buyers, visits, organisations, largest = np.array(rows, dtype=np.int64).reshape(-1, 5).T
    codes, inside = _inside(columns)
    counts = _levels(inside, codes, _spread(columns, pc4, buyers))
    rest = _levels(inside, codes, _spread(columns, pc4, buyers - largest))
    most = _spread(columns, pc4, organisations)
    behind = []
    for places, of in zip(inside, codes, strict=True):
        top = np.zeros(len(of), dtype=np.int64)
        np.maximum.at(top, places, most)
        behind.append(top)
    may = tuple(
        np.asarray((each >= LIMITS.organisations_min) & (left >= LIMITS.buyers_min))
        for each, left in zip(behind, rest, strict=True)
    )
    may = _never_alone(counts, may, inside)
    return People(_spread(columns, pc4, visits), int(buyers.sum()), tuple(codes), tuple(inside), counts, may)


def _production(access: Access, reach: Reach, columns: geo.Columns) -> People:
    found = visitors(reach)
    codes, inside = _inside(columns)
    ones = np.ones(len(found.pc4), dtype=np.int64)
    counts = _levels(inside, codes, _spread(columns, found.pc4, ones))
    known = np.zeros(len(found.pc4), dtype=bool)
    known[found.place[found.organisation == reach.viewer]] = True
    rest = _levels(inside, codes, _spread(columns, found.pc4, (~known).astype(np.int64)))
    entry = _at(columns, found.pc4)
    may = []
    for places, of, left in zip(inside, codes, rest, strict=True):
        here = np.where(entry >= 0, places[np.maximum(entry, 0)], len(of)) if len(of) else np.zeros(len(entry), dtype=np.int64)
        behind = found.organisations(here, len(of) + 1)[: len(of)]
        is_many = (behind >= LIMITS.organisations_min) & (left >= LIMITS.buyers_min)
        may.append(np.asarray(is_many) if reach.crosses else np.ones(len(of), dtype=bool))
    masks = tuple(may)
    if not reach.crosses:
        masks = _far(counts, _whole(reach, own_houses(access), columns, inside, codes))
    else:
        beyond = _far(counts, _whole_nation(reach, columns, inside, codes))
        masks = tuple(np.asarray(mask & one) for mask, one in zip(masks, beyond, strict=True))
    masks = _never_alone(counts, masks, inside)
    return People(_spread(columns, found.pc4, found.visits), len(found.pc4), tuple(codes), tuple(inside), counts, masks)


def _never_alone(counts: tuple[Ints, ...], may: tuple[Mask, ...], inside: list[Ints]) -> tuple[Mask, ...]:
    """An area that may not stand, alone among its siblings, would follow from the total: the smallest sibling goes with it."""
    answer = [mask.copy() for mask in may]
    for level in range(len(answer)):
        above = inside[level + 1] if level + 1 < len(inside) else np.zeros(len(inside[0]), dtype=np.int64)
        parent = np.zeros(len(counts[level]), dtype=np.int64)
        parent[inside[level]] = above
        here = counts[level] > 0
        lonely = np.bincount(parent, weights=here & ~answer[level]) == 1
        for number in np.flatnonzero(lonely):
            left = np.flatnonzero(here & answer[level] & (parent == number))
            if len(left):
                answer[level][left[counts[level][left].argmin()]] = False
    return tuple(answer)


def _theatres(reach: Reach) -> list[int]:
    if not reach.is_national:
        return list(reach.theatres)
    catalogue = shelves().catalogue()
    return [theatre for theatre, season in catalogue.shelves if season == reach.scope.season_year] if catalogue else []


def distances_of(reach: Reach) -> Floats:
    """From each PC4 to the nearest theatre of the scope, in km; NaN when it is unknown."""
    codes = Theatre.objects.filter(pk__in=_theatres(reach)).order_by().values_list("postcode", flat=True).distinct()
    edition = geo.edition()
    key = (geo.stamp(), edition.id if edition else 0)
    return _distances(key, tuple(sorted({int(code[:4]) for code in codes if code[:4].isdigit()})))


@lru_cache(maxsize=256)
def _distances(_edition: tuple[tuple[int, int], int], pc4: tuple[int, ...]) -> Floats:
    columns = geo.arrays()
    nearest = np.full(len(columns.pc4), np.nan)
    for code in pc4:
        spot = geo.centroid(code)
        if spot is not None:
            nearest = np.fmin(nearest, distances_km(columns.lat, columns.lon, *spot))
    nearest.flags.writeable = False
    return nearest


def _mean_km(km: Floats, places: Ints, size: int) -> Floats:
    """The mean over the PC4 of each area whose distance is known."""
    known = np.isfinite(km)
    many = np.bincount(places[known], minlength=size)
    total = np.bincount(places[known], weights=km[known], minlength=size)
    answer = np.full(size, np.nan)
    np.divide(total, many, out=answer, where=many > 0)
    return answer
