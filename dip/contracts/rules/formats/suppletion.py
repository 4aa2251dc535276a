"""Suppletie: partage, topped up by the theatre."""

from dataclasses import replace

from dip.contracts.rules import charges, sharing
from dip.contracts.rules.checks import supplement_and_sum
from dip.contracts.rules.fields import GUARANTEE_PER_PERFORMANCE, GUARANTEE_SUM, PROVIDER_PERCENTAGE, RIGHTS, SHARE_VAT, G, M, texts
from dip.contracts.rules.formats import Format
from dip.contracts.rules.ledger import Ledger
from dip.contracts.terms.fields import Choice, Field


def share(ledger: Ledger, step: str) -> None:
    """By percentage, then the supplement."""
    sharing.by_percentage(ledger, step)
    sharing.supplement(ledger, step)


FORMAT = Format(
    code="suppletion",
    order=4,
    names=texts("Suppletie", "Supplement", "Complément"),
    sentences=texts(
        "Een deel van het netto, door het theater aangevuld tot een bedrag, met hoogstens zoveel.",
        "A share of the net, topped up by the theatre to a sum, by so much at most.",
        "Une part du net, complétée par le théâtre jusqu’à un montant, dans une limite.",
    ),
    fields=(
        PROVIDER_PERCENTAGE,
        Field(
            "suppletion_warranty",
            M.MONEY,
            G.SHARE,
            texts("Aanvullen tot", "Top up to", "Compléter jusqu’à"),
            texts("excl. btw", "excl. VAT", "hors TVA"),
            wire="warranty",
            rejection="amount",
            is_required=True,
        ),
        Field(
            "suppletion",
            M.MONEY,
            G.SHARE,
            texts("Suppletie, ten hoogste", "Supplement, at most", "Complément, au plus"),
            texts("excl. btw", "excl. VAT", "hors TVA"),
            wire="suppletion",
            rejection="suppletion_amount",
            is_required=True,
        ),
        replace(GUARANTEE_PER_PERFORMANCE, rejection="guarantee_per_performance"),
        *RIGHTS,
        Field(
            "suppletion_reading",
            M.CHOICE,
            G.READING,
            texts("Suppletie is", "The supplement is", "Le complément est"),
            default="top_up",
            choices=(
                Choice(
                    "top_up",
                    texts("een aanvulling tot een bedrag", "a top-up to a sum", "un complément jusqu’à un montant"),
                ),
                Choice(
                    "fixed",
                    texts("een vast bedrag, met een minimum", "a fixed sum, with a minimum", "un montant fixe, avec un minimum"),
                ),
            ),
        ),
        GUARANTEE_SUM,
        SHARE_VAT,
    ),
    share=share,
    charge=charges.provider_invoices,
    check=supplement_and_sum,
)
