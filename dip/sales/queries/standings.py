"""Performances set against comparable ones: bands, productions and colleagues, all through the warehouse's door."""

from collections.abc import Iterable, Mapping, Sequence

from dip.definitions.queries import threshold
from dip.kernel.periods import season_year
from dip.registry.terms import Access
from dip.sales.rules.distance import exact_days_before
from dip.sales.rules.status import standing
from dip.sales.terms import AsOf, Limits, Line, Standing, Tour
from dip.warehouse import queries as warehouse
from dip.warehouse.rules.cohorts import hall_size
from dip.warehouse.terms import Band, CohortKey, NotShown, ProductionComparison


def limits() -> Limits:
    """The thresholds in force."""
    return Limits(threshold("status_ahead"), threshold("status_behind"), threshold("stale_hours"))


def cohort_of(line: Line) -> CohortKey:
    """What a performance is comparable by: genre, and size class of the hall by gross seats (as stated, agreed, or the hall's)."""
    return CohortKey(line.evening.genre_id, hall_size(line.state.capacity or line.evening.hall_capacity))


def bands(access: Access, lines: Iterable[Line]) -> dict[int, Band | NotShown]:
    """Performance number → band of its cohort, asked once per season and cohort."""
    by_season: dict[int, dict[int, CohortKey]] = {}
    for line in lines:
        by_season.setdefault(season_year(line.evening.performance_date), {})[line.evening.number] = cohort_of(line)
    found: dict[int, Band | NotShown] = {}
    for year, keys in by_season.items():
        answers = warehouse.comparable_bands(access, set(keys.values()), year)
        found.update({number: answers.get(key, NotShown()) for number, key in keys.items()})
    return found


def stand(access: Access, lines: Sequence[Line], as_of: AsOf, known: Limits) -> tuple[list[Standing], dict[int, Band | NotShown]]:
    """Every line with its status, and the bands that were used."""
    found = bands(access, lines)
    return [standing(line, found[line.evening.number], as_of.at, known) for line in lines], found


def production_comparison(access: Access, tour: Tour, rows: Sequence[Standing]) -> ProductionComparison | NotShown | None:
    """Comparable productions at the distances of this one; None while none of its performances has figures."""
    weights: dict[int, int] = {}
    for row in rows:
        if row.line.state.has_tickets and row.line.state.for_sale:
            days = round(row.distance)
            weights[days] = weights.get(days, 0) + row.line.state.for_sale
    if not weights:
        return None
    return warehouse.compare_production(access, tour.production_id, weights, tour.genre_id, tour.season_year)


def colleagues(access: Access, lines: Sequence[Line], as_of: AsOf) -> Mapping[int, float | NotShown]:
    """For a theatre: performance number → mean fill of the same production in other theatres at the same distance."""
    if not access.is_taker or not lines:
        return {}
    asked = {}
    for line in lines:
        moment = min(line.confirmed_at or as_of.at, as_of.at)
        asked[line.evening.number] = (line.evening.production_id, round(exact_days_before(line.evening.performance_date, moment)))
    return warehouse.colleague_fill(access, asked)
