"""A performance with its figures, how it stands, and sums over several."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from dip.kernel.money import ratio
from dip.sales.terms.words import Status
from dip.warehouse.terms import NotShown


class State(NamedTuple):
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


class Evening(NamedTuple):
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

    @property
    def place(self) -> str:
        """Theatre and hall; one name where both bear the same, as a barn does."""
        return self.theatre if self.hall.casefold() == self.theatre.casefold() else f"{self.theatre}, {self.hall}"


class Line(NamedTuple):
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


class Expectation(NamedTuple):
    """Where comparable performances stood at this one's distance, in tickets of this hall."""

    p10: float
    median: float
    p90: float
    final_median: float


class Standing(NamedTuple):
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
