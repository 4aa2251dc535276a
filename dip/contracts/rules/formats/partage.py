"""Partage: the provider's share of the net, with one guarantee, to the provider or to the theatre."""

from dip.contracts.rules import charges, sharing
from dip.contracts.rules.checks import one_guarantee
from dip.contracts.rules.fields import (
    GUARANTEE_PER_PERFORMANCE,
    GUARANTEE_SUM,
    GUARANTEES,
    PROVIDER_PERCENTAGE,
    RIGHTS,
    SHARE_VAT,
    texts,
)
from dip.contracts.rules.formats import Format
from dip.contracts.rules.ledger import Ledger


def share(ledger: Ledger, step: str) -> None:
    """By percentage, then the guarantee."""
    sharing.by_percentage(ledger, step)
    sharing.guarantee(ledger, step)


FORMAT = Format(
    code="partage",
    order=1,
    names=texts("Partage", "Partage", "Partage"),
    sentences=texts(
        "Een deel van het netto, met hoogstens één garantie.",
        "A share of the net, with one guarantee at most.",
        "Une part du net, avec une garantie au plus.",
    ),
    fields=(PROVIDER_PERCENTAGE, *GUARANTEES, GUARANTEE_PER_PERFORMANCE, *RIGHTS, GUARANTEE_SUM, SHARE_VAT),
    share=share,
    charge=charges.provider_invoices,
    check=one_guarantee,
)
