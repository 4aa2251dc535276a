"""The token endpoint: OAuth2 client credentials, as booking and ticketing systems send them."""

import base64
import hashlib
from datetime import datetime

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from dip.kernel import clock
from dip.registry.bearer import ApiError
from dip.registry.guard import public
from dip.registry.tokens import UnableToIssueToken, issue_token

#: Calls of one client id, and from one address, in a minute. A token lasts an hour: a system needs one an hour.
PER_CLIENT, PER_ADDRESS, WINDOW_SECONDS = 20, 60, 60


@csrf_exempt
@public
def token(request: HttpRequest) -> HttpResponse:
    """``client_id`` and ``client_secret`` as form fields, or as HTTP Basic, buy a bearer token."""
    try:
        if request.method != "POST":
            told = f"{request.method} is not answered here; use POST."
            raise ApiError(told, status=405, error="Method not allowed", allow="POST")
        client_id, secret = _credentials(request)
        grant = request.POST.get("grant_type", "client_credentials")
        if grant != "client_credentials":
            raise ApiError(
                f"grant_type {grant[:40]} is not known; send client_credentials or leave it out.", error="unsupported_grant_type"
            )
        at = clock.now()
        _limit(request, client_id, at)
        value, seconds = issue_token(client_id, secret, at)
    except UnableToIssueToken as error:
        refused = f"{error}. The super-user of your organisation makes secrets on the page Connections."
        return ApiError(refused, status=401, error="invalid_client").response()
    except ApiError as error:
        return error.response()
    answer = JsonResponse({"access_token": value, "token_type": "Bearer", "expires_in": seconds})
    answer["Cache-Control"] = "no-store"
    return answer


def _credentials(request: HttpRequest) -> tuple[str, str]:
    client_id, secret = request.POST.get("client_id", ""), request.POST.get("client_secret", "")
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if not client_id and scheme.lower() == "basic":
        try:
            client_id, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
        except ValueError as error:  # no base64, or no text in it
            raise ApiError(
                "The header Authorization: Basic cannot be read; send base64 of client_id:client_secret.", error="invalid_request"
            ) from error
    for name, given in (("client_id", client_id), ("client_secret", secret)):
        if not given:
            raise ApiError(
                f"{name} is missing; send it as a form field (application/x-www-form-urlencoded).", error="invalid_request"
            )
    return client_id, secret


def _limit(request: HttpRequest, client_id: str, at: datetime) -> None:
    """Slow down guessing: by client id, and by address, whichever process answers."""
    address = get_adapter(request).get_client_ip(request)
    if not (_is_within(f"address:{address}", PER_ADDRESS, at) and _is_within(f"client:{client_id}", PER_CLIENT, at)):
        refused = "Too many requests for tokens; a token lasts an hour. Try again in a minute."
        raise ApiError(refused, status=429, error="Too many requests")


def _is_within(who: str, most: int, at: datetime) -> bool:
    """Count one call of ``who``; whether it is among the first ``most`` of a minute that began with the first."""
    key = "token-calls:" + hashlib.blake2b(who.encode(), digest_size=16).hexdigest()
    began, count = cache.get(key) or (at.timestamp(), 0)
    left = began + WINDOW_SECONDS - at.timestamp()
    if left <= 0:
        began, count, left = at.timestamp(), 0, WINDOW_SECONDS
    cache.set(key, (began, count + 1), left)
    return count < most
