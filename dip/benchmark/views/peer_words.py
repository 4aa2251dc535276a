"""Names of what like organisations are compared in, and how it is written."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dip.benchmark.rules.standings import place_from_zero, place_on_strip
from dip.benchmark.terms import Finding
from dip.definitions.queries import genres
from dip.warehouse.queries.consents import OVERLAP
from dip.warehouse.queries.peers import PeerFigures, PeerGroupFacts, PeerRow, genre_names
from dip.warehouse.rules.peer_groups import MEASURES, PeerMeasure, PeerSide
from dip.web import formats

MEASURE_NAMES: Mapping[PeerMeasure, str | Promise] = {
    PeerMeasure.OCCUPANCY: gettext_lazy("Occupancy, paid"),
    PeerMeasure.PRICE: gettext_lazy("Average price"),
    PeerMeasure.TICKETS: gettext_lazy("Tickets per performance"),
    PeerMeasure.PERFORMANCES: gettext_lazy("Performances"),
    PeerMeasure.LAST_WEEK: gettext_lazy("Tickets sold in the last week"),
    PeerMeasure.REDUCED: gettext_lazy("Discount and free tickets"),
    PeerMeasure.NEW_BUYERS: gettext_lazy("New buyers"),
    PeerMeasure.RETENTION: gettext_lazy("Buyers who came again"),
    PeerMeasure.PENETRATION: gettext_lazy("Buyers per 1,000 inhabitants, own municipality"),
    PeerMeasure.THEATRES: gettext_lazy("Theatres per production"),
}
#: The definition of each measure.
CODES: Mapping[PeerMeasure, str] = {
    PeerMeasure.OCCUPANCY: "occupancy_paid",
    PeerMeasure.PRICE: "average_price",
    PeerMeasure.TICKETS: "tickets_per_performance",
    PeerMeasure.PERFORMANCES: "peer_performances",
    PeerMeasure.LAST_WEEK: "peer_last_week",
    PeerMeasure.REDUCED: "peer_reduced",
    PeerMeasure.NEW_BUYERS: "audience_new",
    PeerMeasure.RETENTION: "audience_retention",
    PeerMeasure.PENETRATION: "peer_penetration",
    PeerMeasure.THEATRES: "peer_theatres",
}
OVERLAP_NAME = gettext_lazy("Buyers of both")
STANDINGS = {
    "lowest": gettext_lazy("in the lowest quarter"),
    "lower": gettext_lazy("below the median"),
    "middle": gettext_lazy("at the median"),
    "higher": gettext_lazy("above the median"),
    "highest": gettext_lazy("in the highest quarter"),
}
_KINDS = {"Theater": gettext_lazy("theatres"), "Festival": gettext_lazy("festivals"), "Other": gettext_lazy("other places")}
_RATES = frozenset(
    {PeerMeasure.OCCUPANCY, PeerMeasure.LAST_WEEK, PeerMeasure.REDUCED, PeerMeasure.NEW_BUYERS, PeerMeasure.RETENTION}
)
_TENTHS = frozenset({PeerMeasure.PENETRATION, PeerMeasure.THEATRES})
_UNITS = {
    PeerMeasure.PRICE: gettext_lazy("euros per ticket"),
    PeerMeasure.TICKETS: gettext_lazy("tickets per performance"),
    PeerMeasure.PERFORMANCES: gettext_lazy("performances"),
    PeerMeasure.PENETRATION: gettext_lazy("buyers per 1,000 inhabitants"),
    PeerMeasure.THEATRES: gettext_lazy("theatres per production"),
}


def write(value: float | None, measure: PeerMeasure) -> str:
    """A value as people read it; a dash for nothing."""
    if value is None:
        return formats.MISSING
    if measure in _RATES:
        return formats.percent(round(value, 4))
    if measure is PeerMeasure.PRICE:
        return formats.money(round(value))
    return formats.number(value, 1) if measure in _TENTHS else formats.tickets(round(value))


def plain(value: float | None, measure: PeerMeasure) -> float | None:
    """A value as downloads have it: amounts in euros, shares 0..1."""
    if value is None:
        return None
    return round(value / 100, 2) if measure is PeerMeasure.PRICE else round(value, 4)


def unit_of(measure: PeerMeasure) -> str:
    """What a download counts in."""
    if measure in _RATES:
        return _("share, 0 to 1")
    return str(_UNITS[measure])


def figure_names(side: PeerSide) -> list[tuple[str, str]]:
    """(Code, words) of everything that two organisations of a side may compare by name."""
    found = [(measure.value, str(MEASURE_NAMES[measure])) for measure in MEASURES[side]]
    return [*found, (OVERLAP, str(OVERLAP_NAME))] if side is PeerSide.THEATRE else found


def figure_words(codes: tuple[str, ...]) -> str:
    """Names of agreed figures, one after the other."""
    names = {measure.value: str(name) for measure, name in MEASURE_NAMES.items()} | {OVERLAP: str(OVERLAP_NAME)}
    return "; ".join(names.get(code, code) for code in codes)


def group_name(group: PeerGroupFacts, side: PeerSide) -> str:
    """A group in words: theatres with 500 to 999 seats."""
    if side is PeerSide.THEATRE:
        kinds = _listed([str(_KINDS.get(kind, kind)) for kind in group.kinds])
        if group.high is None and not group.low:
            return _("{kinds} of any size").format(kinds=kinds)
        if group.high is None:
            return _("{kinds} with {low} seats or more").format(kinds=kinds, low=formats.tickets(group.low))
        if not group.low:
            return _("{kinds} with fewer than {high} seats").format(kinds=kinds, high=formats.tickets(group.high))
        return _("{kinds} with {low} to {high} seats").format(
            kinds=kinds, low=formats.tickets(group.low), high=formats.tickets(group.high - 1)
        )
    names = [name.lower() for name in genre_names(group.kinds, formats.language_of())]
    kinds = _("all genres") if len(names) == len(genres()) else _listed(names)
    if group.high is None and not group.low:
        return _("producers of {kinds}, of any size").format(kinds=kinds)
    if group.high is None:
        return _("producers of {kinds} with {low} performances a season or more").format(
            kinds=kinds, low=formats.tickets(group.low)
        )
    if not group.low:
        return _("producers of {kinds} with fewer than {high} performances a season").format(
            kinds=kinds, high=formats.tickets(group.high)
        )
    return _("producers of {kinds} with {low} to {high} performances a season").format(
        kinds=kinds, low=formats.tickets(group.low), high=formats.tickets(group.high - 1)
    )


def _listed(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("{first} and {last}").format(first=", ".join(names[:-1]), last=names[-1])


def others(count: int, side: PeerSide) -> str:
    """How many others: 12 other theatres."""
    if side is PeerSide.THEATRE:
        return ngettext("%(n)s other theatre", "%(n)s other theatres", count) % {"n": count}
    return ngettext("%(n)s other producer", "%(n)s other producers", count) % {"n": count}


def lede(figures: PeerFigures, short: Finding) -> str:
    """The page in one paragraph."""
    if figures.group is None:
        return _("Your organisation is in no group this season: see below why. Your own figures stand here.")
    if short.code == "nothing":
        return _("Nothing can be told of your group yet: too few of its members have figures, or they are too much alike.")
    first = next((row for row in figures.rows if row.standing), None)
    text = _("Of {of} figures that can be compared, {high} stand in the highest quarter of your group, {low} in the lowest and {between} in between.").format(
        **short.values
    )  # fmt: skip
    if first is None or first.median is None:
        return text
    head = _("{measure}: {own} with you, {median} in the middle of {others}.").format(
        measure=MEASURE_NAMES[first.measure],
        own=write(first.own, first.measure),
        median=write(first.median, first.measure),
        others=others(first.count or 0, figures.side),
    )
    return f"{head} {text}"


def strip(row: PeerRow) -> SafeString | str:
    """One row of the drawing: the quartiles as a band at the same place in all rows, the median as a tick, one's own as a dot."""
    if row.median is None or row.low is None or row.high is None:
        return ""
    middle = place_on_strip(row.median, row.low, row.high)
    if row.own is None:
        return format_html('<span class="quart" style="--m:{}%" aria-hidden="true"><u></u><i></i></span>', f"{middle:.4g}")
    own = place_on_strip(row.own, row.low, row.high)
    style = format_html("--v:{}%;--m:{}%", f"{own:.4g}", f"{middle:.4g}")
    return format_html('<span class="quart" style="{}" aria-hidden="true"><u></u><i></i><b></b></span>', style)


def pair_strip(own: float | None, other: float | None) -> SafeString | str:
    """Two values on one line from nothing: one's own as a dot, the other's as a tick."""
    if own is None or other is None:
        return ""
    most = max(own, other)
    style = format_html("--v:{}%;--m:{}%", f"{place_from_zero(own, most):.4g}", f"{place_from_zero(other, most):.4g}")
    return format_html('<span class="quart pair" style="{}" aria-hidden="true"><i></i><b></b></span>', style)
