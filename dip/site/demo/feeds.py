"""From demand to what the systems stated: rows on change, at the moments at which each venue's system speaks. Pure numpy."""

from dataclasses import dataclass

import numpy as np

from dip.site.demo import curves
from dip.site.demo.calendar import MICROSECONDS_A_MINUTE, moments, weekday
from dip.site.demo.curves import LONGEST, Floats, Ints
from dip.site.demo.past import STATED
from dip.site.demo.sector import Cadence, Venue
from dip.site.demo.stage import Stage

#: A day has at most four pushes of which something is kept, and a late file on the day after.
SLOTS, LATE = 5, 4
_HOURS = np.array([12, 16, 19, 22])
#: Share of the tickets by kind: normal, discount, other.
_DISCOUNT, _OTHER = 0.19, 0.05
_BEFORE = np.arange(LONGEST, -1, -1)


@dataclass(frozen=True, slots=True)
class Clocks:
    """When each venue's system speaks; arrays by venue."""

    cadence: Ints
    minute: Ints
    limit: Ints
    """Newest sales day that the system has stated."""
    today: int
    now_minute: int

    @classmethod
    def of(cls, venues: list[Venue], today: int, now_minute: int) -> "Clocks":
        """The clocks of ``venues`` as they stand at ``now_minute`` of the sales day ``today``."""
        cadence = np.array([v.cadence for v in venues], dtype=np.int64)
        minute = np.array([v.minute for v in venues], dtype=np.int64)
        silent = np.array([v.silent_days for v in venues], dtype=np.int64)
        nightly = np.where(minute + 12 <= now_minute, today - 1, today - 2)
        back = (weekday(np.full(len(venues), today)) - 4) % 7  # days since Friday
        sheet = today - np.where((back == 0) & (now_minute < 1080), 7, back)
        hourly = np.where(now_minute >= 365 + minute, today, today - 1)
        limit = np.select([cadence == Cadence.HOURLY, cadence == Cadence.NIGHTLY], [hourly, nightly], sheet)
        return cls(cadence, minute, np.where(silent > 0, today - silent - 1, limit), today, now_minute)

    def stated(self, venue: Ints, day: Ints, slot: Ints) -> tuple[Ints, Ints]:
        """(true at, known at) in microseconds of the sales days ``day`` closed by ``venue``."""
        cadence, minute = self.cadence[venue], self.minute[venue]
        ticks = _HOURS[np.minimum(slot, 3)] * 60 + minute
        last_tick = (self.now_minute - 3 - minute) // 60 * 60 + minute
        hourly = np.where(day == self.today, last_tick, ticks)
        offset = np.select([cadence == Cadence.HOURLY, cadence == Cadence.NIGHTLY], [hourly, 1440 + minute], minute)
        true_at = moments(day, offset)
        lag = np.select([cadence == Cadence.HOURLY, cadence == Cadence.NIGHTLY], [1 + minute % 2, 2 + minute % 9], 14 + minute % 30)
        known_at = true_at + lag * MICROSECONDS_A_MINUTE + (minute * 7 % 60) * 1_000_000
        late = moments(day + 1, 900 + minute % 120)
        return true_at, np.where(slot == LATE, late, known_at)

    def confirmed(self, venue: Ints, day: Ints) -> Ints:
        """Moment of the newest statement about performances on ``day``: until the night after, then the system is silent."""
        last = np.minimum(self.limit[venue], day)
        slot = np.full(len(venue), 3)
        true_at, _ = self.stated(venue, last, slot)
        return true_at


@dataclass(slots=True)
class Rows:
    """Positions of one measure; ``at`` is the index of the performance. ``figures`` are named as the columns."""

    at: Ints
    day: Ints
    slot: Ints
    figures: dict[str, Ints]
    original: Ints | None = None
    """For restatements: index of the row that they restate."""

    def __len__(self) -> int:
        return len(self.at)


@dataclass(slots=True)
class Story:
    """What was stated of a batch of performances."""

    tickets: Rows
    late: Rows
    reserved: Rows
    blocked: Rows
    sold: Ints
    """Sold per performance and day [performance, day], as stated."""


def tell(stage: Stage, clocks: Clocks, rng: np.random.Generator, hero: int | None, *, coarsely: bool = False) -> Story:
    """Everything that was stated of ``stage`` until now; ``coarsely``: on a few days only, and no reservations."""
    days = stage.day[:, None] - _BEFORE[None, :]
    sold = curves.cumulative(rng, stage.demanded(), _extra(stage, clocks, days, hero))
    limit = np.minimum(np.minimum(clocks.limit[stage.venue], stage.day), stage.cancelled)
    is_stated = (days <= limit[:, None]) & (days >= stage.opens[:, None]) & stage.is_reported[:, None]
    by_sheet = clocks.cadence[stage.venue] == Cadence.SHEET
    is_stated[by_sheet] &= (weekday(days[by_sheet]) == 4) | (days[by_sheet] == stage.day[by_sheet][:, None])
    if coarsely:
        is_stated &= np.isin(_BEFORE, STATED)[None, :] | (days == stage.opens[:, None])
    coming = np.clip((22 - _BEFORE) / 22, 0, 1)
    free = (stage.free[:, None] * coming[None, :]).astype(np.int64)
    free = np.minimum(free, stage.seats[:, None] - sold)
    tickets, at, column = _tickets(stage, sold, free, is_stated, days)
    late = _late_files(stage, tickets, clocks, rng, hero)
    knots = _knots(stage, sold + free, is_stated, days)
    _ = at, column
    reserved, blocked = knots
    if coarsely:
        none = np.empty(0, dtype=np.int64)
        reserved = Rows(none, none, none, {"seats": none, "value_cents": none})
    return Story(tickets, late, reserved, blocked, sold)


def _extra(stage: Stage, clocks: Clocks, days: Ints, hero: int | None) -> Floats:
    """Factor on the expected sales of each day: a part of today, and a review that helped the production of the demo."""
    part = float(np.clip((clocks.now_minute - 420) / 900, 0.02, 1.0))
    extra = np.where(days == clocks.today, part, 1.0)
    if hero is not None:
        told = (stage.show == hero)[:, None]
        extra = np.where(told & (days >= clocks.today - 40) & (days < clocks.today - 33), 3.0, extra)
    return extra


def _tickets(stage: Stage, sold: Ints, free: Ints, is_stated: np.ndarray, days: Ints) -> tuple[Rows, Ints, Ints]:
    """A row where the stated figures differ from the last stated ones, and one at the opening of the sale."""
    at, column = np.nonzero(is_stated)
    value, given = sold[at, column].astype(np.int64), free[at, column]
    first = np.ones(len(at), dtype=bool)
    first[1:] = at[1:] != at[:-1]
    changed = first.copy()
    changed[1:] |= (value[1:] != value[:-1]) | (given[1:] != given[:-1])
    at, column, value, given = at[changed], column[changed], value[changed], given[changed]
    rows = Rows(at, days[at, column], 2 + (at + column) % 2, _by_kind(value, given, stage.price[at]))
    return rows, at, column


def _by_kind(sold: Ints, free: Ints, price: Ints) -> dict[str, Ints]:
    """Tickets and cents per kind of ``sold`` paid and ``free`` tickets; a third of the full-price seats are of a dearer rank."""
    discount, other = (sold * _DISCOUNT).astype(np.int64), (sold * _OTHER).astype(np.int64)
    normal = sold - discount - other
    best = normal // 3
    return {
        "normal_tickets": normal, "discount_tickets": discount, "free_tickets": free, "other_tickets": other,
        "normal_cents": normal * price + best * 300, "discount_cents": discount * (price * 8 // 1000 * 100),
        "free_cents": free * 0, "other_cents": other * (price * 6 // 1000 * 100),
    }  # fmt: skip


def _late_files(stage: Stage, rows: Rows, clocks: Clocks, rng: np.random.Generator, hero: int | None) -> Rows:
    """Some nights were first stated wrongly and put right the day after: the wrong figures go into ``rows``, the right ones here."""
    count = len(rows)
    follows = np.zeros(count, dtype=bool)
    follows[1:] = rows.at[1:] == rows.at[:-1]
    sold = rows.figures["normal_tickets"]
    wrong = sold + np.where(np.arange(count) % 3 == 0, 7, -3)
    room = stage.seats[rows.at] - rows.figures["discount_tickets"] - rows.figures["other_tickets"] - rows.figures["free_tickets"]
    can_be = follows & (rows.day < clocks.today - 1) & (sold > 12) & (wrong != np.roll(sold, 1)) & (wrong < room)
    chosen = can_be & (rng.random(count) < 0.0025)
    if hero is not None:
        recent = np.nonzero(can_be & (stage.show[rows.at] == hero) & (rows.day >= clocks.today - 4))[0]
        coming = recent[stage.day[rows.at[recent]] > clocks.today]
        _, once = np.unique(rows.at[coming], return_index=True)
        chosen[coming[once][:2]] = True
    picked = np.nonzero(chosen)[0]
    right = {name: values[picked].copy() for name, values in rows.figures.items()}
    step = wrong[picked] - sold[picked]
    rows.figures["normal_tickets"][picked] = wrong[picked]
    rows.figures["normal_cents"][picked] += step * stage.price[rows.at[picked]]
    return Rows(rows.at[picked], rows.day[picked], np.full(len(picked), LATE), right, original=picked)


def _knots(stage: Stage, taken: Ints, is_stated: np.ndarray, days: Ints) -> tuple[Rows, Rows]:
    """Reservations rise and lapse; blocked seats are released in two steps when the house does not fill."""
    count = len(stage.day)
    lead = np.clip(stage.day - stage.opens, 0, LONGEST)
    peak = (stage.seats * (0.02 + 0.05 * ((stage.day * 13 + stage.venue * 7) % 10) / 10)).astype(np.int64)
    reserved = _at_knots(
        np.column_stack([lead - 1, *(np.full(count, k) for k in (120, 90, 60, 45, 30, 20, 12, 7, 3, 1, 0))]),
        peak[:, None] * np.array([0.3, 0.45, 0.6, 0.7, 0.85, 1.0, 0.9, 0.8, 0.6, 0.35, 0.15, 0.0]), lead, is_stated,
    )  # fmt: skip
    at, column, value = reserved
    value = np.minimum(value, stage.seats[at] - taken[at, column])
    keep = np.ones(len(at), dtype=bool)
    keep[1:] = (at[1:] != at[:-1]) | (value[1:] != value[:-1])
    at, column, value = at[keep], column[keep], value[keep]
    first = Rows(at, days[at, column], np.full(len(at), 3), {"seats": value, "value_cents": value * stage.price[at]})
    slow = stage.demand < 0.8 * stage.seats
    factors = np.where(slow[:, None], np.array([1.8, 1.3, 1.0]), 1.0)
    at, column, value = _at_knots(
        np.column_stack([lead, np.full(count, 60), np.full(count, 4)]), stage.blocked[:, None] * 1.0 * factors, lead, is_stated
    )
    return first, Rows(at, days[at, column], np.full(len(at), 3), {"seats": value, "value_cents": value * stage.price[at]})


def _at_knots(before: Ints, values: Floats, lead: Ints, is_stated: np.ndarray) -> tuple[Ints, Ints, Ints]:
    """(performance, column, value) at the first stated day from each knot on, where the value changed."""
    at, knot = np.nonzero((before >= 0) & (before <= lead[:, None]))
    column = LONGEST - before[at, knot]
    following = _next_stated(is_stated)[at, column]
    found = following >= 0
    at, column, value = at[found], following[found], values[at[found], knot[found]].astype(np.int64)
    order = np.lexsort((-knot[found], column, at))  # of knots that fall on one day the last one counts
    at, column, value = at[order], column[order], value[order]
    keep = np.ones(len(at), dtype=bool)
    keep[1:] = (at[1:] != at[:-1]) | (column[1:] != column[:-1])
    at, column, value = at[keep], column[keep], value[keep]
    changed = np.ones(len(at), dtype=bool)
    changed[1:] = (at[1:] != at[:-1]) | (value[1:] != value[:-1])
    return at[changed], column[changed], value[changed]


def _next_stated(is_stated: np.ndarray) -> Ints:
    """For each cell the column of the first stated day from there on, -1 when none follows."""
    columns = np.where(is_stated, np.arange(is_stated.shape[1])[None, :], is_stated.shape[1])
    nearest = np.minimum.accumulate(columns[:, ::-1], axis=1)[:, ::-1]
    return np.where(nearest == is_stated.shape[1], -1, nearest)
