"""The purpose register as pages show it. Public knowledge, so no access is asked."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from dip.definitions.queries import threshold
from dip.definitions.rules.purposes import Line, PurposeTerm, purpose_register
from dip.kernel import clock


@dataclass(frozen=True, slots=True)
class Purpose:
    """A purpose in one language, as it holds today; ``history``: its earlier versions, newest first."""

    code: str
    version: int
    valid_from: date
    place: str
    owner: str
    name: str
    sentence: str
    data: str
    ground: str
    by: str
    kept: str
    history: tuple["Purpose", ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list beside the purposes, in one language; ``limit``: the value of its threshold, None when it has none."""

    code: str
    texts: Mapping[str, str]
    limit: float | None


@dataclass(frozen=True, slots=True)
class Register:
    """The register in one language."""

    name: str
    sentence: str
    version: int
    valid_from: date
    owner: str
    purposes: tuple[Purpose, ...]
    never: tuple[Row, ...]
    keys: tuple[Row, ...]
    retention: tuple[Row, ...]

    def purpose(self, code: str) -> Purpose | None:
        """The purpose with a code."""
        return next((one for one in self.purposes if one.code == code), None)


def register(language: str) -> Register:
    """What holds today."""
    stated, today = purpose_register(), clock.local(clock.now()).date()
    return Register(
        name=stated.names[language],
        sentence=stated.sentences[language],
        version=stated.version,
        valid_from=stated.valid_from,
        owner=stated.owner,
        purposes=tuple(_purpose(term, language, stated.purposes) for term in stated.in_force(today)),
        never=_rows(stated.never, language),
        keys=_rows(stated.keys, language),
        retention=_rows(stated.retention, language),
    )


def _purpose(term: PurposeTerm, language: str, every: tuple[PurposeTerm, ...] = ()) -> Purpose:
    earlier = [_purpose(one, language) for one in reversed(every) if one.code == term.code and one.version < term.version]
    texts = {part: words[language] for part, words in term.texts.items()}
    return Purpose(term.code, term.version, term.valid_from, term.place, term.owner, **texts, history=tuple(earlier))


def _rows(lines: tuple[Line, ...], language: str) -> tuple[Row, ...]:
    return tuple(
        Row(
            line.code,
            {part: words[language] for part, words in line.texts.items()},
            threshold(line.threshold) if line.threshold else None,
        )
        for line in lines
    )


def as_data() -> dict[str, Any]:
    """The whole register, every version, in all languages."""
    return asdict(purpose_register())
