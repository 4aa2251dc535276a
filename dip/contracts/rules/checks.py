"""What is wrong with terms: each finding names the field, the value and, in its sentence, the remedy."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from dip.contracts.terms.fields import Field, FieldKind, TermsFinding, Tranche, Values

MOST_RANKS = 10


def nothing_more(values: Values) -> list[TermsFinding]:
    """For a format whose fields say it all."""
    return []


def one_guarantee(values: Values) -> list[TermsFinding]:
    """A guarantee for the provider and one for the theatre contradict each other."""
    both = [values.get(code) for code in ("provider_guarantee", "theatre_guarantee")]
    if all(both):
        return [TermsFinding("two_guarantees", "theatre_guarantee", {"provider_cents": both[0], "theatre_cents": both[1]})]
    return []


def supplement_and_sum(values: Values) -> list[TermsFinding]:
    """Topping up by nothing, or to nothing, says nothing."""
    if values.get("suppletion_reading") == "fixed":
        return []
    empty = [code for code in ("suppletion", "suppletion_warranty") if not values.get(code)]
    return [TermsFinding("supplement_of_nothing", code) for code in empty]


def tranches_in_order(values: Values) -> list[TermsFinding]:
    """Limits rise from tranche to tranche, only the last has none, and shares are percentages."""
    raw = values.get("tranches")
    tranches = [item for item in raw if isinstance(item, Tranche)] if isinstance(raw, tuple) else []
    found = one_guarantee(values)
    if tranches and tranches[0].limit_cents is not None and tranches[0].limit_cents <= 0:
        limits = {"place": 1, "limit_cents": tranches[0].limit_cents, "lower_cents": 0}
        found.append(TermsFinding("tranches_out_of_order", "tranches", limits))
    for place, (lower, upper) in enumerate(pairwise(tranches), start=1):
        if lower.limit_cents is None:
            found.append(TermsFinding("tranche_after_the_last", "tranches", {"place": place}))
        elif upper.limit_cents is not None and upper.limit_cents <= lower.limit_cents:
            limits = {"place": place + 1, "limit_cents": upper.limit_cents, "lower_cents": lower.limit_cents}
            found.append(TermsFinding("tranches_out_of_order", "tranches", limits))
    return found + [
        TermsFinding("percentage_out_of_range", "tranches", {"value": tranche.percentage})
        for tranche in tranches
        if not 0 <= tranche.percentage <= 100
    ]


def check_fields(fields: Sequence[Field], values: Values) -> list[TermsFinding]:
    """What each field by itself asks for: filled where it is required, not negative, at most 100 %."""
    found = []
    for field in fields:
        value = values.get(field.code)
        if field.is_required and (value is None or value == ()):
            found.append(TermsFinding("field_missing", field.code))
        elif field.kind is FieldKind.PERCENT and isinstance(value, Decimal) and not 0 <= value <= 100:
            found.append(TermsFinding("percentage_out_of_range", field.code, {"value": value}))
        elif field.kind in (FieldKind.MONEY, FieldKind.COUNT) and isinstance(value, int) and value < 0:
            found.append(TermsFinding("negative", field.code, {"value": value}))
    return found


def check_prices(values: Values, ranks_in_use: int) -> list[TermsFinding]:
    """A price for every rank that a performance uses, and settlement prices that are entrance prices less the theatre's surcharge.

    ``ranks_in_use``: the highest rank with seats over all performances, 0 where no seats are known.
    """
    entrance, settled = (_prices(values, code) for code in ("entrance_prices", "settlement_prices"))
    found = []
    for code, prices in (("entrance_prices", entrance), ("settlement_prices", settled)):
        if prices and len(prices) < ranks_in_use:
            found.append(TermsFinding("price_missing", code, {"rank": len(prices) + 1, "ranks": ranks_in_use}))
        if len(prices) > MOST_RANKS:
            found.append(TermsFinding("too_many_ranks", code, {"ranks": len(prices)}))
        if any(price < 0 for price in prices):
            found.append(TermsFinding("negative", code, {"value": min(prices)}))
    fee = values.get("theatre_surcharge")
    fee = fee if isinstance(fee, int) else 0
    for rank, (asked, kept) in enumerate(zip(entrance, settled, strict=False), start=1):
        if asked - fee != kept:
            told = {"rank": rank, "entrance_cents": asked, "settlement_cents": kept, "surcharge_cents": fee}
            found.append(TermsFinding("prices_differ", "settlement_prices", told, is_warning=True))
    return found


def _prices(values: Values, code: str) -> tuple[int, ...]:
    value = values.get(code)
    return tuple(item for item in value if isinstance(item, int)) if isinstance(value, tuple) else ()
