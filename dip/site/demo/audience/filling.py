"""The orders of the demo's theatres on their way: sources, landed deliveries, and what a desk has to do with them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from django.conf import settings

from dip.registry.terms import TAKERS, Access, Door, Level, Module
from dip.site.demo.audience.columns import Delivery, House, deliveries
from dip.site.demo.audience.orders import Now, order_all
from dip.site.demo.audience.paperwork import add_paperwork
from dip.site.demo.audience.people import BLOCK, Crowd, crowd_of, joined
from dip.site.demo.audience.places import TOWNS
from dip.site.demo.audience.sales import Listener, Sold
from dip.site.demo.calendar import as_date, as_moment, moments
from dip.site.demo.copying import reserve
from dip.site.demo.curves import Ints
from dip.site.demo.record import Written
from dip.site.demo.sector import Sector
from dip.site.demo.terms import Scale
from dip.warehouse.actions.landing import contents, source_for
from dip.warehouse.actions.mapping import keep_gender
from dip.warehouse.models import LandedBatch, TicketSource
from dip.warehouse.store import landing as files
from dip.warehouse.store.keys import read_keys

#: People around a theatre, for each order of its busiest season.
_PEOPLE = 2.3
_GROUND = "Toestemming bij het maken van het account"


def access_of(written: Written, sector: Sector, venue: int) -> Access:
    """A theatre's ticketing system, which delivers its orders."""
    body = sector.venues[venue].body or 0
    organisation, client = written.organisations[body], written.clients.get(venue)
    role = next(role for role in sector.bodies[body].roles if role in TAKERS)
    return Access(
        organisation.pk, organisation.name, role, {Module.AUDIENCE: Level.MANAGE}, client_id=client.pk if client else None, door=Door.API,
        actor=sector.venues[venue].system,
    )  # fmt: skip


def add_audience(listener: Listener, written: Written, scale: Scale, at: datetime) -> dict[str, int]:
    """Land the orders of what was heard, in the build's transaction; what was added, by name. Nothing is applied yet."""
    sold = listener.heard()
    if sold is None:
        return {}
    now = Now(listener.clocks.today, listener.clocks.now_minute)
    sector = listener.sector
    accesses = [access_of(written, sector, venue) for venue in listener.venues]
    sources = [_source(access, sector, venue, at) for access, venue in zip(accesses, listener.venues, strict=True)]
    crowd = _crowd(listener, sold, scale.seed)
    houses = [House(one.pk, bytes(one.salt), one.keeps_gender) for one in sources]
    keys, counts = read_keys(settings.PSEUDONYM_KEYS, at), {"orders": 0, "tickets in orders": 0}

    def made() -> Iterator[Delivery]:
        for house in range(len(houses)):  # one by one, so that little is in memory at once
            mine = sold.of(house)
            tickets = order_all(mine, crowd, now, np.random.default_rng([scale.seed, 37, house]))
            counts["orders"] += len(np.unique(tickets.order))
            counts["tickets in orders"] += len(tickets)
            yield from deliveries(mine, tickets, crowd, houses, keys, now)

    clients = [access.client_id for access in accesses]
    batches = land_all(made(), sources, clients, listener, at)
    add_paperwork(accesses[0], sources[0], sold, at)
    return {**counts, "deliveries of orders": batches}


def _source(access: Access, sector: Sector, venue: int, at: datetime) -> TicketSource:
    """The source of a theatre; every fifth keeps gender."""
    system = sector.venues[venue].system
    source = source_for(access=access, at=at - timedelta(days=70), system=system, name=system)
    if venue % 5 == 0:
        return keep_gender(access=access, at=at - timedelta(days=70), source_id=source.pk, ground=_GROUND)
    return source


def _crowd(listener: Listener, sold: Sold, seed: int) -> Crowd:
    """Everybody around the theatres that deliver."""
    year = listener.running
    places = [TOWNS[venue % len(TOWNS)][4:6] for venue in listener.venues]
    tickets = np.zeros((len(places), 3))
    np.add.at(tickets, (sold.house, sold.season + 2), sold.paid + sold.free)
    parts = []
    for house, town in enumerate(places):
        blocks = max(1, round(tickets[house].max() / 2.4 * _PEOPLE / BLOCK))
        parts.append(crowd_of(seed, house, town, neighbours(places, house), year, blocks))
    return joined(parts)


def neighbours(places: Sequence[tuple[float, float]], house: int) -> Ints:
    """The other theatres within reach, the nearest first."""
    lat, lon = np.array(places).T
    far = np.hypot((lat - lat[house]) * 111.2, (lon - lon[house]) * 68)
    order = np.argsort(far, kind="stable")
    return np.asarray(order[(order != house) & (far[order] < 75)][:4])


def land_all(
    found: Iterable[Delivery], sources: Sequence[TicketSource], clients: Sequence[int | None], listener: Listener, at: datetime
) -> int:
    """Files and receipts of all deliveries, as the door makes them once rows are judged; how many."""
    home = Path(settings.WAREHOUSE_HOME)
    rows = [_receipt(home, one, sources[one.house], clients[one.house], listener, at) for one in found]
    rows.sort(key=lambda row: row.received_at)
    first = reserve(LandedBatch, len(rows))
    for place, row in enumerate(rows):
        row.pk = first + place
    LandedBatch.objects.bulk_create(rows)
    return len(rows)


def _receipt(home: Path, one: Delivery, source: TicketSource, client: int | None, listener: Listener, at: datetime) -> LandedBatch:
    count = len(one.columns["ticket"])
    performances, codes = contents(one.columns)
    night = one.night or listener.clocks.today - 7
    due = as_moment(int(moments(np.array([night]), 1440 + 190 + 7 * one.house)[0]))
    name = f"night {as_date(night)}" if one.night else f"season {listener.running + one.season}"
    return LandedBatch(
        source=source, client_id=client, delivery_id=name, digest="", row_count=count, accepted_count=count, rejected_count=0,
        file=files.write(home, source.pk, one.columns), performances=performances, codes=codes,
        received_at=min(due, at - timedelta(minutes=4)),
    )  # fmt: skip


def visible(at: datetime) -> None:
    """Apply what has landed and publish it, the national figures too."""
    from dip.warehouse.actions.applying import apply_orders, tend  # its store loads the columnar engine, which pages do without

    apply_orders(at)
    tend(at)
