"""Which addresses are pages of figures that can be saved or shared, and which files belong to a page."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from dip.registry.terms import Level, Module
from dip.sales.rules.visitors import clean_address

#: Pages by the names of their addresses. Trends are shared the same way: read-only pages guarded by the right to see sales.
PAGES = frozenset({"sales-season", "sales-production", "sales-performance", "sales-theatre", "sales-region", "sales-compare"})
PREFIXES = ("benchmark-", "trends-")
#: Pages that only a colleague can open again: kept as a view, never shared.
OWN_PAGES = frozenset({"sales-reconciliation", "sales-targets", "sales-production-targets"})
_GUARD = (Module.SALES, Level.VIEW)
_FILE = re.compile(r"^[a-z0-9-]{1,30}\.(xlsx|csv|pdf|svg)$")
MOST = 500


@dataclass(frozen=True, slots=True)
class PageAddress:
    """A page of figures: its address, cleaned, and what answers there."""

    address: str
    path: str
    name: str
    view: Any
    kwargs: dict[str, Any]


def page_at(address: str, *, to_share: bool = False) -> PageAddress | None:
    """The page of figures at a path with its question, on this platform; None for anything else."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not address.startswith("/") or len(address) > MOST:
        return None
    found = _resolved(parts.path)
    if found is None:
        return None
    name = found.url_name or ""
    is_page = name in PAGES or (not to_share and name in OWN_PAGES) or _is_trend(name)
    if not is_page or getattr(found.func, "guarded_by", None) != _GUARD:
        return None
    return PageAddress(clean_address(address), parts.path, name, found.func, dict(found.kwargs))


def _is_trend(name: str) -> bool:
    return name.startswith(PREFIXES) and not name.endswith(("-export", "-curve", "-csv", "-options"))


def file_of(page: PageAddress, name: str) -> PageAddress | None:
    """A file of the page: directly beneath its address and behind the same guard; None for anything else."""
    if not _FILE.match(name) or not page.path.endswith("/"):
        return None
    found = _resolved(page.path + name)
    if found is None or getattr(found.func, "guarded_by", None) != _GUARD:
        return None
    return PageAddress(page.address, page.path + name, found.url_name or "", found.func, dict(found.kwargs))


def _resolved(path: str) -> Any:
    try:
        return resolve(path)
    except Resolver404:
        return None
