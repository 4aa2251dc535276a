"""The connector to Tixly: what is on, how it stands, and its tickets. Kinds and amounts come from the ledger of sales."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from dip.ticketing.connector import (
    Account,
    Changes,
    Greeting,
    OrderPage,
    SalesStatus,
    SourceLine,
    SourcePerformance,
    SourceSnapshot,
    Trouble,
    UnableToRead,
)
from dip.ticketing.connectors.tixly.client import Client
from dip.ticketing.connectors.tixly.orders import OVERLAP, Row, Tickets, by_ticket, channel_of, moment_of, text_of
from dip.ticketing.rules.kinds import guess_kind
from dip.ticketing.rules.order_fields import in_cents


class Tixly:
    """One account. ``requests`` tells the questions asked so far."""

    def __init__(self, account: Account, *, patient: bool = True) -> None:
        self._account, self._patient = account, patient
        self._tickets = Tickets(account)
        self.requests = 0

    def __repr__(self) -> str:
        return f"Tixly({self._account.address}, {self._account.account})"

    def greet(self) -> Greeting:
        """Who answers. The interface has no version of its own."""
        with self._asking("greeting") as ask:
            events = list(ask.rows("events", {}))
            missing = tuple(right for path, right in (("events/sales", "sales"), ("customers", "customers")) if not _may(ask, path))
            return Greeting("Tixly", "CRM", self._account.account, missing, (), len(events))

    def performances(self) -> Iterator[SourcePerformance]:
        """Events from yesterday on."""
        with self._asking("events") as ask:
            for answer in ask.pages("events", {}):
                for row in answer.body["Items"]:
                    if moment_of(row["StartDate"]) >= answer.at - timedelta(days=1):
                        yield SourcePerformance(
                            ref=str(row["Id"]),
                            title=str(row["Name"])[:200],
                            starts_at=moment_of(row["StartDate"]),
                            hall_name=str(row.get("Hall") or "")[:200],
                            dip_id=str(row.get("ExternalId") or "").strip()[:80],
                            sales_status=_status(row, answer.at),
                        )

    def changes(self, cursor: str) -> Changes:
        """Events with a row in the ledger since then. Reservations and capacity change without one: see the hourly calendar."""
        with self._asking("changes") as ask:
            at = ask.get("events", {"pageSize": 1}).at
            if not cursor:
                return Changes(frozenset(), text_of(at), everything=True, calendar=True, as_of=at)
            since = moment_of(cursor) - OVERLAP
            rows = ask.rows("events/sales", {"SoldFrom": text_of(since), "SoldTo": text_of(at + OVERLAP)})
            return Changes(frozenset(str(row["EventId"]) for row in rows), text_of(at), as_of=at)

    def snapshots(self, refs: frozenset[str]) -> Iterator[SourceSnapshot]:
        """How these events stand."""
        if not refs:
            return
        with self._asking("snapshots") as ask:
            for answer in ask.pages("events", {}):
                for row in answer.body["Items"]:
                    if str(row["Id"]) in refs:
                        yield self._snapshot(ask, row, answer.at)

    def tallies(self, refs: frozenset[str]) -> Mapping[str, int]:
        """Sold and reserved as the events themselves count them."""
        with self._asking("tallies") as ask:
            return {str(row["Id"]): row["Sold"] + row["Reserved"] for row in ask.rows("events", {}) if str(row["Id"]) in refs}

    def orders(self, since: str) -> OrderPage:
        """Tickets of the next month of sales."""
        with self._asking("sales") as ask:
            return self._tickets.page(ask, since)

    def _snapshot(self, ask: Client, row: Row, at: datetime) -> SourceSnapshot:
        lines, guessed = _lines(ask.rows("events/sales", {"EventId": row["Id"]}), row, self._account.kinds)
        sold, blocked = sum(line.tickets for line in lines), row["Allocated"] + row["BlockedAllocated"]
        return SourceSnapshot(
            ref=str(row["Id"]),
            as_of=at,
            lines=lines,
            capacity=row["Capacity"],
            reserved=row["Reserved"],
            blocked=blocked,
            available=max(0, row["Capacity"] - row["Sold"] - row["Reserved"] - blocked),
            own_total=sold + row["Reserved"],
            sales_status=_status(row, at),
            quality={"kind_guessed": ", ".join(sorted(guessed))[:300]} if guessed else {},
        )

    @contextmanager
    def _asking(self, about: str) -> Iterator[Client]:
        """A client; answers of another shape than the documented one are told as such."""
        with Client(self._account, patient=self._patient) as ask:
            try:
                yield ask
            except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
                raise UnableToRead(Trouble.ANSWER, f"{about}: {type(error).__name__} {error}"[:200]) from error
            finally:
                self.requests += ask.asked


def _may(ask: Client, path: str) -> bool:
    try:
        ask.get(path, {"pageSize": 1})
    except UnableToRead as error:
        if error.trouble is Trouble.RIGHTS:
            return False
        raise
    return True


def _lines(rows: Iterable[Row], event: Row, kinds: Mapping[str, str]) -> tuple[tuple[SourceLine, ...], set[str]]:
    """The lines of one event: tickets of which the last row is a sale. VAT is the event's rate, within the price."""
    sums: dict[tuple[str, str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    guessed: set[str] = set()
    for ledger in by_ticket(rows).values():
        last = ledger[-1]
        if last["TicketCount"] < 0:
            continue
        name, price = str(last["TicketType"])[:80], in_cents(last["Price"])
        kind = "free" if price == 0 else kinds.get(name) or guess_kind(name).value
        if price and name not in kinds:
            guessed.add(name)
        total = sums[name, kind, str(last.get("PriceZone") or "")[:80], channel_of(last)]
        total[0] += 1
        total[1] += price
    rate: Any = event.get("Vat")
    lines = (
        SourceLine(name, kind, count, gross, None if rate is None else round(gross * rate / (100 + rate)), band, channel)
        for (name, kind, band, channel), (count, gross) in sorted(sums.items())
    )
    return tuple(lines), guessed


def _status(row: Row, at: datetime) -> SalesStatus:
    if moment_of(row["StartDate"]) <= at:
        return SalesStatus.CLOSED
    taken = row["Sold"] + row["Reserved"] + row["Allocated"] + row["BlockedAllocated"]
    return SalesStatus.SOLD_OUT if taken >= row["Capacity"] else SalesStatus.ON_SALE
