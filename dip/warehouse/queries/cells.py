"""The fixed national cube: genre × province, season to date, with the viewer's own beside it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from dip.definitions.queries import genres, provinces
from dip.registry.terms import Access
from dip.warehouse.queries.reading import SIDES, cell_columns, library, own_productions, published
from dip.warehouse.rules.cube import Array, Mask, Side, shown_cells, with_totals
from dip.warehouse.store.published import Library, Manifest
from dip.warehouse.terms import GenreCell, Limits, NotShown

MEASURES = ("performances", "tickets", "recette_cents", "for_sale")


@dataclass(frozen=True, slots=True)
class _Cube:
    """Per measure: national and own sums and what may be shown, (genres + 1) × (provinces + 2), totals last."""

    national: dict[str, Array]
    own: dict[str, Array]
    shown: dict[str, Mask]


def genre_cells(access: Access, season_year: int, province_id: int | None = None) -> list[GenreCell]:
    """One cell per genre in the standard's order: of the nation, or of a province. Empty before the first publication.

    Performances dated in the season with figures, public, not cancelled, in the country; sums up to now.
    """
    manifest = published()
    if manifest is None:
        return []
    cube = _cube_for(access, manifest, season_year)
    places = _places([province.id for province in provinces()])
    if province_id is not None and province_id not in places:
        return []
    column = -1 if province_id is None else places[province_id]
    return [_cell(cube, manifest, row, column, genre.id, province_id) for row, genre in enumerate(genres())]


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
    return [_cell(cube, manifest, row, column, genre_id or 0, province.id) for column, province in enumerate(provinces())]


def _cell(cube: _Cube, manifest: Manifest, row: int, column: int, genre_id: int, province_id: int | None) -> GenreCell:
    def national(name: str) -> int | NotShown:
        return round(cube.national[name][row, column]) if cube.shown[name][row, column] else NotShown()

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
        true_at=manifest.true_at,
    )


def _cube_for(access: Access, manifest: Manifest, season: int) -> _Cube:
    side = "theatre" if access.is_taker else "provider" if access.is_provider else ""
    files = tuple(manifest.files("cell", [season]) + manifest.files("party", [season]))
    return _cube(library(), files, manifest.limits, season, access.organisation_id, side)


@lru_cache(maxsize=256)
def _cube(source: Library, files: tuple[str, ...], limits: Limits, season: int, organisation: int, side: str) -> _Cube:
    """Built once per publication and viewer. What the viewer knows is everything of its own, in whichever role it asks."""
    shape = (len(genres()), len(provinces()) + 1)
    manifest = source.manifest()
    columns = cell_columns(manifest, season) if manifest else {}
    if not columns:
        zero = {name: np.zeros((shape[0] + 1, shape[1] + 1)) for name in MEASURES}
        return _Cube(zero, zero, {name: np.full(zero[name].shape, True) for name in MEASURES})
    produced = np.isin(columns["production"], np.array(own_productions(manifest, organisation, (season,)), dtype=np.int64))  # type: ignore[arg-type]
    staged = columns["theatre"] == organisation
    place = _place(columns, shape)
    told = {"theatre": staged, "provider": produced, "": np.zeros(len(staged), dtype=bool)}[side]
    national, own, shown = {}, {}, {}
    for name in MEASURES:
        national[name] = with_totals(_sums(place, columns[name], shape))
        own[name] = with_totals(_sums(place, np.where(told, columns[name], 0.0), shape))
        empty = national["performances"] <= 0
        shown[name] = shown_cells(_sides(columns, name, place, shape, produced | staged), empty, limits)
    return _Cube(national, own, shown)


def _place(columns: dict[str, npt.NDArray[Any]], shape: tuple[int, int]) -> npt.NDArray[np.int64]:
    """Position of each row in the flattened cube; an unknown province is the last."""
    rows = _places([genre.id for genre in genres()])
    places = _places([province.id for province in provinces()])
    return _looked_up(columns["genre"], rows, 0) * shape[1] + _looked_up(columns["province"], places, shape[1] - 1)


def _looked_up(identifiers: npt.NDArray[Any], places: dict[int, int], otherwise: int) -> npt.NDArray[np.int64]:
    table = np.full(max([*places, int(identifiers.max())]) + 1, otherwise, dtype=np.int64)
    table[list(places)] = list(places.values())
    return table[identifiers]


def _sides(
    columns: dict[str, npt.NDArray[Any]],
    measure: str,
    place: npt.NDArray[np.int64],
    shape: tuple[int, int],
    own: npt.NDArray[np.bool_],
) -> list[Side]:
    sides = []
    for name in SIDES:
        index = columns[f"{name}_place"]
        wide = (*shape, int(index.max()) + 1)
        flat = place * wide[-1] + index
        sides.append(Side(_sums(flat, columns[measure], wide), _sums(flat[own], columns[measure][own], wide)))
    return sides


def _sums(place: npt.NDArray[np.int64], values: npt.NDArray[np.float64], shape: tuple[int, ...]) -> Array:
    return np.bincount(place, weights=values, minlength=int(np.prod(shape))).astype(np.float64).reshape(shape)


def _places(identifiers: list[int]) -> dict[int, int]:
    return {identifier: place for place, identifier in enumerate(identifiers)}
