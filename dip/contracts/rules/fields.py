"""The fields that formats have in common, and those that several formats share."""

from decimal import Decimal

from dip.contracts.terms.fields import Choice, Field, FieldGroup, FieldKind
from dip.contracts.terms.statement import SurchargeCode

M, G = FieldKind, FieldGroup


def texts(nl: str, en: str, fr: str) -> dict[str, str]:
    """The three languages of a text."""
    return {"nl": nl, "en": en, "fr": fr}


EACH = Choice("each", texts("per voorstelling", "per performance", "par représentation"))
WHOLE = Choice("whole", texts("voor het geheel", "for the whole", "pour l’ensemble"))

PROVIDER_PERCENTAGE = Field(
    "provider_percentage",
    M.PERCENT,
    G.SHARE,
    texts("Deel aanbieder", "Provider’s share", "Part du producteur"),
    texts("van het netto, excl. btw", "of the net, excl. VAT", "du net, hors TVA"),
    wire="partage_percentage",
    rejection="provider_partage",
    is_required=True,
    default=Decimal(80),
)
GUARANTEES = (
    Field(
        "provider_guarantee",
        M.MONEY,
        G.SHARE,
        texts("Garantie aanbieder", "Guarantee for the provider", "Garantie du producteur"),
        texts("excl. btw", "excl. VAT", "hors TVA"),
        wire="producer_warranty",
        rejection="provider_guarantee",
    ),
    Field(
        "theatre_guarantee",
        M.MONEY,
        G.SHARE,
        texts("Garantie theater", "Guarantee for the theatre", "Garantie du théâtre"),
        texts("excl. btw", "excl. VAT", "hors TVA"),
        wire="theater_warranty",
        rejection="consumer_guarantee",
    ),
)
GUARANTEE_PER_PERFORMANCE = Field(
    "guarantee_per_performance",
    M.YES_NO,
    G.SHARE,
    texts("Garantie per voorstelling", "Guarantee per performance", "Garantie par représentation"),
    texts(
        "zo niet: over alle voorstellingen samen",
        "if not: over all performances together",
        "sinon : sur l’ensemble des représentations",
    ),
    wire="warranty_per_performance",
    rejection="guarantee_calculation",
    default=True,
)
GUARANTEE_SUM = Field(
    "guarantee_sum",
    M.CHOICE,
    G.READING,
    texts("Garantiebedrag over alle voorstellingen", "Guaranteed sum over all performances", "Montant garanti sur l’ensemble"),
    texts(
        "het bedrag geldt voor het geheel, of keer het aantal voorstellingen",
        "the amount is for the whole, or times the number of performances",
        "le montant vaut pour l’ensemble, ou multiplié par le nombre de représentations",
    ),
    default="whole",
    choices=(WHOLE, EACH),
)
ROYALTIES_PERCENTAGE = Field(
    "royalties_percentage",
    M.PERCENT,
    G.RIGHTS,
    texts("Auteursrechten", "Royalties", "Droits d’auteur"),
    wire="royalties_percentage",
    rejection="copyright",
    default=Decimal(0),
)
ROYALTIES_ADD_PART = Field(
    "royalties_add_part",
    M.YES_NO,
    G.RIGHTS,
    texts("Auteursrechten inclusief", "Royalties: add part", "Droits d’auteur en dedans"),
    texts("12/112 in plaats van 12/100", "12/112 in place of 12/100", "12/112 au lieu de 12/100"),
    wire="royalties_add_part_percentage",
    rejection="copyright_calculation",
    default=False,
)
ROYALTIES_BASE = Field(
    "royalties_base",
    M.CHOICE,
    G.READING,
    texts("Grondslag auteursrechten", "Base of royalties", "Assiette des droits d’auteur"),
    default="ex_vat",
    choices=(
        Choice("ex_vat", texts("recette excl. btw", "recette excl. VAT", "recette hors TVA")),
        Choice("in_vat", texts("recette incl. btw", "recette incl. VAT", "recette TVA comprise")),
    ),
)
RIGHTS = (ROYALTIES_PERCENTAGE, ROYALTIES_ADD_PART, ROYALTIES_BASE)
FIXED_SUMS = Field(
    "fixed_sums",
    M.CHOICE,
    G.READING,
    texts("Vaste bedragen gelden", "Fixed sums are", "Les montants fixes valent"),
    default="whole",
    choices=(WHOLE, EACH),
)
SHARE_VAT = Field(
    "share_vat",
    M.CHOICE,
    G.READING,
    texts("Btw op het deel van de aanbieder", "VAT on the provider’s share", "TVA sur la part du producteur"),
    default="low",
    choices=(
        Choice("low", texts("tarief van de voorstelling", "rate of the performance", "taux de la représentation")),
        Choice("high", texts("hoog tarief", "high rate", "taux normal")),
        Choice("exempt", texts("vrijgesteld", "exempt", "exonéré")),
        Choice("reverse", texts("verlegd", "reverse charge", "autoliquidation")),
    ),
)


def _surcharge(code: SurchargeCode, wire: str, rejection: str, names: dict[str, str]) -> Field:
    per = texts("per betaalde kaart, incl. btw", "a paid ticket, incl. VAT", "par billet payé, TVA comprise")
    return Field(f"{code}_surcharge", M.MONEY, G.SURCHARGES, names, per, wire=wire, rejection=rejection, default=0, unit="ticket")


SURCHARGES = (
    _surcharge(
        SurchargeCode.THEATRE,
        "theater_fee",
        "theater_surcharge",
        texts("Theatertoeslag", "Theatre surcharge", "Supplément du théâtre"),
    ),
    _surcharge(
        SurchargeCode.CONSUMPTION,
        "consumption_fee",
        "consumption_surcharge",
        texts("Consumptietoeslag", "Consumption surcharge", "Supplément consommation"),
    ),
    _surcharge(
        SurchargeCode.SERVICE,
        "service_fee",
        "service_surcharge",
        texts("Servicetoeslag", "Service surcharge", "Supplément de service"),
    ),
    _surcharge(
        SurchargeCode.WARDROBE,
        "wardrobe_fee",
        "wardrobe_surcharge",
        texts("Garderobetoeslag", "Wardrobe surcharge", "Supplément vestiaire"),
    ),
)
SURCHARGES_IN_RECETTE = Field(
    "surcharges_in_recette",
    M.SURCHARGES,
    G.READING,
    texts(
        "Toeslagen die in de recette van het kaartsysteem zitten",
        "Surcharges that the ticketing system counts in its recette",
        "Suppléments compris dans la recette de la billetterie",
    ),
    default=("theatre",),
)
#: Every format has these.
SHARED: tuple[Field, ...] = (
    Field(
        "entrance_prices",
        M.PRICES,
        G.PRICES,
        texts("Entreeprijzen", "Entrance prices", "Prix d’entrée"),
        texts(
            "per rang, incl. btw en theatertoeslag",
            "per rank, incl. VAT and theatre surcharge",
            "par rang, TVA et supplément compris",
        ),
        wire="entrance_pricing",
        rejection="ticket_price",
        is_required=True,
        default=(),
    ),
    Field(
        "settlement_prices",
        M.PRICES,
        G.PRICES,
        texts("Verrekenprijzen", "Settlement prices", "Prix de décompte"),
        texts(
            "per rang: entreeprijs min theatertoeslag",
            "per rank: entrance price less theatre surcharge",
            "par rang : prix d’entrée moins supplément",
        ),
        wire="settlement_pricing",
        rejection="ticket_price",
        default=(),
    ),
    *SURCHARGES,
    Field(
        "framework_applies",
        M.YES_NO,
        G.PRACTICAL,
        texts("Mantelovereenkomst is van toepassing", "Framework agreement applies", "Convention-cadre applicable"),
        wire="mantel_agreement",
        rejection="remark",
        default=False,
    ),
    Field(
        "theatre_technicians",
        M.COUNT,
        G.PRACTICAL,
        texts("Technici van het theater", "Technicians of the theatre", "Techniciens du théâtre"),
        wire="theater_technicians",
        rejection="remark",
        unit="people",
    ),
    Field(
        "provider_technicians",
        M.COUNT,
        G.PRACTICAL,
        texts("Technici van de aanbieder", "Technicians of the provider", "Techniciens du producteur"),
        wire="producer_technicians",
        rejection="remark",
        unit="people",
    ),
    Field(
        "free_tickets",
        M.COUNT,
        G.PRACTICAL,
        texts("Vrijkaarten voor de aanbieder", "Free tickets for the provider", "Billets gratuits du producteur"),
        texts("per voorstelling", "per performance", "par représentation"),
        rejection="remark",
        unit="tickets",
    ),
    Field(
        "publicity",
        M.MONEY,
        G.PRACTICAL,
        texts("Publiciteit door het theater", "Publicity by the theatre", "Publicité par le théâtre"),
        texts("niet in de afrekening", "not in the settlement", "hors décompte"),
        rejection="remark",
    ),
    Field(
        "payment_days",
        M.COUNT,
        G.PRACTICAL,
        texts("Betaling na factuur", "Payment after the invoice", "Paiement après facture"),
        rejection="remark",
        default=14,
        unit="days",
    ),
    Field(
        "remarks",
        M.TEXT,
        G.PRACTICAL,
        texts("Opmerkingen", "Remarks", "Remarques"),
        wire="remarks",
        rejection="remark",
        default="",
    ),
    SURCHARGES_IN_RECETTE,
)
