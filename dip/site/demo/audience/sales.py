"""What the coupled theatres sold, overheard while the demo's sales are told: per performance and day, for the orders that make it up. Pure."""

from dataclasses import dataclass, fields

import numpy as np

from dip.programme.terms import VenueKind
from dip.site.demo import heroes
from dip.site.demo.curves import LONGEST, Ints
from dip.site.demo.feeds import Clocks, Story
from dip.site.demo.sector import GENRES, Cadence, Sector
from dip.site.demo.stage import Stage
from dip.site.demo.tours import Plan
from dip.warehouse.rules.audience.segments import FAMILY, taste_of

#: Labels of performances of the producer that the demo tells about, and of its large tour; the others have their taste, 0 to 5.
OF_HERO, OF_TOUR = 6, 7
_BEFORE = np.arange(LONGEST, -1, -1)


@dataclass(slots=True)
class Sold:
    """Performances that sold something, and what they sold by day. Arrays by performance, but for the three of cells.

    ``paid`` and ``free``: tickets; ``returned``: of those, came back in the end; ``gone``: sales day of its cancellation, 0 for none;
    ``label``: what is played; ``season``: counted from the running one.
    """

    number: Ints
    house: Ints
    """Index among the theatres that deliver orders."""
    season: Ints
    day: Ints
    minute: Ints
    opens: Ints
    price: Ints
    label: Ints
    paid: Ints
    free: Ints
    returned: Ints
    gone: Ints
    cell_at: Ints
    """Index of the performance."""
    cell_day: Ints
    cell_tickets: Ints

    def of(self, house: int) -> "Sold":
        """The performances of one theatre."""
        mine = self.house == house
        cells = mine[self.cell_at]
        place = np.cumsum(mine) - 1
        values = {field.name: getattr(self, field.name)[cells if field.name.startswith("cell") else mine] for field in fields(Sold)}
        return Sold(**values | {"cell_at": place[self.cell_at][cells]})


def joined(parts: list[Sold]) -> Sold:
    """Several as one; family shows first, for their orders are larger."""
    shift = np.cumsum([0, *(len(part.number) for part in parts)])
    for part, offset in zip(parts, shift.tolist(), strict=False):
        part.cell_at = part.cell_at + offset
    made = Sold(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Sold)))
    order = np.argsort(made.label != FAMILY, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    cells = np.argsort(place[made.cell_at], kind="stable")
    values = {field.name: getattr(made, field.name)[cells if field.name.startswith("cell") else order] for field in fields(Sold)}
    return Sold(**values | {"cell_at": place[made.cell_at][cells]})


def delivering(sector: Sector, count: int) -> list[int]:
    """Venues that deliver orders: those where the large tour of the demo plays, then small ones; only coupled ones."""
    coupled = [v for v in sector.playable if sector.venues[v].cadence in (Cadence.HOURLY, Cadence.NIGHTLY)]
    large = [v for v in sector.playable if sector.venues[v].rooms[0].size == 2][: heroes.TOWNS]
    small = [
        v for v in coupled if all(room.size < 2 for room in sector.venues[v].rooms) and sector.venues[v].kind is VenueKind.THEATRE
    ]
    chosen = [v for v in large if v in coupled]
    return (chosen + [v for v in small if v not in chosen])[:count]


class Listener:
    """Hears what is sold, batch by batch."""

    def __init__(self, sector: Sector, clocks: Clocks, running: int, count: int) -> None:
        self.sector, self.clocks, self.running = sector, clocks, running
        self.venues = delivering(sector, count)
        self._house = np.full(len(sector.venues), -1, dtype=np.int64)
        self._house[self.venues] = np.arange(len(self.venues))
        self._parts: list[Sold] = []

    def wants(self, season: int) -> bool:
        """Whether orders of a season are delivered: of the running one and the two before."""
        return bool(self.venues) and self.running - season <= 2

    def hear(self, plan: Plan, stage: Stage, story: Story, numbers: Ints) -> None:
        """Take up a batch of performances; ``numbers``: their keys."""
        today = self.clocks.today
        rows = np.flatnonzero((self._house[stage.venue] >= 0) & stage.is_reported & (stage.opens <= today))
        if not self.wants(plan.season) or not len(rows):
            return
        day, opens, venue = stage.day[rows], stage.opens[rows], stage.venue[rows]
        limit = np.minimum(np.minimum(self.clocks.limit[venue], day), stage.cancelled[rows])
        days = day[:, None] - _BEFORE[None, :]
        is_told = (days <= limit[:, None]) & (days >= opens[:, None])
        sold = np.where(is_told, story.sold[rows].astype(np.int64), 0)
        paid = np.maximum.accumulate(sold, axis=1)
        coming = np.clip((22 - _BEFORE) / 22, 0, 1)
        free = np.minimum((stage.free[rows][:, None] * coming[None, :]).astype(np.int64), stage.seats[rows][:, None] - sold)
        free = np.maximum.accumulate(np.where(is_told, np.maximum(free, 0), 0), axis=1)
        more = np.diff(paid + free, axis=1, prepend=0)
        at, column = np.nonzero(more)
        last = np.clip(LONGEST - (day - limit), 0, LONGEST)
        net = np.where(is_told.any(axis=1), sold[np.arange(len(rows)), last], 0)
        cancelled = stage.cancelled[rows]
        self._parts.append(
            Sold(
                number=numbers[rows], house=self._house[venue], season=np.full(len(rows), plan.season - self.running), day=day,
                minute=stage.minute[rows], opens=opens, price=stage.price[rows], label=self._labels(plan, stage.show[rows]),
                paid=paid[:, -1], free=free[:, -1], returned=paid[:, -1] - net, gone=np.where(cancelled <= today, cancelled, 0), cell_at=at,
                cell_day=days[at, column], cell_tickets=more[at, column],
            )
        )  # fmt: skip

    def heard(self) -> Sold | None:
        """Everything, once; None when nothing was sold."""
        parts, self._parts = self._parts, []
        return joined(parts) if parts else None

    def _labels(self, plan: Plan, shows: Ints) -> Ints:
        labels = np.array([taste_of(GENRES[show.genre], show.title) for show in plan.shows], dtype=np.int64)
        of_hero = np.array([show.producer == self.sector.producers[0] for show in plan.shows], dtype=bool)
        labels = np.where(of_hero & (labels > FAMILY), OF_HERO, labels)
        labels = np.where(np.array([show.title == heroes.TITLE for show in plan.shows], dtype=bool), OF_TOUR, labels)
        return np.asarray(labels[shows])
