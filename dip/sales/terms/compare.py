"""Two things set beside each other: what can be compared, on which axis, by which measure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Align(StrEnum):
    """On what the two lines share their axis."""

    DAYS = "days"
    WEEKS = "weeks"


class Gauge(StrEnum):
    """What the lines say."""

    TICKETS = "tickets"
    MEAN = "mean"
    OCCUPANCY = "occupancy"


class Kind(StrEnum):
    """What can be compared."""

    PRODUCTION = "production"
    SEASON = "season"
    THEATRE = "theatre"


@dataclass(frozen=True, slots=True)
class Subject:
    """One of the two: a production (in one season when ``season_year`` is given), a season, or what plays in a theatre in one."""

    kind: Kind
    key: str
    name: str
    note: str = ""
    season_year: int | None = None

    @property
    def token(self) -> str:
        """How an address names it: ``production:NL-26-00131-00002``, ``season:2026``, ``theatre:12:2026``."""
        parts = [self.kind.value, self.key]
        if self.season_year is not None and self.kind is not Kind.SEASON:
            parts.append(str(self.season_year))
        return ":".join(parts)


class Point(NamedTuple):
    """One day of a line: ``x`` days before the performance, or days since the sale began; over so many ``performances``."""

    x: int
    value: float
    performances: int


@dataclass(frozen=True, slots=True)
class Composition:
    """What a subject is made of; seats and tickets of the performances with figures."""

    performances: int
    with_figures: int
    coming: int
    theatres: int
    capacity: int
    for_sale: int
    sold: int
    recette_cents: int
    occupancy: float | None
    first: date | None
    last: date | None
    sale_began: date | None
    """The first sales day on which a paid ticket is known."""


@dataclass(frozen=True, slots=True)
class Series:
    """A subject with its line, along the axis; ``is_running``: something of it is still to come."""

    subject: Subject
    composition: Composition
    points: tuple[Point, ...]
    is_running: bool

    @property
    def stop(self) -> Point | None:
        """Where the line ends."""
        return self.points[-1] if self.points else None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two series on one axis; ``meeting``: the furthest place to which both have come, None without one."""

    align: Align
    gauge: Gauge
    a: Series
    b: Series
    meeting: int | None
