"""Putting the question to theatres: opening, reopening and withdrawing connection requests."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe

from dip.programme.actions.letters import Contact, link_of, link_token, page_of, send_letter, theatre_contacts
from dip.programme.models import ConnectionRequest, Performance, PerformanceEvent, Production, Proposal, Theatre
from dip.programme.terms import EventKind, Finding, FindingCode, PerformanceStatus, ProposalStatus, RequestStatus
from dip.registry.terms import Access

REASON = "the other party's request is opened, put again or withdrawn by the provider's act"


def ask_theatres(*, at: datetime, performances: Sequence[Performance]) -> list[Finding]:
    """Open one request per published performance still to come, and mail them bundled per theatre and production.

    A theatre with nobody to ask gets none: a warning per performance says so. Needs ``theatre`` and ``production`` selected.
    """
    coming = [p for p in performances if p.starts_at > at and p.status == PerformanceStatus.PUBLISHED]
    contacts = theatre_contacts({p.theatre_id: p.theatre for p in coming}.values())
    asked = [p for p in coming if contacts[p.theatre_id]]
    requests = open_requests(at, asked, contacts)
    for performance_group, contact_list in _bundles(asked, contacts):
        rows = [(p, link_of(requests[p.pk])) for p in performance_group]
        _send("request", contact_list, performance_group[0].production, performance_group[0].theatre, rows)
    return [
        Finding(FindingCode.NOBODY_TO_ASK, "theatre", p.theatre.name, number=p.pk) for p in coming if not contacts[p.theatre_id]
    ]


def open_requests(
    at: datetime, performances: Sequence[Performance], contacts: dict[int, list[Contact]]
) -> dict[int, ConnectionRequest]:
    """Insert open requests; by performance number."""
    rows = []
    for performance in performances:
        request = ConnectionRequest(
            performance=performance,
            theatre_id=performance.theatre_id,
            salt=token_urlsafe(16),
            sent_at=at,
            sent_to=[c.email for c in contacts[performance.theatre_id]],
        )
        request.token_digest = token_digest(link_token(request))
        rows.append(request)
    ConnectionRequest.objects.bulk_create(rows)
    return {request.performance_id: request for request in rows}


def token_digest(token: str) -> str:
    """What is kept of a token."""
    return sha256(token.encode()).hexdigest()


def live_request(performance: Performance) -> ConnectionRequest | None:
    """The request that is not withdrawn, locked."""
    requests = ConnectionRequest.objects.across_tenants(REASON).select_for_update()
    found: ConnectionRequest | None = requests.filter(performance=performance).exclude(status=RequestStatus.WITHDRAWN).first()
    return found


def ask_again(*, access: Access, at: datetime, performance: Performance, before: dict[str, str], left: Theatre | None) -> None:
    """After a move: the same theatre is asked again; a theatre that was left is told, and the new one is asked.

    ``before``: what was replaced, in words; ``left``: the former theatre when it is another one.
    """
    request = live_request(performance)
    if left is not None:
        if request is not None:
            _withdraw(request, at, access.actor)
        tell_theatre("left", performance, left, before=before)
        ask_theatres(at=at, performances=[performance])
        return
    if request is None:
        ask_theatres(at=at, performances=[performance])
        return
    contacts = theatre_contacts([performance.theatre])[performance.theatre_id]
    _drop_proposals(request, at, access.actor)
    was_answered = request.status != RequestStatus.OPEN
    request.status, request.sent_at, request.sent_to = RequestStatus.OPEN, at, [c.email for c in contacts]
    request.reminded_at, request.answered_at, request.answered_by = None, None, ""
    request.save()
    if was_answered:
        PerformanceEvent.objects.create(performance=performance, at=at, kind=EventKind.REOPENED, actor=access.actor)
    _send("moved", contacts, performance.production, performance.theatre, [(performance, link_of(request))], before)


def withdraw_request(*, access: Access, at: datetime, performance: Performance) -> None:
    """After a cancellation nothing is asked any more; the theatre is told."""
    request = live_request(performance)
    if request is not None:
        _withdraw(request, at, access.actor)
    tell_theatre("cancelled", performance, performance.theatre)


def tell_theatre(letter: str, performance: Performance, theatre: Theatre, before: dict[str, str] | None = None) -> None:
    """Mail a theatre's contacts about one performance."""
    contacts = theatre_contacts([theatre])[theatre.pk]
    _send(letter, contacts, performance.production, theatre, [(performance, page_of(performance))], before)


def _withdraw(request: ConnectionRequest, at: datetime, actor: str) -> None:
    _drop_proposals(request, at, actor)
    request.status = RequestStatus.WITHDRAWN
    request.save(update_fields=["status"])


def _drop_proposals(request: ConnectionRequest, at: datetime, actor: str) -> None:
    """What was proposed about the old facts is moot."""
    mine = Proposal.objects.across_tenants(REASON).filter(request=request, status=ProposalStatus.OPEN)
    mine.update(status=ProposalStatus.WITHDRAWN, decided_at=at, decided_by=actor)


def _bundles(
    performances: Iterable[Performance], contacts: dict[int, list[Contact]]
) -> list[tuple[list[Performance], list[Contact]]]:
    groups: dict[tuple[int, int], list[Performance]] = defaultdict(list)
    for performance in sorted(performances, key=lambda p: p.starts_at):
        groups[performance.theatre_id, performance.production_id].append(performance)
    return [(group, contacts[theatre_id]) for (theatre_id, _), group in groups.items()]


def _send(
    letter: str,
    contacts: Sequence[Contact],
    production: Production,
    theatre: Theatre,
    rows: Sequence[tuple[Performance, str]],
    before: dict[str, str] | None = None,
) -> None:
    provider = production.agency or production.producer
    context = {"production": production, "provider": provider, "theatre": theatre, "rows": rows, "before": before or {}}
    for is_person in (True, False):
        some = [c for c in contacts if c.is_person is is_person]
        if some:
            send_letter(some, letter, context | {"by_link": not is_person})
