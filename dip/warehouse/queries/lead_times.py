"""Do people buy later? How long before the performance the final tickets were sold, season by season."""

from collections import defaultdict
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from dip.registry.terms import Access
from dip.warehouse.queries.editions import COLUMNS, is_total, own_rows, rows_wanted, seasons_of
from dip.warehouse.queries.reading import library, published
from dip.warehouse.queries.trends import TOTAL, trend
from dip.warehouse.rules import trends as rules
from dip.warehouse.store.published import Library
from dip.warehouse.terms import Dimension, Lead, LeadCell, LeadChange, LeadTimes, NotShown, Sums, TrendSeason

_Key = tuple[int, int]
_Kept = tuple[float, ...]


def lead_times(access: Access, dimension: Dimension, genre_id: int | None = None) -> LeadTimes | None:
    """What is published of lead times by ``dimension``, for one genre or for all; None before the first edition."""
    manifest = published()
    seasons = seasons_of(manifest) if manifest else ()
    if manifest is None or not seasons:
        return None
    genre = None if dimension is Dimension.GENRE else genre_id
    years = tuple(season.season_year for season in seasons)
    files = tuple(manifest.files("lead", years) + manifest.files("lead_row", years))
    national = _national(library(), files, years, dimension, genre)
    own = _own(library(), files, years, dimension, genre, own_rows(access, years))
    cells = {}
    for key in national.keys() | own.keys():
        told, width = national.get(key, (None, None))
        cells[key] = LeadCell(*key, told, own.get(key), width)
    totals = {year: cells.pop((year, TOTAL)) for year in years if (year, TOTAL) in cells}
    values = tuple(sorted({value for _, value in cells}))
    changes = _changes(library(), files, seasons, genre)
    return LeadTimes(dimension, genre, seasons, values, cells, totals, changes, _coverage(access, totals, genre))


def _coverage(access: Access, totals: dict[int, LeadCell], genre: int | None) -> dict[int, float]:
    """Performances that count of all that were played, by season. Numbers of performances are no secret where both cells are shown."""
    played = trend(access, Dimension.SIZE, genre)
    found = {}
    for year, cell in totals.items():
        whole = played.totals.get(year) if played else None
        if isinstance(cell.national, Lead) and whole and isinstance(whole.national, Sums) and whole.national.performances:
            found[year] = cell.national.performances / whole.national.performances
    return found


@lru_cache(maxsize=64)
def _national(
    source: Library, files: tuple[str, ...], years: tuple[int, ...], dimension: Dimension, genre: int | None
) -> dict[_Key, tuple[Lead | NotShown | None, float | None]]:
    spread = _spread(source, files, years, dimension, genre, "median")
    sql = f"SELECT dimension, value, genre, performances, theatres, shown, kept FROM {{mart}} WHERE {rows_wanted(dimension, genre)}"
    sql += " AND stratum = 0"
    found: dict[_Key, tuple[Lead | NotShown | None, float | None]] = {}
    for year in years:
        for row in source.rows("national lead times", "lead", [year], sql, {}):
            key = _key(dimension, year, row)
            if key[1] == TOTAL and not is_total(dimension, row[0], row[2]):
                continue
            performances, theatres, shown, kept = row[3:]
            told = rules.lead_of(performances, theatres, kept) if shown else NotShown()
            found[key] = (told, rules.half_width(spread[key].values()) if shown and key in spread else None)
    return found


def _key(dimension: Dimension, year: int, row: Any) -> _Key:
    return (year, row[2] if dimension is Dimension.GENRE else row[1] if row[0] else TOTAL)


@lru_cache(maxsize=64)
def _spread(
    source: Library, files: tuple[str, ...], years: tuple[int, ...], dimension: Dimension, genre: int | None, what: str
) -> dict[_Key, dict[int, float]]:
    """(season, value) → theatre → its influence. Never leaves the door."""
    found: dict[_Key, dict[int, float]] = defaultdict(dict)
    sql = f"SELECT dimension, value, genre, theatre, {what} FROM {{mart}} WHERE {rows_wanted(dimension, genre)}"
    for year in years:
        for row in source.rows("spread of theatres", "lead_spread", [year], sql, {}):
            found[_key(dimension, year, row)][row[3]] = row[4]
    return dict(found)


def _changes(
    source: Library, files: tuple[str, ...], seasons: tuple[TrendSeason, ...], genre: int | None
) -> tuple[LeadChange, ...]:
    """From the oldest and from the last but one finished season to the last."""
    finished = [season.season_year for season in seasons if not season.is_running]
    pairs = dict.fromkeys((before, finished[-1]) for before in (*finished[-2:-1], *finished[:1]) if before != finished[-1])
    found = (_change(source, files, pair, genre) for pair in pairs)
    return tuple(change for change in found if change is not None)


@lru_cache(maxsize=64)
def _change(source: Library, files: tuple[str, ...], years: tuple[int, int], genre: int | None) -> LeadChange | None:
    curves = [_whole(source, files, year, genre) for year in years]
    if curves[0] is None or curves[1] is None:
        return None
    spread = _spread(source, files, years, Dimension.SIZE, genre, "median")
    medians = [rules.median_day(curve) for curve in curves if curve]
    late = rules.LEAD_GRID.index(rules.LATE)
    return LeadChange(
        before=years[0],
        after=years[1],
        days=round(medians[1] - medians[0], 1),
        half_width=round(rules.half_width_of_difference(spread.get((years[0], TOTAL), {}), spread.get((years[1], TOTAL), {})), 1),
        adjusted=_adjusted(source, years, genre),
        share_late=round(curves[0][late] - curves[1][late], 3),
    )


def _whole(source: Library, files: tuple[str, ...], year: int, genre: int | None) -> _Kept | None:
    sql = f"SELECT kept FROM {{mart}} WHERE dimension = 0 AND genre = {int(genre or 0)} AND stratum = 0 AND shown"
    rows = source.rows("national lead times", "lead", [year], sql, {})
    return tuple(value / rows[0][0][0] for value in rows[0][0]) if rows and rows[0][0][0] > 0 else None


def _adjusted(source: Library, years: tuple[int, int], genre: int | None) -> float | None:
    """The change with the mix of genre and hall size held, weighted by tickets; groups that may not be read apart count as one."""
    sql = f"SELECT stratum, kept, shown, rest FROM {{mart}} WHERE dimension = 0 AND genre = {int(genre or 0)}"
    found = [{row[0]: row[1:] for row in source.rows("national lead times", "lead", [year], sql, {})} for year in years]
    with_rest = all(season.pop(0, (None, False, False))[2] for season in found)
    apart = [key for key in found[0] if found[0][key][1] and found[1].get(key, (None, False))[1]]
    sums = [{key: np.array(season[key][0], dtype=np.float64) for key in apart} for season in found]
    for season, held in zip(found, sums, strict=True):
        left = [np.array(kept, dtype=np.float64) for key, (kept, _, _) in season.items() if key not in apart]
        if left:
            held[-1] = np.add.reduce(left)
    weights = {key: float(kept[0]) for key, kept in sums[0].items()}
    curves = [{key: list(kept / kept[0]) for key, kept in held.items() if kept[0] > 0 and (key >= 0 or with_rest)} for held in sums]
    lines = [
        rules.mixed(weights, {key: curve for key, curve in one.items() if key in curves[0] and key in curves[1]}) for one in curves
    ]
    if lines[0] is None or lines[1] is None:
        return None
    return round(rules.median_day(lines[1]) - rules.median_day(lines[0]), 1)


@lru_cache(maxsize=256)
def _own(
    source: Library, files: tuple[str, ...], years: tuple[int, ...], dimension: Dimension, genre: int | None, where: str
) -> dict[_Key, Lead]:
    if not where:
        return {}
    narrowed = f"{where} AND genre = {int(genre)}" if genre else where
    sql = f"SELECT {COLUMNS[dimension]}, theatre, kept FROM {{mart}} WHERE {narrowed}"
    found: dict[_Key, Lead] = {}
    for year in years:
        groups: dict[int, list[tuple[int, Any]]] = defaultdict(list)
        for value, theatre, kept in source.rows("the viewer's own lead times", "lead_row", [year], sql, {}):
            if value:
                groups[value].append((theatre, kept))
            groups[TOTAL].append((theatre, kept))
        for value, rows in groups.items():
            together: npt.NDArray[np.float64] = np.sum([kept for _, kept in rows], axis=0)
            lead = rules.lead_of(len(rows), len({theatre for theatre, _ in rows}), together)
            if lead is not None:
                found[year, value] = lead
    return found
