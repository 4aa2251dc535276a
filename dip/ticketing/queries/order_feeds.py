"""Reads of the delivery of orders: how that of a connection does."""

from dataclasses import dataclass
from datetime import datetime

from dip.registry.terms import Access
from dip.ticketing.models import OrderFeed


@dataclass(frozen=True, slots=True)
class FeedRow:
    """How the orders of one connection are delivered. Moments aware UTC; ``rows``: versions of tickets that were read, over all time."""

    state: str
    """``off`` (also: never switched on), ``failing``, ``waiting`` (not read yet) or ``well``."""
    consent: str = ""
    due_at: datetime | None = None
    success_at: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0
    trouble: str = ""
    trouble_detail: str = ""
    rows: int = 0
    switched_at: datetime | None = None
    switched_by: str = ""


def feed_row(access: Access, connection_id: int) -> FeedRow:
    """Of one connection that the access may see. One query."""
    one = OrderFeed.objects.within(access).filter(connection_id=connection_id).first()
    if one is None:
        return FeedRow("off")
    state = "off" if not one.is_on else "failing" if one.failures else "waiting" if one.success_at is None else "well"
    return FeedRow(
        state, one.consent, one.due_at, one.success_at, one.failing_since, one.failures, one.trouble, one.trouble_detail, one.rows,
        one.switched_at, one.switched_by,
    )  # fmt: skip
