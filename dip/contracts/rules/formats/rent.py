"""Verhuur: rent and other charges for the theatre; the recette is the provider's."""

from dip.contracts.rules import charges, sharing
from dip.contracts.rules.checks import nothing_more
from dip.contracts.rules.fields import FIXED_SUMS, G, M, texts
from dip.contracts.rules.formats import Format
from dip.contracts.rules.ledger import Ledger, minus, plus
from dip.contracts.terms.fields import Choice, Field
from dip.contracts.terms.statement import Party, Sign


def share(ledger: Ledger, step: str) -> None:
    """All of the net to the provider, less the rent and the other charges."""
    rent, other = (sharing.fixed_sum(ledger, code) for code in ("rent", "other_charges"))
    ledger.add("rent", step, rent, sign=Sign.MINUS, party=Party.THEATRE)
    ledger.add("other_charges", step, other, sign=Sign.MINUS, party=Party.THEATRE)
    ledger.add("provider_share", step, minus(ledger.amounts("net"), rent, other), sign=Sign.SUM, party=Party.PROVIDER)
    ledger.add("theatre_share", step, plus(rent, other), party=Party.THEATRE)


FORMAT = Format(
    code="rent",
    order=2,
    names=texts("Verhuur", "Rent", "Location"),
    sentences=texts(
        "Huur en overige kosten voor het theater; de recette is van de aanbieder.",
        "Rent and other charges for the theatre; the recette is the provider’s.",
        "Loyer et autres frais au théâtre ; la recette revient au producteur.",
    ),
    fields=(
        Field(
            "rent",
            M.MONEY,
            G.SHARE,
            texts("Huur", "Rent", "Loyer"),
            texts("excl. btw", "excl. VAT", "hors TVA"),
            wire="rent",
            rejection="rent",
            is_required=True,
        ),
        Field(
            "other_charges",
            M.MONEY,
            G.SHARE,
            texts("Overige kosten", "Other charges", "Autres frais"),
            texts("excl. btw", "excl. VAT", "hors TVA"),
            wire="other_charges",
            rejection="other_costs",
            default=0,
        ),
        FIXED_SUMS,
        Field(
            "use_vat",
            M.CHOICE,
            G.READING,
            texts("Btw op huur en overige kosten", "VAT on rent and other charges", "TVA sur le loyer et les autres frais"),
            default="high",
            choices=(
                Choice("high", texts("hoog tarief", "high rate", "taux normal")),
                Choice("low", texts("tarief van de voorstelling", "rate of the performance", "taux de la représentation")),
                Choice("exempt", texts("vrijgesteld", "exempt", "exonéré")),
            ),
        ),
    ),
    share=share,
    charge=charges.theatre_invoices,
    check=nothing_more,
    issuer=Party.THEATRE,
)
