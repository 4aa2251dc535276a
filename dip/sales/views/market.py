"""Own figures beside the nation, by genre: shares, occupancies, and what may not be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dip.kernel.money import ratio
from dip.sales.queries.monitors import genre_names
from dip.sales.rules import findings
from dip.sales.terms import Sentence
from dip.sales.views.columns import national_occupancy
from dip.sales.views.phrases import phrase
from dip.warehouse.terms import GenreCell, NotShown
from dip.web import formats
from dip.web.charts.columns import Categories, Category, columns_chart
from dip.web.charts.figure import Figure
from dip.web.marks import DotRow


@dataclass(frozen=True, slots=True)
class MarketRow:
    """One genre or province. National values are None where they may not be shown (``is_hidden``)."""

    name: str
    key: int
    own_performances: int
    own_tickets: int
    own_recette_cents: int
    own_occupancy: float | None
    performances: int | None
    tickets: int | None
    occupancy: float | None
    share: float | None
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Market:
    """The table and the dot rows of a market, under its finding."""

    title: str
    rows: tuple[MarketRow, ...]
    dots: tuple[DotRow, ...]
    low: float
    high: float
    has_own: bool


def market(cells: Sequence[GenreCell]) -> Market:
    """The market by genre, own largest first."""
    names = genre_names((get_language() or "nl")[:2])
    rows = [row(names.get(cell.genre_id, ""), cell.genre_id, cell) for cell in cells]
    rows.sort(key=lambda r: (-r.own_tickets, -(r.tickets or 0)))
    heading = findings.market_heading(cells) if any(cell.own_tickets for cell in cells) else Sentence("nation")
    return _market(heading, rows, names)


def fills(cells: Sequence[GenreCell]) -> Figure:
    """Paid occupancy of the nation by genre, as columns; what may not be shown has none."""
    names = genre_names((get_language() or "nl")[:2])
    known = {cell.genre_id: national_occupancy(cell) for cell in cells}
    heading = findings.fill_heading(known)
    values = dict(heading.values)
    values["genre"] = next((name for key, name in names.items() if key == values.get("genre_id")), "")
    rows = [Category(names.get(key, ""), fill if isinstance(fill, float) else None) for key, fill in known.items()]
    title = phrase(Sentence(heading.code, values))
    return columns_chart(
        Categories("fills", title, rows, _("National occupancy, paid"), as_rate=True, sub=_("Occupancy paid, by genre"))
    )


def _market(heading: Sentence, rows: Sequence[MarketRow], names: Mapping[int, str]) -> Market:
    values = dict(heading.values)
    values["genre"] = next((name for key, name in names.items() if key == values.get("genre_id")), "")
    dots = [dot(r) for r in rows if r.own_occupancy is not None]
    found = [v for d in dots for v in (d.value, d.reference) if v is not None]
    low = int(min(found, default=0) * 10) / 10
    high = min(-int(-max(found, default=1) * 10) / 10 + 0.1, 1.0) if found else 1.0
    return Market(
        phrase(Sentence(heading.code, values)),
        tuple(rows),
        tuple(dots),
        low,
        max(high, low + 0.1),
        any(r.own_tickets for r in rows),
    )


def dot(r: MarketRow) -> DotRow:
    """Own occupancy as the dot, the nation's as the tick."""
    return DotRow(r.name, r.own_occupancy, r.occupancy, formats.percent(r.own_occupancy, 0), formats.percent(r.occupancy, 0))


def row(name: str, key: int, cell: GenreCell) -> MarketRow:
    """A cell of the cube as a row."""
    occupancy = national_occupancy(cell)
    share = findings.share_of(cell)
    return MarketRow(
        name=name,
        key=key,
        own_performances=cell.own_performances,
        own_tickets=cell.own_tickets,
        own_recette_cents=cell.own_recette_cents,
        own_occupancy=ratio(cell.own_tickets, cell.own_for_sale),
        performances=None if isinstance(cell.performances, NotShown) else cell.performances,
        tickets=None if isinstance(cell.tickets, NotShown) else cell.tickets,
        occupancy=None if isinstance(occupancy, NotShown) else occupancy,
        share=share if cell.own_tickets else None,
        is_hidden=isinstance(cell.tickets, NotShown),
    )
