"""Whatever answers with figures about people notes who looked: every request, whichever page or endpoint, and every job.

The answer comes first. When the note cannot be written (a database that only reads, for one), the answer stays, and the platform's log
tells the looks instead.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

log = structlog.get_logger(__name__)


class LookLog:
    """Middleware; outside whatever may call the warehouse's door."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, and note what was looked at, also when the answer is a refusal or a failure half way."""
        with noting():
            response = self.get_response(request)
        if response.streaming and not response.is_async:  # type: ignore[attr-defined]
            response.streaming_content = _streamed(response.streaming_content)  # type: ignore[attr-defined]
        return response


def note_job(call_next: Callable[[], Any], context: Any, worker: Any) -> Any:
    """Middleware of the worker: the same for a job."""
    with noting():
        return call_next()


@contextmanager
def noting() -> Iterator[None]:
    """Looks inside are written when it ends."""
    from dip.warehouse.rules.looking import gathering

    gathered: dict[Any, set[int]] = {}
    try:
        with gathering(gathered):
            yield
    finally:
        if gathered:
            _write(gathered)


def _streamed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """A body that is made while it is sent is looked at then."""
    with noting():
        yield from chunks


def _write(gathered: dict[Any, set[int]]) -> None:
    from django.db import DatabaseError

    from dip.kernel import clock
    from dip.warehouse.actions.looking import note

    try:
        note(at=clock.now(), looks=gathered)
    except DatabaseError:
        told = [[look.organisation, look.person, look.purpose, look.kind, look.production, look.season] for look in gathered]
        log.exception("looks could not be noted", looks=told)
