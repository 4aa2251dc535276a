"""The sales curve of a performance or production: tickets by days before, against the national band, stopping at today."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dip.web import formats
from dip.web.charts.figure import Cell, Figure, Spec, Step
from dip.web.charts.key import swatch
from dip.web.charts.layers import Canvas, nice_ticks, nudge

GAP = 15


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to the sales, as many days before; at most two are drawn."""

    days: int
    text: str


@dataclass(frozen=True, slots=True)
class BandPoint:
    """The comparable performances at one distance, scaled to this hall, in tickets."""

    days: int
    p10: float
    median: float
    p90: float


@dataclass(frozen=True, slots=True)
class SalesCurve:
    """What the curve shows. ``own``: (days before, cumulative tickets), any order; ``today``: days before now, None once played.

    ``title`` empty: the finding is made from ``subject``. ``capacity``: seats for sale.
    """

    name: str
    subject: str
    own: Sequence[tuple[int, int]]
    capacity: int
    today: int | None = None
    band: Sequence[BandPoint] = ()
    events: Sequence[Event] = ()
    title: str = ""
    sub: str = ""
    note: str = ""
    target: int | None = None
    """Tickets that are aimed at, drawn as a dashed rule with its name."""


def sales_curve(data: SalesCurve) -> Figure:
    """The figure: own line in the accent, median grey, band pale, capacity dotted, an ink rule at today."""
    own = sorted(((d, n) for d, n in data.own if d >= (data.today or 0) and d >= 0), reverse=True)
    start = _start(own, data.band)
    top = (
        max([data.capacity, data.target or 0, *(n for _d, n in own), *(p.p90 for p in data.band if p.days <= start)], default=1)
        * 1.08
        or 1.0
    )
    band = _clipped(data.band, start)
    rows = _rows(own, band, data.today)
    datasets: dict[str, list[dict[str, float]]] = {
        "own": [{"x": -d, "y": n} for d, n in own if d <= start],
        "band": [{"x": -p.days, "low": round(p.p10, 1), "y": round(p.median, 1), "high": round(p.p90, 1)} for p in band],
    }
    title = data.title or finding(data.subject, own, data.band, data.today)
    walk = [Step(1 - d / start, None if n is None else 1 - n / top, _spoken(d, n, p, data.today)) for d, n, p in rows]
    return Figure(
        name=data.name,
        title=title,
        description=_description(title, own, data),
        wide=_drawing(data, own, band, start, top, narrow=False),
        narrow=_drawing(data, own, band, start, top, narrow=True),
        datasets=datasets,
        columns=_columns(bool(band)),
        table=[_table_row(d, n, p, bool(band)) for d, n, p in rows],
        sub=data.sub,
        note=data.note,
        walk=walk,
        walk_start=next((i for i, (d, _n, _p) in enumerate(rows) if d == (data.today or 0)), 0),
        key=_key(bool(band), bool(data.target)),
    )


def _start(own: Sequence[tuple[int, int]], band: Sequence[BandPoint]) -> int:
    first = own[0][0] if own else max((p.days for p in band), default=90)
    return min(max(first, 14), 400)


def _clipped(band: Sequence[BandPoint], start: int) -> list[BandPoint]:
    """The band from ``start`` to day 0, with a point exactly at the start."""
    inside = sorted((p for p in band if 0 <= p.days <= start), key=lambda p: -p.days)
    if inside and inside[0].days < start and (edge := band_at(band, start)):
        inside.insert(0, edge)
    return inside


def band_at(band: Sequence[BandPoint], days: int) -> BandPoint | None:
    """The band at a distance, straight between its points; None outside them."""
    after = min((p for p in band if p.days >= days), key=lambda p: p.days, default=None)
    before = max((p for p in band if p.days <= days), key=lambda p: p.days, default=None)
    if after is None or before is None:
        return None
    if after.days == before.days:
        return after
    share = (after.days - days) / (after.days - before.days)
    values = [a + share * (b - a) for a, b in ((after.p10, before.p10), (after.median, before.median), (after.p90, before.p90))]
    return BandPoint(days, *values)


def _rows(
    own: Sequence[tuple[int, int]], band: Sequence[BandPoint], today: int | None
) -> list[tuple[int, int | None, BandPoint | None]]:
    """The stops of twin and walk: every week, every day of the last fortnight, the ends."""
    last = own[-1][0] if own else (today or 0)
    sold = dict(own)
    stops = {d for d in sold if d % 7 == 0 or d <= last + 14} | {p.days for p in band if p.days % 7 == 0 or p.days == 0}
    stops |= {own[0][0], last} if own else set()
    return [(d, sold.get(d, _carried(own, d)) if d >= last else None, band_at(band, d)) for d in sorted(stops, reverse=True)]


def _carried(own: Sequence[tuple[int, int]], days: int) -> int | None:
    """The position of the last day before ``days`` that has one: nothing sold in between."""
    earlier = [n for d, n in own if d >= days]
    return earlier[-1] if earlier else None


def finding(subject: str, own: Sequence[tuple[int, int]], band: Sequence[BandPoint], today: int | None) -> str:
    """The heading: how far from the median, when that is a tenth of it or more; otherwise the measure."""
    reference = band_at(band, today or 0) if own else None
    if reference is None:
        return _("Tickets sold for %(subject)s, by days before") % {"subject": subject}
    gap = round(own[-1][1] - reference.median)
    values = {"subject": subject, "gap": formats.tickets(abs(gap)), "days": formats.tickets(today or 0)}
    if abs(gap) < 1 or abs(gap) < 0.1 * reference.median:
        text = _("%(subject)s is on course, %(days)s days out") if today else _("%(subject)s ended near the median")
    elif gap > 0:
        text = (
            _("%(subject)s is %(gap)s tickets ahead of the median, %(days)s days out")
            if today
            else _("%(subject)s ended %(gap)s tickets above the median")
        )
    else:
        text = (
            _("%(subject)s is %(gap)s tickets behind the median, %(days)s days out")
            if today
            else _("%(subject)s ended %(gap)s tickets below the median")
        )
    return text % values


def _description(title: str, own: Sequence[tuple[int, int]], data: SalesCurve) -> str:
    sold = formats.tickets(own[-1][1] if own else None)
    return _("%(title)s. %(sold)s sold of %(capacity)s seats for sale.") % {
        "title": title,
        "sold": sold,
        "capacity": formats.tickets(data.capacity),
    }


def _spoken(days: int, sold: int | None, at: BandPoint | None, today: int | None) -> str:
    when = ngettext("%(days)s day before", "%(days)s days before", days) % {"days": days} if days else _("performance")
    parts = [_("today, %(when)s") % {"when": when} if days == today else when]
    if sold is not None:
        parts.append(_("%(sold)s sold") % {"sold": formats.tickets(sold)})
    if at is not None:
        parts.append(_("median %(median)s (%(p10)s–%(p90)s)") % _band_texts(at))
    return ": ".join([parts[0], ", ".join(parts[1:])]) if len(parts) > 1 else parts[0]


def _band_texts(at: BandPoint) -> dict[str, str]:
    return {name: formats.tickets(round(value)) for name, value in (("median", at.median), ("p10", at.p10), ("p90", at.p90))}


def _columns(with_band: bool) -> list[str]:
    return [_("Days before"), _("Sold"), *([_("Median"), "p10", "p90"] if with_band else [])]


def _table_row(days: int, sold: int | None, at: BandPoint | None, with_band: bool) -> list[Cell]:
    cells = [Cell(str(days), str(days)), Cell(formats.tickets(sold), "" if sold is None else str(sold))]
    if with_band:
        values = (at.median, at.p10, at.p90) if at else (None, None, None)
        cells += [
            Cell(formats.MISSING if v is None else formats.tickets(round(v)), "" if v is None else f"{v:.1f}") for v in values
        ]
    return cells


def _key(with_band: bool, with_target: bool = False) -> list[tuple[str, str]]:
    own = (swatch("line"), _("sold"))
    target = [(swatch("target"), _("your target"))] if with_target else []
    band = [(swatch("band"), _("comparable performances, p10–p90 and median"))] if with_band else []
    return [own, *target, *band] if band or target else []


def _ticks_x(start: int, narrow: bool) -> list[tuple[float, str]]:
    step = next((s for s in (7, 14, 30, 60, 90) if start / s <= (4 if narrow else 8)), 90)
    days = [d for d in range(start // step * step, 0, -step)]
    first = "%(days)s" if narrow else _("%(days)s days before")
    labels = [first % {"days": days[0]}, *map(str, days[1:])] if days else []
    return [*((-float(d), text) for d, text in zip(days, labels, strict=True)), (0.0, _("performance"))]


def _drawing(
    data: SalesCurve, own: Sequence[tuple[int, int]], band: Sequence[BandPoint], start: int, top: float, *, narrow: bool
) -> Spec:
    height = 240 if narrow else 392
    ticks = [(value, formats.tickets(value)) for value in nice_ticks(top, 3 if narrow else 4)]
    canvas = Canvas((-start, 0), (0, top), _ticks_x(start, narrow), ticks)
    if band:
        canvas.area("band", "var(--band)")
    canvas.across(data.capacity)
    seats = formats.tickets(data.capacity)
    canvas.text(
        (-start, data.capacity),
        _("%(seats)s seats") % {"seats": seats} if narrow else _("%(seats)s seats for sale") % {"seats": seats},
        dx=6,
        dy=-9,
    )
    if data.target:
        canvas.across(data.target, "var(--accent)", dash=(6, 4))
    if band:
        canvas.line("band", "var(--compare)", 1.75)
    _draw_events(canvas, data, own, top, narrow)
    canvas.line("own", "var(--accent)", 2.75)
    _draw_today(canvas, data, own, start, top, narrow)
    _draw_ends(canvas, own, band, top, height, data.today, narrow, data.target)
    padding = {"left": 38, "right": 44, "top": 20, "bottom": 30} if narrow else {"left": 44, "right": 146, "top": 22, "bottom": 30}
    return canvas.drawing(320 if narrow else 698, height, padding)


def _draw_events(canvas: Canvas, data: SalesCurve, own: Sequence[tuple[int, int]], top: float, narrow: bool) -> None:
    for place, event in enumerate(data.events[:2]):
        value = _carried(own, event.days) if own else None
        if narrow or value is None or not (data.today or 0) <= event.days <= own[0][0]:
            continue
        reach = min(value + top * (0.3 if place == 0 else 0.24), top * 0.86)
        canvas.upright(-event.days, value, reach, "var(--compare)")
        canvas.dot((-event.days, value), hollow=True)
        near_left = event.days > own[0][0] * 0.75
        canvas.text((-event.days, reach), event.text, align="left" if near_left else "right", dx=7 if near_left else -7, dy=4)


def _draw_today(canvas: Canvas, data: SalesCurve, own: Sequence[tuple[int, int]], start: int, top: float, narrow: bool) -> None:
    if data.today is None:
        return
    at = -float(data.today)
    canvas.upright(at, 0, top)
    left = data.today < start * 0.55
    words = (
        _("Today")
        if narrow
        else ngettext("Today · %(days)s day before", "Today · %(days)s days before", data.today) % {"days": data.today}
    )
    canvas.text(
        (at, top), words, align="right" if left else "left", dx=-6 if left else 6, dy=-10, fill="var(--ink)", fontWeight=500
    )
    if own:
        value = own[-1][1]
        at = -float(own[-1][0])  # figures that came in days ago stop there, not at today
        canvas.dot((at, value))
        label = formats.tickets(value) if narrow else _("%(sold)s sold") % {"sold": formats.tickets(value)}
        low = value < top * 0.9
        canvas.text(
            (at, value),
            label,
            align="right" if left else "left",
            dx=-12 if left else 12,
            dy=-11 if low else 12,
            fill="var(--accent)",
            fontSize=14,
            fontWeight=600,
        )


def _draw_ends(
    canvas: Canvas,
    own: Sequence[tuple[int, int]],
    band: Sequence[BandPoint],
    top: float,
    height: int,
    today: int | None,
    narrow: bool,
    target: int | None = None,
) -> None:
    """Labels at the right, where the lines end: the own line once it is played, the target, the median, the edges of the band."""
    ends: list[tuple[float, str, dict[str, object]]] = []
    if target:
        text = formats.tickets(target)
        words = text if narrow else _("%(value)s target") % {"value": text}
        ends.append((target, words, {"fill": "var(--accent)", "fontWeight": 500}))
    if today is None and own:
        text = formats.tickets(own[-1][1])
        words = text if narrow else _("%(sold)s sold") % {"sold": text}
        canvas.dot((-own[-1][0], own[-1][1]))
        ends.insert(0, (own[-1][1], words, {"fill": "var(--accent)", "fontSize": 14, "fontWeight": 600}))
    if band and band[-1].days == 0:
        last = band[-1]
        named = (
            (last.median, _("%(value)s national median")),
            (last.p90, _("%(value)s national p90")),
            (last.p10, _("%(value)s national p10")),
        )
        for value, words in named[:1] if narrow else named:
            text = formats.tickets(round(value))
            ends.append((value, text if narrow else words % {"value": text}, {}))
    if not ends:
        return
    places = [(1 - value / top) * height for value, _words, _style in ends]
    for (value, words, style), place, moved in zip(ends, places, nudge(places, GAP, 0), strict=True):
        canvas.text((0, value), words, dx=8, dy=round(moved - place, 1), **style)
