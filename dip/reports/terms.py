"""Words of the reports: sides, choices, a week, and what a weekly report holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from dip.registry.terms import PROVIDERS, TAKERS, Access, Role
from dip.sales.terms import Evening, State, Status, Totals
from dip.warehouse.terms import GenreCell, NotShown


class Side(StrEnum):
    """From which side an organisation looks: its productions on tour, or what plays in its halls."""

    PROVIDER = "provider"
    THEATRE = "theatre"


class Choice(StrEnum):
    """How often a person wants the mail."""

    WEEKLY = "weekly"
    NONE = "none"


#: The roles of each side, the one in which its report is made first.
ROLES: Mapping[Side, tuple[Role, ...]] = {
    Side.PROVIDER: tuple(sorted(PROVIDERS, key=lambda role: role is not Role.PRODUCER)),
    Side.THEATRE: tuple(sorted(TAKERS, key=lambda role: role is not Role.THEATRE)),
}


def side_of(access: Access) -> Side | None:
    """The side on which an access stands; None for parties without performances of their own."""
    if access.is_provider:
        return Side.PROVIDER
    return Side.THEATRE if access.is_taker else None


class PerformanceLine(NamedTuple):
    """One performance: as known on the moment of the report, and as it was known a week earlier."""

    evening: Evening
    season_year: int
    state: State
    earlier: State
    """As known then: what the report of a week earlier said."""
    status: Status | None
    reference: float | NotShown | None
    """Median tickets of comparable performances (a provider), or mean fill of the colleagues (a theatre)."""
    confirmed_at: datetime | None
    source: str
    is_played: bool
    tickets: tuple[int, ...]
    """Tickets sold before the ten weeks, and in each of them, oldest first; their sum is the state."""
    cents: tuple[int, ...]
    """Recette likewise."""

    @property
    def heard(self) -> bool:
        """Whether ticket figures ever came in."""
        return self.state.has_tickets


@dataclass(frozen=True, slots=True)
class National:
    """Own figures beside the nation's, as published at ``true_at``."""

    season_year: int
    true_at: datetime
    cells: tuple[GenreCell, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A connection request that waits for the theatre."""

    number: int
    title: str
    dip_id: str
    hall: str
    starts_at: datetime
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class WeekReport:
    """Everything that the mail, the workbook and the preview of one week say."""

    side: Side
    organisation_name: str
    role: Role
    monday: date
    """The day on which the mail goes out."""
    known_at: datetime
    """05:00 of that day: the figures are those known then."""
    made_at: datetime
    seasons: tuple[int, ...]
    """The running season, and the next one once something of it is known."""
    lines: tuple[PerformanceLine, ...]
    national: National | None
    requests: tuple[Asked, ...] = field(default=())

    def of_season(self, season_year: int) -> tuple[PerformanceLine, ...]:
        """The performances dated in a season."""
        return tuple(line for line in self.lines if line.season_year == season_year)


@dataclass(frozen=True, slots=True)
class SeasonSums:
    """Sums of one season now and a week earlier, over the same performances."""

    season_year: int
    now: Totals
    earlier: Totals
    coming: int

    @property
    def mutation(self) -> int:
        """Tickets more or fewer than the report of a week earlier said."""
        return self.now.sold - self.earlier.sold

    @property
    def mutation_cents(self) -> int:
        """Recette more or less than it said."""
        return self.now.recette_cents - self.earlier.recette_cents


@dataclass(frozen=True, slots=True)
class ProductionSums:
    """Sums of one production in one season."""

    dip_id: str
    title: str
    producer: str
    genre_id: int
    season_year: int
    performances: int
    with_figures: int
    coming: int
    places: int
    """Theatres of a tour, halls of a house."""
    capacity: int
    for_sale: int
    sold: int
    earlier: int
    cents: int
    earlier_cents: int
    reserved: int
    tickets: tuple[int, ...]
    """As in :class:`PerformanceLine`."""
    weekly_cents: tuple[int, ...]

    @property
    def in_week(self) -> int:
        """Tickets sold on the seven sales days."""
        return self.tickets[-1]


@dataclass(frozen=True, slots=True)
class ArchiveWeek:
    """One row of the archive."""

    monday: date
    known_at: datetime
    made_at: datetime | None
    sold_then: int | None
    """Tickets of the week as the mail told; None when it kept none."""
    sold_now: int
    """Tickets of those seven sales days as known now."""
    mailed_at: datetime | None
    """When the reader's own mail was queued."""
    is_whole: bool
    """Whether its workbook is kept as it was sent."""


@dataclass(frozen=True, slots=True)
class Preference:
    """What a person chose in an organisation; ``language`` empty: the person's own."""

    membership_id: int
    choice: Choice
    language: str


@dataclass(frozen=True, slots=True)
class Reader:
    """One person who may get the mail, as a super-user sees them."""

    membership_id: int
    name: str
    email: str
    choice: Choice
    language: str
    has_figures: bool
    """Whether the person may see sales; without it the mail tells of requests only."""
    mailed_at: datetime | None
    is_self: bool
