"""The checks of states and changes: what was observed in, evidence out."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from dip.ticketing.conformance.observing import Asked, Observation
from dip.ticketing.conformance.reading_evidence import Found, repeated, snapshots, unanswered
from dip.ticketing.conformance.terms import Evidence
from dip.ticketing.connector import QUALITY, Changes, SourceSnapshot
from dip.ticketing.terms import TicketKind

_AHEAD, _BEHIND = timedelta(minutes=10), timedelta(hours=24)
_KINDS = {kind.value for kind in TicketKind}


def _answers_what_is_asked(seen: Observation) -> Found:
    if not seen.asked_refs or not seen.states.is_answered:
        return None
    came = Counter(getattr(one, "ref", "") for one in seen.states.answer)
    told = [Evidence("%(ref)s was asked and has no state.", {"ref": r}) for r in sorted(seen.asked_refs - set(came))]
    told += [Evidence("%(ref)s has more than one state.", {"ref": r}) for r, count in came.items() if count > 1]
    strange = sorted(str(ref) for ref in set(came) - seen.asked_refs)
    return told + [Evidence("%(ref)s was not asked.", {"ref": ref}) for ref in strange]


def _leaves_out_unknown(seen: Observation) -> Found:
    told = unanswered(seen.unknown)
    pattern = "%(ref)s does not exist, and has a state."
    return told + [Evidence(pattern, {"ref": str(getattr(one, "ref", one))}) for one in seen.unknown.answer or ()]


def _asks_nothing_for_nothing(seen: Observation) -> Found:
    told = unanswered(seen.nothing)
    if seen.nothing.answer:
        pattern = "%(count)s states came for none that was asked."
        told.append(Evidence(pattern, {"count": len(seen.nothing.answer)}))
    return told


def _no_negative(seen: Observation) -> Found:
    pattern = "%(ref)s: %(field)s is %(value)s."
    counts = ("capacity", "reserved", "reserved_cents", "blocked", "blocked_cents", "available", "resale", "own_total")
    told = []
    for state in snapshots(seen.states):
        values = [(name, getattr(state, name)) for name in counts]
        for line in state.lines:
            values += [(f"{line.source_kind}, tickets", line.tickets), (f"{line.source_kind}, gross_cents", line.gross_cents)]
        told += [Evidence(pattern, {"ref": state.ref, "field": n, "value": v}) for n, v in values if v is not None and v < 0]
    return told


def _lines(seen: Observation) -> Iterator[tuple[SourceSnapshot, Any]]:
    for state in snapshots(seen.states):
        for line in state.lines:
            yield state, line


def _national_kinds(seen: Observation) -> Found:
    pattern = "%(ref)s: %(source)s is called %(kind)s."
    return [
        Evidence(pattern, {"ref": state.ref, "source": line.source_kind, "kind": line.kind})
        for state, line in _lines(seen)
        if line.kind not in _KINDS
    ]


def _free_is_free(seen: Observation) -> Found:
    pattern = "%(ref)s: %(source)s is free, and brings %(value)s cents."
    return [
        Evidence(pattern, {"ref": state.ref, "source": line.source_kind, "value": line.gross_cents})
        for state, line in _lines(seen)
        if line.kind == TicketKind.FREE and line.gross_cents
    ]


def _lines_once(seen: Observation) -> Found:
    pattern = "%(ref)s: %(source)s stands more than once in the same price band and channel."
    told = []
    for state in snapshots(seen.states):
        again = repeated((line.source_kind, line.kind, line.price_band, line.channel) for line in state.lines)
        told += [Evidence(pattern, {"ref": state.ref, "source": source}) for source, *_ in again]
    return told


def _fits_the_hall(seen: Observation) -> Found:
    known = [state for state in snapshots(seen.states) if state.capacity is not None]
    if not known:
        return None
    pattern = "%(ref)s: %(taken)s seats are sold, reserved or blocked in a hall of %(capacity)s."
    taken = [(s, sum(line.tickets for line in s.lines) + (s.reserved or 0) + (s.blocked or 0)) for s in known]
    return [
        Evidence(pattern, {"ref": s.ref, "taken": seats, "capacity": s.capacity or 0})
        for s, seats in taken
        if seats > (s.capacity or 0) and "oversold" not in s.quality
    ]


def _says_what_lacks(seen: Observation) -> Found:
    pattern = "%(ref)s: %(field)s is not told, and %(mark)s is not marked."
    told = []
    for state in snapshots(seen.states):
        lacking = [("reserved", "no_reserved", state.reserved is None), ("blocked", "no_blocked", state.blocked is None)]
        lacking.append(("capacity", "capacity_unlimited", state.capacity is None))
        lacking.append(("vat_cents", "no_vat", any(line.vat_cents is None and line.gross_cents for line in state.lines)))
        told += [
            Evidence(pattern, {"ref": state.ref, "field": name, "mark": mark})
            for name, mark, lacks in lacking
            if lacks and mark not in state.quality
        ]
    return told


def _known_marks(seen: Observation) -> Found:
    pattern = "%(ref)s: %(mark)s is no known mark."
    return [
        Evidence(pattern, {"ref": state.ref, "mark": mark})
        for state in snapshots(seen.states)
        for mark in sorted(set(state.quality) - QUALITY)
    ]


def _sane_moment(seen: Observation) -> Found:
    pattern = "%(ref)s: as_of %(moment)s, asked at %(asked)s."
    told = []
    for asked in (seen.states, seen.states_again):
        for state in snapshots(asked):
            if state.as_of.utcoffset() is None:
                continue
            if not asked.asked_at - _BEHIND <= state.as_of <= asked.answered_at + _AHEAD:
                moment, at = state.as_of.isoformat(timespec="seconds"), asked.asked_at.isoformat(timespec="seconds")
                told.append(Evidence(pattern, {"ref": state.ref, "moment": moment, "asked": at}))
    return told


def _later_is_later(seen: Observation) -> Found:
    first = {state.ref: state.as_of for state in snapshots(seen.states) if state.as_of.utcoffset() is not None}
    if not first or not seen.states_again.is_answered:
        return None
    pattern = "%(ref)s: as_of went from %(before)s back to %(after)s."
    return [
        Evidence(pattern, {"ref": one.ref, "before": first[one.ref].isoformat(), "after": one.as_of.isoformat()})
        for one in snapshots(seen.states_again)
        if one.ref in first and one.as_of.utcoffset() is not None and one.as_of < first[one.ref]
    ]


def _figures(state: SourceSnapshot) -> tuple[Any, ...]:
    """Everything but the moment; the order of lines says nothing."""
    lines = tuple(sorted(map(repr, state.lines)))
    rest = (state.capacity, state.reserved, state.reserved_cents, state.blocked, state.blocked_cents, state.resale, state.own_total)
    return (lines, *rest, state.available, state.sales_status, tuple(sorted(state.quality.items())))


def _same_twice(seen: Observation) -> Found:
    if not (seen.states.is_answered and seen.states_again.is_answered):
        return None
    sold_since = _changed(seen.since)
    later = {state.ref: _figures(state) for state in snapshots(seen.states_again)}
    pattern = "%(ref)s has other figures a moment later, and is not named as changed."
    return [
        Evidence(pattern, {"ref": one.ref})
        for one in snapshots(seen.states)
        if one.ref not in sold_since and later.get(one.ref) != _figures(one)
    ]


def _changed(asked: Asked) -> frozenset[str]:
    return asked.answer.refs if isinstance(asked.answer, Changes) else frozenset()


def _begins_with_all(seen: Observation) -> Found:
    if not isinstance(seen.beginning.answer, Changes):
        return unanswered(seen.beginning) or None  # an answer of another shape is told elsewhere
    if seen.beginning.answer.everything:
        return []
    with_sales = [s.ref for s in snapshots(seen.states) if any(line.tickets for line in s.lines) or s.reserved or s.blocked]
    pattern = "%(ref)s has sales and is not named from the beginning."
    return [Evidence(pattern, {"ref": ref}) for ref in with_sales if ref not in seen.beginning.answer.refs]


def _cursor_goes_on(seen: Observation) -> Found:
    if not isinstance(seen.beginning.answer, Changes):
        return unanswered(seen.beginning) or None  # an answer of another shape is told elsewhere
    told = unanswered(seen.since)
    for asked in (seen.beginning, seen.since):
        if isinstance(asked.answer, Changes) and not asked.answer.cursor:
            told.append(Evidence("%(question)s gave an empty cursor.", {"question": asked.question}))
    return told


def _quiet_is_quiet(seen: Observation) -> Found:
    if not isinstance(seen.since.answer, Changes) or not isinstance(seen.beginning.answer, Changes):
        return None
    before = {state.ref: _figures(state) for state in snapshots(seen.states)}
    still = {s.ref for s in snapshots(seen.states_again) if before.get(s.ref) == _figures(s)}
    named = still if seen.since.answer.everything else seen.since.answer.refs & still
    if len(still) < 3:
        return None  # too few to tell overlap from everything
    if len(named) * 2 <= len(still):
        return []
    pattern = "%(named)s of %(count)s performances are named as changed, and none of them has other figures."
    return [Evidence(pattern, {"named": len(named), "count": len(still)})]


#: Codes of checks that say nothing while no state has come.
OF_STATES = frozenset(
    {
        "no_negative",
        "national_kinds",
        "free_is_free",
        "lines_once",
        "fits_the_hall",
        "says_what_lacks",
        "known_marks",
        "sane_moment",
        "same_twice",
    }
)
#: By the code of the check.
FINDERS: dict[str, Callable[[Observation], Found]] = {
    "answers_what_is_asked": _answers_what_is_asked,
    "leaves_out_unknown": _leaves_out_unknown,
    "asks_nothing_for_nothing": _asks_nothing_for_nothing,
    "no_negative": _no_negative,
    "national_kinds": _national_kinds,
    "free_is_free": _free_is_free,
    "lines_once": _lines_once,
    "fits_the_hall": _fits_the_hall,
    "says_what_lacks": _says_what_lacks,
    "known_marks": _known_marks,
    "sane_moment": _sane_moment,
    "later_is_later": _later_is_later,
    "same_twice": _same_twice,
    "begins_with_all": _begins_with_all,
    "cursor_goes_on": _cursor_goes_on,
    "quiet_is_quiet": _quiet_is_quiet,
}
