"""Pseudonyms with two keys of two keepers, and the keys of tickets.

An e-mail address becomes ``p1`` under the sector's key (at the venue, or at the door), and ``p1`` becomes the 64 bits that are kept
under the platform's. Neither key alone lets anyone try out addresses. A customer's id becomes a pseudonym of its source only.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dip.warehouse.rules import normalising

VERSION = b"v1:"
_SECTOR, _VENUE = b"dip-p2-sector", b"dip-p2-venue"
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
        self._sector = keys.sector
        self._p2 = hashlib.blake2b(key=keys.platform, digest_size=8, person=_SECTOR)
        self._venue = hashlib.blake2b(key=keys.platform, digest_size=8, person=_VENUE)

    def of_email(self, text: str) -> int:
        """Of an address, wherever it is delivered; 0 for what is no address."""
        plain = normalising.email(text)
        return self.of_p1(p1_of_email(plain, self._sector)) if plain else 0

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
    return int.from_bytes(mine.digest(), "little", signed=True) or 1


def keyed_hashes(texts: Sequence[str], key: bytes) -> "np.ndarray":
    """SipHash-2-4 of every text under a key of 16 bytes, as signed 64 bits: whole columns at once."""
    raw = [text.encode() for text in texts]
    lengths = np.fromiter(map(len, raw), np.int64, len(raw))
    found = np.empty(len(raw), np.int64)
    blocks = lengths // 8
    for count in np.unique(blocks).tolist():
        places = np.flatnonzero(blocks == count)
        width = (count + 1) * 8
        mine = raw if len(places) == len(raw) else [raw[place] for place in places.tolist()]
        padded = b"".join([one.ljust(width, b"\0") for one in mine])
        words = np.frombuffer(padded, "<u8").reshape(len(places), count + 1).T.copy()
        words[-1] |= (lengths[places].astype(np.uint64) & np.uint64(255)) << np.uint64(56)
        found[places] = _siphash(words, key)
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
