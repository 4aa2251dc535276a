"""Shape of what booking systems write: members as in the objects that they read, so that what was read can be changed and sent back."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any, TypeVar

import msgspec
from django.http import HttpRequest
from django.utils import translation
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from dip.programme.terms import Finding, FundFeature, PerformanceKind, VenueKind
from dip.programme.words import finding_text
from dip.registry.bearer import ApiError

_SEASON = r"^(19|20)\d{2}-(19|20)\d{2}$"
MAX_ROWS = 500
_WIRE_NAMES = {
    "theatre": "theater",
    "hall": "theater_location",
    "starts_at": "date",
    "season_year": "season",
    "agency": "accompanied_by_producers",
    "capacity_by_rank": "amount_rank1",
}
Shape = TypeVar("Shape", bound=BaseModel)


def _moment(value: object) -> object:
    """Only text is a moment: a number would be taken for seconds since 1970."""
    if isinstance(value, str) and re.match(r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", value):
        return datetime.fromisoformat(value)
    raise ValueError("send local time at the venue, such as 2026-11-25T20:15:00")


Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Ref = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]
Seats = Annotated[int, Field(ge=0, le=1_000_000)]
Moment = Annotated[datetime, BeforeValidator(_moment)]


class _Entry(BaseModel):
    """Strict: a number in quotes is no number. Members that are only read are ignored."""

    model_config = ConfigDict(strict=True)


class Pointer(_Entry):
    """Points to a thing by its wire id."""

    id: int


class ProductionEntryBody(_Entry):
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


class PerformanceEntryBody(_Entry):
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


class HallEntryBody(_Entry):
    """A hall of a theatre to enter."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    capacity: Seats = 0


class TheatreEntryBody(_Entry):
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


def entries(request: HttpRequest, shape: type[Shape]) -> tuple[list[Shape], bool]:
    """The entries of a body that is an array or one object, and whether it was one object.

    Raises :class:`ApiError` with a finding for each member that is wrong.
    """
    try:
        body = msgspec.json.decode(request.body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ApiError(f"The body is no JSON ({error}). Send an object, or an array of objects.") from error
    rows = body if isinstance(body, list) else [body]
    if not 1 <= len(rows) <= MAX_ROWS:
        raise ApiError(f"The body holds {len(rows)} entries. Send 1 to {MAX_ROWS} at once.")
    read, findings = [], []
    for row, one in enumerate(rows):
        place = _nul_in(one)
        if place is not None:
            message = f"{place}: the text holds a NUL character. Leave it out."
            findings.append({"row": row, "field": place, "code": "unreadable", "message": message})
            continue
        try:
            read.append(shape.model_validate(one))
        except ValidationError as error:
            findings += [_finding(row, part) for part in error.errors(include_url=False)]
    if findings:
        raise refused(findings)
    return read, not isinstance(body, list)


def _nul_in(value: Any, place: str = "") -> str | None:
    """Where a text holds the character that no table takes; None when none does."""
    if isinstance(value, str):
        return (place or "entry") if "\x00" in value else None
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = (_nul_in(inner, f"{place}.{name}".lstrip(".")) for name, inner in steps)
    return next((one for one in found if one is not None), None)


def _finding(row: int, part: Any) -> dict[str, Any]:
    field = ".".join(str(step) for step in part["loc"]) or "entry"
    return {"row": row, "field": field, "code": "unreadable", "message": f"{field}: {part['msg']}."}


def missing(row: int, entry: BaseModel, names: Iterable[str]) -> list[dict[str, Any]]:
    """A finding for each member that the entry needs and lacks."""
    return [
        {"row": row, "field": name, "code": "missing", "message": f"{name} is missing. Send it."}
        for name in names
        if getattr(entry, name) in (None, "")
    ]


def refused(findings: Sequence[dict[str, Any]]) -> ApiError:
    """The refusal of a whole body: nothing of it was written."""
    first = findings[0]
    told = f"Nothing was written. Row {first['row']}: {first['message']}"
    return ApiError(told, findings=list(findings))


def told(finding: Finding, row: int | None) -> dict[str, Any]:
    """A finding of the programme as the wire shows it, in English."""
    with translation.override("en"):
        message = finding_text(finding)
    field = _WIRE_NAMES.get(finding.field, finding.field)
    return {"row": row, "field": field, "code": finding.code.value, "message": f"{field}: {message}" if field else message}


def described(shape: type[BaseModel]) -> dict[str, Any]:
    """The request body for the specification: one of the shape, or an array; schemas that it points to are written in place."""
    schema = shape.model_json_schema()
    schema = _inlined(schema, schema.pop("$defs", {}))
    either = {"oneOf": [{"type": "array", "items": schema}, schema]}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": either}}}}


def _inlined(part: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(part, dict):
        if "$ref" in part:
            return _inlined(definitions[part["$ref"].rpartition("/")[2]], definitions)
        return {key: _inlined(value, definitions) for key, value in part.items()}
    return [_inlined(one, definitions) for one in part] if isinstance(part, list) else part
