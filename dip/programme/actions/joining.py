"""Merging two productions that are one: performances move, doubled evenings fold, the old DIP-id answers for the new one."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dip.programme.actions.entitlement import UnableToEnter
from dip.programme.actions.requests import REASON, withdraw_request
from dip.programme.models import CalendarFeed, ConnectionRequest, Performance, PerformanceEvent, Production, ProductionEvent
from dip.programme.rules.joining import Fold, Night, doubles, folds
from dip.programme.rules.rights import may_edit
from dip.programme.terms import EventKind, Finding, FindingCode, PerformanceStatus, RequestStatus
from dip.registry.terms import Access, AccessDenied
from dip.registry.trail import write_line

#: What the production that stays takes over where it says nothing itself.
_ADOPTED = ("agency_id", "subsidy_scheme", "cast_members")


@transaction.atomic
def merge_productions(
    *, access: Access, at: datetime, goes_id: int, stays_id: int, figured: Collection[int], asked_by: int | None = None
) -> Production:
    """Merge a production into another of the same producer and season; the one that stays is returned.

    ``figured``: numbers of their performances that have figures, which the floor above knows. ``asked_by``: the organisation whose
    report is followed. Allowed to the platform, and where acting and asking organisation together may change both. An evening
    entered twice folds: the one without figures is cancelled and points to the other; :class:`UnableToEnter` when both have some.
    """
    rows = Production.objects.select_for_update(of=("self",)).select_related("producer", "agency")
    found = {p.pk: p for p in rows.filter(pk__in=(goes_id, stays_id)).order_by("pk")}
    old, new = _pair(found, goes_id, stays_id)
    if not all(_may_merge(access, asked_by, production) for production in (old, new)):
        raise AccessDenied("two productions are merged by their parties together, or by the platform")
    going, staying = _standing(old), _standing(new)
    folded, refused = folds(doubles(_nights(going), _nights(staying)), figured)
    if refused:
        raise UnableToEnter([Finding(FindingCode.BOTH_HAVE_FIGURES, "number", f"{pair[0]}, {pair[1]}") for pair in refused])
    _fold(access, at, folded, {p.number: p for p in (*going, *staying)})
    moved = _move(access, at, old, new)
    _adopt(old, new)
    _record(access, at, old, new, moved, folded)
    return new


def _pair(found: dict[int, Production], goes_id: int, stays_id: int) -> tuple[Production, Production]:
    if goes_id == stays_id:
        raise UnableToEnter([Finding(FindingCode.INTO_ITSELF, "into")])
    missing = next((i for i in (goes_id, stays_id) if i not in found), None)
    if missing is not None:
        raise UnableToEnter([Finding(FindingCode.PRODUCTION_UNKNOWN, "into", str(missing))])
    old, new = found[goes_id], found[stays_id]
    findings = joining_findings(old, new)
    if findings:
        raise UnableToEnter(findings)
    return old, new


def joining_findings(old: Production, new: Production) -> list[Finding]:
    """Why these two cannot be one production."""
    names = f"{old.dip_id}, {new.dip_id}"
    merged = next((p for p in (old, new) if p.merged_into_id is not None), None)
    if merged is not None:
        return [Finding(FindingCode.ALREADY_MERGED, "into", f"{merged.title} ({merged.dip_id})")]
    if old.producer_id != new.producer_id:
        return [Finding(FindingCode.OTHER_PRODUCER, "into", names)]
    return [Finding(FindingCode.OTHER_SEASON, "into", names)] if old.season_year != new.season_year else []


def _may_merge(access: Access, asked_by: int | None, production: Production) -> bool:
    if access.is_platform or may_edit(access, production.producer_id, production.agency_id):
        return may_edit(access, production.producer_id, production.agency_id)
    return asked_by is not None and asked_by in (production.producer_id, production.agency_id)


def _standing(production: Production) -> Sequence[Performance]:
    rows = Performance.objects.select_for_update(of=("self",)).select_related(
        "theatre", "production__producer", "production__agency"
    )
    return list(rows.filter(production=production).exclude(status=PerformanceStatus.CANCELLED).order_by("pk"))


def _nights(performances: Iterable[Performance]) -> list[Night]:
    rows = list(performances)
    agreed = ConnectionRequest.objects.across_tenants(REASON).filter(performance__in=[p.pk for p in rows])
    confirmed = set(agreed.filter(status=RequestStatus.CONFIRMED).values_list("performance_id", flat=True))
    return [Night(p.number, p.hall_id, p.starts_at, p.number in confirmed) for p in rows]


def _fold(access: Access, at: datetime, folded: Sequence[Fold], performances: dict[int, Performance]) -> None:
    """Cancel the doubles; their theatres hear which number counts."""
    for fold in folded:
        gone = performances[fold.goes]
        was_public = gone.status == PerformanceStatus.PUBLISHED
        gone.status, gone.cancelled_at, gone.merged_into_id = PerformanceStatus.CANCELLED, at, fold.stays
        gone.cancel_reason = (_("Entered twice: performance %(number)s counts.") % {"number": fold.stays})[:200]
        gone.save()
        Performance.objects.filter(merged_into=gone).update(merged_into=fold.stays)
        PerformanceEvent.objects.create(
            performance=gone,
            at=at,
            kind=EventKind.FOLDED,
            actor=access.actor,
            changes={"counts": [str(fold.goes), str(fold.stays)]},
        )
        if was_public:
            withdraw_request(access=access, at=at, performance=gone)


def _move(access: Access, at: datetime, old: Production, new: Production) -> list[int]:
    """Every performance of the old one goes over, cancelled ones too; a reference that the new one uses itself is dropped."""
    taken = Performance.objects.filter(production=new).exclude(external_ref="").values("external_ref")
    mine = Performance.objects.filter(production=old)
    mine.filter(external_ref__in=list(taken.values_list("external_ref", flat=True))).update(external_ref="")
    moved = list(mine.order_by("pk").values_list("pk", flat=True))
    Performance.objects.filter(pk__in=moved).update(production=new, changed_at=at)
    PerformanceEvent.objects.bulk_create(
        PerformanceEvent(
            performance_id=number, at=at, kind=EventKind.PRODUCTION_MERGED, actor=access.actor,
            changes={"production": [old.dip_id, new.dip_id]},
        )
        for number in moved
    )  # fmt: skip
    feeds = CalendarFeed.objects.across_tenants("feeds of a merged production follow it")
    feeds.filter(production=old).update(production=new)
    return moved


def _adopt(old: Production, new: Production) -> None:
    for name in _ADOPTED:
        setattr(new, name, getattr(new, name) or getattr(old, name))
    new.fund_consent = new.fund_consent or old.fund_consent
    new.save()
    new.co_producers.add(*old.co_producers.exclude(pk=new.producer_id))
    Production.objects.filter(merged_into=old).update(merged_into=new)
    old.merged_into = new
    old.save(update_fields=["merged_into"])


def _record(access: Access, at: datetime, old: Production, new: Production, moved: list[int], folded: Sequence[Fold]) -> None:
    """In both histories, and in the trail of every party with what is needed to undo it by hand."""
    for production in (old, new):
        ProductionEvent.objects.create(
            production=production, at=at, kind=EventKind.PRODUCTION_MERGED, actor=access.actor,
            changes={"production": [old.dip_id, new.dip_id]},
        )  # fmt: skip
    changes = {
        "merged_into": [None, new.dip_id],
        "performances": [None, moved],
        "folded": [None, [f"{fold.goes} → {fold.stays}" for fold in folded]],
    }
    for organisation_id in {access.organisation_id, old.producer_id, *(i for i in (old.agency_id, new.agency_id) if i)}:
        write_line(
            access=access, at=at, verb="merge_productions", subject="production", subject_id=old.dip_id, label=old.title,
            changes=changes, organisation_id=organisation_id,
        )  # fmt: skip
