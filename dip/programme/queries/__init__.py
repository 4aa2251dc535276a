"""Reads of the programme. First argument ``access``; frozen results.

Productions and performances are public facts once published; concepts are seen by their parties only. ``productions_of``,
``production_for``, ``performances_of`` and ``theatres_of`` narrow to what is the access's own business (its productions; the
performances in its theatres), as the monitors need it; the ``public_…`` queries answer any member.
"""

from dip.programme.queries.performances import PerformanceRow, performance_for, performances_of
from dip.programme.queries.productions import ProductionRow, production_for, productions_of
from dip.programme.queries.search import HallHit, TheatreHit, search_theatres
from dip.programme.queries.theatres import TheatreRow, theatres_of

__all__ = [
    "HallHit",
    "PerformanceRow",
    "ProductionRow",
    "TheatreHit",
    "TheatreRow",
    "performance_for",
    "performances_of",
    "production_for",
    "productions_of",
    "search_theatres",
    "theatres_of",
]
