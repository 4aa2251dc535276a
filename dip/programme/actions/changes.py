"""Changing, moving and cancelling performances."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from dip.kernel.clock import from_local, local
from dip.programme.actions.entitlement import UnableToAct, need_editing
from dip.programme.actions.performances import taken_findings
from dip.programme.actions.requests import ask_again, withdraw_request
from dip.programme.actions.venues import Venue, Venues
from dip.programme.models import Performance, PerformanceEvent
from dip.programme.rules.checks import seat_findings, venue_finding
from dip.programme.rules.festivals import is_within
from dip.programme.rules.ranks import trimmed
from dip.programme.terms import EventKind, Finding, FindingCode, PerformanceStatus
from dip.registry.terms import Access
from dip.registry.trail import write_line

#: What :func:`change_performance` takes; place and time go through :func:`move_performance`.
CHANGEABLE = frozenset(
    {"kind", "is_private", "in_festival", "is_other_location", "fund_feature", "capacity_by_rank", "external_ref"}
)


class UnableToChange(UnableToAct):
    """A performance cannot be changed, moved or cancelled like this."""


@transaction.atomic
def change_performance(*, access: Access, at: datetime, number: int, **values: Any) -> Performance:
    """Change type, flags, the fund's feature, ranks or reference (see ``CHANGEABLE``). The same values again change nothing."""
    unknown = set(values) - CHANGEABLE
    if unknown:
        raise TypeError(f"change_performance does not take {', '.join(sorted(unknown))}: use move_performance for place and time")
    performance = _locked(access, number)
    if "capacity_by_rank" in values:
        values["capacity_by_rank"] = trimmed(values["capacity_by_rank"])
        findings = [f for f in seat_findings(values["capacity_by_rank"], performance.hall.capacity) if not f.is_warning]
        if findings:
            raise UnableToChange(findings)
    changes = {
        name: [_plain(getattr(performance, name)), _plain(value)]
        for name, value in values.items()
        if getattr(performance, name) != value
    }
    if not changes:
        return performance
    for name, value in values.items():
        setattr(performance, name, value)
    if not performance.in_festival:
        performance.festival = None  # who takes the mark away says that it plays in none
    performance.capacity = sum(performance.capacity_by_rank)
    performance.save()
    _record(access, at, performance, EventKind.CHANGED, "change_performance", changes)
    return performance


@transaction.atomic
def move_performance(
    *,
    access: Access,
    at: datetime,
    number: int,
    starts_at: datetime,
    theatre_id: int,
    hall_id: int,
    note: str = "",
    allow_past: bool = False,
) -> tuple[Performance, list[Finding]]:
    """Give a performance another time or place, and the warnings about it. A naive ``starts_at`` is on the venue's clock.

    For a published one the theatre is asked again, whatever it answered before; a theatre that is left is told. Another hall brings
    its own seats. The same time and place again change nothing.
    """
    performance = _locked(access, number)
    venue = Venues([(theatre_id, hall_id)]).find(theatre_id, hall_id)
    start = from_local(starts_at, venue.zone) if starts_at.tzinfo is None else starts_at
    is_public = performance.status == PerformanceStatus.PUBLISHED
    place = venue_finding(venue.facts)
    if place is not None:
        raise UnableToChange([place])
    if is_public and start < at and start != performance.starts_at and not allow_past:
        raise UnableToChange([Finding(FindingCode.IN_THE_PAST, "starts_at", start.isoformat())])
    changes, before, left = _move(performance, venue, start)
    if not changes:
        return performance, []
    performance.save()
    _record(access, at, performance, EventKind.MOVED, "move_performance", changes, note)
    if is_public:
        ask_again(access=access, at=at, performance=performance, before=before, left=left)
    return performance, taken_findings([performance])


def _move(performance: Performance, venue: Venue, start: datetime) -> tuple[dict[str, list[str]], dict[str, str], Any]:
    """Apply; (changes for the history, old values for the letter, the theatre left or None)."""
    assert venue.theatre is not None  # the checks have refused what was not found
    assert venue.hall is not None
    old_start, old_theatre = local(performance.starts_at, venue.zone), performance.theatre
    new_start = local(start, venue.zone)
    pairs = {
        "date": (old_start.date().isoformat(), new_start.date().isoformat()),
        "time": (f"{old_start:%H:%M}", f"{new_start:%H:%M}"),
        "theatre": (old_theatre.name, venue.theatre.name),
        "hall": (performance.hall.name, venue.hall.name),
    }
    is_other_hall = performance.hall_id != venue.hall.pk
    is_other_theatre = performance.theatre_id != venue.theatre.pk
    changes = {
        name: list(pair)
        for name, pair in pairs.items()
        if pair[0] != pair[1] or (name == "hall" and is_other_hall) or (name == "theatre" and is_other_theatre)
    }
    performance.theatre, performance.hall = venue.theatre, venue.hall
    performance.starts_at, performance.performance_date = start, new_start.date()
    if is_other_hall and venue.seats:
        performance.capacity_by_rank, performance.capacity = venue.seats, sum(venue.seats)
    before = {name: pair[0] for name, pair in changes.items()}
    festival = performance.festival
    if festival is not None and not is_within(festival.first_date, festival.last_date, performance.performance_date):
        changes["festival"] = [festival.name, ""]
        performance.festival, performance.in_festival = None, False
    return changes, before, old_theatre if is_other_theatre else None


@transaction.atomic
def cancel_performance(*, access: Access, at: datetime, number: int, reason: str) -> Performance:
    """Cancel a performance, with the reason that the other party reads. Its number is never used again."""
    performance = _locked(access, number)
    if not reason.strip():
        raise UnableToChange([Finding(FindingCode.REASON_MISSING, "reason", "", number=number)])
    was_public = performance.status == PerformanceStatus.PUBLISHED
    performance.status, performance.cancelled_at = PerformanceStatus.CANCELLED, at
    performance.cancel_reason = reason.strip()[:200]
    performance.save()
    _record(access, at, performance, EventKind.CANCELLED, "cancel_performance", {}, performance.cancel_reason)
    if was_public:
        withdraw_request(access=access, at=at, performance=performance)
    return performance


def _locked(access: Access, number: int) -> Performance:
    """The performance, locked, once it is sure that it may be changed. Raises ``Performance.DoesNotExist``."""
    parts = ("production__producer", "production__agency", "theatre", "hall", "festival")
    performance = Performance.objects.select_for_update(of=("self",)).select_related(*parts).get(pk=number)
    need_editing(access, performance.production)
    if performance.status == PerformanceStatus.CANCELLED:
        raise UnableToChange([Finding(FindingCode.ALREADY_CANCELLED, "status", performance.status, number=number)])
    return performance


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value


def _record(
    access: Access,
    at: datetime,
    performance: Performance,
    kind: EventKind,
    verb: str,
    changes: dict[str, Any],
    note: str = "",
) -> None:
    PerformanceEvent.objects.create(
        performance=performance, at=at, kind=kind, actor=access.actor, changes=changes, note=note.strip()[:300]
    )
    label = f"{performance.production.title}, {performance.theatre.name}"
    write_line(access=access, at=at, verb=verb, subject="performance", subject_id=performance.pk, label=label, changes=changes)
