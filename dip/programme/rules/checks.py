"""What is checked of a performance before it is entered, moved or published."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dip.programme.rules.ranks import are_too_many
from dip.programme.terms import Finding, FindingCode, PerformanceStatus

#: Two performances in one hall closer than this cannot both be right: playing, clearing and building take it.
CLEARANCE = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class VenueFacts:
    """What the checks need to know of a theatre (None: no such theatre) and a hall."""

    theatre_id: int | None
    theatre_name: str = ""
    theatre_in_use: bool = True
    hall_id: int | None = None
    hall_name: str = ""
    hall_theatre_id: int | None = None
    hall_in_use: bool = True
    hall_capacity: int = 0


def venue_finding(venue: VenueFacts) -> Finding | None:
    """Why nothing can be played there, if so: unknown, not in use, or a hall of another theatre."""
    if venue.theatre_id is None:
        return Finding(FindingCode.THEATRE_UNKNOWN, "theatre", venue.theatre_name)
    if not venue.theatre_in_use:
        return Finding(FindingCode.THEATRE_NOT_IN_USE, "theatre", venue.theatre_name)
    if venue.hall_id is None:
        return Finding(FindingCode.HALL_UNKNOWN, "hall", venue.hall_name)
    if venue.hall_theatre_id != venue.theatre_id:
        return Finding(FindingCode.HALL_ELSEWHERE, "hall", venue.hall_name)
    if not venue.hall_in_use:
        return Finding(FindingCode.HALL_NOT_IN_USE, "hall", venue.hall_name)
    return None


def seat_findings(ranks: Sequence[int], hall_capacity: int) -> list[Finding]:
    """Ranks beyond ten refuse; more seats than the hall has (when that is known) warn."""
    found = []
    if are_too_many(ranks):
        found.append(Finding(FindingCode.TOO_MANY_RANKS, "capacity_by_rank", str(len(ranks))))
    if hall_capacity and sum(ranks) > hall_capacity:
        found.append(Finding(FindingCode.MORE_SEATS_THAN_HALL, "capacity_by_rank", f"{sum(ranks)} > {hall_capacity}"))
    return found


def status_finding(status: str, starts_at: datetime, at: datetime, *, allow_past: bool = False) -> Finding | None:
    """Why a performance cannot be published, if so: it is cancelled, published already, or over."""
    if status == PerformanceStatus.CANCELLED:
        return Finding(FindingCode.ALREADY_CANCELLED, "status", status)
    if status != PerformanceStatus.CONCEPT:
        return Finding(FindingCode.NOT_CONCEPT, "status", status)
    if starts_at < at and not allow_past:
        return Finding(FindingCode.IN_THE_PAST, "starts_at", starts_at.isoformat())
    return None


def clash(starts_at: datetime, others: Iterable[datetime]) -> bool:
    """Whether another performance in the same hall starts too close to this one."""
    return any(abs(starts_at - other) < CLEARANCE for other in others)
