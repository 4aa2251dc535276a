"""Bytes of a delivery in, columns of wire values out; one bad row does not spoil the others."""

import re
import zlib
from collections.abc import Sequence
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec

from dip.ticketing.terms.orders import TicketRow
from dip.warehouse.rules.verdicts import VerdictCode, Verdicts

#: Rows and bytes (unpacked) of one delivery; bytes unpacked from one packed byte.
MOST_ROWS, MOST_BYTES, MOST_RATIO = 100_000, 96 * 2**20, 200
#: Rows of a part.
PART_ROWS = 8192
#: A packed body of less than this may have any ratio.
_SMALL = 2**16
_PIECE = 2**20
FIELDS = TicketRow.__struct_fields__
_DECODER = msgspec.json.Decoder(TicketRow)
_ENCODER = msgspec.json.Encoder()
_AT = re.compile(r" - at `\$\.?([a-z_]*)")
_FIELD = re.compile(r"required field `([a-z_]*)`")
_UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class UnableToDecode(Exception):
    """The body as a whole cannot be taken in; the message tells what to send. ``is_large``: in parts."""

    def __init__(self, message: str, *, is_large: bool = False) -> None:
        super().__init__(message)
        self.is_large = is_large


class Columns(dict[str, Sequence[Any]]):
    """Fields of rows as columns, each made when it is first asked for: most deliveries leave most fields out."""

    def __init__(self, rows: Sequence[TicketRow]) -> None:
        super().__init__()
        self._rows = rows

    def __missing__(self, name: str) -> Sequence[Any]:
        column = self[name] = list(map(attrgetter(name), self._rows))
        return column


class Part(NamedTuple):
    """Some thousands of rows, by column: ``columns[field][place]``; ``rows[place]`` is the place in the body, from 0."""

    columns: Columns
    rows: Sequence[int]


class Table(NamedTuple):
    """Rows that could be read, in parts that fit the processor's cache; ``total``: rows of the body, the unreadable ones too."""

    parts: list[Part]
    total: int


def unpack(body: bytes) -> bytes:
    """A gzip body unpacked. Raises :class:`UnableToDecode` before much is made of a bomb."""
    stream = zlib.decompressobj(wbits=31)
    most = max(_SMALL, len(body)) * MOST_RATIO
    pieces: list[bytes] = []
    size = 0
    rest = body
    try:
        while not stream.eof:
            piece = stream.decompress(rest, _PIECE)
            rest = stream.unconsumed_tail
            size += len(piece)
            if size > MOST_BYTES or size > most:
                raise UnableToDecode(f"The body is more than {MOST_BYTES // 2**20} MB unpacked. Send it in parts.", is_large=True)
            if not piece and not rest and not stream.eof:
                raise UnableToDecode("The gzip body ends too early. Send it again, whole.")
            pieces.append(piece)
    except zlib.error as error:
        raise UnableToDecode("The body is said to be gzip and cannot be unpacked. Send it again, whole.") from error
    return b"".join(pieces)


def encode(rows: Sequence[TicketRow]) -> bytes:
    """Rows of a connector as the body that its system would have sent."""
    return _ENCODER.encode_lines(rows)


def decode(body: bytes, verdicts: Verdicts) -> Table:
    """The rows of an NDJSON body. All at once; only when that fails, line by line. Raises :class:`UnableToDecode`."""
    try:
        rows = _DECODER.decode_lines(body)
        places: Sequence[int] = range(len(rows))
        total = len(rows)
    except _UNDECODABLE:
        rows, places, total = _each(body, verdicts)
    if total == 0:
        raise UnableToDecode("The body holds no rows. Send one JSON object a line, at least one.")
    if total > MOST_ROWS:
        raise UnableToDecode(f"The body holds {total} rows. Send at most {MOST_ROWS} at once.", is_large=True)
    starts = range(0, len(rows), PART_ROWS)
    return Table([Part(Columns(rows[at : at + PART_ROWS]), places[at : at + PART_ROWS]) for at in starts], total)


def _each(body: bytes, verdicts: Verdicts) -> tuple[list[TicketRow], list[int], int]:
    lines = [line for line in body.split(b"\n") if line.strip()]
    if len(lines) > MOST_ROWS:
        return [], [], len(lines)
    rows: list[TicketRow] = []
    places: list[int] = []
    for place, line in enumerate(lines):
        try:
            rows.append(_DECODER.decode(line))
            places.append(place)
        except _UNDECODABLE as error:
            verdicts.tell(place, *_reason(error))
    return rows, places, len(lines)


def _reason(error: Exception) -> tuple[VerdictCode, str]:
    """The verdict and field of what the decoder says; its words are not used, for they may hold the value."""
    text = str(error)
    if not isinstance(error, msgspec.ValidationError):
        return VerdictCode.UNREADABLE, ""
    missing = _FIELD.search(text)
    if missing:
        return VerdictCode.MISSING, missing[1] if missing[1] in FIELDS else ""
    place = _AT.search(text)
    field = place[1] if place and place[1] in FIELDS else ""
    if not field:
        return VerdictCode.UNREADABLE, ""
    return (VerdictCode.WRONG_TYPE if "got `" in text else VerdictCode.OUT_OF_RANGE), field
