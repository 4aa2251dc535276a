"""The write side of the external API: four cumulative pushes, in bulk, each answered with a receipt."""

from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.http import HttpRequest, HttpResponse

from dip.kernel import clock
from dip.registry.bearer import ApiError, called_with, need_taker
from dip.registry.terms import Access, Level, Module
from dip.ticketing.actions import accept_positions
from dip.ticketing.rules.bodies import UnableToReadBody, read_body, read_capacity, unpacked
from dip.ticketing.rules.findings import message
from dip.ticketing.terms import Finding, Measure, PositionRow, Receipt

_WIRE_ZONE = ZoneInfo("Europe/Amsterdam")
_encode = msgspec.json.Encoder().encode
_pushes = called_with("PUT", Module.SALES, Level.MANAGE)


@_pushes
def tickets(request: HttpRequest, access: Access) -> HttpResponse:
    """``PUT /tickets/cumulative``."""
    return _push(request, access, Measure.TICKETS)


@_pushes
def reservations(request: HttpRequest, access: Access) -> HttpResponse:
    """``PUT /reservations/cumulative``."""
    return _push(request, access, Measure.RESERVATIONS)


@_pushes
def blocked_seats(request: HttpRequest, access: Access) -> HttpResponse:
    """``PUT /blocked-seats/cumulative``, also spelled ``/blockedseats/cumulative``."""
    return _push(request, access, Measure.BLOCKED)


@_pushes
def capacity(request: HttpRequest, access: Access, production: str, number: int) -> HttpResponse:
    """``PUT /productions/{production}/performances/{number}/capacity``."""
    need_taker(access, or_platform=True)
    try:
        rows, unreadable = read_capacity(_body(request), production, number)
    except UnableToReadBody as error:
        raise ApiError(str(error)) from error
    return _accept(access, Measure.CAPACITY, rows, unreadable)


def _push(request: HttpRequest, access: Access, measure: Measure) -> HttpResponse:
    need_taker(access, or_platform=True)
    try:
        rows, unreadable = read_body(measure, _body(request))
    except UnableToReadBody as error:
        raise ApiError(str(error)) from error
    return _accept(access, measure, rows, unreadable)


def _body(request: HttpRequest) -> bytes:
    return unpacked(request.body, request.headers.get("Content-Encoding", ""))


def _accept(access: Access, measure: Measure, rows: list[PositionRow], unreadable: list[Finding]) -> HttpResponse:
    receipt = accept_positions(
        access=access, at=clock.now(), measure=measure, rows=rows, source=access.actor, unreadable=unreadable
    )
    answer = receipt_on_wire(receipt)
    if receipt.rejected == receipt.row_count:
        first = next(finding for finding in receipt.findings if finding.rejects)
        told = f"None of the {receipt.row_count} rows was kept. Row {first.row}: {message(first)}"
        return ApiError(told, **answer).response()
    return HttpResponse(_encode(answer), content_type="application/json")


def receipt_on_wire(receipt: Receipt) -> dict[str, Any]:
    """The receipt as the wire shows it; findings point to rows of the body, from 0."""
    return {
        "receipt": receipt.delivery_id,
        "measure": receipt.measure.name.lower(),
        "received": clock.local(receipt.received_at, _WIRE_ZONE).replace(tzinfo=None).isoformat(timespec="seconds"),
        "rows": receipt.row_count,
        "accepted": receipt.accepted,
        "unchanged": receipt.unchanged,
        "rejected": receipt.rejected,
        "findings": [
            {
                "row": finding.row,
                "number": finding.number,
                "code": finding.code.value,
                "kept": not finding.rejects,
                "message": message(finding),
            }
            for finding in receipt.findings
        ],
    }
