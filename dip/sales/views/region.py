"""The provinces: own share of the national tickets, and the genres of one province."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dip.definitions.queries import provinces
from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module
from dip.sales.queries.monitors import genre_names
from dip.sales.rules import findings
from dip.sales.terms import Sentence
from dip.sales.views import columns, market, phrases, question, sheets, words
from dip.sales.views.columns import national_occupancy
from dip.warehouse import queries as warehouse
from dip.warehouse.terms import GenreCell, NotShown
from dip.web.charts.figure import Figure
from dip.web.charts.tiles import Tile, TileMap, tile_map


@requires(Module.SALES, Level.VIEW)
def region(request: HttpRequest, access: Access) -> HttpResponse:
    """Where the own share is large or small; ``province`` opens one, ``genre`` narrows the map."""
    asked = question.read(request)
    genres = genre_names((get_language() or "nl")[:2])
    names = {p.id: p.name for p in provinces()}
    genre_id = asked.genre_id if asked.genre_id in genres else None
    province_id = asked.province_id if asked.province_id in names else None
    cells = warehouse.province_cells(access, asked.season_year, genre_id)
    by_genre = warehouse.genre_cells(access, asked.season_year, province_id)
    has_own = access.is_provider or access.is_taker
    context = {
        "module": "sales",
        "asked": asked,
        "places": words.places(access, "sales-region"),
        "season_name": phrases.season_name(asked.season_year),
        "figure": _figure(cells, genres.get(genre_id or 0, ""), has_own=has_own) if cells else None,
        "genres": sorted(genres.items()),
        "genre_id": genre_id,
        "provinces": sorted(names.items(), key=lambda pair: pair[1]),
        "province_id": province_id,
        "province": names.get(province_id or 0, ""),
        "rows": [market.row(names.get(cell.province_id or 0, ""), cell.province_id or 0, cell) for cell in cells],
        "market": market.market(by_genre),
        "has_own": has_own,
        "published_at": warehouse.market_published_at(asked.season_year),
    }
    return render(request, "sales/region.html", context)


def _figure(cells: list[GenreCell], genre: str, *, has_own: bool) -> Figure:
    by_id = {cell.province_id: cell for cell in cells}
    found = provinces()
    heading = findings.region_heading(cells) if has_own else Sentence("region")
    values = dict(heading.values)
    values["province"] = next((p.name for p in found if p.id == values.get("province_id")), "")
    tiles = [_tile(p, by_id.get(p.id), has_own=has_own) for p in found]
    measure = _("Your share of the national tickets") if has_own else _("National occupancy, paid")
    sub = f"{measure}, {genre.lower()}" if genre else measure
    return tile_map(TileMap("provinces", phrases.phrase(Sentence(heading.code, values)), tiles, measure, as_rate=True, sub=sub))


def _tile(province: Any, cell: GenreCell | None, *, has_own: bool) -> Tile:
    place = (province.code, province.name, province.row, province.column)
    if cell is None:
        return Tile(*place, None)
    if not has_own:
        occupancy = national_occupancy(cell)
        return Tile(*place, None, True) if isinstance(occupancy, NotShown) else Tile(*place, occupancy and round(occupancy, 2))
    if isinstance(cell.tickets, NotShown):
        return Tile(*place, None, True)
    share = findings.share_of(cell)
    return Tile(*place, None if share is None else round(share, 2))


@requires(Module.SALES, Level.VIEW)
def export(request: HttpRequest, access: Access) -> HttpResponse:
    """The provinces, and the genres of the nation or of one province."""
    asked = question.read(request)
    genres = genre_names((get_language() or "nl")[:2])
    names = {p.id: p.name for p in provinces()}
    genre_id = asked.genre_id if asked.genre_id in genres else None
    province_id = asked.province_id if asked.province_id in names else None
    by_province = [(c.province_id or 0, c) for c in warehouse.province_cells(access, asked.season_year, genre_id)]
    by_genre = [(c.genre_id, c) for c in warehouse.genre_cells(access, asked.season_year, province_id)]
    tables = [
        columns.cells(_("Provinces"), _("Province"), names, by_province),
        columns.cells(_("Genres"), _("Genre"), genres, by_genre),
    ]
    parts = [_("Season {season}").format(season=phrases.season_name(asked.season_year))]
    parts += [genres[genre_id]] if genre_id else []
    parts += [names[province_id]] if province_id else []
    about = sheets.scope(access, asked.as_of, ", ".join(parts))
    return sheets.as_download(sheets.workbook(tables, about), f"provinces-{asked.season_year}")
