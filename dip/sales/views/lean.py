"""A page as a visitor of a link gets it: only links that stay on it or lead to its own files, and no forms.

The page is rendered as for the sharer and then gone through once, tag by tag. What is not known to stay on the page becomes plain text,
so that no page can forget it.
"""

import re
from collections.abc import Callable
from html import unescape

from django.utils.html import escape

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[^\s=>/]+(?:=(?:\"[^\"]*\"|'[^']*'|[^\s>]+))?)*)\s*(/?)>")
_ATTRIBUTE = re.compile(r"\s+([^\s=>/]+)(?:=(\"[^\"]*\"|'[^']*'|[^\s>]+))?")
_RAW = re.compile(r"(<(script|style)\b[^>]*>)(.*?)(</\2>)", re.S | re.I)
#: Attributes that call somewhere.
_CALLS = ("hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete")
_GONE = ("hx-headers", "formaction", "ping", "action")
#: Parts that only lead elsewhere, or ask: left out whole.
_PARTS = re.compile(r"<form\b.*?</form>|<nav class=\"tabs\".*?</nav>", re.S | re.I)


def lean(html: str, allowed: Callable[[str], str | None]) -> str:
    """``html`` for a visitor. ``allowed``: an address → the one to use in its place, or None for one that leads elsewhere."""
    kept: list[str] = []

    def put_by(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\x00{len(kept) - 1}\x00"

    body = _RAW.sub(put_by, html.replace("\x00", ""))
    stack: list[str] = []
    body = _PARTS.sub("", body)
    body = _TAG.sub(lambda match: _tag(match, allowed, stack), body)
    return re.sub(r"\x00(\d+)\x00", lambda match: kept[int(match[1])], body)


def _tag(match: re.Match[str], allowed: Callable[[str], str | None], stack: list[str]) -> str:
    closing, name, attributes, end = match[1], match[2].lower(), match[3], match[4]
    if name == "a":
        return _anchor(closing, attributes, allowed, stack)
    if name == "base" or (
        name == "link" and "stylesheet" not in attributes and "icon" not in attributes and "font" not in attributes
    ):
        return ""
    if closing or not attributes:
        return match[0]
    cleaned = _attributes(attributes, allowed)
    return f"<{match[2]}{cleaned}{' /' if end else ''}>"


def _anchor(closing: str, attributes: str, allowed: Callable[[str], str | None], stack: list[str]) -> str:
    """A link that stays, or a span in its place; the end tag follows suit."""
    if closing:
        return f"</{stack.pop() if stack else 'span'}>"
    pairs = _pairs(attributes)
    href = next((value for key, value in pairs if key == "href"), None)
    target = allowed(href) if href is not None else None
    if target is None:
        stack.append("span")
        css = next((value for key, value in pairs if key == "class"), None) or ""
        classes = " ".join(part for part in css.split() if part not in ("btn", "suggest", "primary", "quiet", "small"))
        return f'<span class="{escape(classes)}">' if classes else "<span>"
    stack.append("a")
    rest = "".join(_written(key, value) for key, value in pairs if key != "href" and _stays(key))
    calls = "".join(_written(key, to) for key, value in pairs if key in _CALLS and (to := allowed(value or "")) is not None)
    return f'<a href="{escape(target)}"{rest}{calls} rel="nofollow">'


def _attributes(attributes: str, allowed: Callable[[str], str | None]) -> str:
    found = ""
    for key, value in _pairs(attributes):
        if key in _CALLS:
            target = allowed(value or "")
            found += _written(key, target) if target is not None else ""
        elif key not in _GONE:
            found += _written(key, value)
    return found


def _stays(key: str) -> bool:
    return key not in _CALLS and key not in _GONE and key not in ("target", "rel")


def _pairs(attributes: str) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    for match in _ATTRIBUTE.finditer(attributes):
        value = match[2]
        found.append((match[1], None if value is None else unescape(value.strip("\"'"))))
    return found


def _written(key: str, value: str | None) -> str:
    return f" {key}" if value is None else f' {key}="{escape(value)}"'
