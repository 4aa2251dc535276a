"""Marking a theatre as coupled: its ticketing system pushes figures."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from dip.programme.models import Performance, Theatre
from dip.registry.terms import Access
from dip.registry.trail import write_line


def couple_theatres(*, access: Access, at: datetime, performances: Collection[int]) -> list[int]:
    """Mark the access's own theatres in which these performances play as coupled; the ids of those that were not yet.

    Called after figures were accepted. One query once all its theatres are coupled, whatever the number of performances.
    """
    waiting = dict(Theatre.objects.filter(organisation_id=access.organisation_id, is_coupled=False).values_list("id", "name"))
    if not waiting:
        return []
    with transaction.atomic():
        return _couple(access, at, waiting, performances)


def _couple(access: Access, at: datetime, waiting: Mapping[int, str], performances: Collection[int]) -> list[int]:
    played = Performance.objects.filter(pk__in=performances, theatre_id__in=list(waiting)).order_by()
    found = sorted(set(played.values_list("theatre_id", flat=True)))
    Theatre.objects.filter(pk__in=found).update(is_coupled=True)
    for theatre_id in found:
        write_line(
            access=access,
            at=at,
            verb="couple_theatre",
            subject="theatre",
            subject_id=theatre_id,
            label=waiting[theatre_id],
            changes={"is_coupled": [False, True]},
        )
    return found
