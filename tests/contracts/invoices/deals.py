"""Deals whose borderel both signed, and the details that their parties filled in. Every name and number is invented."""

from datetime import date, timedelta
from typing import Any

from dip.contracts.actions import invoice_parties
from dip.contracts.models import Invoice, InvoiceSeries, PartyDetails
from dip.contracts.terms.invoices import PartyFacts
from dip.registry.models import Organisation
from dip.registry.terms import Access
from tests.contracts.invoices.papers import GROUP, HOUSE, with_party
from tests.factories.contracts import REASON, SETTLED, Deal, make_deal
from tests.factories.registry import NOW, make_access

TODAY = date(2026, 11, 23)
LATER = NOW + timedelta(days=1)


def fill_in(organisation: Organisation, facts: PartyFacts, language: str = "nl") -> PartyDetails:
    """The details of an organisation, filled in by its own people."""
    return invoice_parties.change_party(access=make_access(organisation), at=NOW, facts=facts, language=language)


def settled(format_code: str = "partage", *, filled: bool = True, **over: Any) -> Deal:
    """A deal whose borderel both signed; with the details of both unless not."""
    deal = make_deal(SETTLED, format_code, **over)
    if filled:
        fill_in(deal.producer, GROUP)
        fill_in(deal.house, HOUSE, language="en")
        if deal.agency:
            fill_in(deal.agency, with_party(GROUP, legal_name="Impresariaat Van Halderen BV", kvk="11223344", peppol_id=""))
    return deal


def seller_of(deal: Deal) -> Access:
    """Who issues an ordinary invoice: the provider's side."""
    return deal.provider


def kept(deal: Deal) -> list[Invoice]:
    """Every invoice and credit note of the deal, oldest first."""
    return list(Invoice.objects.across_tenants(REASON).filter(agreement=deal.agreement).order_by("id"))


def series() -> dict[tuple[int, int, int], int]:
    """Last number by seller, maker and year."""
    rows = InvoiceSeries.objects.across_tenants(REASON).all()
    return {(row.seller_id, row.maker_id, row.year): row.last for row in rows}
