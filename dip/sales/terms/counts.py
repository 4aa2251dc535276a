"""The theatre's own number beside the platform's: what each counts, and what explains the difference."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from dip.sales.terms.states import Evening


class Part(StrEnum):
    """What a theatre's own number may hold beside paid tickets."""

    FREE = "free"
    RESERVED = "reserved"
    BLOCKED = "blocked"
    RESALE = "resale"


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """What the theatre's own system says: a count, the moment at which it was true, what it counts in, and who told."""

    count: int
    true_at: datetime
    includes: frozenset[Part]
    source: str
    told_at: datetime
    is_typed: bool
    note: str = ""


class Parts(NamedTuple):
    """Figures of a performance as the platform knows them. None: not reported."""

    sold: int
    free: int | None
    reserved: int | None
    blocked: int | None
    resale: int | None
    true_at: datetime | None

    def of(self, part: Part) -> int | None:
        """The figure of one part."""
        return {Part.FREE: self.free, Part.RESERVED: self.reserved, Part.BLOCKED: self.blocked, Part.RESALE: self.resale}[part]


class BridgeLine(NamedTuple):
    """One line from the platform's sold to the theatre's number. ``code``: what it is; ``value`` signed tickets, None: not reported."""

    code: str
    value: int | None
    metric: str = ""


@dataclass(frozen=True, slots=True)
class Bridge:
    """The statement: lines from the platform's number to the theatre's, the rest, and reasons in order of weight."""

    platform: int
    own: OwnNumber
    lines: tuple[BridgeLine, ...]
    rest: int
    reasons: tuple[tuple[str, dict[str, object]], ...]

    @property
    def difference(self) -> int:
        """The theatre's number minus the platform's."""
        return self.own.count - self.platform


class ReportStatus(StrEnum):
    """Life of a reported difference."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A difference that a provider reported to a theatre, with the answer."""

    id: int
    number: int
    organisation: str
    actor: str
    at: datetime
    platform_sold: int | None
    claimed: int | None
    note: str
    status: ReportStatus
    answer: str
    answered_by: str
    answered_at: datetime | None
    is_own: bool
    """Whether the reader's organisation reported it."""


@dataclass(frozen=True, slots=True)
class CountRow:
    """One performance of the list of differences."""

    evening: Evening
    platform: int | None
    own: OwnNumber | None
    rest: int
    confirmed_at: datetime | None
    lag_hours: float | None
    """Hours since the last word of the theatre's system; None when there never was one."""
    is_silent: bool
    open_reports: int
    source: str
