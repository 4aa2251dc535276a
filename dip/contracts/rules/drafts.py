"""Terms of a concept: read from what was given, completed, and told what is wrong and what is only missing."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from dip.contracts.rules.values import check_terms, fields_of, read_value, stored
from dip.contracts.terms.fields import Field, FieldKind, TermsFinding, Tranche, Value, Values

#: What a concept may lack until it is proposed; everything else that is found refuses at once.
INCOMPLETE = frozenset({"field_missing", "price_missing", "supplement_of_nothing"})
#: Most characters of a text.
MOST_TEXT = 4000
#: Amounts above this are a slip of the hand: ten million euros.
MOST_CENTS = 1_000_000_000
#: Items of a list: tranches, kinds of surcharges. Ranks have their own check.
MOST_ITEMS = 20
#: Decimals, and digits before them, of a share that somebody typed.
MOST_DIGITS = 6
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
            values[code] = read_one(known[code], raw)
        except ValueError:
            found.append(TermsFinding("unreadable", code, {"value": raw}))
    return values, found


def read_one(field: Field, raw: Any) -> Value:
    """One value, as a value or as terms are stored; a text without what no table can keep. Raises ValueError for what is no value of
    the field, or a share with more digits than anybody means."""
    try:
        value = read_value(field, stored({field.code: raw})[field.code])
    except (AttributeError, OverflowError) as error:
        raise ValueError(f"{field.code}: {type(raw).__name__} is not {field.kind}") from error
    shares = value if isinstance(value, tuple) else (value,)
    for share in (item.percentage if isinstance(item, Tranche) else item for item in shares):
        if isinstance(share, Decimal) and not _is_typed(share):
            raise ValueError(f"{field.code}: too many digits")
    return clean(value) if isinstance(value, str) else value


def _is_typed(share: Decimal) -> bool:
    exponent = share.as_tuple().exponent
    return isinstance(exponent, int) and -MOST_DIGITS <= exponent <= MOST_DIGITS and share.adjusted() <= MOST_DIGITS


def clean(text: str) -> str:
    """A text without the characters that a table cannot keep: NUL, and halves of pairs."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def wrong_in(format_code: str, values: Values, ranks_in_use: int = 0) -> list[TermsFinding]:
    """What is wrong with terms that need not be complete yet: no warnings, and nothing that is only missing."""
    found = [one for one in all_findings(format_code, values, ranks_in_use) if not one.is_warning]
    return [one for one in found if one.code not in INCOMPLETE]


def all_findings(format_code: str, values: Values, ranks_in_use: int = 0) -> list[TermsFinding]:
    """Everything to be told of terms: what the format's checks find, and amounts, texts and lists beyond all measure."""
    found = check_terms(format_code, values, ranks_in_use)
    found += [told for field in fields_of(format_code) if (told := beyond_measure(field, values.get(field.code)))]
    return sorted(found, key=lambda one: one.is_warning)


def beyond_measure(field: Field, value: Value) -> TermsFinding | None:
    """A value that is a slip of the hand: an amount of millions, a text as long as a book, a list without end."""
    items = value if isinstance(value, tuple) else (value,)
    amounts = [item.limit_cents if isinstance(item, Tranche) else item for item in items]
    if any(isinstance(one, int) and not isinstance(one, bool) and one > MOST_CENTS for one in amounts):
        return TermsFinding("too_much", field.code, {"value": value})
    if isinstance(value, str) and len(value) > MOST_TEXT:
        return TermsFinding("too_long", field.code, {"characters": len(value), "most": MOST_TEXT})
    if isinstance(value, tuple) and field.kind is not FieldKind.PRICES and len(value) > MOST_ITEMS:
        return TermsFinding("too_many", field.code, {"count": len(value), "most": MOST_ITEMS})
    return None


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
