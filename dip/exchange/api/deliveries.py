"""Deliveries of orders: the door through which ticketing systems hand in their tickets, and the receipts."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError

from dip.exchange.api.operations import Call, Result, operation
from dip.exchange.api.paging import base
from dip.exchange.problems import Problem, error_at, error_in
from dip.exchange.rules import order_shapes as shapes
from dip.registry.terms import Level, Module
from dip.warehouse.actions import landing
from dip.warehouse.queries import receipts
from dip.warehouse.rules.decoding import MOST_BYTES, MOST_ROWS, UnableToDecode, unpack
from dip.warehouse.rules.verdicts import WORDS, Verdict

_TAG = "Orders"
NDJSON, PARQUET = "application/x-ndjson", "application/vnd.apache.parquet"
KINDS = (NDJSON, PARQUET)
#: Verdicts in a receipt itself.
SHOWN = 100
_ID = re.compile(r"[!-~]{1,100}")
_HEADERS: dict[str, tuple[dict[str, Any], str]] = {
    "Delivery-Id": (
        {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]{1,100}$"},
        "your own id of this delivery, a UUID for example; sent again it answers the same receipt",
    ),
    "Content-Encoding": ({"type": "string", "enum": ["gzip", "identity"]}, "gzip, or left out"),
}


class _Sent(NamedTuple):
    """What was sent: the kind of body, its bytes unpacked, and the sender's id of it."""

    kind: str
    body: bytes
    delivery_id: str


def _read(request: HttpRequest) -> _Sent:
    delivery_id = request.headers.get("Delivery-Id", "").strip()
    if not _ID.fullmatch(delivery_id):
        told = "Send the header Delivery-Id: 1 to 100 printable ASCII characters without spaces, a UUID for example."
        raise Problem("unreadable", told, errors=[error_in("Delivery-Id", told)])
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in KINDS:
        told = f"The body has the type {kind[:60] or '(none)'}. Send NDJSON with Content-Type: {NDJSON}, or Parquet with {PARQUET}."
        raise Problem("unsupported-media-type", told, headers={"Accept-Post": ", ".join(KINDS)})
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        told = f"Content-Encoding {encoding[:40]} is not known. Send gzip, or no encoding."
        raise Problem("unsupported-media-type", told, headers={"Accept-Encoding": "gzip"})
    try:
        raw = request.body
        return _Sent(kind, unpack(raw) if encoding.endswith("gzip") else raw, delivery_id)
    except RequestDataTooBig as error:
        raise Problem("too-large", f"The body is too large. Pack it, or send at most {MOST_ROWS} rows at once.") from error
    except UnreadablePostError as error:
        raise Problem("unreadable", "The body ended too early. Send it again, whole.") from error
    except UnableToDecode as error:
        raise Problem("too-large" if error.is_large else "unreadable", str(error)) from error


@operation(
    "POST", "/deliveries", tag=_TAG, summary="Hand in orders", module=Module.AUDIENCE, level=Level.MANAGE, query=shapes.OrderQuery,
    body=str, kinds=KINDS, read_raw=_read, sent_headers=_HEADERS, answer=shapes.OrderReceipt, status=201, refusals=(200, 409, 422),
    most_bytes=MOST_BYTES,
)  # fmt: skip
def hand_in_orders(call: Call) -> Result:
    """Tickets in the standard format for orders, one JSON object a line, 100,000 at most; or the same columns as Parquet. Rows are judged
    one by one: what is good is kept, and the receipt tells what was not, why, and what to do. Addresses, dates of birth and postcodes are
    made pseudonymous and coarse before anything is written. The same Delivery-Id with the same body answers the same receipt (200), with
    another body it is refused (409). With no row kept the answer is a problem 422 that holds the receipt."""
    sent: _Sent = call.body
    source = landing.source_for(access=call.access, at=call.at, system=call.query.system, account=call.query.account)
    take = landing.land if sent.kind == NDJSON else landing.land_parquet
    try:
        landed = take(access=call.access, at=call.at, source=source, delivery_id=sent.delivery_id, body=sent.body)
    except landing.UnableToLand as error:
        kind = "delivery-used" if error.is_conflict else "too-large" if error.is_large else "unreadable"
        raise Problem(kind, error.message) from error
    shape = _receipt(receipts.receipt(call.access, landed.batch_id))
    where = {"Location": f"{base()}/deliveries/orders/{landed.batch_id}"}
    if landed.rejected < landed.total:
        return Result(shape, 200 if landed.is_repeat else 201, where)
    first = shape.verdicts[0]
    told = f"None of the {shape.rows} rows was kept. Row {first.row}{f', {first.field}' if first.field else ''}: {first.reason}"
    errors = [error_at(f"#/{one.row}/{one.field}".rstrip("/"), one.reason, one.code) for one in shape.verdicts]
    problem = Problem("refused", told, errors=errors, receipt=shape)
    return Result(msgspec.Raw(problem.response().content), 422, where, is_problem=True)


@operation(
    "GET", "/deliveries/orders", tag=_TAG, summary="Receipts of orders", module=Module.AUDIENCE, query=shapes.OrderListQuery,
    answer=shapes.OrderReceiptPage,
)  # fmt: skip
def list_order_deliveries(call: Call) -> Result:
    """What your organisation handed in, newest first, without the verdicts."""
    found = receipts.receipts(call.access, before=call.query.before)
    items = [shapes.OrderReceiptLine(**_members(one)) for one in found[: receipts.PAGE]]
    return Result(shapes.OrderReceiptPage(items=items, next_before=items[-1].id if len(found) > receipts.PAGE else None))


@operation(
    "GET", "/deliveries/orders/{batchId}", tag=_TAG, summary="One receipt of orders", module=Module.AUDIENCE,
    answer=shapes.OrderReceipt, refusals=(404,),
)  # fmt: skip
def read_order_delivery(call: Call) -> Result:
    """What became of one delivery that your organisation handed in."""
    return Result(_receipt(_found(call)))


@operation(
    "GET", "/deliveries/orders/{batchId}/verdicts", tag=_TAG, summary="Verdicts of one delivery", module=Module.AUDIENCE,
    query=shapes.VerdictQuery, answer=shapes.VerdictPage, refusals=(404,),
)  # fmt: skip
def list_order_verdicts(call: Call) -> Result:
    """Why rows were refused, or what was left out of rows that were kept. The first thousand of a delivery are kept."""
    verdicts, after = _found(call).verdicts, call.query.after
    until = after + call.query.limit
    items = _told(verdicts[after:until])
    return Result(shapes.VerdictPage(items=items, next_after=until if len(verdicts) > until else None))


def _found(call: Call) -> receipts.ReceiptRow:
    try:
        return receipts.receipt(call.access, call.path["batchId"])
    except receipts.UnknownReceipt as error:
        raise Problem("not-found", str(error)) from error


def _receipt(row: receipts.ReceiptRow) -> shapes.OrderReceipt:
    return shapes.OrderReceipt(**_members(row), verdict_counts=row.counts, verdicts=_told(row.verdicts[:SHOWN]))


def _members(row: receipts.ReceiptRow) -> dict[str, Any]:
    moment: datetime = row.received_at
    return {
        "id": row.id, "delivery_id": row.delivery_id, "system": row.system, "account": row.account, "received_at": moment,
        "state": row.state, "rows": row.total, "accepted": row.accepted, "repeated": row.repeated, "rejected": row.rejected,
    }  # fmt: skip


def _told(verdicts: Iterable[Verdict]) -> list[shapes.OrderVerdict]:
    return [
        shapes.OrderVerdict(
            row=one.row, field=one.field, code=one.code.value, kept=not one.rejects, reason=WORDS[one.code][0], remedy=WORDS[one.code][1]
        )
        for one in verdicts
    ]  # fmt: skip
