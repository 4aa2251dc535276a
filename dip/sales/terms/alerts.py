"""Alerts: what somebody asked to hear of, and what was found."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from dip.sales.terms.states import Evening


class AlertKind(StrEnum):
    """What a rule looks for."""

    NO_FIGURES = "no_figures"
    BEHIND_TARGET = "behind_target"
    BEHIND_MEDIAN = "behind_median"
    SOLD_OUT = "sold_out"
    DROP = "drop"
    RESTATED = "restated"


#: Kinds that are a state of a performance: they begin and end. The others are events.
STATES = frozenset({AlertKind.NO_FIGURES, AlertKind.BEHIND_TARGET, AlertKind.BEHIND_MEDIAN, AlertKind.SOLD_OUT})
#: Kinds in which the reader's hand is wanted first.
WORST_FIRST = (
    AlertKind.DROP, AlertKind.BEHIND_TARGET, AlertKind.BEHIND_MEDIAN, AlertKind.NO_FIGURES, AlertKind.SOLD_OUT, AlertKind.RESTATED,
)  # fmt: skip


class AlertUnit(StrEnum):
    """What the limit of a rule counts."""

    HOURS = "hours"
    PERCENT = "percent"
    TICKETS = "tickets"


class MailMode(StrEnum):
    """When an alert is mailed."""

    AT_ONCE = "at_once"
    MORNING = "morning"
    NONE = "none"


class RuleSpec(NamedTuple):
    """What a rule asks: a kind with its limit, over everything, one production or one theatre."""

    kind: AlertKind
    limit: int
    unit: AlertUnit
    production_id: int | None = None
    theatre_id: int | None = None

    def covers(self, evening: Evening) -> bool:
        """Whether a performance is in its scope."""
        return self.production_id in (None, evening.production_id) and self.theatre_id in (None, evening.theatre_id)


class Movement(NamedTuple):
    """Two states of one performance after each other: ``position_id`` is the later one's."""

    number: int
    position_id: int
    before: int
    after: int
    true_at: datetime
    restates: bool


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that a rule found. ``episode``: 0 for a state (the action counts), the position for an event."""

    number: int
    episode: int
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as its owner sees it."""

    id: int
    spec: RuleSpec
    scope_name: str
    mail: MailMode
    is_muted: bool
    made_at: datetime
    open_count: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert as its reader sees it."""

    id: int
    rule_id: int
    kind: AlertKind
    number: int
    title: str
    city: str
    theatre: str
    hall: str
    performance_date: object
    values: dict[str, object]
    fired_at: datetime
    ended_at: datetime | None
    is_read: bool
