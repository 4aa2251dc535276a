"""Short words: statuses, parts of a list, cadences, limits, the moment looked from, a sentence."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    """How a performance stands against comparable ones at the same distance."""

    SOLD_OUT = "sold_out"
    AHEAD = "ahead"
    ON_COURSE = "on_course"
    BEHIND = "behind"
    NO_FIGURES = "no_figures"


class Which(StrEnum):
    """Part of a list of performances."""

    COMING = "coming"
    PLAYED = "played"
    ALL = "all"


class CurveScope(StrEnum):
    """What the main chart of a production draws."""

    PERFORMANCE = "performance"
    BY_DATE = "tour-date"
    BY_DISTANCE = "tour-days"


class Cadence(StrEnum):
    """How often a theatre's system delivers, as seen in what came in."""

    HOURLY = "hourly"
    NIGHTLY = "nightly"
    DAILY = "daily"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Limits:
    """Thresholds of the standard that the Sales Monitor uses."""

    ahead: float
    """Sold divided by the median from which a performance is ahead."""
    behind: float
    """Sold divided by the median below which it is behind."""
    stale_hours: float
    """Hours without a word from the theatre's system after which figures count as missing."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """The moment a page looks from: now, or an earlier one whose knowledge is rebuilt from positions."""

    at: datetime
    is_earlier: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence from the fixed list of patterns: its code and the values in it. Doors put it in words."""

    code: str
    values: dict[str, object] = field(default_factory=dict)
