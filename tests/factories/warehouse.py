"""A small market with finished seasons, written in bulk, and its publication. Every name is invented."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import duckdb
from django.conf import settings

from dip.definitions.models import Genre
from dip.kernel.clock import from_local
from dip.programme.models import Hall, Performance, Production, Theatre
from dip.programme.terms import PerformanceStatus
from dip.registry.models import Organisation
from dip.registry.terms import Role
from dip.ticketing.models import Delivery, Position
from dip.ticketing.terms import Measure
from dip.warehouse import actions
from dip.warehouse.store.published import read_manifest
from tests.factories.programme import PROVINCES, make_genre, make_hall, make_production, make_province, make_theatre, starting
from tests.factories.registry import NOW, make_organisation

#: Days before the performance → part of the final sales.
CURVE: Mapping[int, float] = {90: 0.1, 60: 0.2, 40: 0.3, 28: 0.4, 14: 0.6, 7: 0.8, 3: 0.9, 0: 1.0}


@dataclass
class Market:
    """Who is in it; ``performances`` in the order in which they were made."""

    genre: Genre
    takers: list[Organisation] = field(default_factory=list)
    theatres: list[Theatre] = field(default_factory=list)
    halls: list[Hall] = field(default_factory=list)
    producers: list[Organisation] = field(default_factory=list)
    productions: list[Production] = field(default_factory=list)
    performances: list[Performance] = field(default_factory=list)


def make_market(
    *,
    theatres: int = 8,
    producers: int = 8,
    genre: str = "theatre",
    capacity: int = 300,
    first_day: date = date(2025, 10, 1),
    fill: float = 0.6,
) -> Market:
    """Every producer has one production, which plays once in every theatre, in the season of ``first_day``, on the curve CURVE.

    Final fill rates vary a little around ``fill`` from one performance to the next.
    """
    market = Market(make_genre(genre))
    for number in range(theatres):
        taker = make_organisation(Role.THEATRE)
        theatre = make_theatre(taker, is_coupled=True, province=make_province(PROVINCES[number % 4]))
        market.takers.append(taker)
        market.theatres.append(theatre)
        market.halls.append(make_hall(theatre, capacity=capacity))
    market.producers = [make_organisation(Role.PRODUCER) for _ in range(producers)]
    add_season(market, first_day=first_day, fill=fill)
    return market


def add_season(market: Market, *, first_day: date, fill: float = 0.6, until: datetime = NOW) -> list[Performance]:
    """One more production of every producer, touring as in :func:`make_market`; figures up to ``until``."""
    made = []
    for step, producer in enumerate(market.producers):
        production = make_production(producer, genre=market.genre, season_year=first_day.year)
        market.productions.append(production)
        for stop, hall in enumerate(market.halls):
            day = first_day + timedelta(days=7 * stop + step)
            made.append(_published(production, hall, day))
    Performance.objects.bulk_create(made)
    market.performances += made
    for place, performance in enumerate(made):
        final = round(performance.capacity * (fill + 0.02 * (place % 9 - 4)))
        write_curve(performance, {days: round(final * part) for days, part in CURVE.items()}, until=until)
    return made


def _published(production: Production, hall: Hall, day: date) -> Performance:
    return Performance(
        production=production,
        theatre=hall.theatre,
        hall=hall,
        starts_at=starting(day),
        performance_date=day,
        status=PerformanceStatus.PUBLISHED,
        capacity_by_rank=[hall.capacity],
        capacity=hall.capacity,
        published_at=starting(day),
    )


def write_curve(performance: Performance, sold: Mapping[int, int], *, price: int = 2500, until: datetime = NOW) -> list[Position]:
    """Positions that close the sales days so many days before the performance, as far as ``until``; written past the ingest."""
    delivery = Delivery.objects.across_tenants("a test writes positions in bulk").filter(source="market").first() or (
        Delivery.objects.create(
            organisation_id=performance.theatre.organisation_id,
            source="market",
            measure=Measure.TICKETS,
            received_at=NOW,
            row_count=0,
            accepted_count=0,
            unchanged_count=0,
            rejected_count=0,
        )
    )
    rows = []
    for days, tickets in sold.items():
        closes = performance.performance_date - timedelta(days=days)
        true_at = from_local(datetime.combine(closes, time(23, 30)))
        if true_at < until:
            rows.append(
                Position(
                    performance=performance,
                    measure=Measure.TICKETS,
                    true_at=true_at,
                    known_at=true_at,
                    sales_date=closes,
                    normal_tickets=tickets,
                    discount_tickets=0,
                    free_tickets=1,
                    other_tickets=0,
                    normal_cents=tickets * price,
                    discount_cents=0,
                    free_cents=0,
                    other_cents=0,
                    delivery=delivery,
                )
            )
    return list(Position.objects.bulk_create(rows))


def publish(at: datetime = NOW) -> None:
    """Pull and publish what there is."""
    actions.refresh(at.astimezone(UTC))


def disturbed(performances: Iterable[Performance], amounts: Iterable[int], *, season_year: int = 2025) -> int:
    """What the nation is told of the sum of ``amounts``, one for each of ``performances``: read the hidden factors, multiply, round.

    For performances of which no two share theatre, production, weekday and month.
    """
    manifest = read_manifest(Path(settings.WAREHOUSE_HOME))
    assert manifest is not None
    part = Path(settings.WAREHOUSE_HOME) / "parts" / manifest.parts["factor"][season_year]
    rows = duckdb.connect(":memory:").execute(f"SELECT side, holding, factor FROM read_parquet('{part}')").fetchall()
    factor = {(side, holding): value for side, holding, value in rows}
    told = 0
    for performance, amount in zip(performances, amounts, strict=True):
        office = performance.production.agency_id or performance.production.producer_id
        told += round(amount * factor[0, performance.theatre.organisation_id] * factor[2, office])
    return told
