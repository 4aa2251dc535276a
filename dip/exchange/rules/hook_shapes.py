"""Objects of ``/api/v2`` about webhooks, as they are answered."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from dip.exchange.rules.shapes import Out, RoleName

EndpointStateName = Literal["active", "paused", "disabled"]
NoticeStateName = Literal["waiting", "delivered", "failed"]


class SigningSecret(Out):
    """A secret that signs; only its last four characters are told."""

    hint: str
    created_at: datetime
    expires_at: datetime | None


class Webhook(Out):
    """An address that is called when something changes. A disabled one is no longer called: it was gone, or failed for five days."""

    id: int
    url: str
    description: str
    event_types: list[str]
    role: RoleName
    state: EndpointStateName
    disabled_reason: Literal["gone", "failing"] | None
    secrets: list[SigningSecret]
    waiting: Annotated[int, Meta(description="notices that are not delivered yet")]
    failed: Annotated[int, Meta(description="notices that were tried to the end of the schedule")]
    accepted_at: Annotated[datetime | None, Meta(description="when it last answered 2xx")]
    failing_since: datetime | None
    created_at: datetime
    created_by: str
    changed_at: datetime


class WebhookWithSecret(Webhook):
    """A webhook and its new secret, which is told only now."""

    secret: Annotated[str, Meta(description="whsec_ and base64; keep it")]


class WebhookList(Out):
    """Webhooks, oldest first."""

    items: list[Webhook]


class Try(Out):
    """One attempt. ``status`` null: no answer came, and ``error`` says why."""

    at: datetime
    status: int | None
    milliseconds: int
    text: Annotated[str, Meta(description="begin of the answer")]
    error: str


class NoticeSent(Out):
    """One event for one webhook. ``messageId`` is its webhook-id, the same at each attempt."""

    id: int
    message_id: str
    event_type: str
    subject: str
    state: NoticeStateName
    attempts: int
    created_at: datetime
    next_at: datetime | None
    settled_at: datetime | None
    last_attempt: Try | None


class NoticePage(Out):
    """Notices, newest first."""

    items: list[NoticeSent]
    next_before: Annotated[int | None, Meta(description="give it as ``before`` for older ones")]


class ReplayResult(Out):
    """How many notices will be sent again."""

    notices: int
