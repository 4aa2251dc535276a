"""Accepting a body of figures: checked row by row, written in one transaction, answered with a receipt."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from dip.programme.actions import couple_theatres
from dip.registry.terms import Access, AccessDenied, Level, Module
from dip.ticketing.actions import tables
from dip.ticketing.actions.merged import follow_folded, follow_merged
from dip.ticketing.models import Delivery
from dip.ticketing.rules.plan import needs_history, plan_writes
from dip.ticketing.rules.rows import Clocks, Fact, check_rows
from dip.ticketing.terms import Finding, Measure, PositionRow, Receipt

#: The turn of houses that no organisation runs: producer, agency and platform can all speak for one performance there.
NOBODYS = 0


def accept_positions(
    *,
    access: Access,
    at: datetime,
    measure: Measure,
    rows: Sequence[PositionRow],
    source: str,
    unreadable: Sequence[Finding] = (),
    couples: bool = True,
    by_hand: bool = False,
) -> Receipt:
    """Take the cumulative states that a theatre's system sends; ``at`` is the moment of reception.

    A theatre states figures of its own houses; the platform those of houses that no organisation on the platform runs.
    ``unreadable`` are findings of rows that the door could not read; they are counted and kept in the receipt. Rows are refused or
    kept one by one. Pushes of one organisation wait for each other, so of two at once the second builds on the first.
    ``couples``: whether a system states them, so that its theatres count as coupled from now on; what people type does not.
    ``by_hand``: somebody types them; then a provider speaks too, for its own performances in houses that nobody on the platform
    runs, and nobody for a house whose system delivers. The delivery is the trail: no audit line is added. Raises
    :class:`AccessDenied` when the access is no theatre's (by hand: nor a provider's) or only reads.
    """
    _need_right(access, by_hand)
    with transaction.atomic():
        tables.wait_for_turn(access.organisation_id)
        if by_hand or access.is_platform:
            tables.wait_for_turn(NOBODYS)
        rows, facts = _known(access, measure, rows, by_hand)
        known_at = max(at, max((fact.known_at for fact in facts.values() if fact.known_at), default=at))
        clocks = Clocks(known_at)
        kept, findings = check_rows(rows, facts, measure, at, clocks)
        histories = tables.read_histories(measure, needs_history(kept, clocks), facts)
        plan = plan_writes(kept, histories, measure, clocks)
        told = _in_order([*unreadable, *findings, *plan.findings], rows)
        rejected = sum(finding.rejects for finding in told)
        total = len(rows) + len(unreadable)
        unchanged = total - plan.accepted - rejected
        delivery = Delivery.objects.create(
            organisation_id=access.organisation_id,
            client_id=access.client_id,
            source=source[:120],
            measure=measure,
            received_at=at,
            row_count=total,
            accepted_count=plan.accepted,
            unchanged_count=unchanged,
            rejected_count=rejected,
            findings=[_as_kept(finding) for finding in told],
        )
        tables.write_positions(measure, plan.positions, known_at, delivery.pk)
        tables.write_states(measure, plan.states, facts, known_at, source[:120])
        if couples and plan.accepted and measure is Measure.TICKETS:
            couple_theatres(access=access, at=at, performances=[new.number for new in plan.positions])
    return Receipt(delivery.pk, measure, at, total, plan.accepted, unchanged, rejected, told)


def _need_right(access: Access, by_hand: bool) -> None:
    speaks = access.is_taker or (access.is_provider if by_hand else access.is_platform)
    if not speaks or not access.allows(Module.SALES, Level.MANAGE):
        raise AccessDenied("needs the right to manage sales, of the theatre that plays it or (by hand) of its provider")


def _known(
    access: Access, measure: Measure, rows: Sequence[PositionRow], by_hand: bool
) -> tuple[Sequence[PositionRow], dict[int, Fact]]:
    """The rows under the numbers and productions that count now, and what is known of them."""
    facts = tables.read_facts(access, measure, {row.number for row in rows}, by_hand=by_hand)
    followed = follow_folded(rows, facts)
    added = {row.number for row in followed} - facts.keys() if followed is not rows else set()
    if added:
        facts |= tables.read_facts(access, measure, added, by_hand=by_hand)
    return follow_merged(followed, facts), facts


def _in_order(findings: Sequence[Finding], rows: Sequence[PositionRow]) -> tuple[Finding, ...]:
    """By row, each with the number that its row names."""
    if not findings:
        return ()
    numbers = {row.row: row.number for row in rows}
    return tuple(one._replace(number=numbers.get(one.row)) for one in sorted(findings, key=lambda finding: finding.row))


def _as_kept(finding: Finding) -> dict[str, object]:
    """As the table holds it, which takes no NUL."""
    values = {name: value.replace("\x00", "") if isinstance(value, str) else value for name, value in finding.values.items()}
    return {"row": finding.row, "number": finding.number, "code": finding.code.value, "values": values}
