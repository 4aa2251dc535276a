"""The parts that documents are made of, as the template takes them, and the frame around them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from dip.contracts.terms.papers import fingerprint

Part = dict[str, Any]
Section = dict[str, Any]
EVERY_COLUMN = 99


def section(title: str, *parts: Part | None) -> Section:
    """A section under a heading; parts that are None are left out."""
    return {"title": title, "parts": [part for part in parts if part is not None]}


def subheading(text: str) -> Part:
    """A heading within a section."""
    return {"kind": "heading", "text": text}


def text(words: str) -> Part:
    """A paragraph; its own line ends stay."""
    return {"kind": "text", "text": words}


def note(words: str) -> Part:
    """A small remark under what stands above."""
    return {"kind": "note", "text": words}


def terms(rows: Iterable[tuple[str, str, str]]) -> Part:
    """Rows of name, value, and a word about the value."""
    filled = [{"name": name, "value": value, "hint": hint} for name, value, hint in rows]
    return {"kind": "terms", "heads": [_("Term"), _("Agreed")], "rows": filled}


def listing(
    heads: Sequence[str],
    widths: Sequence[str],
    rows: Iterable[Sequence[str]],
    numbers: int = EVERY_COLUMN,
    *,
    is_fine: bool = False,
) -> Part:
    """A table of texts. ``widths``: ``auto``, ``1fr`` or ``20mm``; from column ``numbers`` on they stand to the right. ``is_fine``: in
    small type, for what is looked up rather than read."""
    cells = [list(row) for row in rows]
    return {"kind": "listing", "heads": list(heads), "widths": list(widths), "rows": cells, "numbers": numbers, "fine": is_fine}


def framed(
    *,
    kind: str,
    reference: str,
    heading: str,
    author: str,
    facts: Iterable[str],
    standing: tuple[bool, str, str],
    sections: Sequence[Section],
    annexes: Sequence[Section] = (),
    watermark: str = "",
    is_sealed: bool = True,
) -> dict[str, Any]:
    """A whole document. ``standing``: whether it binds, and how it stands in a word and in a sentence."""
    binds, title, sentence = standing
    data: dict[str, Any] = {
        "title": f"{kind} {reference}: {heading}",
        "author": author,
        "subject": f"{title}. {sentence}",
        "keywords": [kind, reference],
        "kind": f"{kind} {reference}",
        "head": kind,
        "reference": reference,
        "foot": f"{reference} · {title}",
        "page": _("page {page} of {pages}"),
        "watermark": watermark,
        "heading": heading,
        "facts": list(facts),
        "standing": {"binds": binds, "title": title, "sentence": sentence},
        "sections": list(sections),
        "annexes": list(annexes),
    }
    return data | {"seal": _sealed(fingerprint(data)) if is_sealed else _unsealed()}


def _sealed(digits: str) -> Part:
    return {
        "title": _("Sealed by the platform."),
        "sentence": _(
            "An electronic seal in this file shows every later change. To see whether the file is whole and which version it is, drop"
            " it on:"
        ),
        "address": settings.BASE_URL + reverse("contracts-verify"),
        "fingerprint-name": _("Fingerprint of the content"),
        "fingerprint": digits,
    }


def _unsealed() -> Part:
    return {
        "title": _("Not sealed."),
        "sentence": _("A draft carries no seal, can change at any moment, and is seen by nobody but its provider."),
        "address": "",
        "fingerprint-name": "",
        "fingerprint": "",
    }
