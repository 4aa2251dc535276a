"""Short words and numbers of the pages: key figures written out, cadences, measures, kinds of ticket."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dip.sales.rules import totals
from dip.sales.terms import Cadence, Comparison, KeyFigure, Sales, Totals
from dip.ticketing.terms import Measure
from dip.warehouse.terms import NotShown
from dip.web import formats
from dip.web.marks import suppressed

_CADENCES = {Cadence.HOURLY: gettext_lazy("Hourly"), Cadence.NIGHTLY: gettext_lazy("Nightly"), Cadence.DAILY: gettext_lazy("Daily")}
_MEASURES = {
    Measure.TICKETS: gettext_lazy("Tickets"),
    Measure.RESERVATIONS: gettext_lazy("Reservations"),
    Measure.BLOCKED: gettext_lazy("Blocked seats"),
    Measure.CAPACITY: gettext_lazy("Capacity"),
}


def cadence_name(cadence: Cadence, source: str = "") -> str:
    """How often figures come: "Hourly"; the source where the rhythm is not known."""
    return str(_CADENCES[cadence]) if cadence in _CADENCES else source


def measure_name(measure: int) -> str:
    """What a position states."""
    return str(_MEASURES[Measure(measure)])


@dataclass(frozen=True, slots=True)
class KindShare:
    """One kind of ticket with its share of all tickets given out."""

    name: str
    tickets: int
    cents: int
    share: float
    counts: bool


def kinds(sums: Totals) -> list[KindShare]:
    """Split by national kind of ticket; free tickets beside the sold ones."""
    everything = sums.sold + sums.free
    rows = [
        (_("Normal"), sums.normal, sums.normal_cents, True),
        (_("Discount"), sums.discount, sums.discount_cents, True),
        (_("Other"), sums.other, sums.other_cents, True),
        (_("Free, not in sold"), sums.free, sums.free_cents, False),
    ]
    return [KindShare(name, n, cents, n / everything if everything else 0.0, counts) for name, n, cents, counts in rows]


def key_figures(sales: Sales) -> list[dict[str, Any]]:
    """The strip, with the share of the target beside the tickets where there is one."""
    found = [key_figure(figure) for figure in sales.figures]
    if sales.progress.share is not None:
        found[0]["note"] = _("{share} of target").format(share=formats.percent(sales.progress.share, 0))
    return found


def key_figure(figure: KeyFigure) -> dict[str, Any]:
    """Arguments of the ``kpi`` tag for one figure."""
    writes = _WRITERS[figure.code]
    found: dict[str, Any] = {
        "code": figure.code,
        "value": writes(figure.value),
        "label": str(_LABELS[figure.code]),
        "note": _note(figure),
        "change": _change(figure),
        "change_text": _change_text(figure),
        "formula": _formula(figure),
        "coverage": coverage(figure.covered, figure.performances),
        **dict.fromkeys(("reference", "you", "p10", "median", "p90")),
    }
    if isinstance(figure.comparison, NotShown):
        found["reference"] = suppressed()
    elif figure.comparison is not None:
        found |= _compared(figure, figure.comparison)
    return found


_LABELS = {
    totals.TICKETS: gettext_lazy("Tickets sold"),
    totals.OCCUPANCY: gettext_lazy("Occupancy, paid"),
    totals.RECETTE: gettext_lazy("Recette"),
    totals.PRICE: gettext_lazy("Average price"),
    totals.RESERVED: gettext_lazy("Reservations"),
    totals.BLOCKED: gettext_lazy("Blocked"),
}


#: A recette from here on fills the width of its figure; that it includes VAT stays in the definition.
_NO_ROOM_CENTS = 100_000_000


def _euros(cents: float | None) -> str:
    return formats.money(cents, 0)


_WRITERS: dict[str, Callable[[float | None], str]] = {
    totals.TICKETS: formats.tickets,
    totals.OCCUPANCY: formats.percent,
    totals.RECETTE: _euros,
    totals.PRICE: formats.money,
    totals.RESERVED: formats.tickets,
    totals.BLOCKED: formats.tickets,
}


def _note(figure: KeyFigure) -> str:
    if figure.value is None:
        return ""
    if figure.code == totals.OCCUPANCY and figure.second is not None:
        return _("{rate} with free").format(rate=formats.percent(figure.second))
    if figure.code == totals.RECETTE and figure.value >= _NO_ROOM_CENTS:
        return ""
    notes = {totals.RECETTE: _("incl. VAT"), totals.RESERVED: _("not in sold"), totals.BLOCKED: _("seats")}
    return notes.get(figure.code, "")


def _change(figure: KeyFigure) -> float | None:
    """The change as it is written: what rounds to nothing is no change."""
    if figure.change is None:
        return None
    scale = {totals.OCCUPANCY: 1000, totals.RECETTE: 0.01}.get(figure.code, 1)
    return figure.change if round(figure.change * scale) else 0


def _change_text(figure: KeyFigure) -> str:
    if figure.code == totals.OCCUPANCY:
        return formats.points(figure.change)
    if figure.code == totals.RECETTE:
        return formats.signed_money(figure.change, 0)
    if figure.code == totals.PRICE:
        return formats.signed_money(figure.change)
    return formats.signed(figure.change)


def _formula(figure: KeyFigure) -> str:
    if figure.numerator is None or figure.denominator is None:
        return ""
    if figure.code == totals.PRICE:
        return f"{_euros(figure.numerator)} ÷ {formats.tickets(figure.denominator)}"
    if figure.code == totals.OCCUPANCY:
        return f"{formats.tickets(figure.numerator)} ÷ {formats.tickets(figure.denominator)}"
    return ""


def coverage(covered: int, performances: int) -> str:
    """Over how many performances a figure counts."""
    text = ngettext("{covered} of {n} performance.", "{covered} of {n} performances.", performances)
    return text.format(covered=formats.tickets(covered), n=formats.tickets(performances))


def _compared(figure: KeyFigure, comparison: Comparison) -> dict[str, Any]:
    written = _WRITERS[figure.code](comparison.median)
    reference: str | SafeString = _("median {median}").format(median=written)
    if figure.code == totals.TICKETS and comparison.median and figure.value is not None:
        rate = figure.value / comparison.median - 1
        pattern = _("{rate} above median, {median}") if rate > 0 else _("{rate} below median, {median}")
        if formats.percent(abs(rate)) != formats.percent(0):
            reference = pattern.format(rate=formats.percent(abs(rate)), median=written)
    return {
        "reference": reference,
        "you": figure.value,
        "p10": comparison.p10,
        "median": comparison.median,
        "p90": comparison.p90,
    }


def places(access: Any, current: str) -> list[tuple[str, str, bool]]:
    """Tabs of the Sales Monitor for a role."""
    pages = [("sales-season", _("Season"))]
    if access.is_taker:
        pages.append(("sales-theatre", _("My halls")))
    pages.append(("sales-region", _("Provinces")))
    if access.is_provider or access.is_taker:
        pages += [("sales-targets", _("Targets")), ("sales-reconciliation", _("Reconciliation")), ("sales-alerts", _("Alerts"))]
    return [(text, reverse(name), name == current) for name, text in pages]
