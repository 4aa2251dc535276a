"""Compare any two productions, seasons or theatres of one's own on one curve."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from dip.kernel.clock import local
from dip.kernel.periods import season_year
from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module
from dip.sales.queries import compare as queries
from dip.sales.terms.compare import Align, Gauge, Kind, Pair, Subject
from dip.sales.views import compare_chart, question, sheets
from dip.sales.views.sheets import RATE, WHOLE, Column, Sheet
from dip.web.charts.figure import as_csv

#: The two places of an address.
SIDES = ("a", "b")


@dataclass(frozen=True, slots=True)
class _Asked:
    asked: question.Question
    align: Align
    gauge: Gauge
    chosen: dict[str, Subject | None]
    problems: tuple[str, ...]

    @property
    def both(self) -> tuple[Subject, Subject] | None:
        """The two subjects, once both are chosen."""
        a, b = self.chosen["a"], self.chosen["b"]
        return (a, b) if a and b else None


def _read(request: HttpRequest, access: Access) -> _Asked:
    asked = question.read(request)
    problems = list(asked.problems)
    align = _choice(request, "align", Align, Align.DAYS, problems)
    gauge = _choice(request, "measure", Gauge, Gauge.OCCUPANCY, problems)
    chosen = {}
    for side in SIDES:
        token = request.GET.get(side, "").strip()[:80]
        chosen[side] = queries.subject(access, token) if token else None
        if token and chosen[side] is None:
            raise Http404("nothing of that name that this access follows")
    return _Asked(asked, align, gauge, chosen, tuple(problems))


def _choice(request: HttpRequest, name: str, kind: Any, otherwise: Any, problems: list[str]) -> Any:
    text = request.GET.get(name, "").strip()
    try:
        return kind(text) if text else otherwise
    except ValueError:
        known = ", ".join(kind)
        problems.append(_("“{name}” is {value}; give one of {known}.").format(name=name, value=text[:40], known=known))
        return otherwise


@requires(Module.SALES, Level.VIEW)
def compare(request: HttpRequest, access: Access) -> HttpResponse:
    """Two of one's own on one curve, with what each is made of."""
    page = _read(request, access)
    year = season_year(local(page.asked.as_of.at).date())
    pair = queries.pair(access, *page.both, page.align, page.gauge, page.asked.as_of) if page.both else None
    first = page.chosen["a"]
    context = {
        "module": "sales",
        "asked": page.asked,
        "problems": page.problems,
        "pickers": [_picker(request, access, page, side, year) for side in SIDES],
        "swapped": f"?{_swapped(request)}" if page.both else "",
        "align": page.align.value,
        "aligns": [(Align.DAYS.value, _("Days before")), (Align.WEEKS.value, _("Weeks on sale"))],
        "gauge": page.gauge.value,
        "gauges": gauges(),
        "pair": pair,
        "figure": compare_chart.figure(pair) if pair and (pair.a.points or pair.b.points) else None,
        "lede": compare_chart.lede(pair) if pair else "",
        "suggested": queries.suggestions(access, first, year) if first and not page.both else [],
        "has_own": access.is_provider or access.is_taker,
        "rows": _rows(pair) if pair else [],
        "heads": [pair.a.subject.name, pair.b.subject.name] if pair else [],
        "axis_code": "days_before" if page.align is Align.DAYS else "weeks_on_sale",
        "value_code": _CODES[page.gauge],
    }
    return render(request, "sales/compare.html", context)


_CODES = {Gauge.TICKETS: "tickets_sold", Gauge.MEAN: "tickets_per_performance", Gauge.OCCUPANCY: "occupancy_paid"}


def gauges() -> list[tuple[str, str]]:
    """The measures by their words."""
    return [
        (Gauge.OCCUPANCY.value, _("Occupancy")),
        (Gauge.MEAN.value, _("Per performance")),
        (Gauge.TICKETS.value, _("Tickets")),
    ]


def _picker(request: HttpRequest, access: Access, page: _Asked, side: str, year: int) -> dict[str, Any]:
    """One of the two fields: what is chosen, and what answers to what was typed in it."""
    text = request.GET.get(f"find_{side}", "").strip()[:80]
    chosen = page.chosen[side]
    return {
        "side": side,
        "chosen": chosen,
        "link": _link(chosen) if chosen else "",
        "text": text,
        "found": queries.find(access, text, year) if text else [],
        "searched": bool(text),
    }


def _link(chosen: Subject) -> str:
    if chosen.kind is Kind.PRODUCTION:
        return reverse("sales-production", args=[chosen.key])
    return f"{reverse('sales-season')}?season={chosen.season_year}" if chosen.kind is Kind.SEASON else ""


def _swapped(request: HttpRequest) -> str:
    query = request.GET.copy()
    query["a"], query["b"] = request.GET["b"], request.GET["a"]
    return str(query.urlencode())


@requires(Module.SALES, Level.VIEW)
def options(request: HttpRequest, access: Access) -> HttpResponse:
    """What answers to the text typed in one of the fields, as links to the page with it chosen."""
    side = request.GET.get("side", "a")
    if side not in SIDES:
        raise Http404("no such side")
    text = request.GET.get(f"find_{side}", "").strip()[:80]
    year = season_year(local(question.read(request).as_of.at).date())
    found = queries.find(access, text, year)
    return render(request, "sales/compare_options.html", {"found": found, "side": side, "text": text})


def _rows(pair: Pair) -> list[tuple[str, str, Any, Any, str]]:
    """What each is made of: label, metric, both values, how it is written."""
    one, other = pair.a.composition, pair.b.composition
    lines = [
        (_("Performances"), "", "performances", "tickets"), (_("With figures"), "", "with_figures", "tickets"),
        (_("To come"), "", "coming", "tickets"), (_("Theatres"), "", "theatres", "tickets"),
        (_("Capacity"), "capacity", "capacity", "tickets"), (_("For sale"), "for_sale", "for_sale", "tickets"),
        (_("Sold"), "tickets_sold", "sold", "tickets"), (_("Occupancy, paid"), "occupancy_paid", "occupancy", "pct"),
        (_("Recette"), "recette", "recette_cents", "eur0"), (_("First performance"), "", "first", "day"),
        (_("Last performance"), "", "last", "day"), (_("First sold ticket"), "weeks_on_sale", "sale_began", "day"),
    ]  # fmt: skip
    return [(label, code, getattr(one, name), getattr(other, name), kind) for label, code, name, kind in lines]


def _found(request: HttpRequest, access: Access) -> tuple[_Asked, Pair]:
    page = _read(request, access)
    if page.both is None:
        raise Http404("choose two to compare")
    return page, queries.pair(access, *page.both, page.align, page.gauge, page.asked.as_of)


@requires(Module.SALES, Level.VIEW)
def curve(request: HttpRequest, access: Access) -> HttpResponse:
    """The numbers of the chart."""
    _page, pair = _found(request, access)
    return sheets.as_csv(as_csv(compare_chart.figure(pair)), "compare")


@requires(Module.SALES, Level.VIEW)
def export(request: HttpRequest, access: Access) -> HttpResponse:
    """Both lines day by day, and what each is made of."""
    page, pair = _found(request, access)
    kind = {Gauge.TICKETS: WHOLE, Gauge.MEAN: WHOLE, Gauge.OCCUPANCY: RATE}[pair.gauge]
    axis = _("Days before") if pair.align is Align.DAYS else _("Days on sale")
    names = _distinct(pair)
    columns = [
        Column(axis, WHOLE, "days_before" if pair.align is Align.DAYS else "weeks_on_sale"),
        *(
            column
            for name in names
            for column in (Column(name, kind, _CODES[pair.gauge]), Column(_("{name}: performances").format(name=name), WHOLE))
        ),
    ]
    by_x = [{point.x: point for point in series.points} for series in (pair.a, pair.b)]
    places = sorted({*by_x[0], *by_x[1]}, reverse=pair.align is Align.DAYS)
    rows = [[x, *(cell for found in by_x for cell in (_value(found.get(x)), _count(found.get(x))))] for x in places]
    made = Sheet(_("Composition"), [Column(""), Column(names[0]), Column(names[1])], [
        [label, *(compare_chart.written(value, kind) for value in (one, other))] for label, _code, one, other, kind in _rows(pair)
    ])  # fmt: skip
    about = sheets.scope(access, page.asked.as_of, " · ".join(names))
    tables = [Sheet(_("Curve"), columns, rows), made]
    return sheets.as_download(sheets.workbook(tables, about), "compare")


def _distinct(pair: Pair) -> list[str]:
    names = [pair.a.subject.name, pair.b.subject.name]
    return names if names[0] != names[1] else [f"A: {names[0]}", f"B: {names[1]}"]


def _value(point: Any) -> float | None:
    return None if point is None else point.value


def _count(point: Any) -> int | None:
    return None if point is None else point.performances
