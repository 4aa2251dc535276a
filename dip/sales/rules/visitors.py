"""What is kept of a visitor of a link: the network without its last part, the family of the browser. And which questions may be put."""

import ipaddress
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlencode, urlsplit

from dip.sales.terms.sharing import LOOSE, NARROWING

#: Families, in the order in which they are looked for: many browsers name others as well.
_FAMILIES = (
    ("Edg/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"), ("python", "program"), ("bot", "robot"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iOS"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def network_of(address: str) -> str:
    """The network of an address: an IPv4 one without its last number, an IPv6 one by its first 48 bits; "" for none.

    >>> network_of("192.0.2.77"), network_of("2001:db8:7:9::1")
    ('192.0.2.0/24', '2001:db8:7::/48')
    """
    try:
        found = ipaddress.ip_address(address.strip())
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{found}/{24 if found.version == 4 else 48}", strict=False))


def agent_of(header: str) -> str:
    """Browser and system by family, without versions: "Firefox, Windows"; "" when neither is known."""
    browser = next((name for mark, name in _FAMILIES if mark.casefold() in header.casefold()), "")
    system = next((name for mark, name in _SYSTEMS if mark in header), "")
    return ", ".join(part for part in (browser, system) if part)


def question_of(address: str, asked: Mapping[str, str], season: int, loose: Sequence[str] = LOOSE) -> dict[str, str]:
    """The question that a link's page is asked: as it was shared, with what the visitor may choose. A fixed answer stays.

    ``season``: the one that a page without a season showed when it was shared; ``loose``: what may be chosen.
    """
    fixed = dict(parse_qsl(urlsplit(address).query))
    fixed.setdefault("season", str(season))
    locked = {"by"} if any(fixed.get(name) for name in NARROWING) else set()
    chosen = {name: asked[name] for name in loose if name in asked and name not in fixed and name not in locked}
    return fixed | chosen


def is_narrowed(address: str) -> bool:
    """Whether the page shows a part of its list: then its workbook would show more."""
    question = dict(parse_qsl(urlsplit(address).query))
    return any(question.get(name) for name in NARROWING)


def clean_address(address: str, without: tuple[str, ...] = ("rows",)) -> str:
    """Path and question of an address, sorted, without what is no part of a view."""
    parts = urlsplit(address)
    kept = sorted((name, value) for name, value in parse_qsl(parts.query) if name not in without and value)
    return parts.path + (f"?{urlencode(kept)}" if kept else "")
