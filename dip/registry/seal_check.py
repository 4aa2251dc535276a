"""Whether a file is what the platform sealed: read from its bytes, without opening it as a PDF.

The seal names the bytes that it covers. A file is whole when that is every byte but the seal's own, the signature over them is ours, and
the digest of them is the one that was signed. What a stranger drops here is never parsed further than the signature itself, so a file
made to hurt a PDF reader does no harm.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from dip.registry.models import SealKey

#: Larger than any document of the platform.
MOST_BYTES = 10 * 2**20
_HEADER_WITHIN = 1024
_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")
_HEX = re.compile(rb"[0-9A-Fa-f]+")
_MOST_RANGES, _MOST_SIGNATURE = 20, 200_000
_DATE = re.compile(rb"/M \(D:(\d{14})([+-]\d\d)'(\d\d)'?\)")
_ESCAPE = re.compile(rb"\\([0-7]{3})")
_AROUND = 4_000
_END = re.compile(rb"%%EOF")
_MOST_ENDS = 8


class Verdict(StrEnum):
    """What became of a file since it was sealed."""

    INTACT = "intact"
    CHANGED = "changed"
    """Sealed here, and other bytes now."""
    ADDED_TO = "added_to"
    """What was sealed is whole, and something was added after it."""
    NOT_OURS = "not_ours"
    """No seal of this platform in it."""
    ENCRYPTED = "encrypted"
    NOT_A_PDF = "not_a_pdf"
    TOO_LARGE = "too_large"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class SealFound:
    """The verdict and, for a seal of ours, whose key and when. ``origins``: SHA-256 of what the file may have been before sealing."""

    verdict: Verdict
    key: SealKey | None = None
    sealed_at: datetime | None = None
    origins: tuple[str, ...] = ()

    @property
    def is_replaced_key(self) -> bool:
        """Sealed with a key that is no longer in use; the seal holds."""
        return self.key is not None and self.key.replaced_at is not None


@dataclass(frozen=True, slots=True)
class _Range:
    start: int
    gap_start: int
    gap_end: int
    end: int

    def is_possible(self, size: int) -> bool:
        return self.start == 0 and 0 < self.gap_start < self.gap_end <= self.end <= size


def check_seal(content: bytes) -> SealFound:
    """Look for a seal of ours, and say what it says. One query when the file has a signature, none otherwise."""
    if not content:
        return SealFound(Verdict.EMPTY)
    if len(content) > MOST_BYTES:
        return SealFound(Verdict.TOO_LARGE)
    if b"%PDF-" not in content[:_HEADER_WITHIN]:
        return SealFound(Verdict.NOT_A_PDF)
    found = [seal for span in _ranges(content) if (seal := _judged(content, span)) is not None]
    for verdict in (Verdict.INTACT, Verdict.ADDED_TO, Verdict.CHANGED):
        for seal in found:
            if seal.verdict is verdict:
                return seal
    return SealFound(Verdict.ENCRYPTED if b"/Encrypt" in content else Verdict.NOT_OURS)


def _ranges(content: bytes) -> Iterator[_Range]:
    """The last ones first: a seal of ours is appended."""
    found = list(_RANGE.finditer(content))[-_MOST_RANGES:]
    for match in reversed(found):
        start, length, after, rest = (int(number) for number in match.groups())
        yield _Range(start, start + length, after, after + rest)


def _judged(content: bytes, span: _Range) -> SealFound | None:
    """What one signature says of the file; None when it is not one of ours."""
    if span.start != 0 or not 0 < span.gap_start < span.gap_end:
        return None
    raw = _signature(content, span)
    if raw is None:
        return None
    signer = _Signer.read(raw)
    key = SealKey.objects.filter(digest=signer.digest).first() if signer else None
    if signer is None or key is None:
        return None
    actual = sha256(content[: span.gap_start] + content[span.gap_end : span.end]).digest()
    intact = span.is_possible(len(content)) and _is_plain_gap(content, span) and signer.holds(actual)
    if not intact:
        return SealFound(Verdict.CHANGED, key)
    verdict = Verdict.INTACT if span.end == len(content) else Verdict.ADDED_TO
    return SealFound(verdict, key, _moment(content, span), _origins(content, span))


def _signature(content: bytes, span: _Range) -> bytes | None:
    """The signature's own bytes, where the range says or, when the file was shifted, where they stand now."""
    for gap in (content[span.gap_start : span.gap_end], _nearest(content, span)):
        match = _HEX.match(gap, 1) if gap[:1] == b"<" else None
        if match and len(match[0]) <= _MOST_SIGNATURE and len(match[0]) % 2 == 0:
            return bytes.fromhex(match[0].decode())
    return None


def _nearest(content: bytes, span: _Range) -> bytes:
    place = content.find(b"/Contents <")
    while place >= 0:
        opening = place + len(b"/Contents ")
        if content[opening : opening + 4] == b"<308":
            return content[opening : opening + _MOST_SIGNATURE]
        place = content.find(b"/Contents <", opening)
    return b""


def _is_plain_gap(content: bytes, span: _Range) -> bool:
    """Nothing but hexadecimal digits between the sealed parts: no room to hide something."""
    gap = content[span.gap_start : span.gap_end]
    return gap[:1] == b"<" and gap[-1:] == b">" and _HEX.fullmatch(gap[1:-1]) is not None


def _moment(content: bytes, span: _Range) -> datetime | None:
    """When it was sealed, as the seal says beside its signature: sealed with the rest."""
    around = content[: span.gap_start][-_AROUND:] + content[span.gap_end : span.end][:_AROUND]
    plain = _ESCAPE.sub(lambda match: bytes([int(match[1], 8) & 255]), around)
    found = _DATE.findall(plain)
    return datetime.strptime(b"".join(found[-1]).decode(), "%Y%m%d%H%M%S%z") if found else None


def _origins(content: bytes, span: _Range) -> tuple[str, ...]:
    """Digests of the file up to each end of a PDF before the seal: one of them is the document as it was rendered."""
    ends = [match.end() for match in _END.finditer(content, 0, span.gap_start)][:_MOST_ENDS]
    return tuple(sha256(content[:end]).hexdigest() for end in ends)


@dataclass(frozen=True, slots=True)
class _Signer:
    """The one signer of a signature, and the certificate that it names, found in it."""

    info: Any  # asn1crypto's
    certificate: Any
    digest: str

    @classmethod
    def read(cls, raw: bytes) -> "_Signer | None":
        """From the bytes of a CMS; None when they are no such thing, or have not exactly one signer."""
        from asn1crypto import cms

        try:
            envelope = cms.ContentInfo.load(raw)
            if envelope["content_type"].native != "signed_data":
                return None
            signed = envelope["content"]
            if len(signed["signer_infos"]) != 1:
                return None
            info = signed["signer_infos"][0]
            wanted = info["sid"].chosen
            for choice in signed["certificates"]:
                own = choice.chosen
                if own.issuer == wanted["issuer"] and own.serial_number == wanted["serial_number"].native:
                    return cls(info, own, own.sha256.hex())
        except (ValueError, TypeError, KeyError, AttributeError, IndexError, NotImplementedError):
            return None
        return None

    def holds(self, actual: bytes) -> bool:
        """Whether the signature is by the certificate's key, and over this SHA-256 of the file."""
        from pyhanko.sign.validation.errors import SignatureValidationError
        from pyhanko.sign.validation.generic_cms import validate_sig_integrity

        if self.info["digest_algorithm"]["algorithm"].native != "sha256":
            return False
        try:
            return all(validate_sig_integrity(self.info, self.certificate, "data", actual))
        except (SignatureValidationError, ValueError, TypeError, KeyError):
            return False
