"""Connection requests and proposals of an access: lists, what waits, and the request behind a link."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import Count, Q

from dip.programme.models import ConnectionRequest, Hall, Performance, Proposal
from dip.programme.queries.performances import PerformanceRow, performance_rows
from dip.programme.rules.rights import may_answer, may_edit
from dip.programme.terms import PerformanceStatus, ProposalField, ProposalStatus, RequestStatus
from dip.registry.models import Membership
from dip.registry.terms import Access, Level, Module


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One correction to a performance; halls are written by name in ``before`` and ``after``, the rest as stored."""

    performance: PerformanceRow
    id: int
    field: str
    before: str
    after: str
    reason: str
    status: str
    proposed_at: datetime
    proposed_by: str
    decided_at: datetime | None
    decided_by: str
    decision_reason: str

    @property
    def is_open(self) -> bool:
        """Whether the provider has still to decide."""
        return self.status == ProposalStatus.OPEN


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A connection request with its performance and proposals, newest facts. ``can_answer`` and ``can_decide`` are the access's."""

    id: int
    performance: PerformanceRow
    status: str
    sent_at: datetime
    reminded_at: datetime | None
    answered_at: datetime | None
    answered_by: str
    can_answer: bool
    can_decide: bool
    proposals: tuple[ProposalRow, ...] = field(default=())

    @property
    def open_proposals(self) -> tuple[ProposalRow, ...]:
        """Those that wait for the provider."""
        return tuple(p for p in self.proposals if p.is_open)


def requests_of(
    access: Access,
    *,
    status: str | None = None,
    text: str = "",
    numbers: Iterable[int] | None = None,
    first: int = 0,
    limit: int = 50,
) -> list[RequestRow]:
    """The access's requests by date of the performance, from the ``first`` one, ``limit`` at most. Four queries at most."""
    return request_rows(
        access, _filtered(access, status, text, numbers).order_by("performance__starts_at", "id")[first : first + limit]
    )


def count_requests(access: Access, text: str = "") -> dict[str, int]:
    """How many requests of the access stand where: status → count. One query."""
    rows = _filtered(access, None, text, None).order_by().values_list("status").annotate(n=Count("id"))
    return dict.fromkeys((s.value for s in RequestStatus), 0) | dict(rows)


def open_requests(access: Access, limit: int = 5, *, since: datetime | None = None) -> tuple[tuple[RequestRow, ...], int]:
    """Requests that the theatre has not answered, the first of them by date, and how many in all.

    For a theatre those it should answer, for a provider those it waits for. ``since`` leaves out performances before it.
    """
    found = _filtered(access, RequestStatus.OPEN, "", None)
    if since is not None:
        found = found.filter(performance__starts_at__gte=since)
    rows = request_rows(access, found.order_by("performance__starts_at", "id")[:limit])
    return tuple(rows), len(rows) if len(rows) < limit else found.count()


def open_proposals(access: Access, limit: int = 5, *, since: datetime | None = None) -> tuple[tuple[ProposalRow, ...], int]:
    """Corrections that the provider has not decided on, the first of them by date of the performance, and how many in all."""
    found = Proposal.objects.within(access).filter(status=ProposalStatus.OPEN)
    if since is not None:
        found = found.filter(request__performance__starts_at__gte=since)
    ordered = found.order_by("request__performance__starts_at", "id")
    first = list(ordered.values_list("id", "request__performance_id")[:limit])
    performances = {p.number: p for p in performance_rows(Performance.objects.filter(pk__in=[number for _, number in first]))}
    read = _proposals(Proposal.objects.within(access).filter(pk__in=[pk for pk, _ in first]), performances)
    rows = {row.id: row for group in read.values() for row in group}
    return tuple(rows[pk] for pk, _ in first), len(first) if len(first) < limit else found.count()


def _filtered(access: Access, status: str | None, text: str, numbers: Iterable[int] | None) -> Any:
    """Requests of performances that stand: a withdrawn one shows only when it is asked for."""
    found = ConnectionRequest.objects.within(access)
    if status:
        found = found.filter(status=status)
    if text:
        found = found.filter(
            Q(performance__production__title__icontains=text) | Q(theatre__name__icontains=text) | Q(theatre__city__icontains=text)
        )
    if numbers is not None:
        found = found.filter(performance_id__in=list(numbers))
    return found


def request_rows(access: Access, requests: Any) -> list[RequestRow]:
    """Rows of a query set of requests, in its order: requests, performances, proposals, halls. Four queries at most."""
    columns = ("id", "performance_id", "status", "sent_at", "reminded_at", "answered_at", "answered_by", "theatre__organisation_id")
    found = list(requests.values_list(*columns))
    if not found:
        return []
    performances = {p.number: p for p in performance_rows(Performance.objects.filter(pk__in=[r[1] for r in found]))}
    proposals = _proposals(Proposal.objects.within(access).filter(request_id__in=[r[0] for r in found]), performances)
    rows = []
    for pk, number, status, sent_at, reminded_at, answered_at, answered_by, owner in found:
        performance = performances[number]
        stands = performance.status == PerformanceStatus.PUBLISHED and status != RequestStatus.WITHDRAWN
        rows.append(
            RequestRow(
                pk,
                performance,
                status,
                sent_at,
                reminded_at,
                answered_at,
                answered_by,
                can_answer=stands and may_answer(access, owner),
                can_decide=stands and may_edit(access, performance.producer_id, performance.agency_id),
                proposals=tuple(proposals.get(pk, ())),
            )
        )
    return rows


def _proposals(proposals: Any, performances: dict[int, PerformanceRow]) -> dict[int, list[ProposalRow]]:
    """By request, in the order in which they were made."""
    columns = (
        "request_id",
        "request__performance_id",
        "id",
        "field",
        "before",
        "after",
        "reason",
        "status",
        "proposed_at",
        "proposed_by",
        "decided_at",
        "decided_by",
        "decision_reason",
    )
    found = list(proposals.order_by("proposed_at", "id").values_list(*columns))
    halls = hall_names(v for row in found if row[3] == ProposalField.HALL for v in row[4:6])
    rows: dict[int, list[ProposalRow]] = defaultdict(list)
    for request_id, number, pk, name, before, after, *rest in found:
        if name == ProposalField.HALL:
            before, after = halls.get(before, before), halls.get(after, after)
        rows[request_id].append(ProposalRow(performances[number], pk, name, before, after, *rest))
    return rows


def hall_names(ids: Iterable[str]) -> dict[str, str]:
    """Names of halls by their id as text; no query for none."""
    wanted = {int(i) for i in ids if i.isdecimal()}
    if not wanted:
        return {}
    return {str(pk): name for pk, name in Hall.objects.filter(pk__in=wanted).values_list("pk", "name")}


@dataclass(frozen=True, slots=True)
class LinkedRequest:
    """What stands behind the link in a mail. ``answers_by_itself``: nobody of the theatre can sign in, so the link is enough."""

    performance: PerformanceRow
    status: str
    organisation_id: int | None
    answers_by_itself: bool
    proposals: tuple[ProposalRow, ...]

    @property
    def can_answer(self) -> bool:
        """Whether there is anything to answer."""
        return self.performance.status == PerformanceStatus.PUBLISHED and self.status != RequestStatus.WITHDRAWN


def linked_request(token: str) -> LinkedRequest | None:
    """The request behind the token of a mail's link; None when there is none. Needs no access: the token is the right to see it."""
    reason = "the holder of a link sees its one request"
    digest = sha256(token.encode()).hexdigest()
    found = ConnectionRequest.objects.across_tenants(reason).filter(token_digest=digest).select_related("theatre").first()
    if found is None:
        return None
    owner = found.theatre.organisation_id
    (performance,) = performance_rows(Performance.objects.filter(pk=found.performance_id))
    proposals = _proposals(Proposal.objects.across_tenants(reason).filter(request=found), {performance.number: performance}).get(
        found.pk, ()
    )
    return LinkedRequest(performance, found.status, owner, owner is None or not _has_people(owner), tuple(proposals))


def _has_people(organisation_id: int) -> bool:
    managing = {f"rights__{Module.PROGRAMME.value}__gte": Level.MANAGE.value}
    return Membership.objects.filter(organisation_id=organisation_id, is_active=True, person__is_active=True, **managing).exists()


def answering_halls(theatre_id: int, current_id: int) -> list[tuple[int, str]]:
    """Halls among which a theatre can correct: those in use, and the one that the provider names. One query."""
    halls = Hall.objects.filter(theatre_id=theatre_id, merged_into__isnull=True)
    return list(halls.filter(Q(do_not_use=False) | Q(pk=current_id)).values_list("pk", "name"))
