"""The purpose register: read from its file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from dip.definitions.terms import LANGUAGES, Texts

FILE = Path(__file__).parent.parent / "standard" / "purposes.toml"
DOOR, PLATFORM, PLANNED = "door", "platform", "planned"
PLACES = (DOOR, PLATFORM, PLANNED)
#: Texts of a purpose.
PARTS = ("name", "sentence", "data", "ground", "by", "kept")


class UnableToReadPurposes(ValueError):
    """The file is wrong; the message names the entry, the field and the remedy."""


@dataclass(frozen=True, slots=True)
class PurposeTerm:
    """One version of a purpose. ``place``: asked at the door, done by the platform, or planned. ``texts``: part → language → text."""

    code: str
    version: int
    valid_from: date
    place: str
    owner: str
    texts: Mapping[str, Texts]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list beside the purposes: a field that is never stored, a key, a retention. ``threshold``: code of its limit, or ""."""

    code: str
    threshold: str
    texts: Mapping[str, Texts]


@dataclass(frozen=True, slots=True)
class PurposeRegister:
    """The whole register. ``purposes``: every version, in the order of the file."""

    version: int
    valid_from: date
    owner: str
    names: Texts
    sentences: Texts
    purposes: tuple[PurposeTerm, ...]
    never: tuple[Line, ...]
    keys: tuple[Line, ...]
    retention: tuple[Line, ...]

    def in_force(self, day: date) -> tuple[PurposeTerm, ...]:
        """The version of each purpose that holds on a day; before its first, the first."""
        found: dict[str, PurposeTerm] = {}
        for term in self.purposes:
            if term.code not in found or term.valid_from <= day:
                found[term.code] = term
        return tuple(found.values())

    def of(self, code: str, day: date) -> PurposeTerm | None:
        """One purpose as it holds on a day; None for an unknown code."""
        return next((term for term in self.in_force(day) if term.code == code), None)


@cache
def purpose_register(file: Path = FILE) -> PurposeRegister:
    """The register as its file says it. Raises :class:`UnableToReadPurposes`."""
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
        head = found["register"]
        register = PurposeRegister(
            version=head["version"],
            valid_from=head["valid_from"],
            owner=head["owner"],
            names=_texts(head, "name"),
            sentences=_texts(head, "sentence"),
            purposes=tuple(_purpose(row) for row in found["purpose"]),
            never=tuple(_line(row, ("name", "instead")) for row in found["never"]),
            keys=tuple(_line(row, ("name", "keeper", "use")) for row in found["key"]),
            retention=tuple(_line(row, ("name", "kept")) for row in found["retention"]),
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise UnableToReadPurposes(
            f"{file.name} cannot be read ({error}). It has [register], and entries named purpose, never, key and retention."
        ) from error
    _need_order(register.purposes)
    return register


def _need_order(purposes: tuple[PurposeTerm, ...]) -> None:
    last: dict[str, PurposeTerm] = {}
    for term in purposes:
        before = last.get(term.code)
        if before and (term.version <= before.version or term.valid_from <= before.valid_from):
            raise UnableToReadPurposes(
                f"{term.code} version {term.version} does not come after {before.version}. Number it higher, later."
            )
        last[term.code] = term


def _purpose(row: Mapping[str, Any]) -> PurposeTerm:
    if row["place"] not in PLACES:
        raise UnableToReadPurposes(f"{row['code']!r} has the place {row['place']!r}. Choose one of {', '.join(PLACES)}.")
    return PurposeTerm(row["code"], row["version"], row["valid_from"], row["place"], row["owner"], _parts(row, PARTS))


def _line(row: Mapping[str, Any], parts: tuple[str, ...]) -> Line:
    return Line(row["code"], row.get("threshold", ""), _parts(row, parts))


def _parts(row: Mapping[str, Any], parts: tuple[str, ...]) -> dict[str, Texts]:
    return {part: _texts(row, part) for part in parts}


def _texts(row: Mapping[str, Any], key: str) -> dict[str, str]:
    texts = row.get(key, {})
    missing = [language for language in LANGUAGES if not texts.get(language)]
    if missing:
        raise UnableToReadPurposes(
            f"{row.get('code', 'register')!r} has no {key}.{missing[0]}. Give every text in {', '.join(LANGUAGES)}."
        )
    return {language: texts[language] for language in LANGUAGES}
