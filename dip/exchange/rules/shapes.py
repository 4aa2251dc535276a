"""Objects of ``/api/v2`` as they are answered. Members in camelCase; moments are ISO 8601 with offset; money is whole cents."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

Season = Annotated[str, Meta(pattern=r"^\d{4}-\d{4}$", description="such as 2026-2027")]
DipId = Annotated[str, Meta(description="national id of a production, of varying length", examples=["NL-26-00123-00279"])]
Cents = Annotated[int, Meta(description="whole cents, including VAT and the theatre surcharge")]
Status = Literal["concept", "published", "cancelled"]
Kind = Literal["normal", "premiere", "tryout", "derniere"]
Feature = Literal["regular", "school_primary", "school_secondary", "education", "lecture", "other"]
Connection = Literal["open", "confirmed", "proposed", "settled"]
MeasureName = Literal["tickets", "reservations", "blocked", "capacity"]
RoleName = Literal["producer", "agency", "theatre", "festival", "association", "funder", "platform"]


class Out(Struct, frozen=True, rename="camel", kw_only=True):
    """Every member is always there; what is not known is null."""


class Genre(Out):
    """A national genre; names in three languages."""

    id: int
    code: str
    name_nl: str
    name_en: str
    name_fr: str


class Province(Out):
    """A province of theatres."""

    id: int
    code: str
    name: str


class Country(Out):
    """A country of theatres, with its ISO 3166-1 code."""

    id: int
    code: str
    name_nl: str
    name_en: str
    name_fr: str


class Organisation(Out):
    """An organisation on the platform; the id is its national number, which stands in the ids of its productions."""

    id: int
    name: str
    roles: list[RoleName]
    city: str


class Party(Out):
    """An organisation in a production."""

    id: int
    name: str


class Hall(Out):
    """A hall of a theatre. One that was merged names the hall that it became."""

    id: int
    theatre_id: int
    name: str
    kind: str
    capacity: Annotated[int, Meta(description="gross seats")]
    in_use: bool
    merged_into: int | None


class Theatre(Out):
    """A theatre. One that was merged names the theatre that it became; its old id keeps answering."""

    id: int
    name: str
    street: str
    house_number: str
    postcode: str
    city: str
    province: Province | None
    country_code: str | None
    kind: Literal["Theater", "Festival", "Other"]
    time_zone: Annotated[str, Meta(description="IANA name")]
    is_member: bool
    in_use: bool
    merged_into: int | None
    hall_ids: list[int]


class GenrePart(Out):
    """The genre of a production."""

    id: int
    code: str


class Production(Out):
    """A show in a season. ``subsidyScheme``, ``fundConsent`` and ``externalRef`` are told to its provider only."""

    dip_id: DipId
    title: str
    season: Season
    genre: GenrePart
    producer: Party
    agency: Party | None
    co_producers: list[Party]
    cast_members: list[str]
    is_revival: bool
    subsidy_scheme: str | None
    fund_consent: bool | None
    external_ref: str | None
    merged_into: Annotated[DipId | None, Meta(description="the production that counts in its place")]
    created_at: datetime
    changed_at: datetime


class ProductionPart(Out):
    """The production of a performance."""

    dip_id: DipId
    title: str


class Place(Out):
    """A theatre or hall of a performance."""

    id: int
    name: str


class Performance(Out):
    """One evening. Cancelled and merged ones stay, as a state. ``connection`` is told to its two parties only."""

    number: Annotated[int, Meta(description="national number")]
    dip_id: Annotated[
        str, Meta(description="production and number: what ticketing systems keep", examples=["NL-26-00123-00279|100001"])
    ]
    production: ProductionPart
    status: Status
    starts_at: Annotated[datetime, Meta(description="with the venue's own offset")]
    time_zone: Annotated[str, Meta(description="IANA name of the venue's zone")]
    date: Annotated[date, Meta(description="local date at the venue")]
    theatre: Place
    hall: Place
    kind: Kind
    is_private: bool
    in_festival: bool
    is_other_location: bool
    fund_feature: Feature
    capacity: Annotated[int, Meta(description="seats as agreed, over all ranks")]
    capacity_by_rank: Annotated[list[int], Meta(description="seats of rank 1, 2 …")]
    connection: Annotated[Connection | None, Meta(description="what the theatre answered; null before it is asked")]
    published_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str | None
    external_ref: str | None
    merged_into: Annotated[int | None, Meta(description="the performance that counts in its place")]
    created_at: datetime
    changed_at: datetime


class Tickets(Out):
    """Tickets of one kind and their recette."""

    tickets: int
    recette_cents: Cents


class Position(Out):
    """A cumulative state of a performance, never changed: of tickets the four kinds, of capacity the ranks, of the others seats and
    value."""

    id: int
    performance: Annotated[int, Meta(description="its number")]
    production: DipId
    measure: MeasureName
    true_at: Annotated[datetime, Meta(description="the moment for which it holds")]
    known_at: Annotated[datetime, Meta(description="when the platform heard of it")]
    sales_date: Annotated[date, Meta(description="the sales day that it closes, from 05:00 to 05:00 at the venue")]
    normal: Tickets | None
    discount: Tickets | None
    free: Tickets | None
    other: Tickets | None
    seats: int | None
    value_cents: int | None
    ranks: list[int] | None
    restates: Annotated[int | None, Meta(description="id of the position that closed the same past sales day until now")]


class Withdrawn(Out):
    """Something that was in your list and is no longer your business: drop your copy. ``dipId`` is that of its production."""

    dip_id: DipId
    number: Annotated[int | None, Meta(description="of a performance; null for a production")]
    at: datetime


class Links(Out):
    """Addresses to go on with."""

    self: str
    next: Annotated[str | None, Meta(description="the page that follows at once; null when you have all for now")]
    changes: Annotated[str, Meta(description="what changes after this page: call it later, as often as you like")]


class ProductionPage(Out):
    """Productions in the order in which they changed."""

    items: list[Production]
    withdrawn: list[Withdrawn]
    cursor: str
    has_more: bool
    links: Links


class PerformancePage(Out):
    """Performances in the order in which they changed."""

    items: list[Performance]
    withdrawn: list[Withdrawn]
    cursor: str
    has_more: bool
    links: Links


class PositionPage(Out):
    """Positions: at first by performance, then in the order in which they were accepted."""

    items: list[Position]
    cursor: str
    has_more: bool
    links: Links


class PerformancesWritten(Out):
    """Performances as they stand after a write, with what was remarked and did not refuse it."""

    items: list[Performance]
    warnings: list["Remark"]


class Remark(Out):
    """Something to know about a row: where it stands in the body, and what."""

    pointer: str
    code: str
    detail: str


class ReceiptFinding(Out):
    """What was found about one row of a delivery. ``kept`` is false for a row that was refused."""

    row: Annotated[int, Meta(description="place in the body, from 0")]
    number: int | None
    code: str
    kept: bool
    message: str


class Delivery(Out):
    """The receipt of figures: what was in a body, what was kept, and why rows were not."""

    id: int
    measure: MeasureName
    source: str
    received_at: datetime
    rows: int
    accepted: Annotated[int, Meta(description="rows that brought new figures")]
    unchanged: Annotated[int, Meta(description="rows that confirmed what was known")]
    rejected: int
    findings: list[ReceiptFinding]


class DeliveryPage(Out):
    """Receipts, newest first."""

    items: list[Delivery]
    next_before: Annotated[int | None, Meta(description="give it as ``before`` for older ones")]


class TheatrePage(Out):
    """Theatres by id."""

    items: list[Theatre]
    next_after: Annotated[int | None, Meta(description="give it as ``after`` for the rest")]


class HallPage(Out):
    """Halls by id."""

    items: list[Hall]
    next_after: Annotated[int | None, Meta(description="give it as ``after`` for the rest")]


class OrganisationPage(Out):
    """Organisations by id."""

    items: list[Organisation]
    next_after: Annotated[int | None, Meta(description="give it as ``after`` for the rest")]


class GenreList(Out):
    """All national genres."""

    items: list[Genre]


class ProvinceList(Out):
    """All provinces."""

    items: list[Province]


class CountryList(Out):
    """All countries."""

    items: list[Country]


class ProblemDetails(Struct, frozen=True):
    """RFC 9457. ``type`` is the address of what this kind means; ``errors`` lists what is wrong where."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] = []
