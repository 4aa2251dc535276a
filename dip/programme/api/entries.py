"""Shape of what booking systems write: members as in the objects that they read, so that what was read can be changed and sent back."""

import re
from datetime import datetime
from typing import Annotated, Any

from django.utils import translation
from pydantic import BeforeValidator, Field, StringConstraints

from dip.programme.terms import Finding, FundFeature, PerformanceKind, VenueKind
from dip.programme.words import finding_text
from dip.registry.bodies import StrictBody

_SEASON = r"^(19|20)\d{2}-(19|20)\d{2}$"
_WIRE_NAMES = {
    "theatre": "theater",
    "hall": "theater_location",
    "starts_at": "date",
    "season_year": "season",
    "agency": "accompanied_by_producers",
    "capacity_by_rank": "amount_rank1",
}


def _moment(value: object) -> object:
    """Only text is a moment: a number would be taken for seconds since 1970."""
    if isinstance(value, str) and re.match(r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", value):
        return datetime.fromisoformat(value)
    raise ValueError("send local time at the venue, such as 2026-11-25T20:15:00")


Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Ref = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]
Seats = Annotated[int, Field(ge=0, le=1_000_000)]
Moment = Annotated[datetime, BeforeValidator(_moment)]


class Pointer(StrictBody):
    """Points to a thing by its wire id."""

    id: int


class ProductionEntryBody(StrictBody):
    """A production to enter, or (with ``id``) to change. Members left out of a change stay as they are."""

    id: Ref = Field("", description="only in a change: the production's id")
    title: Text | None = None
    season: str | None = Field(None, pattern=_SEASON, description="2026-2027; cannot be changed later")
    genre: Pointer | None = None
    co_producers: list[Pointer] | None = None
    accompanied_by_producers: list[Pointer] | None = Field(None, max_length=1, description="the agency; cannot be changed here")
    cast_members: list[Annotated[str, StringConstraints(max_length=120)]] | None = None
    revival: bool | None = None
    subsidy_scheme: Annotated[str, StringConstraints(max_length=60)] | None = None
    fund_consent: bool | None = Field(None, description="its figures may go into the fund's accountability")
    external_ref: Ref | None = Field(None, description="your own reference; the same one again is recognised as a repeat")


class PerformanceEntryBody(StrictBody):
    """A performance to enter, or (with ``number``) to change, move, publish or cancel. What a change leaves out stays as it is."""

    number: int | None = Field(None, description="only in a change: the performance's number")
    date: Moment | None = Field(None, description="local time at the venue: 2026-11-25T20:15:00")
    theater: Pointer | None = None
    theater_location: Pointer | None = None
    type: str | None = Field(None, pattern=f"^({'|'.join(PerformanceKind)})$")
    status: str | None = Field(None, pattern="^(agreed|concept|cancellation)$", description="agreed publishes; the default")
    reason: Text = Field("", description="of a cancellation; the theatre reads it")
    private: bool | None = None
    in_festival: bool | None = None
    isOtherLocation: bool | None = None
    fund_feature: str | None = Field(None, pattern=f"^({'|'.join(FundFeature)})$")
    amount_rank1: Seats | None = None
    amount_rank2: Seats | None = None
    amount_rank3: Seats | None = None
    amount_rank4: Seats | None = None
    amount_rank5: Seats | None = None
    amount_rank6: Seats | None = None
    amount_rank7: Seats | None = None
    amount_rank8: Seats | None = None
    amount_rank9: Seats | None = None
    amount_rank10: Seats | None = None
    external_ref: Ref | None = Field(None, description="your own reference; the same one again is recognised as a repeat")

    def ranks(self) -> tuple[int, ...] | None:
        """Seats of rank 1 to 10, or None when no rank was sent."""
        sent = [getattr(self, f"amount_rank{rank}") for rank in range(1, 11)]
        return None if all(seats is None for seats in sent) else tuple(seats or 0 for seats in sent)


class HallEntryBody(StrictBody):
    """A hall of a theatre to enter."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    capacity: Seats = 0


class TheatreEntryBody(StrictBody):
    """A theatre that /theaters does not have."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    city: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    street: Annotated[str, StringConstraints(max_length=120)] = ""
    number: Annotated[str, StringConstraints(max_length=12)] = ""
    zipcode: Annotated[str, StringConstraints(max_length=10)] = ""
    type: str = Field(VenueKind.THEATRE.value, pattern=f"^({'|'.join(VenueKind)})$")
    time_zone: str = Field("Europe/Amsterdam", description="IANA name; kept when the platform enters it")
    province: Pointer | None = None
    country: Pointer | None = None
    theater_locations: list[HallEntryBody] = Field(default_factory=list)


def told(finding: Finding, row: int | None) -> dict[str, Any]:
    """A finding of the programme as the wire shows it, in English."""
    with translation.override("en"):
        message = finding_text(finding)
    field = _WIRE_NAMES.get(finding.field, finding.field)
    return {"row": row, "field": field, "code": finding.code.value, "message": f"{field}: {message}" if field else message}
