"""How the files of a source are read, as it was said before."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dip.registry.terms import Access
from dip.warehouse.models import FileMapping
from dip.warehouse.rules.files.making import Options


@dataclass(frozen=True, slots=True)
class MappingRow:
    """One version of a mapping: [heading, field] of what is read."""

    version: int
    headings: str
    columns: tuple[tuple[str, str], ...]
    options: Options
    made_at: datetime
    made_by: str


def mappings(access: Access, source_id: int) -> list[MappingRow]:
    """Every version of a source of the theatre, newest first. One query."""
    return [_row(one) for one in FileMapping.objects.within(access).filter(source_id=source_id).order_by("-version")]


def mapping_of(access: Access, source_id: int, headings: str) -> MappingRow | None:
    """The newest version for a file with these headings (their digest); None when such a file never came. One query."""
    rows = FileMapping.objects.within(access).filter(source_id=source_id, headings=headings)
    found = rows.order_by("-version").first()
    return _row(found) if found else None


def newest_mapping(access: Access, source_id: int) -> MappingRow | None:
    """The newest version of a source, whatever its headings. One query."""
    found = FileMapping.objects.within(access).filter(source_id=source_id).order_by("-version").first()
    return _row(found) if found else None


def _row(one: FileMapping) -> MappingRow:
    given: dict[str, Any] = dict(one.options)
    columns = tuple((str(head), str(field)) for head, field in one.columns)
    return MappingRow(one.version, one.headings, columns, Options(**given), one.made_at, one.made_by)
