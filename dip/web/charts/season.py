"""The season so far: cumulative tickets or recette by date of sale, against last season at the same day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from dip.web import formats
from dip.web.charts.figure import Cell, Figure, Spec, Step
from dip.web.charts.key import swatch
from dip.web.charts.layers import Canvas, nice_ticks

Day = tuple[date, int]


@dataclass(frozen=True, slots=True)
class SeasonChart:
    """What the chart shows. ``this`` and ``last``: (date of sale, cumulative value), ``last`` on its own dates, a year earlier.

    ``in_cents``: the values are euros in cents. ``label``/``last_label``: names of the seasons ("2026–27").
    """

    name: str
    this: Sequence[Day]
    last: Sequence[Day]
    label: str
    last_label: str
    today: date
    """Last day of the own line; with ``is_over`` the last one on which anything was sold."""
    in_cents: bool = False
    is_over: bool = False
    """The season has ended: no rule at today."""
    title: str = ""
    sub: str = ""
    note: str = ""


def _year_later(day: date) -> date:
    """The same weekday a year later, so that weekends fall on weekends."""
    return day + timedelta(days=364)


def season_chart(data: SeasonChart) -> Figure:
    """The figure: this season in the accent up to today, last season grey over the whole year."""
    this = sorted(day for day in data.this if day[0] <= data.today)
    last = sorted((_year_later(day), value) for day, value in data.last)
    days = [day for day, _value in [*this, *last]] or [data.today]
    first, final = min(days), max(*days, data.today)
    span = max((final - first).days, 1)
    top = max((value for _day, value in [*this, *last]), default=1) * 1.1 or 1.0
    write: Callable[[float | None], str] = _money if data.in_cents else _count
    datasets = {
        name: [{"x": (day - first).days, "y": value} for day, value in rows] for name, rows in (("this", this), ("last", last))
    }
    title = data.title or _finding(data, this, last, write)
    stops = _stops(this, last)
    return Figure(
        name=data.name,
        title=title,
        description=title,
        wide=_drawing(data, this, last, first, span, top, write, narrow=False),
        narrow=_drawing(data, this, last, first, span, top, write, narrow=True),
        datasets=datasets,
        columns=[_("Date"), data.label, data.last_label],
        table=[
            [Cell(formats.plain_day(day), day.isoformat()), _cell(a, data, write), _cell(b, data, write)] for day, a, b in stops
        ],
        sub=data.sub,
        note=data.note,
        walk=[
            Step((day - first).days / span, None if a is None else 1 - a / top, _spoken(day, a, b, data, write))
            for day, a, b in stops
        ],
        walk_start=max((i for i, (_day, a, _b) in enumerate(stops) if a is not None), default=0),
        key=[(swatch("line"), data.label), (swatch("reference"), _("%(season)s at the same day") % {"season": data.last_label})],
    )


def _count(value: float | None) -> str:
    return formats.tickets(None if value is None else round(value))


def _money(value: float | None) -> str:
    return formats.money(value, 0)


def _cell(value: int | None, data: SeasonChart, write: Callable[[float | None], str]) -> Cell:
    raw = "" if value is None else f"{value / 100:.2f}" if data.in_cents else str(value)
    return Cell(write(value), raw)


def value_at(rows: Sequence[Day], day: date) -> int | None:
    """The cumulative value at the end of ``day``: that of the last date up to it; None before the first or after the last."""
    if not rows or day > rows[-1][0]:
        return None
    earlier = [value for when, value in rows if when <= day]
    return earlier[-1] if earlier else None


def _stops(this: Sequence[Day], last: Sequence[Day]) -> list[tuple[date, int | None, int | None]]:
    """Every Monday, and the last day of either."""
    days = {day for day, _value in [*this, *last] if day.weekday() == 0} | {rows[-1][0] for rows in (this, last) if rows}
    return [(day, value_at(this, day), value_at(last, day)) for day in sorted(days)]


def _finding(data: SeasonChart, this: Sequence[Day], last: Sequence[Day], write: Callable[[float | None], str]) -> str:
    now = this[-1][1] if this else None
    then = value_at(last, data.today)
    if now is None or not then or abs(now - then) < 0.01 * then:
        return (_("Recette of season %(season)s so far") if data.in_cents else _("Tickets sold for season %(season)s so far")) % {
            "season": data.label
        }
    values = {"season": data.label, "gap": write(abs(now - then))}
    if data.in_cents:
        text = (
            _("Season %(season)s runs %(gap)s ahead of last year")
            if now > then
            else _("Season %(season)s runs %(gap)s behind last year")
        )
    else:
        text = (
            _("Season %(season)s runs %(gap)s tickets ahead of last year")
            if now > then
            else _("Season %(season)s runs %(gap)s tickets behind last year")
        )
    return text % values


def _spoken(day: date, this: int | None, last: int | None, data: SeasonChart, write: Callable[[float | None], str]) -> str:
    parts = [f"{label} {write(value)}" for label, value in ((data.label, this), (data.last_label, last)) if value is not None]
    return f"{formats.plain_day(day)}: {', '.join(parts)}"


def _months(first: date, span: int, most: int) -> list[tuple[float, str]]:
    starts = []
    year, month = first.year, first.month
    for _index in range(span // 28 + 2):
        start = date(year, month, 1)
        if 0 <= (start - first).days <= span:
            starts.append(start)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    step = max(-(-len(starts) // most), 1)
    return [(float((start - first).days), formats.month(start)) for start in starts[::step]]


def _drawing(
    data: SeasonChart,
    this: Sequence[Day],
    last: Sequence[Day],
    first: date,
    span: int,
    top: float,
    write: Callable[[float | None], str],
    *,
    narrow: bool,
) -> Spec:
    height = 200 if narrow else 236
    ticks = [(value, write(value)) for value in nice_ticks(top, 3 if narrow else 4)]
    canvas = Canvas((0, span), (0, top), _months(first, span, 4 if narrow else 7), ticks)
    canvas.line("last", "var(--compare)", 1.75)
    canvas.line("this", "var(--accent)", 2.75)
    at = float((data.today - first).days)
    side = {"align": "right", "dx": -8} if at > span * 0.3 else {"align": "left", "dx": 8}
    if not data.is_over:
        canvas.upright(at, 0, top)
        canvas.text((at, top), _("Today"), **side, dy=-10, fill="var(--ink)", fontWeight=500)
    if this:
        value = this[-1][1]
        canvas.dot((at, value))
        words = write(value) if narrow or data.in_cents else _("%(sold)s sold") % {"sold": write(value)}
        canvas.text((at, value), words, **side, dy=-13, fill="var(--accent)", fontSize=14, fontWeight=600)
    if last:
        words = (
            write(last[-1][1])
            if narrow
            else _("%(value)s in %(season)s") % {"value": write(last[-1][1]), "season": data.last_label}
        )
        canvas.text((float((last[-1][0] - first).days), last[-1][1]), words, dx=8)
    gap_left = 64 if data.in_cents else 52
    padding = (
        {"left": gap_left, "right": 64, "top": 20, "bottom": 30}
        if narrow
        else {"left": gap_left + 6, "right": 150, "top": 20, "bottom": 30}
    )
    return canvas.drawing(260 if narrow else 680, height, padding)
