"""Saved views and links for people without an account."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

#: Days that a link works: unless chosen, and at most.
DAYS, MOST_DAYS = 7, 90
#: What a visitor of a link may choose where the sharer left it open: rows of a list, the part of it, the chart's scope, the grouping.
LOOSE = ("rows", "which", "scope", "performance", "by")
#: Filters of lists. A workbook holds more than the list, so a link to a filtered page has none.
NARROWING = ("q", "genre", "hall", "province")


class LinkState(StrEnum):
    """Whether a link works."""

    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A saved view: its name and address, and whose it is."""

    id: int
    name: str
    address: str
    is_shared: bool
    is_own: bool
    is_default: bool
    owner: str


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link as its owner or the super-user sees it; ``token`` only for who made it, while it works."""

    id: int
    title: str
    address: str
    label: str
    made_by: str
    made_at: datetime
    expires_at: datetime
    state: LinkState
    openings: int
    last_opened_at: datetime | None
    token: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """One opening of a link: when, from which network (coarse), with what, which part of the page."""

    at: datetime
    network: str
    agent: str
    part: str
