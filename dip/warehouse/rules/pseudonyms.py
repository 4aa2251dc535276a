"""Pseudonyms with two keys of two keepers, and the keys of tickets.

An e-mail address becomes ``p1`` under the sector's key (at the venue, or at the door), and ``p1`` becomes the 64 bits that are kept
under the platform's. Neither key alone lets anyone try out addresses. A customer's id becomes a pseudonym of its source only.
"""

import hashlib
import hmac
import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from dip.warehouse.rules import normalising

VERSION = b"v1:"
_SECTOR, _VENUE = b"dip-p2-sector", b"dip-p2-venue"
_NUMBER = struct.Struct("<q").unpack
_sha256 = hashlib.sha256
_P1 = re.compile(r"([0-9a-f]{64})(?: ([0-9a-f]{64}))?")


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """The keys in use, 32 bytes each, and those before the last rotation while the mapping period lasts (None: no such period)."""

    sector: bytes
    platform: bytes
    sector_before: bytes | None = None
    platform_before: bytes | None = None

    @property
    def is_mapping(self) -> bool:
        """Whether pseudonyms are made under the old and the new keys."""
        return self.sector_before is not None or self.platform_before is not None

    @property
    def before(self) -> "Keys":
        """The keys as they were."""
        return Keys(self.sector_before or self.sector, self.platform_before or self.platform)


def p1_of_email(address: str, sector: bytes) -> bytes:
    """What leaves a venue instead of a (normalised) address: HMAC-SHA256, 32 bytes."""
    return hmac.digest(sector, VERSION + address.encode(), "sha256")


class Pseudonymiser:
    """Makes 64-bit pseudonyms under one set of keys; 0 is none. Same input, same pseudonym, in every delivery."""

    def __init__(self, keys: Keys) -> None:
        block = keys.sector.ljust(64, b"\0")  # the two passes of HMAC, whose keys are made once
        self._inner, self._outer = (bytes(one ^ mask for one in block) for mask in (0x36, 0x5C))
        self._inner += VERSION
        self._p2 = hashlib.blake2b(key=keys.platform, digest_size=8, person=_SECTOR)
        self._venue = hashlib.blake2b(key=keys.platform, digest_size=8, person=_VENUE)

    def of_email(self, text: str) -> int:
        """Of an address, wherever it is delivered; 0 for what is no address."""
        return self.of_emails((text,))[text]

    def of_emails(self, texts: Iterable[str | None]) -> dict[str | None, int]:
        """Of many addresses."""
        found: dict[str | None, int] = {None: 0, "": 0}
        inner, outer, copy, sha256 = self._inner, self._outer, self._p2.copy, _sha256
        given = [text for text in texts if text]
        for text, plain in zip(given, normalising.emails(given), strict=True):
            if plain:
                p2 = copy()
                p2.update(sha256(outer + sha256(inner + plain.encode()).digest()).digest())
                found[text] = _NUMBER(p2.digest())[0] or 1
            else:
                found[text] = 0
        return found

    def of_p1(self, p1: bytes) -> int:
        """Of what a venue made itself."""
        return _bits(self._p2, p1)

    def of_customer(self, text: str, salt: bytes) -> int:
        """Of a customer's id, at the source with this salt."""
        plain = normalising.customer(text)
        return _bits(self._venue, salt + plain.encode()) if plain else 0


def read_p1(text: str) -> tuple[bytes, bytes | None] | None:
    """(p1, p1 under the key before) of ``buyer_pseudonym``: one or two times 64 hexadecimal digits with a space between. None: unreadable."""
    found = _P1.fullmatch(text.strip().lower())
    return (bytes.fromhex(found[1]), bytes.fromhex(found[2]) if found[2] else None) if found else None


def _bits(hasher: "hashlib.blake2b", message: bytes) -> int:
    mine = hasher.copy()
    mine.update(message)
    return int(_NUMBER(mine.digest())[0]) or 1


def keyed_hashes(texts: Sequence[str], key: bytes) -> "np.ndarray":
    """SipHash-2-4 of every text under a key of 16 bytes, as signed 64 bits: whole columns at once."""
    joined = "".join(texts)
    if joined.isascii():
        whole, lengths = joined.encode(), np.fromiter(map(len, texts), np.int64, len(texts))
    else:
        raw = [text.encode() for text in texts]
        whole, lengths = b"".join(raw), np.fromiter(map(len, raw), np.int64, len(raw))
    signs = np.frombuffer(whole + bytes(8), np.uint8)
    starts = np.cumsum(lengths) - lengths
    found = np.empty(len(texts), np.int64)
    for length in np.unique(lengths).tolist():
        places = np.flatnonzero(lengths == length)
        padded = np.zeros((len(places), length // 8 * 8 + 8), np.uint8)
        if length * len(places) == len(whole):
            padded[:, :length] = signs[: len(whole)].reshape(len(places), length)
        else:
            padded[:, :length] = signs[starts[places][:, None] + np.arange(length)]
        padded[:, -1] = length & 255
        found[places] = _siphash(padded.view("<u8").T.copy(), key)
    return found


def _siphash(words: "np.ndarray", key: bytes) -> "np.ndarray":
    first, second = (np.uint64(int.from_bytes(key[place : place + 8], "little")) for place in (0, 8))
    starts = (0x736F6D6570736575, 0x646F72616E646F6D, 0x6C7967656E657261, 0x7465646279746573)
    keys = (first, second, first, second)
    state = [np.full(words.shape[1], np.uint64(start) ^ mine, np.uint64) for start, mine in zip(starts, keys, strict=True)]
    for word in words:
        state[3] ^= word
        _round(state)
        _round(state)
        state[0] ^= word
    state[2] ^= np.uint64(0xFF)
    for _ in range(4):
        _round(state)
    return (state[0] ^ state[1] ^ state[2] ^ state[3]).view(np.int64)


def _round(state: list["np.ndarray"]) -> None:
    v0, v1, v2, v3 = state
    v0 += v1
    _turn(v1, 13)
    v1 ^= v0
    _turn(v0, 32)
    v2 += v3
    _turn(v3, 16)
    v3 ^= v2
    v0 += v3
    _turn(v3, 21)
    v3 ^= v0
    v2 += v1
    _turn(v1, 17)
    v1 ^= v2
    _turn(v2, 32)


def _turn(word: "np.ndarray", by: int) -> None:
    """Rotate left, in place."""
    high = word >> np.uint64(64 - by)
    word <<= np.uint64(by)
    word |= high


def mixed(columns: Sequence["np.ndarray"]) -> "np.ndarray":
    """A 64-bit hash of each row of whole-number columns; not keyed: the columns say nothing of a person."""
    total = np.full(len(columns[0]), 0x9E3779B97F4A7C15, np.uint64)
    for column in columns:
        total ^= column.astype(np.int64).view(np.uint64)
        total *= np.uint64(0xBF58476D1CE4E5B9)
        total ^= total >> np.uint64(29)
    total *= np.uint64(0x94D049BB133111EB)
    total ^= total >> np.uint64(32)
    return total.view(np.int64)
