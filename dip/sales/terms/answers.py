"""What a page is told: key figures, groups, a tour, a season."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from dip.kernel.money import ratio
from dip.sales.terms.goals import Goal, Progress
from dip.sales.terms.states import Standing, Totals
from dip.sales.terms.words import Limits, Status, Which
from dip.warehouse.terms import Band, NotShown, ProductionComparison


@dataclass(frozen=True, slots=True)
class Comparison:
    """p10, median and p90 of comparable productions in the unit of the figure."""

    p10: float
    median: float
    p90: float


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One figure of the strip. ``value`` in tickets, seats, cents or a rate (0..1); ``change`` since a day earlier, same unit."""

    code: str
    value: float | None
    change: float | None
    numerator: float | None
    denominator: float | None
    covered: int
    performances: int
    second: float | None = None
    """Occupancy with free tickets."""
    comparison: Comparison | NotShown | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Several performances under one head (a production, a theatre, a hall, a genre) with their sums and status."""

    key: str
    name: str
    note: str
    totals: Totals
    change: int
    expected: float | None
    """Tickets of the median over the performances for which it may be shown; None when there are none."""
    status: Status | None
    first_date: date
    last_date: date
    coming: int
    link: str = ""
    progress: Progress = field(default_factory=Progress)

    @property
    def tick(self) -> float | None:
        """The median as a part of the seats for sale, for the bar."""
        rate = ratio(self.expected, self.totals.for_sale)
        return None if rate is None else min(rate, 1.0)


@dataclass(frozen=True, slots=True)
class Tour:
    """What the head of a production's page says."""

    production_id: int
    dip_id: str
    title: str
    producer: str
    agency: str
    genre_id: int
    genre: str
    season_year: int
    is_revival: bool


@dataclass(frozen=True, slots=True)
class Sales:
    """A set of performances as a page shows it: each with its status, the sums now and a day earlier, the six figures."""

    rows: tuple[Standing, ...]
    bands: Mapping[int, Band | NotShown]
    now: Totals
    before: Totals
    figures: tuple[KeyFigure, ...]
    limits: Limits
    comparison: ProductionComparison | NotShown | None = None
    goals: Mapping[int, Goal] = field(default_factory=dict)
    """Performance number → the organisation's own target."""
    progress: Progress = field(default_factory=Progress)

    @property
    def coming(self) -> tuple[Standing, ...]:
        """Performances not yet begun."""
        return tuple(row for row in self.rows if not row.is_played)

    @property
    def played(self) -> tuple[Standing, ...]:
        """Performances that have begun, the last one first."""
        return tuple(reversed([row for row in self.rows if row.is_played]))

    def part(self, which: Which) -> tuple[Standing, ...]:
        """The part of the list that was asked for."""
        return {Which.COMING: self.coming, Which.PLAYED: self.played, Which.ALL: self.rows}[which]


@dataclass(frozen=True, slots=True)
class SeasonCurve:
    """Running totals by date of sale: this season up to today, and the one before it on its own dates (empty without one)."""

    season_year: int
    today: date
    this: tuple[tuple[date, int], ...]
    last: tuple[tuple[date, int], ...]
    lead: int | None
    """Tickets more than last season at the same day."""
    is_over: bool = False
    """The season had ended; ``today`` is then the last day on which anything was sold for it."""
