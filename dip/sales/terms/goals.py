"""Targets: what an organisation means to sell, where the number came from, and how far it is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from dip.kernel.money import ratio
from dip.sales.terms.states import Evening


class Origin(StrEnum):
    """How a target was given."""

    TYPED = "typed"
    PASTED = "pasted"
    BEFORE = "before"
    """From an earlier season or tour, times a factor."""
    CAPACITY = "capacity"
    """A percentage of the seats."""


class Goal(NamedTuple):
    """The target of one performance: paid tickets, and the recette in cents where one was set."""

    tickets: int
    recette_cents: int | None = None


class GoalEntry(NamedTuple):
    """A target as it is to become; ``goal`` None takes it away."""

    number: int
    goal: Goal | None


class GoalFinding(NamedTuple):
    """Why a line could not be taken, or what is remarkable in it. ``line``: of what was pasted (1, 2 …), or the DIP number."""

    line: int
    code: str
    value: str
    number: int | None = None
    """The performance, when it is known."""
    rejects: bool = True


@dataclass(frozen=True, slots=True)
class GoalRow:
    """One line of the table of targets: what is set, what is proposed, and what is sold."""

    evening: Evening
    sold: int | None
    seats: int
    goal: Goal | None
    proposed: Goal | None = None
    basis: str = ""
    """Where the proposal came from, in words of the door."""


@dataclass(frozen=True, slots=True)
class GoalChange:
    """One line of the history of targets."""

    evening: Evening | None
    number: int
    at: datetime
    actor: str
    origin: Origin
    before: Goal | None
    after: Goal | None


@dataclass(frozen=True, slots=True)
class Progress:
    """Performances with a target, together. ``sold``: paid tickets of those with figures; ``target``: of all that have one."""

    performances: int = 0
    """With a target."""
    with_figures: int = 0
    all_performances: int = 0
    sold: int = 0
    target: int = 0
    recette_cents: int = 0
    recette_target_cents: int = 0
    recette_performances: int = 0
    expected: float | None = None
    """Tickets that the targets ask for by now, at the pace of comparable performances; None where that may not be shown."""
    heading: float | None = None
    """Where the sales end at the pace of comparable performances; None where that may not be shown for all of them."""

    @property
    def share(self) -> float | None:
        """Sold as a part of the target."""
        return ratio(self.sold, self.target)

    @property
    def recette_share(self) -> float | None:
        """Recette as a part of its target."""
        return ratio(self.recette_cents, self.recette_target_cents)

    @property
    def heading_share(self) -> float | None:
        """The end that comparable performances point to, as a part of the target."""
        return ratio(self.heading, self.target)
