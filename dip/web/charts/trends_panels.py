"""The same line for each value of a dimension, in small panels on one scale."""

from collections.abc import Sequence
from dataclasses import dataclass

from dip.web.charts.figure import Cell, Figure, Spec
from dip.web.charts.key import swatch
from dip.web.charts.layers import Canvas
from dip.web.charts.trends import STYLES


@dataclass(frozen=True, slots=True)
class Panel:
    """One small panel: its title, the nation's and the own value per stop (None: a gap), and what stands at its end."""

    title: str
    national: Sequence[float | None]
    own: Sequence[float | None]
    words: str
    own_words: str = ""


@dataclass(frozen=True, slots=True)
class Panels:
    """Small panels that share both axes. ``first`` and ``last``: words under the ends."""

    name: str
    title: str
    sub: str
    panels: Sequence[Panel]
    first: str
    last: str
    columns: Sequence[str]
    table: Sequence[Sequence[Cell]]
    own_label: str
    national_label: str
    note: str = ""


def panels_chart(data: Panels) -> Figure:
    """The figure: one line per panel, all on the same scale from 0: a row of four or six, or two on a phone."""
    values = [value for panel in data.panels for value in (*panel.national, *panel.own) if value is not None]
    top = max(values, default=1.0) * 1.12 or 1.0
    has_own = any(value is not None for panel in data.panels for value in panel.own)
    key = [(swatch("line"), data.own_label)] if has_own else []
    spoken = ", ".join(f"{panel.title} {panel.words}" for panel in data.panels)
    return Figure(
        name=data.name,
        title=data.title,
        description=f"{data.title}: {spoken}",
        wide=_panels(data, top, across=6 if len(data.panels) in (6, 12) else 4, width=216),
        narrow=_panels(data, top, across=2, width=164),
        datasets={},
        columns=data.columns,
        table=data.table,
        sub=data.sub,
        note=data.note,
        key=[*key, (swatch("reference"), data.national_label)],
    )


def _panels(data: Panels, top: float, *, across: int, width: int) -> Spec:
    tall, head, gap = 72, 40, 24
    inner, rows = width - gap, -(-len(data.panels) // across)
    size = (across * width, rows * (tall + head + gap))
    canvas = Canvas((0, size[0]), (0, size[1]), [], [])
    canvas.encoding["x"]["axis"] = canvas.encoding["y"]["axis"] = None
    for number, panel in enumerate(data.panels):
        left, base = number % across * width, size[1] - (number // across) * (tall + head + gap) - head - tall
        _panel(canvas, panel, (left + 5, base, inner, tall), top)
        is_last_row = number + across >= len(data.panels)
        if is_last_row:
            canvas.text((left, base - 12), data.first)
            canvas.text((left + inner, base - 12), data.last, align="right")
    return canvas.drawing(*size, {"left": 0, "right": 0, "top": 0, "bottom": 0})


def _panel(canvas: Canvas, panel: Panel, place: tuple[float, float, float, float], top: float) -> None:
    left, base, wide, tall = place
    canvas.text((left - 5, base + tall + 30), panel.title, fill="var(--ink)", fontSize=13, fontWeight=500)
    canvas.text((left - 5, base + tall + 13), panel.words)
    if panel.own_words:
        canvas.text((left + wide - 5, base + tall + 13), panel.own_words, align="right", fill="var(--accent)", fontWeight=600)
    canvas.add(
        [{"x": left - 5, "y": base}, {"x": left + wide - 5, "y": base}], {"type": "line", "stroke": "var(--rule)", "strokeWidth": 1}
    )
    step = (wide - 10) / max(len(panel.national) - 1, 1)
    for values, (stroke, width, _dash) in ((panel.national, STYLES["national"]), (panel.own, STYLES["own"])):
        rows, part = [], 0
        for at, value in enumerate(values):
            if value is None:
                part += 1
                continue
            rows.append({"x": round(left + at * step, 1), "y": round(base + value / top * tall, 1), "part": part})
        split = {"detail": {"field": "part", "type": "nominal"}}
        if rows:
            canvas.add(rows, {"type": "line", "stroke": stroke, "strokeWidth": width, "strokeJoin": "round"}, **split)
            canvas.add(rows, {"type": "point", "shape": "circle", "filled": True, "fill": stroke, "size": 12, "opacity": 1})
