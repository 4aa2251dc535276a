"""A row of the standard format for orders: one version of one ticket, as a source gives it.

Connectors give these rows and the door for deliveries decodes them. Nothing here is stored: what a row says of a buyer is
pseudonymised, coarsened or left out before anything is written.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

#: Most cents of one ticket: a hundred thousand euros.
MOST_CENTS = 10_000_000
_Reference = Annotated[str, Meta(min_length=1, max_length=120)]
_Text = Annotated[str, Meta(max_length=120)]
_Moment = Annotated[str, Meta(max_length=40)]
_Cents = Annotated[int, Meta(ge=0, le=MOST_CENTS)]


class TicketRow(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True, gc=False):
    """One version of one ticket. Money in euro cents including VAT; times in RFC 3339 with an offset; "" and None: not given.

    ``ticket`` and ``order`` are the source's own references. ``performance`` is the national number or ``DIP-id|number``; a source
    that knows neither gives its own ``event``. Of two versions of a ticket the one with the newest ``changed_at`` counts.
    """

    ticket: _Reference
    order: _Reference
    state: _Text
    changed_at: _Moment
    sold_at: _Moment
    price_cents: _Cents
    performance: _Text = ""
    event: _Text = ""
    cancelled_at: _Moment | None = None
    kind: _Text = ""
    source_kind: _Text = ""
    fee_cents: _Cents = 0
    list_price_cents: _Cents | None = None
    vat_rate: Annotated[int, Meta(ge=0, le=10_000)] | None = None
    """In hundredths of a per cent: 900 is 9 %."""
    price_band: Annotated[int, Meta(ge=1, le=10)] | None = None
    channel: _Text = ""
    payment_class: _Text | None = None
    promo: bool | None = None
    attended: bool | None = None
    email: Annotated[str, Meta(max_length=320)] | None = None
    customer: _Text | None = None
    buyer_pseudonym: Annotated[str, Meta(max_length=129)] | None = None
    postcode: _Text | None = None
    country: _Text | None = None
    birth_date: _Moment | None = None
    birth_year: Annotated[int, Meta(ge=0, le=9999)] | None = None
    birth_band: _Moment | None = None
    gender: _Text | None = None
    language: _Text | None = None
    consent: _Text = "none"
    """statistics, consent or none. None: the ticket counts, the buyer does not."""
