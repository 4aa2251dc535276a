"""The weekly reminder of connection requests that wait for a theatre, bundled per theatre."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction

from dip.programme.actions.letters import link_of, link_token, send_letter, theatre_contacts
from dip.programme.actions.requests import token_digest
from dip.programme.models import ConnectionRequest
from dip.programme.terms import PerformanceStatus, RequestStatus
from dip.registry.terms import Access, Door, Role
from dip.registry.trail import write_line

#: A question put or repeated less than this ago is not repeated yet.
PATIENCE = timedelta(days=5)
REASON = "weekly reminders go to every theatre"


def remind_theatres(*, at: datetime) -> int:
    """Mail every theatre the requests that it has not answered, and that are not over. How many theatres were mailed.

    Each theatre is one transaction: a repeat after a failure goes on with those that were not reminded.
    """
    waiting = _waiting(at).order_by("theatre_id").values_list("theatre_id", flat=True).distinct()
    return sum(_remind(theatre_id, at) for theatre_id in list(waiting))


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
    by_kind = defaultdict(list)
    for contact in contacts:
        by_kind[contact.is_person].append(contact)
    for request in requests:
        request.reminded_at, request.token_digest = at, token_digest(link_token(request))
        request.save(update_fields=["reminded_at", "token_digest"])
    links = [(request.performance, link_of(request)) for request in requests]
    for is_person, group in by_kind.items():
        send_letter(group, "reminder", {"theatre": theatre, "rows": links, "by_link": not is_person})
    if theatre.organisation_id:
        access = Access(theatre.organisation_id, theatre.name, Role.THEATRE, door=Door.JOB, actor="DIP")
        numbers = [r.performance_id for r in requests]
        write_line(
            access=access, at=at, verb="remind_theatres", subject="theatre", subject_id=theatre_id, label=theatre.name,
            changes={"performances": [None, numbers]},
        )  # fmt: skip
    return True
