"""Tickets of Ticketmatic: orders by the moment of their last update, their contacts, and the log of sales for what was taken out.

A ticket stands in its order for as long as it is sold or reserved; one that was returned is only in the log of sales. Of a contact
the postcode, the country, the date of birth and the language are used; the e-mail address becomes a pseudonym as it is read.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from dip.ticketing.connector import Account, OrderPage
from dip.ticketing.connectors.ticketmatic.client import PAGE, Client
from dip.ticketing.rules.order_fields import in_cents, price_band, spread
from dip.ticketing.terms.orders import TicketRow

#: Asked again before the cursor.
OVERLAP = timedelta(seconds=60)
#: States of an order; an unconfirmed one is a basket.
UNCONFIRMED = 21001
_CHANNEL_TYPES = {3001: "box_office", 3002: "online"}
_ENTERED = 2
_GENDERS = {"F": "f", "M": "m", "X": "x"}
Row = Mapping[str, Any]


class Tickets:
    """Reads tickets of one account; names of price types, ticket types and channels are remembered while it lives."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._names: dict[str, dict[int, Row]] = {}

    def page(self, ask: Client, cursor: str) -> OrderPage:
        """The tickets of the next orders. The cursor: updated since then, from this offset on, and when the round began."""
        since, offset, began = ([*cursor.split("|"), "", "", ""])[:3]
        place = int(offset or 0)
        asked: dict[str, Any] = {
            "limit": PAGE,
            "offset": place,
            "includearchived": "true",
            "orderby": "lastupdatets",
            "orderby_asc": "true",
        }
        answer = ask.get("orders", asked | ({"lastupdatesince": since} if since else {}))
        began = began or text_of(answer.at)
        orders = [one for one in answer.body["data"] if one["status"] != UNCONFIRMED and _is_settled(one, answer.at)]
        buyers = self._buyers(ask, {one["customerid"] for one in orders if one.get("customerid")})
        log = _log(ask, [one["orderid"] for one in orders])
        rows = tuple(row for one in orders for row in self._rows(ask, one, log.get(one["orderid"], []), buyers))
        if len(answer.body["data"]) < PAGE:
            return OrderPage(rows, text_of(moment_of(began) - OVERLAP), done=True)
        newest = text_of(moment_of(answer.body["data"][-1]["lastupdatets"]))
        return OrderPage(rows, f"{newest}|{place + PAGE if newest == since else 0}|{began}", done=False)

    def _buyers(self, ask: Client, ids: set[int]) -> dict[int, dict[str, Any]]:
        """What is kept of contacts while we read."""
        if not ids or self._account.consent == "none":
            return {}
        listed = ",".join(str(int(one)) for one in sorted(ids))
        rows = ask.rows("contacts", {"filter": f"select id from tm.contact where id in ({listed})", "includearchived": "true"})
        return {row["id"]: buyer_of(row, self._account) for row in rows}

    def _rows(self, ask: Client, order: Row, log: list[Row], buyers: Mapping[int, dict[str, Any]]) -> list[TicketRow]:
        held = {one["id"]: one for one in order["tickets"]}
        lines: dict[int, list[Row]] = {}
        for line in log:
            lines.setdefault(line["ticketid"], []).append(line)
        costs = sum(in_cents(one["amount"]) for one in order.get("ordercosts") or ())
        fees = dict(zip(held, spread(costs, len(held)), strict=True))
        is_paid = in_cents(order["amountpaid"]) >= in_cents(order["totalamount"])
        gone = {ref: some[-1] for ref, some in lines.items() if ref not in held and some[-1]["type"] == "return"}
        return [
            TicketRow(
                ticket=str(ref),
                order=str(order["orderid"]),
                event=str(one["eventid"]),
                state="cancelled" if ref in gone else "sold" if is_paid else "reserved",
                changed_at=version_of(order, log),
                sold_at=moment_of(_sold(lines.get(ref, []), order)).isoformat(),
                cancelled_at=moment_of(gone[ref]["ts"]).isoformat() if ref in gone else None,
                fee_cents=in_cents(one.get("servicecharge")) + fees.get(ref, 0),
                promo=bool(order.get("promocodes") or one.get("vouchercodeid")),
                attended=True if one.get("accesscontrolstatus") == _ENTERED else None,
                channel=self.channel(ask, order["saleschannelid"]),
                consent=self._account.consent,
                **self._priced(ask, one),
                **buyers.get(order.get("customerid") or 0, {}),
            )
            for ref, one in {**held, **gone}.items()
        ]

    def _priced(self, ask: Client, ticket: Row) -> dict[str, Any]:
        price = in_cents(ticket["price"])
        kind = self.name(ask, "pricing/pricetypes", ticket["pricetypeid"])
        band = self.name(ask, "ticketsales/tickettypes", ticket["tickettypeid"])
        return {"price_cents": price, "kind": "free" if price == 0 else "", "source_kind": kind, "price_band": price_band(band)}

    def channel(self, ask: Client, number: int) -> str:
        """The national channel of a web shop or a desk; the name of another one."""
        row = self._named(ask, "ticketsales/saleschannels", number)
        return _CHANNEL_TYPES.get(row.get("typeid") or 0) or str(row.get("name") or number)[:80]

    def name(self, ask: Client, what: str, number: int) -> str:
        """The name of a price type or ticket type; its number when it has none."""
        return str(self._named(ask, what, number).get("name") or number)[:80]

    def _named(self, ask: Client, what: str, number: int) -> Row:
        if number not in self._names.get(what, {}):
            self._names[what] = {row["id"]: row for row in ask.get(f"settings/{what}", {"includearchived": "true"}).body["data"]}
        return self._names[what].get(number, {})


def _log(ask: Client, orders: list[int]) -> dict[int, list[Row]]:
    """Lines of the log of sales by order, oldest first."""
    if not orders:
        return {}
    listed = ",".join(str(int(one)) for one in orders)
    rows = ask.query(
        "select i.id, l.ts, i.orderid, i.ticketid, i.type, i.eventid, i.pricetypeid, i.tickettypeid, i.price, i.servicecharge"
        f" from tm.saleslogitem i join tm.saleslog l on l.id = i.saleslogid where i.orderid in ({listed})"  # numbers only
    )
    found: dict[int, list[Row]] = {}
    for row in sorted(rows, key=lambda row: (row["ts"], row["id"])):
        found.setdefault(row["orderid"], []).append(row)
    return found


def _is_settled(order: Row, now: datetime) -> bool:
    """Whether an order cannot change any more in the second in which it changed last; else it comes with the next question."""
    return text_of(moment_of(order["lastupdatets"])) < text_of(now)


def version_of(order: Row, log: list[Row]) -> str:
    """When an order changed last. Where only seconds are told, each line of its log is a microsecond later than the one before."""
    told = moment_of(order["lastupdatets"])
    return (told if told.microsecond else told + timedelta(microseconds=len(log))).isoformat(timespec="microseconds")


def _sold(lines: Iterable[Row], order: Row) -> str:
    """When a ticket was sold last, by the log; else when its order was made."""
    return next((line["ts"] for line in reversed(list(lines)) if line["type"] == "sale"), order["createdts"])


def buyer_of(row: Row, account: Account) -> dict[str, Any]:
    """A pseudonym and coarse facts."""
    address: Row = next(iter(row.get("addresses") or ()), {})
    made = account.pseudonym(row.get("email") or "") if account.pseudonym else ""
    return {
        "buyer_pseudonym": made or None,
        "customer": str(row["id"]),
        "postcode": (address.get("zip") or "")[:20] or None,
        "country": (address.get("countrycode") or "")[:2] or None,
        "birth_date": (row.get("birthdate") or "")[:10] or None,
        "gender": _GENDERS.get(row.get("sex") or ""),
        "language": (row.get("languagecode") or "")[:2].lower() or None,
    }


def moment_of(text: str) -> datetime:
    """A moment as Ticketmatic writes it; without an offset it is UTC."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def text_of(moment: datetime) -> str:
    """A moment as it is asked for: to the second, UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
