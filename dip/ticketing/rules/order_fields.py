"""What connectors make of the words of orders: bands of price, years of birth, fees spread over tickets, amounts in cents."""

import re
from collections.abc import Iterable
from decimal import Decimal

_BAND = re.compile(r"\b(?:rang|rank|prijsrang|categorie|category|cat\.?|zone)\s*(10|[1-9])\b", re.IGNORECASE)
_YEAR = re.compile(r"((?:19|20)\d\d)(?:-\d\d-\d\d)?")


def price_band(name: str) -> int | None:
    """1 to 10 of a name like "Rang 2"; None when the name has no number of that sort."""
    found = _BAND.search(name)
    return int(found[1]) if found else None


def birth_year(answers: Iterable[str]) -> int | None:
    """The year of the first answer of an order that names one: who orders fills in the own ticket first. None: none names one."""
    return next((int(found[1]) for text in answers if (found := _YEAR.fullmatch(text.strip()))), None)


def spread(total: int, count: int) -> list[int]:
    """Cents over ``count`` tickets, the first ones a cent more where it does not come out: 250 over 3 is 84, 83, 83."""
    if count == 0:
        return []
    each, rest = divmod(total, count)
    return [each + (place < rest) for place in range(count)]


def in_cents(amount: str | float | int | None) -> int:
    """An amount in euros, as systems write it, in cents: "32.50" and 32.5 are 3250; None is 0."""
    return int((Decimal(str(amount or 0)) * 100).to_integral_value())
