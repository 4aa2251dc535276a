"""Coming back: new, returning, reactivated and lapsed buyers, visits per buyer, and how many of a season come the next."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dip.warehouse.rules.audience.segments import LOOK_BACK, YEAR

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint8]

#: How somebody comes in a period; 0: did not come.
ARRIVALS = ("absent", "new", "returning", "reactivated")
NEW, RETURNING, REACTIVATED = 1, 2, 3
#: Away longer than this, and one is reactivated instead of returning; days.
REACTIVATED_AFTER = 2 * YEAR
#: Visits in a window: the lowest number of each bucket.
FREQUENCY_FROM = (1, 2, 3, 4, 6, 10)
FREQUENCIES = ("1", "2", "3", "4-5", "6-9", "10+")


@dataclass(frozen=True, slots=True)
class Window:
    """How far back one can look: ``days``, and whether that is the whole look-back window. A page states it beside "new"."""

    days: int
    is_whole: bool


def window(known_from: int, start: int) -> Window:
    """The window of a period that begins on day ``start`` when the orders of the source go back to day ``known_from``."""
    days = max(0, min(start - known_from, LOOK_BACK))
    return Window(days, days == LOOK_BACK)


def arrivals(first: Ints, before: Ints) -> Codes:
    """How each buyer came. ``first``: day of the first visit in the period, −1 when there was none; ``before``: day of the last visit
    before that one, −1 when none is known."""
    gap = first - before
    known = (before >= 0) & (gap <= LOOK_BACK)
    answer = np.full(len(first), NEW, dtype=np.uint8)
    answer[known] = RETURNING
    answer[known & (gap > REACTIVATED_AFTER)] = REACTIVATED
    answer[first < 0] = 0
    return answer


def lapsed(seasons: Ints, season: int) -> npt.NDArray[np.bool_]:
    """Who visited in the season before ``season`` and not in it. ``seasons``: bit s is set when the buyer visited in season s."""
    if season < 1:
        return np.zeros(len(seasons), dtype=bool)
    return (seasons >> (season - 1) & 1).astype(bool) & ~(seasons >> season & 1).astype(bool)


def frequency(visits: Ints) -> Ints:
    """Buyers per bucket of :data:`FREQUENCIES`; who has no visit is in none."""
    place = np.searchsorted(FREQUENCY_FROM, visits, side="right")
    return np.bincount(place, minlength=len(FREQUENCY_FROM) + 1)[1:].astype(np.int64)


def retention(seasons: Ints, count: int) -> Ints:
    """Of each season's buyers, how many came in each later one: ``count`` × ``count``; the diagonal is the season's buyers.

    ``seasons``: a bit per season, see :func:`lapsed`.
    """
    bits = (seasons[:, None] >> np.arange(count) & 1).astype(np.float64)
    return np.triu(np.rint(bits.T @ bits).astype(np.int64))


def overlap(seasons: Ints, count: int) -> Ints:
    """How many buyers each pair has in common, ``count`` × ``count``; works for theatres and productions as for seasons."""
    table = retention(seasons, count)
    return table + np.triu(table, 1).T
