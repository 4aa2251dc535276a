"""Words of the exchange: kinds of events, states of endpoints and notices, and where a reader of changes stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class EventType(StrEnum):
    """What a webhook can tell; the value is the CloudEvents type. ``v1`` is the version of its data."""

    PRODUCTION_CREATED = "nl.dip.production.created.v1"
    PRODUCTION_CHANGED = "nl.dip.production.changed.v1"
    PRODUCTION_WITHDRAWN = "nl.dip.production.withdrawn.v1"
    PERFORMANCE_CREATED = "nl.dip.performance.created.v1"
    PERFORMANCE_PUBLISHED = "nl.dip.performance.published.v1"
    PERFORMANCE_CHANGED = "nl.dip.performance.changed.v1"
    PERFORMANCE_MOVED = "nl.dip.performance.moved.v1"
    PERFORMANCE_CANCELLED = "nl.dip.performance.cancelled.v1"
    PERFORMANCE_WITHDRAWN = "nl.dip.performance.withdrawn.v1"
    CONNECTION_CONFIRMED = "nl.dip.connection.confirmed.v1"
    CONNECTION_PROPOSED = "nl.dip.connection.proposed.v1"
    CONNECTION_CORRECTED = "nl.dip.connection.corrected.v1"
    CONNECTION_DECLINED = "nl.dip.connection.declined.v1"
    POSITIONS_CHANGED = "nl.dip.positions.changed.v1"
    PING = "nl.dip.ping.v1"

    @property
    def short(self) -> str:
        """The name without prefix and version, as people choose it: ``performance.moved``."""
        return self.value.removeprefix("nl.dip.").removesuffix(".v1")

    @property
    def is_about_sales(self) -> bool:
        """Whether the right to view sales is needed; the others need that to view the programme."""
        return self is EventType.POSITIONS_CHANGED

    @property
    def is_about_connection(self) -> bool:
        """Whether only the two parties to the question may hear it."""
        return self.short.startswith("connection.")


#: What an endpoint can choose; everybody gets the ping.
CHOOSABLE = tuple(one for one in EventType if one is not EventType.PING)


class EndpointState(StrEnum):
    """Life of an endpoint. A paused one was stopped by its owner, a disabled one by the platform."""

    ACTIVE = "active"
    PAUSED = "paused"
    DISABLED = "disabled"


class DisabledReason(StrEnum):
    """Why the platform stopped calling."""

    GONE = "gone"
    FAILING = "failing"


class NoticeState(StrEnum):
    """Life of a notice: a failed one was tried to the end of the schedule, and can be sent again."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


#: Waits before each attempt: the schedule of Standard Webhooks, 75 hours in all.
SCHEDULE = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
#: An endpoint at which every attempt has failed for so long is disabled, and its owner told.
GIVES_UP_AFTER = timedelta(days=5)
#: After a rotation the old secret signs too for so long.
OVERLAP = timedelta(days=7)
#: Notices and their attempts are kept for so long, answers to Idempotency-Keys for so long.
NOTICES_KEPT, ANSWERS_KEPT = timedelta(days=30), timedelta(days=7)
#: Endpoints of one organisation.
MOST_ENDPOINTS = 20


@dataclass(frozen=True, slots=True)
class Window:
    """Transactions from ``since`` up to and without ``until``."""

    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What an endpoint answered, or ``error`` why nothing came. ``retry_after`` as it asked, from now."""

    status: int | None = None
    text: str = ""
    error: str = ""
    milliseconds: int = 0
    retry_after: timedelta | None = None

    @property
    def is_accepted(self) -> bool:
        """Any 2xx; everything else, a redirect too, is a failure."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """410: the receiver wants nothing from here any more."""
        return self.status == 410


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows from an attempt: the notice's state, and when it is tried again (None: not)."""

    state: NoticeState
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that an endpoint may want to hear: of which kind, about what (a DIP-id), when, and the facts that go with it."""

    event_type: EventType
    subject: str
    at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Taken:
    """A notice that is being sent: where to, what, and the secrets that sign it."""

    notice_id: int
    endpoint_id: int
    message_id: str
    url: str
    body: bytes
    secrets: tuple[str, ...]
