"""The audience of a scope, as it may be told."""

from collections.abc import Sequence

from dip.kernel.periods import season_period
from dip.registry.terms import Access
from dip.warehouse.queries.audience.answers import PARTS, Audience, AudienceScope
from dip.warehouse.queries.audience.figures import (
    ANONYMOUS,
    BUYERS,
    NOTHING,
    ORDERS,
    PEOPLE,
    TICKETS,
    TOTALS,
    WITH_POSTCODE,
    Cells,
    cells_of,
    nation,
    own,
    unmatched,
)
from dip.warehouse.queries.audience.parts import is_open, part, to_five
from dip.warehouse.queries.audience.reach import Reach, own_houses, reach_of, shelves, told_of, window_of
from dip.warehouse.rules.audience.persons import LIMITS

_EPOCH_DAY = 719_163
#: Orders from which a rate in whole per cents tells nothing of ten of them.
_MANY = 1000
#: What only a theatre or the nation has.
_OF_HOUSES = ("retention", "lapsed")


def audience(access: Access, scope: AudienceScope) -> Audience:
    """Who ordered: totals and all parts, with the nation's rates beside them. The rules for figures about people are applied.

    Raises as :func:`dip.warehouse.queries.audience.reach.reach_of` says.
    """
    reach = reach_of(access, scope)
    cells = cells_of(reach)
    national = nation(scope.season_year, reach.genre)
    wholes = wholes_of(access, reach)
    catalogue = shelves("national" if reach.is_national else "theatre").catalogue()
    codes = [code for code in PARTS if not (reach.production and code in _OF_HOUSES)]
    told, asked = told_of(reach, shelves().catalogue())
    return Audience(
        scope=scope,
        orders=total_of(cells, ORDERS, reach, wholes),
        tickets=total_of(cells, TICKETS, reach, wholes),
        buyers=buyers_of(cells, reach, wholes),
        unmatched_tickets=_unmatched(reach),
        anonymous_tickets=total_of(cells, ANONYMOUS, reach, wholes),
        known_postcode_rate=_postcodes(cells, reach, wholes),
        theatres=told,
        theatres_asked=asked,
        true_at=catalogue.true_at if catalogue else None,
        window=window_of(reach, catalogue),
        parts={code: part(code, cells, reach.crosses, national, wholes) for code in codes},
    )


def wholes_of(access: Access, reach: Reach) -> list[Cells]:
    """Audiences that the reader can see too and of which this one is a part."""
    if reach.is_national:
        return []
    if reach.crosses:
        return [nation(reach.scope.season_year, genre) for genre in sorted({0, reach.genre})]
    houses, all_houses = list(reach.theatres), own_houses(access)
    found = [own(reach, houses, 0)] if reach.production else []
    return found + ([own(reach, all_houses, 0)] if set(all_houses) - set(houses) else [])


def buyers_of(cells: Cells, reach: Reach, wholes: Sequence[Cells]) -> int | None:
    """All buyers, rounded; None when they may not be told."""
    if not reach.is_national:
        return total_of(cells, BUYERS, reach, wholes)
    people = cells.get((PEOPLE, 1), NOTHING)
    return to_five(people.amount) if is_open([cells.get((TOTALS, BUYERS), NOTHING)], True) else None


def total_of(cells: Cells, code: int, reach: Reach, wholes: Sequence[Cells]) -> int | None:
    """A total of an audience, rounded; None when it may not be told."""
    cell = cells.get((TOTALS, code), NOTHING)
    around = [[whole.get((TOTALS, code), NOTHING)] for whole in wholes]
    return to_five(cell.amount) if is_open([cell], reach.crosses, around) else None


def _postcodes(cells: Cells, reach: Reach, wholes: Sequence[Cells]) -> float | None:
    orders, known = (cells.get((TOTALS, code), NOTHING).amount for code in (ORDERS, WITH_POSTCODE))
    if not orders or any(total_of(cells, code, reach, wholes) is None for code in (ORDERS, WITH_POSTCODE)):
        return None
    is_safe = orders >= _MANY or known == orders or orders - known >= LIMITS.buyers_min
    return round(to_five(known) / to_five(orders), 2) if is_safe else None


def _unmatched(reach: Reach) -> int:
    if reach.crosses or reach.production:
        return 0
    period = season_period(reach.scope.season_year)
    return to_five(unmatched(reach, period.start.toordinal() - _EPOCH_DAY, period.last.toordinal() - _EPOCH_DAY))
