"""The one way through for every call of ``/api/v2``: refused, done, or done before; told with version, tag and limit."""

import hashlib
from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
import structlog
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from dip.exchange.actions.answers import Answer, UnableToRepeat, answer_once
from dip.exchange.api.operations import VERSION, Call, Operation, Result
from dip.exchange.api.reading import read_body, read_path, read_query
from dip.exchange.guard import caller, limit_headers
from dip.exchange.problems import CONTENT_TYPE, Problem, error_at
from dip.exchange.rules.tags import is_among, tag_of
from dip.kernel import clock
from dip.registry.guard import View, public
from dip.registry.terms import AccessDenied, Refusal

_JSON = "application/json"
_encode = msgspec.json.Encoder().encode
log = structlog.get_logger(__name__)


def answering(operations: Sequence[Operation]) -> View:
    """The view of one path: all its methods, every refusal a problem."""
    by_method = {one.method: one for one in operations}
    if "GET" in by_method:
        by_method["HEAD"] = by_method["GET"]
    allowed = ", ".join(sorted({*by_method, "OPTIONS"}))

    def answer(request: HttpRequest, **given: str) -> HttpResponse:
        if request.method == "OPTIONS":
            return finished(HttpResponse(status=204, headers={"Allow": allowed}))
        operation = by_method.get(request.method or "")
        try:
            if operation is None:
                told = f"{request.method} is not answered here; use {allowed}."
                raise Problem("method-not-allowed", told, headers={"Allow": allowed})
            with translation.override("en"):
                return finished(_through(request, operation, given))
        except Problem as problem:
            return finished(problem.response())
        except Exception:
            log.exception("call failed", path=request.path)
            told = "The call was not finished; nothing of it was kept. Try again; when it stays, tell us the X-Request-Id."
            return finished(Problem("failed", told).response())

    first = operations[0]
    answer.guarded_by = (first.module, first.level) if first.module else "bearer"  # type: ignore[attr-defined]
    return csrf_exempt(answer)


@csrf_exempt
@public
def nothing(request: HttpRequest, **_: str) -> HttpResponse:
    """Addresses under ``/api/v2`` that are of nothing; one that ends in a slash too."""
    told = f"{request.path[:100]} is not answered here; /api/v2/openapi.json tells what is."
    return finished(Problem("not-found", told).response())


def finished(response: HttpResponse) -> HttpResponse:
    """With what every answer carries."""
    response["API-Version"] = VERSION
    response.setdefault("Cache-Control", "private, no-cache")
    return response


def _through(request: HttpRequest, operation: Operation, given: dict[str, str]) -> HttpResponse:
    access = caller(request, operation.module, operation.level)
    at = clock.now()
    headers = limit_headers(access, at.timestamp())
    try:
        _acceptable(request)
        path, query = read_path(given), read_query(request, operation.query)
        body = read_body(request, operation) if operation.body is not None else None
        call = Call(request, access, at, path, query, body)
        answer = _once(call, operation) if operation.method == "POST" else _made(call, operation)
    except Problem as problem:
        problem.headers |= headers
        raise
    return _told(request, answer, headers)


def _made(call: Call, operation: Operation) -> Answer:
    """Run it; what the domains refuse becomes a problem."""
    try:
        result: Result = operation.run(call)
    except AccessDenied as error:
        raise Problem("forbidden", str(error)) from error
    except Refusal as refusal:
        errors = [error_at(f"#/{_camel(refusal.field)}", refusal.message)] if refusal.field else ()
        raise Problem("refused", refusal.message, errors=errors) from refusal
    content = b"" if result.body is None else _encode(result.body)
    kind = CONTENT_TYPE if result.is_problem else _JSON
    return Answer(result.status, dict(result.headers) | ({"Content-Type": kind} if content else {}), content)


def _once(call: Call, operation: Operation) -> Answer:
    """A POST: with an Idempotency-Key it is done once, whoever repeats it."""
    key = call.request.headers.get("Idempotency-Key")
    if key is None:
        return _made(call, operation)
    key = key.strip().strip('"')
    if not (1 <= len(key) <= 255 and key.isascii() and key.isprintable()):
        raise Problem("unreadable", "The Idempotency-Key has 1 to 255 printable ASCII characters, a UUID for example.")
    sent = hashlib.blake2b(f"{call.request.path}\x1f".encode() + call.request.body, digest_size=32).hexdigest()
    try:
        answer, is_repeat = answer_once(access=call.access, at=call.at, key=key, digest=sent, make=lambda: _made(call, operation))
    except UnableToRepeat as error:
        headers = {"Retry-After": "1"} if error.is_running else {}
        raise Problem("in-progress" if error.is_running else "key-used", str(error), headers=headers) from error
    return Answer(answer.status, dict(answer.headers) | {"Idempotency-Replayed": "true"}, answer.body) if is_repeat else answer


def _told(request: HttpRequest, answer: Answer, headers: dict[str, str]) -> HttpResponse:
    """The answer as HTTP: tagged when it is a representation, and without a body when the client has that version."""
    headers = headers | dict(answer.headers)
    if request.method in {"GET", "HEAD"} and answer.status == 200:
        tag = headers.setdefault("ETag", tag_of(answer.body))
        if is_among(tag, request.headers.get("If-None-Match", "")):
            headers.pop("Content-Type", None)
            return HttpResponse(status=304, headers=headers)
    return HttpResponse(answer.body, status=answer.status, headers=headers)


def _acceptable(request: HttpRequest) -> None:
    if not any(_accepts(part) for part in request.headers.get("Accept", "*/*").split(",")):
        raise Problem("not-acceptable", "This API answers application/json. Ask for that in Accept, or leave Accept out.")


def _accepts(part: str) -> bool:
    kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
    return kind in {"", "*/*", "application/*", _JSON} and not any(
        one in {"q=0", "q=0.0", "q=0.00", "q=0.000"} for one in parameters
    )


@cache
def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def check_version(request: HttpRequest, body: Any) -> str:
    """The tag of a representation that is about to be changed. Raises :class:`Problem` 428 without If-Match, 412 for another version."""
    header = request.headers.get("If-Match", "")
    tag = tag_of(_encode(body))
    if not header.strip():
        raise Problem("precondition-required", "Send If-Match with the ETag of what you read, so that nobody's change is undone.")
    if not is_among(tag, header):
        told = "It was changed since you read it. Read it again, and decide anew."
        raise Problem("changed-meanwhile", told, headers={"ETag": tag})
    return tag


def tagged(body: Any, status: int = 200, **headers: str) -> Result:
    """A result with the tag that a GET of it would have."""
    return Result(body, status, {"ETag": tag_of(_encode(body)), **headers})
