"""The three columns of an agreement: what it gives sold out, at today's sales, and as it was played."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from dip.contracts.terms.statement import Evening, Statement


class Basis(StrEnum):
    """What a column is calculated from."""

    POTENTIAL = "potential"
    """Every seat at its entrance price."""
    ESTIMATED = "estimated"
    """The newest sales of every performance."""
    ACTUAL = "actual"
    """The figures of the performances that were played."""


@dataclass(frozen=True, slots=True)
class PerformanceFigures:
    """A performance under an agreement, and its newest figures. ``seats``: by rank, as pushed, else as agreed."""

    number: int
    on: date
    starts_at: datetime
    hall: str
    hall_id: int
    seats: tuple[int, ...]
    is_cancelled: bool
    tickets: int | None
    """Paid; None while no system stated any."""
    free_tickets: int
    recette_cents: int
    true_at: datetime | None
    confirmed_at: datetime | None
    source: str

    @property
    def capacity(self) -> int:
        """Seats of all ranks."""
        return sum(self.seats)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its statement, the evenings it was made from, and the moment its figures are true for."""

    basis: Basis
    evenings: tuple[Evening, ...]
    statement: Statement
    true_at: datetime | None
    """Of the oldest figures in it; None for the potential, and where there are none."""
    missing: tuple[int, ...] = ()
    """Performances that have no figures yet and count as nothing sold."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of an agreement. ``actual`` is None until a performance was played."""

    potential: Column
    estimated: Column
    actual: Column | None
    performances: tuple[PerformanceFigures, ...]
