"""Outgoing mail: queued in the transaction of the act that it tells of, and sent by a job."""

from collections.abc import Iterable

from django.utils.translation import get_language
from procrastinate.contrib.django import app


def queue_mail(*, to: str | Iterable[str], subject: str, body: str) -> None:
    """Have a mail sent once the transaction is committed, to each addressee by itself.

    ``body`` is plain text, paragraphs apart by an empty line; the job adds a simple HTML twin in the active language. When the
    transaction fails, nothing is sent; when the mail server fails, the job tries again for two days.
    """
    addressees = [to] if isinstance(to, str) else list(to)
    task = app.configure_task("dip.registry.jobs.send_mail", queue="mail")
    for one in addressees:
        task.defer(to=one, subject=" ".join(subject.split()), body=body.strip(), language=get_language() or "nl")
