"""The connector to pretix: who it is, what is on, what changed, and how it stands.

Figures are counted anew from the orders of a performance each time: exact at one moment, whatever was missed before. What changed
is asked in two ways, because neither tells all: the ledger names the performance that a ticket left, which its order no longer
does; the orders tell of payments, of which the ledger has no line.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from dip.ticketing.asking import Params
from dip.ticketing.connector import (
    Account,
    Changes,
    Greeting,
    OrderPage,
    SourcePerformance,
    SourceSnapshot,
    Trouble,
    UnableToRead,
)
from dip.ticketing.connectors.pretix.calendar import (
    Place,
    by_event,
    moment_of,
    read_performance,
    read_products,
    sales_status,
)
from dip.ticketing.connectors.pretix.client import PAGE, Client, Pace, made
from dip.ticketing.connectors.pretix.orders import FIELDS, Count, count_orders
from dip.ticketing.connectors.pretix.seats import Cell, Product, Quota, Seating, read_quota, seating
from dip.ticketing.connectors.pretix.tickets import OVERLAP, Tickets

#: More changes than this at once are not followed one by one: everything is counted anew.
MOST_CHANGES = 2_000
#: What a token needs of an event, with the right's name, and lists that it has no business to open.
NEEDED = {"orders/": "orders", "transactions/": "ledger", "items/": "products", "quotas/": "quotas"}
NEEDLESS = {"customers/": "customers", "webhooks/": "organizer settings", "teams/": "teams", "giftcards/": "gift cards"}
_DATES, _SINGLY = 40, 4
_TRIES = 3


class Pretix:
    """One organizer at one installation. ``requests`` tells the questions asked so far."""

    def __init__(self, account: Account, *, patient: bool = True) -> None:
        self._account = account
        self._patient = patient
        self._pace = Pace()
        self._tickets = Tickets(account)

    @property
    def requests(self) -> int:
        """Questions asked so far."""
        return self._pace.asked

    def greet(self) -> Greeting:
        """Who answers, and which rights the token has."""
        with self._asking("greeting") as ask:
            own = _organizer(ask, self._account.account)
            version = ask.version()
            since = (_now(ask) - timedelta(days=1)).isoformat()
            count = sum(ask.get(path, {"ends_after": since, "page_size": 1}).body["count"] for path in ("events/", "subevents/"))
            events = ask.get("events/", {"page_size": 1, "ordering": "-date_from"}).body["results"]
            # across events pretix shows what the token may see, so a right that is missing looks like an empty list: ask one event
            missing = tuple(right for path, right in NEEDED.items() if events and not ask.may(f"events/{events[0]['slug']}/{path}"))
            needless = tuple(right for path, right in NEEDLESS.items() if ask.may(path))
            return Greeting("pretix", str(version["pretix"]), str(own.get("name") or own["slug"]), missing, needless, count)

    def performances(self) -> Iterator[SourcePerformance]:
        """Events of their own and dates of series, from yesterday on."""
        with self._asking("calendar") as ask:
            now = _now(ask)
            since = (now - timedelta(days=1)).isoformat()
            events = {row["slug"]: row for row in ask.rows("events/")}
            for slug in list(events)[:1]:  # without the right, the orders of all events are an empty list: one event refuses
                ask.get(f"events/{slug}/orders/", {"page_size": 1, "include": "code"})
            seen: set[str] = set()
            for event in events.values():
                ends = moment_of(event["date_to"] or event["date_from"])
                if not event["has_subevents"] and ends is not None and ends >= now - timedelta(days=1):
                    yield read_performance(event, event, now)
            for row in ask.rows("subevents/", {"ends_after": since, "ordering": "id"}):
                one = read_performance(row, events[row["event"]], now) if row["event"] in events else None
                if one is not None and one.ref not in seen:
                    seen.add(one.ref)
                    yield one

    def orders(self, since: str) -> OrderPage:
        """Tickets of the next orders that changed, test orders and what does not admit left out."""
        with self._asking("orders") as ask:
            return self._tickets.page(ask, since)

    def changes(self, cursor: str) -> Changes:
        """Performances of which a ticket, an order or the calendar changed."""
        with self._asking("changes") as ask:
            if not cursor:
                generated = made(ask.get("orders/", {"page_size": 1, "include": "code"}))
                return Changes(frozenset(), generated, everything=True, calendar=True, as_of=moment_of(generated))
            since = (datetime.fromisoformat(cursor) - OVERLAP).isoformat()
            orders, generated = _changed_orders(ask, since)
            places = {Place(order["event"], position["subevent"]) for order in orders for position in order["positions"]}
            moved = _moved(ask, since)
            dates = {Place(row["event"], row["id"]) for row in ask.rows("subevents/", {"modified_since": since, "ordering": "id"})}
            as_of = moment_of(generated)
            if moved is None or len(orders) >= MOST_CHANGES:
                return Changes(frozenset(), generated, everything=True, calendar=True, as_of=as_of)
            refs = frozenset(place.ref for place in places | moved | dates)
            return Changes(refs, generated, calendar=bool(dates), as_of=as_of)

    def snapshots(self, refs: frozenset[str]) -> Iterator[SourceSnapshot]:
        """How these performances stand, event by event."""
        for event, places in by_event(refs).items():
            with self._asking(event) as ask:
                facts = _EventFacts.read(ask, event)
                if facts is None:
                    continue
                for some in _pieces(places):
                    yield from self._some(ask, facts, some)

    def tallies(self, refs: frozenset[str]) -> Mapping[str, int]:
        """Tickets that hold a seat by the ledger, which books each ticket in and out; orders that await approval are not in it."""
        found: dict[str, int] = {}
        for event, places in by_event(refs).items():
            with self._asking(f"ledger of {event}") as ask:
                facts = _EventFacts.read(ask, event)
                if facts is None:
                    continue
                tests = {row["code"] for row in ask.rows(f"events/{event}/orders/", {"testmode": "true", "include": "code"})}
                for some in _pieces(places):
                    dates = facts.dates(ask, some)
                    there = [place for place in some if place.subevent in dates]
                    found.update(_tally(ask, facts, there, tests) if there else {})
        return found

    def _some(self, ask: Client, facts: "_EventFacts", places: list[Place]) -> Iterator[SourceSnapshot]:
        """States of performances of one event."""
        dates = facts.dates(ask, places)
        there = [place for place in places if place.subevent in dates]
        quotas = facts.quotas(ask, there) if there else {}
        for place in there:
            yield _snapshot(ask, facts, place, dates[place.subevent], quotas.get(place.subevent, []), self._account.kinds)

    @contextmanager
    def _asking(self, about: str) -> Iterator[Client]:
        """A client whose answers, when they have another shape than the documented one, are told as such."""
        with Client(self._account, self._pace, patient=self._patient) as ask:
            try:
                yield ask
            except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
                told = f"{about}: {type(error).__name__} {error}"[:200]
                raise UnableToRead(Trouble.ANSWER, told) from error


def _organizer(ask: Client, name: str) -> dict[str, Any]:
    """The organizer; pretix answers 403 for one that the token does not belong to, and for one that does not exist."""
    try:
        return ask.get("").body
    except UnableToRead as error:
        if error.trouble is Trouble.RIGHTS:
            raise UnableToRead(Trouble.ADDRESS, f"organizer {name}: unknown, or not this token's") from error
        raise


def _now(ask: Client) -> datetime:
    """pretix' own clock."""
    return datetime.fromisoformat(made(ask.get("subevents/", {"page_size": 1})))


def _pieces(places: list[Place]) -> Iterable[list[Place]]:
    return (places[start : start + _DATES] for start in range(0, len(places), _DATES))


def _changed_orders(ask: Client, since: str) -> tuple[list[dict[str, Any]], str]:
    """Orders modified since then, and the moment of the first question.

    Not page by page: an order that changes meanwhile moves to the end and shifts another one past us. Each question begins at the
    last order seen, so nothing can slip away; only orders of one and the same moment are paged.
    """
    fields = ("code", "event", "testmode", "last_modified", "positions.subevent")
    asked: dict[str, Any] = {
        "ordering": "last_modified",
        "page_size": PAGE,
        "include_canceled_positions": "true",
        "include": fields,
    }
    found: dict[str, dict[str, Any]] = {}
    generated, page = "", 1
    while len(found) < MOST_CHANGES:
        answer = ask.get("orders/", {**asked, "modified_since": since, **({"page": page} if page > 1 else {})})
        generated = generated or made(answer)
        rows = answer.body["results"]
        found.update((f"{row['event']} {row['code']}", row) for row in rows)
        if len(rows) < PAGE:
            break
        page = page + 1 if rows[-1]["last_modified"] == since else 1
        since = rows[-1]["last_modified"]
    return [row for row in found.values() if not row["testmode"]], generated


def _moved(ask: Client, since: str) -> set[Place] | None:
    """Performances named by ledger lines since then; None: too many lines to follow."""
    found: set[Place] = set()
    for answer in ask.pages("transactions/", {"created_since": since, "ordering": "id"}):
        if answer.body["count"] > MOST_CHANGES:
            return None
        found.update(Place(row["event"], row["subevent"]) for row in answer.body["results"] if row["item"] is not None)
    return found


class _EventFacts:
    """An event with its products, asked once for all its performances."""

    def __init__(self, event: dict[str, Any], products: Mapping[int, Product], path: str) -> None:
        self.event, self.products, self.path = event, products, path
        self.is_series = bool(event["has_subevents"])

    @classmethod
    def read(cls, ask: Client, slug: str) -> "_EventFacts | None":
        """The event, or None when there is none (any more)."""
        path = f"events/{slug}"
        try:
            event = ask.get(f"{path}/").body
        except UnableToRead as error:
            if error.trouble in (Trouble.ADDRESS, Trouble.RIGHTS):  # pretix answers 403 for an event that it does not know
                return None
            raise
        return cls(event, read_products(ask.rows(f"{path}/items/")), path)

    def dates(self, ask: Client, places: list[Place]) -> dict[int | None, dict[str, Any]]:
        """The calendar's row of each performance that exists."""
        if not self.is_series:
            return {None: self.event}
        if len(places) <= _SINGLY:
            return {key: row for place in places for key, row in self._one_date(ask, place).items()}
        asked = {place.subevent for place in places}
        return {row["id"]: row for row in ask.rows(f"{self.path}/subevents/", {"ordering": "id"}) if row["id"] in asked}

    def _one_date(self, ask: Client, place: Place) -> dict[int | None, dict[str, Any]]:
        if place.subevent is None:
            return {}
        try:
            return {place.subevent: ask.get(f"{self.path}/subevents/{place.subevent}/").body}
        except UnableToRead as error:
            if error.trouble is Trouble.ADDRESS:
                return {}
            raise

    def quotas(self, ask: Client, places: list[Place]) -> dict[int | None, list[Quota]]:
        """The quotas of these performances, with what is free."""
        only = {"subevent__in": ",".join(str(place.subevent) for place in places)} if self.is_series else {}
        found: dict[int | None, list[Quota]] = {}
        for row in ask.rows(f"{self.path}/quotas/", {"with_availability": "true", "ordering": "id", **only}):
            found.setdefault(row["subevent"], []).append(read_quota(row, self.products))
        return found


def _snapshot(
    ask: Client, facts: _EventFacts, place: Place, row: dict[str, Any], quotas: list[Quota], kinds: Mapping[str, str]
) -> SourceSnapshot:
    orders, generated = _orders(ask, f"{facts.path}/orders/", place)
    as_of = datetime.fromisoformat(generated)
    count = count_orders(orders.values(), place.subevent, facts.products, kinds)
    on_sale = {cell for product in facts.products.values() if product.admits and product.is_active for cell in product.cells()}
    seats = seating(quotas, frozenset(on_sale | count.taken.keys()))
    blocked = _blocking_vouchers(ask, facts, seats, count.taken) + _blocked_seats(ask, facts, place, row)
    return SourceSnapshot(
        ref=place.ref,
        as_of=as_of,
        lines=count.lines,
        capacity=seats.capacity,
        reserved=count.reserved,
        reserved_cents=count.reserved_cents,
        blocked=blocked,
        available=seats.available,
        own_total=count.sold + count.reserved - count.awaiting,
        sales_status=sales_status(row, facts.event, as_of, count, seats),
        quality=_quality(count, seats, blocked),
    )


def _quality(count: Count, seats: Seating, blocked: int) -> dict[str, str]:
    found: dict[str, str] = {}
    if count.untaxed:
        found["no_vat"] = f"{count.untaxed} tickets without a rate"
    if count.guessed:
        found["kind_guessed"] = ", ".join(sorted(count.guessed))[:300]
    if seats.capacity is None:
        found["capacity_unlimited"] = "a quota without limit"
    elif count.sold + count.reserved + blocked > seats.capacity:
        found["oversold"] = f"{count.sold} + {count.reserved} + {blocked} > {seats.capacity}"
    return found


def _orders(ask: Client, path: str, place: Place) -> tuple[dict[str, dict[str, Any]], str]:
    """All orders of a performance, and the moment of the first question.

    Of every status and in the order in which they were placed: that list only grows, at its end. Should an order leave it all the
    same (its last ticket moved to another date), pretix' own count tells, and the list is read once more.
    """
    only: Params = {} if place.subevent is None else {"subevent": place.subevent}
    for _ in range(_TRIES):
        found: dict[str, dict[str, Any]] = {}
        generated, count = "", 0
        for answer in ask.pages(
            path, {"ordering": "datetime", "testmode": "false", "include": FIELDS, "include_canceled_positions": "true", **only}
        ):
            generated = generated or made(answer)
            count = answer.body["count"]
            found.update((row["code"], row) for row in answer.body["results"])
        if len(found) >= count:
            break
    return found, generated


def _blocking_vouchers(ask: Client, facts: _EventFacts, seats: Seating, taken: Mapping[Cell, int]) -> int:
    """Places that vouchers withhold. Only quotas that miss places for another reason than orders are asked what for."""
    found = 0
    for quota in seats.deciding:
        ordered = sum(number for cell, number in taken.items() if cell in quota.cells)
        if (quota.size or 0) - ordered > (quota.available or 0):
            found += ask.get(f"{facts.path}/quotas/{quota.id}/availability/").body["blocking_vouchers"]
    return found


def _blocked_seats(ask: Client, facts: _EventFacts, place: Place, row: Mapping[str, Any]) -> int:
    """Seats of the plan that are withheld."""
    if row.get("seating_plan") is None:
        return 0
    part = "" if place.subevent is None else f"subevents/{place.subevent}/"
    return int(ask.get(f"{facts.path}/{part}seats/", {"blocked": "true", "page_size": 1}).body["count"])


def _tally(ask: Client, facts: _EventFacts, places: list[Place], tests: set[str]) -> dict[str, int]:
    admitting = [product.id for product in facts.products.values() if product.admits]
    sums: Counter[int | None] = Counter({place.subevent: 0 for place in places})
    if admitting:
        only: dict[str, Any] = {"item__in": ",".join(map(str, admitting)), "ordering": "id"}
        if facts.is_series:
            only["subevent__in"] = ",".join(str(place.subevent) for place in places)
        for row in ask.rows(f"{facts.path}/transactions/", only):
            if row["order"] not in tests:
                sums[row["subevent"]] += row["count"]
    return {place.ref: sums[place.subevent] for place in places}
