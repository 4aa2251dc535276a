"""What changed since yesterday in words: one line each, with the one thing to do."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dip.registry.terms import Access
from dip.sales.terms import Change, Morning, News
from dip.web import formats
from dip.web.words import since


def shown(found: Morning, access: Access) -> dict[str, Any]:
    """The short list of the first page."""
    return {"lines": [_line(news, access) for news in found.news], "summary": _summary(found)}


def _line(news: News, access: Access) -> dict[str, Any]:
    evening = news.row.line.evening
    place = evening.hall if access.is_taker else evening.city
    icon, tone, page, act = _LOOKS[news.change]
    return {
        "icon": icon,
        "tone": tone,
        "title": f"{formats.day(evening.performance_date)} · {evening.title}, {place}",
        "text": _TEXTS[news.change](news),
        "address": reverse(page, args=[evening.number]),
        "act": act(),
    }


_LOOKS: dict[Change, tuple[str, str, str, Callable[[], str]]] = {
    Change.DROP: ("arrow-down", "bad", "sales-performance", lambda: _("See what came in")),
    Change.BEHIND_TARGET: ("trending-down", "bad", "sales-performance", lambda: _("Open")),
    Change.SOLD_OUT: ("circle-check", "", "sales-performance", lambda: _("Open")),
    Change.NO_FIGURES: ("unplug", "warnc", "sales-performance-reconciliation", lambda: _("Ask")),
}


def _drop(news: News) -> str:
    v = news.values
    text = _("{lost} tickets fewer than yesterday: {before} → {after}.")
    return text.format(**{name: formats.tickets(v[name]) for name in ("lost", "before", "after")})  # type: ignore[arg-type]


def _behind(news: News) -> str:
    v = news.values
    text = _("{sold} sold; the target of {target} asks for {expected} by now.")
    return text.format(**{name: formats.tickets(v[name]) for name in ("sold", "target", "expected")})  # type: ignore[arg-type]


def _sold_out(news: News) -> str:
    days = news.row.days
    text = ngettext("Sold out since yesterday, {n} day before.", "Sold out since yesterday, {n} days before.", days)
    return text.format(n=formats.tickets(days))


def _silent(news: News) -> str:
    return _("Last figures: {when}.").format(when=since(news.values["last"]))  # type: ignore[arg-type]


_TEXTS: dict[Change, Callable[[News], str]] = {
    Change.DROP: _drop,
    Change.BEHIND_TARGET: _behind,
    Change.SOLD_OUT: _sold_out,
    Change.NO_FIGURES: _silent,
}


def _summary(found: Morning) -> str:
    """How much there is of each kind."""
    patterns = {
        Change.DROP: lambda n: ngettext("{n} drop", "{n} drops", n),
        Change.BEHIND_TARGET: lambda n: ngettext("{n} behind target", "{n} behind target", n),
        Change.SOLD_OUT: lambda n: ngettext("{n} sold out", "{n} sold out", n),
        Change.NO_FIGURES: lambda n: ngettext("{n} silent", "{n} silent", n),
    }
    return ", ".join(patterns[change](n).format(n=formats.tickets(n)) for change, n in found.counts.items())
