"""The standard format for orders: read from its file, and as JSON Schema."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from dip.definitions.terms import LANGUAGES, Texts

FILE = Path(__file__).parent.parent / "standard" / "format.toml"
TYPES = ("string", "integer", "boolean", "moment")
TREATMENTS = ("none", "hash", "coarsen", "drop")
PARTS = ("ticket", "order", "buyer")
#: Most characters of a moment.
MOMENT_CHARACTERS = 40


class UnableToReadFormat(ValueError):
    """The file of the format is wrong; the message names the field, what is wrong with it, and the remedy."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a row. ``least`` and ``most``: of a number, or of a text's length. ``is_open``: other values are taken, and mapped."""

    name: str
    part: str
    type: str
    unit: str
    is_required: bool
    treatment: str
    least: int | None
    most: int | None
    values: tuple[str, ...]
    is_open: bool
    example: str | int | bool
    meanings: Texts

    def meaning(self, language: str) -> str:
        """In a language of the platform."""
        return self.meanings.get(language, self.meanings["nl"])


@dataclass(frozen=True, slots=True)
class OrderFormat:
    """One version of the format."""

    code: str
    version: int
    valid_from: date
    owner: str
    names: Texts
    sentences: Texts
    fields: tuple[Field, ...]


@cache
def order_format(file: Path = FILE) -> OrderFormat:
    """The format as its file says it. Raises :class:`UnableToReadFormat`."""
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
        head = found["format"]
        fields = tuple(_field(row) for row in found["field"])
        return OrderFormat(
            head["code"], head["version"], head["valid_from"], head["owner"], _texts(head, "name"), _texts(head, "sentence"), fields
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise UnableToReadFormat(
            f"{file.name} cannot be read ({error}). It has [format] and a [[field]] for each field."
        ) from error


def _field(row: Mapping[str, Any]) -> Field:
    for key, allowed in (("type", TYPES), ("treatment", TREATMENTS), ("part", PARTS)):
        if row.get(key) not in allowed:
            raise UnableToReadFormat(f"{row.get('name')!r} has the {key} {row.get(key)!r}. Choose one of {', '.join(allowed)}.")
    return Field(
        name=row["name"],
        part=row["part"],
        type=row["type"],
        unit=row.get("unit", ""),
        is_required=row["required"],
        treatment=row["treatment"],
        least=row.get("least"),
        most=row.get("most"),
        values=tuple(row.get("values", ())),
        is_open=row.get("open", False),
        example=row["example"],
        meanings=_texts(row, "meaning"),
    )


def _texts(row: Mapping[str, Any], key: str) -> dict[str, str]:
    texts = row.get(key, {})
    missing = [language for language in LANGUAGES if not texts.get(language)]
    if missing:
        raise UnableToReadFormat(f"{row.get('name')!r} has no {key}.{missing[0]}. Give every text in {', '.join(LANGUAGES)}.")
    return {language: texts[language] for language in LANGUAGES}


def json_schema(of: OrderFormat, address: str) -> dict[str, Any]:
    """The format as JSON Schema (draft 2020-12), whose ``$id`` is ``address``. Members that it does not know are allowed, and not read."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "title": of.names["en"],
        "description": of.sentences["en"],
        "type": "object",
        "properties": {field.name: _property(field) for field in of.fields},
        "required": [field.name for field in of.fields if field.is_required],
        "anyOf": [{"required": ["performance"]}, {"required": ["event"]}],
    }


def _property(field: Field) -> dict[str, Any]:
    found: dict[str, Any] = {"description": field.meanings["en"], "examples": [field.example]}
    kind = "string" if field.type == "moment" else field.type
    found["type"] = [kind, "null"] if _may_be_null(field) else kind
    if field.type == "moment":
        found |= {"format": "date-time", "maxLength": MOMENT_CHARACTERS}
    low, high = ("minLength", "maxLength") if kind == "string" else ("minimum", "maximum")
    found |= {name: bound for name, bound in ((low, field.least), (high, field.most)) if bound is not None}
    if field.values and not field.is_open:
        found["enum"] = list(field.values)
    elif field.values:
        found["description"] += f" National values: {', '.join(field.values)}."
    return found | {"x-privacy": field.treatment, "x-part": field.part} | ({"x-unit": field.unit} if field.unit else {})


#: Fields that are left out, never null.
_NEVER_NULL = frozenset({"performance", "event", "kind", "source_kind", "fee_cents", "channel", "consent"})


def _may_be_null(field: Field) -> bool:
    return not field.is_required and field.name not in _NEVER_NULL
