"""Applying landed batches: merged into the facts of tickets, and what they touch published. One process at a time.

The facts remember which batches are in, in the transaction that merges them. So a batch whose receipt still says "landed" after an
interruption is not merged twice, and one whose receipt says "applied" is in.
"""

import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep

import structlog
from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet

from dip.warehouse.actions.pull import pull_dimensions
from dip.warehouse.actions.removals import settle
from dip.warehouse.actions.rewriting import scrub_files
from dip.warehouse.models import LandedBatch, Removal, TicketSource, Watermark
from dip.warehouse.rules.landed import BatchState, RemovalKind
from dip.warehouse.store.landing import folder_of
from dip.warehouse.store.published import new_version
from dip.warehouse.store.shelves import lane_folder, remove_old_folders
from dip.warehouse.store.tickets.facts import TicketFacts, open_tickets
from dip.warehouse.store.tickets.making import is_national_fresh, publish_chunk, publish_national
from dip.warehouse.store.tickets.merging import (
    Landed,
    erase_buyer,
    merge,
    pseudonyms_of,
    remove_performance,
    rename_buyers,
    sort_seasons,
    sources_of,
)

#: Keys of the advisory locks that make one process the applier, and one the slow lane.
APPLIER_LOCK, NATIONAL_LOCK = 0x4449_5054, 0x4449_504E
#: Name of the watermark's row.
NAME = "tickets"
#: Rows, and batches, that one merge takes at most.
MOST_ROWS, MOST_BATCHES = 200_000, 100
#: Seconds between two readings of the programme: when nothing asks for it, and when a batch names a performance that is not known.
DIMENSIONS_EVERY, DIMENSIONS_AGAIN = 60.0, 5.0
#: Seconds between two looks for landed batches while the job stays.
LOOK_EVERY = 0.25
_REASON = "the applier serves every theatre; figures leave through warehouse.queries only"
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done: batches merged, rows that were new or newer in the facts, shelves published."""

    batches: int = 0
    rows: int = 0
    shelves: int = 0

    def __add__(self, other: "Applied") -> "Applied":
        return Applied(self.batches + other.batches, self.rows + other.rows, self.shelves + other.shelves)


def apply_orders(at: datetime, *, only_when_free: bool = False) -> Applied | None:
    """Apply everything that has landed and publish what it touches. ``only_when_free``: None when another process is at it."""
    with _alone(APPLIER_LOCK, wait=not only_when_free) as is_ours:
        if not is_ours:
            return None
        with open_tickets(Path(settings.WAREHOUSE_HOME)) as facts:
            return _Applier(facts).drain(lambda: at)


def keep_applying(now: Callable[[], datetime], *, seconds: float, idle: float) -> Applied | None:
    """As :func:`apply_orders`, and stay for what lands meanwhile: until nothing came for ``idle`` seconds, ``seconds`` at most."""
    until = monotonic() + seconds
    if not _has_sources():
        return None
    with _alone(APPLIER_LOCK, wait=False) as is_ours:
        if not is_ours:
            return None
        with open_tickets(Path(settings.WAREHOUSE_HOME)) as facts:
            applier, total, seen = _Applier(facts), Applied(), monotonic()
            while True:
                done = applier.drain(now)
                total += done
                seen = monotonic() if done.batches else seen
                if monotonic() > min(until, seen + idle):
                    return total
                sleep(LOOK_EVERY)


def rebuild_orders(at: datetime) -> Applied:
    """Throw the facts of tickets away, apply every landed file again and publish everything. Equal to what stood there.

    Raises FileNotFoundError when a landed file is lost: the facts that there are know more.
    """
    folder = folder_of(Path(settings.WAREHOUSE_HOME))
    files = LandedBatch.objects.across_tenants(_REASON).exclude(file="").values_list("file", flat=True)
    if lost := [name for name in files if not (folder / name).exists()]:
        raise FileNotFoundError(f"{len(lost)} landed files are not there, {lost[0]} among them: restore them from a backup first")
    with _alone(APPLIER_LOCK, wait=True), open_tickets(Path(settings.WAREHOUSE_HOME)) as facts:
        facts.clear()
        done = _Applier(facts).drain(lambda: at)
        sort_seasons(facts, tail=1)
        rename_buyers(facts)
        return done + _Applier(facts).drain(lambda: at)


def tend(at: datetime) -> list[int]:
    """The slow lane: national shelves of seasons that changed, from published files only; then the upkeep of the facts, when they are
    free. Seasons that were published."""
    home = Path(settings.WAREHOUSE_HOME)
    if not _has_sources():
        return []
    with _alone(NATIONAL_LOCK, wait=False) as is_ours:
        done = publish_national(home) if is_ours else []
        for lane in ("theatre", "national"):
            remove_old_folders(lane_folder(home, lane))
    with _alone(APPLIER_LOCK, wait=False) as is_free:
        if is_free:
            with open_tickets(home) as facts:
                sort_seasons(facts)
                rename_buyers(facts)
                _Applier(facts).drain(lambda: at)
    return done


def _has_sources() -> bool:
    """Whether any theatre delivers orders here."""
    return TicketSource.objects.across_tenants(_REASON).exists()


class _Applier:
    """One run over the open facts."""

    def __init__(self, facts: TicketFacts) -> None:
        self.facts, self.home = facts, Path(settings.WAREHOUSE_HOME)
        self.read_at, self.is_told = float("-inf"), False
        self.lost: set[str] = set()
        _recognise(facts)

    def drain(self, now: Callable[[], datetime]) -> Applied:
        """Until nothing has landed and nothing waits to be published."""
        total = Applied()
        while True:
            at = now()
            self._remove(at)
            landed = _waiting(self.lost)
            self._read_programme(at, landed)
            done = self._merge(at, landed)
            if self.facts.is_rebuilding and not landed:
                self.facts.finish_rebuilding()
            is_still = not landed and not self.facts.touched()
            if not self.facts.is_rebuilding and not (is_still and self.is_told):
                done += self._publish(at, is_whole=not landed)
                self.is_told = is_still
            total += done
            if is_still:
                self._settle(at)
                return total

    def _remove(self, at: datetime) -> None:
        """Let removals work through the files and the facts, before anything newer comes in."""
        if _stale().exists() or _removals().filter(files_done_at=None, lifted_at=None).exists():
            while scrub_files(at):
                pass
        for one in _removals().filter(facts_done_at=None).exclude(files_done_at=None).order_by("pk"):
            if one.kind == RemovalKind.ERASE:
                self._erase(at, one)
            else:
                kept = _files_of(sources_of(self.facts, one.performance_id or 0))
                remove_performance(self.facts, one.performance_id or 0, kept)
            self.facts.checkpoint()
            settle(at=at, removal_ids=[one.pk], is_published=False)

    def _erase(self, at: datetime, removal: Removal) -> None:
        """Erase every pseudonym that the buyer has had; those that nobody asked for yet get a removal, for the files."""
        buyer = removal.buyer or 0
        known = pseudonyms_of(self.facts, buyer)
        mine = Q() if removal.is_national else Q(organisation_id=removal.organisation_id)
        asked = _removals().filter(mine, kind=RemovalKind.ERASE.value, is_national=removal.is_national, buyer__in=known)
        for other in sorted(known - set(asked.values_list("buyer", flat=True)) - {buyer}):
            Removal.objects.create(
                organisation_id=removal.organisation_id, kind=RemovalKind.ERASE.value, buyer=other, is_national=removal.is_national,
                source_id=removal.source_id, requested_at=at, requested_by="the same buyer under another key",
            )  # fmt: skip
        sources = TicketSource.objects.across_tenants(_REASON).filter(mine)
        erase_buyer(self.facts, known, sources.values_list("pk", flat=True))

    def _read_programme(self, at: datetime, landed: Sequence[LandedBatch]) -> None:
        age = monotonic() - self.read_at
        named = {number for one in landed for number in one.performances}
        if age < DIMENSIONS_AGAIN or (age < DIMENSIONS_EVERY and self.facts.knows(named)):
            return
        folder = self.home / "audience"
        folder.mkdir(parents=True, exist_ok=True)
        pull_dimensions(at=at, facts=self.facts, home=folder)
        self.facts.replace_sources(TicketSource.objects.across_tenants(_REASON).values_list("pk", "organisation_id"))
        self.read_at = monotonic()

    def _merge(self, at: datetime, landed: Sequence[LandedBatch]) -> Applied:
        """Merge those that are not in yet, and let every receipt say so."""
        if not landed:
            return Applied()
        landed = [one for one in landed if self._is_there(one)]
        known = self.facts.applied(one.pk for one in landed)
        folder = folder_of(self.home)
        fresh = [Landed(one.pk, one.file, folder / one.file) for one in landed if one.file and (one.pk, one.file) not in known]
        merged = merge(self.facts, fresh) if fresh else None
        for one in landed:
            count = (
                merged.conflicts.get(one.pk, 0) if merged and (one.pk, one.file) not in known else known.get((one.pk, one.file), 0)
            )
            rows = LandedBatch.objects.across_tenants(_REASON).filter(pk=one.pk, file=one.file, state=BatchState.LANDED.value)
            rows.update(state=BatchState.APPLIED.value, applied_at=at, conflict_count=count)
        return Applied(len(fresh), merged.rows if merged else 0)

    def _is_there(self, batch: LandedBatch) -> bool:
        """Whether its file can be read. One that was rewritten just now is read under its new name; one that is lost holds up nobody."""
        if not batch.file or (folder_of(self.home) / batch.file).exists():
            return True
        self.lost.add(batch.file)
        log.error(
            "a landed file is not there", batch=batch.pk, file=batch.file, remedy="restore it from a backup; it is applied then"
        )
        return False

    def _publish(self, at: datetime, *, is_whole: bool) -> Applied:
        """One chunk; when nothing waits, only the moment moves on."""
        return Applied(shelves=publish_chunk(self.facts, self.home, at, version=new_version(at), is_whole=is_whole))

    def _settle(self, at: datetime) -> None:
        """Removals are done in what is published when no shelf of before them is named any more, of the slow lane neither."""
        if is_national_fresh(self.home):
            done = _removals().filter(published_done_at=None).exclude(facts_done_at=None).values_list("pk", flat=True)
            if waiting := list(done):
                settle(at=at, removal_ids=waiting, is_published=True)


def _recognise(facts: TicketFacts) -> None:
    """Make sure that the facts are of this database, and know no batch that it does not (it was restored from a backup); otherwise
    every landed file is to be applied to new ones."""
    row = Watermark.objects.filter(name=NAME).first()
    identity, newest = facts.mark().identity, facts.newest_batch()
    has_newest = newest is None or LandedBatch.objects.across_tenants(_REASON).filter(pk=newest).exists()
    if row is not None and identity and row.facts == identity and has_newest:
        return
    if identity:
        facts.clear()
    LandedBatch.objects.across_tenants(_REASON).filter(state=BatchState.APPLIED.value).update(state=BatchState.LANDED.value)
    identity = secrets.token_hex(16)
    Watermark.objects.update_or_create(name=NAME, defaults={"facts": identity})
    facts.move(identity=identity)


def _waiting(lost: Collection[str]) -> list[LandedBatch]:
    """The oldest batches that have landed and are as they should be, as many as one merge takes; without files that are lost."""
    rows = LandedBatch.objects.across_tenants(_REASON).filter(state=BatchState.LANDED.value, stale=False).exclude(file__in=lost)
    found, total = [], 0
    for one in rows.only("pk", "file", "performances", "accepted_count").order_by("pk")[:MOST_BATCHES]:
        total += one.accepted_count
        if found and total > MOST_ROWS:
            break
        found.append(one)
    return found


def _stale() -> QuerySet[LandedBatch]:
    return LandedBatch.objects.across_tenants(_REASON).filter(stale=True)


def _removals() -> QuerySet[Removal]:
    return Removal.objects.across_tenants(_REASON)


def _files_of(sources: set[int]) -> list[Landed]:
    """Every file that is in the facts, of those sources."""
    rows = (
        LandedBatch.objects.across_tenants(_REASON)
        .filter(source_id__in=sources, state=BatchState.APPLIED.value, stale=False)
        .exclude(file="")
    )
    folder = folder_of(Path(settings.WAREHOUSE_HOME))
    return [Landed(pk, file, folder / file) for pk, file in rows.order_by("pk").values_list("pk", "file")]


@contextmanager
def _alone(key: int, *, wait: bool) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_{'' if wait else 'try_'}advisory_lock(%s)", [key])
        is_ours = wait or bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
