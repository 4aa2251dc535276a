"""Reads of ticketing: what stands in the halls now, and the receipts of what was sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dip.programme.models import Production
from dip.programme.queries.visibility import called
from dip.registry.terms import Access
from dip.ticketing.models import Delivery, PerformanceSales
from dip.ticketing.terms import REJECTING, FindingCode, Measure

#: Deliveries on one page.
PAGE = 50


@dataclass(frozen=True, slots=True)
class EveningFigures:
    """A performance's tickets and cents of one measure, true at an aware moment. ``starts_at`` aware UTC."""

    number: int
    starts_at: datetime
    tickets: int
    cents: int
    true_at: datetime


@dataclass(frozen=True, slots=True)
class TheatreFigures:
    """A production's evenings in one theatre."""

    theatre_id: int
    name: str
    time_zone: str
    evenings: tuple[EveningFigures, ...]

    @property
    def tickets(self) -> int:
        """The sum of the evenings."""
        return sum(evening.tickets for evening in self.evenings)

    @property
    def cents(self) -> int:
        """The sum of the evenings."""
        return sum(evening.cents for evening in self.evenings)

    @property
    def true_at(self) -> datetime:
        """The newest of the evenings."""
        return max(evening.true_at for evening in self.evenings)


#: Columns of the current state: tickets, cents, moment. Sold tickets are the paid ones; free tickets are counted apart.
_COLUMNS: Mapping[Measure, tuple[str, str, str]] = {
    Measure.TICKETS: ("sold", "recette_cents", "tickets_true_at"),
    Measure.RESERVATIONS: ("reserved", "reserved_cents", "reserved_true_at"),
    Measure.BLOCKED: ("blocked", "blocked_cents", "blocked_true_at"),
}


def occupation(
    access: Access, measure: Measure, dip_id: str, *, theatre_id: int | None = None, number: int | None = None
) -> list[TheatreFigures]:
    """What stands in the halls for a production, by theatre and date; empty without figures, and for strangers. One query.

    ``measure``: tickets, reservations or blocked seats.
    """
    tickets, cents, true_at = _COLUMNS[measure]
    named = Production.objects.filter(called(dip_id)).values("pk")
    where: dict[str, Any] = {"performance__production_id__in": named, f"{true_at}__isnull": False}
    if theatre_id is not None:
        where["performance__theatre_id"] = theatre_id
    if number is not None:
        where["performance_id"] = number
    rows = (
        PerformanceSales.objects.within(access)
        .filter(**where)
        .order_by("performance__theatre__name", "performance__theatre_id", "performance__starts_at", "performance_id")
        .values_list(
            "performance__theatre_id",
            "performance__theatre__name",
            "performance__theatre__time_zone",
            "performance_id",
            "performance__starts_at",
            tickets,
            cents,
            true_at,
        )
    )
    theatres: dict[tuple[int, str, str], list[EveningFigures]] = {}
    for key, name, zone, evening, starts_at, count, value, moment in rows:
        theatres.setdefault((key, name, zone), []).append(EveningFigures(evening, starts_at, count or 0, value or 0, moment))
    return [TheatreFigures(*theatre, tuple(evenings)) for theatre, evenings in theatres.items()]


@dataclass(frozen=True, slots=True)
class KeptFinding:
    """One finding of a receipt: row of the body from 0, the number it names (None: unreadable), code, and the pattern's values."""

    row: int
    number: int | None
    code: FindingCode
    values: Mapping[str, Any]

    @property
    def rejects(self) -> bool:
        """Whether the row was kept out."""
        return self.code in REJECTING


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """The receipt of one delivery."""

    id: int
    received_at: datetime
    source: str
    measure: Measure
    row_count: int
    accepted: int
    unchanged: int
    rejected: int
    findings: tuple[KeptFinding, ...]


def deliveries(access: Access, *, before: int | None = None, with_findings: bool = False) -> list[DeliveryRow]:
    """Receipts of the access's own organisation, newest first, a page and one more (to see whether there is a next). One query.

    ``before``: only those with a smaller id; ``with_findings``: only those with something to tell.
    """
    found = Delivery.objects.within(access)
    if before is not None:
        found = found.filter(pk__lt=before)
    if with_findings:
        found = found.exclude(findings=[])
    return [_row(delivery) for delivery in found.order_by("-pk")[: PAGE + 1]]


def delivery(access: Access, delivery_id: int) -> DeliveryRow:
    """One receipt. Raises ``Delivery.DoesNotExist`` for strangers to it, as when there is none."""
    return _row(Delivery.objects.within(access).get(pk=delivery_id))


def _row(delivery: Delivery) -> DeliveryRow:
    return DeliveryRow(
        id=delivery.pk,
        received_at=delivery.received_at,
        source=delivery.source,
        measure=Measure(delivery.measure),
        row_count=delivery.row_count,
        accepted=delivery.accepted_count,
        unchanged=delivery.unchanged_count,
        rejected=delivery.rejected_count,
        findings=tuple(
            KeptFinding(one["row"], one["number"], FindingCode(one["code"]), one["values"]) for one in delivery.findings
        ),
    )
