"""pretix' calendar: an event of its own, or each date of a series, is a performance."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from dip.ticketing.connector import SalesStatus, SourcePerformance
from dip.ticketing.connectors.pretix.orders import Count
from dip.ticketing.connectors.pretix.seats import Product, Seating

#: The property of events and dates in which theatres keep the DIP-id.
DIP_ID = "dip_id"


class Place(NamedTuple):
    """Where a performance is found: the event's short name, and the date's number when it is one of a series."""

    event: str
    subevent: int | None

    @property
    def ref(self) -> str:
        """Its name in the contract: ``hamlet/12``, or ``krekel``."""
        return self.event if self.subevent is None else f"{self.event}/{self.subevent}"


def place_of(ref: str) -> Place:
    """The place that a ref names."""
    event, _, number = ref.partition("/")
    return Place(event, int(number) if number.isdecimal() else None)


def by_event(refs: Iterable[str]) -> dict[str, list[Place]]:
    """The places of the refs, by event; refs that name nothing in pretix are left out."""
    found: dict[str, list[Place]] = {}
    places = [place_of(ref) for ref in refs if is_ref(ref)]
    for place in sorted(places, key=lambda place: (place.event, place.subevent or 0)):
        found.setdefault(place.event, []).append(place)
    return found


def is_ref(ref: str) -> bool:
    """Whether the text can be a ref of ours."""
    event, slash, number = ref.partition("/")
    return bool(event) and event.replace("-", "").replace("_", "").replace(".", "").isalnum() and (not slash or number.isdecimal())


def text_of(name: Any) -> str:
    """A text in several languages, in Dutch when there is one."""
    if isinstance(name, Mapping):
        found = next((name[code] for code in ("nl", "nl-informal", "en", "fr", "de") if name.get(code)), None)
        return str(found or next((value for value in name.values() if value), ""))
    return str(name or "")


def moment_of(text: str | None) -> datetime | None:
    """An aware moment, in whatever zone pretix wrote it."""
    return None if text is None else datetime.fromisoformat(text)


def read_performance(row: Mapping[str, Any], event: Mapping[str, Any], now: datetime) -> SourcePerformance:
    """An event of its own (``row`` is ``event``) or a date of a series, as pretix lists it."""
    is_date = "event" in row
    starts_at = moment_of(row["date_from"])
    assert starts_at is not None
    own, inherited = row["meta_data"], event["meta_data"]
    return SourcePerformance(
        ref=Place(event["slug"], row["id"] if is_date else None).ref,
        title=(text_of(row["name"]) or text_of(event["name"]))[:200],
        starts_at=starts_at,
        hall_name=(text_of(row["location"]) or text_of(event["location"])).replace("\n", ", ")[:200],
        dip_id=str(own.get(DIP_ID) or ("" if is_date else inherited.get(DIP_ID)) or "").strip()[:80],
        sales_status=calendar_status(row, event, now),
        sale_starts_at=moment_of(row["presale_start"]),
        sale_ends_at=moment_of(row["presale_end"]),
    )


def calendar_status(row: Mapping[str, Any], event: Mapping[str, Any], now: datetime) -> SalesStatus:
    """What the calendar alone tells."""
    if not event["live"] or event["testmode"] or not row.get("active", True):
        return SalesStatus.NOT_ON_SALE
    starts, ends = moment_of(row["presale_start"]), moment_of(row["presale_end"] or row["date_from"])
    if starts is not None and now < starts:
        return SalesStatus.NOT_ON_SALE
    if ends is not None and now >= ends:
        return SalesStatus.CLOSED
    return SalesStatus.ON_SALE


def sales_status(row: Mapping[str, Any], event: Mapping[str, Any], now: datetime, count: Count, seats: Seating) -> SalesStatus:
    """What calendar, orders and seats tell together.

    pretix has no word for a cancelled performance: its date is switched off and its orders are cancelled all at once. A date that
    is off and was never ordered for is not on sale yet; with tickets still sold, its sale is closed.
    """
    planned = calendar_status(row, event, now)
    is_off = not row.get("active", True) or not event["live"]
    if is_off and count.was_ordered:
        return SalesStatus.CLOSED if count.sold or count.reserved else SalesStatus.CANCELLED
    if planned is not SalesStatus.ON_SALE:
        return planned
    if seats.is_closed:
        return SalesStatus.CLOSED
    return SalesStatus.SOLD_OUT if seats.available == 0 else SalesStatus.ON_SALE


def read_products(rows: Iterable[Mapping[str, Any]]) -> dict[int, Product]:
    """The products of an event by their number."""
    return {
        row["id"]: Product(
            row["id"],
            text_of(row["name"]),
            bool(row["admission"]),
            bool(row["active"]),
            {one["id"]: text_of(one["value"]) for one in row["variations"]},
        )
        for row in rows
    }
