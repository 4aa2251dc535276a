"""What the organisation's pages share: their tabs, and the numbers of a page of a list."""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.shortcuts import render as django_render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dip.registry import words
from dip.registry.queries import Window
from dip.registry.terms import Access, Level, Module

ROWS = 50
HEADINGS = {
    "organisation_change": gettext_lazy("Change the facts"),
    "people": gettext_lazy("People and rights"),
    "invite": gettext_lazy("Invite somebody"),
    "clients": gettext_lazy("API clients"),
    "client_new": gettext_lazy("Make an API client"),
    "trail": gettext_lazy("Audit trail"),
    "organisations": gettext_lazy("All organisations"),
    "organisation_new": gettext_lazy("Make an organisation"),
    "profile": gettext_lazy("Your profile"),
}


def levels_in_words(rights: Mapping[Module, Level]) -> list[tuple[str, Level, str]]:
    """Rights as (module's name, level, level's name), in the order of the modules."""
    found = [(str(name), rights.get(module, Level.NONE)) for module, name in words.MODULES.items()]
    return [(name, level, str(words.LEVELS[level])) for name, level in found]


class Counted:
    """A window of rows that behaves as a list as long as the whole, so that Django's pager can count it."""

    def __init__(self, window: Window) -> None:
        self.window = window

    def __len__(self) -> int:
        return self.window.total

    def __getitem__(self, wanted: slice) -> tuple[Any, ...]:
        return self.window.rows


def page_number(request: HttpRequest) -> int:
    """The page that the address asks for; 1 when it asks nonsense."""
    text = request.GET.get("page", "")
    return max(1, min(int(text), 100_000)) if text.isdecimal() and len(text) < 7 else 1


def page_of(window: Window, number: int) -> Page:
    """The window as a Django page, for the pager."""
    return Paginator(Counted(window), ROWS).get_page(number)


def tabs(access: Access, current: str) -> list[tuple[str, str, bool]]:
    """Tabs over the organisation's pages: words, address, whether it is the current one."""
    places = [("registry-organisation", _("Organisation"), True)]
    places += [
        ("registry-people", _("People and rights"), access.is_super_user),
        ("registry-clients", _("API clients"), access.is_super_user),
        ("registry-trail", _("Audit trail"), access.is_super_user),
        ("registry-organisations", _("All organisations"), access.is_super_user and access.is_platform),
        ("registry-profile", _("Your profile"), True),
    ]
    return [(words, reverse(name), name == current) for name, words, shown in places if shown]


def render(request: HttpRequest, access: Access, template: str, current: str, context: dict[str, Any], status: int = 200) -> Any:
    """A page of this domain, with its heading (unless ``context`` has one) and tabs."""
    frame: dict[str, Any] = {
        "module": "organisation",
        "heading": HEADINGS.get(template, ""),
        "organisation_home": reverse("registry-organisation"),
        "tab_items": tabs(access, current),
    } | context
    over = next((item for item in frame["tab_items"] if item[2] and item[0] != str(frame["heading"])), None)
    if over is not None:  # a page under its tab: the tab stands in the breadcrumb
        frame |= {"parent_words": over[0], "parent_url": over[1]}
    return django_render(request, f"registry/{template}.html", frame, status=status)
