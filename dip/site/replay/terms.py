"""Words of a replay: a playing week, a remark about a line, a season."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Week:
    """One show in one theatre in one playing week: what a line of the file states. Money in cents of the file's currency."""

    line: int
    show: str
    theatre: str
    kind: str
    week_ending: date
    tickets: int
    seats: int
    gross_cents: int
    occurrence: int = 1
    """1, or more when the same show has the same week several times."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something odd about a line, and what was done with it."""

    line: int
    code: str
    told: str
    is_left_out: bool = False


@dataclass(frozen=True, slots=True)
class Season:
    """A Broadway season: from its first to its last playing week, with the League's published totals where they are known."""

    year: int
    first: date
    last: date
    attendance: int | None = None
    gross_cents: int | None = None
    playing_weeks: int | None = None

    @property
    def name(self) -> str:
        """As the League writes it: ``2004-05``."""
        return f"{self.year}-{(self.year + 1) % 100:02d}"

    @property
    def wire(self) -> str:
        """As the wire contract writes it: ``2004-2005``."""
        return f"{self.year}-{self.year + 1}"


@dataclass(frozen=True, slots=True)
class Totals:
    """What came of a season: in the file and on the platform."""

    season: Season
    weeks: int
    tickets: int
    gross_cents: int
    tickets_there: int
    gross_cents_there: int

    @property
    def is_equal(self) -> bool:
        """To the ticket and the cent."""
        return (self.tickets, self.gross_cents) == (self.tickets_there, self.gross_cents_there)
