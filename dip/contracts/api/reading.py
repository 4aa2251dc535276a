"""Reading agreements, surcharges, contacts and settlement sheets, narrowed to the caller's own organisation."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field

from dip.contracts.api import shapes
from dip.contracts.api.routing import router
from dip.contracts.queries import wire, wire_borderellen
from dip.kernel import clock
from dip.registry.bearer import ApiError, need, not_found
from dip.registry.terms import Access, Module, Role

_MOST, _USUAL = 500, 50
_DIRECTIONS = {"asc": False, "ascending": False, "desc": True, "descending": True}


class Since(Schema):
    """From when changes are wanted."""

    modifiedSince: str | None = Field(None, description="local time such as 2026-11-01T00:00:00, or a day")


class Part(Schema):
    """Which part of a list is wanted, and in which order."""

    Offset: str | None = Field(None, description="sheets to pass over; 0 when left out")
    Limit: str | None = Field(None, description=f"sheets at most; {_USUAL} when left out, {_MOST} at most")
    SortColumn: str | None = Field(None, description="id, contractId, performanceId, date or modified")
    SortDirection: str | None = Field(None, description="asc or desc")


def reader(request: HttpRequest) -> Access:
    """The access of the call, which may view agreements."""
    access: Access = request.auth  # type: ignore[attr-defined]
    need(access, Module.CONTRACTS)
    return access


def _since(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment if moment.tzinfo else clock.from_local(moment)
    except (ValueError, OverflowError) as error:
        raise ApiError(f"modifiedSince {text[:40]} is no moment. Send it as 2026-11-01T00:00:00.") from error


@router.get("/contracts", response={200: list[shapes.Contract], 400: shapes.Refusal}, summary="Agreements")
def contracts(request: HttpRequest, asked: Query[Since]) -> list[dict[str, Any]]:
    """Your agreements, in the order in which they changed; with modifiedSince those changed from then on. A theatre sees what was
    proposed to it."""
    access = reader(request)
    return [shapes.contract(one) for one in wire.wire_contracts(access, modified_since=_since(asked.modifiedSince))]


@router.get("/contracts/{production_number}", response=list[shapes.Contract], summary="Agreements of a production")
def contracts_of(request: HttpRequest, production_number: str) -> list[dict[str, Any]]:
    """Your agreements for one production; an empty array when there are none."""
    return [shapes.contract(one) for one in wire.wire_contracts(reader(request), dip_id=production_number)]


def _agency(request: HttpRequest) -> Access:
    access = reader(request)
    if access.role is not Role.AGENCY:
        raise ApiError("Not an agency")
    return access


@router.get("/theaters/fees", response={200: list[shapes.TheaterFees], 400: shapes.Refusal}, summary="Surcharges of all theatres")
def all_fees(request: HttpRequest) -> list[dict[str, Any]]:
    """Per hall the periods with their surcharges, newest first. For agencies."""
    return [shapes.fees(one) for one in wire.theatre_fees(_agency(request))]


@router.get(
    "/theaters/{int:theater_id}/fees",
    response={200: list[shapes.TheaterFees], 400: shapes.Refusal},
    summary="Surcharges of a theatre",
)
def fees_of(request: HttpRequest, theater_id: int) -> list[dict[str, Any]]:
    """As /theaters/fees, of one theatre; an empty array when it has none. For agencies."""
    return [shapes.fees(one) for one in wire.theatre_fees(_agency(request), theatre_id=_id(theater_id))]


def _id(number: int) -> int:
    """A key that a table can hold; 0, which is nobody's, for others."""
    return number if number < 2**63 else 0


@router.get("/theater/contacts", response=list[shapes.Contact], summary="Where proposals go")
def contacts(request: HttpRequest) -> list[dict[str, Any]]:
    """Addresses per theatre: its own, and those of your earlier agreements."""
    found = wire.contract_contacts(reader(request))
    return [{"theater": {"id": theatre.id, "name": theatre.name}, "emails": list(emails)} for theatre, emails in found]


@router.get("/borderellen", response={200: shapes.BorderelList, 400: shapes.Refusal}, summary="Settlement sheets")
def borderellen(request: HttpRequest, part: Query[Part]) -> dict[str, Any]:
    """One sheet per performance under a binding agreement, calculated; newest performance first unless sorted otherwise."""
    access = reader(request)
    offset, limit = _count("Offset", part.Offset, 0, 2**31), _count("Limit", part.Limit, _USUAL, _MOST)
    if not limit:
        raise ApiError(f"Limit 0 asks for nothing. Send 1 to {_MOST}.")
    sort = part.SortColumn or "date"
    if sort not in wire_borderellen.SORTS:
        raise ApiError(f"SortColumn {sort[:40]} is not known. Send one of {', '.join(wire_borderellen.SORTS)}.")
    descending = _direction(part.SortDirection, default=part.SortColumn is None)
    today = clock.local(clock.now()).date()
    found = wire_borderellen.borderellen(access, offset=offset, limit=limit, sort=sort, descending=descending, today=today)
    return {"data": [shapes.sheet(one) for one in found.rows], "meta": {"pagination": _pagination(offset, limit, found.total)}}


def _count(name: str, text: str | None, usual: int, most: int) -> int:
    if text is None or text == "":
        return usual
    if not (text.isascii() and text.isdigit()) or len(text) > 10 or int(text) > most:
        raise ApiError(f"{name} {text[:40]} is not a number from 0 to {most}.")
    return int(text)


def _direction(text: str | None, *, default: bool) -> bool:
    if not text:
        return default
    if text.lower() not in _DIRECTIONS:
        raise ApiError(f"SortDirection {text[:40]} is not known. Send asc or desc.")
    return _DIRECTIONS[text.lower()]


def _pagination(offset: int, limit: int, total: int) -> dict[str, Any]:
    return {
        "page": offset // limit + 1,
        "pageSize": limit,
        "totalItems": total,
        "totalPages": -(-total // limit),
        "hasNextPage": offset + limit < total,
        "hasPreviousPage": offset > 0,
    }


@router.get(
    "/borderellen/{int:borderel_id}",
    response={200: shapes.BorderelObject, 404: shapes.Refusal},
    summary="One settlement sheet",
)
def borderel(request: HttpRequest, borderel_id: int) -> dict[str, Any]:
    """The sheet of one performance."""
    found = wire_borderellen.borderel(reader(request), _id(borderel_id), clock.local(clock.now()).date())
    if found is None:
        raise not_found(f"No borderel {borderel_id}")
    return shapes.sheet(found)
