"""Where comparable productions stood when their performances were as far off as this one's are now."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from dip.registry.terms import Access
from dip.warehouse.queries.reading import SIDES, cell_columns, library, own_productions, published
from dip.warehouse.rules.cohorts import cohort_seasons
from dip.warehouse.rules.comparison import PERFORMANCES_MIN, REACH_MIN, mix_of_distances, spread
from dip.warehouse.rules.disclosure import all_safe, may_show_quantiles
from dip.warehouse.store.published import Library
from dip.warehouse.terms import NotShown, ProductionComparison

_SQL = """
SELECT
    production,
    sum(weight * sold / for_sale) / sum(weight) AS fill,
    sum(weight * recette_cents / for_sale) / sum(weight) AS recette_cents,
    sum(weight * recette_cents / for_sale) / nullif(sum(weight * sold / for_sale), 0) AS price_cents,
    sum(weight * reserved / for_sale) / sum(weight) AS reserved,
    sum(weight * blocked / capacity) / sum(weight) AS blocked
FROM {mart} AS c
INNER JOIN (SELECT unnest($days) AS day, unnest($weights) AS weight) AS mix ON mix.day = c.days_before
WHERE c.genre = $genre AND c.days_before IN ({days}) AND c.for_sale > 0 AND NOT list_contains($left_out, c.production)
GROUP BY production
HAVING max(performances) >= $performances AND sum(weight) >= $reach
"""


def compare_production(
    access: Access, production_id: int, weights: Mapping[int, int], genre_id: int, season_year: int
) -> ProductionComparison | NotShown:
    """p10, median and p90 over comparable productions of their figures at the same mix of distances.

    ``weights``: days before → seats for sale of this production's performances. Comparable: same genre, three performances or more,
    of other providers, in the two seasons before; with the running one when those are too few or may not be shown.
    """
    manifest, mix = published(), mix_of_distances(weights)
    if manifest is None or not mix:
        return NotShown()
    before = cohort_seasons(season_year)
    for seasons in (before, (*before, season_year)):
        files = tuple(manifest.files("production_curve", seasons))
        asked = (production_id, genre_id, tuple(sorted(mix.items())))
        answer = _compare(library(), files, access.organisation_id, seasons, *asked)
        if isinstance(answer, ProductionComparison):
            return answer
    return NotShown()


@lru_cache(maxsize=1024)
def _compare(
    source: Library,
    files: tuple[str, ...],
    organisation: int,
    seasons: tuple[int, ...],
    production_id: int,
    genre_id: int,
    distances: tuple[tuple[int, int], ...],
) -> ProductionComparison | NotShown:
    manifest, mix = source.manifest(), dict(distances)
    if manifest is None or not files:
        return NotShown()
    held = tuple(season for season in seasons if manifest.files("production_curve", [season]))
    left_out = [production_id, *own_productions(manifest, organisation, held)]
    values = {
        "days": list(mix),
        "weights": list(mix.values()),
        "genre": genre_id,
        "left_out": left_out,
        "performances": PERFORMANCES_MIN,
        "reach": REACH_MIN * sum(mix.values()),
    }
    sql = _SQL.format(mart="{mart}", days=", ".join(str(day) for day in sorted(mix)))  # literals: whole blocks are passed over
    rows = source.rows("quantiles over comparable productions", "production_curve", held, sql, values)
    prices = [row[3] for row in rows if row[3] is not None]
    if not may_show_quantiles(min(len(rows), len(prices)), manifest.limits):
        return NotShown()
    if not _is_shown(source, organisation, held, genre_id, [row[0] for row in rows]):
        return NotShown()
    return ProductionComparison(
        production_count=len(rows),
        seasons=held,
        genre_id=genre_id,
        fill=spread(row[1] for row in rows),
        recette_cents=spread(row[2] for row in rows),
        price_cents=spread(prices),
        reserved=spread(row[4] for row in rows),
        blocked=spread(row[5] for row in rows),
        true_at=manifest.true_at,
    )


def _is_shown(source: Library, organisation: int, seasons: tuple[int, ...], genre: int, productions: list[int]) -> bool:
    """Whether the holdings behind ``productions`` keep the rules on tickets, recette and seats, also without the viewer's theatres."""
    manifest = source.manifest()
    files = tuple(manifest.files("cell", seasons)) if manifest else ()
    if manifest is None or not files:
        return False
    columns = _cells_of_genre(source, files, seasons, genre)
    used = np.isin(columns["production"], np.array(productions))
    others = used & (columns["theatre"] != organisation)
    return all(
        all_safe((_per_holding(columns, side, measure, rows) for side in SIDES), manifest.limits)
        for measure in ("tickets", "recette_cents", "for_sale")
        for rows in ((used,) if bool((used == others).all()) else (used, others))
    )


@lru_cache(maxsize=64)
def _cells_of_genre(source: Library, files: tuple[str, ...], seasons: tuple[int, ...], genre: int) -> dict[str, npt.NDArray[Any]]:
    """Raw cells of a genre in some seasons, with the holdings of each side numbered over all of them."""
    manifest = source.manifest()
    parts = [columns for columns in (cell_columns(manifest, season) for season in seasons) if columns] if manifest else []
    names = ("production", *SIDES, "tickets", "recette_cents", "for_sale")
    found = {name: np.concatenate([part[name][part["genre"] == genre] for part in parts] or [np.empty(0)]) for name in names}
    for side in SIDES:
        found[f"{side}_place"] = np.unique(found[side], return_inverse=True)[1]
    return found


def _per_holding(columns: Mapping[str, npt.NDArray[Any]], side: str, measure: str, rows: npt.NDArray[np.bool_]) -> list[float]:
    sums: list[float] = np.bincount(columns[f"{side}_place"][rows], weights=columns[measure][rows]).tolist()
    return sums
