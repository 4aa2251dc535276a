"""The connector to Ticketmatic: what is on, how it stands, and its tickets. Kinds and amounts come from the public view of tickets."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
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
from dip.ticketing.connectors.ticketmatic.client import Client
from dip.ticketing.connectors.ticketmatic.orders import OVERLAP, Row, Tickets, moment_of, text_of
from dip.ticketing.rules.kinds import guess_kind
from dip.ticketing.rules.order_fields import in_cents

_STATUS = {19001: SalesStatus.ON_SALE, 19002: SalesStatus.NOT_ON_SALE, 19003: SalesStatus.CLOSED}
_BLOCKED = ("locked_hard", "locked_soft")


class Ticketmatic:
    """One account. ``requests`` tells the questions asked so far."""

    def __init__(self, account: Account, *, patient: bool = True) -> None:
        self._account, self._patient = account, patient
        self._tickets = Tickets(account)
        self.requests = 0

    def __repr__(self) -> str:
        return f"Ticketmatic({self._account.address}, {self._account.account})"

    def greet(self) -> Greeting:
        """Who answers. The version is that of the interface, in its address."""
        with self._asking("greeting") as ask:
            count = sum(1 for _ in ask.rows("events"))
            missing = tuple(path for path in ("orders", "contacts") if not _may(ask, path))
            return Greeting("Ticketmatic", "1", self._account.account, missing, (), count)

    def performances(self) -> Iterator[SourcePerformance]:
        """Events from yesterday on."""
        with self._asking("events") as ask:
            for answer in ask.pages("events", {}):
                for row in answer.body["data"]:
                    if moment_of(row["startts"]) >= answer.at - timedelta(days=1):
                        yield SourcePerformance(
                            ref=str(row["id"]),
                            title=str(row["name"])[:200],
                            starts_at=moment_of(row["startts"]),
                            hall_name=str(row.get("locationname") or "")[:200],
                            dip_id=str(row.get("c_dipid") or row.get("externalcode") or "").strip()[:80],
                            sales_status=_status(row, answer.at),
                            sale_starts_at=_optional(row.get("salestartts")),
                            sale_ends_at=_optional(row.get("saleendts")),
                        )

    def changes(self, cursor: str) -> Changes:
        """Events of orders that changed, and events that changed themselves."""
        with self._asking("changes") as ask:
            at = ask.get("events", {"limit": 1}).at
            if not cursor:
                return Changes(frozenset(), text_of(at), everything=True, calendar=True, as_of=at)
            since = {"lastupdatesince": text_of(moment_of(cursor) - OVERLAP)}
            sold = {
                str(one["eventid"])
                for order in ask.rows("orders", {**since, "includearchived": "true"})
                for one in order["tickets"]
            }
            moved = {str(row["id"]) for row in ask.rows("events", since)}
            return Changes(frozenset(sold | moved), text_of(at), calendar=bool(moved), as_of=at)

    def snapshots(self, refs: frozenset[str]) -> Iterator[SourceSnapshot]:
        """How these events stand."""
        if not refs:
            return
        with self._asking("snapshots") as ask:
            for answer in ask.pages("events", {}):
                for row in answer.body["data"]:
                    if str(row["id"]) in refs:
                        yield self._snapshot(ask, row, answer.at)

    def tallies(self, refs: frozenset[str]) -> Mapping[str, int]:
        """Places taken as the events' own availability counts them."""
        with self._asking("tallies") as ask:
            return {str(row["id"]): _taken(row) for row in ask.rows("events") if str(row["id"]) in refs}

    def orders(self, since: str) -> OrderPage:
        """Tickets of the next orders that changed."""
        with self._asking("orders") as ask:
            return self._tickets.page(ask, since)

    def _snapshot(self, ask: Client, row: Row, at: datetime) -> SourceSnapshot:
        lines, guessed = self._lines(ask, row["id"])
        seats = row["availability"]
        reserved = _sum(seats, "reserved", "sold_unpaid")
        quality = {"no_vat": "no rate is told"} if any(line.gross_cents for line in lines) else {}
        if guessed:
            quality["kind_guessed"] = ", ".join(sorted(guessed))[:300]
        return SourceSnapshot(
            ref=str(row["id"]),
            as_of=at,
            lines=lines,
            capacity=_sum(seats, "total"),
            reserved=reserved,
            blocked=_sum(seats, *_BLOCKED),
            available=_sum(seats, "free"),
            own_total=sum(line.tickets for line in lines) + reserved,
            sales_status=_status(row, at),
            quality=quality,
        )

    def _lines(self, ask: Client, event: int) -> tuple[tuple[SourceLine, ...], set[str]]:
        """Paid tickets of an event by price type, ticket type and channel."""
        rows = ask.query(
            "select t.pricetypeid, t.tickettypeid, o.saleschannelid, count(*) as tickets, sum(t.price) as amount from tm.ticket t"
            f" join tm.order o on o.id = t.orderid where t.eventid = {int(event)} and o.paid group by 1, 2, 3"  # a number only
        )
        sums: dict[tuple[str, str, str, str], list[int]] = defaultdict(lambda: [0, 0])
        guessed: set[str] = set()
        for row in rows:
            name, amount = self._tickets.name(ask, "pricing/pricetypes", row["pricetypeid"]), in_cents(row["amount"])
            mapped = self._account.kinds.get(name)
            if amount and mapped is None:
                guessed.add(name)
            kind = "free" if amount == 0 else mapped or guess_kind(name).value
            band = self._tickets.name(ask, "ticketsales/tickettypes", row["tickettypeid"])
            total = sums[name, kind, band, self._tickets.channel(ask, row["saleschannelid"])]
            total[0] += row["tickets"]
            total[1] += amount
        lines = (
            SourceLine(name, kind, count, gross, None if gross else 0, band, channel)
            for (name, kind, band, channel), (count, gross) in sorted(sums.items())
        )
        return tuple(lines), guessed

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
        ask.get(path, {"limit": 1})
    except UnableToRead as error:
        if error.trouble is Trouble.RIGHTS:
            return False
        raise
    return True


def _sum(seats: list[dict[str, Any]], *names: str) -> int:
    return sum(int(one[name]) for one in seats for name in names)


def _taken(row: Row) -> int:
    return _sum(row["availability"], "sold_paid", "sold_unpaid", "complimentary", "reserved")


def _optional(text: str | None) -> datetime | None:
    return moment_of(text) if text else None


def _status(row: Row, at: datetime) -> SalesStatus:
    planned = _STATUS.get(row["currentstatus"], SalesStatus.NOT_ON_SALE)
    starts, ends = _optional(row.get("salestartts")), _optional(row.get("saleendts") or row["startts"])
    if planned is SalesStatus.ON_SALE and starts is not None and at < starts:
        return SalesStatus.NOT_ON_SALE
    if ends is not None and at >= ends:
        return SalesStatus.CLOSED
    return SalesStatus.SOLD_OUT if planned is SalesStatus.ON_SALE and not _sum(row["availability"], "free") else planned
