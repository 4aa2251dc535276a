"""The provinces as squares of equal area, in four classes at most, the value printed in each."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from dip.web import formats
from dip.web.charts.figure import Cell, Figure, Spec
from dip.web.charts.key import swatch
from dip.web.charts.layers import plot

CLASSES = 4


@dataclass(frozen=True, slots=True)
class Tile:
    """One province: its square, and its value; None with ``suppressed`` False means that there is nothing to count."""

    code: str
    name: str
    row: int
    column: int
    value: float | None
    suppressed: bool = False


@dataclass(frozen=True, slots=True)
class TileMap:
    """What the map shows; ``as_rate``: values 0..1, written as percentages. ``measure`` heads the column of the twin."""

    name: str
    title: str
    tiles: Sequence[Tile]
    measure: str
    as_rate: bool = False
    sub: str = ""
    note: str = ""


def tile_map(data: TileMap) -> Figure:
    """The figure: pale to full accent over four classes; a figure that is not shown is a dashed square with "s"."""
    bounds = breaks([tile.value for tile in data.tiles if tile.value is not None])
    rows = [_row(data, tile, bounds) for tile in data.tiles]
    spoken = ", ".join(f"{tile.name} {_words(data, tile)}" for tile in data.tiles)
    return Figure(
        name=data.name,
        title=data.title,
        description=f"{data.title}: {spoken}",
        wide=_drawing(data, 76),
        narrow=_drawing(data, 68),
        datasets={"tiles": rows},
        columns=[_("Province"), data.measure],
        table=[[Cell(t.name, t.code), Cell(_words(data, t), "" if t.value is None else f"{t.value:g}")] for t in data.tiles],
        sub=data.sub,
        note=data.note,
        key=_key(data, bounds),
    )


def breaks(values: Sequence[float]) -> list[float]:
    """Up to three limits that part the values into classes of about equal number; fewer when there are few different values.

    >>> breaks([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8])
    [0.3, 0.5, 0.7]
    """
    ordered = sorted(values)
    count = min(CLASSES, len(set(ordered)))
    limits = [ordered[len(ordered) * part // count] for part in range(1, count)] if count > 1 else []
    return [limit for limit in dict.fromkeys(limits) if limit > ordered[0]]


def class_of(value: float, limits: Sequence[float]) -> int:
    """The class of a value, 1 to 4, the highest always in the strongest colour that the number of classes allows."""
    return 1 + sum(value >= limit for limit in limits)


def _paint(value: float | None, limits: Sequence[float]) -> tuple[str, str]:
    if value is None:
        return "var(--bg)", "var(--muted)"
    grade = class_of(value, limits)
    return f"var(--seq-{grade})", "var(--on-seq)" if grade >= 3 else "var(--ink)"


def _write(data: TileMap, value: float | None) -> str:
    return formats.percent(value, 0) if data.as_rate else formats.number(value)


def _words(data: TileMap, tile: Tile) -> str:
    return _("not shown: too few, or too concentrated") if tile.suppressed else _write(data, tile.value)


def _row(data: TileMap, tile: Tile, limits: Sequence[float]) -> dict[str, object]:
    fill, ink = _paint(None if tile.suppressed else tile.value, limits)
    return {
        "row": tile.row,
        "column": tile.column,
        "code": tile.code,
        "text": "s" if tile.suppressed else _write(data, tile.value),
        "fill": fill,
        "ink": ink,
        "edge": "var(--field)" if tile.suppressed or tile.value is None else fill,
        "dash": 1 if tile.suppressed else 0,
    }


def _key(data: TileMap, limits: Sequence[float]) -> list[tuple[str, str]]:
    if not limits:
        return []
    written = [_write(data, limit) for limit in limits]
    texts = [_("below %(limit)s") % {"limit": written[0]}]
    texts += [f"{low}–{high}" for low, high in itertools.pairwise(written)]
    texts.append(_("%(limit)s and more") % {"limit": written[-1]})
    key: list[tuple[str, str]] = [(swatch(f"seq-{place + 1}"), text) for place, text in enumerate(texts)]
    if any(tile.suppressed for tile in data.tiles):
        key.append((swatch("suppressed"), _("s: not shown")))
    return key


def _drawing(data: TileMap, size: int) -> Spec:
    columns = max((tile.column for tile in data.tiles), default=0) + 1
    rows = max((tile.row for tile in data.tiles), default=0) + 1
    gap = 4

    def place(field: str, count: int) -> Spec:
        # x runs to the right, y down: rows are counted from the north
        return {
            "field": field,
            "type": "quantitative",
            "axis": None,
            "scale": {"domain": [-0.5, count - 0.5], "nice": False, "zero": False, "reverse": field == "row"},
        }

    where = {"x": place("column", columns), "y": place("row", rows)}
    own: Spec = {"scale": None, "type": "nominal"}
    square: Spec = {"type": "rect", "width": size - gap, "height": size - gap, "strokeWidth": 1}
    source: Spec = {"name": "tiles"}

    def squares(dashed: int) -> Spec:
        mark = {**square, **({"strokeDash": [3, 3]} if dashed else {})}
        return {
            "data": source,
            "transform": [{"filter": f"datum.dash === {dashed}"}],
            "mark": mark,
            "encoding": {**where, "fill": {"field": "fill", **own}, "stroke": {"field": "edge", **own}},
        }

    def words(field: str, **style: object) -> Spec:
        mark: Spec = {"type": "text", "baseline": "middle", **style}
        return {
            "data": source,
            "mark": mark,
            "encoding": {**where, "text": {"field": field, "type": "nominal"}, "fill": {"field": "ink", **own}},
        }

    layers = [squares(0), squares(1), words("code", dy=-11, fontSize=12), words("text", dy=9, fontSize=14, fontWeight=600)]
    return plot(columns * size, rows * size, {"left": 0, "right": 0, "top": 0, "bottom": 0}, layers, fluid=False)
