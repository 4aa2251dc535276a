"""Tables of the programme. Shared facts, except connection requests, reports of duplicates, feeds and form keys, which have owners."""

from dip.programme.models.calendar import CalendarFeed
from dip.programme.models.connection import ConnectionRequest, Proposal
from dip.programme.models.duplicates import DuplicateReport
from dip.programme.models.festival import Festival
from dip.programme.models.once import FormKey
from dip.programme.models.performance import Performance, PerformanceEvent
from dip.programme.models.production import Production, ProductionEvent, ProductionSerial
from dip.programme.models.theatre import Hall, HallAlias, RankTemplate, Surcharge, Theatre, TheatreAlias, TheatreListVersion
from dip.programme.models.tour import TourColumns, TourSheet
from dip.programme.models.tracking import Departure

__all__ = [
    "CalendarFeed",
    "ConnectionRequest",
    "Departure",
    "DuplicateReport",
    "Festival",
    "FormKey",
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
    "TourColumns",
    "TourSheet",
]
