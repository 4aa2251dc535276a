"""The provider's side of a connection request: accepting or declining what the theatre proposes."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from dip.kernel.clock import from_local, local
from dip.programme.actions.answers import current_values, named
from dip.programme.actions.entitlement import UnableToAct, need_editing
from dip.programme.actions.letters import page_of, send_letter, theatre_contacts
from dip.programme.models import ConnectionRequest, Hall, Performance, PerformanceEvent, Proposal
from dip.programme.rules.corrections import corrected_start, status_after
from dip.programme.rules.ranks import fitted
from dip.programme.terms import Decision, EventKind, Finding, FindingCode, ProposalField, ProposalStatus
from dip.registry.terms import Access
from dip.registry.trail import write_line


class UnableToDecide(UnableToAct):
    """A proposal cannot be decided like this."""


@transaction.atomic
def decide_proposals(*, access: Access, at: datetime, number: int, decisions: Sequence[Decision]) -> None:
    """Accept or decline what the theatre proposes for a performance. Accepting applies it; declining needs a reason.

    All or none. The theatre is told once for all. Raises UnableToDecide with a finding per decision that cannot be, AccessDenied
    for whoever may not edit the production.
    """
    performance = Performance.objects.select_for_update(of=("self",)).select_related("production", "theatre", "hall").get(pk=number)
    need_editing(access, performance.production)
    ids = [d.proposal_id for d in decisions]
    found = Proposal.objects.within(access).select_related("request").select_for_update(of=("self", "request"))
    proposals = {p.pk: p for p in found.filter(pk__in=ids, request__performance_id=number)}
    findings = [f for d in decisions if (f := _finding(d, proposals.get(d.proposal_id)))]
    if findings or not decisions:
        raise UnableToDecide(findings or [Finding(FindingCode.NOTHING_CORRECTED)])
    decided = []
    for decision in decisions:
        proposal = proposals[decision.proposal_id]
        _decide(access, at, performance, proposal, decision)
        decided.append(proposal)
    performance.save()
    request = decided[0].request
    every = Proposal.objects.within(access).filter(request=request).values_list("status", flat=True)
    ConnectionRequest.objects.within(access).filter(pk=request.pk).update(status=status_after(every))
    changes = {p.field: [p.after, p.status] for p in decided}
    label = f"{performance.production.title}, {performance.theatre.name}"
    write_line(
        access=access, at=at, verb="decide_proposals", subject="performance", subject_id=number, label=label, changes=changes
    )
    context = {"performance": performance, "production": performance.production, "theatre": performance.theatre}
    contacts = theatre_contacts([performance.theatre])[performance.theatre_id]
    send_letter(contacts, "decided", context | {"proposals": named(decided), "link": page_of(performance)})


def _finding(decision: Decision, proposal: Proposal | None) -> Finding | None:
    if proposal is None:
        return Finding(FindingCode.NO_LONGER_ASKED, "proposal", str(decision.proposal_id))
    if proposal.status != ProposalStatus.OPEN:
        return Finding(FindingCode.ALREADY_DECIDED, f"reason-{proposal.pk}", proposal.status)
    if not decision.accept and not decision.reason.strip():
        return Finding(FindingCode.REASON_MISSING, f"reason-{proposal.pk}", "")
    return None


def _decide(access: Access, at: datetime, performance: Performance, proposal: Proposal, decision: Decision) -> None:
    proposal.status = ProposalStatus.ACCEPTED if decision.accept else ProposalStatus.DECLINED
    proposal.decided_at, proposal.decided_by = at, access.actor
    proposal.decision_reason = decision.reason.strip()[:300]
    proposal.save(update_fields=["status", "decided_at", "decided_by", "decision_reason"])
    before = current_values(performance)[proposal.field]
    if decision.accept:
        apply_correction(performance, proposal.field, proposal.after)
    PerformanceEvent.objects.create(
        performance=performance,
        at=at,
        kind=EventKind.CORRECTED if decision.accept else EventKind.DECLINED,
        actor=access.actor,
        changes={proposal.field: [before, proposal.after]},
        note=proposal.decision_reason,
    )


def apply_correction(performance: Performance, field: str, after: str) -> None:
    """Put one corrected value in the (unsaved) performance. Needs ``theatre`` selected."""
    if field == ProposalField.CAPACITY:
        performance.capacity_by_rank = fitted(performance.capacity_by_rank, int(after))
        performance.capacity = sum(performance.capacity_by_rank)
    elif field == ProposalField.HALL:
        performance.hall = Hall.objects.get(pk=int(after))
    else:
        zone = ZoneInfo(performance.theatre.time_zone)
        start = local(performance.starts_at, zone).replace(tzinfo=None)
        performance.starts_at = from_local(corrected_start(start, field, after), zone)
        performance.performance_date = local(performance.starts_at, zone).date()
