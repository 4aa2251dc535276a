"""Where webhooks of ticketing systems arrive: answered at once, believed in nothing, good for an early reading."""

import msgspec
from django.core.cache import caches
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from dip.kernel.clock import now
from dip.registry.guard import public
from dip.ticketing.actions.connection_hooks import UnknownHook, take_hook

#: Calls of one address, and calls with unknown secrets from one caller, that one process takes in a minute.
MOST, MOST_UNKNOWN = 600, 30
_LARGEST = 64 * 1024


@csrf_exempt
@public
@require_POST
def hook(request: HttpRequest, secret: str) -> HttpResponse:
    """200 for a hint, whatever it is worth; 410 for an address that is no more, so that the system stops calling; 429 in a flood."""
    if _is_flood(f"hook:{secret[:64]}", MOST):
        return _too_many()
    try:
        raw = request.body if int(request.headers.get("Content-Length") or 0) <= _LARGEST else None
        body = msgspec.json.decode(raw) if raw is not None else None
    except (msgspec.DecodeError, UnicodeDecodeError, RequestDataTooBig, ValueError):
        body = None
    if not isinstance(body, dict):
        return _told(400, "Send a JSON object of at most 64 kB.")
    try:
        is_ours = take_hook(secret=secret, at=now(), body=body)
    except UnknownHook:
        if _is_flood(f"hook-unknown:{request.META.get('REMOTE_ADDR')}", MOST_UNKNOWN):
            return _too_many()
        return _told(410, "No connection has this address any more. Remove the webhook, or copy the new address from its page.")
    return _told(200, "Thank you." if is_ours else "Thank you; this is not about the account that is read.")


def _told(status: int, text: str, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(text + "\n", status=status, content_type="text/plain; charset=utf-8", headers=headers)


def _too_many() -> HttpResponse:
    return _told(429, "Too many calls; the platform reads your system every 15 minutes as well.", {"Retry-After": "60"})


def _is_flood(key: str, most: int) -> bool:
    """Count one more in this minute; whether that is too many."""
    cache = caches["process"]
    cache.add(key, 0, 60)
    try:
        return bool(cache.incr(key) > most)
    except ValueError:  # the minute ended in between
        return False
