"""Terms as they are stored (JSON) and as they are calculated with, complete and checked."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from dip.contracts.rules.checks import check_fields, check_prices
from dip.contracts.rules.fields import SHARED
from dip.contracts.rules.formats import format_of
from dip.contracts.terms.fields import Field, FieldKind, TermsFinding, Tranche, Value, Values
from dip.contracts.terms.statement import SurchargeCode


@lru_cache(maxsize=64)
def fields_of(format_code: str) -> tuple[Field, ...]:
    """Every field of a format, its own first, the readings last. Raises KeyError for an unknown format."""
    every = (*format_of(format_code).fields, *SHARED)
    return tuple(sorted(every, key=lambda field: field.is_reading))


def field_of(format_code: str, code: str) -> Field:
    """One field of a format; raises KeyError when it has none of that code."""
    return {field.code: field for field in fields_of(format_code)}[code]


def defaults(format_code: str) -> dict[str, Value]:
    """Each field of a format with its default."""
    return {field.code: field.default for field in fields_of(format_code)}


def completed(format_code: str, values: Values) -> dict[str, Value]:
    """Values with the defaults of what is absent; None stays None where it was given."""
    return {**defaults(format_code), **{code: value for code, value in values.items()}}


def stored(values: Values) -> dict[str, Any]:
    """As JSON holds them: percentages as text, tranches as objects."""
    return {code: _stored(value) for code, value in values.items()}


def _stored(value: Value) -> Any:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, tuple):
        return [_stored_tranche(item) if isinstance(item, Tranche) else item for item in value]
    return value


def _stored_tranche(tranche: Tranche) -> dict[str, Any]:
    return {"limit_cents": tranche.limit_cents, "percentage": _stored(tranche.percentage)}


def restored(format_code: str, raw: Mapping[str, Any]) -> dict[str, Value]:
    """From JSON, complete with defaults. What a format does not know is left out. Raises ValueError for a value of the wrong shape."""
    known = {field.code: field for field in fields_of(format_code)}
    return completed(format_code, {code: read_value(known[code], value) for code, value in raw.items() if code in known})


def read_value(field: Field, raw: Any) -> Value:
    """One value from JSON. Raises ValueError, naming the field, when it has another shape."""
    if raw is None:
        return None
    try:
        return _READERS[field.kind](raw)
    except (TypeError, ValueError, KeyError, InvalidOperation) as error:
        raise ValueError(f"{field.code}: {raw!r} is not {field.kind}") from error


def _whole(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise TypeError
    return raw


def _percent(raw: Any) -> Decimal:
    if isinstance(raw, bool):
        raise TypeError
    value = Decimal(str(raw))
    if not value.is_finite():
        raise ValueError
    return value


def _truth(raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise TypeError
    return raw


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise TypeError
    return raw


def _tranche(raw: Mapping[str, Any]) -> Tranche:
    limit = raw["limit_cents"]
    return Tranche(None if limit is None else _whole(limit), _percent(raw["percentage"]))


_READERS: dict[FieldKind, Callable[[Any], Value]] = {
    FieldKind.MONEY: _whole,
    FieldKind.COUNT: _whole,
    FieldKind.PERCENT: _percent,
    FieldKind.YES_NO: _truth,
    FieldKind.TEXT: _text,
    FieldKind.CHOICE: _text,
    FieldKind.PRICES: lambda raw: tuple(_whole(item) for item in raw),
    FieldKind.TRANCHES: lambda raw: tuple(_tranche(item) for item in raw),
    FieldKind.SURCHARGES: lambda raw: tuple(SurchargeCode(item).value for item in raw),
}


def check_terms(format_code: str, values: Values, ranks_in_use: int = 0) -> list[TermsFinding]:
    """Everything that is wrong with complete terms, and what is only remarkable; refusing ones first."""
    fields = fields_of(format_code)
    found = [*check_fields(fields, values), *format_of(format_code).check(values), *check_prices(values, ranks_in_use)]
    for field in fields:
        value = values.get(field.code)
        if field.choices and value not in {choice.code for choice in field.choices}:
            found.append(TermsFinding("choice_unknown", field.code, {"value": value}))
    return sorted(found, key=lambda finding: finding.is_warning)


def differences(format_code: str, before: Values, after: Values) -> dict[str, tuple[Value, Value]]:
    """Fields of which two versions differ: code → (before, after)."""
    changed = {}
    for field in fields_of(format_code):
        old, new = before.get(field.code), after.get(field.code)
        if old != new:
            changed[field.code] = (old, new)
    return changed
