"""Reads of the spreadsheet route: the theatre's houses, what is known of its performances, its uploads, and what one would change."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from dip.programme.models import Performance, Theatre
from dip.registry.terms import Access
from dip.ticketing.models import PerformanceSales, SheetColumns, SheetUpload
from dip.ticketing.rules.sheets.changes import Known, Line, Outcome, place_rows, stamp
from dip.ticketing.rules.sheets.fields import Field, can_be_read, is_known_name
from dip.ticketing.rules.sheets.findings import CellFinding, Code
from dip.ticketing.rules.sheets.rows import read_rows, references
from dip.ticketing.terms import SHEET_DAYS, Measure, SheetStatus, TicketKind
from dip.web.tables.columns import Column, columns_of, head_row
from dip.web.tables.reading import read_file
from dip.web.tables.terms import Note, Table

#: Uploads that the page lists.
UPLOADS = 50
_KINDS = [kind.value for kind in TicketKind]
_MEASURES = {
    Measure.TICKETS: "tickets_true_at",
    Measure.RESERVATIONS: "reserved_true_at",
    Measure.BLOCKED: "blocked_true_at",
    Measure.CAPACITY: "capacity_true_at",
}


@dataclass(frozen=True, slots=True)
class House:
    """A theatre of the organisation; a coupled one gets its figures from its ticketing system only."""

    id: int
    name: str
    city: str
    is_coupled: bool


@dataclass(frozen=True, slots=True)
class UploadRow:
    """An upload in the history. ``is_expired``: nobody confirmed it in time."""

    id: int
    uploaded_at: datetime
    uploaded_by: str
    file_name: str
    true_at: datetime
    status: SheetStatus
    settled_at: datetime | None
    settled_by: str
    changed: int
    same: int
    left: int
    deliveries: tuple[int, ...]
    is_expired: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What confirming an upload would do. ``stamp`` marks exactly this."""

    table: Table
    head: int | None
    columns: tuple[tuple[Column, str], ...]
    is_readable: bool
    lines: tuple[Line, ...]
    stamp: str

    @property
    def notes(self) -> tuple[Note, ...]:
        """Remarks of the reader."""
        return self.table.notes

    def of(self, outcome: Outcome) -> list[Line]:
        """The rows with this outcome."""
        return [line for line in self.lines if line.outcome is outcome]

    @property
    def good(self) -> list[Line]:
        """Rows that confirming takes: those that change something, and those that say the same still holds."""
        return [line for line in self.lines if line.outcome in (Outcome.CHANGES, Outcome.SAME) and line.stated]


def houses(access: Access) -> list[House]:
    """The organisation's theatres by name; none unless it acts as a theatre. One query."""
    if not access.is_taker:
        return []
    own = Theatre.objects.filter(organisation_id=access.organisation_id, merged_into=None).order_by("name", "id")
    return [House(*values) for values in own.values_list("id", "name", "city", "is_coupled")]


def sheet_performances(access: Access, since: date, until: date | None) -> list[Known]:
    """Published performances, not cancelled, in the organisation's theatres without a coupling, from ``since`` to before ``until``
    (local dates), by date. Two queries."""
    where = Q(performance_date__gte=since, cancelled_at=None, theatre__is_coupled=False)
    if until is not None:
        where &= Q(performance_date__lt=until)
    return _known(access, where)


def known_of(access: Access, numbers: Collection[int], days: Collection[date]) -> list[Known]:
    """What is known of performances by number, and of all on these days. Two queries."""
    if not numbers and not days:
        return []
    return _known(access, Q(pk__in=list(numbers)) | Q(performance_date__in=list(days)))


def _known(access: Access, where: Q) -> list[Known]:
    if not access.is_taker:
        return []
    own = Q(theatre__organisation_id=access.organisation_id, published_at__isnull=False)
    rows = list(
        Performance.objects.filter(own & where)
        .order_by("starts_at", "number")
        .values_list(
            "number", "production__dip_id", "production__title", "production__producer__name", "theatre__name", "hall__name",
            "theatre__time_zone", "starts_at", "theatre__is_coupled", "cancelled_at", "capacity", "capacity_by_rank",
        )
    )  # fmt: skip
    states = {one["performance_id"]: one for one in PerformanceSales.objects.within(access).filter(performance_id__in=[row[0] for row in rows]).values()}  # fmt: skip
    return [_one(row, states.get(row[0])) for row in rows]


def _one(row: tuple, state: dict | None) -> Known:  # type: ignore[type-arg]  # columns as listed above
    number, production, title, producer, theatre, hall, zone, starts_at, is_coupled, cancelled_at, capacity, ranks = row
    figures = {Field.CAPACITY: capacity}
    tickets, values, true_at = None, {}, {}
    if state is not None:
        true_at = {measure: state[column] for measure, column in _MEASURES.items() if state[column] is not None}
        if Measure.TICKETS in true_at:
            tickets = tuple(state[f"{kind}_tickets"] for kind in _KINDS) + tuple(state[f"{kind}_cents"] for kind in _KINDS)
            figures |= {Field(kind): state[f"{kind}_tickets"] for kind in _KINDS}
            figures |= {Field(f"{kind}_recette"): state[f"{kind}_cents"] for kind in _KINDS}
        for measure, one, seats in (
            (Measure.RESERVATIONS, Field.RESERVED, "reserved"),
            (Measure.BLOCKED, Field.BLOCKED, "blocked"),
        ):
            if measure in true_at:
                figures[one], values[measure] = state[seats], state[f"{seats}_cents"]
        if Measure.CAPACITY in true_at:
            figures[Field.CAPACITY], ranks = state["capacity"], state["capacity_by_rank"]
    return Known(
        number=number, production=production, title=title, producer=producer, theatre=theatre, hall=hall,
        starts=starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None), is_coupled=is_coupled,
        is_cancelled=cancelled_at is not None, ranks=tuple(ranks or ()), figures=figures, tickets=tickets, values=values,
        true_at=true_at, source=state["source"] if state else "",
    )  # fmt: skip


def remembered_columns(access: Access) -> dict[str, str]:
    """What the theatre chose before for columns of its own files: folded head or place → field. One query."""
    found = SheetColumns.objects.within(access).values_list("fields", flat=True).first()
    return dict(found or {})


def uploads(access: Access, at: datetime) -> list[UploadRow]:
    """The theatre's uploads, newest first. One query, without the files themselves."""
    found = SheetUpload.objects.within(access).defer("content", "left").order_by("-uploaded_at", "-id")
    return [upload_row(one, at) for one in found[:UPLOADS]]


def upload(access: Access, upload_id: int) -> SheetUpload:
    """One upload with its file. Raises ``SheetUpload.DoesNotExist`` for strangers to it, as when there is none."""
    return SheetUpload.objects.within(access).get(pk=upload_id)


def upload_row(one: SheetUpload, at: datetime) -> UploadRow:
    """An upload as pages show it."""
    status = SheetStatus(one.status)
    return UploadRow(
        id=one.pk, uploaded_at=one.uploaded_at, uploaded_by=one.uploaded_by, file_name=one.file_name, true_at=one.true_at,
        status=status, settled_at=one.settled_at, settled_by=one.settled_by, changed=one.changed_count, same=one.same_count,
        left=one.left_count, deliveries=tuple(one.deliveries), is_expired=status is SheetStatus.OPEN and is_expired(one, at),
    )  # fmt: skip


def is_expired(one: SheetUpload, at: datetime) -> bool:
    """Whether too many days have passed to confirm it."""
    return one.uploaded_at + timedelta(days=SHEET_DAYS) < at


def findings_left(one: SheetUpload) -> list[CellFinding]:
    """What was wrong with the rows that were kept back when the rest was confirmed."""
    return [
        CellFinding(left["row"], Field(left["field"]) if left["field"] else None, Code(left["code"]), left["values"])
        for left in one.left
    ]


def table_of(one: SheetUpload) -> tuple[Table, int | None]:
    """The file's table and the place of its head row. Raises :class:`dip.web.tables.terms.UnableToRead` as when it came."""
    table = read_file(bytes(one.content))
    return table, head_row(table, is_known_name)


def preview(access: Access, one: SheetUpload) -> Preview:
    """What confirming the upload would do now. Two queries, whatever its length."""
    table, head = table_of(one)
    chosen = {int(place): Field(name) for place, name in one.columns.items()}
    columns = tuple((column, one.columns.get(str(column.place), "")) for column in columns_of(table, head))
    if not can_be_read(chosen.values()):
        return Preview(table, head, columns, False, (), "")
    rows = read_rows(table, chosen, head)
    lines = place_rows(rows, known_of(access, *references(rows)), one.true_at)
    return Preview(table, head, columns, True, tuple(lines), stamp(lines, one.true_at))


def kept_back(lines: Iterable[Line]) -> list[dict[str, object]]:
    """The findings that keep rows back, as an upload keeps them."""
    return [
        {
            "row": finding.row,
            "field": finding.field.value if finding.field else "",
            "code": finding.code.value,
            "values": finding.values,
        }
        for line in lines
        if line.outcome is Outcome.WRONG
        for finding in line.findings
        if finding.rejects
    ]
