"""Uitkoop: a fixed sum to the provider; the recette is the theatre's."""

from dip.contracts.rules import charges, sharing
from dip.contracts.rules.checks import nothing_more
from dip.contracts.rules.fields import FIXED_SUMS, ROYALTIES_ADD_PART, ROYALTIES_BASE, ROYALTIES_PERCENTAGE, SHARE_VAT, G, M, texts
from dip.contracts.rules.formats import Format
from dip.contracts.rules.ledger import Ledger
from dip.contracts.terms.fields import Field


def share(ledger: Ledger, step: str) -> None:
    """The sum to the provider, the rest of the net to the theatre, below 0 too."""
    sharing.write_shares(ledger, step, sharing.fixed_sum(ledger, "buyout_amount"), None, ledger.amounts("net"))


FORMAT = Format(
    code="buyout",
    order=3,
    names=texts("Uitkoop", "Buyout", "Cession"),
    sentences=texts(
        "Een vast bedrag voor de aanbieder; de recette is van het theater.",
        "A fixed sum for the provider; the recette is the theatre’s.",
        "Un montant fixe au producteur ; la recette revient au théâtre.",
    ),
    fields=(
        Field(
            "buyout_amount",
            M.MONEY,
            G.SHARE,
            texts("Uitkoopsom", "Buyout sum", "Prix de cession"),
            texts("excl. btw", "excl. VAT", "hors TVA"),
            wire="buyout_amount",
            rejection="buyout_amount",
            is_required=True,
        ),
        ROYALTIES_PERCENTAGE,
        ROYALTIES_ADD_PART,
        ROYALTIES_BASE,
        FIXED_SUMS,
        SHARE_VAT,
    ),
    share=share,
    charge=charges.provider_invoices,
    check=nothing_more,
)
