"""Festivals: entering, changing, and what plays in them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from dip.programme.actions.entitlement import UnableToAct
from dip.programme.models import Festival, Performance, PerformanceEvent
from dip.programme.rules.festivals import festival_findings, is_within, may_add_festival, may_place, may_run_festival
from dip.programme.rules.rights import may_edit
from dip.programme.terms import EventKind, FestivalEntry, Finding, FindingCode, PerformanceStatus
from dip.registry.terms import Access, AccessDenied
from dip.registry.trail import write_line


class UnableToHold(UnableToAct):
    """A festival cannot be kept as stated, or cannot hold a performance."""


@transaction.atomic
def create_festival(*, access: Access, at: datetime, entry: FestivalEntry) -> Festival:
    """Enter a festival, owned by the acting organisation. The same name and first day again answers what was entered before.

    Raises :class:`UnableToHold` with a finding per field, AccessDenied for whoever may not enter one.
    """
    if not may_add_festival(access):
        raise AccessDenied("entering a festival needs manage in programme, of a provider, theatre or festival")
    findings = festival_findings(entry)
    if findings:
        raise UnableToHold(findings)
    facts = {"city": entry.city.strip(), "last_date": entry.last_date}
    festival, is_new = Festival.objects.get_or_create(
        owner_id=access.organisation_id, name=entry.name.strip(), first_date=entry.first_date, defaults=facts
    )
    if is_new:
        _write(access, at, "create_festival", festival, {})
    return festival


@transaction.atomic
def change_festival(*, access: Access, at: datetime, festival_id: int, entry: FestivalEntry) -> Festival:
    """Change name, town and days. Days that would leave a performance outside are refused. The same again changes nothing."""
    festival = _locked(access, festival_id)
    findings = festival_findings(entry)
    twin = Festival.objects.filter(owner_id=festival.owner_id, name=entry.name.strip(), first_date=entry.first_date)
    if twin.exclude(pk=festival.pk).exists():
        findings.append(Finding(FindingCode.NAME_TAKEN, "name", entry.name.strip()))
    days = Performance.objects.filter(festival=festival).exclude(status=PerformanceStatus.CANCELLED)
    outside = [
        day for day in days.order_by("performance_date").values_list("performance_date", flat=True) if not _holds(entry, day)
    ]
    if outside:
        findings.append(Finding(FindingCode.FESTIVAL_NOT_EMPTY, "last_date", outside[0].isoformat()))
    if findings:
        raise UnableToHold(findings)
    wanted = {"name": entry.name.strip(), "city": entry.city.strip(), "first_date": entry.first_date, "last_date": entry.last_date}
    changes = {
        name: [str(getattr(festival, name)), str(value)] for name, value in wanted.items() if getattr(festival, name) != value
    }
    if changes:
        for name, value in wanted.items():
            setattr(festival, name, value)
        festival.save()
        _write(access, at, "change_festival", festival, changes)
    return festival


def _holds(entry: FestivalEntry, day: date) -> bool:
    return is_within(entry.first_date, entry.last_date, day)


@transaction.atomic
def add_to_festival(*, access: Access, at: datetime, festival_id: int, numbers: Iterable[int]) -> tuple[int, ...]:
    """Put performances into a festival: a provider its own, a house what plays in its halls. Numbers that were not in it before.

    All or none; :class:`UnableToHold` has a finding per performance outside its days or in another festival, AccessDenied for
    a performance that is not the access's to place.
    """
    festival = Festival.objects.select_for_update().get(pk=festival_id)
    performances = _placeable(access, numbers)
    findings = [f for p in performances if (f := holding_finding(festival, p))]
    if findings:
        raise UnableToHold(findings)
    new = [p for p in performances if p.festival_id != festival.pk]
    _place(access, at, new, festival)
    if new:
        _write(access, at, "add_to_festival", festival, {"performances": [None, [p.number for p in new]]})
    return tuple(p.number for p in new)


@transaction.atomic
def leave_festival(*, access: Access, at: datetime, festival_id: int, numbers: Iterable[int]) -> tuple[int, ...]:
    """Take performances out of a festival: its owner any, a provider or house its own. Numbers that were in it."""
    festival = Festival.objects.select_for_update().get(pk=festival_id)
    performances = list(_performances(numbers)) if may_run_festival(access, festival.owner_id) else _placeable(access, numbers)
    gone = [p for p in performances if p.festival_id == festival.pk]
    _place(access, at, gone, None)
    if gone:
        _write(access, at, "leave_festival", festival, {"performances": [[p.number for p in gone], None]})
    return tuple(p.number for p in gone)


def holding_finding(festival: Festival, performance: Performance) -> Finding | None:
    """Why this festival cannot hold the performance, if so."""
    if performance.status == PerformanceStatus.CANCELLED:
        return Finding(FindingCode.ALREADY_CANCELLED, "number", str(performance.number), number=performance.number)
    if not is_within(festival.first_date, festival.last_date, performance.performance_date):
        day = performance.performance_date.isoformat()
        return Finding(FindingCode.OUTSIDE_FESTIVAL, "date", f"{day}, {festival.name}", number=performance.number)
    if performance.festival_id not in (None, festival.pk):
        return Finding(FindingCode.OTHER_FESTIVAL, "festival", str(performance.number), number=performance.number)
    return None


def _placeable(access: Access, numbers: Iterable[int]) -> list[Performance]:
    asked = set(numbers)
    found = list(_performances(asked))
    missing = asked - {p.number for p in found}
    if missing:
        raise UnableToHold([Finding(FindingCode.UNKNOWN_PERFORMANCE, "number", str(n), number=n) for n in sorted(missing)])
    for one in found:
        can_edit = may_edit(access, one.production.producer_id, one.production.agency_id)
        if not may_place(access, one.theatre.organisation_id, can_edit=can_edit):
            raise AccessDenied("a performance is put into a festival by its provider, or by the house in which it plays")
    return found


def _performances(numbers: Iterable[int]) -> Sequence[Performance]:
    rows = Performance.objects.select_for_update(of=("self",)).select_related("production", "theatre", "festival")
    return rows.filter(pk__in=set(numbers)).order_by("pk")


def _place(access: Access, at: datetime, performances: Sequence[Performance], festival: Festival | None) -> None:
    """Write, with an event in the history of each."""
    numbers = [p.number for p in performances]
    Performance.objects.filter(pk__in=numbers).update(festival=festival, in_festival=festival is not None, changed_at=at)
    PerformanceEvent.objects.bulk_create(
        PerformanceEvent(
            performance=p, at=at, kind=EventKind.CHANGED, actor=access.actor,
            changes={"festival": [p.festival.name if p.festival else "", festival.name if festival else ""]},
        )
        for p in performances
    )  # fmt: skip


def _locked(access: Access, festival_id: int) -> Festival:
    festival = Festival.objects.select_for_update().get(pk=festival_id)
    if not may_run_festival(access, festival.owner_id):
        raise AccessDenied("a festival is changed by its owner, or by the platform")
    return festival


def _write(access: Access, at: datetime, verb: str, festival: Festival, changes: Mapping[str, object]) -> None:
    write_line(access=access, at=at, verb=verb, subject="festival", subject_id=festival.pk, label=festival.name, changes=changes)
