"""Words of ticketing."""

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import NamedTuple

import msgspec


class Measure(IntEnum):
    """What a position states. Systems push each apart."""

    TICKETS = 1
    RESERVATIONS = 2
    BLOCKED = 3
    CAPACITY = 4


class TicketKind(StrEnum):
    """National kinds of ticket; ``normal`` is the regular rate for visitors without any particularity."""

    NORMAL = "normal"
    DISCOUNT = "discount"
    FREE = "free"
    OTHER = "other"


#: Sources of figures beside the systems of theatres: what a person types, and what a theatre's sheet says.
BY_HAND, SPREADSHEET = "by hand", "spreadsheet"
#: Kinds that count as sold; free tickets are counted beside them.
PAID = (TicketKind.NORMAL, TicketKind.DISCOUNT, TicketKind.OTHER)

#: Figures of one state, in the order of its measure's columns. Tickets: normal, discount, free, other tickets, then the four
#: recettes in cents. Reservations and blocked seats: seats, cents (None: not stated). Capacity: seats of rank 1, 2 … (1 to 10).
Figures = tuple[int | None, ...]


class PositionRow(msgspec.Struct, frozen=True):
    """One row of a push: the full state of a performance at ``updated``.

    ``updated`` without an offset is the venue's wall clock; None means the moment of reception. ``production`` may be empty,
    otherwise it must be the performance's own. ``row`` is the place in the body, from 0, to which findings point.
    """

    number: int
    figures: Figures
    updated: datetime | None = None
    production: str = ""
    row: int = 0


class FindingCode(StrEnum):
    """The closed list of what can be wrong with, or remarkable about, a row."""

    UNREADABLE = "unreadable"
    MALFORMED_TIME = "malformed_time"
    IN_FUTURE = "in_future"
    UNKNOWN_PERFORMANCE = "unknown_performance"
    OTHER_PRODUCTION = "other_production"
    NEGATIVE = "negative"
    OUT_OF_RANGE = "out_of_range"
    RANK_COUNT = "rank_count"
    REPLACED_IN_BODY = "replaced_in_body"
    REPEATED_IN_BODY = "repeated_in_body"
    FREE_WITH_RECETTE = "free_with_recette"
    OVER_CAPACITY = "over_capacity"
    DROP = "drop"
    CANCELLED = "cancelled"
    PRIVATE = "private"
    OLDER = "older"
    RESTATES = "restates"


#: Findings that keep their row out; the other ones are told beside an accepted row.
REJECTING = frozenset(
    {
        FindingCode.UNREADABLE,
        FindingCode.MALFORMED_TIME,
        FindingCode.IN_FUTURE,
        FindingCode.UNKNOWN_PERFORMANCE,
        FindingCode.OTHER_PRODUCTION,
        FindingCode.NEGATIVE,
        FindingCode.OUT_OF_RANGE,
        FindingCode.RANK_COUNT,
        FindingCode.REPLACED_IN_BODY,
    }
)


class Finding(NamedTuple):
    """One thing told about one row: where, what, and the values that the code's message pattern names.

    ``number`` is the performance that the row names, None when the row cannot be read.
    """

    row: int
    code: FindingCode
    values: dict[str, str | int]
    number: int | None = None

    @property
    def rejects(self) -> bool:
        """Whether the row was kept out."""
        return self.code in REJECTING


class Receipt(NamedTuple):
    """What became of one delivery. ``accepted`` rows brought new figures, ``unchanged`` ones confirmed what was known."""

    delivery_id: int
    measure: Measure
    received_at: datetime
    row_count: int
    accepted: int
    unchanged: int
    rejected: int
    findings: tuple[Finding, ...]


class SheetStatus(StrEnum):
    """Life of a file with figures that a theatre uploaded. Open: to be looked at and confirmed, for :data:`SHEET_DAYS` days."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DROPPED = "dropped"


#: Days after which an uploaded file that nobody confirmed cannot be confirmed any more: its figures are old by then.
SHEET_DAYS = 7
