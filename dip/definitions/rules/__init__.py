"""Reading the standard's files, and choosing the version that holds on a day."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from dip.definitions.terms import LANGUAGES, CountryTerm, GenreTerm, MetricTerm, ProvinceTerm, RateTerm, Standard, ThresholdTerm

FOLDER = Path(__file__).parent.parent / "standard"
Versioned = TypeVar("Versioned", MetricTerm, ThresholdTerm, RateTerm)


class UnableToReadStandard(ValueError):
    """A file of the standard is wrong; the message names file, entry, field and remedy."""


def read_standard(folder: Path = FOLDER) -> Standard:
    """The standard as its TOML files say it; :class:`UnableToReadStandard` at the first thing that is wrong."""
    return Standard(
        genres=tuple(GenreTerm(row["id"], row["code"], _texts(row, "genres.toml")) for row in _rows(folder, "genre")),
        provinces=tuple(ProvinceTerm(r["id"], r["code"], r["name"], r["row"], r["column"]) for r in _rows(folder, "province")),
        countries=tuple(CountryTerm(row["id"], row["code"], _texts(row, "countries.toml")) for row in _rows(folder, "country")),
        metrics=_versions(_metric(row) for row in _rows(folder, "metric")),
        thresholds=_versions(_threshold(row) for row in _rows(folder, "threshold")),
        rates=_versions(_rate(row) for row in _rows(folder, "rate")),
    )


def _rows(folder: Path, kind: str) -> list[dict[str, Any]]:
    name = "countries.toml" if kind == "country" else f"{kind}s.toml"
    try:
        rows = tomllib.loads((folder / name).read_text(encoding="utf-8"))[kind]
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise UnableToReadStandard(f"{name} cannot be read ({error}). It must be TOML with entries named {kind!r}.") from error
    return list(rows)


def _texts(row: Mapping[str, Any], file: str, key: str = "") -> dict[str, str]:
    source = row.get(key, {}) if key else row
    missing = [language for language in LANGUAGES if not source.get(language)]
    if missing:
        field = f"{key}.{missing[0]}" if key else missing[0]
        raise UnableToReadStandard(f"{file}: {row.get('code')!r} has no {field}. Give every text in {', '.join(LANGUAGES)}.")
    return {language: source[language] for language in LANGUAGES}


def _metric(row: Mapping[str, Any]) -> MetricTerm:
    names, sentences, formulas = (_texts(row, "metrics.toml", key) for key in ("name", "sentence", "formula"))
    better = row.get("more_is_better")
    return MetricTerm(row["code"], row["version"], row["valid_from"], row["unit"], better, names, sentences, formulas, row["owner"])


def _threshold(row: Mapping[str, Any]) -> ThresholdTerm:
    return ThresholdTerm(
        row["code"], row["version"], row["valid_from"], float(row["value"]), _texts(row, "thresholds.toml", "meaning"), row["owner"]
    )


def _rate(row: Mapping[str, Any]) -> RateTerm:
    value = Decimal(str(row["value"]))
    return RateTerm(row["code"], row["version"], row["valid_from"], value, _texts(row, "rates.toml", "meaning"), row["owner"])


def _versions(terms: Iterable[Versioned]) -> tuple[Versioned, ...]:
    ordered = sorted(terms, key=lambda term: (term.code, term.version))
    for earlier, later in pairwise(ordered):
        if earlier.code == later.code and (later.version <= earlier.version or later.valid_from <= earlier.valid_from):
            raise UnableToReadStandard(
                f"{later.code} version {later.version} does not come after version {earlier.version}. Number it higher, with a later valid_from."
            )
    return tuple(ordered)


def holds_on(versions: Iterable[Versioned], code: str, day: date) -> Versioned | None:
    """The newest version of ``code`` that is valid on ``day``; before the first, the first; None for an unknown code."""
    mine = [term for term in versions if term.code == code]
    if not mine:
        return None
    valid = [term for term in mine if term.valid_from <= day]
    return max(valid, key=lambda term: term.valid_from) if valid else min(mine, key=lambda term: term.valid_from)


def difference(stated: Versioned, stored: Versioned) -> str:
    """The first field in which a stated version differs from the stored one, or ""."""
    for field in stated.__dataclass_fields__:
        if getattr(stated, field) != getattr(stored, field):
            return field
    return ""
