"""Counting orders: what is sold, and what is reserved. Every trap of pretix' order statuses is met here.

Sold is a position of a paid order that is not cancelled; reserved one of a pending order. An order that was cancelled as a whole
keeps its positions uncancelled, so its status decides; one that was cancelled against a fee stays paid with cancelled positions, so
the position decides. Test orders, and products that do not admit, count nowhere. Fees are no tickets.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from dip.ticketing.connector import SourceLine
from dip.ticketing.connectors.pretix.seats import Cell, Product
from dip.ticketing.rules.kinds import guess_kind
from dip.ticketing.terms import TicketKind

PAID, PENDING = "p", "n"
#: What is asked of an order: nothing that points to a buyer.
FIELDS = (
    "code", "status", "testmode", "require_approval", "sales_channel",
    *(f"positions.{name}" for name in ("item", "variation", "price", "tax_rate", "tax_value", "subevent", "canceled", "discount", "voucher_budget_use")),
)  # fmt: skip
_CHANNELS = {"web": "online", "widget": "online", "box_office": "box_office", "pretixpos": "box_office", "resellers": "agent"}


@dataclass(slots=True)
class Count:
    """What the orders of one performance come to. Amounts in cents."""

    lines: tuple[SourceLine, ...] = ()
    reserved: int = 0
    reserved_cents: int = 0
    awaiting: int = 0
    """Of the reserved ones, those whose order still awaits the organizer's approval: the ledger has no line of them."""
    guessed: set[str] = field(default_factory=set)
    untaxed: int = 0
    """Paid tickets with a price and no rate of VAT."""
    taken: dict[Cell, int] = field(default_factory=dict)
    was_ordered: bool = False
    """Whether anything was ever ordered, cancelled or not."""

    @property
    def sold(self) -> int:
        """Tickets of paid orders, free ones included."""
        return sum(line.tickets for line in self.lines)


class _Sum:
    __slots__ = ("cents", "tickets", "untaxed", "vat_cents")

    def __init__(self) -> None:
        self.tickets = self.cents = self.vat_cents = self.untaxed = 0

    def add(self, price_cents: int, position: Mapping[str, Any]) -> None:
        """Take in one position."""
        self.tickets += 1
        self.cents += price_cents
        self.vat_cents += cents(position["tax_value"])
        self.untaxed += price_cents > 0 and Decimal(position["tax_rate"]) == 0


def count_orders(
    orders: Iterable[Mapping[str, Any]], subevent: int | None, products: Mapping[int, Product], kinds: Mapping[str, str]
) -> Count:
    """The count of one performance. ``kinds``: the theatre's own mapping; another kind is guessed from its name."""
    found, sums = Count(), defaultdict[tuple[str, str, str, str], _Sum](_Sum)
    for order in orders:
        if order["testmode"]:
            continue
        for position in order["positions"]:
            product = products.get(position["item"])
            if position["subevent"] != subevent or product is None or not product.admits:
                continue
            found.was_ordered = True
            if position["canceled"] or order["status"] not in (PAID, PENDING):
                continue
            cell, price = (position["item"], position["variation"]), cents(position["price"])
            found.taken[cell] = found.taken.get(cell, 0) + 1
            if order["status"] == PENDING:
                found.reserved += 1
                found.reserved_cents += price
                found.awaiting += bool(order["require_approval"])
                continue
            name = source_kind(product, position)
            kind = _kind(name, price, kinds, found.guessed)
            sums[name, kind, _band(product), _CHANNELS.get(order["sales_channel"], "other")].add(price, position)
    found.untaxed = sum(one.untaxed for one in sums.values())
    found.lines = tuple(
        SourceLine(name, kind, one.tickets, one.cents, None if one.untaxed else one.vat_cents, band, channel)
        for (name, kind, band, channel), one in sorted(sums.items())
    )
    return found


def source_kind(product: Product, position: Mapping[str, Any]) -> str:
    """The system's own kind: the variation, else the product; apart when a voucher or an automatic discount lowered its price."""
    name = product.variations.get(position["variation"]) or product.name
    if position["discount"] is not None:
        return f"{name[:69]} (discount)"
    if cents(position.get("voucher_budget_use") or "0") > 0:
        return f"{name[:70]} (voucher)"
    return name[:80]


def _kind(name: str, price_cents: int, kinds: Mapping[str, str], guessed: set[str]) -> str:
    """Nothing paid is a free ticket, whatever it is called."""
    if price_cents == 0:
        return TicketKind.FREE.value
    if name in kinds:
        return kinds[name]
    guessed.add(name)
    lowered = name.endswith(("(voucher)", "(discount)"))
    return (TicketKind.DISCOUNT if lowered else guess_kind(name)).value


def channel_of(name: str) -> str:
    """The national channel of one of pretix' own; the name itself of a channel that the organizer made."""
    return _CHANNELS.get(name, name)


def _band(product: Product) -> str:
    return product.name[:80] if product.variations else ""


def cents(amount: str) -> int:
    """An amount as pretix writes it, in cents: ``"32.50"`` → 3250."""
    return int((Decimal(amount) * 100).to_integral_value())
