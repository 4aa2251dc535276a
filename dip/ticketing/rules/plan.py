"""What one body writes: the quick way for rows that simply follow, the whole history for the few that do not."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from dip.ticketing.rules.history import History, NewPosition, is_simple, merge
from dip.ticketing.rules.rows import Clocks, Kept, change_remarks
from dip.ticketing.terms import Figures, Finding, FindingCode, Measure


class NewState(NamedTuple):
    """The current state of a performance after the body."""

    number: int
    figures: Figures
    true_at: datetime


class Plan(NamedTuple):
    """Positions to write by performance, the new current states, and what became of the rows."""

    positions: list[tuple[int, NewPosition]]
    states: list[NewState]
    accepted: int
    findings: list[Finding]


def needs_history(kept: Iterable[Mapping[datetime, Kept]], at: datetime, clocks: Clocks) -> list[int]:
    """Numbers of the performances whose positions must be read before :func:`plan_writes`."""
    numbers = []
    for moments in kept:
        one = next(iter(moments.values()))
        fact = one.fact
        if len(moments) > 1 or not (
            (fact.figures == one.figures and fact.confirmed_at is not None and one.true_at >= fact.confirmed_at)
            or is_simple(fact.confirmed_at, one.true_at, at, clocks[fact.zone])
        ):
            numbers.append(fact.number)
    return numbers


def plan_writes(
    kept: Mapping[int, Mapping[datetime, Kept]], histories: Mapping[int, History], measure: Measure, at: datetime, clocks: Clocks
) -> Plan:
    """The writes of a body known at ``at``; ``histories`` holds what :func:`needs_history` asked for. In order of number."""
    plan = Plan([], [], 0, [])
    accepted = 0
    for number in sorted(kept):
        moments = kept[number]
        if number in histories:
            accepted += _merge_into(plan, list(moments.values()), histories[number], measure, at, clocks)
            continue
        (one,) = moments.values()
        if one.figures != one.fact.figures:
            accepted += 1
            day = clocks[one.fact.zone].sales_date(one.true_at)
            plan.positions.append((number, NewPosition(one.true_at, day, one.figures, None)))
            if measure is Measure.TICKETS:
                plan.findings.extend(change_remarks(one, measure))
        plan.states.append(NewState(number, one.figures, one.true_at))
    return plan._replace(accepted=accepted)


def _merge_into(plan: Plan, rows: Sequence[Kept], history: History, measure: Measure, at: datetime, clocks: Clocks) -> int:
    """Place several rows, or one that does not simply follow; the number of rows that brought news."""
    fact = rows[0].fact
    merged = merge(history, [(one.true_at, one.figures) for one in rows], at, clocks[fact.zone])
    plan.positions.extend((fact.number, position) for position in merged.positions)
    plan.states.append(NewState(fact.number, merged.figures, merged.confirmed_at))
    restating = {position.true_at: position for position in merged.positions if position.restates is not None}
    for one, changed in zip(rows, merged.changed, strict=True):
        if changed:
            plan.findings.extend(change_remarks(one, measure))
        if one.true_at in restating:
            day = restating[one.true_at].sales_date.isoformat()
            plan.findings.append(Finding(one.row, FindingCode.RESTATES, {"value": day}))
    return sum(merged.changed)
