"""Which column holds what: by the words in the head row, by what was chosen before, by what is in it."""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from dip.web.tables.terms import Cell, Table, as_text

#: Rows in which a head row is looked for.
_LOOK = 25
_LIKENESS = 88
_OTHER = re.compile(r"[^a-z0-9#%€]+")
_SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Column:
    """One column as a person sees it: its place from 0, the text over it, and the first things in it."""

    place: int
    head: str
    samples: tuple[str, ...]

    @property
    def letter(self) -> str:
        """As a spreadsheet calls it: A, B … AA."""
        return letter_of(self.place)

    @property
    def key(self) -> str:
        """Under which a choice for it is remembered: its folded head, or its place where it has none."""
        return key_of(self.head, self.place)


def letter_of(place: int) -> str:
    """Name of a column, from 0: ``letter_of(27) == "AB"``."""
    letters, number = "", place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def key_of(head: str, place: int) -> str:
    """What a column is remembered by."""
    return folded(head) or f"#{place}"


def folded(text: str) -> str:
    """Lower case, without accents and punctuation, single spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _OTHER.sub(" ", "".join(c for c in plain if not unicodedata.combining(c))).strip()


def head_row(table: Table, is_known: Callable[[str], bool]) -> int | None:
    """Place of the head row: the one with most known words; failing that, the first of several texts and no digits. None: there is none."""
    best, most = None, 0
    for place, row in enumerate(table.rows[:_LOOK]):
        count = sum(1 for cell in row if isinstance(cell, str) and is_known(folded(cell)))
        if count > most:
            best, most = place, count
    if most >= 2 or (most == 1 and table.width <= 2):
        return best
    for place, row in enumerate(table.rows[:_LOOK]):
        filled = [cell for cell in row if cell is not None]
        if len(filled) >= 2:
            return place if all(_is_word(cell) for cell in filled) and place + 1 < len(table.rows) else None
    return None


def _is_word(cell: Cell) -> bool:
    return isinstance(cell, str) and not any(character.isdigit() for character in cell)


def columns_of(table: Table, head: int | None) -> list[Column]:
    """The columns in which anything stands, left to right."""
    found = []
    first = 0 if head is None else head + 1
    for place in range(table.width):
        text = as_text(table.rows[head][place]) if head is not None else ""
        filled = [as_text(row[place])[:40] for row in table.rows[first:] if row[place] is not None]
        if text or filled:
            found.append(Column(place, text[:80], tuple(list(dict.fromkeys(filled))[:_SAMPLES])))
    return found


def suggest(columns: Sequence[Column], names: Mapping[str, Collection[str]], remembered: Mapping[str, str]) -> dict[int, str]:
    """Place → field; each field once, first what was chosen before, then what is called so, then what is nearly called so.

    ``names``: folded words for each field. A column that was once chosen to be nothing (field "") stays nothing.
    """
    chosen: dict[int, str] = {}
    for column in columns:
        if column.key in remembered:
            field = remembered[column.key]
            if field in names and field not in chosen.values():
                chosen[column.place] = field
    open_ = [column for column in columns if column.place not in chosen and column.key not in remembered]
    _by_score(open_, names, chosen)
    return dict(sorted(chosen.items()))


def _by_score(columns: Sequence[Column], names: Mapping[str, Collection[str]], chosen: dict[int, str]) -> None:
    scored = [
        (score, -column.place, column.place, field)
        for column in columns
        if (head := folded(column.head))
        for field, words in names.items()
        if (score := max((_likeness(head, word) for word in words), default=0.0)) >= _LIKENESS
    ]
    for _score, _, place, field in sorted(scored, reverse=True):
        if place not in chosen and field not in chosen.values():
            chosen[place] = field


def _likeness(head: str, word: str) -> float:
    if head == word:
        return 101.0
    if len(word) < 4 or len(head) < 4:
        return 0.0
    return float(fuzz.ratio(head, word))
