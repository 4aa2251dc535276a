"""Tabs and names that the register, the log of who looked and the segments share."""

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dip.definitions.queries import purposes
from dip.registry.terms import Access
from dip.web import formats

DOORS: dict[str, str | Promise] = {
    "page": gettext_lazy("page"),
    "api": gettext_lazy("API"),
    "job": gettext_lazy("job"),
    "shared": gettext_lazy("shared link"),
}
REMOVALS: dict[str, str | Promise] = {
    "exclude": gettext_lazy("performances left out"),
    "withdraw": gettext_lazy("performances taken back"),
    "erase": gettext_lazy("buyers erased"),
}


def tabs(access: Access, current: str) -> list[tuple[str, str, bool, int | None]]:
    """The pages of the registers that these people can open."""
    places = [
        ("audience-register", _("What is kept and what for"), access.is_taker),
        ("audience-looks", _("Who looked"), access.is_taker),
        ("audience-segments", _("Your own segments"), True),
    ]
    return [(words, reverse(name), name == current, None) for name, words, is_shown in places if is_shown]


def purpose_names() -> dict[str, str]:
    """Code of a purpose → its name in the language of the reader."""
    return {one.code: one.name for one in purposes.register(formats.language_of()).purposes}


def season_name(year: int) -> str:
    """As people write it: 2026–27."""
    return f"{year}–{(year + 1) % 100:02d}" if year else _("all seasons")
