"""Positions: the cumulative states of your performances, what was accepted since, and handing in new ones."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from dip.exchange.api.findings import error_at
from dip.exchange.api.operations import Call, Result, operation
from dip.exchange.api.paging import base, page, read_cursor
from dip.exchange.api.performances import filter_of
from dip.exchange.problems import Problem
from dip.exchange.queries.horizon import horizon
from dip.exchange.queries.positions import PositionFilter, Stand, accepted_positions, snapshot_positions
from dip.exchange.rules import bodies, shapes
from dip.exchange.rules.rows import UnableToReadRows, read_rows
from dip.registry.terms import AccessDenied, Level, Module
from dip.ticketing.actions import accept_positions
from dip.ticketing.models import Delivery
from dip.ticketing.queries import deliveries as receipts
from dip.ticketing.rules.bodies import MAX_BYTES
from dip.ticketing.rules.findings import message
from dip.ticketing.terms import Finding, Measure, Receipt

_TAG = "Positions"


def _read(raw: bytes) -> Any:
    try:
        return read_rows(raw)
    except UnableToReadRows as error:
        raise Problem("unreadable", str(error), errors=[error_at(error.pointer, str(error))]) from error


@operation(
    "GET", "/positions", tag=_TAG, summary="Positions, and what was accepted since",
    module=Module.SALES, query=bodies.PositionQuery, answer=shapes.PositionPage,
)  # fmt: skip
def list_positions(call: Call) -> Result:
    """Every state that was ever accepted of your performances, which never changes. First all that is known, by performance (a page may
    be shorter than the limit); then links.changes answers what was accepted since, without a gap."""
    query = call.query
    measure = Measure[query.measure.upper()] if query.measure else None
    given = PositionFilter(filter_of(query), query.performance, measure, query.changed_since)
    until = horizon()
    txid, last, number = read_cursor(call, "positions", (until, 0, 0))
    stand = Stand(txid, last, number)
    if stand.in_snapshot:
        found = snapshot_positions(call.access, given, stand, query.limit)
    else:
        found = accepted_positions(call.access, given, stand, until, query.limit)
    numbers = (found.stand.txid, found.stand.last, found.stand.number)
    return page(call, "positions", shapes.PositionPage, numbers, found.has_more, items=found.items)


@operation(
    "POST", "/positions", tag=_TAG, summary="Hand in figures",
    module=Module.SALES, level=Level.MANAGE, body=bodies.FiguresBody, answer=shapes.Delivery, status=201, refusals=(422,),
    most_bytes=MAX_BYTES, read_body=_read,
)  # fmt: skip
def hand_in_positions(call: Call) -> Result:
    """The full state of each performance now, of one measure. Rows are judged one by one: what is good is kept, and the receipt tells
    what was not, and why. With no row kept the answer is a problem 422 that holds the same receipt. Sending a body twice is safe."""
    if not (call.access.is_taker or call.access.is_platform):
        raise AccessDenied("Only theatres and festivals hand in figures.")
    measure, rows, unreadable = call.body
    receipt = accept_positions(
        access=call.access, at=call.at, measure=measure, rows=rows, source=call.access.actor, unreadable=unreadable
    )
    shape = _receipt(receipt, call.access.actor)
    where = {"Location": f"{base()}/deliveries/{receipt.delivery_id}"}
    if receipt.rejected < receipt.row_count:
        return Result(shape, 201, where)
    first = next(finding for finding in shape.findings if not finding.kept)
    told = f"None of the {shape.rows} rows was kept. Row {first.row}: {first.message}"
    errors = [error_at(f"#/rows/{one.row}", one.message, one.code) for one in shape.findings if not one.kept]
    problem = Problem("refused", told, errors=errors, receipt=shape)
    return Result(msgspec.Raw(problem.response().content), 422, where, is_problem=True)


@operation(
    "GET", "/deliveries", tag=_TAG, summary="Receipts of figures",
    module=Module.SALES, query=bodies.DeliveryQuery, answer=shapes.DeliveryPage,
)  # fmt: skip
def list_deliveries(call: Call) -> Result:
    """What your organisation handed in, newest first."""
    found = receipts.deliveries(call.access, before=call.query.before, with_findings=call.query.with_findings)
    items = [_kept(row) for row in found[: receipts.PAGE]]
    following = items[-1].id if len(found) > receipts.PAGE else None
    return Result(shapes.DeliveryPage(items=items, next_before=following))


@operation(
    "GET", "/deliveries/{deliveryId}", tag=_TAG, summary="One receipt", module=Module.SALES, answer=shapes.Delivery, refusals=(404,)
)
def read_delivery(call: Call) -> Result:
    """What became of one body that your organisation handed in."""
    try:
        return Result(_kept(receipts.delivery(call.access, call.path["deliveryId"])))
    except Delivery.DoesNotExist as error:
        raise Problem("not-found", f"There is no delivery {call.path['deliveryId']} here for you.") from error


def _receipt(receipt: Receipt, source: str) -> shapes.Delivery:
    counts = (receipt.row_count, receipt.accepted, receipt.unchanged, receipt.rejected)
    return _delivery(receipt.delivery_id, receipt.measure, source, receipt.received_at, counts, receipt.findings, message)


def _kept(row: receipts.DeliveryRow) -> shapes.Delivery:
    counts = (row.row_count, row.accepted, row.unchanged, row.rejected)
    return _delivery(row.id, row.measure, row.source, row.received_at, counts, row.findings, message)


def _delivery(
    key: int,
    measure: Measure,
    source: str,
    received_at: datetime,
    counts: tuple[int, int, int, int],
    findings: Any,
    words: Callable[[Finding], str],
) -> shapes.Delivery:
    told = [
        shapes.ReceiptFinding(row=one.row, number=one.number, code=one.code.value, kept=not one.rejects, message=words(one))
        for one in findings
    ]
    rows, accepted, unchanged, rejected = counts
    return shapes.Delivery(
        id=key,
        measure=measure.name.lower(),  # type: ignore[arg-type]  # the names are the literals
        source=source,
        received_at=received_at,
        rows=rows,
        accepted=accepted,
        unchanged=unchanged,
        rejected=rejected,
        findings=told,
    )
