"""The fixed national cube: genre × province, season to date, one edition a sales day, with the viewer's own beside it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from dip.definitions.queries import genres, provinces
from dip.registry.terms import Access
from dip.warehouse.queries.reading import cell_columns, library, market_published_at, own_productions, published
from dip.warehouse.rules.secondary import Array
from dip.warehouse.store.published import Library, Manifest
from dip.warehouse.terms import GenreCell, NotShown

MEASURES = ("performances", "tickets", "recette_cents", "for_sale")


@dataclass(frozen=True, slots=True)
class _Cube:
    """Per measure the viewer's own sums, (genres + 1) × (provinces + 2), totals last; of the nation's, what its edition shows."""

    own: dict[str, Array]
    national: dict[tuple[int, int], dict[str, int] | NotShown]
    """(genre or 0, province or 0) → sums; a cell that is not there is empty."""


def genre_cells(access: Access, season_year: int, province_id: int | None = None) -> list[GenreCell]:
    """One cell per genre in the standard's order: of the nation, or of a province. Empty before the first publication.

    Performances dated in the season with figures, public, not cancelled, in the country. The nation's sums are those of the day's edition, own
    ones are up to now.
    """
    manifest = published()
    if manifest is None:
        return []
    cube = _cube_for(access, manifest, season_year)
    places = _places([province.id for province in provinces()])
    if province_id is not None and province_id not in places:
        return []
    column = -1 if province_id is None else places[province_id]
    return [_cell(cube, manifest, season_year, row, column, genre.id, province_id) for row, genre in enumerate(genres())]


def province_cells(access: Access, season_year: int, genre_id: int | None = None) -> list[GenreCell]:
    """One cell per province by id, of one genre or of all; ``genre_id`` of a cell is 0 for all genres. As :func:`genre_cells`."""
    manifest = published()
    if manifest is None:
        return []
    cube = _cube_for(access, manifest, season_year)
    rows = _places([genre.id for genre in genres()])
    if genre_id is not None and genre_id not in rows:
        return []
    row = -1 if genre_id is None else rows[genre_id]
    return [
        _cell(cube, manifest, season_year, row, column, genre_id or 0, province.id) for column, province in enumerate(provinces())
    ]


def _cell(cube: _Cube, manifest: Manifest, season: int, row: int, column: int, genre_id: int, province_id: int | None) -> GenreCell:
    found = cube.national.get((genre_id, province_id or 0), dict.fromkeys(MEASURES, 0))

    def national(name: str) -> int | NotShown:
        return found if isinstance(found, NotShown) else found[name]

    own = {name: round(cube.own[name][row, column]) for name in MEASURES}
    return GenreCell(
        genre_id=genre_id,
        province_id=province_id,
        own_performances=own["performances"],
        own_tickets=own["tickets"],
        own_recette_cents=own["recette_cents"],
        own_for_sale=own["for_sale"],
        performances=national("performances"),
        tickets=national("tickets"),
        recette_cents=national("recette_cents"),
        for_sale=national("for_sale"),
        true_at=market_published_at(season) or manifest.true_at,
    )


def _cube_for(access: Access, manifest: Manifest, season: int) -> _Cube:
    side = "theatre" if access.is_taker else "provider" if access.is_provider else ""
    files = tuple(manifest.files("cell", [season]) + manifest.files("party", [season]) + manifest.files("market", [season]))
    return _cube(library(), files, season, access.organisation_id, side)


@lru_cache(maxsize=256)
def _cube(source: Library, files: tuple[str, ...], season: int, organisation: int, side: str) -> _Cube:
    """Built once per publication and viewer. The nation's figures are those of the day's edition, the same for everybody."""
    shape = (len(genres()), len(provinces()) + 1)
    manifest = source.manifest()
    columns = cell_columns(manifest, season) if manifest else {}
    if manifest is None or not columns:
        return _Cube({name: np.zeros((shape[0] + 1, shape[1] + 1)) for name in MEASURES}, _market(source, files, season))
    told = np.zeros(len(columns["theatre"]), dtype=bool)
    if side == "theatre":
        told = np.asarray(columns["theatre"] == organisation)
    elif side == "provider":
        told = np.isin(columns["production"], np.array(own_productions(manifest, organisation, (season,)), dtype=np.int64))
    place = _place(columns, shape)
    own = {name: with_totals(_sums(place, np.where(told, columns[name], 0.0), shape)) for name in MEASURES}
    return _Cube(own, _market(source, files, season))


def _market(source: Library, files: tuple[str, ...], season: int) -> dict[tuple[int, int], dict[str, int] | NotShown]:
    sql = f"SELECT dimension, value, genre, shown, {', '.join(MEASURES)} FROM {{mart}}"
    found: dict[tuple[int, int], dict[str, int] | NotShown] = {}
    for dimension, province, genre, shown, *sums in source.rows("the market's edition", "market", [season], sql, {}):
        if dimension and not province:
            continue  # of an unknown province: in the totals only
        found[genre, province] = dict(zip(MEASURES, sums, strict=True)) if shown else NotShown()
    return found


def with_totals(parts: Array) -> Array:
    """``parts`` (genres × provinces) with a last genre and a last province that hold the totals."""
    wide = np.concatenate([parts, parts.sum(axis=1, keepdims=True)], axis=1)
    return np.concatenate([wide, wide.sum(axis=0, keepdims=True)], axis=0)


def _place(columns: dict[str, npt.NDArray[Any]], shape: tuple[int, int]) -> npt.NDArray[np.int64]:
    """Position of each row in the flattened cube; an unknown province is the last."""
    rows = _places([genre.id for genre in genres()])
    places = _places([province.id for province in provinces()])
    return _looked_up(columns["genre"], rows, 0) * shape[1] + _looked_up(columns["province"], places, shape[1] - 1)


def _looked_up(identifiers: npt.NDArray[Any], places: dict[int, int], otherwise: int) -> npt.NDArray[np.int64]:
    table = np.full(max([*places, int(identifiers.max())]) + 1, otherwise, dtype=np.int64)
    table[list(places)] = list(places.values())
    return table[identifiers]


def _sums(place: npt.NDArray[np.int64], values: npt.NDArray[np.float64], shape: tuple[int, ...]) -> Array:
    return np.bincount(place, weights=values, minlength=int(np.prod(shape))).astype(np.float64).reshape(shape)


def _places(identifiers: list[int]) -> dict[int, int]:
    return {identifier: place for place, identifier in enumerate(identifiers)}
