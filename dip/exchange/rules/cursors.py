"""Cursors: where a reader of changes stands, as text that only this platform reads.

A cursor holds whole numbers. It is bound to its reader and filters (the ``context``) by a keyed digest: used elsewhere it is refused,
never misread.
"""

import base64
import binascii
import hashlib
import struct
from collections.abc import Mapping, Sequence

_DIGEST = 9
_MOST_NUMBERS = 6


class UnableToReadCursor(ValueError):
    """The cursor is damaged, or was given to another reader or with other filters."""


def written(numbers: Sequence[int], context: bytes, key: bytes) -> str:
    """The cursor that :func:`read` turns into ``numbers`` again."""
    payload = struct.pack(f">{len(numbers)}q", *numbers)
    return base64.urlsafe_b64encode(payload + _digest(payload, context, key)).rstrip(b"=").decode()


def read(text: str, context: bytes, key: bytes) -> tuple[int, ...]:
    """The numbers of a cursor. Raises :class:`UnableToReadCursor`."""
    try:
        raw = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnableToReadCursor("the cursor cannot be read") from error
    payload, digest = raw[:-_DIGEST], raw[-_DIGEST:]
    if not payload or len(payload) % 8 or len(payload) > 8 * _MOST_NUMBERS or digest != _digest(payload, context, key):
        raise UnableToReadCursor("the cursor was not given for this reader and these filters")
    return struct.unpack(f">{len(payload) // 8}q", payload)


def context_of(reader: str, resource: str, filters: Mapping[str, object]) -> bytes:
    """What a cursor is bound to: who reads what, and with which filters (those without a value do not count)."""
    told = [f"{name}={value}" for name, value in sorted(filters.items()) if value not in (None, "", ())]
    return "\x1f".join([reader, resource, *told]).encode()


def _digest(payload: bytes, context: bytes, key: bytes) -> bytes:
    return hashlib.blake2b(context + b"\x1e" + payload, key=key, digest_size=_DIGEST).digest()
