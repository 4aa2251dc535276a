"""Broadway seasons: from the end of May to the end of May, at the weeks that the League published where it did."""

import csv
from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from dip.kernel.money import cents
from dip.site.replay.terms import Season


def read_published(path: Path | None) -> dict[int, Season]:
    """Published totals by the year in which the season began; empty without a file."""
    if path is None or not path.exists():
        return {}
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    return {
        int(row["season"][:4]): Season(
            year=int(row["season"][:4]),
            first=date.fromisoformat(row["first_week_ending"]),
            last=date.fromisoformat(row["last_week_ending"]),
            attendance=int(row["attendance"]) if row.get("attendance") else None,
            gross_cents=cents(row["gross_usd"]) if row.get("gross_usd") else None,
            playing_weeks=int(row["playing_weeks"]) if row.get("playing_weeks") else None,
        )
        for row in rows
    }


class Seasons:
    """Finds the season of a playing week. Seasons follow each other without a gap."""

    def __init__(self, published: dict[int, Season], days: Iterable[date]) -> None:
        found = sorted(days)
        years = range(found[0].year - 1, found[-1].year + 2) if found else range(0)
        starts = {year: self._start(year, published) for year in years}
        self._seasons = [
            published.get(year) or Season(year, starts[year], starts[year + 1] - timedelta(days=7))
            for year in years
            if year + 1 in starts
        ]
        self._firsts = [self._opens(season) for season in self._seasons]

    @staticmethod
    def _start(year: int, published: dict[int, Season]) -> date:
        if year in published:
            return published[year].first
        if year - 1 in published:
            return published[year - 1].last + timedelta(days=7)
        day = date(year, 5, 30)
        return day + timedelta(days=(6 - day.weekday()) % 7)  # the first Sunday from 30 May on

    @staticmethod
    def _opens(season: Season) -> date:
        return season.first - timedelta(days=6)  # a week that is dated on another day than Sunday belongs with its Sunday

    def of(self, week_ending: date) -> Season:
        """The season in which a week is played."""
        return self._seasons[bisect_right(self._firsts, week_ending) - 1]
