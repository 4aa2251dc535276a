"""Shares as bars in one hue: how much of the whole falls in each class."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dip.web import formats
from dip.web.charts.figure import Cell, Figure, Spec
from dip.web.charts.key import swatch
from dip.web.charts.layers import plot


@dataclass(frozen=True, slots=True)
class ShareBar:
    """One bar: its name and its shares, which add up to 1; None for what may not be shown."""

    label: str
    shares: Sequence[float] | None


@dataclass(frozen=True, slots=True)
class Shares:
    """Bars of shares in four classes at most, in one hue; ``classes``: their names, palest first."""

    name: str
    title: str
    sub: str
    classes: Sequence[str]
    bars: Sequence[ShareBar]
    columns: Sequence[str]
    table: Sequence[Sequence[Cell]]
    note: str = ""


def shares_chart(data: Shares) -> Figure:
    """The figure: one bar per row, the share printed in each part that has room for it."""
    spoken = "; ".join(
        f"{bar.label} "
        + ", ".join(f"{name} {formats.percent(share, 0)}" for name, share in zip(data.classes, bar.shares, strict=True))
        for bar in data.bars
        if bar.shares is not None
    )
    return Figure(
        name=data.name,
        title=data.title,
        description=f"{data.title}: {spoken}",
        wide=_shares(data, left=112, width=420),
        narrow=_shares(data, left=84, width=240),
        datasets={"parts": _parts(data)},
        columns=data.columns,
        table=data.table,
        sub=data.sub,
        note=data.note,
        key=[(swatch(f"seq-{place + 1}"), name) for place, name in enumerate(data.classes)],
    )


def _parts(data: Shares) -> list[dict[str, Any]]:
    rows = []
    for bar in data.bars:
        done = 0.0
        for place, share in enumerate(bar.shares or ()):
            ink = "var(--on-seq)" if place >= 2 else "var(--ink)"
            text = formats.percent(share, 0) if share >= 0.08 else ""
            fill = f"var(--seq-{place + 1})"
            rows.append(
                {
                    "label": bar.label,
                    "from": done,
                    "to": done + share,
                    "at": done + share / 2,
                    "fill": fill,
                    "ink": ink,
                    "text": text,
                }
            )
            done += share
        if bar.shares is None:
            rows.append(
                {"label": bar.label, "from": 0, "to": 0, "at": 0.01, "fill": "var(--bg)", "ink": "var(--muted)", "text": "s"}
            )
    return rows


def _shares(data: Shares, *, left: int, width: int) -> Spec:
    axis = {"title": None, "ticks": False, "domain": False, "labelColor": "var(--ink)", "labelPadding": 10, "labelLimit": left}
    down = {"field": "label", "type": "nominal", "sort": None, "axis": axis, "scale": {"paddingInner": 0.32, "paddingOuter": 0.1}}
    own: Spec = {"scale": None, "type": "nominal"}
    source: Spec = {"name": "parts"}

    def along(field: str) -> Spec:
        return {"field": field, "type": "quantitative", "axis": None, "scale": {"domain": [0, 1], "nice": False}}

    layers: list[Spec] = [
        {
            "data": source,
            "mark": {"type": "bar", "stroke": "var(--bg)", "strokeWidth": 1},
            "encoding": {"y": down, "x": along("from"), "x2": {"field": "to"}, "fill": {"field": "fill", **own}},
        },
        {
            "data": source,
            "mark": {"type": "text", "baseline": "middle", "fontSize": 12, "fontWeight": 500},
            "encoding": {
                "y": down,
                "x": along("at"),
                "text": {"field": "text", "type": "nominal"},
                "fill": {"field": "ink", **own},
            },
        },
    ]
    return plot(width, max(len(data.bars), 1) * 36, {"left": left, "right": 4, "top": 4, "bottom": 4}, layers)
