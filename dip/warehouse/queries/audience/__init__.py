"""What the Audience Monitor asks: about orders, not visitors. Every answer here has passed the rules for figures about people."""

from dip.warehouse.queries.audience.answers import (
    PARTS,
    AlsoBought,
    AreaRow,
    Audience,
    AudienceScope,
    AudienceTrend,
    Elsewhere,
    Flow,
    Part,
    PartRow,
    Population,
    PopulationRow,
    TrendLine,
    UnderservedArea,
)
from dip.warehouse.queries.audience.areas import origin, underserved
from dip.warehouse.queries.audience.elsewhere import elsewhere
from dip.warehouse.queries.audience.flows import home_and_venue
from dip.warehouse.queries.audience.population import population
from dip.warehouse.queries.audience.season import AudienceLine, of_season, told_seasons
from dip.warehouse.queries.audience.segments import SegmentAnswer, SegmentRow, segments
from dip.warehouse.queries.audience.shared_with import Shared, shared_with
from dip.warehouse.queries.audience.together import also_bought, overlap
from dip.warehouse.queries.audience.trends import audience_trend
from dip.warehouse.queries.audience.whole import audience

__all__ = [
    "PARTS",
    "AlsoBought",
    "AreaRow",
    "Audience",
    "AudienceLine",
    "AudienceScope",
    "AudienceTrend",
    "Elsewhere",
    "Flow",
    "Part",
    "PartRow",
    "Population",
    "PopulationRow",
    "SegmentAnswer",
    "SegmentRow",
    "Shared",
    "TrendLine",
    "UnderservedArea",
    "also_bought",
    "audience",
    "audience_trend",
    "elsewhere",
    "home_and_venue",
    "of_season",
    "origin",
    "overlap",
    "population",
    "segments",
    "shared_with",
    "told_seasons",
    "underserved",
]
