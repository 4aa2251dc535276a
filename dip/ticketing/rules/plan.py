"""What one body writes: the quick way for rows that simply follow, the whole history for the few that do not."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from dip.ticketing.rules.history import History, is_simple, merge
from dip.ticketing.rules.rows import Clocks, Kept, change_remarks, has_dropped
from dip.ticketing.terms import Figures, Finding, FindingCode, Measure


class PositionToWrite(NamedTuple):
    """A new position; ``restates`` is the id of the position that closed the same sales day until now."""

    number: int
    true_at: datetime
    sales_date: date
    restates: int | None
    figures: Figures


class StateToWrite(NamedTuple):
    """The current state of a performance after the body, when it is not that of a position which is written."""

    number: int
    true_at: datetime
    figures: Figures


class Plan(NamedTuple):
    """Positions to write and the new current states, by number; how many rows brought news, and findings about those."""

    positions: list[PositionToWrite]
    states: list[PositionToWrite | StateToWrite]
    accepted: int
    findings: list[Finding]


def needs_history(kept: Mapping[int, Mapping[datetime, Kept]], clocks: Clocks) -> dict[int, datetime]:
    """Numbers of the performances whose positions must be read before :func:`plan_writes`, with their earliest row's moment."""
    return {number: min(moments) for number, moments in kept.items() if not _follows(moments, clocks)}


def _follows(moments: Mapping[datetime, Kept], clocks: Clocks) -> bool:
    """Whether a single row repeats the current state, or simply follows it."""
    if len(moments) > 1:
        return False
    ((true_at, one),) = moments.items()
    fact = one.fact
    if fact.confirmed_at is not None and true_at >= fact.confirmed_at and one.figures == fact.figures:
        return True
    return is_simple(fact.confirmed_at, true_at, clocks[fact.zone])


def plan_writes(
    kept: Mapping[int, Mapping[datetime, Kept]], histories: Mapping[int, History], measure: Measure, clocks: Clocks
) -> Plan:
    """The writes of a body; ``histories`` holds what :func:`needs_history` asked for. In order of number."""
    plan = Plan([], [], 0, [])
    accepted, is_tickets = 0, measure is Measure.TICKETS
    for number in sorted(kept):
        moments = kept[number]
        if number in histories:
            accepted += _merge_into(plan, list(moments.values()), histories[number], measure, clocks)
            continue
        ((true_at, one),) = moments.items()
        _, _, figures, fact = one
        if figures == fact.figures:
            plan.states.append(StateToWrite(number, true_at, figures))
            continue
        clock = clocks[fact.zone]
        day = clock.open_day if clock.open_from <= true_at < clock.open_until else clock.sales_date(true_at)
        new = PositionToWrite(number, true_at, day, None, figures)
        plan.states.append(new)
        plan.positions.append(new)
        accepted += 1
        if is_tickets and fact.figures and has_dropped(fact.figures, figures):
            plan.findings.extend(change_remarks(one, measure))
    return plan._replace(accepted=accepted)


def _merge_into(plan: Plan, rows: Sequence[Kept], history: History, measure: Measure, clocks: Clocks) -> int:
    """Place several rows, or one that does not simply follow; the number of rows that brought news."""
    fact = rows[0].fact
    merged = merge(history, [(one.true_at, one.figures) for one in rows], clocks[fact.zone])
    plan.positions.extend(PositionToWrite(fact.number, *new) for new in merged.positions)
    plan.states.append(StateToWrite(fact.number, merged.confirmed_at, merged.figures))
    restating = {new.true_at: new.sales_date for new in merged.positions if new.restates is not None}
    for one, changed in zip(rows, merged.changed, strict=True):
        if changed:
            plan.findings.extend(change_remarks(one, measure))
        if one.true_at in restating:
            plan.findings.append(Finding(one.row, FindingCode.RESTATES, {"value": restating[one.true_at].isoformat()}))
    return sum(merged.changed)
