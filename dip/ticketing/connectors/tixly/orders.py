"""Tickets of Tixly: signed rows of its ledger of sales, folded into tickets.

A sale is a row with a count of 1, a return one of −1; a correction is a return and a new sale. The newest row of a ticket tells how it
stands. Rows are asked by the time of sale, a month at a time, so the sale of a ticket that is returned may lie before: then the months
before are asked, until it is found. Section, row and seat are passed by; the customer becomes a pseudonym and coarse facts as it is read.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from dip.ticketing.connector import Account, OrderPage
from dip.ticketing.connectors.tixly.client import Client
from dip.ticketing.rules.order_fields import in_cents, price_band
from dip.ticketing.terms.orders import TicketRow

#: One question for sales; how far back the first one lies; what is asked again before the cursor; how far back a sale is looked for.
MONTH, HISTORY, OVERLAP, LOOKED_BACK = timedelta(days=31), timedelta(days=3650), timedelta(seconds=60), 36
#: How long before the sales their customers may have changed last; the last one is everything.
_CUSTOMERS = (timedelta(days=2), timedelta(days=400), HISTORY)
_GENDERS = {"f": "f", "female": "f", "m": "m", "male": "m", "x": "x"}
Row = Mapping[str, Any]


class Tickets:
    """Reads tickets of one account; remembers when tickets were sold, and of customers nothing that tells who they are."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._sold: dict[str, str] = {}
        self._buyers: dict[str, dict[str, Any]] = {}

    def page(self, ask: Client, cursor: str) -> OrderPage:
        """The tickets of the next month of sales."""
        now = ask.get("events", {"pageSize": 1}).at
        since = moment_of(cursor) if cursor else now - HISTORY
        until = min(since + MONTH, now + OVERLAP)
        rows = list(ask.rows("events/sales", {"SoldFrom": text_of(since), "SoldTo": text_of(until)}))
        tickets = by_ticket(rows)
        for ref, ledger in tickets.items():
            self._remember(ref, ledger)
        self._look_back(ask, since, {ref for ref in tickets if ref not in self._sold})
        self._find_buyers(ask, since, {str(row["CustomerId"]) for row in rows if _is_known(row)})
        found = tuple(self._row(ref, ledger) for ref, ledger in tickets.items() if ref in self._sold)
        is_done = until >= now
        return OrderPage(found, text_of((now if is_done else until) - OVERLAP), is_done)

    def _remember(self, ref: str, ledger: list[Row]) -> None:
        sales = [row["Created"] for row in ledger if row["TicketCount"] > 0]
        if sales:
            self._sold[ref] = sales[-1]

    def _look_back(self, ask: Client, since: datetime, missing: set[str]) -> None:
        """Find the sale of tickets that were only returned in what was read."""
        until = since
        for _ in range(LOOKED_BACK):
            if not missing:
                return
            rows = ask.rows("events/sales", {"SoldFrom": text_of(until - MONTH), "SoldTo": text_of(until)})
            for ref, ledger in by_ticket(row for row in rows if str(row["TicketId"]) in missing).items():
                self._remember(ref, ledger)
            missing, until = {ref for ref in missing if ref not in self._sold}, until - MONTH

    def _find_buyers(self, ask: Client, since: datetime, wanted: set[str]) -> None:
        """Read the customers that are not known yet: those that changed lately first, and everybody at last."""
        for back in _CUSTOMERS:
            if not wanted - self._buyers.keys() or self._account.consent == "none":
                return
            for row in ask.rows("customers", {"DateFrom": text_of(since - back)}):
                self._buyers[str(row["Id"])] = buyer_of(row, self._account)

    def _row(self, ref: str, ledger: list[Row]) -> TicketRow:
        last = ledger[-1]
        is_sold = last["TicketCount"] > 0
        price = abs(in_cents(last["Price"]))
        buyer = self._buyers.get(str(last["CustomerId"]), {}) if _is_known(last) else {}
        return TicketRow(
            ticket=ref,
            order=str(last["OrderId"]),
            event=str(last["EventId"]),
            state="sold" if is_sold else "cancelled",
            changed_at=version_of(ledger),
            sold_at=as_utc(self._sold[ref]),
            cancelled_at=None if is_sold else as_utc(last["Created"]),
            price_cents=price,
            fee_cents=abs(in_cents(last.get("Fee"))),
            kind="free" if price == 0 else "",
            source_kind=str(last["TicketType"]),
            price_band=price_band(str(last.get("PriceZone") or "")),
            channel=channel_of(last),
            attended=True if last.get("Scanned") else None,
            consent=self._account.consent,
            **buyer,
        )


def by_ticket(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """The ledger of each ticket, oldest row first; a row that comes twice counts once."""
    found: dict[str, dict[Any, Row]] = {}
    for row in rows:
        found.setdefault(str(row["TicketId"]), {})[row["Id"]] = row
    return {ref: sorted(ledger.values(), key=lambda row: (row["Created"], row["Id"])) for ref, ledger in found.items()}


def version_of(ledger: list[Row]) -> str:
    """When a ticket changed last. Tixly tells seconds: of rows of one second each is a microsecond later than the one before."""
    last = ledger[-1]
    place = sum(row["Created"] == last["Created"] for row in ledger) - 1
    newest = max(moment_of(last["Created"]), moment_of(last.get("Edited") or last["Created"]))
    return (newest + timedelta(microseconds=place)).isoformat(timespec="microseconds")


def channel_of(row: Row) -> str:
    """Subscription, online or neither: then the box office sold it."""
    if row.get("SubscriptionTypeId"):
        return "subscription"
    return "online" if row.get("Online") else "box_office"


def buyer_of(row: Row, account: Account) -> dict[str, Any]:
    """What is kept of a customer while we read."""
    made = account.pseudonym(row.get("Email") or "") if account.pseudonym else ""
    return {
        "buyer_pseudonym": made or None,
        "customer": str(row["Id"]),
        "postcode": (row.get("ZipCode") or "")[:20] or None,
        "country": (row.get("Country") or "")[:2] or None,
        "birth_date": (row.get("DateOfBirth") or "")[:10] or None,
        "gender": _GENDERS.get(str(row.get("Gender") or "").lower()),
    }


def _is_known(row: Row) -> bool:
    return bool(row.get("CustomerId")) and not row.get("IsAnonymousSale")


def moment_of(text: str) -> datetime:
    """A moment as Tixly writes it; without an offset it is UTC."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def text_of(moment: datetime) -> str:
    """A moment as it is asked for."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def as_utc(text: str) -> str:
    """The same moment with its offset."""
    return moment_of(text).isoformat()
