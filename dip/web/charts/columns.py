"""Columns with a reference tick, and a dot plot: values of a few named categories."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from dip.web import formats
from dip.web.charts.figure import Cell, Figure, Spec
from dip.web.charts.key import swatch
from dip.web.charts.layers import plot


@dataclass(frozen=True, slots=True)
class Category:
    """One category: ``value`` and ``reference`` as numbers (None: nothing known). ``is_held_back``: the value is not shown, an "s" is."""

    label: str
    value: float | None
    reference: float | None = None
    is_held_back: bool = False


@dataclass(frozen=True, slots=True)
class Categories:
    """What a columns chart or dot plot shows; ``own_label`` and ``reference_label`` name the two values."""

    name: str
    title: str
    rows: Sequence[Category]
    own_label: str
    reference_label: str = ""
    as_rate: bool = False
    sub: str = ""
    note: str = ""


def _write(data: Categories, value: float | None) -> str:
    return formats.percent(value, 0) if data.as_rate else formats.number(value)


def _cell(data: Categories, value: float | None) -> Cell:
    return Cell(_write(data, value), "" if value is None else f"{value:g}")


def _told(data: Categories, row: Category) -> str:
    return _("not shown: too few, or too concentrated") if row.is_held_back else _write(data, row.value)


def _own(data: Categories, row: Category) -> Cell:
    return Cell(_told(data, row), "") if row.is_held_back else _cell(data, row.value)


def _figure(data: Categories, wide: Spec, narrow: Spec, mark: str, tick: str) -> Figure:
    has_reference = any(row.reference is not None for row in data.rows)
    key = [(swatch(mark), data.own_label), (swatch(tick), data.reference_label)] if has_reference and data.reference_label else []
    spoken = ", ".join(f"{row.label} {_told(data, row)}" for row in data.rows)
    return Figure(
        name=data.name,
        title=data.title,
        description=f"{data.title}: {spoken}",
        wide=wide,
        narrow=narrow,
        datasets={"rows": [_row(data, row) for row in data.rows]},
        columns=[_("Category"), data.own_label, *([data.reference_label or _("Reference")] if has_reference else [])],
        table=[[Cell(r.label, r.label), _own(data, r), *([_cell(data, r.reference)] if has_reference else [])] for r in data.rows],
        sub=data.sub,
        note=data.note,
        key=key,
    )


def _row(data: Categories, row: Category) -> dict[str, object]:
    text = "s" if row.is_held_back else _write(data, row.value)
    shown = {"label": row.label, "value": row.value, "reference": row.reference, "text": text}
    return {**shown, "top": max(row.value or 0.0, row.reference or 0.0)}


def columns_chart(data: Categories) -> Figure:
    """Narrow columns in the accent, the reference as a black tick, the value on top; no value axis."""
    return _figure(data, _columns(data, 400, 170), _columns(data, 300, 150), "column", "tick")


def _columns(data: Categories, width: int, height: int) -> Spec:
    top = max([*(row.value or 0 for row in data.rows), *(row.reference or 0 for row in data.rows), 0]) * 1.16 or 1
    axis = {"title": None, "labelAngle": 0, "ticks": False, "domainColor": "var(--compare)", "labelPadding": 6, "labelLimit": 90}
    order = [row.label for row in data.rows]  # said out loud: a column without a value would go last
    across = {
        "field": "label",
        "type": "nominal",
        "sort": order,
        "axis": axis,
        "scale": {"paddingInner": 0.1, "paddingOuter": 0.05},
    }

    def up(field: str) -> Spec:
        return {"field": field, "type": "quantitative", "axis": None, "scale": {"domain": [0, top]}}

    rows: Spec = {"name": "rows"}
    layers: list[Spec] = [
        {
            "data": rows,
            "mark": {"type": "bar", "fill": "var(--accent)", "width": {"band": 0.55}},
            "encoding": {"x": across, "y": up("value")},
        },
        {
            "data": rows,
            "mark": {"type": "rule", "stroke": "var(--ink)", "strokeWidth": 2},
            "encoding": {
                "x": {**across, "bandPosition": 0.08},
                "x2": {"field": "label", "bandPosition": 0.92},
                "y": up("reference"),
            },
        },
        {
            "data": rows,
            "mark": {"type": "text", "dy": -9, "fill": "var(--ink)", "fontWeight": 600},
            "encoding": {"x": across, "y": up("top"), "text": {"field": "text", "type": "nominal"}},
        },
    ]
    return plot(width, height, {"left": 4, "right": 4, "top": 8, "bottom": 28}, layers)


def dot_plot(data: Categories, low: float, high: float) -> Figure:
    """A dot for the value, a tick for the reference, the difference pale between them; the ends of the axis are printed.

    May start above 0, unlike columns.
    """
    return _figure(data, _dots(data, low, high, 132, 400), _dots(data, low, high, 104, 220), "dot", "upright")


def _names(left: int) -> Spec:
    axis = {"title": None, "ticks": False, "domain": False, "labelColor": "var(--ink)", "labelPadding": 10, "labelLimit": left}
    return {"field": "label", "type": "nominal", "sort": None, "axis": {**axis, "grid": True, "gridColor": "var(--rule)"}}


def _ends(data: Categories, low: float, high: float) -> Spec:
    written = f"datum.value === {low:g} ? '{_write(data, low)}' : '{_write(data, high)}'"
    plain = {"orient": "top", "ticks": False, "domain": False, "grid": False, "title": None}
    return {"values": [low, high], "labelExpr": written, **plain}


def _dots(data: Categories, low: float, high: float, left: int, width: int) -> Spec:
    down, ends = _names(left), _ends(data, low, high)

    def across(field: str) -> Spec:
        scale = {"domain": [low, high], "clamp": True, "zero": False}
        return {"field": field, "type": "quantitative", "scale": scale, "axis": ends}

    rows: Spec = {"name": "rows"}
    upright = {"y": {**down, "bandPosition": 0.28}, "y2": {"field": "label", "bandPosition": 0.72}, "x": across("reference")}
    layers: list[Spec] = [
        {
            "data": rows,
            "mark": {"type": "rule", "stroke": "var(--accent-mid)", "strokeWidth": 4},
            "encoding": {"y": down, "x": across("value"), "x2": {"field": "reference"}},
        },
        {"data": rows, "mark": {"type": "rule", "stroke": "var(--ink)", "strokeWidth": 2}, "encoding": upright},
        {
            "data": rows,
            "mark": {"type": "point", "filled": True, "fill": "var(--accent)", "size": 110, "opacity": 1},
            "encoding": {"y": down, "x": across("value")},
        },
    ]
    return plot(width, max(len(data.rows), 1) * 34, {"left": left, "right": 20, "top": 24, "bottom": 8}, layers)
