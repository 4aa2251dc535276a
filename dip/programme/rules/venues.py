"""What is lacking of a theatre, and what a sheet of venue data changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dip.programme.terms import Finding, FindingCode, VenueKind


class Lack(StrEnum):
    """What a theatre in use should have and has not."""

    ORGANISATION = "organisation"
    POSTCODE = "postcode"
    PROVINCE = "province"
    HALLS = "halls"
    CAPACITY = "capacity"
    CONTACT = "contact"


class VenueSort(StrEnum):
    """By what the list of venues is ordered."""

    CITY = "city"
    NAME = "name"
    SEATS = "seats"
    HALLS = "halls"
    LAST = "last"


#: Columns of the sheet that can be changed in it, by the field of the theatre.
SHEET_FIELDS = ("name", "street", "house_number", "postcode", "city", "province", "kind", "contact_email", "do_not_use")
_NEEDED = {"name": FindingCode.NAME_MISSING, "city": FindingCode.CITY_MISSING}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a sheet that is about a theatre: its id (as written), and the cells of the columns that it has, as text."""

    row: int
    key: str
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What stands of a theatre, in the form of the sheet: province by id ("" for none), ``do_not_use`` as yes or ""."""

    id: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that changes a theatre."""

    theatre_id: int
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Words:
    """How people write provinces, kinds and yes: folded text → value."""

    provinces: Mapping[str, str]
    kinds: Mapping[str, str]
    yes: frozenset[str]
    no: frozenset[str]


def sheet_changes(rows: list[SheetRow], known: Mapping[int, Known], words: Words) -> tuple[list[Change], list[Finding]]:
    """What differs from what stands, and what cannot be read; ``Finding.row`` counts as the sheet does, from 1.

    An empty cell in a column that may be empty empties the field; a row that is there twice changes once.
    """
    changes: list[Change] = []
    findings: list[Finding] = []
    seen: set[int] = set()
    for row in rows:
        key = int(row.key) if row.key.isdecimal() and len(row.key) < 10 else 0
        if key not in known:
            findings.append(Finding(FindingCode.THEATRE_UNKNOWN, "id", row.key, row.row))
            continue
        if key in seen:
            findings.append(Finding(FindingCode.ROW_TWICE, "id", row.key, row.row))
            continue
        seen.add(key)
        _read_row(row, known[key], words, changes, findings)
    return changes, findings


def _read_row(row: SheetRow, known: Known, words: Words, changes: list[Change], findings: list[Finding]) -> None:
    for name, text in row.cells.items():
        value = _read_cell(name, text, words)
        if isinstance(value, FindingCode):
            findings.append(Finding(value, name, text, row.row))
        elif value != known.cells[name]:
            changes.append(Change(known.id, name, known.cells[name], value))


def _read_cell(name: str, text: str, words: Words) -> str | FindingCode:
    """The value in the form in which it is kept, or why it cannot be."""
    plain = text.strip()
    if name in _NEEDED and not plain:
        return _NEEDED[name]
    if name == "province" and plain:
        return words.provinces.get(plain.casefold(), FindingCode.PROVINCE_UNKNOWN)
    if name == "kind":
        return words.kinds.get(plain.casefold(), FindingCode.KIND_UNKNOWN) if plain else VenueKind.THEATRE.value
    if name == "do_not_use":
        known = "yes" if plain.casefold() in words.yes else "" if plain.casefold() in words.no else None
        return FindingCode.YES_UNREADABLE if known is None else known
    return plain
