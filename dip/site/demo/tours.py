"""Productions and where and when they play: tours planned over halls, a hall at most once a day (twice on matinee days). Pure."""

from dataclasses import dataclass, field

import numpy as np

from dip.kernel.periods import season_period
from dip.programme.terms import FundFeature, HallKind, PerformanceKind
from dip.site.demo.calendar import day_number, weekday
from dip.site.demo.names import Names
from dip.site.demo.sector import GENRES, Sector
from dip.site.demo.terms import Scale

#: Shares of the performances by genre, nationally.
GENRE_SHARES = np.array([11_306, 19_836, 2_486, 6_440, 8_498, 5_488]) / 54_054
#: Small, middle and large halls by genre, so that visits per performance come out as nationally.
SIZES_BY_GENRE = np.array(
    [[0.68, 0.27, 0.05], [0.20, 0.16, 0.64], [0.34, 0.38, 0.28], [0.04, 0.09, 0.87], [0.22, 0.40, 0.38], [0.45, 0.33, 0.22]]
)
#: Performances of a day of the week, Monday first, and of a month of the season, August first.
_WEEKDAYS = np.array([0.25, 0.7, 0.9, 1.15, 1.35, 1.5, 0.95])
_MONTHS = np.array([0.12, 0.75, 1.2, 1.3, 1.3, 1.1, 1.15, 1.3, 1.15, 1.0, 0.5, 0.12])
#: Largest part of a genre's performances that one tour has.
LARGEST_TOUR = 0.1
SUBSIDY_SCHEMES = ("Meerjarig 2025–2028", "Projectsubsidie", "Reprisesubsidie")


@dataclass(slots=True)
class Show:
    """A production to be made; parties are indices of bodies."""

    title: str
    season: int
    genre: int
    size: int
    producer: int
    agency: int | None = None
    co_producers: list[int] = field(default_factory=list)
    is_revival: bool = False
    subsidy: str = ""
    consent: bool = False
    cast: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Night:
    """A performance to be made; ``show``, ``venue`` and ``room`` are indices, ``day`` and ``minute`` local."""

    show: int
    venue: int
    room: int
    day: int
    minute: int
    kind: PerformanceKind = PerformanceKind.NORMAL
    feature: FundFeature = FundFeature.REGULAR
    is_private: bool = False
    in_festival: bool = False
    pull: float = 1.0
    """Factor on the demand, for the performances that the demo tells about; 1 for all others."""
    is_forgotten: bool = False
    """Nobody entered its DIP-id at the box office: no figures come in."""


@dataclass(slots=True)
class Plan:
    """All productions of a season and their performances in order of production and date."""

    season: int
    shows: list[Show]
    nights: list[Night]


class Planner:
    """Plans one season after the other over the same sector."""

    def __init__(self, scale: Scale, sector: Sector, *, names: int | None = None) -> None:
        self._scale, self._sector = scale, sector
        self._names = Names(scale.seed + 7 if names is None else names)
        self._halls = {
            size: [
                (v, r)
                for v in sector.playable
                for r, room in enumerate(sector.venues[v].rooms)
                if room.size == size and room.kind is HallKind.REGULAR
            ]
            for size in range(3)
        }

    def season(self, year: int) -> Plan:
        """The season that begins in ``year``, without the production that the demo tells about."""
        rng = np.random.default_rng([self._scale.seed, 3, year])
        period = season_period(year)
        diary = _Diary(day_number(period.start), period.days)
        plan = Plan(year, [], [])
        given = np.zeros(SIZES_BY_GENRE.shape)
        by_body = np.zeros(len(self._sector.bodies))
        left = self._scale.performances
        while left > 0:
            genre = int(np.argmax(GENRE_SHARES * self._scale.performances - given.sum(axis=1)))
            most = max(round(LARGEST_TOUR * GENRE_SHARES[genre] * self._scale.performances), 12)
            length = min(_tour_length(rng), max(left, 1), most)
            size = int(np.argmax(SIZES_BY_GENRE[genre] * (given[genre].sum() + length) - given[genre]))
            show = self._show(rng, year, genre, size, by_body)
            nights = self._nights(rng, show, len(plan.shows), length, diary)
            if not nights:
                continue
            plan.shows.append(show)
            plan.nights += nights
            given[genre, size] += len(nights)
            by_body[show.producer] += len(nights)
            left -= len(nights)
        return plan

    def _show(self, rng: np.random.Generator, year: int, genre: int, size: int, by_body: np.ndarray) -> Show:
        bodies = self._sector.bodies
        fitting = [b for b in self._sector.producers if bodies[b].genre == genre] or self._sector.producers
        behind = [by_body[b] / bodies[b].weight * float(rng.uniform(0.6, 1.4)) + float(rng.uniform(0, 4)) for b in fitting]
        producer = fitting[int(np.argmin(behind))]
        if not self._halls[size]:
            size = max(s for s in range(3) if self._halls[s])
        show = Show(self._names.title(GENRES[genre]), year, genre, size, producer, is_revival=bool(rng.random() < 0.18))
        if rng.random() < (0.55 if not bodies[producer].is_member else 0.22):
            others = [a for a in self._sector.agencies if a != producer]
            show.agency = others[producer // 2 % len(others)] if others else None
        if rng.random() < 0.09:
            other = fitting[int(rng.integers(len(fitting)))]
            show.co_producers = [other] if other != producer else []
        if rng.random() < (0.3, 0.1, 0.5, 0.05, 0.01, 0.25)[genre]:
            show.subsidy, show.consent = SUBSIDY_SCHEMES[int(rng.integers(3))], bool(rng.random() < 0.85)
        show.cast = [self._names.person() for _ in range(int(rng.integers(1, 5)))] if self._scale.performances <= 6000 else []
        return show

    def _nights(self, rng: np.random.Generator, show: Show, index: int, length: int, diary: "_Diary") -> list[Night]:
        halls = self._halls[show.size]
        weights = np.array([self._sector.venues[v].weight for v, _ in halls])
        count = int(np.clip(round(length * rng.uniform(0.68, 0.96)), 1, min(59, len(halls))))
        chosen = rng.choice(len(halls), count, replace=False, p=weights / weights.sum())
        days = diary.days_for(rng, length)
        nights = []
        for n, day in enumerate(days):
            order = np.roll(chosen, -n)
            place = next(((v, r) for v, r in (halls[int(h)] for h in order) if diary.take(v, r, int(day))), None)
            if place is None:
                place = next(((v, r) for v, r in halls if diary.take(v, r, int(day))), None)
            if place is not None:
                nights.append(Night(index, *place, int(day), _minute(rng, int(day), show.genre)))
        nights.sort(key=lambda night: night.day)
        _mark(rng, show, nights)
        return nights


class _Diary:
    """Which halls are taken on which day of a season."""

    def __init__(self, first: int, days: int) -> None:
        self._first, self._taken = first, set[tuple[int, int, int]]()
        numbers = np.arange(first, first + days)
        months = np.minimum((np.arange(days) * 12) // days, 11)
        self.weights = _WEEKDAYS[weekday(numbers)] * _MONTHS[months]

    def days_for(self, rng: np.random.Generator, length: int) -> np.ndarray:
        """Days of a tour of ``length`` performances: a stretch of the season, busy days first, repeats only when full."""
        span = int(np.clip(length * rng.uniform(2.2, 5.0) + 5, 7, 250))
        centre = rng.choice(len(self.weights), p=self.weights / self.weights.sum())
        start = int(np.clip(centre - span // 2, 0, len(self.weights) - span))
        weights = self.weights[start : start + span]
        chosen = rng.choice(span, length, replace=length > span, p=weights / weights.sum())
        return self._first + start + np.sort(chosen)

    def take(self, venue: int, room: int, day: int) -> bool:
        """Book the hall on that day, unless it is taken."""
        key = (venue, room, day)
        if key in self._taken:
            return False
        self._taken.add(key)
        return True


def _tour_length(rng: np.random.Generator) -> int:
    """1 to 93 performances, 26 on average."""
    return int(np.clip(round(rng.lognormal(3.02, 0.74)), 1, 93))


def _minute(rng: np.random.Generator, day: int, genre: int) -> int:
    if genre == 5 or int(weekday(np.array([day]))[0]) == 6:
        return int(rng.choice([840, 870, 900]))
    return int(rng.choice([1200, 1215, 1230], p=[0.35, 0.5, 0.15]))


def _mark(rng: np.random.Generator, show: Show, nights: list[Night]) -> None:
    """Try-outs, première and dernière, and what else sets a performance apart."""
    if len(nights) >= 6 and not show.is_revival:
        first = int(rng.integers(1, 4))
        for night in nights[:first]:
            night.kind = PerformanceKind.TRYOUT
        nights[first].kind = PerformanceKind.PREMIERE
    if len(nights) >= 8:
        nights[-1].kind = PerformanceKind.DERNIERE
    for night in nights:
        draw = rng.random(3)
        night.is_private, night.in_festival = bool(draw[0] < 0.008), bool(draw[1] < 0.015)
        if show.genre == 5 and draw[2] < 0.08:
            night.feature, night.minute = FundFeature.SCHOOL_PRIMARY, 630
        elif show.subsidy and draw[2] < 0.03:
            night.feature = FundFeature.EDUCATION
