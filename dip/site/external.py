"""External API v1, mounted under ``DIP_API_PREFIX``: the wire contract that booking and ticketing systems speak."""

from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from dip.contracts.api import reading as agreements
from dip.contracts.api import writing as agreement_writing
from dip.programme.api import reading, venues, writing
from dip.registry import api as registry
from dip.registry.bearer import ApiError, Bearer, forbidden, not_found
from dip.registry.guard import View, public
from dip.registry.terms import AccessDenied
from dip.site import documentation
from dip.ticketing.api import occupation, pushing

api = NinjaAPI(
    title="DIP External API",
    version="1",
    description="What booking and ticketing systems exchange with the platform.",
    docs_url=None,
    openapi_url=None,
    urls_namespace="external",
    auth=Bearer(),
)
assert reading.router is writing.router is venues.router  # the methods of one path are declared on one router
assert agreements.router is agreement_writing.router
api.add_router("", reading.router)
api.add_router("", agreements.router)
api.add_router("", occupation.router)


@api.exception_handler(ApiError)
def _refused(request: HttpRequest, error: ApiError) -> HttpResponse:
    return error.response()


@api.exception_handler(AccessDenied)
def _denied(request: HttpRequest, error: AccessDenied) -> HttpResponse:
    return forbidden(str(error)).response()


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    told = "Send the header Authorization: Bearer with a token from /token."
    return ApiError(told, status=401, error="invalid_token").response()


@api.exception_handler(ValidationError)
def _misshapen(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0]
    field = str(first["loc"][-1])
    return ApiError(f"{field}: {first['msg']}.").response()


@api.exception_handler(HttpError)
def _wrong(request: HttpRequest, error: HttpError) -> HttpResponse:
    return ApiError(str(error), status=error.status_code).response()


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return not_found("There is nothing here for these credentials.").response()


@csrf_exempt
@public
def nothing(request: HttpRequest, **_: Any) -> HttpResponse:
    """Paths that external API v1 does not answer; the fund's data among them, for now."""
    return not_found(f"{request.path} is not answered here; see {documentation.base_url()}/docs for what is.").response()


def _in_shape(patterns: list[URLPattern]) -> list[URLPattern]:
    """The ordinary endpoints; a method that one does not answer is refused in the wire's shape too."""
    for pattern in patterns:
        pattern.callback = _told_in_shape(pattern.callback)
    return patterns


def _told_in_shape(view: View) -> View:
    @wraps(view)
    def called(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if any("\x00" in str(part) for part in kwargs.values()):  # of nothing that a table can hold
            return not_found("There is nothing here for these credentials.").response()
        response = view(request, *args, **kwargs)
        if response.status_code != 405:
            return response
        told = f"{request.method} is not answered here; use {response['Allow']}."
        return ApiError(told, status=405, error="Method not allowed", allow=response["Allow"]).response()

    return called


#: Known to systems from the platform before this one, and not answered yet.
_LATER = r"(?P<rest>fpk(/.*)?)$"

urlpatterns: list[URLPattern | URLResolver] = [
    path("token", registry.token, name="api-token"),
    path("tickets/cumulative", pushing.tickets, name="api-tickets"),
    path("reservations/cumulative", pushing.reservations, name="api-reservations"),
    path("blocked-seats/cumulative", pushing.blocked_seats, name="api-blocked-seats"),
    path("blockedseats/cumulative", pushing.blocked_seats),
    path("productions/<str:production>/performances/<int:number>/capacity", pushing.capacity, name="api-capacity"),
    path("openapi.json", documentation.specification_of(api), name="api-openapi"),
    path("docs", documentation.page_of(api), name="ticketing-api"),
    re_path(_LATER, nothing),
    path("", (_in_shape(api.urls[0]), *api.urls[1:])),
]
if settings.API_PREFIX:
    urlpatterns.append(re_path(r"^(?P<rest>[\s\S]*)\Z", nothing))
