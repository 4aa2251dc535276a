"""The charts of a whole tour: running total by date, and mean fill by days before."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dip.kernel.clock import AMSTERDAM
from dip.sales.rules import curves, findings
from dip.sales.terms import AsOf, DatePoint, Sales, Standing
from dip.sales.views.phrases import phrase
from dip.warehouse.terms import Band
from dip.web import formats
from dip.web.charts.figure import Cell, Figure, Spec, Step
from dip.web.charts.key import swatch
from dip.web.charts.layers import Canvas, nice_ticks, nudge

_OWN = {"fill": "var(--accent)", "fontSize": 14, "fontWeight": 600}
_INK = {"fill": "var(--ink)", "fontWeight": 500}


def by_date(sales: Sales, deltas: Mapping[date, int], as_of: AsOf) -> Figure:
    """Tickets of all performances together by date of sale; grey what comparable performances would have added up to."""
    today = as_of.at.astimezone(AMSTERDAM).date()
    heard = [row for row in sales.rows if row.line.state.has_tickets]
    plan = [(r.line.evening.performance_date, r.line.state.for_sale, sales.bands[r.line.evening.number]) for r in heard]
    points = curves.tour_by_date(deltas, today, sales.now.sold, plan) if heard else []
    median_now = _median_now(heard)
    title = phrase(findings.tour_heading(sales.now.sold, median_now))
    points = [_at_this_hour(point, today, median_now) for point in points]
    first = points[0].day if points else today
    span = max((points[-1].day - first).days, 1) if points else 1
    top = max([*(p.sold or 0 for p in points), *(p.median or 0 for p in points), 1]) * 1.1
    own = [{"x": (p.day - first).days, "y": p.sold} for p in points if p.sold is not None]
    grey = [{"x": (p.day - first).days, "y": round(p.median, 1)} for p in points if p.median is not None]
    at = (today - first).days
    return Figure(
        name="curve",
        title=title,
        description=_("{title}. {sold} sold of {seats} seats for sale.").format(
            title=title, sold=formats.tickets(sales.now.sold), seats=formats.tickets(sales.now.for_sale)
        ),
        wide=_date_drawing(own, grey, first, span, top, at, narrow=False),
        narrow=_date_drawing(own, grey, first, span, top, at, narrow=True),
        datasets={"own": own, "grey": grey},
        columns=[_("Date"), _("Sold"), *([_("Median")] if grey else [])],
        table=[_date_row(p, bool(grey)) for p in points if _is_stop(p, points, today)],
        sub=_date_sub(heard, bool(grey)),
        walk=[_date_step(p, first, span, top) for p in points if _is_stop(p, points, today)],
        walk_start=sum(p.day < today for p in points if _is_stop(p, points, today)),
        key=[(swatch("line"), _("sold")), *([(swatch("reference"), _("comparable performances, median"))] if grey else [])],
    )


def _median_now(heard: Sequence[Standing]) -> float | None:
    medians = [row.median for row in heard]
    known = [median for median in medians if median is not None]
    return sum(known) if known and len(known) == len(medians) else None


def _at_this_hour(point: DatePoint, today: date, median_now: float | None) -> DatePoint:
    if point.day == today and point.median is not None and median_now is not None:
        return DatePoint(point.day, point.sold, median_now)
    return point


def _is_stop(point: DatePoint, points: Sequence[DatePoint], today: date) -> bool:
    """Every Monday, today, and both ends."""
    return point.day.weekday() == 0 or point.day == today or point in (points[0], points[-1])


def _date_sub(heard: Sequence[Standing], with_median: bool) -> str:
    text = ngettext(
        "Tickets sold of {n} performance together, by date of sale.",
        "Tickets sold of {n} performances together, by date of sale.",
        len(heard),
    ).format(n=formats.tickets(len(heard)))
    if with_median:
        return f"{text} {_('Grey: the median of comparable performances, added up.')}"
    return f"{text} {_('No comparable performances can be shown for all of them: too few, or too concentrated.')}"


def _date_row(point: DatePoint, with_median: bool) -> list[Cell]:
    cells = [Cell(formats.plain_day(point.day), point.day.isoformat()), Cell(formats.tickets(point.sold), _raw(point.sold))]
    median = None if point.median is None else round(point.median)
    return [*cells, *([Cell(formats.tickets(median), _raw(median))] if with_median else [])]


def _raw(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _date_step(point: DatePoint, first: date, span: int, top: float) -> Step:
    parts = [formats.plain_day(point.day)]
    if point.sold is not None:
        parts.append(_("{sold} sold").format(sold=formats.tickets(point.sold)))
    if point.median is not None:
        parts.append(_("median {median}").format(median=formats.tickets(round(point.median))))
    return Step((point.day - first).days / span, None if point.sold is None else 1 - point.sold / top, ", ".join(parts))


def _months(first: date, span: int, most: int) -> list[tuple[float, str]]:
    days = [date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1) for n in range(span // 28 + 2)]
    inside = [day for day in days if 0 <= (day - first).days <= span]
    step = max(-(-len(inside) // most), 1)
    return [(float((day - first).days), formats.month(day)) for day in inside[::step]]


def _date_drawing(
    own: Sequence[Mapping[str, float]], grey: Sequence[Mapping[str, float]], first: date, span: int, top: float, today: int, *, narrow: bool
) -> Spec:  # fmt: skip
    height = 240 if narrow else 392
    ticks = [(value, formats.tickets(value)) for value in nice_ticks(top, 3 if narrow else 4)]
    canvas = Canvas((0, span), (0, top), _months(first, span, 4 if narrow else 8), ticks)
    if grey:
        canvas.line("grey", "var(--compare)", 1.75)
    canvas.line("own", "var(--accent)", 2.75)
    canvas.upright(today, 0, top)
    left = today > span * 0.4
    side = {"align": "right" if left else "left"}
    canvas.text((today, top), _("Today"), dx=-6 if left else 6, dy=-10, **side, **_INK)
    if own:
        last = own[-1]
        text = formats.tickets(last["y"])
        words = text if narrow else _("{sold} sold").format(sold=text)
        canvas.dot((last["x"], last["y"]))
        canvas.text((last["x"], last["y"]), words, dx=-12 if left else 12, dy=-11, **side, **_OWN)
    if grey:
        text = formats.tickets(grey[-1]["y"])
        canvas.text((grey[-1]["x"], grey[-1]["y"]), text if narrow else _("{value} national median").format(value=text), dx=8)
    padding = {"left": 46, "right": 50, "top": 20, "bottom": 30} if narrow else {"left": 52, "right": 150, "top": 22, "bottom": 30}
    return canvas.drawing(310 if narrow else 690, height, padding)


def by_distance(sales: Sales, deltas: Mapping[tuple[int, int], int], genre: str) -> Figure:
    """Mean fill of the tour by days before, over the performances that came that near; grey the mean of their medians."""
    heard = [row for row in sales.rows if row.line.state.has_tickets and row.line.state.for_sale]
    seats = {row.line.evening.number: row.line.state.for_sale for row in heard}
    reached = {row.line.evening.number: row.distance for row in heard}
    points = curves.tour_by_distance({k: v for k, v in deltas.items() if k[0] in seats}, seats, reached)
    bands = [(seats[n], reached[n], sales.bands[n]) for n in seats]
    rows = [(day, fill, count, _mean_median(day, bands)) for day, fill, count in points]
    start = max((day for day, *_rest in rows), default=90) or 1
    top = max([0.5, *(fill for _d, fill, _n, _m in rows), *(m or 0 for *_rest, m in rows)]) * 1.1
    own = [{"x": -day, "y": round(fill, 4)} for day, fill, _n, _m in rows]
    grey = [{"x": -day, "y": round(m, 4)} for day, _f, _n, m in rows if m is not None]
    title = _distance_title(rows)
    return Figure(
        name="curve",
        title=title,
        description=title,
        wide=_distance_drawing(own, grey, start, top, narrow=False),
        narrow=_distance_drawing(own, grey, start, top, narrow=True),
        datasets={"own": own, "grey": grey},
        columns=[_("Days before"), _("Occupancy, paid"), _("Performances"), _("Median")],
        table=[_distance_row(*row) for row in rows],
        sub=_("Mean occupancy by days before, over the performances that came that near. Grey: {genre} in halls of the same size.").format(
            genre=genre.lower()
        ),
        walk=[Step(1 - day / start, 1 - fill / top, _distance_spoken(day, fill, n, m)) for day, fill, n, m in rows],
        walk_start=len(rows) - 1 if rows else 0,
        key=[(swatch("line"), _("your tour")), (swatch("reference"), _("comparable performances, median"))],
    )  # fmt: skip


def _mean_median(day: int, bands: Sequence[tuple[int, float, object]]) -> float | None:
    near = [(seats, band) for seats, reached, band in bands if reached <= day]
    if not near or not all(isinstance(band, Band) for _seats, band in near):
        return None
    return sum(seats * band.at(day)[1] for seats, band in near if isinstance(band, Band)) / sum(seats for seats, _band in near)


def _distance_title(rows: Sequence[tuple[int, float, int, float | None]]) -> str:
    month = next(((fill, median) for day, fill, n, median in rows if day == 28 and n > 1), None)
    if month is None or month[1] is None or round((month[0] - month[1]) * 100) == 0:
        return _("Mean occupancy of the tour, by days before")
    gap = formats.percent(abs(month[0] - month[1])).replace("%", _("points"))
    pattern = (
        _("Four weeks out, the tour stands {gap} above the median")
        if month[0] > month[1]
        else _("Four weeks out, the tour stands {gap} below the median")
    )
    return pattern.format(gap=gap)  # fmt: skip


def _distance_row(day: int, fill: float, count: int, median: float | None) -> list[Cell]:
    return [
        Cell(str(day), str(day)),
        Cell(formats.percent(fill), f"{fill:.4f}"),
        Cell(formats.tickets(count), str(count)),
        Cell(formats.percent(median), "" if median is None else f"{median:.4f}"),
    ]


def _distance_spoken(day: int, fill: float, count: int, median: float | None) -> str:
    when = ngettext("{n} day before", "{n} days before", day).format(n=day)
    text = ngettext("{rate} over {n} performance", "{rate} over {n} performances", count)
    parts = [when, text.format(rate=formats.percent(fill), n=formats.tickets(count))]
    return ", ".join([*parts, *([_("median {median}").format(median=formats.percent(median))] if median is not None else [])])


def _distance_ticks(start: int, narrow: bool) -> list[tuple[float, str]]:
    step = next((s for s in (7, 14, 30, 60, 90) if start / s <= (4 if narrow else 7)), 90)
    return [*((-float(d), str(d)) for d in range(start // step * step, 0, -step)), (0.0, _("performance"))]


def _distance_drawing(
    own: Sequence[Mapping[str, float]], grey: Sequence[Mapping[str, float]], start: int, top: float, *, narrow: bool
) -> Spec:
    height = 240 if narrow else 392
    ticks = [(value, formats.percent(value, 0)) for value in nice_ticks(top, 3 if narrow else 4)]
    canvas = Canvas((-start, 0), (0, top), _distance_ticks(start, narrow), ticks)
    if grey:
        canvas.line("grey", "var(--compare)", 1.75)
    canvas.line("own", "var(--accent)", 2.75)
    if own:
        canvas.dot((own[-1]["x"], own[-1]["y"]))
    ends = [(rows[-1], style) for rows, style in ((own, _OWN), (grey, {})) if rows]
    places = [(1 - end["y"] / top) * height for end, _style in ends]
    for (end, style), place, moved in zip(ends, places, nudge(places, 16, 0) if places else [], strict=True):
        words = (
            formats.percent(end["y"]) if style or narrow else _("{value} national median").format(value=formats.percent(end["y"]))
        )
        canvas.text((end["x"], end["y"]), words, dx=10, dy=round(moved - place, 1), **style)
    padding = {"left": 46, "right": 54, "top": 20, "bottom": 30} if narrow else {"left": 52, "right": 150, "top": 22, "bottom": 30}
    return canvas.drawing(310 if narrow else 690, height, padding)
