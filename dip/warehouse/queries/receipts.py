"""Receipts of deliveries of orders: what a theatre sent, what was kept of it, and why rows were not."""

from dataclasses import dataclass
from datetime import datetime

from dip.registry.terms import Access
from dip.warehouse.models import LandedBatch
from dip.warehouse.rules.landed import BatchState
from dip.warehouse.rules.verdicts import Verdict, VerdictCode

#: Receipts on one page.
PAGE = 50


class UnknownReceipt(LookupError):
    """There is no such receipt here for this access."""


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One delivery. Counts are of rows: total = accepted + repeated + rejected."""

    id: int
    delivery_id: str
    source_id: int
    system: str
    account: str
    source_name: str
    received_at: datetime
    applied_at: datetime | None
    state: str
    total: int
    accepted: int
    repeated: int
    rejected: int
    counts: dict[str, int]
    verdicts: tuple[Verdict, ...]
    """The first ones."""
    conflicts: int = 0
    """Tickets of which the facts hold the same version with another content."""
    is_waiting: bool = False
    """Whether it is still to be applied, or to be applied anew."""
    tickets_removed: bool = False
    """Whether rows were kept of which none is left: what they were of is gone."""


def receipts(access: Access, *, before: int | None = None, most: int = PAGE, source_id: int | None = None) -> list[ReceiptRow]:
    """The deliveries of an organisation, newest first, without their verdicts; ``most`` + 1 when there are more. One query."""
    rows = LandedBatch.objects.within(access).select_related("source").defer("verdicts", "performances", "codes").order_by("-pk")
    rows = rows.filter(pk__lt=before) if before else rows
    rows = rows.filter(source_id=source_id) if source_id else rows
    return [_row(one, ()) for one in rows[: most + 1]]


def receipt(access: Access, batch_id: int) -> ReceiptRow:
    """One delivery with its verdicts. One query. Raises :class:`UnknownReceipt`."""
    found = LandedBatch.objects.within(access).select_related("source").defer("performances", "codes").filter(pk=batch_id).first()
    if found is None:
        raise UnknownReceipt(f"There is no delivery {batch_id} here for you.")
    return _row(found, tuple(Verdict(row, VerdictCode(code), field) for row, code, field in found.verdicts))


def _row(batch: LandedBatch, verdicts: tuple[Verdict, ...]) -> ReceiptRow:
    return ReceiptRow(
        id=batch.pk,
        delivery_id=batch.delivery_id,
        source_id=batch.source_id,
        system=batch.source.system,
        account=batch.source.account,
        source_name=batch.source.name,
        received_at=batch.received_at,
        applied_at=batch.applied_at,
        state=str(batch.state),
        total=batch.row_count,
        accepted=batch.accepted_count,
        repeated=batch.repeated_count,
        rejected=batch.rejected_count,
        counts=dict(batch.verdict_counts),
        verdicts=verdicts,
        conflicts=batch.conflict_count,
        is_waiting=batch.stale or batch.state == BatchState.LANDED.value,
        tickets_removed=bool(batch.accepted_count) and not batch.file,
    )
