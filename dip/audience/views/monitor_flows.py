"""Where buyers live, by where the theatre stands: two regions that are never added up or exchanged."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from dip.definitions.queries import geo, provinces
from dip.registry.terms import Access
from dip.warehouse.queries import audience as door
from dip.warehouse.queries.audience import AudienceScope, Flow
from dip.web import formats
from dip.web.charts.figure import Figure
from dip.web.charts.tiles import Tile, TileMap, tile_map

#: Other home provinces that a row names.
NAMED = 3


@dataclass(frozen=True, slots=True)
class FlowLine:
    """Theatres of one province. ``here``: buyers who live in it, None held back; ``others``: from where most of the rest come; ``has_here``:
    whether anybody does; ``hidden``: home provinces that are not shown."""

    venue: str
    has_here: bool
    here: int | None
    rate: float | None
    others: str
    hidden: int


@dataclass(frozen=True, slots=True)
class Flows:
    """The table; and, while no areas are loaded, the provinces of the theatres as squares."""

    lines: tuple[FlowLine, ...]
    figure: Figure | None
    hidden: int = 0
    """Provinces of theatres of which nothing may be told."""


def province_name(code: int | None) -> str:
    """A province; what is unknown or abroad has a name too."""
    return next((one.name for one in provinces() if one.id == code), "") or _("unknown or abroad")


def flows(access: Access, scope: AudienceScope) -> Flows:
    """The answer for a scope."""
    found = door.home_and_venue(access, scope)
    if geo.edition() is None:
        return Flows((), _squares(found) if found else None)
    venues = list(dict.fromkeys(flow.venue for flow in found))
    lines = [_line(venue, [flow for flow in found if flow.venue == venue]) for venue in venues]
    shown = [line for line in lines if line.here is not None or line.others]
    return Flows(tuple(shown), None, len(lines) - len(shown))


def _line(venue: int, found: Sequence[Flow]) -> FlowLine:
    here = next((flow for flow in found if flow.home == venue), None)
    others = sorted(
        (flow for flow in found if flow.home not in (venue, None) and flow.buyers), key=lambda flow: -(flow.buyers or 0)
    )
    named = [f"{province_name(flow.home)} {formats.percent(flow.rate, 0)}" for flow in others[:NAMED] if flow.rate is not None]
    return FlowLine(
        venue=province_name(venue),
        has_here=here is not None,
        here=here.buyers if here else 0,
        rate=here.rate if here else 0.0,
        others=", ".join(named),
        hidden=sum(flow.buyers is None for flow in found),
    )


def _squares(found: Sequence[Flow]) -> Figure:
    by_venue: dict[int, list[int | None]] = {}
    for flow in found:
        by_venue.setdefault(flow.venue, []).append(flow.buyers)
    tiles = []
    for one in provinces():
        counts = by_venue.get(one.id, [0])
        is_hidden = any(count is None for count in counts)
        value = None if is_hidden else float(sum(count or 0 for count in counts))
        tiles.append(Tile(one.code, one.name, one.row, one.column, value, is_hidden))
    sub = _("Buyers by the province where the theatre stands, not where they live.")
    return tile_map(TileMap("venues", _("Where they went"), tiles, _("Buyers"), sub=sub))
