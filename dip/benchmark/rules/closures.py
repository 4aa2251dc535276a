"""When theatres were closed to the public by law: dates to print beside seasons that cannot be compared without them."""

from dataclasses import dataclass
from datetime import date

from dip.kernel.periods import season_year

#: Raised when a date below is corrected, and printed with the note.
VERSION = 1


@dataclass(frozen=True, slots=True)
class Closure:
    """First and last day on which no theatre in the country could receive an audience."""

    first: date
    last: date

    @property
    def season(self) -> int:
        """The season in which it began."""
        return season_year(self.first)


CLOSURES = (
    Closure(date(2020, 3, 13), date(2020, 5, 31)),
    Closure(date(2020, 11, 5), date(2020, 11, 18)),
    Closure(date(2020, 12, 15), date(2021, 6, 4)),
    Closure(date(2021, 12, 19), date(2022, 1, 25)),
)


def closures_of(seasons: tuple[int, ...]) -> tuple[Closure, ...]:
    """Those that fall in one of ``seasons``."""
    return tuple(closure for closure in CLOSURES if closure.season in seasons)
