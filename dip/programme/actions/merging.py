"""Merging theatres and halls that turn out to be one: performances move, the old id keeps answering."""

from datetime import datetime

from django.db import transaction

from dip.programme.actions.theatres import UnableToKeep, editable_hall
from dip.programme.models import ConnectionRequest, Hall, HallAlias, Performance, PerformanceEvent, Theatre, TheatreAlias
from dip.programme.rules.naming import folded
from dip.programme.terms import EventKind, Finding, FindingCode
from dip.registry.terms import Access, AccessDenied, Level, Module
from dip.registry.trail import write_line


@transaction.atomic
def merge_theatres(*, access: Access, at: datetime, theatre_id: int, into_id: int) -> Theatre:
    """Merge a theatre into another; only the platform does. The target is returned.

    Halls of the same name become one, others move; performances and requests follow; names become aliases; what was merged into
    the old one before points to the new one, so that every old id answers in one step.
    """
    if not (access.is_platform and access.allows(Module.PROGRAMME, Level.MANAGE)):
        raise AccessDenied("theatres are merged by the platform")
    rows = {t.pk: t for t in Theatre.objects.select_for_update().filter(pk__in=(theatre_id, into_id)).order_by("pk")}
    old, new = _pair(rows, theatre_id, into_id)
    namesakes = {folded(h.name): h for h in new.halls.filter(merged_into__isnull=True)}
    joined, taken_over = [], []
    for hall in old.halls.select_for_update().filter(merged_into__isnull=True):
        twin = namesakes.get(folded(hall.name))
        if twin is not None:
            _join_halls(access, at, hall, twin)
            joined.append(f"{hall.pk} → {twin.pk}")
        else:
            Hall.objects.filter(pk=hall.pk).update(theatre=new)
            taken_over.append(hall.pk)
    moved = list(Performance.objects.filter(theatre=old).values_list("pk", flat=True))
    Performance.objects.filter(pk__in=moved).update(theatre=new, changed_at=at)
    ConnectionRequest.objects.across_tenants("a merged theatre's requests follow it").filter(theatre=old).update(theatre=new)
    _note(access, at, moved, {"theatre": [old.name, new.name]})
    names = {old.name, *old.aliases.values_list("name", flat=True)} - {new.name}
    TheatreAlias.objects.bulk_create((TheatreAlias(theatre=new, name=n) for n in sorted(names)), ignore_conflicts=True)
    old.aliases.all().delete()
    Theatre.objects.filter(merged_into=old).update(merged_into=new)
    adopted = _adopt(old, new)
    undo = {"halls_joined": [None, joined], "halls_moved": [None, taken_over], "aliases": [None, sorted(names)], **adopted}
    write_line(
        access=access, at=at, verb="merge_theatres", subject="theatre", subject_id=old.pk, label=old.name,
        changes={"merged_into": [None, new.pk], "performances": [None, len(moved)], **undo},
    )  # fmt: skip
    return new


@transaction.atomic
def merge_halls(*, access: Access, at: datetime, hall_id: int, into_id: int) -> Hall:
    """Merge a hall into another of the same theatre; its own organisation or the platform does. The target is returned."""
    if hall_id == into_id:
        raise UnableToKeep([Finding(FindingCode.INTO_ITSELF, "into", str(into_id))])
    first, second = sorted((hall_id, into_id))
    rows = {pk: editable_hall(access, pk) for pk in (first, second)}
    old, new = rows[hall_id], rows[into_id]
    if old.theatre_id != new.theatre_id:
        raise UnableToKeep([Finding(FindingCode.HALL_ELSEWHERE, "into", new.name)])
    _join_halls(access, at, old, new)
    write_line(
        access=access, at=at, verb="merge_halls", subject="hall", subject_id=old.pk, label=f"{old.theatre.name}, {old.name}",
        changes={"merged_into": [None, f"{new.name} ({new.pk})"]},
    )  # fmt: skip
    return new


def _pair(rows: dict[int, Theatre], theatre_id: int, into_id: int) -> tuple[Theatre, Theatre]:
    if theatre_id == into_id:
        raise UnableToKeep([Finding(FindingCode.INTO_ITSELF, "into", str(into_id))])
    missing = next((i for i in (theatre_id, into_id) if i not in rows), None)
    if missing is not None:
        raise UnableToKeep([Finding(FindingCode.THEATRE_UNKNOWN, "into", str(missing))])
    merged = next((t for t in rows.values() if t.merged_into_id is not None), None)
    if merged is not None:
        raise UnableToKeep([Finding(FindingCode.ALREADY_MERGED, "into", merged.name)])
    return rows[theatre_id], rows[into_id]


def _adopt(old: Theatre, new: Theatre) -> dict[str, list[object]]:
    """The old one points to the new one; what only the old one knew goes over: field → [before, after]."""
    adopted: dict[str, list[object]] = {}
    for name in ("organisation_id", "contact_email", "province_id", "postcode", "is_coupled"):
        before, after = getattr(new, name), getattr(new, name) or getattr(old, name)
        if before != after:
            setattr(new, name, after)
            adopted[name] = [before, after]
    new.save()
    old.merged_into = new
    old.save(update_fields=["merged_into"])
    return adopted


def _join_halls(access: Access, at: datetime, old: Hall, new: Hall) -> None:
    moved = list(Performance.objects.filter(hall=old).values_list("pk", flat=True))
    Performance.objects.filter(pk__in=moved).update(hall=new, changed_at=at)
    if old.theatre_id == new.theatre_id:
        _note(access, at, moved, {"hall": [old.name, new.name]})
    names = {old.name, *old.aliases.values_list("name", flat=True)} - {new.name}
    HallAlias.objects.bulk_create((HallAlias(hall=new, name=n) for n in sorted(names)), ignore_conflicts=True)
    old.aliases.all().delete()
    Hall.objects.filter(merged_into=old).update(merged_into=new)
    Hall.objects.filter(pk=new.pk, capacity=0).update(capacity=old.capacity)
    Hall.objects.filter(pk=old.pk).update(merged_into=new)


def _note(access: Access, at: datetime, numbers: list[int], changes: dict[str, list[str]]) -> None:
    PerformanceEvent.objects.bulk_create(
        PerformanceEvent(performance_id=n, at=at, kind=EventKind.VENUE_MERGED, actor=access.actor, changes=changes) for n in numbers
    )
