"""Writing the figures: deliveries, positions, and the current state of each performance."""

from collections.abc import Iterator, Sequence

import numpy as np

from dip.site.demo.calendar import Ints, as_moment
from dip.site.demo.copying import Column, copy_arrays, copy_rows, reserve
from dip.site.demo.feeds import SLOTS, Clocks, Rows, Story
from dip.site.demo.record import Written, ranks_of
from dip.site.demo.sector import Cadence, Sector
from dip.site.demo.stage import Stage
from dip.ticketing.models import Delivery, PerformanceSales, Position
from dip.ticketing.terms import Measure

_TABLE = Position._meta.db_table
_STATE_FIELDS = (
    "performance_id", "normal_tickets", "discount_tickets", "free_tickets", "other_tickets", "normal_cents", "discount_cents",
    "free_cents", "other_cents", "reserved", "reserved_cents", "blocked", "blocked_cents", "capacity", "capacity_by_rank",
    "tickets_true_at", "reserved_true_at", "blocked_true_at", "capacity_true_at", "confirmed_at", "known_at", "source",
)  # fmt: skip
_TICKETS = _STATE_FIELDS[1:9]


class Ledger:
    """Takes batches of stories, writes their positions at once, and the deliveries at the end."""

    def __init__(self, sector: Sector, written: Written, clocks: Clocks, first_day: int) -> None:
        self._sector, self._written, self._clocks, self._first = sector, written, clocks, first_day
        self._days = clocks.today - first_day + 2
        cells = len(sector.venues) * self._days * SLOTS * len(Measure)
        self._delivery = np.zeros(cells, dtype=np.int64)
        self._accepted = np.zeros(cells, dtype=np.int32)
        self._on_sale = np.zeros((len(sector.venues), self._days + 1), dtype=np.int32)
        self.positions = 0
        self.restated = 0
        self.current = 0

    def add(self, stage: Stage, story: Story, numbers: Ints) -> None:
        """Write what was stated of a batch; ``numbers`` are the performances' primary keys."""
        self._count_sales(stage)
        first = self._write(stage, story.tickets, numbers, Measure.TICKETS, None)
        if len(story.late) and story.late.original is not None:
            self._write(stage, story.late, numbers, Measure.TICKETS, first + story.late.original)
            self.restated += len(story.late)
        self._write(stage, story.reserved, numbers, Measure.RESERVATIONS, None)
        self._write(stage, story.blocked, numbers, Measure.BLOCKED, None)
        capacity = self._write_capacity(stage, story, numbers)
        states = list(self._states(stage, story, numbers, capacity))
        self.current += copy_rows(PerformanceSales, _STATE_FIELDS, states)

    def _write(self, stage: Stage, rows: Rows, numbers: Ints, measure: Measure, restates: Ints | None) -> int:
        count = len(rows)
        if not count:
            return 0
        first = reserve(Position, count)
        venue = stage.venue[rows.at]
        true_at, known_at = self._clocks.stated(venue, rows.day, rows.slot)
        columns = [
            Column("id", "bigint", first + np.arange(count)),
            Column("performance_id", "bigint", numbers[rows.at]),
            Column("measure", "smallint", int(measure)),
            Column("true_at", "timestamptz", true_at),
            Column("known_at", "timestamptz", known_at),
            Column("sales_date", "date", rows.day),
            Column("delivery_id", "bigint", self._delivered(venue, rows.day, rows.slot, measure)),
        ]
        for name, values in rows.figures.items():
            columns.append(Column(name, "integer[]" if values.ndim == 2 else "bigint" if "cents" in name else "integer", values))
        if restates is not None:
            columns.append(Column("restates_id", "bigint", restates))
        copy_arrays(_TABLE, columns, count)
        self.positions += count
        return first

    def _write_capacity(self, stage: Stage, story: Story, numbers: Ints) -> np.ndarray:
        """The capacity, stated once at the opening of the sale by coupled systems; which performances have it."""
        at, first = np.unique(story.tickets.at, return_index=True)
        cadence = self._clocks.cadence[stage.venue[at]]
        coupled = (cadence == Cadence.HOURLY) | (cadence == Cadence.NIGHTLY)
        at, first = at[coupled], first[coupled]
        ranks = [ranks_of(int(seats)) for seats in stage.capacity[at]]
        counts = np.array([len(r) for r in ranks], dtype=np.int64)
        for count in np.unique(counts):
            chosen = counts == count
            figures = np.array([r for r in ranks if len(r) == count], dtype=np.int64)
            rows = Rows(at[chosen], story.tickets.day[first[chosen]], story.tickets.slot[first[chosen]], {"ranks": figures})
            rows.figures["seats"] = figures.sum(axis=1)
            self._write(stage, rows, numbers, Measure.CAPACITY, None)
        has = np.zeros(len(stage.day), dtype=bool)
        has[at] = True
        return has

    def _delivered(self, venue: Ints, day: Ints, slot: Ints, measure: Measure) -> Ints:
        """Ids of the deliveries that brought rows; a new one for each venue, day, push and measure."""
        key = ((venue * self._days + day - self._first) * SLOTS + slot) * len(Measure) + int(measure) - 1
        fresh, counts = np.unique(key, return_counts=True)
        self._accepted[fresh] += counts.astype(np.int32)
        fresh = fresh[self._delivery[fresh] == 0]
        if len(fresh):
            self._delivery[fresh] = reserve(Delivery, len(fresh)) + np.arange(len(fresh))
        return self._delivery[key]

    def _count_sales(self, stage: Stage) -> None:
        reported = stage.is_reported & (stage.opens <= self._clocks.today)
        np.add.at(self._on_sale, (stage.venue[reported], np.maximum(stage.opens[reported] - self._first, 0)), 1)
        end = np.minimum(stage.day[reported] - self._first + 1, self._days)
        np.add.at(self._on_sale, (stage.venue[reported], end), -1)

    def _states(self, stage: Stage, story: Story, numbers: Ints, has_capacity: np.ndarray) -> Iterator[Sequence[object]]:
        """One row per performance with figures, from its last rows; a late file for the last day counts."""
        tickets = _last(story.tickets, self._clocks, stage, story.late)
        reserved, blocked = _last(story.reserved, self._clocks, stage), _last(story.blocked, self._clocks, stage)
        first = dict(zip(*(v.tolist() for v in np.unique(story.tickets.at, return_index=True)), strict=True))
        opening_true, _ = self._clocks.stated(stage.venue[story.tickets.at], story.tickets.day, story.tickets.slot)
        confirmed = self._clocks.confirmed(stage.venue, np.minimum(stage.day, stage.cancelled))
        for at, (figures, true_at, known_at) in tickets.items():
            venue = self._sector.venues[int(stage.venue[at])]
            capacity = int(stage.capacity[at]) if has_capacity[at] else None
            opened = as_moment(int(opening_true[first[at]])) if capacity is not None else None
            held = (*_pair(reserved.get(at)), *_pair(blocked.get(at)))
            newest = as_moment(max(int(confirmed[at]), true_at))
            stated = [newest if seats is not None else None for seats in (held[0], held[2])]
            yield (
                int(numbers[at]), *(figures[name] for name in _TICKETS), *held, capacity,
                None if capacity is None else ranks_of(capacity), newest, *stated, opened, newest,
                max(as_moment(known_at), newest), "spreadsheet" if venue.cadence == Cadence.SHEET else venue.system,
            )  # fmt: skip

    def write_deliveries(self) -> int:
        """Write the receipts of all pushes of which something was kept."""
        on_sale = np.cumsum(self._on_sale, axis=1)
        keys = np.nonzero(self._delivery)[0]
        measure, rest = keys % len(Measure) + 1, keys // len(Measure)
        slot, rest = rest % SLOTS, rest // SLOTS
        day, venue = rest % self._days, rest // self._days
        _, known_at = self._clocks.stated(venue, day + self._first, slot)
        fields = (
            "id", "organisation_id", "client_id", "source", "measure", "received_at", "row_count", "accepted_count",
            "unchanged_count", "rejected_count", "findings",
        )  # fmt: skip
        accepted = self._accepted[keys]
        rows = np.maximum(on_sale[venue, day], accepted)
        return copy_rows(
            Delivery,
            fields,
            (
                (int(self._delivery[k]), *self._sender(int(v)), int(m), as_moment(moment), int(n), int(a), int(n - a), 0, "[]")
                for k, v, m, moment, n, a in zip(keys, venue, measure, known_at, rows, accepted, strict=True)
            ),
        )

    def _sender(self, venue: int) -> tuple[int, int | None, str]:
        plan = self._sector.venues[venue]
        client = self._written.clients.get(venue)
        source = "spreadsheet" if plan.cadence == Cadence.SHEET else plan.system
        return self._written.organisations[plan.body or 0].pk, client.pk if client else None, source


State = tuple[dict[str, int], int, int]


def _last(rows: Rows, clocks: Clocks, stage: Stage, late: Rows | None = None) -> dict[int, State]:
    """(figures, true at, known at) of the last row of each performance, put right by a late file for that row."""
    found: dict[int, State] = {}
    if not len(rows):
        return found
    is_last = np.ones(len(rows), dtype=bool)
    is_last[:-1] = rows.at[1:] != rows.at[:-1]
    places = np.nonzero(is_last)[0]
    figures = {name: values[places].copy() for name, values in rows.figures.items()}
    slot = rows.slot[places].copy()
    if late is not None and late.original is not None and len(late):
        mended = np.searchsorted(places, late.original)
        mended_ok = (mended < len(places)) & (places[np.minimum(mended, len(places) - 1)] == late.original)
        for name in figures:
            figures[name][mended[mended_ok]] = late.figures[name][mended_ok]
    true_at, known_at = clocks.stated(stage.venue[rows.at[places]], rows.day[places], slot)
    for n, place in enumerate(places):
        values = {name: int(column[n]) for name, column in figures.items()}
        found[int(rows.at[place])] = (values, int(true_at[n]), int(known_at[n]))
    return found


def _pair(state: State | None) -> tuple[int | None, int | None]:
    return (None, None) if state is None else (state[0]["seats"], state[0]["value_cents"])
