"""Files of tickets: read in memory, judged like any delivery, landed; the way they are read is kept per source.

The file itself is never kept, not for a minute and not encrypted: every step is given the file anew and forgets it. So nothing of it can
reach a disk before it is pseudonymous, and no key must be looked after. A file that landed is known by its digest.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from dip.registry.terms import Access
from dip.registry.trail import write_line
from dip.warehouse.actions.landing import Landed, UnableToLand, as_landed, examine, land, need_right
from dip.warehouse.models import FileMapping, LandedBatch, Removal, TicketSource
from dip.warehouse.rules.decoding import MOST_ROWS
from dip.warehouse.rules.files.columns import Layout
from dip.warehouse.rules.files.making import Made, Options, make_rows
from dip.warehouse.rules.landed import RemovalKind
from dip.web.tables.terms import Limits

#: What is read of one file: 20 MB, 60,000 rows.
LIMITS = Limits(bytes=20 * 2**20, rows=60_000, cells=2_000_000, unpacked=256 * 2**20, area=6_000_000)
#: The system of sources that have no ticketing system behind them but files.
SYSTEM = "file"


@dataclass(frozen=True, slots=True)
class TicketFile:
    """A file that was read: its digest (SHA-256 of its bytes), what its columns hold, and how. Held in memory only."""

    digest: str
    layout: Layout
    options: Options
    exported_at: datetime


def digest_of(content: bytes) -> str:
    """By which a file is known again."""
    return hashlib.sha256(content).hexdigest()


@transaction.atomic
def make_source(*, access: Access, at: datetime, name: str) -> TicketSource:
    """A source for files, by the name that the theatre gives it; the same name is the same source. Raises :class:`UnableToLand`."""
    need_right(access)
    clean = " ".join(name.split())[:80]
    if not clean:
        raise UnableToLand(_("Give the source a name, such as the name of the system that makes the files."), "name")
    rows = TicketSource.objects.within(access).filter(system=SYSTEM, account=clean.casefold()[:80])
    if (held := rows.first()) is not None:
        return held
    made = TicketSource.objects.create(
        organisation_id=access.organisation_id, system=SYSTEM, account=clean.casefold()[:80], name=clean, made_at=at
    )
    write_line(access=access, at=at, verb="create", subject="TicketSource", subject_id=made.pk, label=made.name)
    return made


def try_file(*, access: Access, at: datetime, source_id: int, file: TicketFile) -> tuple[Landed, Made]:
    """What would become of the file, and its rows; nothing is kept. Raises :class:`UnableToLand`."""
    source, made = _source(access, source_id), _made(file)
    return examine(access=access, at=at, source=source, body=made.body(), places=made.places), made


def land_file(*, access: Access, at: datetime, source_id: int, file: TicketFile) -> Landed:
    """Land the file and keep how it was read. The same file again, read in the same way, answers the same receipt: unless an exclusion
    was lifted since, whose tickets are then brought back. Raises :class:`UnableToLand`."""
    source = _source(access, source_id)
    if file.layout.missing:
        raise UnableToLand(_("Say of every needed column where it is."))
    mapping = save_mapping(access=access, at=at, source=source, file=file)
    delivery_id = f"file-{file.digest[:40]}-{mapping.version}-{_lifted(access)}"
    before = partial(LandedBatch.objects.within(access).filter(source=source, delivery_id=delivery_id).first)
    if (held := before()) is not None:
        return as_landed(held, is_repeat=True)
    made = _made(file)
    try:
        return land(access=access, at=at, source=source, delivery_id=delivery_id, body=made.body(), places=made.places)
    except UnableToLand as error:
        if error.is_conflict and (held := before()) is not None:  # sent twice at the same moment
            return as_landed(held, is_repeat=True)
        raise


@transaction.atomic
def save_mapping(*, access: Access, at: datetime, source: TicketSource, file: TicketFile) -> FileMapping:
    """Keep how files with these headings are read: the version that says so already, or a new one."""
    need_right(access)
    TicketSource.objects.within(access).select_for_update().get(pk=source.pk)
    rows = FileMapping.objects.within(access).filter(source=source)
    columns, options = file.layout.keys, file.options.as_dict()
    held = rows.filter(headings=file.layout.headings).order_by("-version").first()
    if held is not None and held.columns == columns and held.options == options:
        return held
    version = (rows.aggregate(newest=Max("version"))["newest"] or 0) + 1
    made = FileMapping.objects.create(
        source=source, version=version, headings=file.layout.headings, columns=columns, options=options, made_at=at,
        made_by=access.actor[:120],
    )  # fmt: skip
    fields = sorted(field for _head, field in columns)
    write_line(
        access=access, at=at, verb="map", subject="FileMapping", subject_id=made.pk, label=f"{source.name} {version}",
        changes={"columns": [None, ", ".join(fields)]},
    )  # fmt: skip
    return made


def _source(access: Access, source_id: int) -> TicketSource:
    need_right(access)
    found = TicketSource.objects.within(access).filter(pk=source_id).first()
    if found is None:
        raise UnableToLand(_("This is no source of your theatre."), "source")
    return found


def _made(file: TicketFile) -> Made:
    made = make_rows(file.layout, file.options, file.exported_at, MOST_ROWS)
    if len(made.rows) > MOST_ROWS:
        told = _("The file holds more than %(most)s tickets. Send it in parts, by month for example.")
        raise UnableToLand(told % {"most": MOST_ROWS}, is_large=True)
    if not made.rows:
        raise UnableToLand(_("There is nothing below the headings."))
    return made


def _lifted(access: Access) -> int:
    """Key of the newest exclusion of the theatre that was lifted; 0 for none."""
    rows = Removal.objects.within(access).filter(kind=RemovalKind.EXCLUDE.value).exclude(lifted_at=None)
    return rows.aggregate(newest=Max("pk"))["newest"] or 0
