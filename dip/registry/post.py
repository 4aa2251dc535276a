"""Outgoing mail: queued in the transaction of the act that it tells of, and sent by a job."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from procrastinate.contrib.django import app

from dip.registry.models import Enclosure


def enclose(*, organisation_id: int, name: str, content_type: str, content: bytes, at: datetime) -> int:
    """Keep a file of an organisation for mails to carry; its number, for :func:`queue_mail`. Jobs stay small."""
    kept = Enclosure.objects.create(
        organisation_id=organisation_id, name=name, content_type=content_type, content=content, made_at=at
    )
    return int(kept.pk)


def queue_mail(
    *,
    to: str | Iterable[str],
    subject: str,
    body: str,
    page: str = "",
    enclosures: Sequence[int] = (),
    unsubscribe: str = "",
) -> None:
    """Have a mail sent once the transaction is committed, to each addressee by itself.

    ``body`` is plain text, paragraphs apart by an empty line; the job adds a simple HTML twin in the active language, or ``page``
    when that is given. ``enclosures``: numbers from :func:`enclose`. ``unsubscribe``: the address that stops such mails with one
    POST (RFC 8058); only for mails to one addressee. When the transaction fails, nothing is sent; when the mail server fails, the
    job tries again for two days.
    """
    addressees = [to] if isinstance(to, str) else list(to)
    task = app.configure_task("dip.registry.jobs.send_mail", queue="mail")
    more: dict[str, Any] = {"page": page, "enclosures": list(enclosures), "unsubscribe": unsubscribe}
    given = {name: value for name, value in more.items() if value}
    for one in addressees:
        task.defer(to=one, subject=" ".join(subject.split()), body=body.strip(), language=get_language() or "nl", **given)
