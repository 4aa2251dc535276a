"""Staffel: the net in tranches, each with its own split, after shared costs; guarantees as in partage."""

from dataclasses import replace

from dip.contracts.rules import charges, sharing
from dip.contracts.rules.checks import tranches_in_order
from dip.contracts.rules.fields import (
    EACH,
    FIXED_SUMS,
    GUARANTEE_PER_PERFORMANCE,
    GUARANTEE_SUM,
    GUARANTEES,
    RIGHTS,
    SHARE_VAT,
    WHOLE,
    G,
    M,
    texts,
)
from dip.contracts.rules.formats import Format
from dip.contracts.rules.ledger import Ledger
from dip.contracts.terms.fields import Choice, Field


def share(ledger: Ledger, step: str) -> None:
    """Shared costs, tranches, then the guarantee."""
    sharing.by_tranches(ledger, step)
    sharing.guarantee(ledger, step)


FORMAT = Format(
    code="volume",
    order=5,
    names=texts("Staffel", "Tranches", "Paliers"),
    sentences=texts(
        "Het netto in tranches, elk met een eigen verdeling, na gezamenlijke kosten.",
        "The net in tranches, each with its own split, after shared costs.",
        "Le net par paliers, chacun avec son partage, après frais communs.",
    ),
    fields=(
        Field(
            "tranches",
            M.TRANCHES,
            G.SHARE,
            texts("Tranches", "Tranches", "Paliers"),
            texts("netto tot en met; deel van de aanbieder", "net up to; provider’s share", "net jusqu’à ; part du producteur"),
            wire="volumes",
            rejection="tranche",
            is_required=True,
            default=(),
        ),
        Field(
            "shared_costs",
            M.MONEY,
            G.SHARE,
            texts("Gezamenlijke kosten", "Shared costs", "Frais communs"),
            texts("excl. btw", "excl. VAT", "hors TVA"),
            wire="shared_costs",
            rejection="combined_budget",
            default=0,
        ),
        *GUARANTEES,
        replace(GUARANTEE_PER_PERFORMANCE, wire="", default=False),
        *RIGHTS,
        Field(
            "shared_costs_by",
            M.CHOICE,
            G.READING,
            texts("Gezamenlijke kosten zijn gemaakt door", "Shared costs were made by", "Les frais communs sont engagés par"),
            default="theatre",
            choices=(
                Choice("theatre", texts("het theater", "the theatre", "le théâtre")),
                Choice("provider", texts("de aanbieder", "the provider", "le producteur")),
            ),
        ),
        Field(
            "tranche_reading",
            M.CHOICE,
            G.READING,
            texts("Een tranche geldt", "A tranche holds", "Un palier s’applique"),
            default="marginal",
            choices=(
                Choice(
                    "marginal", texts("voor het netto binnen de tranche", "for the net within it", "au net compris dans le palier")
                ),
                Choice("whole", texts("voor het hele netto", "for all of the net", "à tout le net")),
            ),
        ),
        Field(
            "tranche_basis",
            M.CHOICE,
            G.READING,
            texts("Tranches lopen", "Tranches run", "Les paliers courent"),
            default="whole",
            choices=(WHOLE, EACH),
        ),
        FIXED_SUMS,
        GUARANTEE_SUM,
        SHARE_VAT,
    ),
    share=share,
    charge=charges.provider_invoices,
    check=tranches_in_order,
)
