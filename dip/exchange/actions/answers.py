"""Calls with an Idempotency-Key: done once, answered as often as they are repeated."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from dip.exchange.models import KeptAnswer
from dip.exchange.terms import ANSWERS_KEPT
from dip.registry.terms import Access


class UnableToRepeat(Exception):
    """The key belongs to another body (``is_running`` False), or the first call with it is not finished (True)."""

    def __init__(self, message: str, *, is_running: bool) -> None:
        super().__init__(message)
        self.is_running = is_running


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call is answered with."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def answer_once(*, access: Access, at: datetime, key: str, digest: str, make: Callable[[], Answer]) -> tuple[Answer, bool]:
    """The answer of the first call with this key, and whether it is a repeat. ``digest`` is of what was sent.

    The answer is kept in the transaction of what ``make`` writes: a process that dies leaves neither, and the repeat begins anew.
    What ``make`` raises is not kept: nothing was written, and a corrected call may use the same key. Raises :class:`UnableToRepeat`.
    """
    with transaction.atomic():
        if not _is_turn(access, key):
            raise UnableToRepeat("The first call with this key is not finished. Repeat it in a moment.", is_running=True)
        mine = KeptAnswer.objects.within(access).filter(key=key)
        mine.filter(at__lt=at - ANSWERS_KEPT).delete()
        kept = mine.first()
        if kept is not None:
            if kept.digest != digest:
                raise UnableToRepeat("This key was used with another body. Use a new key for a new call.", is_running=False)
            return Answer(kept.status, kept.headers, bytes(kept.body)), True
        answer = make()
        KeptAnswer.objects.create(
            client_id=access.client_id,
            key=key,
            digest=digest,
            status=answer.status,
            headers=dict(answer.headers),
            body=answer.body,
            at=at,
        )
    return answer, False


def _is_turn(access: Access, key: str) -> bool:
    """Whether no other transaction is busy with the key; it is ours until this one ends."""
    name = hashlib.blake2b(f"{access.client_id}\x1f{key}".encode(), digest_size=8, person=b"dip.once").digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(name, signed=True)])
        (is_ours,) = cursor.fetchone()
    return bool(is_ours)
