"""The theatre's side of a connection request: confirming, or proposing corrections."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from dip.kernel.clock import local
from dip.programme.actions.entitlement import UnableToAct, need_answering
from dip.programme.actions.letters import page_of, people_of, provider_contacts, send_letter
from dip.programme.actions.requests import token_digest
from dip.programme.models import ConnectionRequest, Hall, Performance, PerformanceEvent, Proposal
from dip.programme.rules.checks import VenueFacts, venue_finding
from dip.programme.rules.corrections import read_correction
from dip.programme.terms import (
    Correction,
    EventKind,
    Finding,
    FindingCode,
    PerformanceStatus,
    ProposalField,
    ProposalStatus,
    RequestStatus,
)
from dip.registry.terms import Access, AccessDenied, Role
from dip.registry.trail import write_line


class UnableToAnswer(UnableToAct):
    """A connection request cannot be answered like this."""


@dataclass(frozen=True, slots=True)
class _Reply:
    """Who answers: shown to the provider as ``name``; the trail's line is written for ``access``."""

    access: Access
    name: str


@transaction.atomic
def confirm_connections(*, access: Access, at: datetime, numbers: Iterable[int]) -> tuple[int, ...]:
    """Confirm the requests of these performances: they are as the provider says. Numbers newly confirmed.

    Confirming twice changes nothing; confirming takes back what was proposed and not decided. Raises UnableToAnswer for what is
    not asked (any more), AccessDenied for whoever may not answer.
    """
    asked = sorted(set(numbers))
    requests = {r.performance_id: r for r in _locked(ConnectionRequest.objects.within(access)).filter(performance_id__in=asked)}
    missing = [n for n in asked if n not in requests]
    if missing:
        raise UnableToAnswer([Finding(FindingCode.NO_LONGER_ASKED, "number", str(n), number=n) for n in missing])
    for request in requests.values():
        need_answering(access, request.theatre.organisation_id)
    reply = _Reply(access, access.actor)
    return tuple(n for n in asked if _confirm(requests[n], at, reply))


@transaction.atomic
def propose_corrections(*, access: Access, at: datetime, number: int, corrections: Sequence[Correction]) -> list[Proposal]:
    """Propose corrections to a performance; the provider is told, and decides on each. A field proposed before is replaced.

    Raises UnableToAnswer with a finding per unreadable or empty correction.
    """
    request = _locked(ConnectionRequest.objects.within(access)).filter(performance_id=number).first()
    if request is None:
        raise UnableToAnswer([Finding(FindingCode.NO_LONGER_ASKED, "number", str(number), number=number)])
    need_answering(access, request.theatre.organisation_id)
    return _propose(request, at, _Reply(access, access.actor), corrections)


@transaction.atomic
def confirm_by_link(*, token: str, at: datetime) -> bool:
    """Confirm as the holder of the link, for a theatre that nobody can sign in for; False when it was confirmed already."""
    request, reply = _by_link(token)
    return _confirm(request, at, reply)


@transaction.atomic
def propose_by_link(*, token: str, at: datetime, corrections: Sequence[Correction]) -> list[Proposal]:
    """Propose as the holder of the link; see :func:`propose_corrections`."""
    request, reply = _by_link(token)
    return _propose(request, at, reply, corrections)


def _locked(requests):  # type: ignore[no-untyped-def]  # the query set of an owned manager
    parts = ("performance__production__producer", "performance__production__agency", "performance__hall", "theatre")
    live = requests.exclude(status=RequestStatus.WITHDRAWN).filter(performance__status=PerformanceStatus.PUBLISHED)
    return live.select_related(*parts).select_for_update(of=("self",)).order_by("performance_id")


def _by_link(token: str) -> tuple[ConnectionRequest, _Reply]:
    """The request behind a link that answers by itself, and who answers. The line goes to the theatre's trail, or, for a theatre
    without an organisation, to the provider's."""
    requests = ConnectionRequest.objects.across_tenants("the holder of a link answers one request")
    request = _locked(requests).filter(token_digest=token_digest(token)).first()
    if request is None:
        raise UnableToAnswer([Finding(FindingCode.NO_LONGER_ASKED, "link", "")])
    owner = request.theatre.organisation_id
    if owner and people_of([owner]).get(owner):
        raise AccessDenied("this theatre has people who sign in to answer")
    name = f"{request.theatre.name} (link)"
    keeper = owner or request.performance.production.producer_id
    return request, _Reply(Access(keeper, request.theatre.name, Role.THEATRE, actor=name), name)


def _confirm(request: ConnectionRequest, at: datetime, reply: _Reply) -> bool:
    if request.status == RequestStatus.CONFIRMED:
        return False
    open_ones = Proposal.objects.across_tenants("the request is locked by its answer").filter(request=request)
    open_ones.filter(status=ProposalStatus.OPEN).update(status=ProposalStatus.WITHDRAWN, decided_at=at, decided_by=reply.name)
    _answered(request, at, reply, RequestStatus.CONFIRMED)
    PerformanceEvent.objects.create(performance=request.performance, at=at, kind=EventKind.CONFIRMED, actor=reply.name)
    _trail(request, at, reply, "confirm_connections", {})
    return True


def _propose(request: ConnectionRequest, at: datetime, reply: _Reply, corrections: Sequence[Correction]) -> list[Proposal]:
    read = _read(request, corrections)
    earlier = Proposal.objects.across_tenants("the request is locked by its answer").filter(request=request)
    replaced = earlier.filter(status=ProposalStatus.OPEN, field__in=[p.field for p in read])
    replaced.update(status=ProposalStatus.WITHDRAWN, decided_at=at, decided_by=reply.name)
    for proposal in read:
        proposal.request, proposal.proposed_at, proposal.proposed_by = request, at, reply.name
    Proposal.objects.bulk_create(read)
    _answered(request, at, reply, RequestStatus.PROPOSED)
    changes = {p.field: [p.before, p.after] for p in read}
    PerformanceEvent.objects.create(
        performance=request.performance, at=at, kind=EventKind.PROPOSED, actor=reply.name, changes=changes, note=read[0].reason
    )
    _trail(request, at, reply, "propose_corrections", changes)
    performance = request.performance
    context = {"performance": performance, "theatre": request.theatre, "proposals": named(read), "link": page_of(performance)}
    send_letter(provider_contacts(performance.production), "proposed", context | {"production": performance.production})
    return read


def _read(request: ConnectionRequest, corrections: Sequence[Correction]) -> list[Proposal]:
    """Unsaved proposals, one per field that differs from what the provider says."""
    now = current_values(request.performance)
    proposals, findings = [], []
    for correction in {c.field: c for c in corrections}.values():
        after = read_correction(correction)
        if isinstance(after, Finding):
            findings.append(after)
        elif after != now[correction.field]:
            before, reason = now[correction.field], correction.reason.strip()[:300]
            proposals.append(Proposal(field=correction.field, before=before, after=after, reason=reason))
    findings += [f for p in proposals if p.field == ProposalField.HALL and (f := _hall_finding(request, int(p.after)))]
    if not findings and not proposals:
        findings.append(Finding(FindingCode.NOTHING_CORRECTED))
    if findings:
        raise UnableToAnswer(findings)
    return proposals


def _hall_finding(request: ConnectionRequest, hall_id: int) -> Finding | None:
    hall = Hall.objects.filter(pk=hall_id).first()
    facts = VenueFacts(
        theatre_id=request.theatre_id,
        theatre_name=request.theatre.name,
        hall_id=hall.pk if hall else None,
        hall_name=hall.name if hall else str(hall_id),
        hall_theatre_id=hall.theatre_id if hall else None,
        hall_in_use=bool(hall and not hall.do_not_use and hall.merged_into_id is None),
    )
    return venue_finding(facts)


def current_values(performance: Performance) -> dict[str, str]:
    """What the provider says now, in the form of proposals. Needs ``theatre`` selected."""
    start = local(performance.starts_at, ZoneInfo(performance.theatre.time_zone))
    return {
        ProposalField.DATE: start.date().isoformat(),
        ProposalField.TIME: f"{start:%H:%M}",
        ProposalField.HALL: str(performance.hall_id),
        ProposalField.CAPACITY: str(performance.capacity),
    }


def named(proposals: Sequence[Proposal]) -> list[dict[str, str]]:
    """Proposals with the halls by name, as letters show them."""
    ids = {int(v) for p in proposals if p.field == ProposalField.HALL for v in (p.before, p.after)}
    halls = {str(pk): name for pk, name in Hall.objects.filter(pk__in=ids).values_list("pk", "name")} if ids else {}
    return [
        {
            "field": p.field,
            "before": halls.get(p.before, p.before) if p.field == ProposalField.HALL else p.before,
            "after": halls.get(p.after, p.after) if p.field == ProposalField.HALL else p.after,
            "reason": p.reason,
            "status": p.status,
            "decision_reason": p.decision_reason,
        }
        for p in proposals
    ]


def _answered(request: ConnectionRequest, at: datetime, reply: _Reply, status: RequestStatus) -> None:
    request.status, request.answered_at, request.answered_by = status, at, reply.name
    request.save(update_fields=["status", "answered_at", "answered_by"])


def _trail(request: ConnectionRequest, at: datetime, reply: _Reply, verb: str, changes: dict[str, list[str]]) -> None:
    performance = request.performance
    label = f"{performance.production.title}, {request.theatre.name}"
    write_line(
        access=reply.access, at=at, verb=verb, subject="performance", subject_id=performance.pk, label=label, changes=changes
    )
