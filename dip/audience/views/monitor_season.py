"""The productions of a season, each with how many ordered and how many of them are new."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dip.audience.views import monitor_words as words
from dip.definitions.queries import genres
from dip.registry.terms import Access
from dip.warehouse.queries import audience as door
from dip.warehouse.queries.audience import AudienceLine
from dip.web import formats
from dip.web.marks import bar


@dataclass(frozen=True, slots=True)
class Line:
    """One production of the list; ``bar``: the share of new buyers, with that of its genre as tick."""

    one: AudienceLine
    note: str
    url: str
    bar: str


def rows(access: Access, year: int) -> list[Line]:
    """The productions, the most orders first."""
    names = {genre.id: genre.name(formats.language_of()) for genre in genres()}
    found = sorted(door.of_season(access, year), key=lambda one: (-(one.orders or 0), one.title))
    query = f"?season={year}"
    return [
        Line(
            one,
            names.get(one.genre_id, "") + (f" · {one.producer}" if access.is_taker else ""),
            reverse("audience-production", args=[one.dip_id]) + query,
            bar(one.new_rate, one.national_new_rate) if one.orders else "",
        )
        for one in found
    ]


def context(access: Access, year: int) -> dict[str, Any]:
    """The page of a provider's season."""
    lines = rows(access, year)
    return {
        "season_name": words.season_name(year),
        "lines": lines,
        "with_orders": sum(line.one.orders != 0 for line in lines),
        "totals": totals([line.one for line in lines]),
        "lede": _lede(lines),
    }


def totals(lines: Sequence[AudienceLine]) -> dict[str, Any]:
    """Sums of what is shown; buyers are not added up, for one buyer may be in several productions."""
    shown = [one for one in lines if one.orders is not None and one.tickets is not None]
    return {
        "orders": sum(one.orders or 0 for one in shown),
        "tickets": sum(one.tickets or 0 for one in shown),
        "hidden": len(lines) - len(shown),
    }


#: Buyers below which a production is not named for its share of new ones: two seats more would make it another.
_MANY = 100


def _lede(lines: Sequence[Line]) -> SafeString:
    told = [line.one for line in lines if line.one.orders]
    if not told:
        return format_html("{}", _("No orders in this season yet."))
    summed = totals(told)
    first = format_html(
        "<strong>{}</strong>",
        _("{orders} for {tickets}, in {n} of {all} productions.").format(
            orders=words.counted(summed["orders"], "orders"), tickets=words.counted(summed["tickets"], "tickets"),
            n=formats.tickets(len(told)), all=formats.tickets(len(lines)),
        ),
    )  # fmt: skip
    fresh = [one for one in told if one.new_rate is not None and (one.buyers or 0) >= _MANY]
    if len(fresh) < 2:
        return first
    most = max(fresh, key=lambda one: (one.new_rate or 0.0, one.title))
    said = _("Most new buyers come to {title}: {rate} of {buyers}.").format(
        title=most.title, rate=formats.percent(most.new_rate, 0), buyers=words.counted(most.buyers or 0, "buyers")
    )
    return format_html("{} {}", first, said)
