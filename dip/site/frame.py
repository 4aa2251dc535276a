"""What the page frame shows: modules, languages, the organisation and role switch."""

from typing import Any

from django.http import HttpRequest

from dip.registry.guard import access_of


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: ``access`` and ``memberships`` (for the switch)."""
    access = access_of(request) if hasattr(request, "user") else None
    return {"access": access, "memberships": getattr(request, "memberships", [])}
