"""Registering theatres, productions and performances over HTTP, as a ticketing and a booking system do. A repeat finds them again."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from dip.site.replay.terms import Season, Week
from dip.site.replay.wire import Wire

#: Wire ids of the genres that the file's types are.
GENRES = {"Musical": 4, "Play": 1, "Special": 6}
_OTHER_GENRE = 6
CITY, HALL = "New York", "Main stage"
#: Entries of one body, and calls at the same time.
_MOST, HANDS = 200, 4
#: A week is entered as one performance, at the hour of its last matinee; a further one of the same week three hours later.
_HOUR, _APART = 15, 3

Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Run:
    """A show in a season with its playing weeks: what becomes a production."""

    show: str
    season: Season
    weeks: tuple[Week, ...]

    @property
    def reference(self) -> str:
        """By which a repeat is recognised."""
        return f"{self.season.wire}:{self.show}"[:80]


@dataclass(frozen=True, slots=True)
class Registered:
    """A production as the platform knows it, and the numbers of its weeks."""

    run: Run
    dip_id: str
    numbers: tuple[int, ...]


def runs_of(weeks: Iterable[Week], season_of: Callable[[Week], Season]) -> list[Run]:
    """The weeks grouped by show and season, in the order of the file."""
    groups: dict[tuple[str, int], list[Week]] = defaultdict(list)
    seasons: dict[int, Season] = {}
    for week in weeks:
        season = season_of(week)
        seasons[season.year] = season
        groups[week.show, season.year].append(week)
    return [Run(show, seasons[year], tuple(group)) for (show, year), group in groups.items()]


def register_theatres(ticketing: Wire, names: Iterable[str]) -> dict[str, tuple[int, int]]:
    """(id of the theatre, id of its hall) by name; those that the platform lacks are entered as the caller's own."""
    there = {one["name"]: one for one in ticketing.get("/theaters") if one["city"] == CITY}
    missing = [
        name
        for name in sorted(set(names))
        if name not in there or HALL not in {hall["name"] for hall in there[name]["theater_locations"]}
    ]
    for some in _pieces(missing, _MOST):
        bodies = [{"name": name, "city": CITY, "type": "Theater", "theater_locations": [{"name": HALL}]} for name in some]
        for name, one in zip(some, ticketing.post("/theaters", bodies), strict=True):
            there[name] = one
    return {
        name: (one["id"], next(hall["id"] for hall in one["theater_locations"] if hall["name"] == HALL))
        for name, one in there.items()
        if any(hall["name"] == HALL for hall in one["theater_locations"])
    }


def register_runs(
    booking: Wire, producer: int, runs: Sequence[Run], venues: dict[str, tuple[int, int]], advance: Advance
) -> list[Registered]:
    """Enter the productions and their performances; those that stand there already are answered as they are."""
    ids: list[str] = []
    for some in _pieces(runs, _MOST):
        answer = booking.post(f"/producers/{producer}/productions", [_production(run) for run in some])
        ids += [one["id"] for one in answer]

    def enter(place: int) -> Registered:
        run, dip_id = runs[place], ids[place]
        numbers: list[int] = []
        for weeks in _pieces(run.weeks, _MOST):
            path = f"/producers/{producer}/productions/{dip_id}/performances"
            numbers += [one["number"] for one in booking.post(path, [_performance(week, venues[week.theatre]) for week in weeks])]
        advance(len(run.weeks))
        return Registered(run, dip_id, tuple(numbers))

    with ThreadPoolExecutor(HANDS) as hands:
        return list(hands.map(enter, range(len(runs))))


def _production(run: Run) -> dict[str, Any]:
    genre = GENRES.get(run.weeks[0].kind, _OTHER_GENRE)
    return {"title": run.show, "season": run.season.wire, "genre": {"id": genre}, "external_ref": run.reference}


def _performance(week: Week, venue: tuple[int, int]) -> dict[str, Any]:
    starts = datetime.combine(week.week_ending, time(_HOUR)) + timedelta(hours=_APART * (week.occurrence - 1))
    return {
        "date": starts.isoformat(timespec="seconds"),
        "theater": {"id": venue[0]},
        "theater_location": {"id": venue[1]},
        "amount_rank1": week.seats,
        "external_ref": f"{week.week_ending.isoformat()}#{week.occurrence}",
    }


def _pieces(rows: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
