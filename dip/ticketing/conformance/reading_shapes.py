"""Whether a record is what the contract says it is, field by field."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from dip.ticketing.connector import Changes, SalesStatus, SourceLine, SourcePerformance, SourceSnapshot

_NUMBER, _TEXT, _MOMENT = (int,), (str,), (datetime,)
_NONE = type(None)
_FIELDS: dict[type, dict[str, tuple[type, ...]]] = {
    SourcePerformance: {
        "ref": _TEXT,
        "title": _TEXT,
        "starts_at": _MOMENT,
        "hall_name": _TEXT,
        "dip_id": _TEXT,
        "sales_status": (SalesStatus,),
        "sale_starts_at": (datetime, _NONE),
        "sale_ends_at": (datetime, _NONE),
    },
    SourceSnapshot: {
        "ref": _TEXT,
        "as_of": _MOMENT,
        "lines": (tuple,),
        **dict.fromkeys(
            ("capacity", "reserved", "reserved_cents", "blocked", "blocked_cents", "available", "resale", "own_total"), (int, _NONE)
        ),
        "sales_status": (SalesStatus,),
        "quality": (Mapping,),
    },
    SourceLine: {
        "source_kind": _TEXT,
        "kind": _TEXT,
        "tickets": _NUMBER,
        "gross_cents": _NUMBER,
        "vat_cents": (int, _NONE),
        "price_band": _TEXT,
        "channel": _TEXT,
    },
}


def misshapen(record: Any) -> list[str]:
    """What is wrong with the record, in English; empty when it is one of the contract's records with the right types."""
    if type(record) is Changes:
        is_right = isinstance(record.refs, frozenset) and isinstance(record.cursor, str)
        return [] if is_right else [f"changes have {record.refs!r:.60} and the cursor {record.cursor!r:.60}"]
    fields = _FIELDS.get(type(record))
    if fields is None:
        return [f"a {type(record).__name__} is no record of the contract"]
    found = [
        f"{name} is {type(value).__name__} {value!r:.60}"
        for name, allowed in fields.items()
        if isinstance(value := getattr(record, name), bool) or not isinstance(value, allowed)
    ]
    if isinstance(record, SourceSnapshot) and isinstance(record.lines, tuple):
        found += [problem for line in record.lines for problem in misshapen(line)]
    return found


def texts_of(record: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every text in the record as (field, text), lines and marks included; nothing for what is no record."""
    for name in _FIELDS.get(type(record), ()):
        value = getattr(record, name)
        if isinstance(value, str):
            yield prefix + name, value
        elif isinstance(value, Mapping):
            yield from ((f"{prefix}{name}.{key}", str(text)) for key, text in value.items())
        elif isinstance(value, tuple):
            for line in value:
                yield from texts_of(line, "line ")
