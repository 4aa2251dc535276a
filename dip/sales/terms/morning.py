"""What changed since yesterday, as the first page tells it."""

from dataclasses import dataclass, field
from enum import StrEnum

from dip.sales.terms.states import Standing


class Change(StrEnum):
    """Kinds of news, the one that wants a hand first on top."""

    DROP = "drop"
    BEHIND_TARGET = "behind_target"
    SOLD_OUT = "sold_out"
    NO_FIGURES = "no_figures"


@dataclass(frozen=True, slots=True)
class News:
    """One line: what, of which performance, and the numbers in it."""

    change: Change
    row: Standing
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Morning:
    """The short list of the first page, and how much there is of each kind."""

    news: tuple[News, ...]
    counts: dict[Change, int]
