"""What a planning system says of an event or production, read from JSON: a value, or which field misfits and how to mend it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec
from rapidfuzz import fuzz

from dip.ticketing.rules.matching import Known, Listed, Problem, judge, title_likeness

#: Bytes of a body, characters of a name, and of the planning system's own ids.
MAX_BYTES, MAX_TEXT, MAX_ID = 256 * 1024, 200, 72
#: A title and a hall at least this much alike (0..100) are the same without a person's word.
SURE_TITLE, SURE_HALL = 90.0, 90.0
_YEARS = range(1990, 2101)
_OPTIONS = frozenset({"option", "optie", "concept", "draft", "planned"})
_CANCELLED = frozenset({"cancelled", "canceled", "geannuleerd", "annulé", "cancellation"})


class Misfit(Exception):
    """A body that cannot be taken: ``field`` and ``value`` as sent, what is wrong, and the remedy. English, for the API."""

    def __init__(self, field: str, value: object, problem: str, remedy: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field, self.value, self.problem, self.remedy = field, str(value)[:120], problem, remedy


class LinkState(StrEnum):
    """Where a registration stands."""

    LINKED = "linked"
    PROPOSED = "proposed"
    WAITING = "waiting"
    REMOVED = "removed"


class MatchedBy(StrEnum):
    """What made the link."""

    DIP_ID = "dip_id"
    PLACE_TIME = "place_time"
    TITLE = "title"
    PERSON = "person"
    ENTRY = "entry"
    """The provider's own system entered it."""


class RemarkCode(StrEnum):
    """What can be remarkable about a registration: the closed list that the documentation explains."""

    NO_MATCH = "no_match"
    TO_CONFIRM = "to_confirm"
    UNREADABLE_ID = "unreadable_id"
    UNKNOWN_ID = "unknown_id"
    OTHER_PRODUCTION = "other_production"
    OTHER_THEATRE = "other_theatre"
    TAKEN = "taken"
    CANCELLED = "cancelled"
    DIFFERS = "differs"
    PROPOSED_TO_PROVIDER = "proposed_to_provider"
    PROVIDER_TOLD = "provider_told"


class Remark(NamedTuple):
    """One remark: its code, the field that it is about, and the value there."""

    code: RemarkCode
    field: str = ""
    value: str = ""


class Status(StrEnum):
    """Where an event stands in the planning system, as far as it matters here."""

    CONFIRMED = "confirmed"
    OPTION = "option"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class EventTold:
    """An event as the planning system says it. ``starts_at`` is naive when it came without offset: the venue's clock."""

    name: str = ""
    starts_at: datetime | None = None
    location_id: str = ""
    location: str = ""
    production_id: str = ""
    production: str = ""
    dip_id: str = ""
    status: Status = Status.CONFIRMED
    capacity: int | None = None
    reason: str = ""

    def kept(self) -> dict[str, Any]:
        """As the table keeps it: what was said, and nothing else."""
        values = {name: getattr(self, name) for name in self.__slots__}
        values["starts_at"] = self.starts_at.isoformat() if self.starts_at else ""
        return {name: value for name, value in values.items() if value not in ("", None)}


@dataclass(frozen=True, slots=True)
class ProductionTold:
    """A production as the planning system says it. ``season`` such as 2026-2027; genre a code or number of the platform's list."""

    name: str = ""
    dip_id: str = ""
    season_year: int | None = None
    genre: str = ""
    producer: int | None = None

    def kept(self) -> dict[str, Any]:
        """As the table keeps it."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name)) not in ("", None)}


def checked_id(text: str) -> str:
    """The planning system's id, when it is one; raises :class:`Misfit`."""
    clean = text.strip()
    if not clean or len(clean) > MAX_ID or not clean.isprintable():
        raise Misfit("id", text, f"is no id of 1 to {MAX_ID} printable characters", "Use the id that your system gives the event.")
    return clean


def read_event(body: bytes) -> EventTold:
    """The event in a body. Members that are not known are ignored. Raises :class:`Misfit`."""
    sent = _object(body)
    where = sent.get("location")
    if where is None and isinstance(several := sent.get("locations"), list) and several:
        where = several[0]
    location_id, location = _pointer("location", where)
    production_id, production = _pointer("production", sent.get("production"))
    _, status = _pointer("status", sent.get("status"))
    told = EventTold(
        name=_text(sent, "name"),
        starts_at=_moment(sent, "starttime"),
        location_id=location_id,
        location=location,
        production_id=production_id,
        production=production,
        dip_id=_text(sent, "dip_id"),
        status=_status(status),
        capacity=_number(sent, "capacity", 100_000),
        reason=_text(sent, "reason"),
    )
    if not told.dip_id and not (told.name and told.starts_at):
        lacking = "starttime" if told.name else "name"
        raise Misfit(lacking, "", "is missing", "Send name and starttime, or the dip_id of the performance.")
    return told


def read_production(body: bytes) -> ProductionTold:
    """The production in a body. Members that are not known are ignored. Raises :class:`Misfit`."""
    sent = _object(body)
    genre_id, genre = _pointer("genre", sent.get("genre"))
    producer = sent.get("producer")
    told = ProductionTold(
        name=_text(sent, "name"),
        dip_id=_text(sent, "dip_id"),
        season_year=_season(_text(sent, "season")),
        genre=genre_id or genre,
        producer=_number({"producer": producer.get("id") if isinstance(producer, dict) else producer}, "producer", 2**31 - 1),
    )
    if not told.name and not told.dip_id:
        raise Misfit("name", "", "is missing", "Send the name of the production, or its dip_id.")
    return told


def _object(body: bytes) -> dict[str, Any]:
    if len(body) > MAX_BYTES:
        raise Misfit("body", f"{len(body)} bytes", "is too large", f"Send one object of {MAX_BYTES // 1024} kB at most.")
    try:
        sent = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Misfit("body", "", f"is no JSON ({error})", "Send one JSON object.") from error
    if not isinstance(sent, dict):
        raise Misfit("body", type(sent).__name__, "is no JSON object", "Send one JSON object.")
    return sent


def _text(sent: Mapping[str, Any], field: str) -> str:
    value = sent.get(field)
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise Misfit(field, value, "is no text", "Send a text.")
    clean = " ".join(value.split())
    if len(clean) > MAX_TEXT:
        raise Misfit(field, clean, f"is longer than {MAX_TEXT} characters", "Shorten it.")
    if not clean.isprintable():
        raise Misfit(field, clean, "holds characters that cannot be shown", "Send text without control characters.")
    return clean


def _pointer(field: str, value: Any) -> tuple[str, str]:
    """(id, name) of a thing that is sent as an object, a text or a number."""
    if isinstance(value, dict):
        return _text(value, "id"), _text(value, "name")
    return "", _text({field: value}, field)


def _moment(sent: Mapping[str, Any], field: str) -> datetime | None:
    text = _text(sent, field)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        remedy = "Send it as 2026-11-23T20:15:00+01:00; without an offset the venue's clock is meant."
        raise Misfit(field, text, "is no moment", remedy) from error
    if moment.year not in _YEARS:
        raise Misfit(field, text, "lies too far away", f"Send a year from {_YEARS.start} to {_YEARS.stop - 1}.")
    return moment


def _number(sent: Mapping[str, Any], field: str, most: int) -> int | None:
    value = sent.get(field)
    if value is None:
        return None
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 12:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= most:
        raise Misfit(field, value, f"is no whole number from 1 to {most}", "Send a whole number, or leave it out.")
    return value


def _season(text: str) -> int | None:
    if not text:
        return None
    year = text[:4]
    if not (year.isascii() and year.isdecimal() and int(year) in _YEARS) or (len(text) > 4 and text != f"{year}-{int(year) + 1}"):
        raise Misfit("season", text, "is no season", "Send it as 2026-2027.")
    return int(year)


def _status(text: str) -> Status:
    """What the planning system's own word means; a word that is not known means that it is to be played."""
    word = text.casefold()
    if word in _OPTIONS:
        return Status.OPTION
    return Status.CANCELLED if word in _CANCELLED else Status.CONFIRMED


class Match(NamedTuple):
    """What an event was found to be: a number, how sure, by what, and what is to be remarked."""

    state: LinkState
    number: int | None = None
    matched_by: MatchedBy | None = None
    remarks: tuple[Remark, ...] = ()


def match_event(
    told: EventTold,
    starts_at: datetime | None,
    known: Sequence[Known],
    *,
    elsewhere: Sequence[int] = (),
    taken: Mapping[int, str],
    remote_id: str,
    hall_numbers: Sequence[int] = (),
) -> Match:
    """Which of the house's performances the event is: by its DIP-id, else by place, time and title.

    ``starts_at`` is aware; ``known`` are published performances of the house around that time, and the one of the DIP-id;
    ``taken`` tells which id of the planning system has a number already; ``hall_numbers`` are the performances in the hall whose
    id was sent. What agrees in place, time and title is linked; what agrees in part is proposed to a person.
    """
    listed = Listed(remote_id, told.name, starts_at or _NEVER, told.location, told.dip_id)
    verdict = judge([listed], known, elsewhere, taken)[remote_id]
    remarks = (Remark(RemarkCode(verdict.problem.value), "dip_id", told.dip_id),) if verdict.problem else ()
    if verdict.problem is Problem.TAKEN:
        return Match(LinkState.WAITING, remarks=remarks)
    if verdict.number is None:
        return Match(
            LinkState.WAITING, remarks=(*remarks, Remark(RemarkCode.NO_MATCH, "starttime", told.kept().get("starts_at", "")))
        )
    if not verdict.is_proposal:
        return Match(LinkState.LINKED, verdict.number, MatchedBy.DIP_ID)
    one = next(it for it in known if it.number == verdict.number)
    is_same_hall = one.number in hall_numbers or any(_alike(told.location, name) >= SURE_HALL for name in one.halls)
    if not verdict.problem and is_same_hall and title_likeness(told.name, one.title) >= SURE_TITLE:
        return Match(LinkState.LINKED, verdict.number, MatchedBy.PLACE_TIME)
    return Match(LinkState.PROPOSED, verdict.number, None, (*remarks, Remark(RemarkCode.TO_CONFIRM, "name", told.name)))


_NEVER = datetime.fromisoformat("1900-01-01T00:00:00+00:00")


def _alike(one: str, other: str) -> float:
    return fuzz.token_sort_ratio(one.casefold(), other.casefold()) if one and other else 0.0


def is_same_start(one: datetime, other: datetime) -> bool:
    """Whether two aware starts are the same minute: what lies further apart is told to the provider as a correction."""
    return abs((one - other).total_seconds()) < 60
