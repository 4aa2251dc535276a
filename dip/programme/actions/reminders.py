"""The weekly reminder of connection requests that wait for a theatre.

A theatre whose people can sign in is reminded in its weekly mail (:func:`note_reminders`); the others, by a mail with links
(:func:`remind_theatres`).
"""

from datetime import datetime, timedelta

from django.db import transaction

from dip.programme.actions.letters import link_of, link_token, people_of, send_letter, theatre_contacts
from dip.programme.actions.requests import token_digest
from dip.programme.models import ConnectionRequest, Theatre
from dip.programme.terms import PerformanceStatus, RequestStatus
from dip.registry.terms import Access, Door, Role
from dip.registry.trail import write_line

#: A question put or repeated less than this ago is not repeated yet.
PATIENCE = timedelta(days=5)
REASON = "weekly reminders go to every theatre"


def remind_theatres(*, at: datetime) -> int:
    """Mail every theatre that nobody can sign in for the requests that wait for it. How many theatres were mailed.

    Each theatre is one transaction: a repeat after a failure goes on with those that were not reminded.
    """
    waiting = dict(_waiting(at).order_by().values_list("theatre_id", "theatre__organisation_id").distinct())
    manned = people_of({owner for owner in waiting.values() if owner})
    return sum(_remind(theatre_id, at) for theatre_id, owner in sorted(waiting.items()) if owner not in manned)


def note_reminders(*, organisation_id: int, at: datetime) -> int:
    """Keep that the weekly mail of an organisation told of its waiting requests; how many. Call it in the mail's transaction."""
    found = _waiting(at).filter(theatre__organisation_id=organisation_id).select_for_update(of=("self",), skip_locked=True)
    numbers: dict[int, list[int]] = {}
    requests = list(found.order_by("theatre_id", "performance_id"))
    for request in requests:
        numbers.setdefault(request.theatre_id, []).append(request.performance_id)
    ConnectionRequest.objects.across_tenants(REASON).filter(pk__in=[r.pk for r in requests]).update(reminded_at=at)
    for theatre in Theatre.objects.filter(pk__in=numbers).order_by("pk"):
        _tell_trail(theatre, numbers[theatre.pk], at)
    return len(requests)


def _waiting(at: datetime):  # type: ignore[no-untyped-def]  # the query set of an owned manager
    before = at - PATIENCE
    return (
        ConnectionRequest.objects.across_tenants(REASON)
        .filter(status=RequestStatus.OPEN, performance__status=PerformanceStatus.PUBLISHED)
        .filter(performance__starts_at__gt=at, sent_at__lt=before)
        .exclude(reminded_at__gte=before)
    )


@transaction.atomic
def _remind(theatre_id: int, at: datetime) -> bool:
    rows = _waiting(at).filter(theatre_id=theatre_id).select_for_update(of=("self",), skip_locked=True)
    parts = ("performance__production", "performance__hall", "performance__theatre", "theatre")
    requests = list(rows.select_related(*parts).order_by("performance__production__title", "performance__starts_at"))
    if not requests:
        return False
    theatre = requests[0].theatre
    contacts = theatre_contacts([theatre])[theatre_id]
    if not contacts:
        return False
    for request in requests:
        request.reminded_at, request.token_digest = at, token_digest(link_token(request))
        request.save(update_fields=["reminded_at", "token_digest"])
    links = [(request.performance, link_of(request)) for request in requests]
    send_letter(contacts, "reminder", {"theatre": theatre, "rows": links, "by_link": True})
    if theatre.organisation_id:
        _tell_trail(theatre, [r.performance_id for r in requests], at)
    return True


def _tell_trail(theatre: Theatre, numbers: list[int], at: datetime) -> None:
    access = Access(theatre.organisation_id, theatre.name, Role.THEATRE, door=Door.JOB, actor="DIP")
    write_line(
        access=access, at=at, verb="remind_theatres", subject="theatre", subject_id=theatre.pk, label=theatre.name,
        changes={"performances": [None, numbers]},
    )  # fmt: skip
