"""Entering and publishing performances."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction

from dip.kernel.clock import from_local, local
from dip.programme.actions.entitlement import UnableToEnter, need_editing
from dip.programme.actions.festivals import holding_finding
from dip.programme.actions.requests import ask_theatres
from dip.programme.actions.venues import Venue, Venues
from dip.programme.models import Festival, Performance, PerformanceEvent, Production
from dip.programme.rules.checks import clash, seat_findings, status_finding, venue_finding
from dip.programme.rules.ranks import trimmed
from dip.programme.terms import (
    EventKind,
    Finding,
    FindingCode,
    PerformanceEntry,
    PerformanceStatus,
    Published,
)
from dip.registry.terms import Access
from dip.registry.trail import write_line

_WITH = ("production__producer", "production__agency", "theatre", "hall")


@transaction.atomic
def add_performances(
    *, access: Access, at: datetime, production: Production, entries: Sequence[PerformanceEntry]
) -> list[Performance]:
    """Enter performances as concepts, in the order of ``entries``; each has its national number at once.

    All or none: :class:`UnableToEnter` has a finding per wrong row. A row whose ``external_ref`` is known answers with the
    performance entered before; the same hall at the same moment, entered twice, is refused as a repeat.
    """
    need_editing(access, production)
    Production.objects.select_for_update().get(pk=production.pk)  # two people entering one tour wait for each other
    venues = Venues((e.theatre_id, e.hall_id) for e in entries)
    festivals = Festival.objects.in_bulk([e.festival_id for e in entries if e.festival_id])
    known = _known(production)
    fresh: list[tuple[int, Performance]] = []
    answer: dict[int, Performance] = {}
    findings: list[Finding] = []
    for row, entry in enumerate(entries):
        venue = venues.find(entry.theatre_id, entry.hall_id)
        performance = _performance(production, entry, venue)
        repeat = known.by_reference(performance)
        if repeat is not None:
            answer[row] = repeat
            continue
        findings += [
            _placed(f, row)
            for f in _entry_findings(entry, venue, known.by_place(performance)) + _festival_findings(entry, performance, festivals)
        ]
        known.add(performance)
        fresh.append((row, performance))
    if findings:
        raise UnableToEnter(findings)
    made = Performance.objects.bulk_create([p for _, p in fresh])
    answer |= {row: p for (row, _), p in zip(fresh, made, strict=True)}
    _write_events(access, at, made, EventKind.CREATED)
    if made:
        _write_trail(access, at, "add_performances", production, made)
    return [answer[row] for row in range(len(entries))]


@transaction.atomic
def publish_performances(*, access: Access, at: datetime, numbers: Iterable[int], allow_past: bool = False) -> Published:
    """Accept concepts: from now on they are public facts, and their theatres are asked to confirm those to come.

    Those that cannot be published stay concepts and are named in the findings; the others go on. ``allow_past`` is for booking
    systems that hand over history. Raises AccessDenied when one of them is not the access's to publish.
    """
    asked = sorted(set(numbers))
    rows = list(Performance.objects.select_for_update(of=("self",)).select_related(*_WITH).filter(pk__in=asked).order_by("pk"))
    for production in {p.production_id: p.production for p in rows}.values():
        need_editing(access, production)
    missing = set(asked) - {p.number for p in rows}
    findings = [Finding(FindingCode.UNKNOWN_PERFORMANCE, "number", str(n), number=n) for n in sorted(missing)]
    ready = []
    for performance in rows:
        found = publishing_finding(performance, at, allow_past)
        if found is None:
            ready.append(performance)
        else:
            findings.append(_placed(found, None, performance.number))
    for performance in ready:
        performance.status, performance.published_at, performance.changed_at = PerformanceStatus.PUBLISHED, at, at
    Performance.objects.bulk_update(ready, ["status", "published_at", "changed_at"])
    _write_events(access, at, ready, EventKind.PUBLISHED)
    for production, group in _by_production(ready):
        _write_trail(access, at, "publish_performances", production, group)
    findings += taken_findings(ready) + ask_theatres(at=at, performances=ready)
    return Published(tuple(p.number for p in ready), tuple(findings))


def publishing_finding(performance: Performance, at: datetime, allow_past: bool = False) -> Finding | None:
    """Why this performance cannot be published, if so."""
    venue = Venue(performance.theatre, performance.hall, None).facts
    return status_finding(performance.status, performance.starts_at, at, allow_past=allow_past) or venue_finding(venue)


def taken_findings(performances: Sequence[Performance]) -> list[Finding]:
    """A warning for each whose hall is taken around that time by another performance. One query."""
    if not performances:
        return []
    halls = {p.hall_id for p in performances}
    days = {p.performance_date for p in performances}
    others: dict[tuple[int, date], list[tuple[int, datetime]]] = defaultdict(list)
    near = Performance.objects.filter(hall_id__in=halls, performance_date__in=days).exclude(status=PerformanceStatus.CANCELLED)
    for hall_id, day, number, starts_at in near.values_list("hall_id", "performance_date", "number", "starts_at"):
        others[hall_id, day].append((number, starts_at))
    return [
        Finding(FindingCode.HALL_TAKEN, "hall", p.hall.name, number=p.number)
        for p in performances
        if clash(p.starts_at, (s for number, s in others[p.hall_id, p.performance_date] if number != p.number))
    ]


class _Known:
    """Performances of a production by reference and by hall and moment, to recognise a repeat."""

    def __init__(self, performances: Iterable[Performance]) -> None:
        self._by_ref: dict[str, Performance] = {}
        self._by_place: dict[tuple[int, datetime], Performance] = {}
        for performance in performances:
            self.add(performance)

    def add(self, performance: Performance) -> None:
        if performance.external_ref:
            self._by_ref[performance.external_ref] = performance
        if performance.status != PerformanceStatus.CANCELLED:
            self._by_place[performance.hall_id, performance.starts_at] = performance

    def by_reference(self, performance: Performance) -> Performance | None:
        """What was entered under this reference; of two that were folded the one that counts."""
        known = self._by_ref.get(performance.external_ref) if performance.external_ref else None
        return known and (known.merged_into or known)

    def by_place(self, performance: Performance) -> Performance | None:
        """What stands in this hall at this moment."""
        return self._by_place.get((performance.hall_id, performance.starts_at))


def _known(production: Production) -> _Known:
    return _Known(Performance.objects.select_related("merged_into").filter(production=production))


def _performance(production: Production, entry: PerformanceEntry, venue: Venue) -> Performance:
    """Unsaved; theatre and hall may be unknown still, which the checks tell."""
    starts_at = from_local(entry.starts_at, venue.zone) if entry.starts_at.tzinfo is None else entry.starts_at
    ranks = trimmed(entry.capacity_by_rank) if entry.capacity_by_rank is not None else venue.seats
    return Performance(
        production=production,
        theatre_id=venue.theatre.pk if venue.theatre else entry.theatre_id,
        hall_id=venue.hall.pk if venue.hall else entry.hall_id,
        starts_at=starts_at,
        performance_date=local(starts_at, venue.zone).date(),
        kind=entry.kind,
        is_private=entry.is_private,
        in_festival=entry.in_festival or entry.festival_id is not None,
        festival_id=entry.festival_id,
        is_other_location=entry.is_other_location,
        fund_feature=entry.fund_feature,
        capacity_by_rank=ranks,
        capacity=sum(ranks),
        external_ref=entry.external_ref.strip(),
    )


def _entry_findings(entry: PerformanceEntry, venue: Venue, repeat: Performance | None) -> list[Finding]:
    place = venue_finding(venue.facts)
    found = [place] if place else []
    found += [f for f in seat_findings(entry.capacity_by_rank or (), venue.facts.hall_capacity) if not f.is_warning]
    if repeat is not None and place is None:
        found.append(Finding(FindingCode.ALREADY_ENTERED, "starts_at", entry.starts_at.isoformat(" ", "minutes")))
    return found


def _festival_findings(entry: PerformanceEntry, performance: Performance, festivals: dict[int, Festival]) -> list[Finding]:
    if entry.festival_id is None:
        return []
    festival = festivals.get(entry.festival_id)
    if festival is None:
        return [Finding(FindingCode.FESTIVAL_UNKNOWN, "festival", str(entry.festival_id))]
    found = holding_finding(festival, performance)
    return [found] if found else []


def _placed(finding: Finding, row: int | None, number: int | None = None) -> Finding:
    return Finding(finding.code, finding.field, finding.value, row, number)


def _write_events(access: Access, at: datetime, performances: Sequence[Performance], kind: EventKind) -> None:
    PerformanceEvent.objects.bulk_create(
        PerformanceEvent(performance=p, at=at, kind=kind, actor=access.actor) for p in performances
    )


def _write_trail(access: Access, at: datetime, verb: str, production: Production, performances: Sequence[Performance]) -> None:
    write_line(
        access=access,
        at=at,
        verb=verb,
        subject="production",
        subject_id=production.dip_id,
        label=production.title,
        changes={"performances": [None, [p.number for p in performances]]},
    )


def _by_production(performances: Sequence[Performance]) -> list[tuple[Production, list[Performance]]]:
    groups: dict[int, list[Performance]] = defaultdict(list)
    for performance in performances:
        groups[performance.production_id].append(performance)
    return [(group[0].production, group) for group in groups.values()]
