"""Who may call ``/api/v2``, and how often: token, rights and limit, before anything is looked at."""

import hashlib

from django.core.cache import caches
from django.http import HttpRequest

from dip.exchange.problems import Problem
from dip.exchange.rules import limits
from dip.registry.bearer import ApiError, access_of_call, need
from dip.registry.terms import Access, Level, Module

_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="DIP", error="invalid_token"'}


def caller(request: HttpRequest, module: Module | None, level: Level) -> Access:
    """The access behind the call's token, whose rights reach ``level`` in ``module`` (None: any client's do). Raises :class:`Problem`."""
    try:
        access = access_of_call(request)
    except ApiError as error:
        raise Problem("unauthenticated", error.description, headers=_CHALLENGE) from error
    if module is not None:
        try:
            need(access, module, level)
        except ApiError as error:
            raise Problem("forbidden", error.description) from error
    return access


def limit_headers(access: Access, now: float) -> dict[str, str]:
    """Count one call of a client; what is left of its minute, as headers. Raises :class:`Problem` 429. ``now``: seconds since 1970.

    Counted in each web process by itself: a guard against a client that runs wild, which costs no query.
    """
    key = "v2-calls:" + hashlib.blake2b(str(access.client_id).encode(), digest_size=8).hexdigest()
    count = caches["process"].get(key, limits.Count()).one_more(now)
    caches["process"].set(key, count, limits.WINDOW_SECONDS)
    wait = count.wait(now)
    headers = {
        "RateLimit-Policy": f'"calls";q={limits.CALLS};w={limits.WINDOW_SECONDS}',
        "RateLimit": f'"calls";r={count.left()};t={wait}',
    }
    if count.calls > limits.CALLS:
        told = f"This client made more than {limits.CALLS} calls in a minute. Wait {wait} seconds."
        raise Problem("too-many-requests", told, headers=headers | {"Retry-After": str(wait)})
    return headers
