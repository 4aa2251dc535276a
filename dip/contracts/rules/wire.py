"""Terms as the External API carries them: properties with their wire names, and the rejection flags."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from dip.contracts.rules.values import fields_of, stored
from dip.contracts.terms.fields import Field, FieldKind, Tranche, Value, Values

#: A tranche without a limit, as systems write it.
NO_LIMIT = 99_999_999
#: What a theatre can reject there; each is a flag ``is_…_rejected``.
REJECTIONS = (
    "start_time", "theater_surcharge", "copyright_calculation", "copyright", "provider_guarantee", "consumer_guarantee",
    "guarantee_calculation", "provider_partage", "ticket_price", "consumption_surcharge", "service_surcharge", "wardrobe_surcharge",
    "remark", "rent", "other_costs", "buyout_amount", "suppletion_amount", "tranche", "combined_budget", "amount", "maximum_amount",
    "guarantee_per_performance",
)  # fmt: skip
#: Amounts that systems expect as 0 and not as null where nothing is agreed.
_ZERO = frozenset({FieldKind.MONEY})
_OF_PERFORMANCES = "start_time"


def properties(format_code: str, values: Values) -> dict[str, Any]:
    """``properties`` of a contract. What has no name on the wire stands under ``additional``, by its own code."""
    told: dict[str, Any] = {}
    additional: dict[str, Any] = {}
    for field in fields_of(format_code):
        value = values.get(field.code)
        if field.wire:
            told[field.wire] = _told(field, value)
        else:
            additional[field.code] = stored({field.code: value})[field.code]
    return {**told, "additional": additional}


def _told(field: Field, value: Value) -> Any:
    if value is None:
        return 0 if field.kind in _ZERO else None
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, tuple):
        return [_told_item(item) for item in value]
    return value


def _told_item(item: object) -> Any:
    if isinstance(item, Tranche):
        return {"amount": NO_LIMIT if item.limit_cents is None else item.limit_cents, "percentage": float(item.percentage)}
    return item


def given(format_code: str, sent: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Properties that were sent, by our codes and as terms are stored; and the names that this format does not know.

    Values of the wrong shape are passed on as they are: reading them as terms says what is wrong. 0 for an amount that need not be
    agreed is no amount.
    """
    by_wire = {field.wire: field for field in fields_of(format_code) if field.wire}
    by_code = {field.code: field for field in fields_of(format_code) if not field.wire}
    extra = sent.get("additional")
    read = {by_wire[name].code: _given(by_wire[name], value) for name, value in sent.items() if name in by_wire}
    unknown = [name for name in sent if name not in by_wire and name != "additional"]
    if isinstance(extra, Mapping):
        read |= {name: value for name, value in extra.items() if name in by_code}
        unknown += [f"additional.{name}" for name in extra if name not in by_code]
    return read, unknown


def _given(field: Field, value: Any) -> Any:
    if field.kind is FieldKind.PERCENT:
        return _given_percentage(value)
    if field.kind is FieldKind.TRANCHES and isinstance(value, list):
        return [_given_tranche(item) for item in value]
    if field.kind is FieldKind.MONEY and value == 0 and not field.is_required and field.default is None:
        return None
    return value


def _given_tranche(item: Any) -> Any:
    if not isinstance(item, Mapping):
        return item
    amount = item.get("amount")
    limit = None if isinstance(amount, int) and amount >= NO_LIMIT else amount if amount is not None else "null"
    return {"limit_cents": limit, "percentage": _given_percentage(item.get("percentage"))}


def _given_percentage(value: Any) -> Any:
    """Terms are stored with percentages as text; on the wire a number in quotes is no number, and is refused as it stands."""
    if isinstance(value, str):
        return f"“{value}”"
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def rejection_fields(format_code: str, rejected: Iterable[str]) -> dict[str, bool]:
    """Every flag of the wire, true for what was rejected; the format itself and the performances are told as the start time."""
    flags = {field.code: field.rejection for field in fields_of(format_code)}
    told = {flags.get(code) or _OF_PERFORMANCES for code in rejected}
    return {f"is_{name}_rejected": name in told for name in REJECTIONS}


def wire_name(format_code: str, code: str) -> str:
    """How the wire calls a field, for findings: ``properties.partage_percentage``."""
    outside = {"performances": "performances", "production": "production", "theatre": "theater", "format": "type", "name": "name"}
    if code in outside:
        return outside[code]
    names = {field.code: field.wire or f"additional.{field.code}" for field in fields_of(format_code)}
    return f"properties.{names[code]}" if code in names else code
