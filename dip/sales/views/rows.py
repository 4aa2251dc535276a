"""Rows of the performances table as the template prints them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dip.sales.terms import Expectation, Pace, Standing, Status
from dip.sales.views.words import cadence_name
from dip.ticketing.source_words import source_name
from dip.warehouse.terms import NotShown
from dip.web.words import since


@dataclass(frozen=True, slots=True)
class Row:
    """One performance: numbers are raw, the template writes them. ``tick``: 0..1 on the bar."""

    standing: Standing
    pace: Pace | None
    tick: float | None
    reference: float | None
    """Tickets of the reference (median, or mean of the colleagues) at this distance."""
    is_hidden: bool
    """Whether the reference exists but may not be shown."""
    low: float | None
    high: float | None
    updated: str
    cadence: str
    is_selected: bool

    @property
    def evening(self) -> Any:
        """The performance itself."""
        return self.standing.line.evening

    @property
    def state(self) -> Any:
        """Its figures."""
        return self.standing.line.state

    @property
    def sold(self) -> int | None:
        """Tickets, None when no figures ever came or nothing was heard for too long."""
        state = self.standing.line.state
        return state.sold if state.has_tickets else None

    @property
    def is_silent(self) -> bool:
        """Whether the figures shown are old."""
        return self.standing.status is Status.NO_FIGURES

    @property
    def pill(self) -> str:
        """Key of the status pill."""
        return self.standing.status.value if self.standing.status else "no_comparison"


def against_median(standings: Sequence[Standing], paces: Mapping[int, Pace], moment: Any, selected: int | None) -> list[Row]:
    """Rows whose tick is the national median, for a provider."""
    return [_row(row, paces, moment, selected, row.expected) for row in standings]


def against_colleagues(
    standings: Sequence[Standing],
    paces: Mapping[int, Pace],
    moment: Any,
    fills: Mapping[int, float | NotShown],
    selected: int | None = None,
) -> list[Row]:
    """Rows whose tick is the mean of the colleagues for the same production, for a theatre."""
    found = []
    for row in standings:
        fill = fills.get(row.line.evening.number)
        seats = row.line.state.for_sale
        mean = Expectation(0, fill * seats, 0, 0) if isinstance(fill, float | int) else fill
        found.append(_row(row, paces, moment, selected, mean, with_band=False))
    return found


def _row(
    row: Standing, paces: Mapping[int, Pace], moment: Any, selected: int | None, reference: Expectation | NotShown | None, *, with_band: bool = True
) -> Row:  # fmt: skip
    line, number = row.line, row.line.evening.number
    known = reference if isinstance(reference, Expectation) else None
    seats = line.state.for_sale
    pace = paces.get(number)
    return Row(
        standing=row,
        pace=pace,
        tick=min(known.median / seats, 1.0) if known and seats else None,
        reference=known.median if known else None,
        is_hidden=isinstance(reference, NotShown),
        low=known.p10 if known and with_band else None,
        high=known.p90 if known and with_band else None,
        updated=since(min(line.confirmed_at, moment), moment) if line.confirmed_at else since(None),
        cadence=cadence_name(pace.cadence, source_name(line.source)) if pace else source_name(line.source),
        is_selected=number == selected,
    )
