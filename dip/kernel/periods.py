"""Half-open periods and seasons."""

from dataclasses import dataclass
from datetime import date, timedelta

#: A theatre season runs from 1 August to 31 July.
SEASON_STARTS_MONTH = 8


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``start`` up to and without ``end``."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.end - self.start).days

    @property
    def last(self) -> date:
        """The last day inside the period."""
        return self.end - timedelta(days=1)


def season_year(day: date) -> int:
    """The calendar year in which the season of ``day`` begins: 2026 for any day from 1-8-2026 to 31-7-2027."""
    return day.year if day.month >= SEASON_STARTS_MONTH else day.year - 1


def season_period(year: int) -> Period:
    """The season that begins in ``year``."""
    return Period(date(year, SEASON_STARTS_MONTH, 1), date(year + 1, SEASON_STARTS_MONTH, 1))


def season_name(year: int) -> str:
    """The season as the wire contract writes it: ``2026-2027``."""
    return f"{year}-{year + 1}"
