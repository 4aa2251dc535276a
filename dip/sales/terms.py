"""Words of the Sales Monitor: the state of a performance, a row of a list, a status, a key figure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from dip.kernel.money import ratio
from dip.warehouse.terms import Band, NotShown, ProductionComparison


class Status(StrEnum):
    """How a performance stands against comparable ones at the same distance."""

    SOLD_OUT = "sold_out"
    AHEAD = "ahead"
    ON_COURSE = "on_course"
    BEHIND = "behind"
    NO_FIGURES = "no_figures"


class Which(StrEnum):
    """Part of a list of performances."""

    COMING = "coming"
    PLAYED = "played"
    ALL = "all"


class CurveScope(StrEnum):
    """What the main chart of a production draws."""

    PERFORMANCE = "performance"
    BY_DATE = "tour-date"
    BY_DISTANCE = "tour-days"


class Cadence(StrEnum):
    """How often a theatre's system delivers, as seen in what came in."""

    HOURLY = "hourly"
    NIGHTLY = "nightly"
    DAILY = "daily"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Limits:
    """Thresholds of the standard that the Sales Monitor uses."""

    ahead: float
    """Sold divided by the median from which a performance is ahead."""
    behind: float
    """Sold divided by the median below which it is behind."""
    stale_hours: float
    """Hours without a word from the theatre's system after which figures count as missing."""


@dataclass(frozen=True, slots=True)
class State:
    """Figures of one performance at one moment: tickets and cents per national kind; None where a theatre never reported."""

    normal: int = 0
    discount: int = 0
    free: int = 0
    other: int = 0
    normal_cents: int = 0
    discount_cents: int = 0
    free_cents: int = 0
    other_cents: int = 0
    reserved: int | None = None
    blocked: int | None = None
    capacity: int = 0
    has_tickets: bool = False
    """Whether ticket figures ever came in."""

    @property
    def sold(self) -> int:
        """Paid tickets."""
        return self.normal + self.discount + self.other

    @property
    def recette_cents(self) -> int:
        """Recette, incl. VAT and theatre surcharge."""
        return self.normal_cents + self.discount_cents + self.free_cents + self.other_cents

    @property
    def for_sale(self) -> int:
        """Gross seats without the blocked ones, never below 0."""
        return max(self.capacity - (self.blocked or 0), 0)

    @property
    def unsold(self) -> int:
        """Seats that can still be had: for sale without sold, free and reserved; never below 0."""
        return max(self.for_sale - self.sold - self.free - (self.reserved or 0), 0)

    @property
    def occupancy(self) -> float | None:
        """Paid occupancy, None without seats for sale."""
        return ratio(self.sold, self.for_sale)


@dataclass(frozen=True, slots=True)
class Evening:
    """What the programme knows of one performance."""

    number: int
    production_id: int
    dip_id: str
    title: str
    producer: str
    genre_id: int
    theatre_id: int
    theatre: str
    city: str
    province_id: int | None
    hall_id: int
    hall: str
    hall_capacity: int
    starts_at: datetime
    performance_date: date
    kind: str
    capacity: int


@dataclass(frozen=True, slots=True)
class Line:
    """One performance with its figures: now (or as known then), a day earlier, and where they come from."""

    evening: Evening
    state: State
    before: State
    confirmed_at: datetime | None = None
    source: str = ""

    @property
    def sold_since(self) -> int:
        """Tickets more (or fewer) than a day earlier."""
        return self.state.sold - self.before.sold


@dataclass(frozen=True, slots=True)
class Expectation:
    """Where comparable performances stood at this one's distance, in tickets of this hall."""

    p10: float
    median: float
    p90: float
    final_median: float


@dataclass(frozen=True, slots=True)
class Standing:
    """A line set against comparable performances; ``expected`` is None where none were asked for or none exist."""

    line: Line
    days: int
    """Calendar days to the performance, negative once played."""
    distance: float
    """Days to the end of the performance's sales day at the moment of the figures, 0 once played."""
    status: Status | None
    expected: Expectation | NotShown | None
    is_played: bool

    @property
    def median(self) -> float | None:
        """Tickets of the median at this distance, when it may be shown."""
        return self.expected.median if isinstance(self.expected, Expectation) else None


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over performances; seats and tickets of those with ticket figures only, so that ratios hold."""

    performances: int = 0
    with_tickets: int = 0
    with_reserved: int = 0
    with_blocked: int = 0
    normal: int = 0
    discount: int = 0
    free: int = 0
    other: int = 0
    normal_cents: int = 0
    discount_cents: int = 0
    free_cents: int = 0
    other_cents: int = 0
    reserved: int = 0
    blocked: int = 0
    capacity: int = 0
    for_sale: int = 0

    @property
    def sold(self) -> int:
        """Paid tickets."""
        return self.normal + self.discount + self.other

    @property
    def recette_cents(self) -> int:
        """Recette, incl. VAT and theatre surcharge."""
        return self.normal_cents + self.discount_cents + self.free_cents + self.other_cents

    @property
    def occupancy(self) -> float | None:
        """Paid tickets per seat for sale."""
        return ratio(self.sold, self.for_sale)

    @property
    def occupancy_total(self) -> float | None:
        """Paid and free tickets per seat for sale."""
        return ratio(self.sold + self.free, self.for_sale)

    @property
    def price_cents(self) -> float | None:
        """Recette per paid ticket."""
        return ratio(self.recette_cents, self.sold)


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

    @property
    def tick(self) -> float | None:
        """The median as a part of the seats for sale, for the bar."""
        rate = ratio(self.expected, self.totals.for_sale)
        return None if rate is None else min(rate, 1.0)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence from the fixed list of patterns: its code and the values in it. Doors put it in words."""

    code: str
    values: dict[str, object] = field(default_factory=dict)


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
class AsOf:
    """The moment a page looks from: now, or an earlier one whose knowledge is rebuilt from positions."""

    at: datetime
    is_earlier: bool = False


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
class Sales:
    """A set of performances as a page shows it: each with its status, the sums now and a day earlier, the six figures."""

    rows: tuple[Standing, ...]
    bands: Mapping[int, Band | NotShown]
    now: Totals
    before: Totals
    figures: tuple[KeyFigure, ...]
    limits: Limits
    comparison: ProductionComparison | NotShown | None = None

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
