"""The spreadsheet route: a file is kept, its columns are named, its good rows are confirmed, or it is put aside."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from dip.registry.terms import Access, AccessDenied, Level, Module, Refusal
from dip.registry.trail import write_line
from dip.ticketing.actions import tables
from dip.ticketing.actions.accept import accept_positions
from dip.ticketing.models import SheetColumns, SheetUpload
from dip.ticketing.queries import sheets as reads
from dip.ticketing.rules.sheets.changes import Line, Outcome
from dip.ticketing.rules.sheets.fields import Field, is_known_name, words
from dip.ticketing.terms import SPREADSHEET, Measure, PositionRow, SheetStatus
from dip.web.tables.columns import columns_of, head_row, suggest
from dip.web.tables.reading import read_file
from dip.web.tables.terms import UnableToRead
from dip.web.tables.words import problem_text

_LONGEST_AGO = timedelta(days=400)


class UnableToUpload(Refusal):
    """A file cannot be taken, or not confirmed, as it is. Nothing was written."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An upload, and whether it is a new one: the same file is kept once."""

    upload: SheetUpload
    is_new: bool


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What was written: rows with new figures, rows that confirmed what was known, and rows kept back."""

    changed: int
    same: int
    left: int
    deliveries: tuple[int, ...]


@transaction.atomic
def keep_upload(*, access: Access, at: datetime, file_name: str, content: bytes, true_at: datetime) -> Kept:
    """Keep a file with figures that were true at ``true_at``; nothing is written to the figures yet.

    The same file is kept once: while it is open, and after its figures were confirmed, the upload of before is the answer.
    Raises :class:`UnableToUpload` for a file that is no table, a moment that cannot be, and a theatre that is coupled.
    """
    _need_theatre(access)
    tables.wait_for_turn(access.organisation_id)
    _refuse_coupled(access)
    if true_at > at:
        raise UnableToUpload(_("That moment has not come yet. Give the moment at which the figures were true."), "true_at")
    if true_at < at - _LONGEST_AGO:
        raise UnableToUpload(_("That is more than a year ago. Check the year."), "true_at")
    digest = hashlib.sha256(content).hexdigest()
    before = _same_file(access, at, digest)
    if before is not None:
        return Kept(before, False)
    try:
        table = read_file(content)
    except UnableToRead as error:
        raise UnableToUpload(problem_text(error), "file") from error
    columns = columns_of(table, head_row(table, is_known_name))
    chosen = suggest(columns, words(), reads.remembered_columns(access))
    made = SheetUpload.objects.create(
        organisation_id=access.organisation_id, uploaded_at=at, uploaded_by=access.actor[:160], file_name=file_name[-200:] or "–",
        digest=digest, content=content, true_at=true_at, columns={str(place): name for place, name in chosen.items()},
    )  # fmt: skip
    _trail(access, at, "upload_sheet", made)
    return Kept(made, True)


def _same_file(access: Access, at: datetime, digest: str) -> SheetUpload | None:
    """The upload of the same file that is open still, or was confirmed without a remainder. One that expired makes place."""
    same = SheetUpload.objects.within(access).filter(digest=digest).exclude(status=SheetStatus.DROPPED).order_by("-id")
    for one in same:
        if one.status == SheetStatus.OPEN and reads.is_expired(one, at):
            one.status = SheetStatus.DROPPED
            one.save(update_fields=["status"])
        elif one.status == SheetStatus.OPEN or not one.left_count:
            return one
    return None


@transaction.atomic
def name_columns(*, access: Access, at: datetime, upload_id: int, columns: Mapping[int, str]) -> SheetUpload:
    """Say what the columns hold (place → field, "" for nothing), and remember it for the theatre's next file."""
    _need_theatre(access)
    one = _open(access, at, upload_id)
    table, head = reads.table_of(one)
    fields = {place: Field(name).value for place, name in columns.items() if name in set(Field)}
    if len(set(fields.values())) < len(fields):
        raise UnableToUpload(_("Two columns are said to hold the same. Choose one of them."), "columns")
    one.columns = {str(place): name for place, name in sorted(fields.items())}
    one.save(update_fields=["columns"])
    keys = {column.key: fields.get(column.place, "") for column in columns_of(table, head)}
    SheetColumns.objects.across_tenants("the row of the acting theatre is written").update_or_create(
        organisation_id=access.organisation_id,
        defaults={"fields": reads.remembered_columns(access) | keys, "changed_at": at},
    )
    _trail(access, at, "name_columns", one)
    return one


@transaction.atomic
def confirm_upload(*, access: Access, at: datetime, upload_id: int, stamp: str) -> Confirmed:
    """Write the rows that are good; those with something to correct are kept back, with what is wrong.

    ``stamp`` is that of the preview: when the figures changed since it was looked at, nothing is written and the refusal says
    so. Raises :class:`UnableToUpload` also when it was settled already, has expired, or the theatre was coupled meanwhile.
    """
    _need_theatre(access)
    tables.wait_for_turn(access.organisation_id)
    one = _open(access, at, upload_id)
    _refuse_coupled(access)
    preview = reads.preview(access, one)
    if preview.stamp != stamp or not preview.is_readable:
        raise UnableToUpload(_("The figures have changed since you looked. Look again before you confirm."))
    if not preview.good:
        raise UnableToUpload(_("No row can be confirmed as it is. Correct the rows that are named, and upload them again."))
    receipts = _write(access, at, one, preview.good)
    one.status, one.settled_at, one.settled_by = SheetStatus.CONFIRMED, at, access.actor[:160]
    one.changed_count = sum(line.outcome is Outcome.CHANGES for line in preview.good)
    one.same_count = len(preview.good) - one.changed_count
    one.left_count, one.left = len(preview.of(Outcome.WRONG)), reads.kept_back(preview.lines)
    one.deliveries = list(receipts)
    one.save()
    _trail(access, at, "confirm_sheet", one)
    return Confirmed(one.changed_count, one.same_count, one.left_count, receipts)


@transaction.atomic
def drop_upload(*, access: Access, at: datetime, upload_id: int) -> None:
    """Put an upload aside; the file stays in the history."""
    _need_theatre(access)
    one = SheetUpload.objects.within(access).select_for_update().get(pk=upload_id)
    if one.status != SheetStatus.OPEN:
        raise UnableToUpload(_("It is settled already."))
    one.status, one.settled_at, one.settled_by = SheetStatus.DROPPED, at, access.actor[:160]
    one.save(update_fields=["status", "settled_at", "settled_by"])
    _trail(access, at, "drop_sheet", one)


def _write(access: Access, at: datetime, one: SheetUpload, good: Sequence[Line]) -> tuple[int, ...]:
    """The receipts of the figures, one for each measure that is stated."""
    receipts = []
    for measure in Measure:
        rows = [
            PositionRow(line.known.number, line.stated[measure], one.true_at, line.known.production, line.row)
            for line in good
            if line.known is not None and measure in line.stated
        ]
        if rows:
            receipt = accept_positions(
                access=access, at=at, measure=measure, rows=rows, source=SPREADSHEET, couples=False, by_hand=True
            )
            receipts.append(receipt.delivery_id)
    return tuple(receipts)


def _need_theatre(access: Access) -> None:
    if not access.is_taker or not access.allows(Module.SALES, Level.MANAGE):
        raise AccessDenied("needs a theatre's right to manage sales")


def _refuse_coupled(access: Access) -> None:
    own = reads.houses(access)
    if not own:
        raise UnableToUpload(_("The platform knows no theatre of your organisation yet. Ask the platform to add it."))
    if all(house.is_coupled for house in own):
        names = ", ".join(house.name for house in own)
        told = _("%(names)s is coupled: its ticketing system states the figures, and a sheet would contradict it.")
        raise UnableToUpload(f"{told % {'names': names}} {_('Correct the figures in that system.')}")


def _open(access: Access, at: datetime, upload_id: int) -> SheetUpload:
    """The upload, locked, while something can be done with it. Raises DoesNotExist for strangers."""
    one: SheetUpload = SheetUpload.objects.within(access).select_for_update().get(pk=upload_id)
    if one.status != SheetStatus.OPEN:
        raise UnableToUpload(_("It is settled already. Upload a file with newer figures."))
    if reads.is_expired(one, at):
        raise UnableToUpload(_("Nobody confirmed it in time, and its figures are old by now. Upload a newer file."))
    return one


def _trail(access: Access, at: datetime, verb: str, one: SheetUpload) -> None:
    changes = {"rows": [None, [one.changed_count, one.same_count, one.left_count]]} if verb == "confirm_sheet" else {}
    write_line(access=access, at=at, verb=verb, subject="sheet", subject_id=one.pk, label=one.file_name, changes=changes)
