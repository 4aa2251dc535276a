"""Where a new state goes in time: a pure rule over what was known before.

A performance has, per measure, *statements*: figures that were true from one moment on, until the next. ``confirmed_at`` is the
newest moment for which any system stated figures; from the last statement to there the same figures were heard again.

- A row that says what is already known for its moment is a repeat: nothing is written, at most ``confirmed_at`` moves forward.
- A newer row with other figures becomes the last statement.
- An older row with other figures becomes history. When it falls between the last statement and ``confirmed_at``, the last figures
  are stated again at ``confirmed_at``, so that the older row does not displace what was heard later.
- A row for the same moment with other figures is a correction: what is known later wins.
- A statement *restates* when it changes the closing figures of a sales day that had ended (the day is over when the row becomes
  known) and was known (figures true on that day, or later, had been heard before). A day that nobody reported on before is filled
  in, not restated: a nightly push that arrives after breakfast is no restatement.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from dip.ticketing.rules.days import VenueClock
from dip.ticketing.terms import Figures


class Statement(NamedTuple):
    """Figures true from ``true_at``; ``id`` of the position that holds them, None while it is not written."""

    true_at: datetime
    figures: Figures
    id: int | None = None


class History(NamedTuple):
    """What is known of one performance and measure: statements in true time, one per moment, and the newest confirmed moment.

    For :func:`merge` the statement at or before the earliest row, and all after it, are enough.
    """

    statements: Sequence[Statement]
    confirmed_at: datetime | None


class NewPosition(NamedTuple):
    """A position to write. ``restates`` is the id of the position that closed the same sales day until now."""

    true_at: datetime
    sales_date: date
    restates: int | None
    figures: Figures


class Merged(NamedTuple):
    """What rows make of a history: positions to write, which rows brought news, and the state that is current afterwards."""

    positions: tuple[NewPosition, ...]
    changed: tuple[bool, ...]
    figures: Figures
    confirmed_at: datetime


def is_simple(confirmed_at: datetime | None, true_at: datetime, clock: VenueClock) -> bool:
    """Whether a changed row simply becomes the last statement, so that the history need not be read.

    True when nothing was known, or when the row is newer and its sales day either has not ended or was not reported on before.
    """
    if confirmed_at is None:
        return True
    if true_at <= confirmed_at:
        return False
    return true_at >= clock.open_from or clock.sales_date(confirmed_at) < clock.sales_date(true_at)


def merge(history: History, rows: Sequence[tuple[datetime, Figures]], clock: VenueClock) -> Merged:
    """The history after ``rows`` (true_at, figures), one per moment, known now by the clock; order does not matter."""
    moments = [s.true_at for s in history.statements]
    figures = [s.figures for s in history.statements]
    confirmed_at = history.confirmed_at
    written: dict[datetime, Figures] = {}
    changed: dict[datetime, bool] = {}
    for true_at, stated in sorted(rows, key=lambda row: row[0]):
        place = bisect_right(moments, true_at)
        changed[true_at] = not (place and figures[place - 1] == stated)
        if changed[true_at]:
            if place == len(moments) and confirmed_at is not None and true_at < confirmed_at:
                moments.append(confirmed_at)
                figures.append(figures[-1])
                written[confirmed_at] = figures[-1]
            _put(moments, figures, place, true_at, stated)
            written[true_at] = stated
        if confirmed_at is None or true_at > confirmed_at:
            confirmed_at = true_at
    if confirmed_at is None:
        raise ValueError("merge needs a row or a history")
    positions = tuple(
        NewPosition(at, clock.sales_date(at), _restated(history, moments, at, stated, clock), stated)
        for at, stated in sorted(written.items())
    )
    return Merged(positions, tuple(changed[row[0]] for row in rows), figures[-1], confirmed_at)


def _put(moments: list[datetime], figures: list[Figures], place: int, true_at: datetime, stated: Figures) -> None:
    if place and moments[place - 1] == true_at:
        figures[place - 1] = stated
    else:
        moments.insert(place, true_at)
        figures.insert(place, stated)


def _restated(
    history: History,
    moments: Sequence[datetime],
    true_at: datetime,
    stated: Figures,
    clock: VenueClock,
) -> int | None:
    """Id of the position whose closing figures of the sales day change, or None: see the rule in the module."""
    day = clock.sales_date(true_at)
    if history.confirmed_at is None or clock.sales_date(history.confirmed_at) < day or clock.open_day <= day:
        return None
    following = bisect_right(moments, true_at)
    if following < len(moments) and clock.sales_date(moments[following]) == day:
        return None  # another statement closes that day
    closed_by = [s for s in history.statements if clock.sales_date(s.true_at) <= day]
    if not closed_by or closed_by[-1].figures == stated:
        return None
    return closed_by[-1].id
