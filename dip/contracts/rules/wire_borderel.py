"""The calculation of one performance as the External API's settlement sheets carry it."""

from dip.contracts.terms.fields import Values
from dip.contracts.terms.statement import Statement, SurchargeCode

_FEES = {
    SurchargeCode.THEATRE: "theaterFeeInVat",
    SurchargeCode.CONSUMPTION: "consumptionFeeInVat",
    SurchargeCode.SERVICE: "serviceFeeInVat",
    SurchargeCode.WARDROBE: "wardrobeFeeInVat",
}


def calculation(statement: Statement, number: int) -> dict[str, int]:
    """Whole cents of one performance; over the performances of an agreement each member sums to the agreement's."""
    at = {line.code: statement.evening(number, line.code) for line in statement}

    def cents(code: str) -> int:
        return at.get(code, 0)

    fees = {name: cents(f"surcharge_{code}") for code, name in _FEES.items()}
    return {
        "grossRevenueInVat": cents("gross"),
        "theaterDeductionInVat": sum(fees.values()),
        **fees,
        "consumerRevenueExVat": cents("theatre_share"),
        "providerRevenueExVat": cents("provider_share"),
        "grossRevenueVat": cents("vat"),
        "providerRevenueVat": cents("provider_vat") + cents("provider_recette_vat") - cents("use_vat"),
        "copyrightExVat": cents("recette") - cents("vat") if "royalties" in at else 0,
        "copyrightTotalExVat": cents("royalties"),
        "copyrightTotalVat": 0,
        "netRevenueExVat": cents("net"),
        "providerTotalExVat": cents("provider_ex"),
        "consumerTotalExVat": cents("theatre_ex"),
        "providerTotalInVat": cents("provider_total"),
        "combinedBudgetTotalExVat": cents("shared_costs"),
    }


def agreed(values: Values, statement: Statement) -> dict[str, float | int | None]:
    """What the sheet repeats of the agreement: percentages, guarantees, and the royalties of all its performances."""
    return {
        "contractPercentage": _number(values.get("provider_percentage")),
        "contractCopyrightPercentage": _number(values.get("royalties_percentage")),
        "contractCopyrightTotal": statement.cents("royalties"),
        "contractPartagePercentage": _number(values.get("provider_percentage")),
        "contractGuaranteeProvider": _cents(values.get("provider_guarantee")) or _cents(values.get("suppletion_warranty")),
        "contractGuaranteeConsumer": _cents(values.get("theatre_guarantee")),
    }


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))


def _cents(value: object) -> int:
    return value if isinstance(value, int) else 0
