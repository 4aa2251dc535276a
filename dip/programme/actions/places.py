"""Places of small makers: a church, a school, a barn. Found before made."""

from collections import Counter
from datetime import datetime

from django.db import transaction

from dip.programme.actions.theatres import UnableToKeep, add_hall, add_theatre, twin_theatre
from dip.programme.models import Hall, Theatre
from dip.programme.rules.naming import folded
from dip.programme.terms import Finding, FindingCode, HallKind, VenueKind
from dip.registry.terms import Access


@transaction.atomic
def reuse_or_add_place(*, access: Access, at: datetime, name: str, city: str, capacity: int = 0) -> Hall:
    """The hall of the place of this name in this town; a place that nobody knows is added, as an external location.

    A known place with one hall, or one of the same name, is used as it is; one with several asks to choose. Raises
    :class:`UnableToKeep` with a finding, AccessDenied for whoever may not add theatres.
    """
    known = twin_theatre(name, city)
    if known is None:
        made = add_theatre(access=access, at=at, name=name, city=city, kind=VenueKind.OTHER, province_id=_province_of(city))
        return _external(access, at, made, name, capacity)
    if known.do_not_use:
        raise UnableToKeep([Finding(FindingCode.THEATRE_NOT_IN_USE, "place", f"{known.name}, {known.city}")])
    halls = list(known.halls.filter(merged_into__isnull=True, do_not_use=False))
    namesake = next((hall for hall in halls if folded(hall.name) == folded(name)), None)
    if namesake is not None or len(halls) == 1:
        return namesake or halls[0]
    if not halls:
        return _external(access, at, known, name, capacity)
    raise UnableToKeep([Finding(FindingCode.CHOOSE_HALL, "place", f"{known.name}, {known.city}")])


def _external(access: Access, at: datetime, theatre: Theatre, name: str, capacity: int) -> Hall:
    return add_hall(access=access, at=at, theatre_id=theatre.pk, name=name[:120], kind=HallKind.EXTERNAL, capacity=capacity)


def _province_of(city: str) -> int | None:
    """The province of the places known in a town of this name, when they agree."""
    found = Counter(Theatre.objects.filter(city__iexact=city.strip(), province__isnull=False).values_list("province_id", flat=True))
    return next(iter(found)) if len(found) == 1 else None
