"""The status of a performance, and of several together."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from dip.sales.rules.distance import days_to, exact_days_before, expectation, is_played
from dip.sales.terms import Limits, Line, Standing, State, Status
from dip.warehouse.terms import Band, NotShown


def is_silent(state: State, confirmed_at: datetime | None, starts_at: datetime, moment: datetime, limits: Limits) -> bool:
    """Whether figures are missing: none ever came, or the last word is older than the limit while the sale still runs.

    Once played, a performance needs a word from after its start, but only until the limit after it has passed.
    """
    if not state.has_tickets or confirmed_at is None:
        return True
    sale_ends = min(starts_at, moment)
    return confirmed_at < sale_ends - timedelta(hours=limits.stale_hours)


def against(sold: float, expected: float | None, limits: Limits) -> Status | None:
    """Ahead, on course or behind; None when there is nothing to compare with."""
    if expected is None:
        return None
    if expected <= 0:
        return Status.ON_COURSE
    rate = sold / expected
    if rate >= limits.ahead:
        return Status.AHEAD
    return Status.BEHIND if rate < limits.behind else Status.ON_COURSE


def standing(line: Line, band: Band | NotShown | None, moment: datetime, limits: Limits) -> Standing:
    """A line set against its band, as seen at ``moment``.

    Figures are compared at the distance at which they were true, not at the moment of looking: a nightly theatre is not behind
    because it is noon. Order of the rules: no figures ever, sold out, silent, then the rate to the median.
    """
    evening, state = line.evening, line.state
    true_until = min(line.confirmed_at or moment, moment)
    distance = exact_days_before(evening.performance_date, true_until)
    expected = expectation(band, distance, state.for_sale)
    if not state.has_tickets:
        status: Status | None = Status.NO_FIGURES
    elif 0 < state.for_sale <= state.sold:
        status = Status.SOLD_OUT
    elif is_silent(state, line.confirmed_at, evening.starts_at, moment, limits):
        status = Status.NO_FIGURES
    else:
        median = None if expected is None or isinstance(expected, NotShown) else expected.median
        status = against(state.sold, median, limits)
    days = days_to(evening.performance_date, moment)
    return Standing(line, days, distance, status, expected, is_played(evening.starts_at, moment))


def joint_status(standings: Iterable[Standing], limits: Limits) -> tuple[Status | None, float | None]:
    """Status of several performances together, and the median's tickets over those that can be compared.

    Sold out when all with figures are; no figures when none has any; otherwise the sums are compared, over the performances whose
    figures are not silent and whose band may be shown.
    """
    rows = list(standings)
    heard = [row for row in rows if row.line.state.has_tickets]
    if not heard:
        return Status.NO_FIGURES, None
    compared = [row for row in heard if row.median is not None and row.status is not Status.NO_FIGURES]
    expected = sum(row.median or 0.0 for row in compared) if compared else None
    if len(heard) == len(rows) and all(row.status is Status.SOLD_OUT for row in rows):
        return Status.SOLD_OUT, expected
    if all(row.status is Status.NO_FIGURES for row in rows):
        return Status.NO_FIGURES, expected
    return against(sum(row.line.state.sold for row in compared), expected, limits), expected


def stronger(left: Status | None, right: Status | None) -> Status | None:
    """The more remarkable of two, for a place that stands for several performances."""
    order = [Status.NO_FIGURES, Status.BEHIND, Status.AHEAD, Status.SOLD_OUT, Status.ON_COURSE, None]
    return min(left, right, key=order.index)
