"""What the pages of the programme share: their tabs, finding a record or answering 404, numbers in addresses."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render as django_render
from django.urls import reverse
from django.utils.translation import gettext as _

from dip.programme.actions import UnableToAct
from dip.programme.words import finding_text
from dip.registry.terms import Access

Answer = TypeVar("Answer")


def found(query: Callable[..., Answer], *args: Any) -> Answer:
    """The answer of a query, or 404: strangers cannot tell that a record exists."""
    try:
        return query(*args)
    except ObjectDoesNotExist as error:
        raise Http404 from error


def tabs(access: Access, current: str) -> list[tuple[str, str, bool]]:
    """Tabs over the lists: words, address, whether it is the current one."""
    places = [
        ("programme-productions", _("Productions")),
        ("programme-theatres", _("Theatres")),
        ("programme-festivals", _("Festivals")),
    ]
    if access.is_provider or access.is_taker or access.is_platform:
        places.append(("programme-connections", _("Connection requests")))
    return [(words, reverse(name), name == current) for name, words in places]


def render(
    request: HttpRequest, access: Access | None, template: str, context: dict[str, Any], *, tab: str = "", status: int = 200
) -> HttpResponse:
    """A page of this domain."""
    frame: dict[str, Any] = {"module": "productions", "tab_items": tabs(access, tab) if access and tab else []}
    return django_render(request, f"programme/{template}.html", frame | context, status=status)


def number_in(text: str, default: int = 0) -> int:
    """A whole number from an address, or ``default`` when it is nonsense."""
    return int(text) if text.isdecimal() and len(text) < 10 else default


def page_in(request: HttpRequest) -> int:
    """The page of a list that the address asks for."""
    return max(1, number_in(request.GET.get("page", ""), 1))


def tell_refusal(request: HttpRequest, refusal: UnableToAct) -> None:
    """Show why an act without a form was refused."""
    for text in dict.fromkeys(finding_text(f) for f in refusal.findings):
        messages.error(request, text)
