"""Many venues at once: one value for all that were chosen, and what a sheet changes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from dip.definitions.models import Province
from dip.programme.actions.theatres import UnableToKeep, change_theatre
from dip.programme.models import Theatre
from dip.programme.queries.venues import known_venues
from dip.programme.rules.venues import Change
from dip.programme.terms import Finding, FindingCode, VenueKind
from dip.registry.terms import Access, AccessDenied, Level, Module
from dip.registry.trail import write_line

#: What can be given to many at once.
BULK_FIELDS = ("province_id", "kind", "do_not_use")


@transaction.atomic
def change_venues(*, access: Access, at: datetime, theatre_ids: Iterable[int], field: str, value: Any) -> int:
    """Give many theatres one province, kind or mark; how many changed. One line in the trail keeps every value of before.

    Raises :class:`UnableToKeep` for a value that there is not, AccessDenied for others than the platform.
    """
    _need_platform(access)
    if field not in BULK_FIELDS:
        raise TypeError(f"change_venues does not take {field}")
    if field == "province_id" and value is not None and not Province.objects.filter(pk=value).exists():
        raise UnableToKeep([Finding(FindingCode.PROVINCE_UNKNOWN, "province", str(value))])
    if field == "kind" and value not in set(VenueKind):
        raise UnableToKeep([Finding(FindingCode.KIND_UNKNOWN, "kind", str(value))])
    rows = Theatre.objects.select_for_update().filter(pk__in=list(theatre_ids), merged_into__isnull=True).order_by("pk")
    before = {pk: now for pk, now in rows.values_list("pk", field) if now != value}
    if not before:
        return 0
    Theatre.objects.filter(pk__in=before).update(**{field: value})
    groups: dict[str, list[int]] = defaultdict(list)
    for pk, now in before.items():
        groups[str(now)].append(pk)
    was = [f"{now}: {', '.join(map(str, keys))}" for now, keys in groups.items()]
    write_line(
        access=access, at=at, verb="change_venues", subject="theatres", subject_id="", label=f"{len(before)} theatres",
        changes={field: [was, str(value)]},
    )  # fmt: skip
    return len(before)


def change_listed_venues(*, access: Access, at: datetime, changes: Sequence[Change]) -> tuple[int, list[Finding]]:
    """Do what a sheet says; how many theatres changed, and what was left: a cell that changed since the preview, or is refused.

    Each theatre by itself: what is good is kept. The same again changes nothing. Raises AccessDenied for others than the platform.
    """
    _need_platform(access)
    known = known_venues({change.theatre_id for change in changes})
    by_theatre: dict[int, list[Change]] = defaultdict(list)
    findings: list[Finding] = []
    for change in changes:
        now = known[change.theatre_id].cells[change.field] if change.theatre_id in known else None
        if now == change.after:
            continue
        if now != change.before:
            findings.append(Finding(FindingCode.CHANGED_SINCE, change.field, change.after, number=change.theatre_id))
            continue
        by_theatre[change.theatre_id].append(change)
    done = 0
    for theatre_id, wanted in by_theatre.items():
        try:
            change_theatre(access=access, at=at, theatre_id=theatre_id, **dict(_value(change) for change in wanted))
            done += 1
        except UnableToKeep as refusal:
            findings += [Finding(f.code, f.field, f.value, number=theatre_id) for f in refusal.findings]
    return done, findings


def _value(change: Change) -> tuple[str, Any]:
    if change.field == "province":
        return "province_id", int(change.after) if change.after else None
    if change.field == "do_not_use":
        return change.field, change.after == "yes"
    return change.field, change.after


def _need_platform(access: Access) -> None:
    if not (access.is_platform and access.allows(Module.PROGRAMME, Level.MANAGE)):
        raise AccessDenied("many venues at once are changed by the platform")
