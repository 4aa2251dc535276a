"""Rewriting landed files: what must be gone goes out of them, and what a code means is read anew.

A file is never changed: another one is written, its receipt turned to it, and the old one removed. An interruption leaves a file that no
receipt names, which is swept.
"""

from datetime import datetime
from pathlib import Path

import numpy as np
import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from dip.warehouse.actions.known import removals_of, value_of
from dip.warehouse.actions.landing import contents
from dip.warehouse.models import LandedBatch, Removal, SourceCode
from dip.warehouse.rules.columns import content_of
from dip.warehouse.rules.landed import CHANNELS, KINDS, OF_BUYER, BatchState, CodeField, RemovalKind
from dip.warehouse.store import landing as files

_REASON = "landed files are rewritten for every theatre alike"
_OTHER = {CodeField.KIND: KINDS["other"], CodeField.CHANNEL: CHANNELS["other"], CodeField.EVENT: 0}
_COLUMN = {CodeField.KIND: "kind", CodeField.CHANNEL: "channel", CodeField.EVENT: "performance"}
log = structlog.get_logger(__name__)


def scrub(batch_id: int) -> bool:
    """Bring one landed file up to what was decided and asked since. Whether anything in it changed.

    Tickets of performances that stay out are left out; tickets of erased buyers are nobody's; codes are read as decided now. The batch
    is to be applied again, unless nothing changed.
    """
    home = Path(settings.WAREHOUSE_HOME)
    with transaction.atomic():
        batch = (
            LandedBatch.objects.across_tenants(_REASON).select_for_update(of=("self",)).select_related("source").get(pk=batch_id)
        )
        old = batch.file
        if not old:
            _turned(batch, is_changed=False)
            return False
        columns = files.read(home, old)
        kept, is_changed = _without(columns, *removals_of(batch.source.organisation_id))
        is_changed |= _read_anew(kept, batch)
        if is_changed:
            kept["content"] = content_of(kept)
            batch.file = files.write(home, batch.source_id, kept) if len(kept["ticket"]) else ""
            batch.performances, batch.codes = contents(kept)
        _turned(batch, is_changed=is_changed)
    if is_changed:
        files.remove(home, old)
    return is_changed


def _turned(batch: LandedBatch, *, is_changed: bool) -> None:
    batch.stale = False
    if is_changed:
        batch.is_restated = batch.is_restated or batch.state == BatchState.APPLIED
        batch.state = BatchState.LANDED.value
    batch.save(update_fields=["file", "performances", "codes", "stale", "is_restated", "state"])


def _without(
    columns: dict[str, "np.ndarray"], removed: frozenset[int], erased: frozenset[int]
) -> tuple[dict[str, "np.ndarray"], bool]:
    """The columns without what must be gone, and whether there was any."""
    stays = ~np.isin(columns["performance"], np.array(sorted(removed), np.int64))
    kept = {name: column[stays].copy() for name, column in columns.items()}
    gone = np.array(sorted(erased), np.int64)
    hit = np.isin(kept["buyer"], gone) | (np.isin(kept["buyer_before"], gone) & (kept["buyer_before"] != 0))
    for name in OF_BUYER:
        kept[name][hit] = 0
    return kept, bool(hit.any() or not stays.all())


def _read_anew(columns: dict[str, "np.ndarray"], batch: LandedBatch) -> bool:
    """Give every coded column the value that is decided now; whether one changed."""
    rows = SourceCode.objects.across_tenants(_REASON).filter(pk__in=batch.codes).values_list("pk", "field", "value")
    is_changed = False
    for key, of, value in rows:
        column, number = _COLUMN[CodeField(of)], value_of(of, value) or _OTHER[CodeField(of)]
        mine = columns[f"{of}_code"] == key
        if (columns[column][mine] != number).any():
            columns[column][mine] = number
            is_changed = True
    return is_changed


def scrub_files(at: datetime, *, most: int = 500) -> int:
    """Rewrite files for removals that are not done in the files yet, and for codes decided anew; how many changed.

    A removal is done in the files when no landed file holds what it names any more.
    """
    for removal in Removal.objects.across_tenants(_REASON).filter(files_done_at=None, lifted_at=None).order_by("pk"):
        _mark(removal)
    waiting = LandedBatch.objects.across_tenants(_REASON).filter(stale=True).order_by("pk")
    changed = sum(scrub(key) for key in list(waiting.values_list("pk", flat=True)[:most]))
    if not waiting.exists():
        open_ones = Removal.objects.across_tenants(_REASON).filter(files_done_at=None, lifted_at=None).order_by("pk")
        done = [one.pk for one in open_ones if not _batches_with(one)]
        Removal.objects.across_tenants(_REASON).filter(pk__in=done).update(files_done_at=at)
    if changed:
        log.info("landed files rewritten", files=changed, reason=_REASON)
    return changed


def _mark(removal: Removal) -> None:
    LandedBatch.objects.across_tenants(_REASON).filter(pk__in=_batches_with(removal)).update(stale=True)


def _batches_with(removal: Removal) -> list[int]:
    """Batches whose files hold what a removal names."""
    reach = Q() if removal.is_national else Q(source__organisation_id=removal.organisation_id)
    batches = LandedBatch.objects.across_tenants(_REASON).filter(reach).exclude(file="")
    if removal.kind != RemovalKind.ERASE:
        return list(batches.filter(performances__contains=[removal.performance_id]).values_list("pk", flat=True))
    by_file = dict(batches.values_list("file", "pk"))
    return [by_file[name] for name in files.files_with_buyers(Path(settings.WAREHOUSE_HOME), list(by_file), [removal.buyer])]
