"""The one door for numbers that cross organisations. Disclosure control is in it: no page can forget it.

Every answer comes from the published files; nothing here writes. What may not be shown is a
:class:`~dip.warehouse.terms.NotShown`, whatever the rule. When nothing was published yet, everything is.
"""

from dip.warehouse.queries.bands import comparable_bands
from dip.warehouse.queries.cells import genre_cells, province_cells
from dip.warehouse.queries.colleagues import colleague_fill
from dip.warehouse.queries.lead_times import lead_times
from dip.warehouse.queries.own import own_days
from dip.warehouse.queries.productions import compare_production
from dip.warehouse.queries.reading import market_published_at, published_at
from dip.warehouse.queries.trends import difference_width, trend

__all__ = [
    "colleague_fill",
    "comparable_bands",
    "compare_production",
    "difference_width",
    "genre_cells",
    "lead_times",
    "market_published_at",
    "own_days",
    "province_cells",
    "published_at",
    "trend",
]
