"""What buyers have in common: productions that they also bought, and at how many organisations they bought."""

import numpy as np

from dip.programme.models import Production
from dip.programme.queries.visibility import public_production
from dip.registry.terms import Access
from dip.warehouse.queries.audience.answers import AlsoBought, AudienceScope, Part, PartRow
from dip.warehouse.queries.audience.figures import Cell
from dip.warehouse.queries.audience.parts import is_far, is_open, to_five
from dip.warehouse.queries.audience.reach import Reach, reach_of, shelves
from dip.warehouse.rules.audience.persons import HELD_BACK, LIMITS, attribute, rates
from dip.warehouse.rules.audience.together import coarse_lift
from dip.warehouse.rules.looking import Purpose

#: Productions that one answer names.
MOST = 50
PLACES = ("1", "2", "3+")
_EVERYWHERE = """
SELECT t.other, t.buyers, o.buyers
FROM {audience_together} AS t
INNER JOIN {audience_together} AS o ON o.production = t.other AND o.other = t.other
WHERE t.production = $production
ORDER BY t.buyers DESC, t.other
LIMIT 500
"""
_BASKET = """
SELECT b.other, b.buyers, o.buyers
FROM {audience_basket} AS b
INNER JOIN {audience_basket} AS o ON o.production = b.other AND o.other = b.other
WHERE b.production = $production OR b.production = 0
ORDER BY b.buyers DESC, b.other
LIMIT 500
"""
_HERE = """
SELECT v.production, count(DISTINCT v.buyer) AS buyers
FROM {audience_visitor} AS v
INNER JOIN (SELECT DISTINCT buyer FROM {audience_visitor} WHERE production = $production) AS b ON b.buyer = v.buyer
GROUP BY v.production
HAVING count(DISTINCT v.buyer) >= $least
ORDER BY 2 DESC, 1
LIMIT 500
"""
_ALL_HERE = """
SELECT production, count(DISTINCT buyer) FROM {audience_visitor} GROUP BY production
UNION ALL
SELECT 0, count(DISTINCT buyer) FROM {audience_visitor}
"""
_SPREAD = "SELECT places, buyers, organisations FROM {audience_spread} WHERE side = $side AND id = $id"


def also_bought(access: Access, scope: AudienceScope) -> tuple[AlsoBought, ...]:
    """Other productions of the season that buyers of a production bought, the most first: over all theatres for its provider, in its
    own houses for a theatre. Empty for other scopes."""
    reach = reach_of(access, scope, Purpose.TOGETHER)
    if not reach.production:
        return ()
    pairs, everybody = _everywhere(reach) if reach.crosses else _here(reach)
    base = next((buyers for other, buyers, _ in pairs if other == reach.production), 0)
    kept = [
        (other, buyers, theirs)
        for other, buyers, theirs in pairs
        if other != reach.production and is_far(buyers, base) and is_far(buyers, theirs)
    ][:MOST]
    known = Production.objects.filter(public_production(access), pk__in=[other for other, _, _ in kept])
    names = {pk: (dip_id, title) for pk, dip_id, title in known.values_list("pk", "dip_id", "title")}
    return tuple(
        AlsoBought(
            *names[other],
            buyers=to_five(buyers),
            rate=round(to_five(buyers) / to_five(base), 4) if base else None,
            lift=coarse_lift(to_five(buyers) * everybody / (to_five(base) * to_five(theirs))) if base and theirs else None,
        )
        for other, buyers, theirs in kept
        if other in names
    )


def _everywhere(reach: Reach) -> tuple[list[tuple[int, int, int]], int]:
    source = shelves("national")
    rows = source.rows(reach.reason, ["audience_together"], [0], reach.seasons, _EVERYWHERE, {"production": reach.production})
    spread = source.rows(reach.reason, ["audience_spread"], [0], reach.seasons, _SPREAD, {"side": 3, "id": 0})
    return rows, to_five(sum(buyers for _, buyers, _ in spread))


def _here(reach: Reach) -> tuple[list[tuple[int, int, int]], int]:
    source, houses = shelves(), list(reach.theatres)
    catalogue = source.catalogue()
    if catalogue and len(catalogue.pairs(houses, reach.seasons)) == 1:
        rows = source.rows(reach.reason, ["audience_basket"], houses, reach.seasons, _BASKET, {"production": reach.production})
        return [row for row in rows if row[0]], to_five(next((buyers for other, buyers, _ in rows if other == 0), 0))
    asked = {"production": reach.production, "least": LIMITS.buyers_min}
    rows = source.rows(reach.reason, ["audience_visitor"], houses, reach.seasons, _HERE, asked)
    every = dict(source.rows(reach.reason, ["audience_visitor"], houses, reach.seasons, _ALL_HERE))
    return [(other, buyers, every[other]) for other, buyers in rows], to_five(every.get(0, 0))


def overlap(access: Access, scope: AudienceScope) -> Part:
    """Buyers, known in the sector, by the number of organisations with a house where they bought in the season: 1, 2, 3+.

    Of a theatre's organisation, of a production for its provider, or of the nation. No other organisation is named.
    """
    reach = reach_of(access, scope, Purpose.TOGETHER)
    mine, theirs = _spread(reach, *_whose(reach)), _spread(reach, 3, 0)
    counts, is_told = _told(mine, reach)
    beside, _ = _told(theirs, None)
    own_rates, national = ([None if np.isnan(one) else round(float(one), 4) for one in rates(line)] for line in (counts, beside))
    rows = tuple(
        PartRow(code, None if counts[place] == HELD_BACK else int(counts[place]), own_rates[place], national[place])
        for place, code in enumerate(PLACES)
    )
    return Part("overlap", to_five(sum(cell.amount for cell in mine)) if is_told else None, "buyers", rows)


def _whose(reach: Reach) -> tuple[int, int]:
    if reach.is_national:
        return 3, 0
    if reach.production:
        return (2, reach.production) if reach.crosses else (0, 0)
    return 1, reach.viewer


def _spread(reach: Reach, side: int, number: int) -> list[Cell]:
    rows = shelves("national").rows(reach.reason, ["audience_spread"], [0], reach.seasons, _SPREAD, {"side": side, "id": number})
    found = {places: Cell(buyers, organisations, buyers) for places, buyers, organisations in rows}
    return [found.get(places, Cell(0, 0, 0)) for places in (1, 2, 3)]


def _told(cells: list[Cell], reach: Reach | None) -> tuple[np.ndarray, bool]:
    counts = np.array([cell.amount for cell in cells], dtype=np.int64)
    if not is_open(cells, True):
        return np.full(len(cells), HELD_BACK, dtype=np.int64), False
    behind = np.array([cell.organisations for cell in cells], dtype=np.int64)
    if reach is not None and not reach.crosses:
        behind[0] = LIMITS.organisations_min  # who bought nowhere else is one's own
    return attribute(counts, behind, is_personal=False), True
