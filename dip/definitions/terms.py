"""Words of the standard: a genre, a province, a country, and one version of a metric or threshold. Texts are by language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

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


class AreaLevel(StrEnum):
    """Levels at which origin is told, the finest first; each lies within one area of the next."""

    PC4 = "pc4"
    MUNICIPALITY = "municipality"
    PROVINCE = "province"


class GeoProblem(StrEnum):
    """What can be wrong in the open files of areas."""

    NOT_A_NUMBER = "not_a_number"
    NOT_A_POSTCODE = "not_a_postcode"
    TWICE = "twice"
    NO_MUNICIPALITY = "no_municipality"
    UNKNOWN_MUNICIPALITY = "unknown_municipality"
    NAME_MATCHED = "name_matched"
    TWO_NAMES = "two_names"
    UNKNOWN_PROVINCE = "unknown_province"
    OTHER_PROVINCE = "other_province"
    OTHER_SUM = "other_sum"
    NO_PLACE = "no_place"
    NO_POLYGON = "no_polygon"
    NO_AREA = "no_area"
    FAR_AWAY = "far_away"
    URBANITY_REVERSED = "urbanity_reversed"
    NO_AGES = "no_ages"


@dataclass(frozen=True, slots=True)
class GeoFinding:
    """One thing that is wrong in the files; ``row`` counts the heading as 1, 0 when it is of no row."""

    problem: GeoProblem
    file: str
    row: int
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class PostcodeFacts:
    """One PC4 as the files tell it. ``ages``: inhabitants in twenty bands of five years, empty when unknown; ``house_value``: thousand
    euros; ``urbanity``: 1 most urban to 5, 0 unknown; ``is_po_box``: nobody lives there, it only has letter boxes."""

    pc4: int
    place: str
    municipality: str
    province: int | None
    inhabitants: int
    ages: tuple[int, ...] = ()
    house_value: int | None = None
    urbanity: int = 0
    lat: float | None = None
    lon: float | None = None
    km2: float | None = None
    is_po_box: bool = False


@dataclass(frozen=True, slots=True)
class MunicipalityFacts:
    """One municipality; ``inhabitants``: the sum of its PC4."""

    name: str
    province: int | None
    inhabitants: int
    lat: float | None
    lon: float | None
    km2: float | None


@dataclass(frozen=True, slots=True)
class Atlas:
    """What the open files hold together: areas, their polygons by level and key (PC4, or a name), and what is wrong in them."""

    postcodes: tuple[PostcodeFacts, ...]
    municipalities: tuple[MunicipalityFacts, ...]
    polygons: Mapping[AreaLevel, Mapping[str, "Polygons"]]
    findings: tuple[GeoFinding, ...]
    digest: str


Ring = tuple[tuple[int, int], ...]
"""Points of a closed line, the first not repeated, in steps of a grid: east, north."""
Polygons = tuple[tuple[Ring, ...], ...]
"""Polygons, each an outer ring and its holes."""
