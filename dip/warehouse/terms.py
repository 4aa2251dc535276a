"""Words of the warehouse: cohorts, bands, and a figure that is not shown."""

from bisect import bisect_left
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

    A national figure that may not be shown is :class:`NotShown`; own figures always are.
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
