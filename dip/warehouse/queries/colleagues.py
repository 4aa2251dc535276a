"""How the same production does in other theatres."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from dip.registry.terms import Access
from dip.warehouse.queries.reading import library, own_productions, published, staged_productions
from dip.warehouse.rules.cohorts import grid_day
from dip.warehouse.rules.comparison import Places
from dip.warehouse.rules.disclosure import is_safe
from dip.warehouse.store.published import Library, Manifest
from dip.warehouse.terms import Limits, NotShown

_ALL = """
SELECT
    season_year, production, days_before, sold, for_sale, selling, seated, sold_1, sold_1_theatre, sold_2, sold_2_theatre, sold_3,
    seats_1, seats_1_theatre, seats_2, seats_2_theatre, seats_3
FROM {mart}
WHERE production IN ({productions}) AND days_before IN ({days})
ORDER BY season_year
"""
_OWN = """
SELECT season_year, production, days_before, sold, for_sale
FROM {mart}
WHERE theatre = $theatre AND production IN ({productions}) AND days_before IN ({days})
ORDER BY season_year
"""
_Spot = tuple[int, int]
"""(production, day of the grid)"""


def colleague_fill(access: Access, performances: Mapping[int, tuple[int, int]]) -> dict[int, float | NotShown]:
    """Performance number → tickets per seat for sale (0..1) of the same production in other theatres, at the same days before.

    ``performances``: number → (production_id, days before). All performances elsewhere that have come as near are pooled. Shown to
    the theatres where the production plays, when the theatres keep the rules; to those whose production it is always, over all its
    theatres, for they see each of them anyway; to nobody else.
    """
    manifest = published()
    if manifest is None or not performances:
        return {number: NotShown() for number in performances}
    spots = {number: (production, grid_day(days)) for number, (production, days) in performances.items()}
    produced, staged, seasons = _related(access, manifest, {production for production, _ in spots.values()})
    asked = frozenset(spot for spot in spots.values() if spot[0] in produced | staged)
    files = tuple(manifest.files("production_curve", seasons))
    fills = _fills(library(), files, manifest.limits, access.organisation_id, seasons, asked, frozenset(produced))
    return {number: fills.get(spot, NotShown()) for number, spot in spots.items()}


def _related(access: Access, manifest: Manifest, productions: set[int]) -> tuple[set[int], set[int], tuple[int, ...]]:
    """Which of ``productions`` are the viewer's, which others play in its theatres, and the seasons in which either do."""
    produced: set[int] = set()
    staged: set[int] = set()
    seasons = []
    for season in sorted(manifest.parts.get("production_curve", {})):
        own = productions.intersection(own_productions(manifest, access.organisation_id, (season,)))
        here = productions.intersection(staged_productions(manifest, access.organisation_id, (season,)))
        produced |= own
        staged |= here
        if own or here:
            seasons.append(season)
    return produced, staged - produced, tuple(seasons)


@lru_cache(maxsize=512)
def _fills(
    source: Library,
    files: tuple[str, ...],
    limits: Limits,
    organisation: int,
    seasons: tuple[int, ...],
    asked: frozenset[_Spot],
    produced: frozenset[int],
) -> dict[_Spot, float | NotShown]:
    """Of a production that plays in two seasons the newer one counts."""
    if not files or not asked:
        return {}
    listed = {
        "mart": "{mart}",
        "productions": ", ".join(str(int(production)) for production in sorted({production for production, _ in asked})),
        "days": ", ".join(str(int(day)) for day in sorted({day for _, day in asked})),
    }
    theatre = {"theatre": organisation}
    everywhere = {
        row[1:3]: row for row in source.rows("mean of the colleagues", "production_curve", seasons, _ALL.format(**listed), {})
    }
    here = {row[:3]: row[3:] for row in source.rows("the viewer's own part", "tour", seasons, _OWN.format(**listed), theatre)}
    fills: dict[_Spot, float | NotShown] = {}
    for spot in asked & everywhere.keys():
        season, _, _, sold, for_sale, *_ = row = everywhere[spot]
        if spot[0] in produced:
            fills[spot] = sold / for_sale if for_sale > 0 else NotShown()
        else:
            fills[spot] = _elsewhere(row[3:], here.get((season, *spot), (0, 0)), organisation, limits)
    return fills


def _elsewhere(row: tuple[Any, ...], own: tuple[Any, ...], theatre: int, limits: Limits) -> float | NotShown:
    """Fill without the own theatre; both its parts must keep the rules."""
    sold, for_sale, selling, seated, *largest = row
    measures = (
        (Places(selling, sold, _largest(largest[:5])), own[0]),
        (Places(seated, for_sale, _largest(largest[5:])), own[1]),
    )
    for places, contribution in measures:
        if not is_safe(places.without(theatre, contribution), limits):
            return NotShown()
    return (sold - own[0]) / (for_sale - own[1])


def _largest(columns: list[Any]) -> tuple[tuple[int, int], ...]:
    first, first_theatre, second, second_theatre, third = columns
    pairs = ((first_theatre, first), (second_theatre, second), (0, third))
    return tuple((place, value) for place, value in pairs if value is not None and value > 0)
