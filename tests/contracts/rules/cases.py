"""Random agreements and evenings for the calculator: every format, every reading, and what is rare on purpose often."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from random import Random

from dip.contracts.rules.values import completed
from dip.contracts.terms.fields import Tranche, Value
from dip.contracts.terms.statement import Evening, SurchargeCode

FORMATS = ("partage", "rent", "buyout", "suppletion", "volume")
LOW_RATES = tuple(Fraction(percentage, 100) for percentage in (9, 9, 9, 6, 0, 21))
HIGH_RATES = (Fraction(21, 100), Fraction(21, 100), Fraction(19, 100))


@dataclass(frozen=True)
class Case:
    format: str
    values: dict[str, Value]
    evenings: tuple[Evening, ...]


def case(chance: Random) -> Case:
    """One agreement, with 0 to 6 performances."""
    code = chance.choice(FORMATS)
    return Case(code, completed(code, terms(chance, code)), evenings(chance))


def amount(chance: Random, most: int = 2_000_000) -> int:
    """Often nothing, often a round sum, sometimes a cent."""
    return chance.choice(
        (0, 1, chance.randrange(most), chance.randrange(most // 100) * 100, chance.randrange(most // 50_000) * 50_000)
    )


def percentage(chance: Random) -> Decimal:
    """Whole as a rule; with decimals, 0 and 100 too."""
    return chance.choice(
        (
            Decimal(0),
            Decimal(100),
            Decimal(80),
            Decimal(chance.randrange(101)),
            Decimal(chance.randrange(1001)) / 10,
            Decimal("33.333"),
        )
    )


def evenings(chance: Random) -> tuple[Evening, ...]:
    count = chance.choice((1, 1, 1, 2, 2, 3, 4, 5, 6, 0))
    rates = [chance.choice(LOW_RATES)] * count if chance.random() < 0.7 else [chance.choice(LOW_RATES) for _ in range(count)]
    high = chance.choice(HIGH_RATES)
    numbers = chance.sample(range(1, 10_000), count)
    return tuple(evening(chance, number, rate, high) for number, rate in zip(numbers, rates, strict=True))


def evening(chance: Random, number: int, low: Fraction, high: Fraction) -> Evening:
    tickets = chance.choice((0, 1, chance.randrange(30), chance.randrange(1_600)))
    price = chance.randrange(6_000)
    spare = chance.randrange(-500, 500)
    return Evening(number, tickets, max(0, tickets * price + spare), low, high, chance.randrange(30))


def terms(chance: Random, code: str) -> dict[str, Value]:
    """Terms that no check refuses."""
    found: dict[str, Value] = {f"{kind}_surcharge": chance.choice((0, 0, 50, 250, chance.randrange(900))) for kind in SurchargeCode}
    found["surcharges_in_recette"] = tuple(kind.value for kind in SurchargeCode if chance.random() < 0.5)
    found |= {
        "royalties_percentage": chance.choice((None, Decimal(0), Decimal(12), percentage(chance))),
        "royalties_add_part": chance.random() < 0.5,
        "royalties_base": chance.choice(("ex_vat", "ex_vat", "in_vat")),
        "share_vat": chance.choice(("low", "low", "high", "exempt", "reverse")),
        "use_vat": chance.choice(("high", "low", "exempt")),
        "fixed_sums": chance.choice(("whole", "each")),
        "guarantee_per_performance": chance.random() < 0.5,
        "guarantee_sum": chance.choice(("whole", "each")),
        "provider_percentage": percentage(chance),
    }
    found |= {"partage": guarantees, "volume": volume, "suppletion": suppletion, "buyout": buyout, "rent": rent}[code](chance)
    known = completed(code, {}).keys()
    return {name: value for name, value in found.items() if name in known}


def guarantees(chance: Random) -> dict[str, Value]:
    code = chance.choice(("provider_guarantee", "theatre_guarantee"))
    return {code: chance.choice((None, amount(chance), amount(chance)))}


def volume(chance: Random) -> dict[str, Value]:
    limits = sorted({1 + amount(chance) for _ in range(chance.randrange(4))})
    tranches = [Tranche(limit, percentage(chance)) for limit in limits]
    if not tranches or chance.random() < 0.8:
        tranches.append(Tranche(None, percentage(chance)))
    return {
        "tranches": tuple(tranches),
        "shared_costs": amount(chance, 500_000),
        "shared_costs_by": chance.choice(("theatre", "provider")),
        "tranche_reading": chance.choice(("marginal", "marginal", "whole")),
        "tranche_basis": chance.choice(("whole", "each")),
        **guarantees(chance),
    }


def suppletion(chance: Random) -> dict[str, Value]:
    reading = chance.choice(("top_up", "fixed"))
    return {"suppletion": amount(chance, 600_000), "suppletion_warranty": amount(chance), "suppletion_reading": reading}


def buyout(chance: Random) -> dict[str, Value]:
    return {"buyout_amount": amount(chance)}


def rent(chance: Random) -> dict[str, Value]:
    return {"rent": amount(chance), "other_charges": amount(chance, 100_000)}
