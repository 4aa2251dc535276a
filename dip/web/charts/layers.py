"""The pieces of a drawing: plot, axes, lines, areas, rules, dots and labels, as parts of a Vega-Lite specification.

Every piece takes plot coordinates in data units; colours are tokens. Axis labels are written by the caller, so that one specification
needs no number locale.
"""

import itertools
import json
import math
from collections.abc import Sequence
from typing import Any

from dip.web.charts.figure import Spec

FONT = "IBM Plex Sans, system-ui, sans-serif"
Point = tuple[float, float]
Tick = tuple[float, str]
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


def plot(width: int, height: int, padding: dict[str, int], layers: Sequence[Spec], *, fluid: bool = True) -> Spec:
    """A drawing of ``width`` × ``height`` inside its padding; ``fluid``: the page may stretch its width."""
    return {
        "$schema": SCHEMA,
        "width": width,
        "height": height,
        "padding": padding,
        "autosize": {"type": "none"},
        "background": "transparent",
        "usermeta": {"fluid": fluid},
        "layer": list(layers),
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": {"labelFont": FONT, "labelFontSize": 12, "labelColor": "var(--muted)", "title": None, "labelOverlap": False},
            "text": {"font": FONT, "fontSize": 12, "fill": "var(--muted)"},
        },
    }


def axis_x(ticks: Sequence[Tick]) -> Spec:
    """The line at the bottom with short ticks and written labels."""
    return {
        "values": [value for value, _ in ticks],
        "labelExpr": _label_expression(ticks),
        "grid": False,
        "tickSize": 5,
        "tickColor": "var(--compare)",
        "domainColor": "var(--compare)",
        "labelPadding": 6,
        "labelFlush": False,
    }


def axis_y(ticks: Sequence[Tick]) -> Spec:
    """Horizontal hairlines with written labels; no line, no title."""
    return {
        "values": [value for value, _ in ticks],
        "labelExpr": _label_expression(ticks),
        "grid": True,
        "gridColor": "var(--rule)",
        "ticks": False,
        "domain": False,
        "labelPadding": 8,
    }


def _label_expression(ticks: Sequence[Tick]) -> str:
    expression = "''"
    for value, text in reversed(ticks):
        expression = f"datum.value === {value:g} ? {json.dumps(text, ensure_ascii=False)} : {expression}"
    return expression


def along(field: str, domain: Point, axis: Spec) -> Spec:
    """Encoding of a place along a numeric scale that begins and ends where told."""
    scale = {"domain": list(domain), "nice": False, "zero": False}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}


class Canvas:
    """Collects the layers of one drawing; all share the two scales, whose axes stand in ``encoding``."""

    def __init__(self, domain_x: Point, domain_y: Point, ticks_x: Sequence[Tick], ticks_y: Sequence[Tick]) -> None:
        self.domain_x, self.domain_y = domain_x, domain_y
        self.encoding = {"x": along("x", domain_x, axis_x(ticks_x)), "y": along("y", domain_y, axis_y(ticks_y))}
        self.layers: list[Spec] = []

    def add(self, data: str | Sequence[Spec], mark: Spec, **encoding: Any) -> None:
        """A layer over a named dataset or over a few values."""
        source: Spec = {"name": data} if isinstance(data, str) else {"values": list(data)}
        self.layers.append({"data": source, "mark": mark, **({"encoding": encoding} if encoding else {})})

    def area(self, data: str, fill: str, low: str = "low", high: str = "high") -> None:
        """A band between two fields."""
        self.add(data, {"type": "area", "fill": fill, "opacity": 1}, y={"field": high, "type": "quantitative"}, y2={"field": low})

    def line(self, data: str, stroke: str, width: float, dash: Sequence[int] = ()) -> None:
        """A line through the rows of a dataset; ``dash``: lengths of strokes and gaps, so that colour is not alone."""
        mark = {"type": "line", "stroke": stroke, "strokeWidth": width, "strokeJoin": "round", "strokeCap": "round"}
        self.add(data, {**mark, "strokeDash": list(dash)} if dash else mark)

    def across(self, value: float, stroke: str = "var(--compare)", dash: Sequence[int] = (2, 3)) -> None:
        """A dotted rule over the whole width."""
        rows = [{"x": self.domain_x[0], "y": value}, {"x": self.domain_x[1], "y": value}]
        self.add(rows, {"type": "line", "stroke": stroke, "strokeWidth": 1, "strokeDash": list(dash)})

    def upright(self, at: float, low: float, high: float, stroke: str = "var(--ink)") -> None:
        """A thin vertical rule from ``low`` to ``high``."""
        self.add([{"x": at, "y": low}, {"x": at, "y": high}], {"type": "line", "stroke": stroke, "strokeWidth": 1})

    def dot(self, at: Point, *, hollow: bool = False, colour: str = "var(--accent)") -> None:
        """A dot with a halo of the page, or a hollow one for an event or a second line."""
        fill, stroke, width = ("var(--bg)", colour, 1.75) if hollow else (colour, "var(--bg)", 2.0)
        mark = {
            "type": "point",
            "shape": "circle",
            "filled": True,
            "fill": fill,
            "stroke": stroke,
            "strokeWidth": width,
            "opacity": 1,
        }
        self.add([{"x": at[0], "y": at[1]}], {**mark, "size": 40 if hollow else 64})

    def text(self, at: Point, words: str, **style: Any) -> None:
        """A label; ``style``: dx, dy, align, fill, fontSize, fontWeight."""
        mark = {"type": "text", "text": words, "baseline": "middle", "align": "left", **style}
        self.add([{"x": at[0], "y": at[1]}], mark)

    def drawing(self, width: int, height: int, padding: dict[str, int]) -> Spec:
        """The whole specification."""
        return {**plot(width, height, padding, self.layers), "encoding": self.encoding}


def nice_ticks(top: float, most: int = 4) -> list[float]:
    """0 and up to ``most`` round values below ``top``: 0, 200, 400, 600.

    >>> nice_ticks(760)
    [0.0, 200.0, 400.0, 600.0]
    """
    if top <= 0:
        return [0.0]
    rough = top / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough)
    if top >= 1 and step < 1:
        step = 1.0
    # labels are found by their value: 0.6, not 0.6000000000000001
    return [round(index * step, 9) for index in range(int(top / step) + 1)]


def nudge(places: Sequence[float], gap: float, anchor: int) -> list[float]:
    """Moves labels apart so that neighbours are ``gap`` pixels from each other; the ``anchor`` stays, the others give way.

    ``places`` in any order, pixels from the top; the answer is in the same order.
    """
    order = sorted(range(len(places)), key=lambda index: places[index])
    at = order.index(anchor)
    moved = list(places)
    for before, here in zip(order[at:], order[at + 1 :], strict=False):
        moved[here] = max(moved[here], moved[before] + gap)
    upwards = order[: at + 1][::-1]
    for after, here in itertools.pairwise(upwards):
        moved[here] = min(moved[here], moved[after] - gap)
    return moved
