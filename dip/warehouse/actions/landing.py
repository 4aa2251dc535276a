"""Landing a delivery of orders: judged row by row, made pseudonymous in memory, safe on disk and in a receipt before it is answered.

First the file, then its receipt, in one transaction. When the platform falls between the two, the sender sends again, and the file
without a receipt is swept. Sending the same delivery twice answers the same receipt.
"""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from dip.registry.terms import Access, AccessDenied, Level, Module, Refusal
from dip.ticketing.terms.orders import TicketRow
from dip.warehouse.actions.asking import ask_to_apply
from dip.warehouse.actions.known import UnableToKnow, world_of
from dip.warehouse.models import LandedBatch, Removal, TicketSource
from dip.warehouse.rules import columns, decoding
from dip.warehouse.rules.decoding import Table
from dip.warehouse.rules.landed import BatchState
from dip.warehouse.rules.verdicts import Verdict, VerdictCode, Verdicts
from dip.warehouse.store import landing as files

#: Class of the advisory locks between landing (shared) and removing (alone), by organisation; 0 is every organisation's.
REMOVAL_LOCK = 0x44_4950_4C
_TRIES = 5
_REASON = "a delivery id is of its source, whose owner was checked"


class UnableToLand(Refusal):
    """The delivery as a whole is not taken in. ``is_conflict``: its id was used for another body; ``is_large``: send it in parts."""

    def __init__(self, message: str, field: str | None = None, *, is_conflict: bool = False, is_large: bool = False) -> None:
        super().__init__(message, field)
        self.is_conflict, self.is_large = is_conflict, is_large


class Landed(NamedTuple):
    """What became of a delivery. Counts are of rows: total = accepted + repeated + rejected."""

    batch_id: int
    delivery_id: str
    source_id: int
    received_at: datetime
    total: int
    accepted: int
    repeated: int
    rejected: int
    counts: dict[str, int]
    """Code of a verdict → rows."""
    verdicts: tuple[Verdict, ...]
    """The first ones."""
    state: str
    is_repeat: bool = False


def need_right(access: Access) -> None:
    """Raises :class:`AccessDenied` unless the access may deliver orders for its own theatre."""
    if not access.is_taker or not access.allows(Module.AUDIENCE, Level.MANAGE):
        raise AccessDenied("needs a theatre's right to manage the audience module")


def source_for(*, access: Access, at: datetime, system: str, account: str = "", name: str = "") -> TicketSource:
    """The theatre's source for an account at a system, made when it is new."""
    need_right(access)
    system, account = system.strip().lower()[:40], account.strip()[:80]
    if not system:
        raise UnableToLand(_("Name the ticketing system."), "system")
    found = TicketSource.objects.within(access).filter(system=system, account=account).first()
    if found is None:
        with suppress(IntegrityError), transaction.atomic():
            TicketSource.objects.create(
                organisation_id=access.organisation_id, system=system, account=account, made_at=at,
                name=name.strip()[:120] or " ".join(part for part in (system, account) if part),
            )  # fmt: skip
        found = TicketSource.objects.within(access).get(system=system, account=account)
    return found


def land(
    *, access: Access, at: datetime, source: TicketSource, delivery_id: str, body: bytes, cursor: str = "",
    places: Sequence[int] | None = None,
) -> Landed:  # fmt: skip
    """Take in a body of NDJSON. ``places``: the row of a file that each line was made from, which its verdicts then name.

    Raises :class:`UnableToLand`.
    """
    _need_own(access, source)
    digest = hashlib.sha256(body).hexdigest()
    if before := _before(source, delivery_id, digest):
        return before
    verdicts = Verdicts()
    try:
        table = decoding.decode(body, verdicts)
    except decoding.UnableToDecode as error:
        raise UnableToLand(str(error), is_large=error.is_large) from error
    return _land(access, at, source, LandedBatch(delivery_id=delivery_id, digest=digest, cursor=cursor), table, verdicts, places)


def examine(*, access: Access, at: datetime, source: TicketSource, body: bytes, places: Sequence[int] | None = None) -> Landed:
    """What would become of a body of NDJSON; nothing is kept, new codes neither. Raises :class:`UnableToLand`."""
    _need_own(access, source)
    verdicts = Verdicts()
    try:
        table = decoding.decode(body, verdicts)
        world = world_of(access, source, at, columns.wanted(table), is_trial=True)
    except (decoding.UnableToDecode, UnableToKnow) as error:
        raise UnableToLand(str(error), is_large=getattr(error, "is_large", False)) from error
    built = columns.build(table, world, verdicts)
    batch = LandedBatch(state=BatchState.LANDED.value)
    _fill(batch, access, source, at, table, built, verdicts, places)
    return as_landed(batch)


def land_rows(
    *, access: Access, at: datetime, source: TicketSource, delivery_id: str, rows: Sequence[TicketRow], cursor: str = ""
) -> Landed:
    """Take in what a connector read; ``cursor`` is how far that was."""
    return land(access=access, at=at, source=source, delivery_id=delivery_id, body=decoding.encode(rows), cursor=cursor)


def land_parquet(*, access: Access, at: datetime, source: TicketSource, delivery_id: str, body: bytes) -> Landed:
    """Take in a Parquet file with the same columns. Raises :class:`UnableToLand`."""
    _need_own(access, source)
    digest = hashlib.sha256(body).hexdigest()
    if before := _before(source, delivery_id, digest):
        return before
    verdicts = Verdicts()
    try:
        found = files.read_wire(body, decoding.FIELDS, decoding.MOST_ROWS, decoding.MOST_BYTES)
        table = decoding.decode(msgspec.json.Encoder().encode_lines(found), verdicts)
    except decoding.UnableToDecode as error:
        raise UnableToLand(str(error), is_large=error.is_large) from error
    except ValueError as error:
        raise UnableToLand(_("The Parquet body cannot be taken in: %(why)s.") % {"why": error}) from error
    return _land(access, at, source, LandedBatch(delivery_id=delivery_id, digest=digest), table, verdicts)


def sweep(at: datetime) -> int:
    """Remove files that no receipt names and that are older than the grace time; how many."""
    home = Path(settings.WAREHOUSE_HOME)
    old = list(files.orphans(home, at.timestamp()))
    named = set(LandedBatch.objects.across_tenants("sweeping files of nobody").filter(file__in=old).values_list("file", flat=True))
    gone = [name for name in old if name not in named]
    for name in gone:
        files.remove(home, name)
    return len(gone)


def _need_own(access: Access, source: TicketSource) -> None:
    need_right(access)
    if source.organisation_id != access.organisation_id:
        raise AccessDenied("is not a source of this theatre")


def _before(source: TicketSource, delivery_id: str, digest: str) -> Landed | None:
    """The receipt of the same delivery. Raises :class:`UnableToLand` when its id was used for another body."""
    found = LandedBatch.objects.across_tenants(_REASON).filter(source=source, delivery_id=delivery_id).first()
    if found is None:
        return None
    if found.digest != digest:
        told = _("The delivery id was used before, for another body. Give every delivery an id of its own.")
        raise UnableToLand(told, "delivery_id", is_conflict=True)
    return as_landed(found, is_repeat=True)


def _land(
    access: Access, at: datetime, source: TicketSource, batch: LandedBatch, table: Table, read: Verdicts,
    places: Sequence[int] | None = None,
) -> Landed:  # fmt: skip
    for _try in range(_TRIES):
        stand = newest_removal(access.organisation_id)
        try:
            world = world_of(access, source, at, columns.wanted(table))
        except UnableToKnow as error:
            raise UnableToLand(str(error)) from error
        verdicts = Verdicts(read)
        built = columns.build(table, world, verdicts)
        _fill(batch, access, source, at, table, built, verdicts, places)
        home = Path(settings.WAREHOUSE_HOME)
        batch.file = files.write(home, source.pk, built.columns) if batch.accepted_count else ""
        is_ours = False
        try:
            is_ours = _receipt(batch, access.organisation_id, stand, built)
        except IntegrityError:
            if before := _before(source, batch.delivery_id, batch.digest):
                return before
            raise
        finally:
            if not is_ours and batch.file:
                files.remove(home, batch.file)
        if is_ours:
            ask_to_apply()
            return as_landed(batch)
    raise UnableToLand(_("Things are being removed right now. Send the delivery again in a minute."))


def _fill(
    batch: LandedBatch, access: Access, source: TicketSource, at: datetime, table: Table, built: columns.Built, verdicts: Verdicts,
    places: Sequence[int] | None,
) -> None:  # fmt: skip
    batch.source, batch.received_at, batch.client_id = source, at, access.client_id
    batch.row_count = table.total
    batch.accepted_count = len(built.columns["ticket"])
    batch.repeated_count = built.repeated
    batch.rejected_count = table.total - batch.accepted_count - built.repeated
    batch.verdict_counts = dict(verdicts.counts)
    batch.verdicts = [[places[one.row] if places else one.row, one.code.value, one.field] for one in verdicts.kept()]
    batch.performances, batch.codes = contents(built.columns)


def contents(made: dict[str, "columns.np.ndarray"]) -> tuple[list[int], list[int]]:
    """(Performances, keys of source codes) that a file holds."""
    distinct = columns.np.unique
    performances = distinct(made["performance"]).tolist()
    codes = {one for name in ("kind_code", "channel_code", "event_code") for one in distinct(made[name]).tolist()}
    return [one for one in performances if one], sorted(codes - {0})


def _receipt(batch: LandedBatch, organisation_id: int, stand: int, built: columns.Built) -> bool:
    """Write the receipt, unless something was asked to be removed since ``stand``."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock_shared(%s, 0), pg_advisory_xact_lock_shared(%s, %s)",
                [REMOVAL_LOCK, REMOVAL_LOCK, organisation_id],
            )
        if newest_removal(organisation_id) != stand:
            return False
        batch.save(force_insert=True)
        if built.erased_again:
            Removal.objects.bulk_create(
                Removal(
                    organisation_id=organisation_id, kind="erase", buyer=buyer, requested_at=batch.received_at,
                    requested_by="an erasure under the key before",
                )
                for buyer in built.erased_again
            )  # fmt: skip
    return True


def newest_removal(organisation_id: int) -> int:
    """Key of the newest removal that concerns an organisation."""
    mine = Q(organisation_id=organisation_id) | Q(is_national=True)
    found = Removal.objects.across_tenants("landing keeps out what must be gone").filter(mine).aggregate(newest=Max("pk"))
    return found["newest"] or 0


def as_landed(batch: LandedBatch, *, is_repeat: bool = False) -> Landed:
    """The receipt that a row holds."""
    return Landed(
        batch.pk, batch.delivery_id, batch.source_id, batch.received_at, batch.row_count, batch.accepted_count, batch.repeated_count,
        batch.rejected_count, dict(batch.verdict_counts),
        tuple(Verdict(row, VerdictCode(code), field) for row, code, field in batch.verdicts), str(batch.state), is_repeat,
    )  # fmt: skip
