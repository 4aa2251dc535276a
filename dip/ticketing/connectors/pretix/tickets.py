"""Tickets of pretix' orders, for those who count buyers: what changed since a moment, a page of orders at a time.

Of an order are asked the fields that are used: no name, street, seat or telephone number is sent to us (answers to questions come all
or none, and all but a year of birth are passed by). The e-mail address becomes a pseudonym as it is read. Sold, reserved and cancelled are told as for figures (see ``orders``): the status of an order that was
cancelled as a whole decides, and the position of one that was cancelled against a fee. The moment at which one position was
cancelled is in the ledger alone.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from dip.ticketing.asking import Answer
from dip.ticketing.connector import Account, OrderPage, Trouble, UnableToRead
from dip.ticketing.connectors.pretix.calendar import Place, read_products
from dip.ticketing.connectors.pretix.client import PAGE, Client, made
from dip.ticketing.connectors.pretix.orders import PAID, PENDING, cents, channel_of, source_kind
from dip.ticketing.connectors.pretix.seats import Product
from dip.ticketing.rules.order_fields import birth_year, price_band, spread
from dip.ticketing.terms.orders import TicketRow

#: Asked again before the cursor: what pretix was still writing when it was asked last.
OVERLAP = timedelta(seconds=60)
#: Identifiers of the question for the year of birth, in capitals.
BIRTH_QUESTIONS = frozenset({"GEBJAAR", "GEBOORTEJAAR", "BIRTHYEAR", "BIRTH_YEAR"})
FIELDS = (
    "code", "event", "status", "testmode", "email", "customer", "locale", "sales_channel", "datetime", "last_modified", "cancellation_date",
    "invoice_address.zipcode", "invoice_address.country", "fees.value",
    *(f"positions.{name}" for name in (
        "id", "positionid", "item", "variation", "price", "tax_rate", "subevent", "canceled", "discount", "voucher", "voucher_budget_use",
        "answers", "checkins",
    )),
)  # fmt: skip
_CANCELLED = "c"
Order = Mapping[str, Any]


class Mark(NamedTuple):
    """A cursor: orders modified ``since`` then, from this page on; ``until``: pretix' clock when the round began ("": it begins)."""

    since: str = ""
    page: int = 1
    until: str = ""

    @classmethod
    def read(cls, cursor: str) -> "Mark":
        """Of its text."""
        since, page, until = [*cursor.split(" "), "", "", ""][:3]
        return cls(since, int(page or 1), until)

    def __str__(self) -> str:
        return f"{self.since} {self.page} {self.until}"


class Tickets:
    """Reads tickets of one account. ``products`` of events are remembered while it lives."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._products: dict[str, Mapping[int, Product]] = {}

    def page(self, ask: Client, cursor: str) -> OrderPage:
        """The tickets of the next orders.

        Within a round the next question begins at the last order seen, for an order that changes meanwhile moves to the end and
        shifts another one past a page; only orders of one and the same moment are paged.
        """
        mark = Mark.read(cursor)
        answer = self._orders(ask, mark)
        orders, until = answer.body["results"], mark.until or made(answer)
        rows = tuple(row for order in orders if not order["testmode"] for row in self._rows(ask, order))
        if not answer.body["next"]:
            return OrderPage(rows, str(Mark((datetime.fromisoformat(until) - OVERLAP).isoformat())), done=True)
        newest = orders[-1]["last_modified"]
        return OrderPage(rows, str(Mark(newest, mark.page + 1 if newest == mark.since else 1, until)), done=False)

    def _orders(self, ask: Client, mark: Mark) -> Answer:
        asked: dict[str, Any] = {
            "ordering": "last_modified", "page_size": PAGE, "include_canceled_positions": "true", "include": FIELDS,
        }  # fmt: skip
        if mark.since:
            asked["modified_since"] = mark.since
        try:
            return ask.get("orders/", {**asked, **({"page": mark.page} if mark.page > 1 else {})})
        except UnableToRead as error:
            if error.trouble is not Trouble.ADDRESS or mark.page == 1:
                raise
            return ask.get("orders/", asked)  # orders changed since, and that page is gone

    def _rows(self, ask: Client, order: Order) -> list[TicketRow]:
        products = self._products_of(ask, order)
        admitting = [one for one in order["positions"] if (item := products.get(one["item"])) is not None and item.admits]
        left = _moments(ask, order) if any(one["canceled"] for one in admitting) else {}
        return rows_of(order, admitting, products, left, self._account)

    def _products_of(self, ask: Client, order: Order) -> Mapping[int, Product]:
        event = order["event"]
        known = self._products.get(event)
        if known is None or any(one["item"] not in known for one in order["positions"]):
            known = self._products[event] = read_products(ask.rows(f"events/{event}/items/"))
        return known


def _moments(ask: Client, order: Order) -> dict[int, str]:
    """When each position of an order was cancelled last: its number in the order → the ledger's moment."""
    lines = ask.rows(f"events/{order['event']}/transactions/", {"order": order["code"], "ordering": "id"})
    return {line["positionid"]: line["datetime"] for line in lines if line["count"] < 0 and line["positionid"] is not None}


def rows_of(
    order: Order, admitting: Iterable[Mapping[str, Any]], products: Mapping[int, Product], left: Mapping[int, str], account: Account
) -> list[TicketRow]:
    """A row for each position that admits to a performance. ``left``: when positions were cancelled."""
    positions = list(admitting)
    states = [_state(order, one) for one in positions]
    held = [place for place, state in enumerate(states) if state != "cancelled"] or list(range(len(positions)))
    fees = dict(zip(held, spread(sum(max(0, cents(fee["value"])) for fee in order.get("fees") or ()), len(held)), strict=True))
    buyer = _buyer(order, account)
    return [
        TicketRow(
            ticket=str(one["id"]),
            order=f"{order['event']}/{order['code']}",
            event=Place(order["event"], one["subevent"]).ref,
            state=states[place],
            changed_at=order["last_modified"],
            sold_at=order["datetime"],
            cancelled_at=_cancelled_at(order, one, left) if states[place] == "cancelled" else None,
            fee_cents=fees.get(place, 0),
            channel=channel_of(order["sales_channel"]),
            promo=one["voucher"] is not None or one["discount"] is not None,
            attended=True if any(scan["type"] == "entry" for scan in one.get("checkins") or ()) else None,
            **_priced(one, products[one["item"]]),
            **buyer,
        )
        for place, one in enumerate(positions)
    ]


def _state(order: Order, position: Mapping[str, Any]) -> str:
    if position["canceled"] or order["status"] not in (PAID, PENDING):
        return "cancelled"
    return "sold" if order["status"] == PAID else "reserved"


def _cancelled_at(order: Order, position: Mapping[str, Any], left: Mapping[int, str]) -> str | None:
    """By the ledger for a position, by the order when it was cancelled as a whole; None: when it changed last."""
    if position["canceled"] and position["positionid"] in left:
        return left[position["positionid"]]
    return order["cancellation_date"] if order["status"] == _CANCELLED else None


def _priced(position: Mapping[str, Any], product: Product) -> dict[str, Any]:
    """Price, kind and band. pretix keeps no list price: it is what was paid, with what a voucher took off; of a discount unknown."""
    price = cents(position["price"])
    name = source_kind(product, position)
    is_known = position["discount"] is None
    return {
        "price_cents": price,
        "list_price_cents": price + cents(position["voucher_budget_use"] or "0") if is_known else None,
        "vat_rate": cents(position["tax_rate"]),
        "kind": "free" if price == 0 else "",
        "source_kind": name,
        "price_band": price_band(product.name),
    }


def _buyer(order: Order, account: Account) -> dict[str, Any]:
    """Who bought, without saying who: the pseudonym, and what is made coarse before it is kept."""
    if account.consent == "none":
        return {"consent": "none"}
    place = order.get("invoice_address") or {}
    answers = [one for position in order["positions"] for one in position.get("answers") or ()]
    made: Callable[[str], str] = account.pseudonym or (lambda _address: "")
    return {
        "buyer_pseudonym": made(order["email"] or "") or None,
        "customer": order["customer"] or None,
        "postcode": (place.get("zipcode") or "")[:20] or None,
        "country": str(place.get("country") or "") or None,
        "birth_year": birth_year(one["answer"] for one in answers if one["question_identifier"].upper() in BIRTH_QUESTIONS),
        "language": (order["locale"] or "")[:2] or None,
        "consent": account.consent,
    }
