"""The sector over the years: by genre, region, weekday, month, price class and hall size, as its editions tell it."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import astuple
from functools import lru_cache

from dip.registry.terms import Access
from dip.warehouse.queries.editions import COLUMNS, is_total, own_rows, rows_wanted, seasons_of
from dip.warehouse.queries.reading import library, published
from dip.warehouse.rules import trends as rules
from dip.warehouse.store.published import Library
from dip.warehouse.terms import Dimension, NotShown, Sums, Trend, TrendCell, TrendMeasure, TrendSeason

#: Key of the cell of all values together.
TOTAL = 0
_SUMS = "performances, coupled, theatres, providers, tickets, recette_cents, for_sale"
_RATES = (TrendMeasure.OCCUPANCY, TrendMeasure.PRICE)
#: Sums of which the margin is that of the disturbance.
_AMOUNTS = (TrendMeasure.TICKETS, TrendMeasure.RECETTE)
_Key = tuple[int, int]
"""(season, value)"""
_Stratum = tuple[Sums, bool]
"""Its sums, and whether they keep the primary rules."""
_REST = -1


def trend(access: Access, dimension: Dimension, genre_id: int | None = None) -> Trend | None:
    """What is published of ``dimension``, for one genre or for all (by genre: always all); None before the first edition.

    National figures are the same for everybody, with their marks made when the edition was: nothing is left out or taken off for the
    viewer. Own figures are of the same edition.
    """
    manifest = published()
    seasons = seasons_of(manifest) if manifest else ()
    if manifest is None or not seasons:
        return None
    genre = None if dimension is Dimension.GENRE else genre_id
    years = tuple(season.season_year for season in seasons)
    files = tuple(manifest.files("trend", years) + manifest.files("trend_row", years))
    national = _national(library(), files, seasons, dimension, genre)
    own = _own(library(), files, years, dimension, genre, own_rows(access, years))
    cells = {key: _with_own(cell, own.get(key)) for key, cell in national.items()}
    for key in own.keys() - cells.keys():
        cells[key] = TrendCell(*key, None, own[key], {}, {})
    values = tuple(sorted({value for _, value in cells if value != TOTAL}))
    totals = {year: cells.pop((year, TOTAL)) for year in years if (year, TOTAL) in cells}
    return Trend(dimension, genre, seasons, values, cells, totals, _base(seasons))


def _base(seasons: tuple[TrendSeason, ...]) -> int:
    """The season whose mix is held: the oldest finished one."""
    return next((season.season_year for season in seasons if not season.is_running), seasons[0].season_year)


def _with_own(cell: TrendCell, own: Sums | None) -> TrendCell:
    return cell if own is None else TrendCell(cell.season_year, cell.value, cell.national, own, cell.half_widths, cell.adjusted)


@lru_cache(maxsize=64)
def _national(
    source: Library, files: tuple[str, ...], seasons: tuple[TrendSeason, ...], dimension: Dimension, genre: int | None
) -> dict[_Key, TrendCell]:
    wholes: dict[_Key, Sums | NotShown] = {}
    strata: dict[_Key, dict[int, _Stratum]] = defaultdict(dict)
    pooled: dict[_Key, bool] = {}
    margins: dict[_Key, float] = {}
    for season in seasons:
        year = season.season_year
        sql = f"SELECT dimension, value, genre, stratum, shown, rest, margin, {_SUMS} FROM {{mart}} WHERE {rows_wanted(dimension, genre)}"
        for row_dimension, value, row_genre, stratum, shown, rest, margin, *sums in source.rows(
            "national trends", "trend", [year], sql, {}
        ):
            key = (year, _value(dimension, row_dimension, value, row_genre))
            if stratum:
                strata[key][stratum] = (Sums(*sums), shown)
            elif key[1] != TOTAL or is_total(dimension, row_dimension, row_genre):
                wholes[key] = Sums(*sums) if shown else NotShown()
                pooled[key], margins[key] = rest, margin
    spread = _spread(source, files, tuple(season.season_year for season in seasons), dimension, genre)
    base, found = _base(seasons), {}
    for key, whole in wholes.items():
        if isinstance(whole, NotShown):
            found[key] = TrendCell(*key, whole, None, {}, {})
            continue
        widths = {measure: rules.half_width(spread[key][measure].values()) for measure in _RATES if key in spread}
        widths |= {measure: margins[key] * (rules.rate_of(whole, measure) or 0) for measure in _AMOUNTS}
        before = strata.get((base, key[1]), {})
        may_adjust = isinstance(wholes.get((base, key[1])), Sums)
        with_rest = pooled[key] and pooled.get((base, key[1]), False)
        adjusted = _adjusted(before, strata.get(key, {}), whole.performances, with_rest) if may_adjust and key[0] != base else {}
        found[key] = TrendCell(*key, whole, None, widths, adjusted)
    return found


def _value(dimension: Dimension, row_dimension: int, value: int, genre: int) -> int:
    return genre if dimension is Dimension.GENRE else value if row_dimension else TOTAL


def _adjusted(
    before: Mapping[int, _Stratum], now: Mapping[int, _Stratum], performances: int, with_rest: bool
) -> dict[TrendMeasure, float]:
    """Every measure of ``now`` with the mix of ``before``.

    Strata that may not be read apart in both seasons count as one, or (not ``with_rest``) as not come back.
    """
    apart = {key for key in before if before[key][1] and now.get(key, (None, False))[1]}
    mix, back = ({key: season[key][0] for key in apart} for season in (before, now))
    mix[_REST] = _together(sums for key, (sums, _) in before.items() if key not in apart)
    if with_rest:
        back[_REST] = _together(sums for key, (sums, _) in now.items() if key not in apart)
    found = {measure: rules.adjusted(mix, back, measure, performances) for measure in TrendMeasure}
    return {measure: value for measure, value in found.items() if value is not None}


def _together(strata: Iterable[Sums]) -> Sums:
    rows = [astuple(sums) for sums in strata]
    return Sums(*(sum(column) for column in zip(*rows, strict=True))) if rows else Sums()


@lru_cache(maxsize=64)
def _spread(
    source: Library, files: tuple[str, ...], years: tuple[int, ...], dimension: Dimension, genre: int | None
) -> dict[_Key, dict[TrendMeasure, dict[int, float]]]:
    """(season, value) → rate → theatre → its influence. Never leaves the door."""
    found: dict[_Key, dict[TrendMeasure, dict[int, float]]] = {}
    sql = f"SELECT dimension, value, genre, theatre, occupancy, price FROM {{mart}} WHERE {rows_wanted(dimension, genre)}"
    for year in years:
        for row_dimension, value, row_genre, theatre, *rates in source.rows("spread of theatres", "trend_spread", [year], sql, {}):
            key = (year, _value(dimension, row_dimension, value, row_genre))
            held = found.setdefault(key, {measure: {} for measure in _RATES})
            for measure, influence in zip(_RATES, rates, strict=True):
                held[measure][theatre] = influence
    return found


@lru_cache(maxsize=256)
def _own(
    source: Library, files: tuple[str, ...], years: tuple[int, ...], dimension: Dimension, genre: int | None, where: str
) -> dict[_Key, Sums]:
    if not where:
        return {}
    narrowed = f"{where} AND genre = {int(genre)}" if genre else where
    sums = (
        "sum(performances), sum(coupled), count(DISTINCT theatre), count(DISTINCT producer), sum(tickets), sum(recette_cents), "
        "sum(for_sale)"
    )
    column = COLUMNS[dimension]
    sql = f"SELECT coalesce({column}, 0), {sums} FROM {{mart}} WHERE {narrowed} GROUP BY GROUPING SETS (({column}), ())"
    marked = sql.replace("SELECT ", f"SELECT grouping({column}), ", 1)
    found: dict[_Key, Sums] = {}
    for year in years:
        for is_whole, value, *row in source.rows("the viewer's own trend", "trend_row", [year], marked, {}):
            if row[0] and (is_whole or value):
                found[year, TOTAL if is_whole else value] = Sums(*(int(one) for one in row))
    return found


def difference_width(
    access: Access, dimension: Dimension, genre_id: int | None, value: int, years: tuple[int, int], measure: TrendMeasure
) -> float | None:
    """Half of the 95 % interval of the difference between two seasons; None where either is not shown, or for performances.

    Of a rate: between theatres, paired. Of tickets and recette: what the disturbance leaves open, which is drawn anew each season.
    ``value`` 0 stands for all values together.
    """
    manifest, found = published(), trend(access, dimension, genre_id)
    if manifest is None or found is None or measure not in (*_RATES, *_AMOUNTS):
        return None
    cells = [found.totals.get(year) if value == TOTAL else found.cells.get((year, value)) for year in years]
    if not all(cell is not None and isinstance(cell.national, Sums) for cell in cells):
        return None
    if measure in _AMOUNTS:
        return math.hypot(*(cell.half_widths[measure] for cell in cells if cell is not None))
    all_years = tuple(season.season_year for season in found.seasons)
    files = tuple(manifest.files("trend_spread", all_years))
    spread = _spread(library(), files, all_years, dimension, found.genre_id)
    before, after = (spread.get((year, value), {}).get(measure, {}) for year in years)
    return rules.half_width_of_difference(before, after)
