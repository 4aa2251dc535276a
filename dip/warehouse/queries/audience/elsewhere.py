"""Per theatre of a production: how many of its buyers there bought at another organisation too. No other organisation is named."""

import numpy as np
import numpy.typing as npt

from dip.programme.models import Theatre
from dip.registry.terms import Access
from dip.warehouse.queries.audience.answers import AudienceScope, Elsewhere
from dip.warehouse.queries.audience.parts import is_far, to_five
from dip.warehouse.queries.audience.reach import Reach, reach_of, shelves
from dip.warehouse.rules.audience.crossed import complete_line
from dip.warehouse.rules.audience.persons import LIMITS
from dip.warehouse.rules.looking import Purpose

_ROWS = "SELECT theatre, buyers, elsewhere, organisations FROM {audience_elsewhere} WHERE production = $production ORDER BY theatre"
_GENRE = "SELECT buyers, elsewhere, organisations, largest FROM {audience_elsewhere} WHERE production = 0 AND genre = $genre"
_SPREAD = "SELECT places, buyers FROM {audience_spread} WHERE side = $side AND id = $id"


def elsewhere(access: Access, scope: AudienceScope) -> tuple[Elsewhere, ...]:
    """Per theatre of a production, by name: its buyers, known in the sector, and the part of them who ordered at another organisation's
    theatre in the season too. A theatre sees its own houses. Empty for other scopes."""
    reach = reach_of(access, scope, Purpose.TOGETHER)
    if not reach.production:
        return ()
    rows = [row for row in _read(reach, _ROWS, production=reach.production) if row[0] in reach.theatres]
    names = dict(Theatre.objects.filter(pk__in=[row[0] for row in rows]).values_list("pk", "name"))
    told, national = _told(rows, _whole(reach)), _national(_read(reach, _GENRE, genre=reach.genre))
    found = [
        Elsewhere(
            theatre_id=theatre,
            name=names.get(theatre, ""),
            buyers=to_five(buyers) if may else None,
            rate=round(to_five(too) / to_five(buyers), 4) if may else None,
            national_rate=national,
        )
        for (theatre, buyers, too, _), may in zip(rows, told, strict=True)
    ]
    return tuple(sorted(found, key=lambda row: (row.name, row.theatre_id)))


def _read(reach: Reach, sql: str, **values: int) -> list[tuple[int, ...]]:
    mart = "audience_spread" if sql == _SPREAD else "audience_elsewhere"
    return shelves("national").rows(reach.reason, [mart], [0], reach.seasons, sql, values)


def _whole(reach: Reach) -> tuple[int, int]:
    """Buyers and those elsewhere too, of what the reader knows and each theatre is a part of: the production, or its own houses."""
    side, number = (2, reach.production) if reach.crosses else (1, reach.viewer)
    found = {places: buyers for places, buyers in _read(reach, _SPREAD, side=side, id=number)}
    return sum(found.values()), sum(buyers for places, buyers in found.items() if places >= 2)


def _told(rows: list[tuple[int, ...]], whole: tuple[int, int]) -> npt.NDArray[np.bool_]:
    """Theatres whose row may be told; those that may not are none, or two or more with enough buyers of both kinds together."""
    shown = np.array([_may_stand(row, whole) for row in rows], dtype=bool)
    for place in (1, 2):
        complete_line(np.array([row[place] for row in rows], dtype=np.int64), shown, LIMITS)
    return shown


def _may_stand(row: tuple[int, ...], whole: tuple[int, int]) -> bool:
    _, buyers, too, organisations = row
    here, others = buyers - too, (whole[0] - whole[1], whole[1])
    if min(here, too) < LIMITS.buyers_min or max(here, too) >= LIMITS.share_max * buyers:
        return False
    return organisations >= LIMITS.organisations_min and is_far(too, others[1]) and is_far(here, others[0])


def _national(rows: list[tuple[int, ...]]) -> float | None:
    for buyers, too, organisations, largest in rows:
        if organisations >= LIMITS.organisations_min and min(too - largest, buyers - too) >= LIMITS.buyers_min:
            return round(to_five(too) / to_five(buyers), 4)
    return None
