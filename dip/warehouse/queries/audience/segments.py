"""An audience by a licensee's own segments: for the licensee alone, and made of nothing but what origin shows it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from dip.definitions.queries import geo
from dip.registry.terms import Access, Door
from dip.warehouse.models import SegmentTable
from dip.warehouse.queries.audience.answers import AudienceScope
from dip.warehouse.queries.audience.areas import crosses_enough, people_of, published_of
from dip.warehouse.queries.audience.reach import reach_of
from dip.warehouse.rules.audience.licensed import Shares, Told, spread, told
from dip.warehouse.rules.audience.persons import HELD_BACK, LIMITS
from dip.warehouse.rules.looking import Purpose


class SegmentRow(NamedTuple):
    """One segment. ``buyers``: rounded to five, None held back; ``rate``: of the buyers told, 0..1; ``people_rate``: of the inhabitants of
    the table's areas, None without areas."""

    segment: str
    buyers: int | None
    rate: float | None
    people_rate: float | None


@dataclass(frozen=True, slots=True)
class SegmentAnswer:
    """``unmatched``: buyers in areas that the table does not have; None held back. ``base``: buyers whose area is told at all."""

    name: str
    version: str
    rows: tuple[SegmentRow, ...]
    unmatched: int | None
    base: int | None


def segments(access: Access, scope: AudienceScope) -> SegmentAnswer | None:
    """Buyers of a scope by the segments of the asker's own table; None when it has none, and on a shared link.

    Everything is held back while no areas are loaded, or while origin itself tells nothing. Raises as
    :func:`dip.warehouse.queries.audience.reach.reach_of` says.
    """
    if access.door is Door.SHARED:
        return None
    table = SegmentTable.objects.within(access).filter(ended_at=None).only("id", "name", "version", "names").first()
    if table is None:
        return None
    found = _told(access, scope, table.pk, len(table.names))
    rows = tuple(_row(name, place, found) for place, name in enumerate(table.names))
    if found is None:
        return SegmentAnswer(table.name, table.version, rows, None, None)
    unmatched, base = (None if one == HELD_BACK else one for one in (found.unmatched, found.base))
    return SegmentAnswer(table.name, table.version, rows, unmatched, base)


def _told(access: Access, scope: AudienceScope, table_id: int, size: int) -> Told | None:
    reach = reach_of(access, scope, Purpose.SEGMENTS)
    if geo.edition() is None:
        return None
    found = people_of(access, reach)
    if found.total < LIMITS.buyers_min or not crosses_enough(reach, found):
        return None
    people = geo.arrays().inhabitants.astype(np.float64)
    codes, places = found.codes[0], found.inside[0]
    published = [np.where(of == 0, HELD_BACK, counts) for of, counts in zip(found.codes, published_of(found), strict=True)]
    located = spread(published, found.inside, people)
    by_code = [np.bincount(places, weights=column, minlength=len(codes)).astype(np.float64) for column in (located, people)]
    return told(by_code[0], codes, by_code[1], _shares(table_id, size))


@lru_cache(maxsize=32)
def _shares(table_id: int, size: int) -> Shares:
    """The columns of a table; a loaded table never changes, and one that has ended is not asked for."""
    held = SegmentTable.objects.across_tenants("of a table whose owner was checked").values_list("pc4", "segment", "share")
    pc4, segment, share = held.get(pk=table_id)
    return Shares(np.array(pc4, np.int64), np.array(segment, np.int64), np.array(share, np.float64), size)


def _row(name: str, place: int, found: Told | None) -> SegmentRow:
    if found is None:
        return SegmentRow(name, None, None, None)
    buyers, rate, people = int(found.buyers[place]), float(found.rates[place]), float(found.people[place])
    return SegmentRow(
        name,
        None if buyers == HELD_BACK else buyers,
        None if np.isnan(rate) else round(rate, 4),
        None if np.isnan(people) else round(people, 4),
    )
