"""Tables of ticketing: deliveries, append-only positions, the current state of each performance, connections to systems."""

from dip.ticketing.models.conformance import ConformanceCall, ConformanceRun
from dip.ticketing.models.connections import Connection, Reading, SourceEvent, SourceKind, SourceState
from dip.ticketing.models.feeds import OrderFeed
from dip.ticketing.models.figures import Delivery, PerformanceSales, Position
from dip.ticketing.models.planning import PlanningLink
from dip.ticketing.models.sheet import SheetColumns, SheetUpload

__all__ = [
    "ConformanceCall",
    "ConformanceRun",
    "Connection",
    "Delivery",
    "OrderFeed",
    "PerformanceSales",
    "PlanningLink",
    "Position",
    "Reading",
    "SheetColumns",
    "SheetUpload",
    "SourceEvent",
    "SourceKind",
    "SourceState",
]
