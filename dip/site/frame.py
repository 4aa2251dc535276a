"""What the page frame shows: modules, languages, the organisation and role switch."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from dip.registry.guard import access_of
from dip.registry.terms import Access, Door, Module


@dataclass(frozen=True, slots=True)
class Pet:
    """One part that the person can play: an organisation in one of its roles."""

    organisation_id: int
    name: str
    role: str
    current: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A module or page in the navigation: ``key`` is what a page gives as ``module``."""

    key: str
    url: str


#: key, url name, module whose view right is needed (None: every member).
MODULES: tuple[tuple[str, str, Module | None], ...] = (
    ("home", "home", None),
    ("productions", "programme-productions", Module.PROGRAMME),
    ("sales", "sales-start", Module.SALES),
    ("trends", "benchmark-trends", Module.SALES),
    ("audience", "audience-season", Module.AUDIENCE),
    ("contracts", "contracts-agreements", Module.CONTRACTS),
    ("reports", "reports-index", Module.SALES),
)
#: Pages about the organisation: key, url name, only for super-users.
ORGANISATION: tuple[tuple[str, str, bool], ...] = (
    ("profile", "registry-profile", False),
    ("organisation", "registry-organisation", False),
    ("people", "registry-people", True),
    ("clients", "registry-clients", True),
    ("webhooks", "exchange-webhooks", True),
    ("ticketing_connections", "ticketing-connections", False),
    ("sheet", "ticketing-sheet", False),
    ("deliveries", "ticketing-deliveries", False),
    ("orders", "audience-desk", False),
    ("looks", "audience-looks", False),
    ("segments", "audience-segments", False),
    ("conformance", "ticketing-conformance", False),
    ("trail", "registry-trail", True),
    ("security", "mfa_index", False),
)
#: Those that only theatres and festivals have.
TAKERS_ONLY = frozenset({"sheet", "orders", "looks"})
#: Those that want a right in a module.
WITH_RIGHT = {"orders": Module.AUDIENCE, "looks": Module.AUDIENCE, "segments": Module.AUDIENCE}


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: ``access``, ``memberships``, ``pets`` (the switch), ``modules`` and ``organisation_pages``.

    One query in all, that of the access, which the page's guard has usually asked already.
    """
    access = access_of(request) if hasattr(request, "user") else None
    memberships = getattr(request, "memberships", [])
    if access is not None and access.door is Door.SHARED:
        link = getattr(request, "shared_link", None)
        return {"access": access, "shared": link, "memberships": [], "pets": [], "modules": [], "organisation_pages": []}
    if access is None:
        return {"access": None, "memberships": memberships, "pets": [], "modules": [], "organisation_pages": []}
    return {
        "access": access,
        "memberships": memberships,
        "pets": _pets(access, memberships),
        "modules": [
            Place(key, url) for key, name, right in MODULES if (url := _address(name)) and (right is None or access.allows(right))
        ],
        "organisation_pages": [
            Place(key, url)
            for key, name, only in ORGANISATION
            if (url := _address(name)) and (access.is_super_user or not only) and _is_for(access, key)
        ],
    }


def _is_for(access: Access, key: str) -> bool:
    """Whether an organisation page is of use to these people."""
    right = WITH_RIGHT.get(key)
    return (access.is_taker or key not in TAKERS_ONLY) and (right is None or access.allows(right))


def _pets(access: Access, memberships: list[Any]) -> list[Pet]:
    return [
        Pet(
            membership.organisation_id,
            membership.organisation.name,
            role,
            membership.organisation_id == access.organisation_id and role == access.role.value,
        )
        for membership in memberships
        for role in membership.organisation.roles
    ]


def _address(name: str) -> str:
    """The page's address, or "" while the platform has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
