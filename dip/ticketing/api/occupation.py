"""Hall occupation: what is sold, reserved and blocked for a production, by theatre and performance."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from dip.registry.bearer import ApiError, need
from dip.registry.terms import Access, Module
from dip.ticketing.queries import deliveries as queries
from dip.ticketing.terms import Measure

router = Router(tags=["Hall occupation"])
_HISTORY = {Measure.TICKETS: "sales", Measure.RESERVATIONS: "reservations", Measure.BLOCKED: "blocked seats"}


class SalesPerformance(Schema):
    """A performance in a sales row."""

    number: int
    date: str = Field(description="local time at the venue, without offset")
    tickets: int
    recette: int = Field(description="cents, including VAT and the theatre surcharge")
    updated: str


class SalesRow(Schema):
    """A production in one theatre: the exact sum of its performances. The id is the theatre's."""

    id: int
    name: str
    updated: str
    tickets: int
    recette: int
    performances: list[SalesPerformance]


def _rows(
    request: HttpRequest, measure: Measure, dip_id: str, *, theatre_id: int | None = None, number: int | None = None
) -> list[dict[str, object]]:
    access: Access = request.auth  # type: ignore[attr-defined]
    need(access, Module.SALES)
    found = queries.occupation(access, measure, dip_id, theatre_id=theatre_id, number=number)
    if not found:
        raise ApiError(f"No {_HISTORY[measure]} history for production {dip_id}")
    return [_row(theatre) for theatre in found]


def _row(theatre: queries.TheatreFigures) -> dict[str, object]:
    zone = ZoneInfo(theatre.time_zone)
    return {
        "id": theatre.theatre_id,
        "name": theatre.name,
        "updated": _local(theatre.true_at, zone),
        "tickets": theatre.tickets,
        "recette": theatre.cents,
        "performances": [
            {
                "number": evening.number,
                "date": _local(evening.starts_at, zone),
                "tickets": evening.tickets,
                "recette": evening.cents,
                "updated": _local(evening.true_at, zone),
            }
            for evening in theatre.evenings
        ],
    }


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).replace(tzinfo=None).isoformat(timespec="seconds")


@router.get("/productions/{production_number}/sales", response=list[SalesRow], summary="Sales of a production")
def sales(request: HttpRequest, production_number: str) -> list[dict[str, object]]:
    """Paid tickets and recette, one row per theatre. Without figures: 400."""
    return _rows(request, Measure.TICKETS, production_number)


@router.get(
    "/productions/{production_number}/theaters/{int:theater_id}/sales", response=list[SalesRow], summary="Sales in one theatre"
)
def theater_sales(request: HttpRequest, production_number: str, theater_id: int) -> list[dict[str, object]]:
    """The row of one theatre."""
    return _rows(request, Measure.TICKETS, production_number, theatre_id=theater_id)


@router.get(
    "/productions/{production_number}/performances/{int:performance_id}/sales",
    response=list[SalesRow],
    summary="Sales of one performance",
)
def performance_sales(request: HttpRequest, production_number: str, performance_id: int) -> list[dict[str, object]]:
    """The row of one theatre with one performance."""
    return _rows(request, Measure.TICKETS, production_number, number=performance_id)


@router.get("/productions/{production_number}/reservations", response=list[SalesRow], summary="Reservations of a production")
def reservations(request: HttpRequest, production_number: str) -> list[dict[str, object]]:
    """Reservations that stand, one row per theatre. Without figures: 400."""
    return _rows(request, Measure.RESERVATIONS, production_number)


@router.get("/productions/{production_number}/blockedseats", response=list[SalesRow], summary="Blocked seats of a production")
def blocked_seats(request: HttpRequest, production_number: str) -> list[dict[str, object]]:
    """Seats that are blocked, one row per theatre; recette is their value where it was sent, else 0. Without figures: 400."""
    return _rows(request, Measure.BLOCKED, production_number)
