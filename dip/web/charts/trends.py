"""Lines over seasons or days with their margins: how the sector moves."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from dip.web.charts.figure import Cell, Figure, Spec, Step
from dip.web.charts.key import swatch
from dip.web.charts.layers import Canvas, Tick, nice_ticks, nudge

Write = Callable[[float | None], str]
#: Style of a line → colour, width, dashes.
STYLES: Mapping[str, tuple[str, float, tuple[int, int] | None]] = {
    "own": ("var(--accent)", 2.75, None),
    "national": ("var(--compare)", 1.75, None),
    "adjusted": ("var(--compare)", 1.75, (2, 4)),
    "before": ("var(--compare)", 1.75, (7, 5)),
}
_KEYS = {"own": "line", "national": "reference", "adjusted": "dotted", "before": "dashed"}
#: Pixels between labels at the line ends.
_GAP = 17


@dataclass(frozen=True, slots=True)
class TrendLine:
    """One line: its name, its style (own, national, adjusted, before) and a value per stop; None leaves a gap.

    ``margins``: half of the interval per stop; ``hidden``: stops at which a figure exists and may not be shown.
    """

    name: str
    style: str
    values: Sequence[float | None]
    margins: Sequence[float | None] = ()
    hidden: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class TrendChart:
    """What the chart shows. ``stops``: (place along the axis, words, raw words); ``so_far``: the stop that is not finished, drawn hollow
    and not joined. ``write`` a value as people read it, ``tick`` on the axis, ``raw`` as machines do; ``top``: end of the value axis, or
    made of the values."""

    name: str
    title: str
    sub: str
    column: str
    stops: Sequence[tuple[float, str, str]]
    lines: Sequence[TrendLine]
    ticks: Sequence[Tick]
    few_ticks: Sequence[Tick]
    write: Write
    tick: Write
    raw: Callable[[float], str]
    so_far: int | None = None
    top: float | None = None
    with_values: bool = True
    """Whether the values stand at the line ends too."""
    note: str = ""


def trend_chart(data: TrendChart) -> Figure:
    """The figure: own line in the accent, the nation grey with its margin, what is adjusted dotted."""
    top = data.top or _top(data.lines)
    span = (data.stops[0][0], data.stops[-1][0]) if len(data.stops) > 1 else (data.stops[0][0] - 1, data.stops[0][0] + 1)
    first = data.lines[0] if data.lines else None
    return Figure(
        name=data.name,
        title=data.title,
        description=f"{data.title}. {_spoken_whole(data)}",
        wide=_drawing(data, span, top, narrow=False),
        narrow=_drawing(data, span, top, narrow=True),
        datasets=_datasets(data),
        columns=[data.column, *_columns(data)],
        table=[[Cell(words, raw), *_cells(data, at)] for at, (_x, words, raw) in enumerate(data.stops)],
        sub=data.sub,
        note=data.note,
        walk=[
            Step((x - span[0]) / ((span[1] - span[0]) or 1), _height(first, at, top), _spoken(data, at))
            for at, (x, _words, _raw) in enumerate(data.stops)
        ],
        walk_start=len(data.stops) - 1,
        key=[(swatch(_KEYS[line.style]), line.name) for line in data.lines] + _margin_key(data),
    )


def _margin_key(data: TrendChart) -> list[tuple[str, str]]:
    with_margin = any(any(line.margins) for line in data.lines)
    return [(swatch("margin"), _("margin of 95 % between theatres"))] if with_margin else []


def _top(lines: Sequence[TrendLine]) -> float:
    values = [value + (margin or 0) for line in lines for value, margin in _pairs(line) if value is not None]
    return max(values, default=1.0) * 1.1 or 1.0


def _pairs(line: TrendLine) -> list[tuple[float | None, float | None]]:
    margins = line.margins or [None] * len(line.values)
    return list(zip(line.values, margins, strict=True))


def _height(line: TrendLine | None, at: int, top: float) -> float | None:
    value = line.values[at] if line else None
    return None if value is None else 1 - value / top


def _columns(data: TrendChart) -> list[str]:
    heads = []
    for line in data.lines:
        heads.append(line.name)
        if any(line.margins):
            heads.append(_("margin of 95 % (±)"))
    return heads


def _cells(data: TrendChart, at: int) -> list[Cell]:
    cells = []
    for line in data.lines:
        value = line.values[at]
        words = _("not shown: too few, or too concentrated") if at in line.hidden else data.write(value)
        cells.append(Cell(words, "" if value is None else data.raw(value)))
        if any(line.margins):
            margin = line.margins[at]
            cells.append(Cell(data.write(margin), "" if margin is None else data.raw(margin)))
    return cells


def _spoken(data: TrendChart, at: int) -> str:
    parts = [f"{line.name} {data.write(line.values[at])}" for line in data.lines if line.values[at] is not None]
    return f"{data.stops[at][1]}: {', '.join(parts)}" if parts else data.stops[at][1]


def _spoken_whole(data: TrendChart) -> str:
    return "; ".join(_spoken(data, at) for at in (0, len(data.stops) - 1))


def _datasets(data: TrendChart) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for number, line in enumerate(data.lines):
        rows, part = [], 0
        for at, (value, margin) in enumerate(_pairs(line)):
            if value is None or at == data.so_far:
                part += 1
                continue
            row = {"x": data.stops[at][0], "y": round(value, 5), "part": part}
            if margin is not None:
                row |= {"low": round(max(value - margin, 0.0), 5), "high": round(value + margin, 5)}
            rows.append(row)
        found[f"line{number}"] = rows
    return found


def _drawing(data: TrendChart, span: tuple[float, float], top: float, *, narrow: bool) -> Spec:
    height = 220 if narrow else 260
    ticks = [(value, data.tick(value)) for value in nice_ticks(top, 3 if narrow else 4)]
    room = (span[1] - span[0]) * 0.03
    canvas = Canvas((span[0] - room, span[1] + room), (0, top), data.few_ticks if narrow else data.ticks, ticks)
    for number, line in reversed(list(enumerate(data.lines))):
        _draw_line(canvas, data, number, line)
    labels = _labels(data, top, height, narrow=narrow)
    for at, y, words, style in labels:
        canvas.text((at, y), words, dx=10, **style)
    left = 16 + 7 * max((len(words) for _value, words in ticks), default=4)
    return canvas.drawing(260 if narrow else 680, height, {"left": left, "right": 64 if narrow else 150, "top": 16, "bottom": 30})


def _draw_line(canvas: Canvas, data: TrendChart, number: int, line: TrendLine) -> None:
    stroke, width, dash = STYLES[line.style]
    split = {"detail": {"field": "part", "type": "nominal"}}
    if any(line.margins):
        between = {"y": {"field": "high", "type": "quantitative"}, "y2": {"field": "low"}}
        canvas.add(f"line{number}", {"type": "area", "fill": "var(--band)", "opacity": 1}, **between, **split)
    mark = {"type": "line", "stroke": stroke, "strokeWidth": width, "strokeJoin": "round", "strokeCap": "round"}
    canvas.add(f"line{number}", {**mark, **({"strokeDash": list(dash)} if dash else {})}, **split)
    if line.style in ("own", "national") and len(data.stops) < 15:
        dot = {"type": "point", "shape": "circle", "filled": True, "fill": stroke, "size": 34, "opacity": 1}
        canvas.add(f"line{number}", dot)
    if data.so_far is not None and (value := line.values[data.so_far]) is not None and line.style in ("own", "national"):
        hollow = {"type": "point", "shape": "circle", "filled": True, "fill": "var(--bg)", "stroke": stroke, "strokeWidth": 1.75}
        canvas.add([{"x": data.stops[data.so_far][0], "y": value}], {**hollow, "size": 44, "opacity": 1})


def _labels(data: TrendChart, top: float, height: int, *, narrow: bool) -> list[tuple[float, float, str, dict[str, Any]]]:
    """Names and last values at the line ends, moved apart."""
    ends = []
    for line in data.lines:
        last = next((at for at in range(len(line.values) - 1, -1, -1) if line.values[at] is not None), None)
        if last is None or (narrow and line.style not in ("own", "national")):
            continue
        value = line.values[last] or 0.0
        words = f"{line.name} {data.write(value)}" if data.with_values else line.name
        if narrow:
            words = data.tick(value) if data.with_values else ""
        own = {"fill": "var(--accent)", "fontSize": 14, "fontWeight": 600}
        ends.append((data.stops[last][0], value, words, own if line.style == "own" else {}))
    if not ends:
        return []
    places = nudge([(1 - value / top) * height for _x, value, _words, _style in ends], _GAP, 0)
    right = max(x for x, *_rest in ends)
    return [(right, (1 - place / height) * top, words, style) for place, (_x, _v, words, style) in zip(places, ends, strict=True)]
