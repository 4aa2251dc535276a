"""Objects of ``/api/v2`` about deliveries of orders. Members in camelCase; the rows themselves are of the standard format, in snake_case."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from dip.exchange.rules.bodies import In
from dip.exchange.rules.shapes import Out

Code = Literal[
    "unreadable", "missing", "wrong_type", "out_of_range", "unknown_state", "malformed_time", "in_future", "no_performance",
    "unknown_performance", "other_production", "removed", "conflict", "unknown_code", "personal_code", "unmatched_event",
    "unknown_word", "unreadable_buyer", "unreadable_postcode", "unreadable_birth",
]  # fmt: skip


class OrderQuery(In):
    """From which account at which ticketing system; a new one is made known by its first delivery."""

    system: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_.-]{0,39}\Z", description="short name, such as pretix")] = "other"
    account: Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}\Z|^\Z", description="the account there")] = ""


class OrderListQuery(In):
    """Which receipts."""

    before: Annotated[int, Meta(ge=1, le=2**63 - 1)] | None = None


class VerdictQuery(In):
    """Which verdicts: those behind the first ``after``."""

    after: Annotated[int, Meta(ge=0, le=100_000)] = 0
    limit: Annotated[int, Meta(ge=1, le=1000)] = 100


class OrderVerdict(Out):
    """What is told of one row; its values are never repeated. ``kept``: whether the row counts."""

    row: Annotated[int, Meta(description="place in the body, from 0; empty lines are not counted")]
    field: Annotated[str, Meta(description="of the standard format; empty: the row as a whole")]
    code: Code
    kept: bool
    reason: str
    remedy: str


class OrderReceipt(Out):
    """What became of one delivery. rows = accepted + repeated + rejected. ``verdictCounts``: all of them, by code."""

    id: int
    delivery_id: str
    system: str
    account: str
    received_at: datetime
    state: Annotated[Literal["landed", "applied"], Meta(description="landed: safe; applied: in the figures")]
    rows: int
    accepted: int
    repeated: Annotated[int, Meta(description="rows that say the same as another row of the delivery")]
    rejected: int
    verdict_counts: dict[str, int]
    verdicts: Annotated[list[OrderVerdict], Meta(description="the first hundred; the others are on pages of their own")]


class OrderReceiptLine(Out):
    """A delivery in a list."""

    id: int
    delivery_id: str
    system: str
    account: str
    received_at: datetime
    state: Literal["landed", "applied"]
    rows: int
    accepted: int
    repeated: int
    rejected: int


class OrderReceiptPage(Out):
    """Deliveries, newest first; ``nextBefore`` asks for the older ones."""

    items: list[OrderReceiptLine]
    next_before: int | None


class VerdictPage(Out):
    """Verdicts by row; ``nextAfter`` asks for the following ones. The first thousand of a delivery are kept."""

    items: list[OrderVerdict]
    next_after: int | None
