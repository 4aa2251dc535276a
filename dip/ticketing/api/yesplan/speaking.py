"""Who calls, and the shape of answers and refusals: every door of the planning API comes through here."""

import base64
import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.cache import cache, caches
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from dip.kernel import clock
from dip.programme.actions import UnableToAct
from dip.programme.words import finding_text
from dip.registry.bearer import ApiError, access_of_call
from dip.registry.terms import Access, AccessDenied, Refusal
from dip.registry.tokens import UnableToAuthenticate, UnableToIssueToken, access_from_token, issue_token
from dip.ticketing.rules.planning import Misfit

Handler = Callable[..., tuple[int, Any]]
#: Wrong secrets from one address, and for one client, in a minute.
WRONG_A_MINUTE, WINDOW_SECONDS = 20, 60
_REMEMBERED = 60
_CHALLENGE = 'Basic realm="DIP", Bearer realm="DIP"'


class Unheard(Exception):
    """A refusal: HTTP status, a word for machines, and for people what is wrong and what to do."""

    def __init__(self, status: int, error: str, message: str, *, field: str = "", value: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.status, self.error, self.message = status, error, message
        self.field, self.value, self.remedy = field, value, remedy

    def body(self) -> dict[str, str]:
        """As the wire shows it; what does not apply is left out."""
        told = {"error": self.error, "message": self.message, "field": self.field, "value": self.value, "remedy": self.remedy}
        return {name: text for name, text in told.items() if text}


def not_here(value: str) -> Unheard:
    """Not registered and not the caller's own, which nobody can tell apart."""
    remedy = "Register it with PUT, or take its id from GET /events."
    return Unheard(404, "not_found", "There is no such event for these credentials.", field="id", value=value, remedy=remedy)


def answers(**handlers: Handler) -> Callable[..., HttpResponse]:
    """A view that answers these methods: each handler gets the request, the access and the path's values.

    A handler returns a status and a body for JSON (None: no body). Every refusal takes the wire's shape, in English.
    """
    methods = {name.upper(): handler for name, handler in handlers.items()}

    def view(request: HttpRequest, **path: str) -> HttpResponse:
        try:
            with translation.override("en"):
                access = _caller(request)
                handler = methods.get(request.method or "")
                if handler is None:
                    allowed = ", ".join(methods)
                    raise Unheard(405, "method_not_allowed", f"{request.method} is not answered here.", remedy=f"Use {allowed}.")
                status, body = handler(request, access, **path)
                return HttpResponse(status=status) if body is None else _json(body, status)
        except Exception as error:
            refused = _as_refusal(error)
            if refused is None:
                raise
            answer = _json(refused.body(), refused.status)
            if refused.status == 401:
                answer["WWW-Authenticate"] = _CHALLENGE
            return answer

    view.guarded_by = "api_client"  # type: ignore[attr-defined]
    return csrf_exempt(view)


def _json(body: Any, status: int) -> HttpResponse:
    return JsonResponse(body, status=status, safe=False, json_dumps_params={"ensure_ascii": False})


def _as_refusal(error: Exception) -> Unheard | None:
    """What the caller reads of an exception; None for what is our own fault."""
    if isinstance(error, Unheard):
        return error
    if isinstance(error, Misfit):
        told = f"{error.field} {error.problem}."
        return Unheard(400, "misfit", told, field=error.field, value=error.value, remedy=error.remedy)
    if isinstance(error, UnableToAct):
        first = error.findings[0]
        with translation.override("en"):
            return Unheard(409, first.code.value, finding_text(first), field=first.field, value=first.value)
    if isinstance(error, Refusal):
        return Unheard(409, "refused", error.message, field=error.field or "")
    if isinstance(error, AccessDenied):
        remedy = "The organisation's super-user grants rights to API clients."
        return Unheard(403, "forbidden", f"This client may not do that: {error}.", remedy=remedy)
    if isinstance(error, RequestDataTooBig):
        return Unheard(413, "too_large", "The body is too large.", remedy="Send one event at a time.")
    return None


def _caller(request: HttpRequest) -> Access:
    """The access behind Basic credentials of an API client, or behind a bearer token."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        return _by_secret(request, value)
    try:
        return access_of_call(request)
    except ApiError as error:
        remedy = "Send the id and secret of an API client as Basic, or a token from /token as Bearer."
        raise Unheard(401, "unauthorized", error.description, remedy=remedy) from error


def _by_secret(request: HttpRequest, value: str) -> Access:
    """The secret buys a token that this process keeps for a minute: a call then costs no more than one with a token."""
    try:
        client_id, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except ValueError as error:  # no base64, or no text in it
        remedy = "Send base64 of client_id:client_secret."
        raise Unheard(401, "unauthorized", "The header Authorization: Basic cannot be read.", remedy=remedy) from error
    at, key = clock.now(), "planning-token:" + hashlib.blake2b(value.encode(), digest_size=16).hexdigest()
    token = caches["process"].get(key)
    if token is None:
        token = _bought(request, client_id, secret, at)
        caches["process"].set(key, token, _REMEMBERED)
    try:
        return access_from_token(token, at)
    except UnableToAuthenticate as error:
        caches["process"].delete(key)
        raise Unheard(401, "unauthorized", f"{error}.", remedy="Check the id and secret.") from error


def _bought(request: HttpRequest, client_id: str, secret: str, at: datetime) -> str:
    address = get_adapter(request).get_client_ip(request)
    keys = ["planning-wrong:" + hashlib.blake2b(who.encode(), digest_size=16).hexdigest() for who in (address, f"id {client_id}")]
    if any((cache.get(key) or 0) >= WRONG_A_MINUTE for key in keys):
        remedy = "Wait a minute, and check the id and secret."
        raise Unheard(429, "too_many_requests", "Too many wrong credentials.", remedy=remedy)
    try:
        return issue_token(client_id, secret, at)[0]
    except UnableToIssueToken as error:
        for key in keys:
            cache.set(key, (cache.get(key) or 0) + 1, WINDOW_SECONDS)
        remedy = "The super-user of your organisation makes API clients and their secrets."
        raise Unheard(401, "unauthorized", f"{error}.", remedy=remedy) from error
