"""Reads of the programme. First argument ``access``; frozen results.

Productions and performances are public facts once published; concepts are seen by their parties only. ``productions_of``,
``production_for``, ``performances_of`` and ``theatres_of`` narrow to what is the access's own business (its productions; the
performances in its theatres), as the monitors need it; the ``…_page`` queries and the search answer any member.
"""

from dip.programme.queries.festivals import (
    FestivalPage,
    FestivalRow,
    festival_list,
    festival_names,
    festival_numbers,
    festival_page,
    festival_row,
    festivals_around,
    offered_performances,
    own_festivals,
)
from dip.programme.queries.listing import ProductionFilter, ProductionLine, all_lines, production_list, seasons_of
from dip.programme.queries.lookup import Found, search_everything
from dip.programme.queries.pages import PerformancePage, ProductionPage, performance_page, production_page
from dip.programme.queries.performances import PerformanceRow, performance_for, performances_of
from dip.programme.queries.productions import ProductionRow, production_for, productions_of
from dip.programme.queries.requests import (
    ProposalRow,
    RequestRow,
    count_requests,
    linked_request,
    open_proposals,
    open_requests,
    requests_of,
)
from dip.programme.queries.search import HallHit, TheatreHit, all_theatres, search_theatres
from dip.programme.queries.theatres import (
    HallRow,
    SurchargePeriod,
    TheatrePage,
    TheatreRow,
    coming_in_hall,
    hall_row,
    merged_halls,
    surcharge_on,
    theatre_list,
    theatre_page,
    theatres_of,
)

__all__ = [
    "FestivalPage",
    "FestivalRow",
    "Found",
    "HallHit",
    "HallRow",
    "PerformancePage",
    "PerformanceRow",
    "ProductionFilter",
    "ProductionLine",
    "ProductionPage",
    "ProductionRow",
    "ProposalRow",
    "RequestRow",
    "SurchargePeriod",
    "TheatreHit",
    "TheatrePage",
    "TheatreRow",
    "all_lines",
    "all_theatres",
    "coming_in_hall",
    "count_requests",
    "festival_list",
    "festival_names",
    "festival_numbers",
    "festival_page",
    "festival_row",
    "festivals_around",
    "hall_row",
    "linked_request",
    "merged_halls",
    "offered_performances",
    "open_proposals",
    "open_requests",
    "own_festivals",
    "performance_for",
    "performance_page",
    "performances_of",
    "production_for",
    "production_list",
    "production_page",
    "productions_of",
    "requests_of",
    "search_everything",
    "search_theatres",
    "seasons_of",
    "surcharge_on",
    "theatre_list",
    "theatre_page",
    "theatres_of",
]
