"""Reading figures that are handed in: bytes in, rows and findings out; one bad row does not spoil the others."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

import msgspec

from dip.exchange.rules.bodies import CapacityRow, TicketsRow, TotalRow
from dip.ticketing.rules.bodies import MAX_ROWS
from dip.ticketing.terms import Figures, Finding, FindingCode, Measure, PositionRow

#: Years that a moment can lie in; the platform takes in history.
FIRST_YEAR, LAST_YEAR = 1980, 2079
_AT = re.compile(r" - at `\$\.?([^`]*)`$")


class UnableToReadRows(Exception):
    """The body as a whole is no object with a measure and rows; ``pointer`` tells where."""

    def __init__(self, message: str, pointer: str = "#") -> None:
        super().__init__(message)
        self.pointer = pointer


class _Whole(msgspec.Struct, forbid_unknown_fields=True):
    measure: Literal["tickets", "reservations", "blocked", "capacity"]
    rows: list[msgspec.Raw]


def _tickets(row: TicketsRow) -> Figures:
    n, d, f, o = row.normal, row.discount, row.free, row.other
    return (n.tickets, d.tickets, f.tickets, o.tickets, n.recette_cents, d.recette_cents, f.recette_cents, o.recette_cents)


def _total(row: TotalRow) -> Figures:
    return (row.seats, row.value_cents)


def _capacity(row: CapacityRow) -> Figures:
    ranks = list(row.ranks)
    while len(ranks) > 1 and ranks[-1] == 0:
        ranks.pop()
    return tuple(ranks)


_SHAPES: dict[Measure, tuple[msgspec.json.Decoder[Any], Callable[[Any], Figures]]] = {
    Measure.TICKETS: (msgspec.json.Decoder(TicketsRow), _tickets),
    Measure.RESERVATIONS: (msgspec.json.Decoder(TotalRow), _total),
    Measure.BLOCKED: (msgspec.json.Decoder(TotalRow), _total),
    Measure.CAPACITY: (msgspec.json.Decoder(CapacityRow), _capacity),
}
_WHOLE = msgspec.json.Decoder(_Whole)


def read_rows(body: bytes) -> tuple[Measure, list[PositionRow], list[Finding]]:
    """The measure, its rows, and a finding for each row that cannot be read. Raises :class:`UnableToReadRows`."""
    try:
        whole = _WHOLE.decode(body)
    except msgspec.ValidationError as error:
        found = _AT.search(str(error))
        pointer = f"#/{found[1]}" if found else "#"
        raise UnableToReadRows(f"The body cannot be read: {_AT.sub('', str(error))}.", pointer) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnableToReadRows(
            f'The body is no JSON ({str(error)[:200]}). Send {{"measure": "tickets", "rows": [...]}}.'
        ) from error
    if not 1 <= len(whole.rows) <= MAX_ROWS:
        raise UnableToReadRows(f"The body holds {len(whole.rows)} rows. Send 1 to {MAX_ROWS} at once.", "#/rows")
    measure = Measure[whole.measure.upper()]
    decoder, figures = _SHAPES[measure]
    rows: list[PositionRow] = []
    findings: list[Finding] = []
    for place, raw in enumerate(whole.rows):
        try:
            row = decoder.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            findings.append(_unreadable(place, str(error)))
            continue
        if row.true_at is not None and not FIRST_YEAR <= row.true_at.year <= LAST_YEAR:
            findings.append(_malformed(place, row.number, row.true_at))
            continue
        rows.append(PositionRow(row.number, figures(row), row.true_at, row.production, place))
    return measure, rows, findings


def _malformed(place: int, number: int, moment: datetime) -> Finding:
    return Finding(place, FindingCode.UNREADABLE, {"field": "trueAt", "problem": f"{moment.isoformat()} is no likely year"}, number)


def _unreadable(place: int, text: str) -> Finding:
    found = _AT.search(text)
    return Finding(place, FindingCode.UNREADABLE, {"field": (found[1] if found else "") or "row", "problem": _AT.sub("", text)})
