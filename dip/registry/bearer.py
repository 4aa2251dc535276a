"""The access of an API call, and the shape in which the API refuses: every door of the external API comes through here."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from ninja.security import HttpBearer

from dip.kernel import clock
from dip.registry.terms import Access, AccessDenied, Level, Module
from dip.registry.tokens import UnableToAuthenticate, access_from_token

#: What the platform before this one called every refusal of a well-signed call; systems look for it.
INVALID = "Invalid response"
View = Callable[..., HttpResponse]


class ApiError(Exception):
    """A refusal on the wire: an HTTP status, a short name, and a description that names field, value and remedy.

    ``allow``: beside 405, the methods that are answered.
    """

    def __init__(self, description: str, *, status: int = 400, error: str = INVALID, allow: str = "", **members: Any) -> None:
        super().__init__(description)
        self.description, self.status, self.error, self.allow, self.members = description, status, error, allow, members

    def response(self) -> HttpResponse:
        """As the wire shows it, with the challenge that HTTP asks for beside 401."""
        headers = {"WWW-Authenticate": 'Bearer realm="DIP"'} if self.status == 401 else {}
        if self.allow:
            headers["Allow"] = self.allow
        return JsonResponse(self.body(), status=self.status, headers=headers)

    def body(self) -> dict[str, Any]:
        """``error``, ``error_description``, and what else the refusal tells."""
        return {"error": self.error, "error_description": self.description, **self.members}


def forbidden(description: str) -> ApiError:
    """The credentials are right, their rights do not reach: 403."""
    return ApiError(description, status=403, error="Forbidden")


def not_found(description: str) -> ApiError:
    """Not there, or not the caller's to see: 404."""
    return ApiError(description, status=404, error="Not found")


def access_of_call(request: HttpRequest) -> Access:
    """The access behind the call's bearer token; :class:`ApiError` 401 without one that holds."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise ApiError("Send the header Authorization: Bearer with a token from /token.", status=401, error="invalid_token")
    return access_from_bearer(token.strip())


def access_from_bearer(token: str) -> Access:
    """The access that the token gives; :class:`ApiError` 401 when it does not hold."""
    try:
        return access_from_token(token, clock.now())
    except UnableToAuthenticate as error:
        raise ApiError(f"{error}. Ask /token for a new one.", status=401, error="invalid_token") from error


def need(access: Access, module: Module, level: Level = Level.VIEW) -> None:
    """Refuse a client whose rights do not reach ``level``."""
    if not access.allows(module, level):
        raise forbidden(
            f"This client may not {level.name.lower()} {module.value}. The organisation's super-user grants rights to API clients."
        )


def need_taker(access: Access, *, or_platform: bool = False) -> None:
    """Refuse everybody but theatres and festivals, in the words that systems know."""
    if not (access.is_taker or (or_platform and access.is_platform)):
        raise ApiError("Not a theater")


class Bearer(HttpBearer):
    """The token check of the ordinary endpoints; ``request.auth`` is then the :class:`Access`."""

    def authenticate(self, request: HttpRequest, token: str) -> Access:
        """The access of the call."""
        return access_from_bearer(token)


def called_with(method: str, module: Module, level: Level) -> Callable[[View], View]:
    """Decorator of a bulk endpoint: token, right and method are checked, refusals take the wire's shape.

    The view gets ``access`` as second argument.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                access = access_of_call(request)
                if request.method != method:
                    told = f"{request.method} is not answered here; use {method}."
                    raise ApiError(told, status=405, error="Method not allowed", allow=method)
                need(access, module, level)
                return view(request, access, *args, **kwargs)
            except ApiError as error:
                return error.response()
            except AccessDenied as error:
                return forbidden(str(error)).response()
            except RequestDataTooBig:
                return ApiError("The body is too large. Send it in parts, or gzip.", status=413, error="Too large").response()

        guarded.guarded_by = (module, level)  # type: ignore[attr-defined]
        return csrf_exempt(guarded)

    return wrap
