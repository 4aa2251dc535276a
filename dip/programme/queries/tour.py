"""Reads of tour sheets: those of a provider, and what one would bring into its production."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from zoneinfo import ZoneInfo

from dip.kernel.clock import from_local, local
from dip.kernel.periods import season_period, season_year
from dip.programme.models import Performance, Production, Theatre
from dip.programme.models.tour import TourColumns, TourSheet
from dip.programme.queries.search import HallOption
from dip.programme.queries.tour_venues import VenueMatch, known_words, match_venues
from dip.programme.rules.checks import CLEARANCE, clash
from dip.programme.rules.tour.fields import TourField, can_be_read, suggest_by_content, words
from dip.programme.rules.tour.findings import TourCode, TourFinding
from dip.programme.rules.tour.rows import Texts, TourRow, read_tour, texts_of
from dip.programme.terms import PerformanceEntry, PerformanceStatus
from dip.registry.terms import Access
from dip.web.tables.columns import Column, columns_of, suggest
from dip.web.tables.days import read_day
from dip.web.tables.terms import Source, Table

#: Open sheets that the page lists.
SHEETS = 20


class TourOutcome(StrEnum):
    """What becomes of a row."""

    WRONG = "wrong"
    READY = "ready"
    THERE = "there"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class TourLine:
    """One row: its texts as they count, the hall it means, and what it would become. ``number``: the performance that is there already."""

    row: TourRow
    match: VenueMatch | None
    outcome: TourOutcome
    entry: PerformanceEntry | None
    findings: tuple[TourFinding, ...]
    number: int | None = None

    @property
    def hall(self) -> HallOption | None:
        """Where it plays, when that is known."""
        return self.match.hall if self.match else None

    @property
    def problems(self) -> list[TourFinding]:
        """What keeps it back."""
        return [finding for finding in self.findings if finding.rejects]

    @property
    def warnings(self) -> list[TourFinding]:
        """What does not."""
        return [finding for finding in self.findings if not finding.rejects]


@dataclass(frozen=True, slots=True)
class TourPreview:
    """What importing would do. ``stamp`` marks exactly this; ``open_venues``: places to choose a hall for, with their number of rows."""

    columns: tuple[tuple[Column, str], ...]
    is_readable: bool
    season_year: int
    title: str
    lines: tuple[TourLine, ...]
    open_venues: tuple[tuple[VenueMatch, int], ...]
    stamp: str

    def of(self, outcome: TourOutcome) -> list[TourLine]:
        """The rows with this outcome."""
        return [line for line in self.lines if line.outcome is outcome]


@dataclass(frozen=True, slots=True)
class TourSheetRow:
    """A sheet that is not finished."""

    id: int
    name: str
    created_at: datetime
    created_by: str
    row_count: int
    imported: int
    title: str
    dip_id: str


def remembered_tour(access: Access) -> tuple[dict[str, str], dict[str, int]]:
    """What the provider chose before: fields of columns, and halls of places. One query."""
    found = TourColumns.objects.within(access).values_list("fields", "halls").first()
    return (dict(found[0]), dict(found[1])) if found else ({}, {})


def open_tours(access: Access) -> list[TourSheetRow]:
    """The provider's sheets that are not finished, newest first. One query."""
    found = TourSheet.objects.within(access).filter(settled_at=None).order_by("-created_at")[:SHEETS]
    columns = ("id", "name", "created_at", "created_by", "rows", "imported_count", "production__title", "production__dip_id")
    return [
        TourSheetRow(pk, name, at, by, len(rows), imported, title or "", dip_id or "")
        for pk, name, at, by, rows, imported, title, dip_id in found.values_list(*columns)
    ]


def tour_sheet(access: Access, sheet_id: int) -> TourSheet:
    """One sheet with its production. Raises ``TourSheet.DoesNotExist`` for strangers to it, as when there is none."""
    return TourSheet.objects.within(access).select_related("production__producer", "production__agency").get(pk=sheet_id)


def columns_for(access: Access, rows: Sequence[Sequence[str]], head: int | None) -> dict[int, str]:
    """Place → field, from what was chosen before, from heads, and from what is in the columns. Two queries at most."""
    columns = _columns(rows, head)
    remembered, _halls = remembered_tour(access)
    chosen = suggest(columns, words(), remembered)
    theatres, towns = known_words(access)
    first = 0 if head is None else head + 1
    contents = {
        column.place: [row[column.place] for row in rows[first : first + 60] if row[column.place]]
        for column in columns
        if column.key not in remembered
    }
    return suggest_by_content(contents, chosen, theatres, towns)


def _columns(rows: Sequence[Sequence[str]], head: int | None) -> list[Column]:
    table = Table(tuple(tuple(cell or None for cell in row) for row in rows), Source.PASTED)
    return columns_of(table, head)


def tour_preview(access: Access, sheet: TourSheet, at: datetime) -> TourPreview:
    """What importing the sheet would do now. Eight queries at most, whatever its length."""
    chosen = {int(place): TourField(name) for place, name in sheet.columns.items()}
    columns = tuple((column, sheet.columns.get(str(column.place), "")) for column in _columns(sheet.rows, sheet.head))
    texts = texts_of(sheet.rows, chosen, sheet.head, _edits(sheet))
    season = sheet.production.season_year if sheet.production else _season(texts, at)
    if not can_be_read(chosen.values()):
        return TourPreview(columns, False, season, _title(sheet, texts), (), (), "")
    rows = read_tour(texts, season, sheet.production.title if sheet.production else "")
    matches = match_venues(access, [row.wanted for row in rows if row.wanted], remembered_tour(access)[1] | sheet.halls)
    lines = tuple(_place(rows, matches, sheet, season, at))
    open_places = Counter(line.row.wanted.key for line in lines if line.row.wanted and line.hall is None and line.outcome is TourOutcome.WRONG)  # fmt: skip
    venues = tuple((matches[key], count) for key, count in open_places.items())
    return TourPreview(columns, True, season, _title(sheet, texts), lines, venues, _stamp(lines))


def _edits(sheet: TourSheet) -> dict[int, Texts]:
    return {int(row): {TourField(name): text for name, text in edit.items()} for row, edit in sheet.edits.items()}


def _title(sheet: TourSheet, texts: Mapping[int, Texts]) -> str:
    if sheet.production:
        return sheet.production.title
    told = Counter(one[TourField.TITLE] for one in texts.values() if one.get(TourField.TITLE))
    return told.most_common(1)[0][0] if told else ""


def _season(texts: Mapping[int, Texts], at: datetime) -> int:
    """The season of most of the dates that have a year; the one now when none has."""
    told = Counter(season_year(day) for one in texts.values() if (day := read_day(one.get(TourField.DATE) or None).day))
    return told.most_common(1)[0][0] if told else season_year(local(at).date())


def _place(
    rows: Iterable[TourRow], matches: Mapping[str, VenueMatch], sheet: TourSheet, season: int, at: datetime
) -> Iterable[TourLine]:
    """Every row as a line: repeats within the sheet, and what stands in the production already, told apart."""
    placed = [(row, matches[row.wanted.key] if row.wanted else None) for row in rows]
    zones = _zones(match.hall.theatre_id for _, match in placed if match and match.hall)
    starts = {row.row: _start(row, match, zones) for row, match in placed}
    there, by_reference = _there(sheet.production)
    taken = _taken(placed, starts, sheet.production)
    seen: dict[tuple[int, datetime], int] = {}
    references: dict[str, int] = {}
    for row, match in placed:
        if row.row in sheet.left_out:
            yield TourLine(row, match, TourOutcome.LEFT_OUT, None, ())
            continue
        _check_venue(row, match)
        start, hall = starts[row.row], match.hall if match else None
        known = by_reference.get(row.reference) if row.reference else None
        if start is not None and hall is not None:
            known = known or there.get((hall.hall_id, start))
            _check_repeat(row, (hall.hall_id, start), seen, references)
            _remark(row, hall, start, season, at, taken)
        if known is not None:
            yield TourLine(row, match, TourOutcome.THERE, None, (), known)
        elif row.is_wrong or hall is None or start is None:
            yield TourLine(row, match, TourOutcome.WRONG, None, tuple(row.findings))
        else:
            yield TourLine(row, match, TourOutcome.READY, _entry(row, hall), tuple(row.findings))


def _zones(theatre_ids: Iterable[int]) -> dict[int, ZoneInfo]:
    return {pk: ZoneInfo(zone) for pk, zone in Theatre.objects.filter(pk__in=set(theatre_ids)).values_list("pk", "time_zone")}


def _start(row: TourRow, match: VenueMatch | None, zones: Mapping[int, ZoneInfo]) -> datetime | None:
    if match is None or match.hall is None or row.starts_at is None:
        return None
    return from_local(row.starts_at, zones[match.hall.theatre_id])


def _there(production: Production | None) -> tuple[dict[tuple[int, datetime], int], dict[str, int]]:
    """Numbers of the performances that stand in the production, by hall and moment, and by the provider's reference. One query."""
    if production is None:
        return {}, {}
    rows = Performance.objects.filter(production=production).values_list("hall_id", "starts_at", "number", "external_ref", "status")
    places = {(hall, start): number for hall, start, number, _, status in rows if status != PerformanceStatus.CANCELLED}
    return places, {ref: number for _, _, number, ref, _ in rows if ref}


def _taken(
    placed: Iterable[tuple[TourRow, VenueMatch | None]], starts: Mapping[int, datetime | None], production: Production | None
) -> dict[int, list[datetime]]:
    """When other productions play in the halls of the sheet around its moments, by hall. One query."""
    halls = {match.hall.hall_id for _, match in placed if match and match.hall}
    moments = [start for start in starts.values() if start]
    found: dict[int, list[datetime]] = defaultdict(list)
    if not halls or not moments:
        return found
    near = Performance.objects.filter(
        hall_id__in=halls, starts_at__gt=min(moments) - CLEARANCE, starts_at__lt=max(moments) + CLEARANCE
    )
    if production is not None:
        near = near.exclude(production=production)
    for hall_id, start in near.exclude(status=PerformanceStatus.CANCELLED).values_list("hall_id", "starts_at"):
        found[hall_id].append(start)
    return found


def _check_venue(row: TourRow, match: VenueMatch | None) -> None:
    if match is not None and match.hall is None:
        code = TourCode.VENUE_UNSURE if match.offers else TourCode.VENUE_UNKNOWN
        row.find(TourField.THEATRE, code, match.wanted.text)


def _check_repeat(
    row: TourRow, place: tuple[int, datetime], seen: dict[tuple[int, datetime], int], references: dict[str, int]
) -> None:
    if (first := seen.setdefault(place, row.row)) != row.row:
        row.find(None, TourCode.TWICE, str(first))
    if row.reference and (first := references.setdefault(row.reference, row.row)) != row.row:
        row.find(TourField.REFERENCE, TourCode.REFERENCE_TWICE, str(first))


def _remark(
    row: TourRow, hall: HallOption, start: datetime, season: int, at: datetime, taken: Mapping[int, list[datetime]]
) -> None:
    period = season_period(season)
    day: date = row.day or period.start
    if not period.start <= day < period.end:
        row.find(TourField.DATE, TourCode.OTHER_SEASON, f"{day:%d-%m-%Y}")
    if start < at:
        row.find(TourField.DATE, TourCode.IN_PAST)
    if row.ranks and hall.capacity and sum(row.ranks) > hall.capacity:
        row.find(TourField.SEATS, TourCode.MORE_SEATS, f"{sum(row.ranks)} > {hall.capacity}")
    if clash(start, taken.get(hall.hall_id, ())):
        row.find(None, TourCode.HALL_TAKEN)


def _entry(row: TourRow, hall: HallOption) -> PerformanceEntry:
    assert row.starts_at is not None
    return PerformanceEntry(
        starts_at=row.starts_at, theatre_id=hall.theatre_id, hall_id=hall.hall_id, kind=row.kind, is_private=row.is_private,
        in_festival=row.in_festival or hall.is_festival, is_other_location=hall.is_elsewhere, fund_feature=row.feature,
        capacity_by_rank=row.ranks, external_ref=row.reference,
    )  # fmt: skip


def _stamp(lines: Iterable[TourLine]) -> str:
    """A mark of the rows that would be entered, and as what."""
    told = [(line.row.row, line.entry) for line in lines if line.outcome is TourOutcome.READY]
    return sha256(repr(told).encode()).hexdigest()[:24]
