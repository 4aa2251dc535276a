"""Buyers beside the people who live here, and beside who would be expected were distance alone to count."""

import numpy as np
import numpy.typing as npt

from dip.definitions.queries import geo
from dip.definitions.terms import AreaLevel
from dip.registry.terms import Access
from dip.warehouse.queries.audience.answers import AudienceScope, Population, PopulationRow
from dip.warehouse.queries.audience.areas import People, crosses_enough, distances_of, parents_of, people_of, published_of
from dip.warehouse.queries.audience.figures import cells_of
from dip.warehouse.queries.audience.parts import AGES, shown
from dip.warehouse.queries.audience.reach import Reach, reach_of
from dip.warehouse.queries.audience.whole import wholes_of
from dip.warehouse.rules.audience.persons import LIMITS, rates
from dip.warehouse.rules.audience.population import adults, by_distance, shares, spread_out, urbanities
from dip.warehouse.rules.audience.underserved import URBANITIES

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
#: The first of the ages that order: unknown and younger are before it.
_ADULT = 2


def population(access: Access, scope: AudienceScope) -> tuple[Population, ...]:
    """Buyers beside inhabitants by urbanity (1 most urban to 5), age (adults) and province. Empty while no areas are loaded.

    Urbanity and province come from what :func:`origin` tells of areas, so that they tell nothing more.
    """
    reach = reach_of(access, scope)
    if geo.edition() is None:
        return ()
    found = people_of(access, reach)
    if found.total < LIMITS.buyers_min or not crosses_enough(reach, found):
        return ()
    columns, published = geo.arrays(), published_of(found)
    buyers = spread_out(published, parents_of(found), columns.inhabitants)
    rate = by_distance(buyers, columns.inhabitants, distances_of(reach))
    live = columns.inhabitants.astype(np.float64)
    grown = adults(columns.ages)
    names = [str(number) for number in range(1, URBANITIES + 1)]
    by_urbanity = [shares(urbanities(columns.urbanity, each)) for each in (buyers, live, rate * live)]
    by_age = [_ages(access, reach), shares(grown.sum(axis=0)), shares(rate @ grown)]
    return (
        Population("urbanity", _rows(names, *by_urbanity)),
        Population("age", _rows(list(AGES[_ADULT:]), *by_age)),
        Population("province", _provinces(found, published[-1], live, rate * live)),
    )


def _ages(access: Access, reach: Reach) -> Floats:
    counts, _ = shown("ages", cells_of(reach), reach.crosses, wholes_of(access, reach))
    return rates(counts[_ADULT:])


def _provinces(found: People, told: Ints, live: Floats, expected: Floats) -> tuple[PopulationRow, ...]:
    """Provinces by code; what lies in none is left out."""
    codes, inside = found.codes[-1], found.inside[-1]
    known = np.flatnonzero([bool(code) and geo.area(AreaLevel.PROVINCE, int(code)) is not None for code in codes])
    sums = [np.bincount(inside, weights=each, minlength=len(codes))[known] for each in (live, expected)]
    people, likely = (np.asarray(each, dtype=np.float64) for each in sums)
    return _rows([str(codes[number]) for number in known], rates(told[known]), shares(people), shares(likely))


def _rows(names: list[str], buyers: Floats, people: Floats, expected: Floats) -> tuple[PopulationRow, ...]:
    return tuple(
        PopulationRow(name, _rate(buyers[place]), _rate(people[place]) or 0.0, _rate(expected[place]))
        for place, name in enumerate(names)
    )


def _rate(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)
