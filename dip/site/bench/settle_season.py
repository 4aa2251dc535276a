"""A season of agreements for the settle bench, the same every time: invented terms and sales in the mix that agencies see."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from dip.contracts.rules.values import completed
from dip.contracts.terms.fields import Tranche, Value, Values
from dip.contracts.terms.statement import Evening

LOW, HIGH = Fraction(9, 100), Fraction(21, 100)
#: Format → agreements in a thousand.
MIX = {"partage": 917, "buyout": 66, "volume": 14, "suppletion": 1, "rent": 2}
SEATS = (280, 640, 1_150)
#: The agreements that ``docs/algorithms/settlement.md`` works out, one per format.
SAMPLES: Mapping[str, dict[str, Value]] = {
    "partage": {
        "provider_percentage": Decimal(80),
        "provider_guarantee": 650_000,
        "royalties_percentage": Decimal(12),
        "royalties_add_part": True,
        "theatre_surcharge": 200,
        "consumption_surcharge": 100,
        "wardrobe_surcharge": 50,
    },
    "rent": {"rent": 285_000, "other_charges": 64_050, "theatre_surcharge": 350},
    "buyout": {"buyout_amount": 450_000, "royalties_percentage": Decimal(11)},
    "suppletion": {
        "provider_percentage": Decimal(75),
        "suppletion": 250_000,
        "suppletion_warranty": 450_000,
        "royalties_percentage": Decimal(11),
        "royalties_add_part": True,
        "theatre_surcharge": 425,
    },
    "volume": {
        "tranches": (Tranche(400_000, Decimal(100)), Tranche(None, Decimal(50))),
        "royalties_percentage": Decimal(10),
        "royalties_add_part": True,
    },
}


@dataclass(frozen=True, slots=True)
class SeasonAgreement:
    """One agreement with what was sold. ``seats``: of each performance."""

    format: str
    values: Values
    evenings: tuple[Evening, ...]
    seats: int


def season(count: int) -> Iterator[SeasonAgreement]:
    """So many agreements, each over one to three performances."""
    chance = Random(26)  # noqa: S311  figures, not secrets
    formats = [code for code, share in MIX.items() for _ in range(share)]
    number = 0
    for place in range(count):
        code = formats[(place * 617) % len(formats)]  # a step without a common part with 1,000: the mix is in every thousand
        seats, played = chance.choice(SEATS), chance.choice((1, 2, 2, 3))
        values = completed(code, {**SAMPLES[code], **_varied(chance, code), "entrance_prices": (chance.randrange(18, 42) * 100,)})
        evenings = tuple(_evening(chance, number + night + 1, seats, values) for night in range(played))
        number += played
        yield SeasonAgreement(code, values, evenings, seats)


def _varied(chance: Random, code: str) -> dict[str, Value]:
    surcharge: dict[str, Value] = {"theatre_surcharge": chance.choice((0, 200, 250, 350))}
    if code != "partage":
        return surcharge
    return surcharge | {
        "provider_percentage": Decimal(chance.choice((70, 75, 80, 85))),
        "provider_guarantee": chance.choice((None, 350_000, 650_000)),
        "guarantee_per_performance": chance.random() < 0.7,
        "royalties_percentage": Decimal(chance.choice((10, 11, 12))),
        "royalties_add_part": chance.random() < 0.5,
    }


def _evening(chance: Random, number: int, seats: int, values: Mapping[str, Any]) -> Evening:
    tickets = chance.randrange(seats // 5, seats)
    return Evening(number, tickets, tickets * values["entrance_prices"][0] - chance.randrange(0, tickets * 300), LOW, HIGH)
