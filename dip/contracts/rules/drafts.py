"""Terms of a concept: read from what was given, completed, and told what is wrong and what is only missing."""

from collections.abc import Mapping, Sequence
from typing import Any

from dip.contracts.rules.values import check_terms, fields_of, read_value, stored
from dip.contracts.terms.fields import FieldKind, TermsFinding, Value, Values

#: What a concept may lack until it is proposed; everything else that is found refuses at once.
INCOMPLETE = frozenset({"field_missing", "price_missing", "supplement_of_nothing"})
#: Most characters of a text.
MOST_TEXT = 4000
#: Amounts above this are a slip of the hand: ten million euros.
MOST_CENTS = 1_000_000_000
#: What is taken from the hall, and not from another agreement.
OF_THE_HALL = ("theatre_surcharge", "consumption_surcharge", "service_surcharge", "wardrobe_surcharge")


def read_given(format_code: str, given: Mapping[str, Any]) -> tuple[dict[str, Value], list[TermsFinding]]:
    """Given values (as values, or as terms are stored) by code; what cannot be read, or is no field of the format, as findings."""
    known = {field.code: field for field in fields_of(format_code)}
    values: dict[str, Value] = {}
    found = []
    for code, raw in given.items():
        if code not in known:
            found.append(TermsFinding("field_unknown", code, {"value": raw}))
            continue
        try:
            values[code] = read_value(known[code], stored({code: raw})[code])
        except (ValueError, AttributeError, OverflowError):
            found.append(TermsFinding("unreadable", code, {"value": raw}))
    return values, found


def wrong_in(format_code: str, values: Values, ranks_in_use: int = 0) -> list[TermsFinding]:
    """What is wrong with terms that need not be complete yet: no warnings, and nothing that is only missing."""
    found = [one for one in all_findings(format_code, values, ranks_in_use) if not one.is_warning]
    return [one for one in found if one.code not in INCOMPLETE]


def all_findings(format_code: str, values: Values, ranks_in_use: int = 0) -> list[TermsFinding]:
    """Everything to be told of terms: what the format's checks find, and amounts and texts beyond all measure."""
    found = check_terms(format_code, values, ranks_in_use)
    for field in fields_of(format_code):
        value = values.get(field.code)
        amounts = value if isinstance(value, tuple) else (value,)
        if any(isinstance(one, int) and not isinstance(one, bool) and one > MOST_CENTS for one in amounts):
            found.append(TermsFinding("too_much", field.code, {"value": value}))
        if field.kind is FieldKind.TEXT and isinstance(value, str) and len(value) > MOST_TEXT:
            found.append(TermsFinding("too_long", field.code, {"characters": len(value), "most": MOST_TEXT}))
    return sorted(found, key=lambda one: one.is_warning)


def settlement_prices(values: Values) -> tuple[int, ...]:
    """Entrance prices less the theatre's surcharge, per rank, never below 0."""
    prices, fee = values.get("entrance_prices"), values.get("theatre_surcharge")
    less = fee if isinstance(fee, int) else 0
    asked = prices if isinstance(prices, tuple) else ()
    return tuple(max(0, price - less) for price in asked if isinstance(price, int))


def with_settlement_prices(before: Values, after: dict[str, Value], given: Mapping[str, Any]) -> dict[str, Value]:
    """The terms with settlement prices that follow entrance price and surcharge, as long as nobody deviated from them."""
    if "settlement_prices" in given:
        return after
    follows = not before.get("settlement_prices") or before.get("settlement_prices") == settlement_prices(before)
    return {**after, "settlement_prices": settlement_prices(after)} if follows else after


def ranks_in_use(seats: Sequence[Sequence[int]]) -> int:
    """The highest rank with seats over all performances; 0 where no seats are known."""
    return max((rank for ranks in seats for rank, count in enumerate(ranks, start=1) if count), default=0)
