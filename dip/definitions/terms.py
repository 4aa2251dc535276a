"""Words of the standard: a genre, a province, a country, and one version of a metric or threshold. Texts are by language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Texts = Mapping[str, str]
LANGUAGES = ("nl", "en", "fr")


@dataclass(frozen=True, slots=True)
class GenreTerm:
    """A national genre; ``id`` is the wire id."""

    id: int
    code: str
    names: Texts

    def name(self, language: str) -> str:
        """Name in a language of the platform."""
        return self.names.get(language, self.names["nl"])


@dataclass(frozen=True, slots=True)
class CountryTerm:
    """A country, ISO 3166-1 alpha-2."""

    id: int
    code: str
    names: Texts

    def name(self, language: str) -> str:
        """Name in a language of the platform."""
        return self.names.get(language, self.names["nl"])


@dataclass(frozen=True, slots=True)
class ProvinceTerm:
    """A province with its square in the equal-area grid."""

    id: int
    code: str
    name: str
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class MetricTerm:
    """One version of the definition of a number. ``unit``: tickets, seats, days, cents or rate (0..1)."""

    code: str
    version: int
    valid_from: date
    unit: str
    more_is_better: bool | None
    names: Texts
    sentences: Texts
    formulas: Texts
    owner: str


@dataclass(frozen=True, slots=True)
class ThresholdTerm:
    """One version of a named limit."""

    code: str
    version: int
    valid_from: date
    value: float
    meanings: Texts
    owner: str


@dataclass(frozen=True, slots=True)
class RateTerm:
    """One version of a rate that law or custom sets: VAT, author's rights. ``value``: 0..1, exact."""

    code: str
    version: int
    valid_from: date
    value: Decimal
    meanings: Texts
    owner: str


@dataclass(frozen=True, slots=True)
class Definition:
    """A metric in one language, as a page shows it."""

    code: str
    name: str
    sentence: str
    formula: str
    unit: str
    more_is_better: bool | None
    owner: str
    version: int
    valid_from: date

    @property
    def version_name(self) -> str:
        """Season from which it holds, and its number: 2025–26 v1."""
        year = self.valid_from.year if self.valid_from.month >= 8 else self.valid_from.year - 1
        return f"{year}–{(year + 1) % 100:02d} v{self.version}"


@dataclass(frozen=True, slots=True)
class Limit:
    """A threshold in one language, as a page shows it."""

    code: str
    value: float
    meaning: str
    owner: str
    version: int
    valid_from: date


@dataclass(frozen=True, slots=True)
class DatedRate:
    """One version of a rate in one language, as a page shows it. ``value``: 0..1, exact."""

    code: str
    value: Decimal
    meaning: str
    owner: str
    version: int
    valid_from: date


@dataclass(frozen=True, slots=True)
class Standard:
    """The whole standard: what the files say, or what the tables hold."""

    genres: tuple[GenreTerm, ...]
    provinces: tuple[ProvinceTerm, ...]
    countries: tuple[CountryTerm, ...]
    metrics: tuple[MetricTerm, ...]
    thresholds: tuple[ThresholdTerm, ...]
    rates: tuple[RateTerm, ...] = ()
