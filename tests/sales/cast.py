"""Positions and states written straight into the tables, so that every moment can be chosen."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from dip.kernel.clock import sales_date
from dip.programme.models import Performance
from dip.registry.models import Organisation
from dip.ticketing.models import Delivery, PerformanceSales, Position
from dip.ticketing.terms import Measure
from tests.factories.programme import make_hall, make_performance, make_production, make_province, make_theatre
from tests.factories.registry import make_organisation

_serial = count(1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_KINDS = ("normal", "discount", "free", "other")


def deliver(organisation: Organisation, at: datetime, source: str = "Kassa De Vlonder") -> Delivery:
    """The receipt of one call."""
    return Delivery.objects.create(
        organisation=organisation,
        source=source,
        measure=1,
        received_at=at,
        row_count=1,
        accepted_count=1,
        unchanged_count=0,
        rejected_count=0,
    )


def put(
    performance: Performance, true_at: datetime, known_at: datetime | None = None, *, measure: Measure = Measure.TICKETS,
    restates: Position | None = None, source: str = "Kassa De Vlonder", **figures: Any,
) -> Position:  # fmt: skip
    """One position: tickets as ``normal=3`` (€ 25 each) and so on, or ``seats=`` (and ``ranks=``)."""
    known = known_at or true_at + timedelta(minutes=5)
    owner = performance.theatre.organisation or performance.production.producer
    values: dict[str, Any] = {"seats": figures.get("seats"), "ranks": figures.get("ranks")}
    if measure is Measure.TICKETS:
        values = {f"{kind}_tickets": figures.get(kind, 0) for kind in _KINDS}
        values |= {
            f"{kind}_cents": figures.get(f"{kind}_cents", figures.get(kind, 0) * (0 if kind == "free" else 2500)) for kind in _KINDS
        }
    return Position.objects.create(
        performance=performance, measure=measure, true_at=true_at, known_at=known, sales_date=sales_date(true_at), restates=restates,
        delivery=deliver(owner, known, source), **values,
    )  # fmt: skip


def settle(performance: Performance, confirmed_at: datetime | None = None) -> PerformanceSales:
    """The current state from the positions, as ingest keeps it."""
    rows = list(
        Position.objects.across_tenants("a test's own rows").filter(performance=performance).order_by("true_at", "known_at", "id")
    )
    newest = {row.measure: row for row in rows}
    values: dict[str, Any] = {}
    if tickets := newest.get(Measure.TICKETS):
        values |= {f"{kind}_{unit}": getattr(tickets, f"{kind}_{unit}") for kind in _KINDS for unit in ("tickets", "cents")}
        values["tickets_true_at"] = tickets.true_at
    for measure, name in ((Measure.RESERVATIONS, "reserved"), (Measure.BLOCKED, "blocked"), (Measure.CAPACITY, "capacity")):
        if row := newest.get(measure):
            values |= {name: row.seats, f"{name}_true_at": row.true_at}
            if measure is Measure.CAPACITY:
                values["capacity_by_rank"] = row.ranks
    values["confirmed_at"] = confirmed_at or max(row.true_at for row in rows)
    values["known_at"] = max(row.known_at for row in rows)
    values["source"] = "Kassa De Vlonder"
    PerformanceSales.objects.across_tenants("a test's own rows").filter(performance=performance).delete()
    return PerformanceSales.objects.create(performance=performance, **values)


def sell(
    performance: Performance, now: datetime, *sold: int, confirmed_at: datetime | None = None, **more: Any
) -> PerformanceSales:
    """Nightly positions at 02:40 of the last ``len(sold)`` nights, the last one being the night before ``now``; then the state."""
    night = now.replace(hour=1, minute=40, second=0, microsecond=0)
    for back, tickets in enumerate(reversed(sold)):
        put(performance, night - back * DAY, normal=tickets)
    for measure, name in ((Measure.RESERVATIONS, "reserved"), (Measure.BLOCKED, "blocked")):
        if name in more:
            put(performance, night, measure=measure, seats=more[name])
    return settle(performance, confirmed_at)


def make_tour(producer: Organisation, theatres: Iterable[Organisation | None], now: datetime, **over: Any) -> list[Performance]:
    """One production with a performance in a theatre of each organisation, 40 days ahead of ``now`` and on."""
    production = over.pop("production", None) or make_production(producer, **over)
    found = []
    for index, organisation in enumerate(theatres):
        number = next(_serial)
        theatre = make_theatre(organisation, name=f"Schouwburg {number}", city=f"Stad {number}", province=make_province("NH"))
        hall = make_hall(theatre, capacity=720, name="Grote Zaal")
        found.append(make_performance(production, hall, day=(now + timedelta(days=40 + index)).date()))
    return found


def make_house() -> tuple[Organisation, Organisation, Organisation]:
    """A producer, a theatre, and a stranger that is both."""
    from dip.registry.terms import Role

    return make_organisation(Role.PRODUCER), make_organisation(Role.THEATRE), make_organisation(Role.PRODUCER, Role.THEATRE)
