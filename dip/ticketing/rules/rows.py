"""Checking the rows of one body against what the platform knows: kept rows and findings out."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from dip.ticketing.rules.days import VenueClock
from dip.ticketing.terms import Figures, Finding, FindingCode, Measure, PositionRow

#: A sender's clock may run ahead by this much.
AHEAD = timedelta(minutes=10)
#: A fall of the tickets by more than this share is told.
DROP_SHARE = 0.2
_MOST_SEATS, _MOST_CENTS = 2**31 - 1, 2**53
_KINDS = ("normal", "discount", "free", "other")
_FIELDS: dict[Measure, tuple[str, ...]] = {
    Measure.TICKETS: tuple(f"{kind}.{what}" for what in ("tickets", "recette") for kind in _KINDS),
    Measure.RESERVATIONS: ("tickets", "recette"),
    Measure.BLOCKED: ("tickets", "recette"),
    Measure.CAPACITY: tuple(f"amount_rank{rank}" for rank in range(1, 11)),
}
_SEAT_FIELDS = {Measure.TICKETS: 4, Measure.RESERVATIONS: 1, Measure.BLOCKED: 1, Measure.CAPACITY: 10}
_FREE_CENTS = 6


class Fact(NamedTuple):
    """What the platform knows of a performance in one of the sender's theatres, and of the measure's current state.

    ``capacity`` as pushed, else as agreed; ``figures`` and ``confirmed_at`` None before the first push.
    """

    number: int
    production: str
    zone: str
    is_cancelled: bool
    is_private: bool
    capacity: int
    known_at: datetime | None
    confirmed_at: datetime | None
    figures: Figures | None


class Kept(NamedTuple):
    """A row that passed: true at an aware moment, for a known performance."""

    row: int
    true_at: datetime
    figures: Figures
    fact: Fact


class Clocks(dict[str, VenueClock]):
    """The clock of each time zone, made when first asked for; all rows become known at ``known_at``."""

    def __init__(self, known_at: datetime) -> None:
        super().__init__()
        self.known_at = known_at

    def __missing__(self, zone: str) -> VenueClock:
        clock = self[zone] = VenueClock(zone, self.known_at)
        return clock


def check_rows(
    rows: Iterable[PositionRow], facts: Mapping[int, Fact], measure: Measure, at: datetime, clocks: Clocks
) -> tuple[dict[int, dict[datetime, Kept]], list[Finding]]:
    """Rows that pass, by performance and moment, and the findings of all. A performance missing from ``facts`` is unknown to the sender."""
    kept: dict[int, dict[datetime, Kept]] = {}
    findings: list[Finding] = []
    latest = at + AHEAD
    is_tickets = measure is Measure.TICKETS
    for row in rows:
        fact = facts.get(row.number)
        if fact is None:
            findings.append(Finding(row.row, FindingCode.UNKNOWN_PERFORMANCE, {"number": row.number}))
            continue
        figures = row.figures
        true_at = at if row.updated is None else clocks[fact.zone].moment(row.updated)
        if true_at > latest or row.production not in ("", fact.production) or _is_odd(figures):
            refusal = _refusal(row, fact, true_at, at, measure)
            if refusal:
                findings.append(refusal)
                continue
        if is_tickets and (figures[_FREE_CENTS] or 0 < fact.capacity < sum(figures[:4])):  # type: ignore[arg-type]
            findings.extend(_ticket_remarks(row, fact))
        if fact.is_private or fact.is_cancelled:
            findings.extend(_status_remarks(row, fact))
        one = Kept(row.row, true_at, figures, fact)
        moments = kept.get(fact.number)
        if moments is None:
            kept[fact.number] = {true_at: one}
            continue
        if true_at in moments:
            findings.append(_twice(moments[true_at], one))
        moments[true_at] = one
    return kept, findings


def change_remarks(one: Kept, measure: Measure) -> list[Finding]:
    """What is remarkable about a row that brought news, beside the state known before: older than that, or a steep drop."""
    fact = one.fact
    if fact.confirmed_at is None or fact.figures is None:
        return []
    if one.true_at < fact.confirmed_at:
        known, value = fact.confirmed_at.isoformat(timespec="seconds"), one.true_at.isoformat(timespec="seconds")
        return [Finding(one.row, FindingCode.OLDER, {"value": value, "known": known})]
    if measure is Measure.TICKETS and has_dropped(fact.figures, one.figures):
        return [Finding(one.row, FindingCode.DROP, {"before": _tickets(fact.figures), "value": _tickets(one.figures)})]
    return []


def has_dropped(before: Figures, after: Figures) -> bool:
    """Whether tickets fell steeply."""
    return sum(after[:4]) < sum(before[:4]) * (1 - DROP_SHARE)  # type: ignore[arg-type]  # tickets are never None


def _tickets(figures: Figures) -> int:
    return sum(figures[:4])  # type: ignore[arg-type]  # tickets are never None


def _is_odd(figures: Figures) -> bool:
    """Cheap first look: whether the figures need the full check of :func:`_refusal`."""
    try:
        return not figures or min(figures) < 0 or max(figures) > _MOST_SEATS or len(figures) > len(_KINDS) * 2  # type: ignore[type-var,operator]
    except TypeError:  # a figure that is not stated
        return True


def _refusal(row: PositionRow, fact: Fact, true_at: datetime, at: datetime, measure: Measure) -> Finding | None:
    """Why the row is kept out, or None."""
    if row.production and row.production not in (fact.production, f"{fact.production}|{fact.number}"):
        values: dict[str, str | int] = {"value": row.production[:60], "number": row.number, "production": fact.production}
        return Finding(row.row, FindingCode.OTHER_PRODUCTION, values)
    if true_at > at + AHEAD:
        values = {"value": true_at.isoformat(timespec="seconds"), "now": at.isoformat(timespec="seconds")}
        return Finding(row.row, FindingCode.IN_FUTURE, values)
    fields = _FIELDS[measure]
    if measure is Measure.CAPACITY and not 1 <= len(row.figures) <= len(fields):
        return Finding(row.row, FindingCode.RANK_COUNT, {"value": len(row.figures)})
    for place, (field, value) in enumerate(zip(fields, row.figures, strict=False)):
        if value is not None and value < 0:
            return Finding(row.row, FindingCode.NEGATIVE, {"field": field, "value": value})
        if value is not None and value > (_MOST_SEATS if place < _SEAT_FIELDS[measure] else _MOST_CENTS):
            return Finding(row.row, FindingCode.OUT_OF_RANGE, {"field": field, "value": value})
    return None


def _ticket_remarks(row: PositionRow, fact: Fact) -> Iterable[Finding]:
    if row.figures[_FREE_CENTS]:
        yield Finding(row.row, FindingCode.FREE_WITH_RECETTE, {"value": row.figures[_FREE_CENTS] or 0})
    if 0 < fact.capacity < (tickets := _tickets(row.figures)):
        yield Finding(row.row, FindingCode.OVER_CAPACITY, {"value": tickets, "capacity": fact.capacity})


def _status_remarks(row: PositionRow, fact: Fact) -> Iterable[Finding]:
    if fact.is_cancelled:
        yield Finding(row.row, FindingCode.CANCELLED, {"number": row.number})
    if fact.is_private:
        yield Finding(row.row, FindingCode.PRIVATE, {"number": row.number})


def _twice(first: Kept, second: Kept) -> Finding:
    """The finding of the first of two rows for one moment; the second counts."""
    code = FindingCode.REPEATED_IN_BODY if first.figures == second.figures else FindingCode.REPLACED_IN_BODY
    return Finding(first.row, code, {"number": first.fact.number, "value": first.true_at.isoformat(timespec="seconds")})
