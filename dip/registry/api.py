"""The token endpoint: OAuth2 client credentials, as booking and ticketing systems send them."""

import base64
import binascii

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from dip.kernel import clock
from dip.registry.bearer import ApiError
from dip.registry.guard import public
from dip.registry.tokens import UnableToIssueToken, issue_token

#: Calls of one client id, and from one address, in a minute. A token lasts an hour: a system needs one an hour.
PER_CLIENT, PER_ADDRESS = "20/m/key", "60/m/ip"


@csrf_exempt
@public
def token(request: HttpRequest) -> HttpResponse:
    """``client_id`` and ``client_secret`` as form fields, or as HTTP Basic, buy a bearer token."""
    try:
        if request.method != "POST":
            raise ApiError(f"{request.method} is not answered here; use POST.", status=405, error="Method not allowed")
        client_id, secret = _credentials(request)
        grant = request.POST.get("grant_type", "client_credentials")
        if grant != "client_credentials":
            raise ApiError(
                f"grant_type {grant[:40]} is not known; send client_credentials or leave it out.", error="unsupported_grant_type"
            )
        _limit(request, client_id)
        value, seconds = issue_token(client_id, secret, clock.now())
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
        except (binascii.Error, UnicodeDecodeError) as error:
            raise ApiError(
                "The header Authorization: Basic cannot be read; send base64 of client_id:client_secret.", error="invalid_request"
            ) from error
    for name, given in (("client_id", client_id), ("client_secret", secret)):
        if not given:
            raise ApiError(
                f"{name} is missing; send it as a form field (application/x-www-form-urlencoded).", error="invalid_request"
            )
    return client_id, secret


def _limit(request: HttpRequest, client_id: str) -> None:
    """Slow down guessing: by client id, and by address."""
    within = ratelimit.consume(request, action="api-token-address", config=PER_ADDRESS) and ratelimit.consume(
        request, action="api-token-client", config=PER_CLIENT, key=client_id[:40]
    )
    if not within:
        raise ApiError(
            "Too many requests for tokens; a token lasts an hour. Try again in a minute.", status=429, error="Too many requests"
        )
