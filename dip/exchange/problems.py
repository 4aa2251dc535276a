"""Refusals of ``/api/v2``: RFC 9457 problem details, whatever goes wrong."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.http import HttpResponse

CONTENT_TYPE = "application/problem+json"
#: Names of the kinds; a problem's ``type`` is the address of the documentation with its name behind #.
TITLES: Mapping[str, str] = {
    "unreadable": "The request cannot be read",
    "unauthenticated": "No token, or one that does not hold",
    "forbidden": "The client's rights do not reach",
    "not-found": "There is nothing here for you",
    "method-not-allowed": "This method is not answered here",
    "not-acceptable": "Only JSON is answered",
    "in-progress": "The first call with this key is not finished",
    "changed-meanwhile": "It was changed since you read it",
    "too-large": "The body is too large",
    "unsupported-media-type": "The body has another type than the call takes",
    "refused": "It was understood and cannot be done",
    "key-used": "The key was used with another body",
    "delivery-used": "The delivery id was used for another body",
    "precondition-required": "Say which version you change",
    "too-many-requests": "Too many calls",
    "failed": "Something failed on our side",
}
_STATUSES = {
    "unreadable": 400,
    "unauthenticated": 401,
    "forbidden": 403,
    "not-found": 404,
    "method-not-allowed": 405,
    "not-acceptable": 406,
    "in-progress": 409,
    "changed-meanwhile": 412,
    "too-large": 413,
    "unsupported-media-type": 415,
    "refused": 422,
    "key-used": 422,
    "delivery-used": 409,
    "precondition-required": 428,
    "too-many-requests": 429,
    "failed": 500,
}


class Problem(Exception):
    """A refusal. ``kind`` is a key of :data:`TITLES`; ``errors`` point to members of the body, or name parameters."""

    def __init__(
        self,
        kind: str,
        detail: str,
        *,
        errors: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.errors, self.headers, self.members = kind, detail, errors, dict(headers or {}), members

    @property
    def status(self) -> int:
        """The HTTP status."""
        return _STATUSES[self.kind]

    def response(self) -> HttpResponse:
        """As the wire shows it."""
        body: dict[str, Any] = {
            "type": f"/api/v2/docs#{self.kind}",
            "title": TITLES[self.kind],
            "status": self.status,
            "detail": self.detail,
            **({"errors": list(self.errors)} if self.errors else {}),
            **self.members,
        }
        return HttpResponse(msgspec.json.encode(body), status=self.status, content_type=CONTENT_TYPE, headers=self.headers)


def error_at(pointer: str, detail: str, code: str = "invalid") -> dict[str, Any]:
    """One error in a body: ``pointer`` is a JSON pointer, such as ``#/3/startsAt``."""
    return {"pointer": pointer, "code": code, "detail": detail}


def error_in(parameter: str, detail: str) -> dict[str, Any]:
    """One error in a parameter of the query or path, or in a header."""
    return {"parameter": parameter, "code": "invalid", "detail": detail}
