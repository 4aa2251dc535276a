"""The viewer's own running totals: no disclosure control, and no other organisation's either."""

from dip.registry.terms import Access
from dip.warehouse.queries.reading import library
from dip.warehouse.terms import OwnDay


def own_days(access: Access, season_year: int) -> list[OwnDay]:
    """Running totals per sales day on which something changed, oldest first, over the viewer's performances dated in the season.

    A taker sees its theatres, a provider its productions; other roles have no performances of their own, and get none.
    """
    if not (access.is_taker or access.is_provider):
        return []
    rows = library().rows(
        "the viewer's own totals",
        "own_day",
        [season_year],
        "SELECT sales_date, tickets, recette_cents FROM {mart} WHERE organisation = $organisation AND side = $side ORDER BY sales_date",
        {"organisation": access.organisation_id, "side": "theatre" if access.is_taker else "provider"},
    )
    return [OwnDay(*row) for row in rows]
