"""What came in over time: closed days, paces, positions, restatements."""

from dataclasses import dataclass
from datetime import date, datetime

from dip.sales.terms.words import Cadence


@dataclass(frozen=True, slots=True)
class DayState:
    """Cumulative paid tickets and recette of one performance at the close of a sales day."""

    sales_date: date
    sold: int
    recette_cents: int


@dataclass(frozen=True, slots=True)
class DatePoint:
    """Cumulative tickets at the close of a date, and what the median of comparable performances adds up to."""

    day: date
    sold: int | None
    median: float | None


@dataclass(frozen=True, slots=True)
class Pace:
    """New tickets per closed sales day of one performance, oldest first, and how its figures come in."""

    per_day: tuple[int, ...]
    cadence: Cadence

    @property
    def yesterday(self) -> int:
        """Tickets of the last closed sales day."""
        return self.per_day[-1] if self.per_day else 0


@dataclass(frozen=True, slots=True)
class MeasureFact:
    """The newest position of one measure: what it said, when that was true, when it became known, and who said it."""

    measure: int
    true_at: datetime
    known_at: datetime
    source: str
    ranks: tuple[int, ...] = ()
    """Seats of rank 1, 2 … when the measure is capacity."""


@dataclass(frozen=True, slots=True)
class PositionLine:
    """One row of the history of a performance."""

    measure: int
    true_at: datetime
    known_at: datetime
    sales_date: date
    sold: int | None
    free: int | None
    recette_cents: int | None
    seats: int | None
    is_restatement: bool
    source: str


@dataclass(frozen=True, slots=True)
class Restatement:
    """A closed sales day whose figures changed afterwards."""

    number: int
    production_id: int
    title: str
    city: str
    theatre: str
    performance_date: date
    sales_date: date
    sold_before: int
    sold_after: int
    cents_before: int
    cents_after: int
    known_at: datetime
    source: str
