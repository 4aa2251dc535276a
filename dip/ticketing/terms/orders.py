"""A row of the standard format for orders: one version of one ticket, as a source gives it.

Connectors give these rows and the door for deliveries decodes them. Nothing here is stored: what a row says of a buyer is
pseudonymised, coarsened or left out before anything is written.
"""

import msgspec


class TicketRow(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True, gc=False):
    """One version of one ticket. Money in euro cents including VAT; times in RFC 3339 with an offset; "" and None: not given.

    ``ticket`` and ``order`` are the source's own references. ``performance`` is the national number or ``DIP-id|number``; a source
    that knows neither gives its own ``event``. Of two versions of a ticket the one with the newest ``changed_at`` counts.
    """

    ticket: str
    order: str
    state: str
    changed_at: str
    sold_at: str
    price_cents: int
    performance: str = ""
    event: str = ""
    cancelled_at: str | None = None
    kind: str = ""
    source_kind: str = ""
    fee_cents: int = 0
    list_price_cents: int | None = None
    vat_rate: int | None = None
    """In hundredths of a per cent: 900 is 9 %."""
    price_band: int | None = None
    channel: str = ""
    payment_class: str | None = None
    promo: bool | None = None
    attended: bool | None = None
    email: str | None = None
    customer: str | None = None
    buyer_pseudonym: str | None = None
    postcode: str | None = None
    country: str | None = None
    birth_date: str | None = None
    birth_year: int | None = None
    birth_band: str | None = None
    gender: str | None = None
    language: str | None = None
    consent: str = "none"
    """statistics, consent or none. None: the ticket counts, the buyer does not."""
