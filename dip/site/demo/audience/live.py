"""Orders of this moment: what the theatres of a running demo sell, through the door that connectors use."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from dip.registry.terms import Access, Level, Module
from dip.site.demo.audience.people import BLOCK, NOBODY, SECTOR, Crowd, address, crowd_of, customer
from dip.site.demo.audience.places import TOWNS
from dip.site.demo.audience.sales import delivering
from dip.site.demo.sector import Sector
from dip.site.demo.terms import Scale
from dip.ticketing.terms.orders import TicketRow
from dip.warehouse.actions.landing import land_rows
from dip.warehouse.models import TicketSource

#: Blocks of people who have not bought before begin here; there are so many of them.
_FRESH, _FRESH_BLOCKS, _FRESH_SHARE = 400, 60, 0.35
_CHANNELS = ("online", "box_office", "phone", "agent", "group")
_SIZES = ((1, 2, 3, 4), (0.16, 0.62, 0.08, 0.14))


@dataclass(frozen=True, slots=True)
class News:
    """Tickets of a performance that were sold since the last time, until ``until``."""

    number: int
    price_cents: int
    tickets: int
    since: datetime
    until: datetime


def deliver(*, access: Access, at: datetime, sector: Sector, scale: Scale, year: int, venue: int, news: Sequence[News]) -> int:
    """Land the orders that make up the news of a venue; tickets that were accepted, 0 where the venue delivers none. ``year``: the season
    in which the demo was made, from which its people's ages count."""
    houses = delivering(sector, scale.audience)
    sold = [one for one in news if one.tickets > 0]
    if venue not in houses or not sold:
        return 0
    access = replace(access, rights={**access.rights, Module.AUDIENCE: Level.MANAGE})
    source = TicketSource.objects.within(access).filter(system=sector.venues[venue].system.lower()).first()
    if source is None:
        return 0
    rng = np.random.default_rng([int(at.timestamp()), venue])
    town, nowhere = TOWNS[venue % len(TOWNS)][4:6], np.empty(0, dtype=np.int64)
    blocks = 0, _FRESH + int(at.timestamp()) // 3600 % _FRESH_BLOCKS
    known, fresh = (crowd_of(scale.seed, houses.index(venue), town, nowhere, year, 1, first) for first in blocks)
    rows = list(_rows(sold, known, fresh, at, rng))
    name = f"sold until {at.isoformat()}"
    return land_rows(access=access, at=at, source=source, delivery_id=name, rows=rows).accepted


def _rows(sold: Sequence[News], known: Crowd, fresh: Crowd, at: datetime, rng: np.random.Generator) -> Iterator[TicketRow]:
    turn = 0
    for one in sold:
        left = one.tickets
        while left:
            size = min(left, int(rng.choice(_SIZES[0], p=_SIZES[1])))
            crowd = fresh if rng.random() < _FRESH_SHARE else known
            moment = one.since + (one.until - one.since) * float(rng.random())
            yield from _order(one, f"{int(at.timestamp())}-{turn}", size, crowd, int(rng.integers(BLOCK)), moment)
            left, turn = left - size, turn + 1


def _order(one: News, order: str, size: int, crowd: Crowd, person: int, moment: datetime) -> Iterator[TicketRow]:
    home, number, scope = int(crowd.home[person]), int(crowd.number[person]), int(crowd.scope[person])
    birth, pc4 = int(crowd.birth[person]), int(crowd.pc4[person])
    for place in range(size):
        yield TicketRow(
            ticket=f"{order}-{place}", order=order, performance=str(one.number), state="sold", changed_at=moment.isoformat(),
            sold_at=moment.isoformat(), price_cents=one.price_cents, kind="normal", channel=_CHANNELS[int(crowd.channel[person]) - 1],
            email=address(home, number) if scope == SECTOR else None,
            customer=customer(home, number) if scope not in (SECTOR, NOBODY) else None,
            postcode=f"{pc4} AA" if pc4 else None, birth_year=birth + 2 if birth else None, consent="statistics",
        )  # fmt: skip
