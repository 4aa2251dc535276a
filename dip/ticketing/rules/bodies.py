"""Reading the bodies of the cumulative writes: bytes in, rows and findings out; one bad row does not spoil the others."""

import re
import zlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dip.ticketing.terms import Finding, FindingCode, Measure, PositionRow

#: Rows that one body may hold, and its bytes after unpacking.
MAX_ROWS, MAX_BYTES = 50_000, 64 * 2**20


class UnableToReadBody(Exception):
    """The body as a whole is no JSON array or object of rows; the message tells what to send."""


class KindFigures(msgspec.Struct, frozen=True):
    """Tickets of one kind and their recette in cents, including VAT and the theatre surcharge."""

    tickets: int = 0
    recette: int = 0


_NOTHING = KindFigures()


class TicketsBody(msgspec.Struct):
    """Everything sold of one performance until now; a kind that is left out is 0."""

    number: int
    updated: datetime | None = None
    production: str = ""
    normal: KindFigures = _NOTHING
    discount: KindFigures = _NOTHING
    free: KindFigures = _NOTHING
    other: KindFigures = _NOTHING


class ReservationsBody(msgspec.Struct):
    """All reservations that stand on one performance now, and their value in cents."""

    number: int
    tickets: int
    updated: datetime | None = None
    production: str = ""
    recette: int | None = None


class BlockedBody(msgspec.Struct):
    """All seats of one performance that are blocked now, and their value in cents where there is one."""

    number: int
    tickets: int
    updated: datetime | None = None
    production: str = ""
    recette: int | None = None


class CapacityBody(msgspec.Struct):
    """The hall's seats per rank for one performance; a rank that is left out is 0."""

    amount_rank1: int
    updated: datetime | None = None
    amount_rank2: int = 0
    amount_rank3: int = 0
    amount_rank4: int = 0
    amount_rank5: int = 0
    amount_rank6: int = 0
    amount_rank7: int = 0
    amount_rank8: int = 0
    amount_rank9: int = 0
    amount_rank10: int = 0


def _tickets(row: int, body: TicketsBody) -> PositionRow:
    n, d, f, o = body.normal, body.discount, body.free, body.other
    figures = (n.tickets, d.tickets, f.tickets, o.tickets, n.recette, d.recette, f.recette, o.recette)
    return PositionRow(body.number, figures, body.updated, body.production, row)


def _total(row: int, body: ReservationsBody | BlockedBody) -> PositionRow:
    return PositionRow(body.number, (body.tickets, body.recette), body.updated, body.production, row)


_SHAPES: dict[Measure, tuple[type[msgspec.Struct], Callable[[int, Any], PositionRow]]] = {
    Measure.TICKETS: (TicketsBody, _tickets),
    Measure.RESERVATIONS: (ReservationsBody, _total),
    Measure.BLOCKED: (BlockedBody, _total),
}
_WHOLE = {measure: msgspec.json.Decoder(list[shape]) for measure, (shape, _) in _SHAPES.items()}  # type: ignore[valid-type]
_SINGLE = {measure: msgspec.json.Decoder(shape) for measure, (shape, _) in _SHAPES.items()}
_RAW = msgspec.json.Decoder(list[msgspec.Raw])
_CAPACITY = msgspec.json.Decoder(CapacityBody)
#: What a decoder raises for what is no JSON of the shape; JSON that is nested thousands deep is one of those.
_UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
#: A character that no table takes, as JSON writes it.
_NUL = rb"\u0000"
_AT = re.compile(r" - at `\$\.?([^`]*)`$")


def unpacked(body: bytes, encoding: str) -> bytes:
    """The body without its ``Content-Encoding`` (gzip, or none); never more than MAX_BYTES of it are made."""
    if encoding.strip().lower() in ("", "identity"):
        return body
    if encoding.strip().lower() not in ("gzip", "x-gzip"):
        raise UnableToReadBody(f"Content-Encoding {encoding[:40]} is not known. Send gzip, or no encoding.")
    stream = zlib.decompressobj(wbits=31)
    try:
        plain = stream.decompress(body, MAX_BYTES + 1)
    except zlib.error as error:
        raise UnableToReadBody(f"The body is said to be gzip and cannot be unpacked ({error}).") from error
    if len(plain) > MAX_BYTES:
        raise UnableToReadBody(f"The body is more than {MAX_BYTES // 2**20} MB unpacked. Send it in parts.")
    if not stream.eof:
        raise UnableToReadBody("The gzip body ends too early. Send it again, whole.")
    return plain


def read_body(measure: Measure, body: bytes) -> tuple[list[PositionRow], list[Finding]]:
    """Rows of a tickets, reservations or blocked-seats body, and a finding for each row that cannot be read.

    The whole array is decoded at once; only when that fails, row by row. Raises :class:`UnableToReadBody`.
    """
    if body.lstrip()[:1] == b"{":
        body = b"[" + body + b"]"
    make = _SHAPES[measure][1]
    if _NUL in body:
        return _read_each(measure, body)
    try:
        decoded = _WHOLE[measure].decode(body)
    except _UNDECODABLE:
        return _read_each(measure, body)
    _refuse_size(decoded)
    return [make(row, one) for row, one in enumerate(decoded)], []


def read_capacity(body: bytes, production: str, number: int) -> tuple[list[PositionRow], list[Finding]]:
    """The row of a capacity body, ranks after the last one in use left out; production and number come from the path."""
    try:
        seats = _CAPACITY.decode(body)
    except msgspec.ValidationError as error:
        return [], [_unreadable(0, error, body)]
    except _UNDECODABLE as error:
        raise UnableToReadBody(f'The body is no JSON ({error}). Send {{"updated": …, "amount_rank1": 400, …}}.') from error
    ranks = [getattr(seats, f"amount_rank{rank}") for rank in range(1, 11)]
    while len(ranks) > 1 and ranks[-1] == 0:
        ranks.pop()
    return [PositionRow(number, tuple(ranks), seats.updated, production.replace("\x00", ""))], []


def _read_each(measure: Measure, body: bytes) -> tuple[list[PositionRow], list[Finding]]:
    try:
        raws = _RAW.decode(body)
    except _UNDECODABLE as error:
        raise UnableToReadBody(f"The body is no JSON array of rows ({error}). Send an array, or one object.") from error
    _refuse_size(raws)
    decode, make = _SINGLE[measure].decode, _SHAPES[measure][1]
    rows: list[PositionRow] = []
    findings: list[Finding] = []
    for row, raw in enumerate(raws):
        if _NUL in bytes(raw):
            findings.append(Finding(row, FindingCode.UNREADABLE, {"field": "row", "problem": "a text holds a NUL character"}))
            continue
        try:
            rows.append(make(row, decode(raw)))
        except _UNDECODABLE as error:
            findings.append(_unreadable(row, error, bytes(raw)))
    return rows, findings


def _refuse_size(rows: Sequence[object]) -> None:
    if len(rows) > MAX_ROWS:
        raise UnableToReadBody(f"The body holds {len(rows)} rows; send at most {MAX_ROWS} at once.")
    if not rows:
        raise UnableToReadBody("The body holds no rows. Send at least one.")


def _unreadable(row: int, error: Exception, raw: bytes) -> Finding:
    text = str(error)
    place = _AT.search(text)
    field = place[1] if place else "row"
    if field == "updated":
        return Finding(row, FindingCode.MALFORMED_TIME, {"value": _member(raw, "updated")})
    return Finding(row, FindingCode.UNREADABLE, {"field": field or "row", "problem": _AT.sub("", text)})


def _member(raw: bytes, name: str) -> str:
    """The member as sent, shortened; the row is known to be an object that has it."""
    return str(msgspec.json.decode(raw)[name])[:60]
