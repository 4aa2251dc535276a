"""Lucide's icons as inline SVG, read from the package once."""

import re
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from zipfile import ZipFile

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


class UnknownIcon(LookupError):
    """Lucide has no icon of this name."""


@lru_cache
def _archive() -> ZipFile:
    return ZipFile(BytesIO((files("lucide") / "lucide.zip").read_bytes()))


@lru_cache(maxsize=256)
def _drawing(name: str) -> SafeString:
    try:
        source = _archive().read(f"{name}.svg").decode()
    except KeyError as error:
        raise UnknownIcon(f"There is no icon {name!r}. Look the name up on lucide.dev.") from error
    found = re.search(r"<svg\b[^>]*>(.*)</svg>", source, re.DOTALL)
    if not found:
        raise UnknownIcon(f"The icon {name!r} has no drawing.")
    return mark_safe(" ".join(found[1].split()))  # noqa: S308  # the package's own drawing, not anybody's input


@lru_cache(maxsize=512)
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """One icon, 16 px, in the colour of its text. Hidden from screen readers unless ``label`` says what it means."""
    classes = f"ico {css}".strip()
    if label:
        return format_html(
            '<svg class="{}" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', classes, label, _drawing(name)
        )
    return format_html('<svg class="{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', classes, _drawing(name))
