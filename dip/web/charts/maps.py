"""Areas in their own shape, in four classes at most, the value printed where it fits; the tile grid of provinces without polygons."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from dip.web import formats
from dip.web.charts.figure import Cell, Figure, Spec
from dip.web.charts.key import swatch
from dip.web.charts.layers import plot
from dip.web.charts.polygons import Shape, View, hatching, middle, turned, view_of
from dip.web.charts.tiles import TileMap, breaks, class_of, tile_map

__all__ = ["AreaMap", "AreaValue", "Shape", "area_map", "province_map"]

WIDE, NARROW, MOST_HEIGHT = 430, 300, 520
_LETTER, _LINE, _GAP = 7.2, 15, 5
#: Areas whose values the spoken description names; the table has them all.
SPOKEN = 12


@dataclass(frozen=True, slots=True)
class AreaValue:
    """One area: its value; None with ``suppressed`` False means that nothing is known of it. ``code`` is that of its shape."""

    code: str
    name: str
    value: float | None
    suppressed: bool = False


@dataclass(frozen=True, slots=True)
class AreaMap:
    """What the map shows. ``write``: a value in words, a number without it. ``heading``: of the column of areas. ``outlines``: borders
    of the level above, drawn over it. All ``shapes`` have one step. An area of ``shapes`` that no value names has no data; a value without a shape is in the table only."""

    name: str
    title: str
    areas: Sequence[AreaValue]
    shapes: Sequence[Shape]
    measure: str
    heading: str
    write: Callable[[float], str] | None = None
    outlines: Sequence[Shape] = ()
    sub: str = ""
    note: str = ""
    zero_apart: bool = False
    """Whether nothing is no class of its own, but blank: for maps on which most areas have nothing."""


def province_map(data: TileMap, shapes: Sequence[Shape]) -> Figure:
    """The provinces in their own shape when there are polygons, and else as the tile grid. A shape's name is that of its province."""
    if not shapes:
        return tile_map(data)
    codes = {shape.name: shape.code for shape in shapes}
    values = [AreaValue(codes.get(t.name, t.code), t.name, t.value, t.suppressed) for t in data.tiles]
    write = (lambda value: formats.percent(value, 0)) if data.as_rate else None
    return area_map(AreaMap(data.name, data.title, values, shapes, data.measure, _("Province"), write, (), data.sub, data.note))


def area_map(data: AreaMap) -> Figure:
    """The figure: pale to full accent over four classes; dashed with "s" what is not shown, hatched what is not known."""
    values = {area.code: area for area in data.areas}
    bounds = breaks(
        [area.value for area in data.areas if area.value is not None and not area.suppressed and not _is_blank(data, area)]
    )
    wide, narrow = view_of(data.shapes, WIDE, MOST_HEIGHT), view_of(data.shapes, NARROW, MOST_HEIGHT)
    rows = [_row(data, shape, values.get(shape.code), bounds, (wide, narrow)) for shape in data.shapes]
    empty = [shape for shape in data.shapes if _is_empty(values.get(shape.code))]
    unit = data.shapes[0].step if data.shapes else 1
    spacing = _GAP / (wide.scale or 1)
    hatch = [
        {"type": "Feature", "geometry": {"type": "MultiLineString", "coordinates": _whole(hatching(shape, spacing), unit)}}
        for shape in empty
    ]
    return Figure(
        name=data.name,
        title=data.title,
        description=_description(data),
        wide=_drawing(wide, WIDE, "wide", unit),
        narrow=_drawing(narrow, NARROW, "narrow", unit),
        datasets={"areas": rows, "hatch": hatch, "outlines": [_feature(shape, unit) for shape in data.outlines]},
        columns=[data.heading, data.measure],
        table=[[Cell(a.name, a.code), Cell(_words(data, a), _raw(a))] for a in data.areas],
        sub=data.sub,
        note=data.note,
        key=_key(data, bounds, bool(empty)),
    )


def _is_blank(data: AreaMap, area: AreaValue) -> bool:
    return data.zero_apart and area.value == 0


def _is_empty(area: AreaValue | None) -> bool:
    return area is None or (area.value is None and not area.suppressed)


def _whole(lines: list[list[list[float]]], unit: int) -> list[list[list[float]]]:
    return [[[round(x / unit, 1), round(y / unit, 1)] for x, y in line] for line in lines]


def _write(data: AreaMap, value: float) -> str:
    return data.write(value) if data.write else formats.number(value)


def _words(data: AreaMap, area: AreaValue) -> str:
    if area.suppressed:
        return _("not shown: too few, or too concentrated")
    return _("not known") if area.value is None else _write(data, area.value)


def _raw(area: AreaValue) -> str:
    return "" if area.value is None or area.suppressed else f"{area.value:g}"


def _description(data: AreaMap) -> str:
    """The title, and the areas with the highest values; all of them when they are few."""
    shown = [area for area in data.areas if area.value is not None and not area.suppressed]
    if len(data.areas) > SPOKEN:
        shown = sorted(shown, key=lambda area: -(area.value or 0.0))[:SPOKEN]
        return f"{data.title}: " + ", ".join(f"{area.name} {_words(data, area)}" for area in shown)
    return f"{data.title}: " + ", ".join(f"{area.name} {_words(data, area)}" for area in data.areas)


def _feature(shape: Shape, unit: int) -> dict[str, object]:
    return {"type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates": turned(shape, unit)}}


def _row(
    data: AreaMap, shape: Shape, area: AreaValue | None, bounds: Sequence[float], views: tuple[View, View]
) -> dict[str, object]:
    """One area for the drawing: colour, label, and in which widths the label fits."""
    east, north, wide, tall = middle(shape)
    text, fill, ink = "", "var(--bg)", "var(--muted)"
    if area is not None and area.suppressed:
        text = "s"
    elif area is not None and _is_blank(data, area):
        fill = "var(--sunken)"
    elif area is not None and area.value is not None:
        grade = class_of(area.value, bounds)
        text, fill, ink = _write(data, area.value), f"var(--seq-{grade})", "var(--on-seq)" if grade >= 3 else "var(--ink)"
    fits = [wide * view.scale >= len(text) * _LETTER + 4 and tall * view.scale >= _LINE for view in views]
    return {
        **_feature(shape, shape.step),
        "x": round(east / shape.step, 1),
        "y": round(north / shape.step, 1),
        "text": text,
        "fill": fill,
        "ink": ink,
        "edge": "var(--rule)" if fill == "var(--sunken)" else "var(--bg)" if fill != "var(--bg)" else "var(--field)",
        "dash": int(area is not None and area.suppressed),
        "wide": int(bool(text) and fits[0]),
        "narrow": int(bool(text) and fits[1]),
    }


def _key(data: AreaMap, limits: Sequence[float], has_empty: bool) -> list[tuple[str, str]]:
    key: list[tuple[str, str]] = []
    if limits:
        written = [_write(data, limit) for limit in limits]
        texts = [_("below %(limit)s") % {"limit": written[0]}]
        texts += [f"{low}–{high}" for low, high in pairwise(written)]
        texts.append(_("%(limit)s and more") % {"limit": written[-1]})
        key = [(swatch(f"seq-{number}"), text) for number, text in enumerate(texts, start=1)]
    if any(area.suppressed for area in data.areas):
        key.append((swatch("suppressed"), _("s: not shown")))
    if any(_is_blank(data, area) for area in data.areas):
        key.append((swatch("blank"), _("none")))
    if has_empty:
        key.append((swatch("hatched"), _("not known")))
    return key


def _drawing(view: View, width: int, fits: str, unit: int) -> Spec:
    own: Spec = {"scale": None, "type": "nominal"}
    areas: Spec = {"name": "areas"}
    turn = {"scale": view.scale * unit, "translate": [round(-view.left * view.scale, 2), round(view.top * view.scale, 2)]}
    projection: Spec = {"type": "identity", "reflectY": True, **turn}

    def layer(data: Spec, mark: Spec, **encoding: Spec) -> Spec:
        return {"data": data, "mark": mark, "projection": projection, "encoding": encoding}

    def filled(dashed: int) -> Spec:
        mark: Spec = {"type": "geoshape", "strokeWidth": 1 if dashed else 0.6, "strokeJoin": "round"}
        style = {"fill": {"field": "fill", **own}, "stroke": {"field": "edge", **own}}
        found = layer(areas, {**mark, **({"strokeDash": [3, 3]} if dashed else {})}, **style)
        return {**found, "transform": [{"filter": f"datum.dash === {dashed}"}]}

    words = layer(
        areas,
        {"type": "text", "baseline": "middle", "align": "center", "fontSize": 12, "fontWeight": 500},
        longitude={"field": "x", "type": "quantitative"},
        latitude={"field": "y", "type": "quantitative"},
        text={"field": "text", "type": "nominal"},
        fill={"field": "ink", **own},
    )
    hatch: Spec = {"type": "geoshape", "fill": None, "stroke": "var(--field)", "strokeWidth": 0.8}
    border: Spec = {"type": "geoshape", "fill": None, "stroke": "var(--muted)", "strokeWidth": 1, "strokeJoin": "round"}
    layers = [
        filled(0),
        layer({"name": "hatch"}, hatch),
        filled(1),
        layer({"name": "outlines"}, border),
        {**words, "transform": [{"filter": f"datum.{fits} === 1"}]},
    ]
    return plot(width, view.height, {"left": 0, "right": 0, "top": 0, "bottom": 0}, layers, fluid=False)
