"""Two that are one: saying so, and deciding about it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from dip.programme.actions.entitlement import UnableToAct
from dip.programme.actions.joining import joining_findings, merge_productions
from dip.programme.actions.letters import people_of, send_letter
from dip.programme.actions.merging import merge_halls, merge_theatres
from dip.programme.models import DuplicateReport, Hall, Production, Theatre
from dip.programme.queries.visibility import public_production
from dip.programme.rules.rights import may_edit, may_edit_theatre
from dip.programme.terms import DuplicateKind, DuplicateStatus, Finding, FindingCode
from dip.registry.models import Organisation
from dip.registry.terms import Access, AccessDenied, Level, Module, Role
from dip.registry.trail import write_line


class UnableToReport(UnableToAct):
    """These two cannot be reported, or decided about, as one."""


@transaction.atomic
def report_duplicate(
    *, access: Access, at: datetime, kind: DuplicateKind, goes_id: int, stays_id: int, reason: str = ""
) -> DuplicateReport:
    """Say that ``goes_id`` is the same as ``stays_id``; any member may. Who decides gets a mail. An open report answers as it is.

    Theatres are decided by the platform, halls by their theatre, productions by their other party; the platform can decide all.
    """
    first, second = _two(access, kind, goes_id, stays_id)
    same = Q(goes_id=goes_id, stays_id=stays_id) | Q(goes_id=stays_id, stays_id=goes_id)
    reports = DuplicateReport.objects.across_tenants("one open report for a pair, whoever made it").select_for_update()
    known: DuplicateReport | None = reports.filter(same, kind=kind, status=DuplicateStatus.OPEN).first()
    if known is not None:
        return known
    deciders = _deciders(access, kind, first, second)
    made: DuplicateReport = DuplicateReport.objects.create(
        kind=kind, goes_id=goes_id, stays_id=stays_id, label=f"{_named(first)} = {_named(second)}"[:400], reason=reason.strip()[:300],
        organisation_id=access.organisation_id, deciders=deciders, reported_at=at, reported_by=access.actor,
    )  # fmt: skip
    _write(access, at, "report_duplicate", made, {})
    readers = deciders or list(Organisation.objects.filter(roles__contains=[Role.PLATFORM.value]).values_list("pk", flat=True))
    contacts = [c for group in people_of(set(readers) - {access.organisation_id}).values() for c in group]
    link = settings.BASE_URL + reverse("programme-duplicate-pair", args=[kind, goes_id, stays_id])
    send_letter(
        contacts, "duplicate", {"report": made, "first": _named(first), "second": _named(second), "link": link, "who": access}
    )
    return made


@transaction.atomic
def merge_pair(
    *, access: Access, at: datetime, kind: DuplicateKind, goes_id: int, stays_id: int, figured: Collection[int] = ()
) -> None:
    """Merge the first into the second, as the report says, or without one where the access may do so alone; open reports close.

    ``figured``: see :func:`merge_productions`. Raises what merging raises.
    """
    asked = _open(kind, goes_id, stays_id)
    if kind is DuplicateKind.THEATRE:
        merge_theatres(access=access, at=at, theatre_id=goes_id, into_id=stays_id)
    elif kind is DuplicateKind.HALL:
        merge_halls(access=access, at=at, hall_id=goes_id, into_id=stays_id)
    else:
        told = next((r for r in asked if access.is_platform or access.organisation_id in r.deciders), None)
        merge_productions(
            access=access,
            at=at,
            goes_id=goes_id,
            stays_id=stays_id,
            figured=figured,
            asked_by=told.organisation_id if told else None,
        )
    _close(access, at, asked, DuplicateStatus.MERGED, "")


@transaction.atomic
def dismiss_pair(*, access: Access, at: datetime, kind: DuplicateKind, goes_id: int, stays_id: int, reason: str = "") -> None:
    """Decide that they are two. Open reports are answered (with the reason), and the pair is not suggested again."""
    first, second = _two(access, kind, goes_id, stays_id)
    asked = _open(kind, goes_id, stays_id)
    mine = [r for r in asked if access.is_platform or access.organisation_id in r.deciders]
    if not access.allows(Module.PROGRAMME, Level.MANAGE) or not (access.is_platform or mine):
        raise AccessDenied("a report is answered by those who decide about it, or by the platform")
    if mine and not reason.strip():
        raise UnableToReport([Finding(FindingCode.REASON_MISSING, "reason")])
    if mine:
        _close(access, at, mine, DuplicateStatus.DISMISSED, reason)
        return
    made = DuplicateReport.objects.create(
        kind=kind, goes_id=goes_id, stays_id=stays_id, label=f"{_named(first)} ≠ {_named(second)}"[:400], status=DuplicateStatus.DISMISSED,
        organisation_id=access.organisation_id, reported_at=at, reported_by=access.actor, decided_at=at, decided_by=access.actor,
        decision_reason=reason.strip()[:300],
    )  # fmt: skip
    _write(access, at, "dismiss_duplicate", made, {})


def _two(access: Access, kind: DuplicateKind, goes_id: int, stays_id: int) -> tuple[object, object]:
    """Both rows, when they can be one."""
    if goes_id == stays_id:
        raise UnableToReport([Finding(FindingCode.INTO_ITSELF, "into")])
    found = {row.pk: row for row in _rows(access, kind, (goes_id, stays_id))}
    if len(found) < 2:
        raise UnableToReport([Finding(FindingCode.NOT_THE_SAME_KIND, "into")])
    first, second = found[goes_id], found[stays_id]
    findings = []
    if isinstance(first, Hall) and first.theatre_id != second.theatre_id:
        findings = [Finding(FindingCode.HALL_ELSEWHERE, "into", second.name)]
    if isinstance(first, Production):
        findings = joining_findings(first, second)
    if findings:
        raise UnableToReport(findings)
    return first, second


def _rows(access: Access, kind: DuplicateKind, ids: tuple[int, int]) -> Sequence[Theatre | Hall | Production]:
    if kind is DuplicateKind.THEATRE:
        return list(Theatre.objects.filter(pk__in=ids, merged_into=None))
    if kind is DuplicateKind.HALL:
        return list(Hall.objects.select_related("theatre").filter(pk__in=ids, merged_into=None))
    return list(Production.objects.filter(public_production(access), pk__in=ids).select_related("producer"))


def _deciders(access: Access, kind: DuplicateKind, first: object, second: object) -> list[int]:
    """Whom the report is put to; nobody: the platform. Who reports a production of its own is answered by the other party."""
    if isinstance(first, Hall):
        owner = first.theatre.organisation_id
        return [owner] if owner else []
    if not (isinstance(first, Production) and isinstance(second, Production)):
        return []
    parties = {i for p in (first, second) for i in (p.producer_id, p.agency_id) if i}
    if access.organisation_id not in parties:
        return []
    return sorted(parties - {access.organisation_id}) or [access.organisation_id]


def may_merge(access: Access, kind: DuplicateKind, first: object, second: object, asked: Sequence[DuplicateReport]) -> bool:
    """Whether the access can merge these two now: alone, or on a report that is put to it."""
    if isinstance(first, Theatre):
        return access.is_platform and access.allows(Module.PROGRAMME, Level.MANAGE)
    if isinstance(first, Hall):
        return may_edit_theatre(access, first.theatre.organisation_id)
    if not (isinstance(first, Production) and isinstance(second, Production)):
        return False
    asking = {r.organisation_id for r in asked if access.organisation_id in r.deciders}
    return access.allows(Module.PROGRAMME, Level.MANAGE) and all(
        may_edit(access, p.producer_id, p.agency_id) or asking & {p.producer_id, p.agency_id} for p in (first, second)
    )


def _open(kind: DuplicateKind, goes_id: int, stays_id: int) -> list[DuplicateReport]:
    same = Q(goes_id=goes_id, stays_id=stays_id) | Q(goes_id=stays_id, stays_id=goes_id)
    reports = DuplicateReport.objects.across_tenants("a decision answers every report of the pair").select_for_update()
    return list(reports.filter(same, kind=kind, status=DuplicateStatus.OPEN))


def _close(access: Access, at: datetime, reports: Sequence[DuplicateReport], status: DuplicateStatus, reason: str) -> None:
    """Answer the reports; the reporters hear."""
    for report in reports:
        report.status, report.decided_at, report.decided_by = status, at, access.actor
        report.decision_reason = reason.strip()[:300]
        report.save()
        _write(access, at, "decide_duplicate", report, {"status": [DuplicateStatus.OPEN.value, status.value]})
        contacts = people_of({report.organisation_id} - {access.organisation_id}).get(report.organisation_id, [])
        send_letter(contacts, "duplicate_decided", {"report": report, "is_merged": status is DuplicateStatus.MERGED})


def _named(row: object) -> str:
    if isinstance(row, Theatre):
        return f"{row.name}, {row.city}"
    if isinstance(row, Hall):
        return f"{row.theatre.name}, {row.name}"
    return f"{row.title} ({row.dip_id})" if isinstance(row, Production) else ""


def _write(access: Access, at: datetime, verb: str, report: DuplicateReport, changes: dict[str, object]) -> None:
    subject = f"duplicate_{report.kind}"
    write_line(access=access, at=at, verb=verb, subject=subject, subject_id=report.pk, label=report.label, changes=changes)
