"""Bodies and queries that ``/api/v2`` takes. Members that it does not know are refused: a typing error must not pass unnoticed."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from dip.exchange.rules.shapes import Feature, Kind, MeasureName, RoleName, Status

_NO_NUL = r"^[^\x00]*$"
Title = Annotated[str, Meta(min_length=1, max_length=200, pattern=_NO_NUL)]
Text = Annotated[str, Meta(max_length=200, pattern=_NO_NUL)]
Name = Annotated[str, Meta(max_length=120, pattern=_NO_NUL)]
Scheme = Annotated[str, Meta(max_length=60, pattern=_NO_NUL)]
Ref = Annotated[
    str, Meta(max_length=80, pattern=_NO_NUL, description="your own reference; the same one again is recognised as a repeat")
]
SeasonText = Annotated[str, Meta(pattern=r"^(19|20)\d{2}-(19|20)\d{2}$", description="such as 2026-2027")]
DipIdText = Annotated[str, Meta(max_length=60, pattern=_NO_NUL)]
Key = Annotated[int, Meta(ge=1, le=2**63 - 1)]
OrganisationNumber = Annotated[int, Meta(ge=1, le=2**31 - 1, description="national number of an organisation")]
GenreKey = Annotated[int, Meta(ge=1, le=32767)]
Moment = Annotated[datetime, Meta(tz=True, description="ISO 8601 with an offset or Z")]
Seats = Annotated[
    list[Annotated[int, Meta(ge=0, le=1_000_000)]], Meta(min_length=1, max_length=10, description="seats of rank 1, 2 …")
]
Organisations = Annotated[list[OrganisationNumber], Meta(max_length=50)]
Names = Annotated[list[Name], Meta(max_length=200)]
EventName = Annotated[str, Meta(max_length=60, pattern=_NO_NUL, description="a CloudEvents type of the catalogue")]
EventNames = Annotated[list[EventName], Meta(min_length=1, max_length=40)]
Address = Annotated[str, Meta(min_length=1, max_length=500, pattern=_NO_NUL)]


class In(Struct, frozen=True, rename="camel", kw_only=True, forbid_unknown_fields=True):
    """Strict: a number in quotes is no number."""


class ProductionEntry(In):
    """A production to enter. Producers leave ``producerId`` out; an agency names its producer, and is the agency itself."""

    title: Title
    season: SeasonText
    genre_id: GenreKey
    producer_id: OrganisationNumber | None = None
    agency_id: OrganisationNumber | None = None
    co_producer_ids: Organisations = []
    cast_members: Names = []
    is_revival: bool = False
    subsidy_scheme: Scheme = ""
    fund_consent: bool = False
    external_ref: Ref = ""


class ProductionChange(In):
    """What is to change of a production; what is left out stays. ``agencyId`` null: no agency any more."""

    title: Title | UnsetType = UNSET
    genre_id: GenreKey | UnsetType = UNSET
    agency_id: OrganisationNumber | UnsetType | None = UNSET
    co_producer_ids: Organisations | UnsetType = UNSET
    cast_members: Names | UnsetType = UNSET
    is_revival: bool | UnsetType = UNSET
    subsidy_scheme: Scheme | UnsetType = UNSET
    fund_consent: bool | UnsetType = UNSET
    external_ref: Ref | UnsetType = UNSET


class PerformanceEntry(In):
    """A performance to enter. Without ranks the seats come from the hall. ``concept`` waits; ``published`` asks the theatre."""

    starts_at: Moment
    theatre_id: Key
    hall_id: Key
    status: Literal["concept", "published"] = "published"
    kind: Kind = "normal"
    is_private: bool = False
    in_festival: bool = False
    is_other_location: bool = False
    fund_feature: Feature = "regular"
    capacity_by_rank: Seats | None = None
    external_ref: Ref = ""


PerformanceEntries = Annotated[list[PerformanceEntry], Meta(min_length=1, max_length=500)]


class PerformanceChange(In):
    """What is to change of a performance; what is left out stays. Another moment, theatre or hall moves it, and its theatre is asked
    again. ``published`` publishes a concept. ``cancelled`` cancels, needs ``cancelReason``, and goes with nothing else."""

    starts_at: Moment | UnsetType = UNSET
    theatre_id: Key | UnsetType = UNSET
    hall_id: Key | UnsetType = UNSET
    status: Literal["published", "cancelled"] | UnsetType = UNSET
    cancel_reason: Text | UnsetType = UNSET
    kind: Kind | UnsetType = UNSET
    is_private: bool | UnsetType = UNSET
    in_festival: bool | UnsetType = UNSET
    is_other_location: bool | UnsetType = UNSET
    fund_feature: Feature | UnsetType = UNSET
    capacity_by_rank: Seats | UnsetType = UNSET
    external_ref: Ref | UnsetType = UNSET


class KindFigures(In):
    """Tickets of one kind until now, and their recette in whole cents, including VAT and the theatre surcharge."""

    tickets: int = 0
    recette_cents: int = 0


_NOTHING = KindFigures()


class _Row(In):
    """``trueAt``: the moment for which the figures hold; without it they hold now."""

    number: Annotated[int, Meta(description="national number of the performance")]
    production: Annotated[str, Meta(max_length=80, pattern=_NO_NUL, description="as a check: one of another is refused")] = ""
    true_at: Moment | None = None


class TicketsRow(_Row):
    """Everything sold of one performance until now; a kind that is left out is 0."""

    normal: KindFigures = _NOTHING
    discount: KindFigures = _NOTHING
    free: KindFigures = _NOTHING
    other: KindFigures = _NOTHING


class TotalRow(_Row, kw_only=True):
    """All reservations, or all blocked seats, of one performance now, and their value where there is one."""

    seats: int
    value_cents: int | None = None


class CapacityRow(_Row, kw_only=True):
    """The hall's seats for one performance."""

    ranks: Annotated[list[int], Meta(description="seats of rank 1, 2 …, at most 10")]


class TicketsFigures(In, tag_field="measure", tag="tickets"):
    """Tickets sold."""

    rows: list[TicketsRow]


class ReservationsFigures(In, tag_field="measure", tag="reservations"):
    """Reservations that stand."""

    rows: list[TotalRow]


class BlockedFigures(In, tag_field="measure", tag="blocked"):
    """Seats that are blocked."""

    rows: list[TotalRow]


class CapacityFigures(In, tag_field="measure", tag="capacity"):
    """Capacity of the hall."""

    rows: list[CapacityRow]


FiguresBody = TicketsFigures | ReservationsFigures | BlockedFigures | CapacityFigures


class EndpointEntry(In):
    """An address to call. It hears of what changes from now on."""

    url: Address
    event_types: EventNames
    description: Name = ""


class EndpointChange(In):
    """What is to change of a webhook; what is left out stays. ``active`` also switches a disabled one on again."""

    url: Address | UnsetType = UNSET
    event_types: EventNames | UnsetType = UNSET
    description: Name | UnsetType = UNSET
    state: Literal["active", "paused"] | UnsetType = UNSET


class SecretRotation(In):
    """How the old secret ends: after seven days, or at once when it has leaked."""

    ends_at_once: bool = False


class Ping(In):
    """A ping takes nothing; send an empty object."""


class Replay(In):
    """What is sent again: one notice, or all that failed since a moment."""

    notice_id: Key | None = None
    failed_since: Moment | None = None


Limit = Annotated[int, Meta(ge=1, le=1000, description="most items on the page")]
Cursor = Annotated[
    str, Meta(max_length=120, description="of an earlier page: what comes or changes after it; keep the other parameters")
]


class ProductionQuery(In):
    """Which productions."""

    season: SeasonText | None = None
    theatre_id: Key | None = None
    genre_id: GenreKey | None = None
    producer_id: OrganisationNumber | None = None
    changed_since: Moment | None = None
    cursor: Cursor = ""
    limit: Limit = 100


class PerformanceQuery(In):
    """Which performances. ``from`` and ``until`` are local dates at the venue, both included."""

    production: DipIdText | None = None
    season: SeasonText | None = None
    theatre_id: Key | None = None
    genre_id: GenreKey | None = None
    status: Status | None = None
    from_: date | None = field(default=None, name="from")
    until: date | None = None
    changed_since: Moment | None = None
    cursor: Cursor = ""
    limit: Limit = 100


class PositionQuery(In):
    """Which positions. ``from`` and ``until`` are dates of the performances; ``changedSince``: what the platform heard since."""

    performance: Key | None = None
    production: DipIdText | None = None
    season: SeasonText | None = None
    theatre_id: Key | None = None
    measure: MeasureName | None = None
    from_: date | None = field(default=None, name="from")
    until: date | None = None
    changed_since: Moment | None = None
    cursor: Cursor = ""
    limit: Limit = 1000


class TheatreQuery(In):
    """Which theatres. ``q``: part of the name, of a former name, or of the town."""

    q: Annotated[str, Meta(max_length=80, pattern=_NO_NUL)] = ""
    after: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 0
    limit: Limit = 1000


class HallQuery(In):
    """Which halls."""

    theatre_id: Key | None = None
    after: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 0
    limit: Limit = 1000


class OrganisationQuery(In):
    """Which organisations."""

    role: RoleName | None = None
    after: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0
    limit: Limit = 1000


class DeliveryQuery(In):
    """Which receipts."""

    with_findings: bool = False
    before: Key | None = None


class NoticeQuery(In):
    """Which notices of a webhook."""

    state: Literal["waiting", "delivered", "failed"] | None = None
    before: Key | None = None
