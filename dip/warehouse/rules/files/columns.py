"""Which column of a file holds what: by what was saved, by its heading, by what is in it; and what of it may be shown."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dip.warehouse.rules.files.fields import NEEDED, OF_PERSON, FileField, is_personal, known_words, names
from dip.web.tables.columns import columns_of, folded, head_row, key_of, suggest
from dip.web.tables.terms import Cell, Table, as_text

_SAMPLE = 40
_ENOUGH = 0.8
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_POSTCODE = re.compile(r"[1-9]\d{3} ?[A-Za-z]{2}")
_DIP = re.compile(r"[A-Z]{2}-\d{2}-\d{5}-\d{5}\|\d+")
_PHONE = re.compile(r"(?:\+|00)?\d[\d \-()]{8,}\d")
_IBAN = re.compile(r"[A-Z]{2}\d{2} ?[A-Z]{4}[\d ]{8,}")
#: What is told by the form of the values alone.
_BY_CONTENT = ((_EMAIL, FileField.EMAIL), (_POSTCODE, FileField.POSTCODE), (_DIP, FileField.PERFORMANCE))
_FREE = re.compile(r"^\d+[.,]?\d*$")


class NoHeadings(Exception):
    """The file has no row in which at least two headings are known: its first row may be somebody's."""


@dataclass(frozen=True, slots=True)
class FileColumn:
    """One column as the desk shows it: ``samples`` are masked unless the field is of nobody. ``field``: "" when it is not read."""

    place: int
    head: str
    letter: str
    field: str
    is_personal: bool
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A table with its head row (its place), a digest of the headings, and what each column (by place) holds."""

    table: Table
    head: int
    headings: str
    chosen: Mapping[int, FileField]

    @property
    def missing(self) -> tuple[tuple[FileField, ...], ...]:
        """Groups of fields of which none was chosen."""
        there = set(self.chosen.values())
        return tuple(group for group in NEEDED if not there & set(group))

    @property
    def keys(self) -> list[list[str]]:
        """[heading folded, field] of every column that is read: how a mapping is kept."""
        return [[key_of(as_text(self.table.rows[self.head][place]), place), field.value] for place, field in self.chosen.items()]

    def columns(self) -> tuple[FileColumn, ...]:
        """Every column in which something stands."""
        found = []
        for one in columns_of(self.table, self.head):
            field = self.chosen.get(one.place)
            personal = field is None and (is_personal(one.head) or _looks_personal(_texts(self.table, self.head, one.place)))
            is_open = field is not None and field not in OF_PERSON
            shown = (text if is_open and "@" not in text else masked(text) for text in one.samples)
            samples = tuple(dict.fromkeys(shown))
            found.append(FileColumn(one.place, one.head, one.letter, field.value if field else "", personal, samples))
        return tuple(found)


def lay_out(
    table: Table, saved: Sequence[Sequence[str]] = (), chosen: Mapping[int, str] | None = None, *, is_whole: bool = False
) -> Layout:
    """Find the headings and say what is below them: as ``chosen`` by place, else as ``saved`` ([heading, field]), else by likeness.

    ``is_whole``: what was saved is of these very headings, so what it does not name is not read. Raises :class:`NoHeadings`.
    """
    head = head_row(table, lambda word: word in known_words())
    if head is None or _known_count(table, head) < 2:
        raise NoHeadings
    columns = columns_of(table, head)
    if chosen is not None:
        places = {one.place for one in columns}
        picked = {place: FileField(value) for place, value in chosen.items() if value in names() and place in places}
        first = {field: min(place for place, one in picked.items() if one is field) for field in picked.values()}
        found = {place: field for place, field in picked.items() if first[field] == place}
    else:
        remembered = {key: value for key, value in saved} | ({one.key: "" for one in columns if is_personal(one.head)})
        if is_whole:
            remembered = {one.key: "" for one in columns} | remembered
        found = {place: FileField(value) for place, value in suggest(columns, names(), remembered).items()}
        if not is_whole:
            _add_by_content(table, head, found)
    return Layout(table, head, headings_of(table, head), dict(sorted(found.items())))


def headings_of(table: Table, head: int) -> str:
    """SHA-256 of the headings in their order: by it a file is known again without its headings being kept."""
    return hashlib.sha256("\x1f".join(folded(as_text(cell)) for cell in table.rows[head]).encode()).hexdigest()


def masked(text: str) -> str:
    """The form of a value without the value: ``masked("Noor 3811 AB") == "xxxx 9999 xx"``."""
    return "".join("9" if one.isdigit() else "x" if one.isalpha() else one for one in text[:_SAMPLE])


def _known_count(table: Table, head: int) -> int:
    return sum(1 for cell in table.rows[head] if isinstance(cell, str) and folded(cell) in known_words())


def _texts(table: Table, head: int, place: int, most: int = 200) -> list[str]:
    cells: list[Cell] = [row[place] for row in table.rows[head + 1 : head + 1 + most] if row[place] is not None]
    return [as_text(cell).strip() for cell in cells]


def _add_by_content(table: Table, head: int, found: dict[int, FileField]) -> None:
    for one in columns_of(table, head):
        if one.place in found or is_personal(one.head):
            continue
        texts = _texts(table, head, one.place)
        for shape, field in _BY_CONTENT:
            if field not in found.values() and _share(texts, shape) >= _ENOUGH:
                found[one.place] = field
                break


def _share(texts: Sequence[str], shape: re.Pattern[str]) -> float:
    return sum(1 for text in texts if shape.fullmatch(text)) / len(texts) if texts else 0.0


def _looks_personal(texts: Sequence[str]) -> bool:
    """Whether most values have the form of an address, a telephone number or an account."""
    return any(_share(texts, shape) >= _ENOUGH for shape in (_EMAIL, _IBAN, _POSTCODE)) or (
        _share(texts, _PHONE) >= _ENOUGH and _share(texts, _FREE) < _ENOUGH
    )
