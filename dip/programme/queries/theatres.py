"""Theatres of an access."""

from dataclasses import dataclass

from dip.programme.models import Theatre
from dip.registry.terms import Access


@dataclass(frozen=True, slots=True)
class TheatreRow:
    """A theatre as lists and monitors show it."""

    id: int
    name: str
    city: str
    province_id: int | None
    organisation_id: int | None
    is_coupled: bool


def theatres_of(access: Access) -> list[TheatreRow]:
    """The theatres that the access's organisation runs, by name; for the platform all that are in use. One query."""
    theatres = Theatre.objects.filter(merged_into__isnull=True).order_by("name")
    if not access.is_platform:
        theatres = theatres.filter(organisation_id=access.organisation_id)
    columns = ("id", "name", "city", "province_id", "organisation_id", "is_coupled")
    return [TheatreRow(*values) for values in theatres.values_list(*columns)]
