"""Words of the warehouse: cohorts, bands, trends, and a figure that is not shown."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from operator import neg


class HallSize(StrEnum):
    """Size class of a hall by gross seats: the classes in which the sector counts its halls."""

    SMALL = "small"
    MIDDLE = "middle"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class NotShown:
    """A figure held back by disclosure control; which rule did it is never told."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The thresholds of the standard that disclosure control uses, as they were in force when figures were published."""

    holdings_min: int
    """Holdings that must contribute to a figure."""
    dominance_p: float
    """The second-largest holding may not come nearer to the largest than this share of it."""
    top_one_max: float
    """Largest share of one holding."""
    top_two_max: float
    """Largest share of two holdings together."""
    quantile_min: int
    """Values from which a quantile may be taken."""
    cohort_min: int
    """Performances that a cohort should have; with fewer it is widened."""
    price_low: float = 15
    """Average paid price in euros from which a performance is in the second price class."""
    price_middle: float = 25
    """… in the third."""
    price_high: float = 35
    """… in the fourth."""
    lead_first_max: float = 0.20
    """Share of the final tickets that the first figures may hold for a performance to count in lead times."""
    factor_low: float = 0.10
    """By how much the hidden factor of a holding differs from 1, at least …"""
    factor_high: float = 0.13
    """… and at most."""
    join_min: int = 3
    """Holdings of a group that join the national sums of a running season together."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One publication of the national figures of a season: the sales day on which it was made, by which make of the rules, and when."""

    made_on: date
    make: int
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CohortKey:
    """What makes performances comparable: genre and size of the hall."""

    genre_id: int
    size: HallSize


@dataclass(frozen=True, slots=True)
class Cohort:
    """The comparable performances that were used: played in the two seasons before ``season_year``, or in the first part of
    it when there are none, own organisation left out. ``widened`` tells that the size class was dropped to reach enough."""

    key: CohortKey
    seasons: tuple[int, ...]
    performance_count: int
    theatre_count: int
    provider_count: int
    widened: bool


@dataclass(frozen=True, slots=True)
class Band:
    """Fill rates (sold / seats for sale, 0..1) of a cohort by days before the performance: p10, median, p90.

    ``days`` descends to 0; ``at(day)`` interpolates.
    """

    cohort: Cohort
    days: tuple[int, ...]
    p10: tuple[float, ...]
    p50: tuple[float, ...]
    p90: tuple[float, ...]
    true_at: datetime

    def at(self, day: int) -> tuple[float, float, float]:
        """(p10, median, p90) at ``day`` days before, linear between grid days, flat outside the grid."""
        days = self.days
        if day >= days[0]:
            return self.p10[0], self.p50[0], self.p90[0]
        if day <= days[-1]:
            return self.p10[-1], self.p50[-1], self.p90[-1]
        right = bisect_left(days, -day, key=neg)
        left = right - 1
        share = (days[left] - day) / (days[left] - days[right])
        return tuple(v[left] + share * (v[right] - v[left]) for v in (self.p10, self.p50, self.p90))  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Quantiles:
    """p10, median and p90 of one measure over comparable productions."""

    p10: float
    p50: float
    p90: float


@dataclass(frozen=True, slots=True)
class ProductionComparison:
    """Where comparable productions stood when their performances were as far off as this one's are now.

    Per seat for sale: ``fill`` (sold), ``recette_cents``, ``reserved``; ``blocked`` per gross seat; ``price_cents`` per ticket sold.
    """

    production_count: int
    seasons: tuple[int, ...]
    genre_id: int
    fill: Quantiles
    recette_cents: Quantiles
    price_cents: Quantiles
    reserved: Quantiles
    blocked: Quantiles
    true_at: datetime


@dataclass(frozen=True, slots=True)
class GenreCell:
    """One cell of the fixed national cube (season × genre, nation or province): national figures, and the viewer's own beside them.

    A national figure that may not be shown is :class:`NotShown`; own figures always are. ``true_at``: when the national ones were made.
    """

    genre_id: int
    province_id: int | None
    own_performances: int
    own_tickets: int
    own_recette_cents: int
    own_for_sale: int
    performances: int | NotShown
    tickets: int | NotShown
    recette_cents: int | NotShown
    for_sale: int | NotShown
    true_at: datetime


@dataclass(frozen=True, slots=True)
class OwnDay:
    """Running totals of the viewer's own performances of one season at the close of a sales day."""

    sales_date: date
    tickets: int
    recette_cents: int


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did: closing states that changed, and the seasons that were published."""

    states: int
    seasons: tuple[int, ...]


class Dimension(StrEnum):
    """By what a trend is split."""

    GENRE = "genre"
    REGION = "region"
    WEEKDAY = "weekday"
    MONTH = "month"
    PRICE = "price"
    SIZE = "size"


class TrendMeasure(StrEnum):
    """What a trend follows."""

    OCCUPANCY = "occupancy"
    PRICE = "price"
    TICKETS = "tickets"
    RECETTE = "recette"
    PERFORMANCES = "performances"


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over performances: paid tickets, recette in cents, seats for sale; ``theatres`` and ``providers`` are holdings."""

    performances: int = 0
    coupled: int = 0
    """Performances in coupled theatres."""
    theatres: int = 0
    providers: int = 0
    tickets: int = 0
    recette_cents: int = 0
    for_sale: int = 0


@dataclass(frozen=True, slots=True)
class TrendCell:
    """One value of a dimension in one season. ``national`` is None when nothing was played; ``own`` the viewer's part, None without any.

    ``half_widths``: half of the 95 % interval of a rate, between theatres; of tickets and recette, about the share by which they are
    disturbed. ``adjusted``: what the measure would be, had the mix of genre
    and hall size stayed as in the base season; absent where the mix may not be shown or too little of it came back.
    """

    season_year: int
    value: int
    national: Sums | NotShown | None
    own: Sums | None
    half_widths: Mapping[TrendMeasure, float]
    adjusted: Mapping[TrendMeasure, float]


@dataclass(frozen=True, slots=True)
class TrendSeason:
    """A season in the trends: performances played before ``until`` (exclusive) of the edition made on ``made_on``."""

    season_year: int
    is_running: bool
    until: date
    made_on: date


@dataclass(frozen=True, slots=True)
class Trend:
    """What is published of one dimension, for a genre or (None) for all: seasons oldest first, cells by (season, value).

    ``totals``: the cell of all values together per season. ``base``: the season whose mix the adjusted figures keep.
    """

    dimension: Dimension
    genre_id: int | None
    seasons: tuple[TrendSeason, ...]
    values: tuple[int, ...]
    cells: Mapping[tuple[int, int], TrendCell]
    totals: Mapping[int, TrendCell]
    base: int


@dataclass(frozen=True, slots=True)
class Lead:
    """When the final tickets were bought. ``kept``: share of them sold by the close of each day of the grid, nearest first;
    ``buckets``: shares by horizon, nearest first; ``median``: days before at which half was sold."""

    performances: int
    theatres: int
    median: float
    kept: tuple[float, ...]
    buckets: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class LeadCell:
    """Lead times of one value in one season, national and own."""

    season_year: int
    value: int
    national: Lead | NotShown | None
    own: Lead | None
    half_width: float | None
    """Half of the 95 % interval of the national median, in days."""


@dataclass(frozen=True, slots=True)
class LeadChange:
    """How the median moved from one finished season to another, in days (negative: people buy later)."""

    before: int
    after: int
    days: float
    half_width: float
    """Half of the 95 % interval, theatres paired."""
    adjusted: float | None
    """The same with the mix of genre and hall size of ``before``."""
    share_late: float
    """Change of the share sold in the last 30 days, 0..1."""


@dataclass(frozen=True, slots=True)
class LeadTimes:
    """What is published of lead times for one dimension, for a genre or for all."""

    dimension: Dimension
    genre_id: int | None
    seasons: tuple[TrendSeason, ...]
    values: tuple[int, ...]
    cells: Mapping[tuple[int, int], LeadCell]
    totals: Mapping[int, LeadCell]
    changes: tuple[LeadChange, ...]
    """From the season before and from the oldest one to the newest finished one; empty when they may not be told."""
    coverage: Mapping[int, float]
    """Season → share of the performances played in its closed quarters that count."""
