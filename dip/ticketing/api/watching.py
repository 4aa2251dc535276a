"""The watch over API calls: notes those of clients under a conformance run, after they were answered. Others cost nothing."""

import base64
import json
import time
from collections.abc import Callable
from datetime import timedelta

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException

from dip.kernel import clock
from dip.ticketing.actions.conformance import note_call
from dip.ticketing.conformance import watched
from dip.ticketing.conformance.calls import read_call
from dip.ticketing.queries.conformance import watched_runs

log = structlog.get_logger("dip.ticketing.conformance")
#: What is known of runs is read anew after this long, also when nobody said that something changed.
REMEMBERED = timedelta(minutes=5)
Runs = dict[str, tuple[int, tuple[int, ...]]]


class ConformanceWatch:
    """Innermost middleware: it sees what the endpoints see, and what they answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._prefixes = tuple(f"/{prefix}/" if prefix else "/" for prefix in (settings.API_PREFIX, "yesplan/v1"))
        self._runs: Runs = {}
        self._stamp, self._read_at = -1, 0.0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, and note the call when its client is watched."""
        response = self.get_response(request)
        prefix = next((one for one in self._prefixes if request.path.startswith(one)), None)
        if prefix is not None and response.status_code != 401:  # whoever is not who they say has no place in a report
            try:
                self._note(request, response, prefix)
            except DatabaseError:  # the caller was answered already; a report that lacks a call is the lesser evil
                log.exception("a call could not be noted", path=request.path)
        return response

    def _note(self, request: HttpRequest, response: HttpResponse, prefix: str) -> None:
        runs = self._going_on()
        client, token = _caller(request) if runs and _is_proven(request) else ("", "")
        if client not in runs or response.streaming:
            return
        run_id, named = runs[client]
        call = read_call(
            at=clock.now(),
            method=request.method or "",
            path=request.path[len(prefix) :],
            status=response.status_code,
            agent=request.headers.get("User-Agent", ""),
            token=token,
            body=_body(request),
            encoding=request.headers.get("Content-Encoding", ""),
            answer=response.content,
            named=named,
        )
        note_call(run_id=run_id, call=call)

    def _going_on(self) -> Runs:
        """Runs that go on, as last read."""
        stamp = watched.stamp()
        if stamp == 0:
            return {}
        if stamp != self._stamp or time.monotonic() - self._read_at > REMEMBERED.total_seconds():
            self._runs = watched_runs(clock.now())
            self._stamp, self._read_at = stamp, time.monotonic()
        return self._runs


def _is_proven(request: HttpRequest) -> bool:
    """Whether the endpoint asks who calls; a public page does not, so what a token says there proves nothing."""
    view = request.resolver_match.func if request.resolver_match else None
    return view is not None and (getattr(view, "guarded_by", "") != "public" or request.path.endswith("/token"))


def _caller(request: HttpRequest) -> tuple[str, str]:
    """The client's id and its token. The endpoint has accepted the call, so what the token says of its owner is true."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return _subject(value.strip()), value.strip()
    if request.path.endswith("/token"):
        given = request.POST.get("client_id", "")
        if given:
            return given, ""
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[0], ""
        except ValueError:
            return "", ""
    return "", ""


def _subject(token: str) -> str:
    parts = token.split(".")
    if len(parts) != 3:
        return ""
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return ""
    subject = claims.get("sub") if isinstance(claims, dict) else ""
    return subject if isinstance(subject, str) else ""


def _body(request: HttpRequest) -> bytes:
    try:
        return request.body
    except (RawPostDataException, RequestDataTooBig):
        return b""
