"""Figures as a borderel settles them, what people fill in, and what is missing before an agreement is done."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from dip.contracts.terms.states import Turn


@dataclass(frozen=True, slots=True)
class Sold:
    """What a performance sold: paid tickets, free ones, and the recette incl. VAT in cents, as ticketing systems state it."""

    tickets: int
    free_tickets: int
    recette_cents: int


@dataclass(frozen=True, slots=True)
class Typed:
    """What the theatre fills in for a performance, and why it is another number than its ticketing system's."""

    sold: Sold
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SettledFigures:
    """The figures of one performance in a settlement. ``sold`` settles; ``told`` is what the ticketing system stated by then."""

    number: int
    on: date
    hall: str
    seats: int
    """0 where no seats are known."""
    vat_rate: Fraction
    high_vat_rate: Fraction
    sold: Sold | None
    """None: no figures yet."""
    told: Sold | None
    source: str = ""
    true_at: datetime | None = None
    reason: str = ""
    corrected_by: str = ""

    @property
    def is_corrected(self) -> bool:
        """Another number than the ticketing system's, or one where it had none."""
        return self.sold is not None and self.sold != self.told


@dataclass(frozen=True, slots=True)
class FiguresFinding:
    """One problem in the figures of a performance. ``values`` fill the sentence, which belongs to the pages."""

    code: str
    number: int
    field: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)
    is_warning: bool = False
    """Told, and no reason to refuse."""


@dataclass(frozen=True, slots=True)
class Disputed:
    """A line that the provider disputes: its code (or ``figures``), why, and the amount it should be, when known."""

    line: str
    reason: str
    expected_cents: int | None = None


class Step(StrEnum):
    """What has to be there before an agreement is done, in order."""

    AGREEMENT = "agreement"
    CAPACITY = "capacity"
    ROYALTIES = "royalties"
    FRAMEWORK = "framework"
    FIGURES = "figures"
    CONFIRMED = "confirmed"
    SIGNED = "signed"
    INVOICE = "invoice"
    PAID = "paid"


class StepState(StrEnum):
    """How it stands with a step."""

    DONE = "done"
    NOW = "now"
    """Somebody's turn."""
    MISSING = "missing"
    """Wants attention, holds nothing up yet."""
    LATER = "later"


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One step: how it stands, whose turn it is, by when. ``values`` fill its sentence."""

    step: Step
    state: StepState
    turn: Turn = Turn.NOBODY
    deadline: date | None = None
    days_left: int | None = None
    """Until the deadline; negative when it has passed."""
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)

    @property
    def is_late(self) -> bool:
        """Its deadline has passed."""
        return self.days_left is not None and self.days_left < 0

    @property
    def days_late(self) -> int:
        """Days since its deadline; 0 until it has passed."""
        return max(-(self.days_left or 0), 0)
