"""What will happen at each performance: seats, opening of the sale, demand, prices, what is cancelled, what is never reported. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dip.kernel.periods import season_period
from dip.site.demo import curves
from dip.site.demo.calendar import day_number, weekday
from dip.site.demo.curves import Floats, Ints
from dip.site.demo.past import Drift
from dip.site.demo.sector import Cadence, Sector
from dip.site.demo.tours import Plan

NEVER = 10**6
#: Spread of the logarithm of demand over seats, split over production, venue and evening.
_SHOW_SPREAD, _VENUE_SPREAD, _NIGHT_SPREAD = 0.32, 0.18, 0.36
_LEVEL = -0.42
#: Full price in cents by genre and size of hall.
PRICES = np.array(
    [[1750, 2250, 2700], [1900, 2400, 3300], [1700, 2150, 2850], [1850, 2500, 3850], [1750, 2350, 2800], [1250, 1550, 2050]]
)
_MONTHS = np.array([-0.1, -0.05, 0.0, 0.02, 0.14, 0.02, 0.0, 0.02, -0.02, -0.08, -0.12, -0.1])
_WEEKDAYS = np.array([-0.12, -0.06, -0.03, 0.0, 0.08, 0.14, 0.04])


@dataclass(slots=True)
class Stage:
    """Arrays of one entry per performance, in the order of the plan."""

    show: Ints
    venue: Ints
    room: Ints
    day: Ints
    minute: Ints
    genre: Ints
    agreed: Ints
    """Gross seats as agreed."""
    capacity: Ints
    """Gross seats as the system states them."""
    blocked: Ints
    opens: Ints
    """Day on which the sale opens."""
    demand: Floats
    opening: Floats
    price: Ints
    """Full price in cents, surcharge included."""
    free: Ints
    """Free tickets in the end."""
    cancelled: Ints
    """Day of the cancellation, NEVER for most."""
    is_told: np.ndarray
    """Whether the demo tells about it: no more chance in it than needed."""
    is_concept: np.ndarray
    is_reported: np.ndarray
    """Whether figures come in at all."""
    patience: float = 0.0
    """How much earlier than today people bought: 0..1."""

    @property
    def seats(self) -> Ints:
        """Seats for sale."""
        return self.capacity - self.blocked

    def take(self, part: slice) -> "Stage":
        """A part of the performances."""
        arrays = {name: getattr(self, name)[part] for name in self.__slots__ if name != "patience"}
        return Stage(**arrays, patience=self.patience)

    def demanded(self) -> curves.Demand:
        """As the curves take it."""
        lead = np.clip(self.day - self.opens, 0, curves.LONGEST)
        unrest = np.where(self.is_told, 0.1, 0.35)
        return curves.Demand(self.genre, lead, self.demand, self.opening, self.seats, weekday(self.day), unrest, self.patience)


def set_stage(plan: Plan, sector: Sector, today: int, seed: int, hero: int | None, drift: Drift | None = None) -> Stage:
    """Decide everything that does not depend on the day of looking; nothing is random beyond ``seed``."""
    drift = drift or Drift()
    rng = np.random.default_rng([seed, 5, plan.season])
    nights, count = plan.nights, len(plan.nights)
    ints = {
        name: np.array([getattr(n, name) for n in nights], dtype=np.int64) for name in ("show", "venue", "room", "day", "minute")
    }
    genre = np.array([show.genre for show in plan.shows], dtype=np.int64)[ints["show"]]
    agreed = np.array([sector.venues[n.venue].rooms[n.room].capacity for n in nights], dtype=np.int64)
    capacity = agreed - np.where(rng.random(count) < 0.12, rng.integers(2, 13, count), 0)
    blocked = np.minimum((capacity * rng.beta(1.4, 60, count)).astype(np.int64) + rng.integers(0, 4, count), capacity // 4)
    seats = capacity - blocked
    is_told = np.array([night.pull != 1.0 for night in nights], dtype=bool)
    effect = _effects(rng, plan, sector, ints, is_told) * np.array([n.pull for n in nights])
    demand = seats * effect * np.exp(drift.level)
    opens, late = _openings(rng, plan, sector, ints, is_told)
    opening = curves.OPENING[genre] * np.where(is_told, 0.95, rng.uniform(0.65, 1.35, count)) * np.where(late, 0.6, 1.0)
    opening *= 1 + 0.3 * drift.patience
    size = np.array([sector.venues[n.venue].rooms[n.room].size for n in nights])
    free = np.where(demand >= seats, 0, (demand * rng.beta(1.5, 40, count)).astype(np.int64))
    is_hero = ints["show"] == hero if hero is not None else np.zeros(count, dtype=bool)
    cancelled = np.where((rng.random(count) < 0.017) & ~is_hero, ints["day"] - rng.integers(1, 70, count), NEVER)
    cancelled = np.where(drift.is_closed(ints["day"]), ints["day"] - 3, cancelled)
    cadence = np.array([venue.cadence for venue in sector.venues])[ints["venue"]]
    is_private = np.array([n.is_private for n in nights], dtype=bool)
    forgotten = ((rng.random(count) < 0.015) & ~is_hero) | np.array([n.is_forgotten for n in nights], dtype=bool)
    is_concept = (ints["day"] > today + 30) & (rng.random(count) < 0.03) & ~is_hero
    return Stage(
        **ints, genre=genre, agreed=agreed, capacity=capacity, blocked=blocked, opens=opens, demand=demand, opening=opening,
        price=_prices(rng, ints["show"], genre, size, is_told, drift.price), free=free, cancelled=cancelled, is_told=is_told, is_concept=is_concept,
        is_reported=(cadence != Cadence.NONE) & ~is_private & ~forgotten & ~is_concept,
        patience=drift.patience,
    )  # fmt: skip


def _effects(rng: np.random.Generator, plan: Plan, sector: Sector, ints: Mapping[str, Ints], told: np.ndarray) -> Floats:
    shows = rng.normal(0, _SHOW_SPREAD, len(plan.shows))[ints["show"]]
    by_venue = np.random.default_rng([17, len(sector.venues)]).normal(0, _VENUE_SPREAD, len(sector.venues))
    by_venue[0] = 0.1  # the house that the demo shows does well
    venues = by_venue[ints["venue"]]
    month = (ints["day"] - day_number(season_period(plan.season).start)) * 12 // 366
    shows = np.where(told, 0.05, shows)
    spread = rng.normal(0, _NIGHT_SPREAD, len(shows)) * np.where(told, 0.12, 1.0)
    return np.exp(_LEVEL + shows + np.where(told, 0, venues) + spread + _MONTHS[month] + _WEEKDAYS[weekday(ints["day"])])


def _openings(
    rng: np.random.Generator, plan: Plan, sector: Sector, ints: Mapping[str, Ints], told: np.ndarray
) -> tuple[Ints, np.ndarray]:
    """Days on which the sales open, and which of them are later than the season's opening in May and June."""
    first = day_number(season_period(plan.season).start) - 92  # 1 May
    own = np.random.default_rng([19, len(sector.venues)]).integers(10, 40, len(sector.venues))
    season = first + own[ints["venue"]]
    count = len(season)
    is_late = (rng.random(count) < 0.2) & ~told
    opens = np.where(is_late, ints["day"] - rng.integers(45, 150, count), season)
    is_late &= opens > season
    return np.minimum(np.maximum(opens, season), ints["day"] - 20), is_late


def _prices(rng: np.random.Generator, show: Ints, genre: Ints, size: Ints, told: np.ndarray, factor: float) -> Ints:
    level = np.where(told, 1.02, np.exp(rng.normal(0, 0.16, int(show.max(initial=0)) + 1))[show])
    surcharge = np.round(np.clip(rng.normal(210, 110, len(show)), 0, 425) / 25) * 25
    return (np.round(PRICES[genre, size] * level * factor / 50) * 50 + surcharge - 200).astype(np.int64)
