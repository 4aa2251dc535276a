"""Performances as the programme has them, with the agreements that hold them; and what changed since they were proposed."""

from collections.abc import Iterable
from typing import Any

from dip.contracts.models import Agreement, AgreementPerformance, AgreementVersion
from dip.contracts.terms.states import AgreementStatus
from dip.contracts.terms.workflow import EveningFacts, PerformanceChange
from dip.programme.models import ConnectionRequest, Performance
from dip.programme.terms import PerformanceStatus, RequestStatus
from dip.registry.terms import Access

REASON = "a performance is under one agreement, whoever its parties are: only the reference is told"
_ASKED = (RequestStatus.OPEN, RequestStatus.PROPOSED)


def evening_facts(numbers: Iterable[int], *, but: Iterable[int | None] = ()) -> dict[int, EveningFacts]:
    """Those performances that exist, by number, ascending; three queries. ``but``: agreements that do not count as holding one: the
    asking one itself, and its parent. The caller answers for the right to know of the production."""
    wanted = possible(numbers)
    parts = ("production", "theatre", "hall")
    rows = Performance.objects.filter(pk__in=wanted).select_related(*parts).order_by("number")
    holders = AgreementPerformance.objects.across_tenants(REASON).filter(performance_id__in=wanted)
    holders = holders.exclude(agreement_id__in=[pk for pk in but if pk is not None]).order_by("agreement_id")
    bound = dict(holders.filter(is_binding=True).values_list("performance_id", "agreement__reference"))
    proposed = dict(
        holders.filter(agreement__status=AgreementStatus.PROPOSED).values_list("performance_id", "agreement__reference")
    )
    asked = ConnectionRequest.objects.across_tenants("whether a performance was confirmed is no secret of either party")
    waiting = set(asked.filter(performance_id__in=wanted, status__in=_ASKED).values_list("performance_id", flat=True))
    return {row.number: _facts(row, bound.get(row.number, ""), proposed.get(row.number, ""), row.number in waiting) for row in rows}


def possible(numbers: Iterable[int]) -> list[int]:
    """Those that can be a number of a performance, ascending, each once: nothing that a table cannot hold."""
    return sorted({number for number in numbers if 0 < number < 2**63})


def _facts(row: Performance, bound_by: str, proposed_by: str, is_waiting: bool) -> EveningFacts:
    return EveningFacts(
        number=row.number,
        production_id=row.production_id,
        production=row.production.title,
        theatre_id=row.theatre_id,
        theatre=row.theatre.name,
        hall_id=row.hall_id,
        hall=row.hall.name,
        on=row.performance_date,
        starts_at=row.starts_at,
        ranks=tuple(row.capacity_by_rank or ([row.capacity] if row.capacity else [])),
        is_published=row.status == PerformanceStatus.PUBLISHED,
        is_cancelled=row.status == PerformanceStatus.CANCELLED,
        merged_into=row.merged_into_id,
        is_confirmed=not is_waiting,
        bound_by=bound_by,
        proposed_by=proposed_by,
    )


def snapshot(evening: EveningFacts) -> dict[str, Any]:
    """A performance as a version keeps it."""
    return {
        "number": evening.number,
        "date": evening.on.isoformat(),
        "starts_at": evening.starts_at.isoformat(),
        "hall": evening.hall,
        "hall_id": evening.hall_id,
        "capacity_by_rank": list(evening.ranks),
    }


def performances_changed(access: Access, agreement: Agreement) -> tuple[PerformanceChange, ...]:
    """What became of the performances since the newest version was proposed: moved, in another hall, other seats, cancelled. Both
    parties may ask. Values as versions keep them; ``status`` from published to cancelled. Empty while nothing was proposed."""
    version = AgreementVersion.objects.within(access).filter(agreement=agreement, number=agreement.version).first()
    if version is None:
        return ()
    facts = evening_facts((kept["number"] for kept in version.performances), but=[agreement.pk])
    return tuple(change for kept in version.performances for change in _changes(kept, facts.get(kept["number"])))


def _changes(kept: dict[str, Any], now: EveningFacts | None) -> list[PerformanceChange]:
    number = kept["number"]
    if now is None or now.is_cancelled or now.merged_into is not None:
        status = "merged" if now is not None and now.merged_into is not None else "cancelled"
        return [PerformanceChange(number, "status", "published", status)]
    facts = snapshot(now)
    compared = [key for key in ("date", "starts_at", "hall", "capacity_by_rank") if key in kept]
    return [PerformanceChange(number, key, kept[key], facts[key]) for key in compared if kept[key] != facts[key]]
