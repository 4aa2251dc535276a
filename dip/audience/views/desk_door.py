"""Who may open the desk for orders: a theatre's or festival's people, with the right to the audience module."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module

View = Callable[..., HttpResponse]


def desk(level: Level = Level.VIEW) -> Callable[[View], View]:
    """Decorator of a page of the desk: others than theatres get 403. The view gets ``access`` as second argument."""

    def wrap(view: View) -> View:
        @wraps(view)
        def of_takers(request: HttpRequest, access: Access, *args: Any, **kwargs: Any) -> HttpResponse:
            if not access.is_taker:
                raise PermissionDenied("orders are delivered by theatres and festivals")
            return view(request, access, *args, **kwargs)

        return requires(Module.AUDIENCE, level)(of_takers)

    return wrap


def may_manage(access: Access) -> bool:
    """Whether these people may change something, or only look."""
    return access.allows(Module.AUDIENCE, Level.MANAGE)


def before_of(request: HttpRequest) -> int | None:
    """The key before which a list goes on."""
    text = request.GET.get("before", "")
    return int(text) if text.isdecimal() and len(text) < 18 else None


def number_of(text: str | None) -> int | None:
    """A whole number that a database takes; None for anything else."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None
