"""Two lines on one axis: the first in the accent, the second grey and dashed; each stops where its figures stop."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from dip.web.charts.figure import Cell, Figure, Spec, Step
from dip.web.charts.key import swatch
from dip.web.charts.layers import Canvas, nice_ticks, nudge

#: Pixels between labels at the ends: of one line on a narrow screen, of two on a wide one.
GAP_NARROW, GAP_WIDE, LINE = 18, 38, 16
_DASH = (7, 5)
_OWN: Mapping[str, Any] = {"fill": "var(--accent)", "fontSize": 14, "fontWeight": 600}
_OTHER: Mapping[str, Any] = {"fill": "var(--muted)", "fontSize": 13, "fontWeight": 500}


@dataclass(frozen=True, slots=True)
class CompareLine:
    """One line: its name, and (x, value) along the axis from left to right. ``stops_today``: its end is the present day."""

    name: str
    points: Sequence[tuple[float, float]]
    stops_today: bool = False


@dataclass(frozen=True, slots=True)
class CompareChart:
    """What the chart shows. ``x`` grows to the right; ``span``: its ends. ``write``: a value as people read it,
    ``tick`` on the axis, ``raw`` as machines do.

    ``stops``: places of twin and walk with their words and, per line, the value there or None; ``walk_at``: where the walk begins.
    """

    name: str
    a: CompareLine
    b: CompareLine
    span: tuple[float, float]
    ticks: Sequence[tuple[float, str]]
    few_ticks: Sequence[tuple[float, str]]
    write: Callable[[float | None], str]
    tick: Callable[[float | None], str]
    raw: Callable[[float], str]
    stops: Sequence[tuple[float, str, str, float | None, float | None]]
    """(x, words, raw place, value of a, value of b)."""
    column: str
    title: str
    sub: str
    note: str = ""
    walk_at: float = 0.0
    extra: Sequence[tuple[str, Sequence[Cell]]] = ()
    """More columns of the twin: head, and a cell for every stop."""


def compare_chart(data: CompareChart) -> Figure:
    """The figure with both lines, labelled at their ends."""
    values = [value for line in (data.a, data.b) for _x, value in line.points]
    top = max([*values, 0]) * 1.1 or 1.0
    datasets = {name: [{"x": x, "y": round(value, 4)} for x, value in line.points] for name, line in (("a", data.a), ("b", data.b))}
    walked = [(x, words, one, other) for x, words, _raw, one, other in data.stops]
    return Figure(
        name=data.name,
        title=data.title,
        description=f"{data.title}. {data.sub}",
        wide=_drawing(data, top, narrow=False),
        narrow=_drawing(data, top, narrow=True),
        datasets=datasets,
        columns=[data.column, data.a.name, data.b.name, *(head for head, _cells in data.extra)],
        table=[_row(data, place, stop) for place, stop in enumerate(data.stops)],
        sub=data.sub,
        note=data.note,
        walk=[Step(_share(data, x), None if one is None else 1 - one / top, _spoken(data, words, one, other)) for x, words, one, other in walked],
        walk_start=next((n for n, (x, *_rest) in enumerate(walked) if x >= data.walk_at), max(len(walked) - 1, 0)),
        key=[(swatch("line"), data.a.name), (swatch("dashed"), data.b.name)],
    )  # fmt: skip


def _share(data: CompareChart, x: float) -> float:
    left, right = data.span
    return (x - left) / ((right - left) or 1)


def _row(data: CompareChart, place: int, stop: tuple[float, str, str, float | None, float | None]) -> list[Cell]:
    _x, words, raw, one, other = stop
    values = [Cell(data.write(value), "" if value is None else data.raw(value)) for value in (one, other)]
    return [Cell(words, raw), *values, *(cells[place] for _head, cells in data.extra)]


def _spoken(data: CompareChart, words: str, one: float | None, other: float | None) -> str:
    parts = [f"{name} {data.write(value)}" for name, value in ((data.a.name, one), (data.b.name, other)) if value is not None]
    return f"{words}: {', '.join(parts)}" if parts else words


def _drawing(data: CompareChart, top: float, *, narrow: bool) -> Spec:
    height = 250 if narrow else 392
    ticks = [(value, data.tick(value)) for value in nice_ticks(top, 3 if narrow else 4)]
    canvas = Canvas(data.span, (0, top), data.few_ticks if narrow else data.ticks, ticks)
    canvas.line("b", "var(--compare)", 2, _DASH)
    canvas.line("a", "var(--accent)", 2.75)
    _draw_today(canvas, data, top)
    _draw_ends(canvas, data, top, height, narrow)
    padding = {"left": 46, "right": 62, "top": 22, "bottom": 30} if narrow else {"left": 56, "right": 186, "top": 22, "bottom": 30}
    return canvas.drawing(302 if narrow else 640, height, padding)


def _draw_today(canvas: Canvas, data: CompareChart, top: float) -> None:
    """An ink rule where the first line stops at today; along days before, today is another place for every performance."""
    if not (data.a.stops_today and data.a.points):
        return
    at = data.a.points[-1][0]
    canvas.upright(at, 0, top)
    left = _share(data, at) > 0.5
    side = {"align": "right", "dx": -6} if left else {"align": "left", "dx": 6}
    canvas.text((at, top), _("Today"), **side, dy=-10, fill="var(--ink)", fontWeight=500)


def _draw_ends(canvas: Canvas, data: CompareChart, top: float, height: int, narrow: bool) -> None:
    """A dot and a label where each line ends; labels of ends that lie close are moved apart, the first one stays."""
    lines = [
        (line, style, colour)
        for line, style, colour in ((data.a, _OWN, "var(--accent)"), (data.b, _OTHER, "var(--compare)"))
        if line.points
    ]
    places = [(1 - line.points[-1][1] / top) * height for line, _style, _colour in lines]
    close = len(lines) == 2 and abs(_share(data, lines[0][0].points[-1][0]) - _share(data, lines[1][0].points[-1][0])) < 0.3
    moved = nudge(places, GAP_NARROW if narrow else GAP_WIDE, 0) if close else places
    for (line, style, colour), place, shifted in zip(lines, places, moved, strict=True):
        x, value = line.points[-1]
        canvas.dot((x, value), hollow=line is data.b, colour=colour)
        canvas.text((x, value), data.write(value), dx=10, dy=round(shifted - place, 1), **style)
        if not narrow:
            canvas.text((x, value), _short(line.name), dx=10, dy=round(shifted - place + LINE, 1), fill=style["fill"], fontSize=12)


def _short(name: str) -> str:
    """A name that fits beside the chart: the key under it has it whole."""
    return name if len(name) <= 29 else f"{name[:27].rstrip()}…"
