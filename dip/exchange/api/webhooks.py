"""Webhooks over the API: kept, tried and replayed as on the page."""

from datetime import datetime

from django.db import transaction
from msgspec import UNSET, structs

from dip.exchange import actions
from dip.exchange.api.answering import check_version, tagged
from dip.exchange.api.operations import Call, Result, operation
from dip.exchange.api.paging import base
from dip.exchange.models import Endpoint, Notice
from dip.exchange.problems import Problem, error_at
from dip.exchange.queries import endpoints as queries
from dip.exchange.rules import bodies
from dip.exchange.rules import hook_shapes as shapes
from dip.exchange.terms import NoticeState
from dip.registry.terms import Access, Level

_TAG = "Webhooks"


@operation("GET", "/webhooks", tag=_TAG, summary="Your webhooks", level=Level.MANAGE, answer=shapes.WebhookList)
def list_webhooks(call: Call) -> Result:
    """Webhooks of your organisation that listen in the role in which you call."""
    rows = queries.endpoints_of(call.access, call.at, role=call.access.role.value)
    return Result(shapes.WebhookList(items=[_webhook(row) for row in rows]))


@operation(
    "POST", "/webhooks", tag=_TAG, summary="Make a webhook",
    level=Level.MANAGE, body=bodies.EndpointEntry, answer=shapes.WebhookWithSecret, status=201, refusals=(422,),
)  # fmt: skip
def make_webhook(call: Call) -> Result:
    """Have an address called from now on. The answer holds the signing secret, which is not told again."""
    body = call.body
    made, secret = actions.create_endpoint(
        access=call.access, at=call.at, url=body.url, event_types=body.event_types, description=body.description
    )
    return _with_secret(call, made.pk, secret, 201)


@operation(
    "GET", "/webhooks/{webhookId}", tag=_TAG, summary="One webhook", level=Level.MANAGE, answer=shapes.Webhook, refusals=(404,)
)
def read_webhook(call: Call) -> Result:
    """A webhook of yours, with how many notices wait and failed."""
    shape = _shown(call.access, call.path["webhookId"], call.at)
    return Result(shape, headers={"ETag": tagged(_versioned(shape)).headers["ETag"]})


@operation(
    "PATCH", "/webhooks/{webhookId}", tag=_TAG, summary="Change, pause or resume a webhook",
    level=Level.MANAGE, body=bodies.EndpointChange, answer=shapes.Webhook, refusals=(404, 412, 422, 428),
)  # fmt: skip
def change_webhook(call: Call) -> Result:
    """Change a webhook, with If-Match. What changes while it is paused or disabled is told after it is active again."""
    body, key, access, at = call.body, call.path["webhookId"], call.access, call.at
    with transaction.atomic():
        check_version(call.request, _versioned(_shown(access, key, at)))
        given = {name: getattr(body, name) for name in ("url", "event_types", "description")}
        actions.change_endpoint(
            access=access, at=at, endpoint_id=key, **{name: value for name, value in given.items() if value is not UNSET}
        )
        if body.state is not UNSET:
            move = actions.resume_endpoint if body.state == "active" else actions.pause_endpoint
            move(access=access, at=at, endpoint_id=key)
        shape = _shown(access, key, at)
        return Result(shape, headers={"ETag": tagged(_versioned(shape)).headers["ETag"]})


@operation(
    "DELETE", "/webhooks/{webhookId}", tag=_TAG, summary="Remove a webhook",
    level=Level.MANAGE, answer=None, status=204, refusals=(404,),
)  # fmt: skip
def remove_webhook(call: Call) -> Result:
    """Remove a webhook with its notices. Nothing is sent to it any more."""
    with _there(call.path["webhookId"]):
        actions.remove_endpoint(access=call.access, at=call.at, endpoint_id=call.path["webhookId"])
    return Result(None, 204)


@operation(
    "POST", "/webhooks/{webhookId}/secrets", tag=_TAG, summary="Rotate the signing secret",
    level=Level.MANAGE, body=bodies.SecretRotation, answer=shapes.WebhookWithSecret, status=201, refusals=(404, 422),
)  # fmt: skip
def rotate_webhook_secret(call: Call) -> Result:
    """A new secret. For seven days both sign, so that you can change over; with endsAtOnce only the new one."""
    key = call.path["webhookId"]
    with _there(key):
        _, secret = actions.rotate_endpoint_secret(
            access=call.access, at=call.at, endpoint_id=key, ends_at_once=call.body.ends_at_once
        )
    return _with_secret(call, key, secret, 201)


@operation(
    "POST", "/webhooks/{webhookId}/pings", tag=_TAG, summary="Send a ping",
    level=Level.MANAGE, body=bodies.Ping, answer=shapes.NoticeSent, status=202, refusals=(404, 422),
)  # fmt: skip
def ping_webhook(call: Call) -> Result:
    """Have a ping sent within a minute; its notice tells how it went."""
    key = call.path["webhookId"]
    with _there(key):
        notice = actions.ping_endpoint(access=call.access, at=call.at, endpoint_id=key)
    row, _, _ = queries.notice_of(call.access, key, notice.pk)
    return Result(_notice(row), 202)


@operation(
    "GET", "/webhooks/{webhookId}/notices", tag=_TAG, summary="Notices of a webhook",
    level=Level.MANAGE, query=bodies.NoticeQuery, answer=shapes.NoticePage, refusals=(404,),
)  # fmt: skip
def list_notices(call: Call) -> Result:
    """What was sent to a webhook and what it answered last, newest first; kept for thirty days."""
    key, query = call.path["webhookId"], call.query
    _shown(call.access, key, call.at)
    state = NoticeState(query.state) if query.state else None
    found = queries.notices_of(call.access, key, state=state, before=query.before)
    items = [_notice(row) for row in found[: queries.PAGE]]
    return Result(shapes.NoticePage(items=items, next_before=items[-1].id if len(found) > queries.PAGE else None))


@operation(
    "POST", "/webhooks/{webhookId}/replays", tag=_TAG, summary="Send notices again",
    level=Level.MANAGE, body=bodies.Replay, answer=shapes.ReplayResult, status=202, refusals=(404, 422),
)  # fmt: skip
def replay_notices(call: Call) -> Result:
    """Send one notice again (noticeId), or all that were given up and made since a moment (failedSince). Under the same webhook-id, so
    that what you took in already you recognise."""
    body, key = call.body, call.path["webhookId"]
    if (body.notice_id is None) == (body.failed_since is None):
        told = "Send noticeId or failedSince, one of the two."
        raise Problem("refused", told, errors=[error_at("#/noticeId", told)])
    with _there(key):
        if body.notice_id is not None:
            actions.replay_notice(access=call.access, at=call.at, endpoint_id=key, notice_id=body.notice_id)
            return Result(shapes.ReplayResult(notices=1), 202)
        count = actions.replay_failed(access=call.access, at=call.at, endpoint_id=key, since=body.failed_since)
    return Result(shapes.ReplayResult(notices=count), 202)


class _there:  # reads as a sentence: with _there(key)
    """What is not the caller's is not found."""

    def __init__(self, key: int) -> None:
        self._key = key

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, Endpoint.DoesNotExist | Notice.DoesNotExist):
            raise Problem("not-found", f"There is no such thing of webhook {self._key} here for you.") from error


def _shown(access: Access, key: int, at: datetime) -> shapes.Webhook:
    with _there(key):
        return _webhook(queries.endpoint_of(access, key, at, role=access.role.value))
    raise AssertionError  # the block returns or raises


def _versioned(shape: shapes.Webhook) -> shapes.Webhook:
    """What its tag is made of: what people change, not what deliveries count."""
    return structs.replace(shape, waiting=0, failed=0, accepted_at=None, failing_since=None)


def _with_secret(call: Call, key: int, secret: str, status: int) -> Result:
    shape = _shown(call.access, key, call.at)
    body = shapes.WebhookWithSecret(**structs.asdict(shape), secret=secret)
    return Result(body, status, {"Location": f"{base()}/webhooks/{key}", "Cache-Control": "no-store"})


def _webhook(row: queries.EndpointRow) -> shapes.Webhook:
    return shapes.Webhook(
        id=row.id,
        url=row.url,
        description=row.description,
        event_types=[one.value for one in row.event_types],
        role=row.role,  # type: ignore[arg-type]  # roles are the literals
        state=row.state.value,
        disabled_reason=row.disabled_reason or None,  # type: ignore[arg-type]  # reasons are the literals
        secrets=[shapes.SigningSecret(hint=s.hint, created_at=s.created_at, expires_at=s.expires_at) for s in row.secrets],
        waiting=row.waiting,
        failed=row.failed,
        accepted_at=row.accepted_at,
        failing_since=row.failing_since,
        created_at=row.created_at,
        created_by=row.created_by,
        changed_at=row.changed_at,
    )


def _notice(row: queries.NoticeRow) -> shapes.NoticeSent:
    one = row.last
    last = one and shapes.Try(at=one.at, status=one.status, milliseconds=one.milliseconds, text=one.text, error=one.error)
    return shapes.NoticeSent(
        id=row.id,
        message_id=row.message_id,
        event_type=row.event_type.value,
        subject=row.subject,
        state=row.state.value,
        attempts=row.attempts,
        created_at=row.created_at,
        next_at=row.next_at,
        settled_at=row.settled_at,
        last_attempt=last or None,
    )
