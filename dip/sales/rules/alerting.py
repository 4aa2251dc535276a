"""What a rule finds: whether a state holds, has ended, or is in between; which movements are events."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from dip.kernel.money import ratio
from dip.sales.rules.status import is_silent
from dip.sales.rules.targets import due
from dip.sales.terms import AlertKind, AlertUnit, Found, Goal, Limits, Movement, RuleSpec, Standing

#: A state has ended only when it is this far back past its limit, in percent points: figures around a limit ring once.
SLACK = 5
#: Occupancy may fall this many percent points under the limit before "sold out" can ring again.
SOLD_SLACK = 3
#: Never any figures is news this many days before the performance; sales of a far tour may not have begun.
NEVER_DAYS = 60
#: Days after a performance in which missing figures are still news.
AFTER_DAYS = 2
#: Least expected tickets for "behind": a handful is noise.
LEAST_EXPECTED = 10

#: Kind → (unit, usual limit, least, most) of its rule, per unit.
LIMITS: dict[AlertKind, dict[AlertUnit, tuple[int, int, int]]] = {
    AlertKind.NO_FIGURES: {AlertUnit.HOURS: (48, 6, 720)},
    AlertKind.BEHIND_TARGET: {AlertUnit.PERCENT: (90, 10, 100)},
    AlertKind.BEHIND_MEDIAN: {AlertUnit.PERCENT: (90, 10, 100)},
    AlertKind.SOLD_OUT: {AlertUnit.PERCENT: (100, 50, 100)},
    AlertKind.DROP: {AlertUnit.TICKETS: (20, 1, 10_000), AlertUnit.PERCENT: (20, 1, 100)},
    AlertKind.RESTATED: {AlertUnit.TICKETS: (1, 1, 10_000)},
}


def judge(spec: RuleSpec, row: Standing, goal: Goal | None, moment: datetime, limits: Limits) -> bool | None:
    """Whether the state that ``spec`` looks for holds at ``moment``: True, False once it has clearly ended, None in between.

    None also where it cannot be told: figures are silent, or the comparison may not be shown.
    """
    return _JUDGES[spec.kind](spec, row, goal, moment, limits)


def _silence(spec: RuleSpec, row: Standing, goal: Goal | None, moment: datetime, limits: Limits) -> bool | None:
    state, line = row.line.state, row.line
    if row.days < -AFTER_DAYS:
        return False
    if not state.has_tickets or line.confirmed_at is None:
        return row.days <= NEVER_DAYS
    patience = Limits(limits.ahead, limits.behind, spec.limit)
    return is_silent(state, line.confirmed_at, line.evening.starts_at, moment, patience)


def _against(sold: int, expected: float | None, percent: int) -> bool | None:
    if expected is None:
        return None
    if expected < LEAST_EXPECTED:
        return False
    rate = sold / expected * 100
    if rate < percent:
        return True
    return False if rate >= percent + SLACK else None


def _behind_target(spec: RuleSpec, row: Standing, goal: Goal | None, moment: datetime, limits: Limits) -> bool | None:
    if goal is None or row.is_played:
        return False
    if _is_unheard(row, moment, limits):
        return None
    return _against(row.line.state.sold, due(row, goal), spec.limit)


def _behind_median(spec: RuleSpec, row: Standing, goal: Goal | None, moment: datetime, limits: Limits) -> bool | None:
    if row.is_played:
        return False
    if _is_unheard(row, moment, limits):
        return None
    return _against(row.line.state.sold, row.median, spec.limit)


def _is_unheard(row: Standing, moment: datetime, limits: Limits) -> bool:
    """Old figures say nothing about the pace of today."""
    line = row.line
    return is_silent(line.state, line.confirmed_at, line.evening.starts_at, moment, limits)


def _sold_out(spec: RuleSpec, row: Standing, goal: Goal | None, moment: datetime, limits: Limits) -> bool | None:
    state = row.line.state
    if not state.has_tickets or row.is_played:
        return None
    rate = ratio(state.sold, state.for_sale)
    if rate is None:
        return None
    if rate * 100 >= spec.limit:
        return True
    return False if rate * 100 < spec.limit - SOLD_SLACK else None


_JUDGES = {
    AlertKind.NO_FIGURES: _silence,
    AlertKind.BEHIND_TARGET: _behind_target,
    AlertKind.BEHIND_MEDIAN: _behind_median,
    AlertKind.SOLD_OUT: _sold_out,
}


def facts(spec: RuleSpec, row: Standing, goal: Goal | None) -> dict[str, object]:
    """The numbers that an alert of a state tells, as plain values."""
    state, line = row.line.state, row.line
    found: dict[str, object] = {"sold": state.sold, "seats": state.for_sale, "days": row.days}
    if spec.kind is AlertKind.NO_FIGURES:
        found["last"] = line.confirmed_at.isoformat() if line.confirmed_at and state.has_tickets else None
    if spec.kind is AlertKind.BEHIND_TARGET and goal is not None:
        found |= {"target": goal.tickets, "expected": round(due(row, goal) or 0)}
    if spec.kind is AlertKind.BEHIND_MEDIAN:
        found["expected"] = round(row.median or 0)
    return found


def events(spec: RuleSpec, movements: Iterable[Movement], scope: Mapping[int, object]) -> list[Found]:
    """The movements that a rule of events asks for, among performances of ``scope``."""
    found = []
    for move in movements:
        if move.number not in scope or move.restates is not (spec.kind is AlertKind.RESTATED):
            continue
        if _is_event(spec, move):
            values: dict[str, object] = {"before": move.before, "after": move.after, "true_at": move.true_at.isoformat()}
            found.append(Found(move.number, move.position_id, values))
    return found


def _is_event(spec: RuleSpec, move: Movement) -> bool:
    if spec.kind is AlertKind.RESTATED:
        return abs(move.after - move.before) >= spec.limit
    lost = move.before - move.after
    if spec.unit is AlertUnit.PERCENT:
        return lost > 0 and move.before > 0 and lost * 100 >= spec.limit * move.before
    return lost >= spec.limit
