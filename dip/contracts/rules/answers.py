"""What a theatre answers in a version, what it may answer with, and which answers still hold in the next one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dip.contracts.rules.checks import check_fields
from dip.contracts.rules.drafts import beyond_measure, read_one
from dip.contracts.rules.formats import formats
from dip.contracts.rules.values import field_of, fields_of, stored
from dip.contracts.terms.fields import Field, FieldGroup, Value, Values

#: What is answered beside the fields, and before them.
FORMAT, PERFORMANCES = "format", "performances"
_EMPTY = (None, "", (), False)


def answerable(format_code: str, values: Values) -> tuple[str, ...]:
    """Codes of what a theatre answers in these terms, in the order of the page. What says nothing is left out: an empty practical
    field, a reading at its default, and how a guarantee or royalty is calculated where there is none."""
    return (FORMAT, PERFORMANCES, *(field.code for field in fields_of(format_code) if _says_something(field, values)))


def _says_something(field: Field, values: Values) -> bool:
    value = values.get(field.code)
    if field.is_reading:
        return value != field.default
    if field.group is FieldGroup.PRACTICAL or field.code == "settlement_prices":
        return not any(value is empty or (value == empty and type(value) is type(empty)) for empty in _EMPTY)
    if field.code == "royalties_add_part":
        return bool(values.get("royalties_percentage"))
    if field.code == "guarantee_per_performance":
        return any(values.get(code) for code in ("provider_guarantee", "theatre_guarantee", "suppletion", "suppletion_warranty"))
    return True


def open_fields(format_code: str, values: Values, answered: Iterable[str]) -> tuple[str, ...]:
    """What of these terms was not answered yet."""
    known = set(answered)
    return tuple(code for code in answerable(format_code, values) if code not in known)


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter-proposal that was read: as terms are stored, or ``problem``: unreadable, out_of_range, unchanged, none_here."""

    stored: Any = None
    problem: str = ""


def read_counter(format_code: str, values: Values, field: str, raw: Any) -> Counter:
    """What the theatre would accept for a field, checked as a value of that field by itself. ``raw``: a value, or as terms are stored.
    For the format its code; for the performances there is none: the reason says it."""
    if raw is None:
        return Counter()
    if field == PERFORMANCES:
        return Counter(problem="none_here")
    if field == FORMAT:
        known = isinstance(raw, str) and raw in {one.code for one in formats()}
        return Counter(raw) if known and raw != format_code else Counter(problem="unchanged" if known else "unreadable")
    return _read(field_of(format_code, field), values.get(field), raw)


def _read(field: Field, now: Value, raw: Any) -> Counter:
    try:
        value = read_one(field, raw)
    except ValueError:
        return Counter(problem="unreadable")
    if value == now:
        return Counter(problem="unchanged")
    if field.choices and value not in {choice.code for choice in field.choices}:
        return Counter(problem="unreadable")
    if check_fields([field], {field.code: value}) or beyond_measure(field, value) or _any_negative(value):
        return Counter(problem="out_of_range")
    return Counter(stored({field.code: value})[field.code])


def _any_negative(value: Value) -> bool:
    return isinstance(value, tuple) and any(isinstance(item, int) and item < 0 for item in value)


@dataclass(frozen=True, slots=True)
class Version:
    """A version as answers look at it."""

    format: str
    values: Values
    performances: tuple[tuple[Any, ...], ...]
    """Of each: number, moment, hall."""


def carried(before: Version, after: Version, accepted: Iterable[str]) -> tuple[str, ...]:
    """Of what was accepted in a version, what stands unchanged in the next one, and need not be asked again.

    Where the format changed nothing but the performances can stand: the same percentage then says something else.
    """
    still = set(answerable(after.format, after.values))
    known = set(accepted) & still
    if before.format != after.format:
        known &= {PERFORMANCES}
    unchanged: Mapping[str, bool] = {
        FORMAT: before.format == after.format,
        PERFORMANCES: before.performances == after.performances,
    }
    return tuple(
        code
        for code in answerable(after.format, after.values)
        if code in known and unchanged.get(code, before.values.get(code) == after.values.get(code))
    )
