"""What the facts must hold, computed from the rows as they went over the wire, with dictionaries only."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

STATES = {"sold": 1, "reserved": 2, "cancelled": 3, "exchanged": 4}
Wire = Mapping[str, Any]


def version_of(row: Wire) -> int:
    moment = datetime.fromisoformat(row["changed_at"]).astimezone(UTC)
    return round(moment.replace(microsecond=0).timestamp()) * 1_000_000 + moment.microsecond


def expected(deliveries: Iterable[tuple[int, Iterable[Wire]]], removed: Iterable[int] = ()) -> Counter[tuple[int, ...]]:
    """(source, performance, state, version, price) → tickets, of deliveries (source, rows) in the order in which they were taken in.

    The newest version of a ticket counts; of equal ones the first told. Rows of removed performances never came.
    """
    gone, newest = set(removed), {}
    for source, rows in deliveries:
        for row in rows:
            if int(row["performance"]) in gone:
                continue
            key = (source, row["ticket"])
            if key not in newest or version_of(row) > version_of(newest[key]):
                newest[key] = row
    return Counter(
        (source, int(row["performance"]), STATES[row["state"]], version_of(row), row["price_cents"])
        for (source, _), row in newest.items()
    )
