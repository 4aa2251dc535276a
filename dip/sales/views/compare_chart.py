"""The chart of two series, its heading and its paragraph."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dip.sales.rules import compare as rules
from dip.sales.terms.compare import Align, Gauge, Pair, Series
from dip.sales.views import phrases
from dip.web import formats
from dip.web.charts.compare import CompareChart, CompareLine, compare_chart
from dip.web.charts.figure import Cell, Figure

#: The axis shows at least so many days.
LEAST_DAYS = 28


def figure(pair: Pair) -> Figure:
    """Both lines on one axis, with the table twin: values and over how many performances they count."""
    sign = -1 if pair.align is Align.DAYS else 1
    reach = max([LEAST_DAYS, *(p.x for s in (pair.a, pair.b) for p in s.points)])
    span = (-reach, 0) if pair.align is Align.DAYS else (0, reach)
    stops = rules.stops(pair)
    one, other = ({p.x: p for p in s.points} for s in (pair.a, pair.b))
    rows = [
        (float(sign * x), place(x, pair.align), str(x), one[x].value if x in one else None, other[x].value if x in other else None)
        for x in stops
    ]
    counts = [
        [Cell(formats.tickets(found[x].performances), str(found[x].performances)) if x in found else Cell("–", "") for x in stops]
        for found in (one, other)
    ]
    return compare_chart(
        CompareChart(
            name="compare",
            a=_line(pair.a, pair.align),
            b=_line(pair.b, pair.align),
            span=(float(span[0]), float(span[1])),
            ticks=_ticks(reach, pair.align, 8),
            few_ticks=_ticks(reach, pair.align, 4),
            write=_writer(pair.gauge),
            tick=_whole_percent if pair.gauge is Gauge.OCCUPANCY else _writer(pair.gauge),
            raw=lambda value: f"{value:.4f}" if pair.gauge is Gauge.OCCUPANCY else f"{value:g}",
            stops=rows,
            column=_("Days before") if pair.align is Align.DAYS else _("Week of the sale"),
            title=heading(pair),
            sub=_sub(pair),
            note=_note(pair),
            walk_at=float(sign * (pair.meeting or 0)),
            extra=[(_("performances of A"), counts[0]), (_("performances of B"), counts[1])],
        )
    )


def _line(series: Series, align: Align) -> CompareLine:
    sign = -1 if align is Align.DAYS else 1
    points = [(float(sign * p.x), p.value) for p in series.points]
    return CompareLine(series.subject.name, points, series.is_running and align is Align.WEEKS)


def _percent(value: float | None) -> str:
    return formats.percent(value)


def _writer(gauge: Gauge) -> Callable[[float | None], str]:
    if gauge is Gauge.OCCUPANCY:
        return _percent
    return lambda value: formats.tickets(None if value is None else round(value))


def _whole_percent(value: float | None) -> str:
    return formats.percent(value, 0)


def place(x: int, align: Align) -> str:
    """A place of the axis in words."""
    if align is Align.DAYS:
        return ngettext("{n} day before", "{n} days before", x).format(n=formats.tickets(x)) if x else _("performance")
    week, day = divmod(x, 7)
    return _("week {n}").format(n=week) if not day else _("week {n}, day {day}").format(n=week, day=day)


def _ticks(reach: int, align: Align, most: int) -> list[tuple[float, str]]:
    step = next((s for s in (7, 14, 28, 56, 84, 112) if reach / s <= most), 112)
    if align is Align.DAYS:
        days = range(reach // step * step, 0, -step)
        return [*((-float(d), formats.tickets(d)) for d in days), (0.0, _("performance"))]
    return [(float(d), _("week {n}").format(n=d // 7) if d else _("start")) for d in range(0, reach + 1, step)]


def heading(pair: Pair) -> str:
    """The finding: who is ahead where both have come, by how much."""
    sentence = rules.heading(pair)
    v = sentence.values
    if sentence.code == "beside":
        return _("{a} beside {b}").format(a=v["a"], b=v["b"])
    where = _where(pair)
    if sentence.code == "level":
        return _("{a} and {b} stand level, {where}").format(a=v["a"], b=v["b"], where=where)
    gap = _gap(float(str(v["gap"])), pair.gauge)
    pattern = _("{a} is {gap} ahead of {b}, {where}") if sentence.code == "ahead" else _("{a} is {gap} behind {b}, {where}")
    return pattern.format(a=v["a"], b=v["b"], gap=gap, where=where)


def _gap(gap: float, gauge: Gauge) -> str:
    if gauge is Gauge.OCCUPANCY:
        return _("{n} points").format(n=formats.number(gap * 100, 1))
    text = phrases.tickets(gap)
    return text if gauge is Gauge.TICKETS else _("{tickets} per performance").format(tickets=text)


def _where(pair: Pair) -> str:
    at = pair.meeting or 0
    if pair.align is Align.WEEKS:
        return _("in week {n} of the sale").format(n=at // 7 + 1)
    running = [series for series in (pair.a, pair.b) if series.is_running and series.stop]
    if at == 0 and running:
        played = min(series.stop.performances for series in running if series.stop)
        text = ngettext("over {n} performance that has played", "over {n} performances that have played", played)
        return text.format(n=formats.tickets(played))
    if at == 0:
        return _("at the end")
    return ngettext("{n} day before", "{n} days before", at).format(n=formats.tickets(at))


def _sub(pair: Pair) -> str:
    measure = {
        Gauge.OCCUPANCY: _("Paid tickets as a share of the seats for sale"),
        Gauge.MEAN: _("Paid tickets per performance"),
        Gauge.TICKETS: _("Paid tickets of all performances together"),
    }[pair.gauge]
    axis = _("by days before the performance") if pair.align is Align.DAYS else _("by weeks since the first sold ticket")
    return f"{measure}, {axis}."


def _note(pair: Pair) -> str:
    """Why a line stops where it does, and over what its last points count."""
    if pair.align is Align.WEEKS:
        return _("A running line stops at today.") if pair.a.is_running or pair.b.is_running else ""
    if not (pair.a.is_running or pair.b.is_running):
        return ""
    if pair.gauge is Gauge.TICKETS:
        return _("A total stops where its first performance has not come nearer. Per performance and occupancy go on.")
    return _(
        "Each day counts the performances that have come as near: near the end fewer of a running one. The table tells how many."
    )


def lede(pair: Pair) -> SafeString:
    """One paragraph: where each stands now, over how many performances; how much of it is still to come."""
    return format_html_join(" ", "{}", ((_stands(series),) for series in (pair.a, pair.b)))


def _stands(series: Series) -> str:
    made = series.composition
    values = {
        "name": phrases.strong(series.subject.name),
        "tickets": phrases.tickets(made.sold),
        "performances": phrases.performances(made.with_figures),
        "occupancy": formats.percent(made.occupancy),
    }
    if not made.with_figures:
        return format_html(_("{name} has no figures yet."), name=values["name"])
    if not series.is_running:
        return format_html(_("{name} ended at {tickets} for {performances}, an occupancy of {occupancy}."), **values)
    text = format_html(_("{name} stands at {tickets} for {performances}, an occupancy of {occupancy};"), **values)
    coming = ngettext("{n} is to come.", "{n} are to come.", made.coming).format(n=formats.tickets(made.coming))
    return format_html("{} {}", text, coming)


_WRITTEN: dict[str, Callable[[Any], str]] = {
    "tickets": formats.tickets, "pct": formats.percent, "eur0": lambda value: formats.money(value, 0), "day": formats.plain_day,
}  # fmt: skip


def written(value: float | date | None, kind: str) -> str:
    """A value of the composition as people read it."""
    return _WRITTEN[kind](value)
