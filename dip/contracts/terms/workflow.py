"""What the workflow of agreements hands around: facts about performances, what changed in them, and what became of a proposal."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class EveningFacts:
    """A performance as the programme has it now, and the other agreements that hold it."""

    number: int
    production_id: int
    production: str
    theatre_id: int
    theatre: str
    hall_id: int
    hall: str
    on: date
    starts_at: datetime
    ranks: tuple[int, ...]
    """Seats of rank 1, 2 …"""
    is_published: bool
    is_cancelled: bool
    merged_into: int | None
    is_confirmed: bool
    """The theatre confirmed it, or was never asked because it asks nobody."""
    bound_by: str = ""
    """Reference of the approved agreement that binds it; "" when there is none, or when that is the one to be revised."""
    proposed_by: str = ""
    """Reference of another agreement in which it is proposed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether an agreement can be proposed, apart from its terms: its parties and what it revises."""

    production_id: int
    production: str
    theatre_id: int
    theatre: str
    is_production_merged: bool
    is_entitled: bool
    """The acting organisation still is the production's agency, or its producer while there is none."""
    provider: str
    """Whose it is to propose: the agency's, or the producer's."""
    is_connected: bool
    """The theatre has an organisation on the platform."""
    has_answerers: bool
    """Somebody there manages contracts."""
    has_approvers: bool
    has_framework: bool
    """A framework agreement between the two holds."""
    parent: str = ""
    """Reference of what it revises."""
    is_parent_approved: bool = True


@dataclass(frozen=True, slots=True)
class PerformanceChange:
    """A performance that is no longer as it was proposed. ``field``: date, starts_at, hall, capacity_by_rank or status."""

    number: int
    field: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Proposed:
    """What became of one of several proposals. ``refusal``: why not, in the reader's language; None when it was proposed."""

    agreement_id: int
    reference: str
    refusal: str | None = None
