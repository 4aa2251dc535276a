"""Tour sheets: kept as they came, their columns named, their rows corrected, and imported as concepts."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dip.programme.actions.entitlement import need_editing, need_entering
from dip.programme.actions.performances import add_performances
from dip.programme.actions.productions import create_production
from dip.programme.models import Production
from dip.programme.models.tour import TourColumns, TourSheet
from dip.programme.queries import tour as reads
from dip.programme.queries.tour_venues import hall_of
from dip.programme.rules.tour.fields import EDITABLE, TourField, is_known_name
from dip.programme.terms import ProductionEntry
from dip.registry.terms import Access, Refusal
from dip.registry.trail import write_line
from dip.web.tables.columns import head_row
from dip.web.tables.reading import read_file, read_pasted
from dip.web.tables.terms import Table, UnableToRead, as_text
from dip.web.tables.words import problem_text

#: Rows of one tour; the longest that is known has 93.
MOST_ROWS = 1_000
_LONGEST_TEXT = 200


class UnableToImport(Refusal):
    """A tour cannot be taken, or not imported, as it is. Nothing was entered."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What was entered: the production, the numbers of its new concepts, and how many rows wait to be corrected."""

    production: Production
    numbers: tuple[int, ...]
    left: int


@transaction.atomic
def keep_tour(*, access: Access, at: datetime, production: Production | None, content: bytes | str, name: str = "") -> TourSheet:
    """Keep a tour that was uploaded (bytes) or pasted (text); nothing is entered yet. The same tour, still open, is kept once.

    ``production`` None: it is made with the import. Raises :class:`UnableToImport` for what is no table.
    """
    _need_right(access, production)
    try:
        table = read_pasted(content) if isinstance(content, str) else read_file(content)
    except UnableToRead as error:
        raise UnableToImport(problem_text(error), "pasted" if isinstance(content, str) else "file") from error
    if len(table.rows) > MOST_ROWS:
        raise UnableToImport(_("It has more than %(most)s rows. Send the tour in parts.") % {"most": MOST_ROWS}, "file")
    rows = _as_texts(table)
    digest = hashlib.sha256(repr(rows).encode()).hexdigest()
    same = TourSheet.objects.within(access).filter(digest=digest, production=production, settled_at=None).first()
    if same is not None:
        return same
    head = head_row(table, is_known_name)
    made: TourSheet = TourSheet.objects.create(
        organisation_id=access.organisation_id, production=production, created_at=at, created_by=access.actor[:160], name=name[-200:],
        digest=digest, rows=rows, head=head, columns={str(p): f for p, f in sorted(reads.columns_for(access, rows, head).items())},
    )  # fmt: skip
    _trail(access, at, "keep_tour", made)
    return made


def _as_texts(table: Table) -> list[list[str]]:
    return [[as_text(cell)[:_LONGEST_TEXT] for cell in row] for row in table.rows]


@transaction.atomic
def name_tour_columns(
    *, access: Access, at: datetime, sheet_id: int, columns: Mapping[int, str], has_head: bool = True
) -> TourSheet:
    """Say what the columns hold (place → field, "" for nothing), and remember it for the provider's next sheet."""
    sheet = _open(access, sheet_id)
    fields = {place: TourField(name).value for place, name in columns.items() if name in set(TourField)}
    if len(set(fields.values())) < len(fields):
        raise UnableToImport(_("Two columns are said to hold the same. Choose one of them."), "columns")
    if not has_head:
        sheet.head = None
    sheet.columns = {str(place): name for place, name in sorted(fields.items())}
    sheet.save(update_fields=["columns", "head"])
    shown = reads.tour_preview(access, sheet, at).columns
    known, halls = reads.remembered_tour(access)
    _remember(access, at, known | {column.key: fields.get(column.place, "") for column, _field in shown}, halls)
    return sheet


@transaction.atomic
def correct_tour(
    *,
    access: Access,
    at: datetime,
    sheet_id: int,
    edits: Mapping[int, Mapping[TourField, str]],
    halls: Mapping[str, int],
    left_out: Sequence[int] = (),
    taken_in: Sequence[int] = (),
) -> TourSheet:
    """Keep corrections: texts by row and field, halls by the place they are written as, rows left out and taken in again.

    A chosen hall is remembered for the provider's next sheets. What is wrong in a correction shows in the next preview.
    """
    sheet = _open(access, sheet_id)
    for row, texts in edits.items():
        if 1 <= row <= len(sheet.rows):
            told = {field.value: text.strip()[:_LONGEST_TEXT] for field, text in texts.items() if field in EDITABLE}
            sheet.edits[str(row)] = sheet.edits.get(str(row), {}) | told
    chosen = {key[:600]: hall_id for key, hall_id in halls.items() if hall_of(access, hall_id) is not None}
    sheet.halls = sheet.halls | chosen
    rows = range(1, len(sheet.rows) + 1)
    sheet.left_out = sorted((set(sheet.left_out) | {row for row in left_out if row in rows}) - set(taken_in))
    sheet.save(update_fields=["edits", "halls", "left_out"])
    if chosen:
        fields, known = reads.remembered_tour(access)
        _remember(access, at, fields, known | chosen)
    return sheet


@transaction.atomic
def import_tour(*, access: Access, at: datetime, sheet_id: int, stamp: str, entry: ProductionEntry | None = None) -> Imported:
    """Enter every row that is ready as a concept; the others stay in the sheet. ``entry`` makes the production where there is none.

    A repeat enters nothing: what stands in the production is recognised by hall and moment, or by its reference. Raises
    :class:`UnableToImport` when the rows changed since they were looked at (``stamp``), or none is ready; ``UnableToEnter`` with
    findings for a production that cannot be made.
    """
    sheet = _open(access, sheet_id)
    if sheet.production_id:
        Production.objects.select_for_update().get(pk=sheet.production_id)  # two people importing one tour wait for each other
    preview = reads.tour_preview(access, sheet, at)
    ready = preview.of(reads.TourOutcome.READY)
    if preview.stamp != stamp:
        raise UnableToImport(_("The rows have changed since you looked. Look again before you import."))
    if not ready:
        raise UnableToImport(_("No row is ready. Correct one, or choose its hall."))
    if sheet.production is None:
        if entry is None:
            raise UnableToImport(_("Say of which production this is the tour."))
        sheet.production = create_production(access=access, at=at, entry=entry)
    made = add_performances(
        access=access, at=at, production=sheet.production, entries=[line.entry for line in ready if line.entry is not None]
    )
    left = len(preview.of(reads.TourOutcome.WRONG))
    sheet.imported_count += len(made)
    sheet.settled_at = None if left else at
    sheet.save(update_fields=["production", "imported_count", "settled_at"])
    _trail(access, at, "import_tour", sheet, len(made))
    return Imported(sheet.production, tuple(performance.number for performance in made), left)


@transaction.atomic
def drop_tour(*, access: Access, at: datetime, sheet_id: int) -> None:
    """Put a sheet aside; what was imported stays."""
    sheet = _open(access, sheet_id)
    sheet.settled_at = at
    sheet.save(update_fields=["settled_at"])
    _trail(access, at, "drop_tour", sheet)


def _need_right(access: Access, production: Production | None) -> None:
    need_entering(access)
    if production is not None:
        need_editing(access, production)


def _open(access: Access, sheet_id: int) -> TourSheet:
    """The sheet, locked, while it can be worked on. Raises DoesNotExist for strangers."""
    need_entering(access)
    TourSheet.objects.within(access).select_for_update().get(pk=sheet_id)
    sheet = reads.tour_sheet(access, sheet_id)
    _need_right(access, sheet.production)
    if sheet.settled_at is not None:
        raise UnableToImport(_("This sheet is finished. Paste or upload the tour again for what came since."))
    return sheet


def _remember(access: Access, at: datetime, fields: Mapping[str, str], halls: Mapping[str, int]) -> None:
    TourColumns.objects.across_tenants("the row of the acting provider is written").update_or_create(
        organisation_id=access.organisation_id, defaults={"fields": dict(fields), "halls": dict(halls), "changed_at": at}
    )


def _trail(access: Access, at: datetime, verb: str, sheet: TourSheet, count: int = 0) -> None:
    label = sheet.production.title if sheet.production else sheet.name
    changes = {"performances": [None, count]} if count else {}
    write_line(access=access, at=at, verb=verb, subject="tour", subject_id=sheet.pk, label=label, changes=changes)
