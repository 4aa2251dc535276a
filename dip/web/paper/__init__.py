"""Documents on paper: typst templates filled with data, as tagged PDF for archives and screen readers (PDF/A-3a, PDF/UA-1).

A template is a ``.typ`` file anywhere in the package. It begins with ``#import "/web/paper/house.typ": *`` and reads ``given``, which is
what the caller passed as ``data``. What people typed reaches it as text only: nothing of it is ever read as markup. The same template
and data give the same bytes, on any day and in any process. The compiler is the gate: a missing title, a skipped heading or a picture
without words is refused.
"""

import json
import threading
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from dip.web import assets

#: What templates and pictures are named from.
ROOT = Path(__file__).resolve().parents[2]
STANDARDS = ["a-3a", "ua-1"]
_turn = threading.Lock()  # one compiler a process: it keeps fonts and parsed templates, and works for one at a time


class UnableToRender(Exception):
    """The template and the data do not make a document; the message is the compiler's. A fault of ours, never of a reader."""


def render(template: str, data: Mapping[str, Any], *, language: str, at: datetime) -> bytes:
    """The document as PDF/A-3a and PDF/UA-1.

    ``template``: path below the package, ``contracts/paper/agreement.typ``. ``data``: JSON's kinds only; every text in it may hold any
    sign, see :func:`printable`. ``at``: the document's own moment, never that of printing. Raises :class:`UnableToRender`.
    """
    made = _compile(template, data, language, format="pdf", pdf_standards=STANDARDS, timestamp=int(at.timestamp()))
    return bytes(made) if isinstance(made, bytes) else b"".join(made)


def picture(template: str, data: Mapping[str, Any], *, language: str, ppi: int = 96) -> list[bytes]:
    """Each page as PNG, to look at."""
    made = _compile(template, data, language, format="png", ppi=ppi)
    return [made] if isinstance(made, bytes) else list(made)


def _compile(template: str, data: Mapping[str, Any], language: str, **options: Any) -> Any:
    import typst

    filled = json.dumps(_printable({"language": language, "data": data}), ensure_ascii=False, sort_keys=True)
    with _turn:
        try:
            return _compiler().compile(input=ROOT / template, sys_inputs={"given": filled}, **options)
        except typst.TypstError as error:
            raise UnableToRender(f"{template}: {error.message} {' '.join(error.hints)}".strip()) from error


@lru_cache(maxsize=1)
def _compiler() -> Any:
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_fonts()])
    return typst.Compiler(root=ROOT, font_paths=fonts)


def _fonts() -> Path:
    if not all((assets.PAPER / f"IBMPlexSans-{style}.ttf").exists() for style in assets.CUTS.values()):
        assets.build()
    return assets.PAPER


@lru_cache(maxsize=1)
def _letters() -> frozenset[int]:
    """What the font can show."""
    from fontTools.ttLib import TTFont

    return frozenset(TTFont(_fonts() / "IBMPlexSans-Regular.ttf", lazy=True).getBestCmap())


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {key: _printable(item) for key, item in value.items()}
    return [_printable(item) for item in value] if isinstance(value, list | tuple) else value


def printable(text: str) -> str:
    """A text as the font can show it: a sign that it lacks is named, ``[U+1F389]``, so that nothing is lost and nothing is refused.

    Control and format characters go, line ends and tabs become a line end and a space.
    """
    if text.isascii() and text.isprintable():
        return text
    known = _letters()
    return "".join(_shown(sign, known) for sign in unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))


def _shown(sign: str, known: frozenset[int]) -> str:
    kind = unicodedata.category(sign)
    if sign == "\n" or kind in {"Zl", "Zp"}:
        return "\n"
    if kind in {"Cc", "Cf"} or 0xFE00 <= ord(sign) <= 0xFE0F:
        return " " if sign == "\t" else ""
    if ord(sign) in known:
        return sign
    return " " if kind == "Zs" else f"[U+{ord(sign):04X}]"
