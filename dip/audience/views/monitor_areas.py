"""Where buyers come from: a map of provinces, municipalities or PC4, and the same as a table; areas with fewer than expected."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

from django.utils.translation import gettext as _

from dip.audience.rules import findings
from dip.audience.views import monitor_words as words
from dip.audience.views.monitor_phrases import phrase
from dip.audience.views.monitor_question import Question
from dip.definitions.queries import geo, provinces
from dip.definitions.terms import AreaLevel
from dip.registry.terms import Access
from dip.warehouse.queries import audience as door
from dip.warehouse.queries.audience import AreaRow, AudienceScope, UnderservedArea
from dip.web import formats
from dip.web.charts.figure import Figure
from dip.web.charts.maps import AreaMap, AreaValue, area_map
from dip.web.charts.tiles import Tile, TileMap, tile_map
from dip.web.marks import bar


@dataclass(frozen=True, slots=True)
class AreaLine:
    """One area of the table; ``buyers`` None: held back. ``note``: in which municipality or province it lies."""

    name: str
    note: str
    buyers: int | None
    per_1000: str
    distance: str
    is_catchment: bool
    bar: str


@dataclass(frozen=True, slots=True)
class Origin:
    """The section. ``homes``: buyers by province that are shown; ``hidden``: areas of the table that are held back; ``choices``: provinces
    to look into, for PC4. ``has_areas``: whether the open files are loaded at all."""

    has_areas: bool
    level: str
    province: int
    title: str
    lines: tuple[AreaLine, ...]
    count: int
    hidden: int
    homes: tuple[tuple[str, int], ...]
    choices: tuple[tuple[int, str], ...]
    figure: Figure | None
    is_held_back: bool


def origin(access: Access, scope: AudienceScope, asked: Question) -> Origin:
    """The answer at the level that the page asks for."""
    by_province = door.origin(access, scope, "province")
    province = asked.province or _most(by_province)
    rows = by_province if asked.level == "province" else rows_of(access, scope, asked.level)
    if asked.level == "pc4":
        rows = tuple(row for row in rows if (of := geo.province_of(row.code)) and of.code == province)
    ordered = sorted(rows, key=lambda row: (-(row.buyers or 0), row.buyers is None, row.name, row.code))
    title = phrase(findings.areas_heading([(_name(row, asked.level), row.per_1000) for row in rows if row.per_1000 is not None]))
    return Origin(
        has_areas=geo.edition() is not None,
        level=asked.level,
        province=province,
        title=title,
        lines=_lines(ordered[: asked.rows], rows, asked.level),
        count=len(rows),
        hidden=sum(row.buyers is None for row in rows),
        homes=tuple((row.name, row.buyers) for row in by_province if row.buyers),
        choices=tuple((one.id, one.name) for one in sorted(provinces(), key=lambda one: one.name)),
        figure=_map(rows, asked.level, province, title) if rows else None,
        is_held_back=any(row.buyers is None for row in rows),
    )


def rows_of(access: Access, scope: AudienceScope, level: str) -> tuple[AreaRow, ...]:
    """All areas of a level."""
    return door.origin(access, scope, cast(Literal["pc4", "municipality", "province"], level))


def _most(rows: Sequence[AreaRow]) -> int:
    """The province with most buyers; the first where none is shown."""
    return max(rows, key=lambda row: row.buyers or 0).code if rows else min(one.id for one in provinces())


def _name(row: AreaRow, level: str) -> str:
    return f"{row.code} {row.name}".strip() if level == "pc4" else row.name


def note_of(row: AreaRow | UnderservedArea, level: str) -> str:
    """In what an area lies."""
    if level == "pc4":
        town = geo.municipality_of(row.pc4 if isinstance(row, UnderservedArea) else row.code)
        return town.name if town else ""
    if level == "municipality" and isinstance(row, AreaRow):
        term = geo.area(AreaLevel.MUNICIPALITY, row.code)
        above = geo.area(AreaLevel.PROVINCE, term.parent) if term else None
        return above.name if above else ""
    return ""


def _lines(shown: Sequence[AreaRow], rows: Sequence[AreaRow], level: str) -> tuple[AreaLine, ...]:
    most = max((row.per_1000 or 0.0 for row in rows), default=0.0)
    write = _writer(rows)
    return tuple(
        AreaLine(
            name=_name(row, level),
            note=note_of(row, level),
            buyers=row.buyers,
            per_1000="–" if row.per_1000 is None else write(row.per_1000),
            distance="–" if row.distance_km is None else formats.number(row.distance_km),
            is_catchment=row.is_catchment,
            bar=bar(row.per_1000 / most) if row.per_1000 is not None and most else "",
        )
        for row in shown
    )


class _Writer:
    """Writes values per 1,000 with as many decimals as the largest asks for."""

    def __init__(self, rows: Sequence[AreaRow]) -> None:
        most = max((row.per_1000 or 0.0 for row in rows), default=0.0)
        self.decimals = 1 if most >= 1 else 2

    def __call__(self, value: float) -> str:
        return formats.number(value, self.decimals)


def _writer(rows: Sequence[AreaRow]) -> _Writer:
    return _Writer(rows)


def _map(rows: Sequence[AreaRow], level: str, province: int, title: str) -> Figure | None:
    """The areas in their own shape; provinces as squares while there are no polygons, and then nothing for smaller areas."""
    kind = AreaLevel(level)
    shapes = geo.shapes(kind, province if level == "pc4" else None)
    sub = _("Buyers per 1,000 inhabitants.")
    if shapes:
        found = {str(row.code): row for row in rows}
        areas = [_value(shape.code, shape.name, found.get(shape.code)) for shape in shapes]
        outlines = geo.shapes(AreaLevel.PROVINCE) if level == "municipality" else ()
        made = AreaMap(
            "origin-map", title, areas, shapes, sub.rstrip("."), str(words.LEVELS[level]), _writer(rows), outlines, sub, zero_apart=True
        )  # fmt: skip
        return area_map(made)
    return _squares(rows, title) if level == "province" else None


def _value(code: str, name: str, row: AreaRow | None) -> AreaValue:
    label = f"{code} {name}" if code.isdigit() and name and code != name and len(code) == 4 else name
    if row is None:
        return AreaValue(code, label, 0.0)
    return AreaValue(code, label, row.per_1000, row.buyers is None)


def _squares(rows: Sequence[AreaRow], title: str) -> Figure:
    found = {row.code: row for row in rows}
    tiles = []
    for one in provinces():
        row = found.get(one.id)
        value = 0.0 if row is None else None if row.buyers is None else float(row.buyers)
        tiles.append(Tile(one.code, one.name, one.row, one.column, value, row is not None and row.buyers is None))
    return tile_map(TileMap("origin-map", title, tiles, _("Buyers"), sub=_("Buyers by province.")))
