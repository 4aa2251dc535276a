"""Areas as pages and rules ask for them: read once per process and edition, from the tables; polygons from their files.

Public knowledge, so no access is asked. Codes are whole numbers at every level: a PC4 is itself, a municipality and a province are the
key of their table. 0 is unknown. Without a loaded edition everything is empty, and nothing is guessed from the digits of a postcode.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from django.conf import settings

from dip.definitions.models import Area, GeoEdition, Municipality, Province
from dip.definitions.rules import geo as rules
from dip.definitions.rules import shapes as grid
from dip.definitions.terms import AreaLevel, Polygons
from dip.web.charts.maps import Shape

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
#: File in ``DIP_HOME/geo`` that changes whenever another edition comes into force.
STAMP = "edition.json"
_TOP = 10_000


@dataclass(frozen=True, slots=True)
class Edition:
    """What is loaded: from which files, of which day, whose."""

    id: int
    digest: str
    loaded_at: datetime
    dated: date
    attribution: str
    counts: Mapping[str, int]
    findings: tuple[Mapping[str, str | int], ...]
    shapes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AreaTerm:
    """One area. ``parent``: code of the area of the next level that it lies in, 0 unknown."""

    level: AreaLevel
    code: int
    name: str
    parent: int
    inhabitants: int
    lat: float | None
    lon: float | None
    km2: float | None


@dataclass(frozen=True, slots=True)
class ProvinceLine:
    """A province with how much is in it."""

    name: str
    municipalities: int
    postcodes: int
    inhabitants: int


@dataclass(frozen=True)
class Columns:
    """All PC4 by number, one entry each, for numpy. NaN: unknown; 0 for municipality, province and urbanity.

    ``ages``: PC4 × twenty bands of five years. ``place``: PC4 → entry, −1 for one that does not exist, so that
    ``columns.municipality[columns.place[pc4]]`` maps a whole column of postcodes; see :meth:`parents`.
    """

    pc4: Ints
    municipality: Ints
    province: Ints
    inhabitants: Ints
    ages: Floats
    house_value: Floats
    urbanity: Ints
    lat: Floats
    lon: Floats
    is_po_box: npt.NDArray[np.bool_]
    place: Ints = field(repr=False)

    def parents(self, pc4: Ints, level: AreaLevel) -> Ints:
        """The code at ``level`` of each PC4; 0 for one that is unknown."""
        column = {AreaLevel.PC4: self.pc4, AreaLevel.MUNICIPALITY: self.municipality, AreaLevel.PROVINCE: self.province}[level]
        if not len(self.pc4):
            return np.zeros(len(pc4), dtype=np.int64)
        places = self.place[np.clip(pc4, 0, _TOP - 1)]
        return np.where(places >= 0, column[places], 0)


@dataclass(frozen=True)
class _Loaded:
    edition: Edition | None
    terms: Mapping[AreaLevel, tuple[AreaTerm, ...]]
    by_code: Mapping[AreaLevel, Mapping[int, AreaTerm]]
    columns: Columns


def home() -> Path:
    """Folder of the polygons."""
    return Path(settings.WAREHOUSE_HOME).parent / "geo"


def stamp() -> tuple[int, int]:
    """Changes whenever another edition comes into force; costs a look at one file."""
    try:
        found = (home() / STAMP).stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_ino)


def forget() -> None:
    """Read the tables and files again at the next question."""
    _loaded.cache_clear()
    _file.cache_clear()


def edition() -> Edition | None:
    """The edition in force; None when nothing was loaded."""
    return _loaded(stamp()).edition


def areas(level: AreaLevel) -> tuple[AreaTerm, ...]:
    """The areas of a level: PC4 by number, the others by name."""
    return _loaded(stamp()).terms[AreaLevel(level)]


def area(level: AreaLevel, code: int) -> AreaTerm | None:
    """One area; None for an unknown code."""
    return _loaded(stamp()).by_code[AreaLevel(level)].get(code)


def area_of_pc4(pc4: int) -> AreaTerm | None:
    """The area of a PC4; None when it does not exist."""
    return area(AreaLevel.PC4, pc4)


def municipality_of(pc4: int) -> AreaTerm | None:
    """The municipality of a PC4; None when it is unknown."""
    found = area_of_pc4(pc4)
    return area(AreaLevel.MUNICIPALITY, found.parent) if found else None


def province_of(pc4: int) -> AreaTerm | None:
    """The province of a PC4; None when it is unknown. A PC4 without a municipality may still have one."""
    columns = arrays()
    return area(AreaLevel.PROVINCE, int(columns.parents(np.array([pc4]), AreaLevel.PROVINCE)[0]))


def inhabitants(level: AreaLevel, code: int) -> int:
    """How many people live in an area, at the day of the edition; 0 when it is unknown."""
    found = area(level, code)
    return found.inhabitants if found else 0


def centroid(pc4: int) -> tuple[float, float] | None:
    """Latitude and longitude of the middle of a PC4; None when it is unknown."""
    found = area_of_pc4(pc4)
    return None if found is None or found.lat is None or found.lon is None else (found.lat, found.lon)


def distance_km(pc4: int, other: int) -> float | None:
    """Great-circle distance between the middles of two PC4, in km; None when one is unknown."""
    here, there = centroid(pc4), centroid(other)
    return None if here is None or there is None else rules.distance_km(*here, *there)


def arrays() -> Columns:
    """All PC4 as columns."""
    return _loaded(stamp()).columns


def province_lines() -> list[ProvinceLine]:
    """The provinces by name, with their municipalities, postcode areas where people can live, and inhabitants."""
    columns = arrays()
    towns = Counter(term.parent for term in areas(AreaLevel.MUNICIPALITY))
    codes = Counter(columns.province[~columns.is_po_box].tolist())
    return [ProvinceLine(p.name, towns[p.code], codes[p.code], p.inhabitants) for p in areas(AreaLevel.PROVINCE)]


def has_polygons(level: AreaLevel) -> bool:
    """Whether a real map of a level can be drawn."""
    found = edition()
    return found is not None and any(name.startswith(level.value) for name in found.shapes)


def shapes(level: AreaLevel, province: int | None = None) -> tuple[Shape, ...]:
    """The polygons of a level, of one province or all. PC4 of all provinces are too many for a page: give a province.

    A file that is gone, or is not what was loaded, counts as absent; the page of areas tells.
    """
    found = edition()
    if found is None:
        return ()
    wanted = _wanted(level, province)
    names = {rules.plain(term.name): term for term in areas(level)} if level is not AreaLevel.PC4 else {}
    drawn = []
    for name in _names(found.shapes, level, province):
        for key, (step, polygons) in _areas_in(name, found.shapes[name]).items():
            term = area(AreaLevel.PC4, int(key)) if level is AreaLevel.PC4 else names.get(key)
            if term is not None and term.code in wanted:
                drawn.append(Shape(str(term.code), term.name, step, polygons))
    return tuple(sorted(drawn, key=lambda shape: (shape.name, shape.code)))


def lost_polygons() -> list[str]:
    """Files of polygons that should be there, and are gone or were touched."""
    found = edition()
    return [name for name, digest in found.shapes.items() if not _areas_in(name, digest)] if found else []


def _names(files: Iterable[str], level: AreaLevel, province: int | None) -> list[str]:
    if level is AreaLevel.PC4 and province is not None:
        code = Province.objects.values_list("code", flat=True).get(pk=province)
        return [name for name in files if name == f"pc4-{rules.plain(code)}.json"]
    return sorted(name for name in files if name.startswith(level.value))


def _wanted(level: AreaLevel, province: int | None) -> set[int]:
    """Codes of the areas of a level, of one province or all."""
    if province is None:
        return {term.code for term in areas(level)}
    if level is AreaLevel.PC4:
        columns = arrays()
        return set(columns.pc4[columns.province == province].tolist())
    return {term.code for term in areas(level) if province == (term.code if level is AreaLevel.PROVINCE else term.parent)}


def _areas_in(name: str, digest: str) -> dict[str, tuple[int, Polygons]]:
    try:
        return _file(digest, name)
    except (OSError, ValueError):
        return {}


@lru_cache(maxsize=32)
def _file(digest: str, name: str) -> dict[str, tuple[int, Polygons]]:
    """The areas of one file; what is gone or was touched raises, so that it is looked at again next time."""
    data = (home() / digest[:16] / name).read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        raise ValueError(f"{name} is not the file that was loaded. Run dip geo load again.")
    found = json.loads(data)
    return {key: (found["step"], grid.from_json(lists)) for key, lists in found["areas"].items()}


@lru_cache(maxsize=1)
def _loaded(_stamp: tuple[int, int]) -> _Loaded:
    """Everything of the edition in force; five queries, the first time in a process."""
    row = GeoEdition.objects.first()
    rows = list(Area.objects.order_by("pc4")) if row else []
    towns = list(Municipality.objects.filter(is_current=True).order_by("name")) if row else []
    people = {pk: 0 for pk in Province.objects.values_list("pk", flat=True)}
    for each in rows:
        if each.province_id:
            people[each.province_id] += each.inhabitants
    terms = {
        AreaLevel.PC4: tuple(_term(AreaLevel.PC4, a.pc4, a.place, a.municipality_id, a) for a in rows),
        AreaLevel.MUNICIPALITY: tuple(_term(AreaLevel.MUNICIPALITY, t.pk, t.name, t.province_id, t) for t in towns),
        AreaLevel.PROVINCE: tuple(
            AreaTerm(AreaLevel.PROVINCE, p.pk, p.name, 0, people[p.pk], None, None, None)
            for p in (Province.objects.order_by("name") if row else ())
        ),
    }
    by_code = {level: {term.code: term for term in found} for level, found in terms.items()}
    return _Loaded(_edition(row) if row else None, terms, by_code, _columns(rows))


def _term(level: AreaLevel, code: int, name: str, parent: int | None, row: Area | Municipality) -> AreaTerm:
    return AreaTerm(level, code, name, parent or 0, row.inhabitants, row.lat, row.lon, row.km2)


def _edition(row: GeoEdition) -> Edition:
    found = tuple(row.findings)
    return Edition(row.pk, row.digest, row.loaded_at, row.dated, row.attribution, dict(row.counts), found, dict(row.shapes))


def _columns(rows: list[Area]) -> Columns:
    def whole(values: Iterable[int | None]) -> Ints:
        return np.array([value or 0 for value in values], dtype=np.int64)

    def real(values: Iterable[float | None]) -> Floats:
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)

    place = np.full(_TOP, -1, dtype=np.int64)
    codes = whole(row.pc4 for row in rows)
    place[codes] = np.arange(len(rows))
    ages = np.full((len(rows), rules.AGE_BANDS), np.nan)
    for index, row in enumerate(rows):
        if len(row.ages) == rules.AGE_BANDS:
            ages[index] = row.ages
    return Columns(
        pc4=codes,
        municipality=whole(row.municipality_id for row in rows),
        province=whole(row.province_id for row in rows),
        inhabitants=whole(row.inhabitants for row in rows),
        ages=ages,
        house_value=real(row.house_value for row in rows),
        urbanity=whole(row.urbanity for row in rows),
        lat=real(row.lat for row in rows),
        lon=real(row.lon for row in rows),
        is_po_box=np.array([row.is_po_box for row in rows], dtype=bool),
        place=place,
    )
