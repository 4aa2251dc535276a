"""Earlier seasons, told coarsely: how the sector differed then. Pure.

The demo's two newest seasons are told night by night; those before them only as far as trends over the years need: the same number of
performances, fewer positions of each, no history of their entry.
"""

from dataclasses import dataclass

import numpy as np

from dip.benchmark.rules.closures import CLOSURES
from dip.kernel.periods import season_period
from dip.site.demo.calendar import Ints, day_number

#: Days before at which the figures of earlier seasons are stated, beside the opening of the sale.
STATED = (
    0, 1, 3, 7, 8, 14, 21, 28, 31, 35, 42, 49, 56, 63, 70, 77, 84, 91, 105, 119, 133, 147, 161, 181, 209, 237, 265, 301, 337, 364,
)  # fmt: skip
#: Yearly rise of prices, and how much the buying habits of a year move by: 1 is a whole curve earlier.
_INFLATION, _HABIT = 0.034, 0.22
#: Logarithm of demand, by years since a closure; before and long after it nothing.
_AFTER_CLOSURE = (-0.62, -0.13, -0.04)
_EACH_YEAR = 0.012


@dataclass(frozen=True, slots=True)
class Drift:
    """How a season differs from the newest ones: logarithm of demand, factor on prices, how much earlier people bought (0..1)."""

    level: float = 0.0
    price: float = 1.0
    patience: float = 0.0
    closed: tuple[tuple[int, int], ...] = ()
    """(first, last) days on which no house was open."""

    def is_closed(self, days: Ints) -> np.ndarray:
        """Which of ``days`` lie in a closure."""
        return np.logical_or.reduce([np.zeros(len(days), dtype=bool), *((days >= a) & (days <= b) for a, b in self.closed)])


def drift_of(season: int, newest: int) -> Drift:
    """The drift of ``season``, ``newest`` being the finished season that is told in full."""
    age = newest - season
    if age <= 0:
        return Drift()
    period = season_period(season)
    closed = tuple(
        (day_number(closure.first), day_number(closure.last))
        for closure in CLOSURES
        if closure.first < period.end and closure.last >= period.start
    )
    since = min((season - closure.season for closure in CLOSURES if closure.season <= season), default=len(_AFTER_CLOSURE))
    after = _AFTER_CLOSURE[since] if since < len(_AFTER_CLOSURE) else 0.0
    hurry = (0.75, 0.2, 0.0)[since] if since < 3 else 0.0  # nobody dared to buy ahead
    return Drift(after - _EACH_YEAR * age, (1 - _INFLATION) ** age, max(_HABIT * age - hurry, 0.0), closed)
