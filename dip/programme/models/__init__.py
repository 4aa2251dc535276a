"""Tables of the programme. Shared facts, except connection requests, which belong to their two parties."""

from dip.programme.models.connection import ConnectionRequest, Proposal
from dip.programme.models.performance import Performance, PerformanceEvent
from dip.programme.models.production import Production, ProductionEvent, ProductionSerial
from dip.programme.models.theatre import Hall, HallAlias, RankTemplate, Surcharge, Theatre, TheatreAlias, TheatreListVersion

__all__ = [
    "ConnectionRequest",
    "Hall",
    "HallAlias",
    "Performance",
    "PerformanceEvent",
    "Production",
    "ProductionEvent",
    "ProductionSerial",
    "Proposal",
    "RankTemplate",
    "Surcharge",
    "Theatre",
    "TheatreAlias",
    "TheatreListVersion",
]
