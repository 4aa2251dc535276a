"""Objects of the wire contract, as they are answered; member names as systems know them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from ninja import Schema
from pydantic import Field

from dip.kernel.periods import season_name, season_period
from dip.programme.queries.exchange import Evening, Named, Show, Venue
from dip.programme.terms import RANKS, PerformanceStatus

#: Status on the wire; a concept is only shown to its provider, on request.
STATUSES = {
    PerformanceStatus.PUBLISHED: "agreed",
    PerformanceStatus.CANCELLED: "cancellation",
    PerformanceStatus.CONCEPT: "concept",
}


class Reference(Schema):
    """An id and a name."""

    id: int
    name: str


class CountryReference(Reference):
    """A country with its ISO 3166-1 code."""

    code: str


class Producer(Reference):
    """A producer or agency; the id is its national number, part of every production's id."""

    type: str = Field(description="Producer or Agency")


class Theater(Schema):
    """A theatre with its halls."""

    id: int
    name: str
    street: str
    number: str
    zipcode: str
    city: str
    province: Reference | None
    type: str = Field(description="Theater, Festival or Other")
    dip_member: bool
    theater_locations: list[Reference]


class ProductionObject(Schema):
    """A production; its id is a string of varying length."""

    id: str
    title: str
    startDate: str = Field(description="first day of the season")
    season: str
    genre: Reference
    producer: Producer
    co_producers: list[Producer]
    accompanied_by_producers: list[Producer] = Field(description="the agency that acts for the producer")
    cast_members: list[str]


class ProductionPart(Schema):
    """The production of a performance."""

    id: str
    title: str
    genre: Reference


class PerformanceObject(Schema):
    """A performance; number and id are the same, unique nationally. Ranks not in use are 0."""

    id: int
    number: int
    date: str = Field(description="local time at the venue, without offset")
    status: str = Field(description="agreed, cancellation, or concept when concepts are asked for")
    type: str = Field(description="normal, premiere, tryout or derniere")
    private: bool
    in_festival: bool
    isOtherLocation: bool
    amount_rank1: int
    amount_rank2: int
    amount_rank3: int
    amount_rank4: int
    amount_rank5: int
    amount_rank6: int
    amount_rank7: int
    amount_rank8: int
    amount_rank9: int
    amount_rank10: int
    production: ProductionPart
    theater: Reference
    theater_location: Reference
    forms: list[str]


class WrittenPerformance(PerformanceObject):
    """A performance as it stands after a write, with what was remarked and did not refuse it."""

    warnings: list[str] = Field(default_factory=list)


class Refusal(Schema):
    """How every call is refused."""

    error: str
    error_description: str


def local_text(moment: datetime, zone: str) -> str:
    """``2026-11-25T20:15:00`` on the clock of the zone, without offset."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat(timespec="seconds")


def reference(named: Named) -> Reference:
    """As the wire shows it."""
    return Reference(id=named.id, name=named.name)


def producer(named: Named) -> Producer:
    """As the wire shows it."""
    return Producer(id=named.id, name=named.name, type=named.kind)


def theater(venue: Venue) -> Theater:
    """As the wire shows it."""
    return Theater(
        id=venue.id,
        name=venue.name,
        street=venue.street,
        number=venue.house_number,
        zipcode=venue.postcode,
        city=venue.city,
        province=reference(venue.province) if venue.province else None,
        type=venue.kind,
        dip_member=venue.is_member,
        theater_locations=[reference(hall) for hall in venue.halls],
    )


def production(show: Show) -> ProductionObject:
    """As the wire shows it."""
    return ProductionObject(
        id=show.dip_id,
        title=show.title,
        startDate=season_period(show.season_year).start.isoformat(),
        season=season_name(show.season_year),
        genre=reference(show.genre),
        producer=producer(show.producer),
        co_producers=[producer(one) for one in show.co_producers],
        accompanied_by_producers=[producer(show.agency)] if show.agency else [],
        cast_members=list(show.cast_members),
    )


def performance_members(evening: Evening) -> dict[str, object]:
    """Members of a performance."""
    ranks = [*evening.ranks, *[0] * RANKS]
    return {
        "id": evening.number,
        "number": evening.number,
        "date": local_text(evening.starts_at, evening.time_zone),
        "status": STATUSES[PerformanceStatus(evening.status)],
        "type": evening.kind,
        "private": evening.is_private,
        "in_festival": evening.in_festival,
        "isOtherLocation": evening.is_other_location,
        **{f"amount_rank{rank}": ranks[rank - 1] for rank in range(1, RANKS + 1)},
        "production": {"id": evening.production, "title": evening.title, "genre": reference(evening.genre).model_dump()},
        "theater": reference(evening.theatre).model_dump(),
        "theater_location": reference(evening.hall).model_dump(),
        "forms": [],
    }
