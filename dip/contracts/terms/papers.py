"""Documents of agreements and settlements: what is put on paper, and from which moment."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

#: Raised when the shape of the data changes, so that what was kept for an older shape is made anew.
EDITION = 1


class PaperKind(StrEnum):
    """What a document is of."""

    AGREEMENT = "agreement"
    """``number``: the version; 0 for the provider's draft."""
    SETTLEMENT = "settlement"
    """``number``: of the borderel."""
    INVOICE = "invoice"
    """``number``: of the borderel that it invoices; the title names the invoice."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document before it is rendered: the same paper gives the same bytes, always."""

    kind: PaperKind
    agreement_id: int
    number: int
    stage: str
    """Where the version or the settlement stood: a later stage is another paper."""
    language: str
    at: datetime
    """The document's own moment: when it was proposed, answered, confirmed or signed."""
    name: str
    """Of the file, without its ending."""
    data: Mapping[str, Any]
    """What the template is filled with, as JSON holds it."""
    is_sealed: bool
    """A draft never is."""


def fingerprint(content: Mapping[str, Any]) -> str:
    """SHA-256 of what a document says, printed in it: groups of four, the first 32 of 64 digits."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    digits = sha256(text.encode()).hexdigest()[:32]
    return " ".join(digits[place : place + 4] for place in range(0, 32, 4))
