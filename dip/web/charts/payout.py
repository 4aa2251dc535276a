"""What an agreement pays both parties, by tickets sold: two lines, the edges where a rule stops, and today."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from dip.web import formats
from dip.web.charts.figure import Cell, Figure, Spec, Step
from dip.web.charts.key import swatch
from dip.web.charts.layers import Canvas, nice_ticks, nudge

_DASH = (6, 3)
GAP = 16
"""Pixels between the labels at the ends of the lines."""


@dataclass(frozen=True, slots=True)
class PayoutLine:
    """One party: its name, and what it has in cents at each number of tickets, ascending, straight in between."""

    name: str
    points: Sequence[tuple[int, int]]

    def at(self, tickets: int) -> float:
        """Cents at a number of tickets; the nearest end outside the line."""
        for (left, low), (right, high) in pairwise(self.points):
            if left <= tickets <= right:
                return low + (high - low) * (tickets - left) / ((right - left) or 1)
        return self.points[-1][1] if self.points and tickets > self.points[-1][0] else self.points[0][1] if self.points else 0


@dataclass(frozen=True, slots=True)
class PayoutEdge:
    """A number of tickets where something changes, and what, in words; ``is_own``: it stands on the reader's line."""

    tickets: int
    words: str
    is_own: bool = True


@dataclass(frozen=True, slots=True)
class PayoutChart:
    """What the chart shows. ``own``: the line of who reads, in the accent; ``capacity``: the right end; ``today``: tickets sold by now,
    None before any figures."""

    name: str
    own: PayoutLine
    other: PayoutLine
    capacity: int
    today: int | None
    edges: Sequence[PayoutEdge] = ()
    now: str = ""
    """What stands at the number of tickets by now; "Today" without it."""
    title: str = ""
    sub: str = ""
    note: str = ""


def payout_chart(data: PayoutChart) -> Figure:
    """The figure. Its table twin has every point where a line bends, ten steps between, and today."""
    values = [cents for line in (data.own, data.other) for _tickets, cents in line.points] or [0]
    low, high = min(*values, 0), max(*values, 100)
    span = (low * 1.06, high * 1.06)
    stops = _stops(data)
    return Figure(
        name=data.name,
        title=data.title,
        description=" ".join([f"{data.title}. {data.sub}", *(f"{edge.words}." for edge in data.edges)]),
        wide=_drawing(data, span, narrow=False),
        narrow=_drawing(data, span, narrow=True),
        datasets={
            name: [{"x": tickets, "y": cents} for tickets, cents in line.points]
            for name, line in (("own", data.own), ("other", data.other))
        },
        columns=[_("Tickets"), data.own.name, data.other.name, _("What changes")],
        table=[_row(data, tickets) for tickets in stops],
        sub=data.sub,
        note=data.note,
        walk=[
            Step(
                tickets / (data.capacity or 1),
                (span[1] - data.own.at(tickets)) / ((span[1] - span[0]) or 1),
                _spoken(data, tickets),
            )
            for tickets in stops
        ],
        walk_start=next((place for place, tickets in enumerate(stops) if tickets == data.today), 0),
        key=[(swatch("line"), data.own.name), (swatch("dashed"), data.other.name)],
    )


def _stops(data: PayoutChart) -> list[int]:
    even = {round(data.capacity * part / 10) for part in range(11)}
    found = even | {edge.tickets for edge in data.edges}
    if data.today is not None:
        found.add(data.today)
    return sorted(tickets for tickets in found if 0 <= tickets <= max(data.capacity, data.today or 0))


def _row(data: PayoutChart, tickets: int) -> list[Cell]:
    own, other = round(data.own.at(tickets)), round(data.other.at(tickets))
    words = _words_at(data, tickets)
    return [
        Cell(formats.tickets(tickets), str(tickets)),
        Cell(formats.money(own), f"{own / 100:.2f}"),
        Cell(formats.money(other), f"{other / 100:.2f}"),
        Cell(words, words),
    ]


def _words_at(data: PayoutChart, tickets: int) -> str:
    words = [edge.words for edge in data.edges if edge.tickets == tickets]
    if tickets == data.today:
        words.insert(0, data.now or _("Today"))
    return ", ".join(words)


def _spoken(data: PayoutChart, tickets: int) -> str:
    parts = [f"{line.name} {formats.money(round(line.at(tickets)), 0)}" for line in (data.own, data.other)]
    words = _words_at(data, tickets)
    head = _("%(n)s tickets") % {"n": formats.tickets(tickets)}
    return f"{head}: {', '.join(parts)}" + (f" ({words})" if words else "")


def _ticks_y(span: tuple[float, float], most: int) -> list[tuple[float, str]]:
    """Round amounts on both sides of 0."""
    reach = max(span[1], -span[0])
    steps = nice_ticks(reach * 1.001, most)
    step = steps[1] if len(steps) > 1 else reach
    count = int(span[1] // step), int(-span[0] // step)
    return [(place * step, formats.money(place * step, 0)) for place in range(-count[1], count[0] + 1)]


def _drawing(data: PayoutChart, span: tuple[float, float], *, narrow: bool) -> Spec:
    height = 210 if narrow else 264
    ticks = [(tickets, formats.tickets(tickets)) for tickets in nice_ticks(data.capacity, 3 if narrow else 6)]
    ticks[0] = (0.0, _("0 tickets"))
    canvas = Canvas((0, data.capacity or 1), span, ticks, _ticks_y(span, 3 if narrow else 4))
    canvas.across(0, "var(--compare)", (1, 0))
    canvas.line("other", "var(--muted)", 2.25, _DASH)
    canvas.line("own", "var(--accent)", 2.75)
    _draw_today(canvas, data, span, narrow)
    _draw_edges(canvas, data, narrow)
    _draw_ends(canvas, data, span, height)
    padding = {"left": 62, "right": 74, "top": 22, "bottom": 30} if narrow else {"left": 74, "right": 118, "top": 22, "bottom": 30}
    return canvas.drawing(230 if narrow else 552, height, padding)


def _draw_today(canvas: Canvas, data: PayoutChart, span: tuple[float, float], narrow: bool) -> None:
    if data.today is None:
        return
    at = min(data.today, data.capacity)
    canvas.upright(at, *span)
    words = data.now or _("Today")
    words = words if narrow else f"{words} {formats.tickets(data.today)}"
    canvas.text((at, span[1]), words, **_side(data, at), dy=-10, fill="var(--ink)", fontWeight=500)
    for line in (data.other, data.own):
        canvas.dot((at, line.at(data.today)), colour="var(--accent)" if line is data.own else "var(--ink)")


def _draw_edges(canvas: Canvas, data: PayoutChart, narrow: bool) -> None:
    """Hollow dots; their words too where there is room: left above a line that rises, right below it near the left end."""
    for edge in data.edges[:2] if narrow else data.edges[:3]:
        line = data.own if edge.is_own else data.other
        at = min(edge.tickets, data.capacity)
        canvas.dot((at, line.at(at)), hollow=True, colour="var(--ink)")
        if not narrow:
            fill = "var(--accent)" if edge.is_own else "var(--ink)"
            place, side = _label(data, line, at)
            canvas.text(place, edge.words, **side, fill=fill)


def _label(data: PayoutChart, line: PayoutLine, at: float) -> tuple[tuple[float, float], dict[str, Any]]:
    """Where the words of an edge stand: left of it over the line, left of today's rule when that would cross them, else right below."""
    room, today = data.capacity * 0.36, data.today
    end = today if today is not None and at - room < today < at else at
    if end > room:
        return (end, line.at(round(at))), {"align": "right", "dx": -7, "dy": -14}
    return (at, line.at(round(at))), {"align": "left", "dx": 7, "dy": 16}


def _side(data: PayoutChart, at: float, middle: float = 0.5) -> dict[str, Any]:
    """On which side of a place its words stand: where the drawing has room."""
    return {"align": "right", "dx": -7} if at > (data.capacity or 1) * middle else {"align": "left", "dx": 7}


def _draw_ends(canvas: Canvas, data: PayoutChart, span: tuple[float, float], height: int) -> None:
    """Each line's name at its right end, moved apart where the ends are close."""
    lines = [(data.own, "var(--accent)"), (data.other, "var(--muted)")]
    places = [(span[1] - line.at(data.capacity)) / ((span[1] - span[0]) or 1) * height for line, _colour in lines]
    for (line, colour), place, moved in zip(lines, places, nudge(places, GAP, 0), strict=True):
        canvas.text(
            (data.capacity or 1, line.at(data.capacity)), line.name, dx=8, dy=round(moved - place, 1), fill=colour, fontSize=13, fontWeight=600
        )  # fmt: skip
