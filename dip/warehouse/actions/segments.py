"""Loading, replacing and removing a licensee's table of segments."""

import hashlib
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext as _

from dip.definitions.queries import geo, threshold
from dip.kernel import clock
from dip.kernel.periods import season_year
from dip.registry.terms import Access, AccessDenied, Door, Level, Module, Refusal
from dip.registry.trail import write_line
from dip.warehouse.models import SegmentTable
from dip.warehouse.rules.segment_tables import LIMITS, Finding, SegmentRead, guarded, read_segments, rows_of
from dip.web.tables.reading import read_file
from dip.web.tables.terms import UnableToRead
from dip.web.tables.words import problem_text

_LOCK = 0x44_4950_53
#: Segments that a table needs at least: with one alone nothing is told apart.
LEAST = 2


class UnableToLoad(Refusal):
    """The table is not loaded. ``findings``: what was found in it."""

    def __init__(self, message: str, field: str | None = None, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(message, field)
        self.findings = findings


class Loaded(NamedTuple):
    """What became of a table. ``is_repeat``: it was in force already, and nothing changed."""

    table_id: int
    segments: int
    kept: int
    total: int
    findings: tuple[Finding, ...]
    is_repeat: bool


def may_load(access: Access) -> bool:
    """Whether these people may load and remove a table."""
    return access.allows(Module.AUDIENCE, Level.MANAGE) and access.door is not Door.SHARED and not access.is_platform


def load_table(*, access: Access, at: datetime, name: str, version: str, licence: str, content: bytes) -> Loaded:
    """Put a table (CSV or workbook: postcode, segment, households) in force, in the place of the one before. Raises :class:`UnableToLoad`.

    The same table again changes nothing. PC6 are brought to PC4 before anything is written. A season takes a limited number of tables.
    """
    _need(access)
    name, version, licence = (" ".join(text.split()) for text in (name, version, licence))
    for field, text in (("name", name), ("version", version), ("licence", licence)):
        if not text:
            raise UnableToLoad(_("Fill this in."), field)
    read = _read(content)
    with transaction.atomic():
        _alone(access)
        held = _in_force(access)
        if held and held.digest == read.digest and (held.name, held.version) == (name, version):
            return Loaded(held.pk, len(held.names), held.kept_count, held.row_count, read.findings, True)
        _need_turn(access, at)
        if held:
            _end(held, at)
        made = _keep(access, at, read, name=name, version=version, licence=licence, content=content)
        label = f"{made.name} {made.version}"
        changes = {"segments": [len(held.names) if held else 0, len(made.names)]}
        write_line(
            access=access, at=at, verb="load_segments", subject="SegmentTable", subject_id=made.pk, label=label, changes=changes
        )
    return Loaded(made.pk, len(made.names), made.kept_count, made.row_count, read.findings, False)


@transaction.atomic
def remove_table(*, access: Access, at: datetime) -> bool:
    """Take the table out of force and forget what it said; whether there was one."""
    _need(access)
    _alone(access)
    held = _in_force(access)
    if held is None:
        return False
    _end(held, at)
    label = f"{held.name} {held.version}"
    write_line(access=access, at=at, verb="remove_segments", subject="SegmentTable", subject_id=held.pk, label=label)
    return True


def _need(access: Access) -> None:
    if not may_load(access):
        raise AccessDenied("needs the right to manage the audience module")


def _read(content: bytes) -> SegmentRead:
    try:
        rows = rows_of(read_file(content, LIMITS))
    except UnableToRead as error:
        raise UnableToLoad(problem_text(error, LIMITS), "file") from error
    if rows is None:
        raise UnableToLoad(
            _("There is no column with postcodes, or none with segments. Name them “postcode” and “segment”."), "file"
        )
    columns = geo.arrays()
    people = dict(zip(columns.pc4.tolist(), columns.inhabitants.tolist(), strict=True))
    least_areas, least_people = int(threshold("segment_postcodes_min")), int(threshold("segment_inhabitants_min"))
    read = guarded(read_segments(rows), people, least_areas, least_people)
    if len(read.names) < LEAST:
        told = _("Fewer than two segments are left. Each must cover at least %(areas)s postcode areas and %(people)s inhabitants.")
        raise UnableToLoad(told % {"areas": least_areas, "people": least_people}, "file", read.findings)
    return read


def _alone(access: Access) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, access.organisation_id])


def _in_force(access: Access) -> SegmentTable | None:
    found: SegmentTable | None = SegmentTable.objects.within(access).filter(ended_at=None).first()
    return found


def _need_turn(access: Access, at: datetime) -> None:
    """Tables that were removed count too, or they could be changed in turns and subtracted from each other."""
    season, most = season_year(clock.local(at).date()), int(threshold("segment_tables_max"))
    if SegmentTable.objects.within(access).filter(season_year=season).count() >= most:
        told = _("You have loaded %(most)s tables this season, and that is the most. The next one can be loaded in the new season.")
        raise UnableToLoad(told % {"most": most}, "file")


def _end(held: SegmentTable, at: datetime) -> None:
    held.ended_at, held.pc4, held.segment, held.share = at, [], [], []
    held.save(update_fields=["ended_at", "pc4", "segment", "share"])


def _keep(
    access: Access, at: datetime, read: SegmentRead, *, name: str, version: str, licence: str, content: bytes
) -> SegmentTable:
    return SegmentTable.objects.create(
        organisation_id=access.organisation_id, name=name[:80], version=version[:40], licence=licence[:400], digest=read.digest,
        file_digest=hashlib.sha256(content).hexdigest(), names=list(read.names), pc4=read.shares.pc4.tolist(),
        segment=read.shares.segment.tolist(), share=read.shares.share.tolist(), row_count=read.row_count, kept_count=read.kept_count,
        findings=[[one.row, one.field, one.value, one.problem.value] for one in read.findings], finding_count=read.finding_count,
        season_year=season_year(clock.local(at).date()), loaded_at=at, loaded_by=access.actor[:120],
    )  # fmt: skip
