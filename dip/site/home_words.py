"""The sentences of the home page, and its rows of genres."""

from collections.abc import Iterable

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from dip.definitions.queries import genres
from dip.kernel.money import ratio
from dip.registry.terms import Access
from dip.site.home import Home
from dip.warehouse.terms import GenreCell, NotShown
from dip.web import formats
from dip.web.marks import DotRow


def lede(home: Home) -> SafeString:
    """What needs the person, whether the house plays tonight, and how the coming week sells."""
    needs = home.needs
    first = (
        ngettext("{n} thing needs you today.", "{n} things need you today.", needs).format(n=formats.tickets(needs))
        if needs
        else _("Nothing needs you today.")
    )
    tonight = (
        ngettext("{n} performance tonight;", "{n} performances tonight;", home.tonight).format(n=home.tonight)
        if home.tonight
        else _("No performance tonight;")
    )
    week = ngettext("{n} in the coming seven days,", "{n} in the coming seven days,", home.week.coming).format(n=home.week.coming)
    sold = ngettext("{n} ticket sold", "{n} tickets sold", home.week.coming_sold).format(n=formats.tickets(home.week.coming_sold))
    return format_html("{} {} {} <strong>{}</strong> {}", first, tonight, week, sold, _("for them."))


def welcome(access: Access) -> str:
    """For an organisation that neither plays nor houses: what it finds here."""
    return _("{organisation} follows the national figures by genre and region.").format(organisation=access.organisation_name)


def genre_rows(cells: Iterable[GenreCell]) -> list[DotRow]:
    """Own paid occupancy per genre beside the national one, most seats first; a national figure held back leaves only the own."""
    names = {genre.id: genre.name(get_language() or "nl") for genre in genres()}
    rows = []
    for cell in sorted(cells, key=lambda cell: -cell.own_for_sale):
        own = ratio(cell.own_tickets, cell.own_for_sale)
        if own is None:
            continue
        national = None
        if not isinstance(cell.tickets, NotShown) and not isinstance(cell.for_sale, NotShown):
            national = ratio(cell.tickets, cell.for_sale)
        written = formats.percent(national, 0) if national is not None else ""
        rows.append(DotRow(names[cell.genre_id], own, national, formats.percent(own, 0), written))
    return rows
