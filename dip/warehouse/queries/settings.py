"""What a theatre has chosen for its orders: its sources, what of gender is kept and why, and what it had removed."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from dip.registry.terms import Access, AccessDenied, Module
from dip.warehouse.models import Removal, TicketSource


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """A source as it is set. ``last_at``: of its newest delivery, None when it has none."""

    id: int
    name: str
    system: str
    account: str
    keeps_gender: bool
    gender_ground: str
    is_active: bool
    deliveries: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class RemovalCount:
    """Removals of a kind. ``in_force``: not lifted; ``waiting``: not yet done everywhere."""

    kind: str
    in_force: int
    waiting: int


def source_settings(access: Access) -> tuple[SourceSettings, ...]:
    """By name. One query."""
    _need(access)
    rows = TicketSource.objects.within(access).annotate(deliveries=Count("batches"), last_at=Max("batches__received_at"))
    return tuple(
        SourceSettings(
            row.pk,
            row.name,
            row.system,
            row.account,
            row.keeps_gender,
            row.gender_ground,
            row.is_active,
            row.deliveries,
            row.last_at,
        )
        for row in rows.order_by("name", "pk")
    )


def removal_counts(access: Access) -> tuple[RemovalCount, ...]:
    """Of each kind that there is. One query."""
    _need(access)
    is_open = Q(lifted_at=None)
    undone = is_open & (Q(files_done_at=None) | Q(facts_done_at=None) | Q(published_done_at=None))
    rows = Removal.objects.within(access).order_by("kind").values("kind")
    counted = rows.annotate(in_force=Count("pk", filter=is_open), waiting=Count("pk", filter=undone))
    return tuple(RemovalCount(row["kind"], row["in_force"], row["waiting"]) for row in counted)


def _need(access: Access) -> None:
    if not access.is_taker or not access.allows(Module.AUDIENCE):
        raise AccessDenied("a theatre's settings are for its own people")
