"""Making one nested division out of the open files: PC4 → municipality → province, with what lives in each."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from statistics import median

from dip.definitions.rules import geo_files as files
from dip.definitions.rules.geo_files import Reader, UnableToReadAreas
from dip.definitions.rules.shapes import STEP, on_grid
from dip.definitions.terms import (
    AreaLevel,
    Atlas,
    GeoFinding,
    GeoProblem,
    MunicipalityFacts,
    Polygons,
    PostcodeFacts,
    ProvinceTerm,
)

AGE_BANDS = 20
EARTH_KM = 6371.0088
#: An address centroid further than this from the polygon's is not believed; km.
FAR_KM = 5.0
#: A municipality may differ this much from the sum of its PC4, and so many people, before it is a finding.
SUM_SHARE, SUM_PEOPLE = 0.05, 100
_OTHER_NAMES = {"friesland": "fryslan"}
_SHAPES = (
    (AreaLevel.PROVINCE, files.PROVINCE_SHAPES, "name"),
    (AreaLevel.MUNICIPALITY, files.MUNICIPALITY_SHAPES, "name"),
    (AreaLevel.PC4, files.PC4_SHAPES, "pc4"),
)


def plain(name: str) -> str:
    """A name without accents, capitals and signs, for comparing: "'s-Gravenhage" → "sgravenhage"."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    found = "".join(letter for letter in letters if letter.isalnum())
    return _OTHER_NAMES.get(found, found)


def read_atlas(folder: Path, provinces: Sequence[ProvinceTerm]) -> Atlas:
    """Everything the files of ``folder`` tell; :class:`UnableToReadAreas` when there is nothing to begin with."""
    reader = Reader(folder)
    main = files.BEST if reader.has(files.BEST) else files.PLAIN
    for needed in (main, files.MUNICIPALITIES):
        if not reader.has(needed):
            raise UnableToReadAreas(f"{folder} has no {needed}. Give the folder with the open files of areas.")
    towns = _towns(reader)
    rows = _postcodes(reader, main, towns, {plain(p.name): p.id for p in provinces})
    rows = _with_ages(reader, _with_houses(reader, rows))
    rows = _with_addresses(reader, rows)
    rows = _nested(reader, main, rows)
    known = {plain(p.name): p.id for p in provinces}
    polygons = _polygons(reader, {plain(name) for name in towns}, {str(row.pc4) for row in rows.values()}, set(known))
    for pc4 in sorted(pc4 for pc4, row in rows.items() if row.inhabitants and str(pc4) not in polygons[AreaLevel.PC4]):
        if polygons[AreaLevel.PC4]:
            reader.find(GeoProblem.NO_POLYGON, files.PC4_SHAPES, 0, "pc4", pc4)
    municipalities = _municipalities(reader, towns, rows.values())
    ordered = tuple(rows[pc4] for pc4 in sorted(rows))
    return Atlas(ordered, municipalities, polygons, tuple(reader.findings), reader.digest())


def _towns(reader: Reader) -> dict[str, MunicipalityFacts]:
    found: dict[str, MunicipalityFacts] = {}
    for number, row in reader.rows(files.MUNICIPALITIES):
        if row["gemeente"] in found:
            reader.find(GeoProblem.TWICE, files.MUNICIPALITIES, number, "gemeente", row["gemeente"])
            continue
        value = {name: reader.number(files.MUNICIPALITIES, number, name, row[name]) for name in ("inwoners", "lat", "lon", "km2")}
        found[row["gemeente"]] = MunicipalityFacts(
            row["gemeente"], None, int(value["inwoners"] or 0), value["lat"], value["lon"], value["km2"]
        )
    return found


def _postcodes(
    reader: Reader, file: str, towns: Mapping[str, MunicipalityFacts], provinces: Mapping[str, int]
) -> dict[int, PostcodeFacts]:
    found: dict[int, PostcodeFacts] = {}
    names = {plain(name): name for name in towns}
    unmatched: list[tuple[int, int, str]] = []
    went: dict[str, Counter[str]] = defaultdict(Counter)
    for number, row in reader.rows(file):
        pc4 = reader.postcode(file, number, "pc4", row["pc4"])
        if pc4 is None:
            continue
        if pc4 in found:
            reader.find(GeoProblem.TWICE, file, number, "pc4", pc4)
            continue
        old, new = row["gemeente"], row.get("gemeente_2022", "")
        town = names.get(plain(old)) or names.get(plain(new)) or ""  # one that still exists has kept its postcodes
        if new and town and plain(new) != plain(town):
            reader.find(GeoProblem.TWO_NAMES, file, number, "gemeente_2022", f"{pc4} {town}, {new}")
        if town:
            went[plain(old)][town] += 1
        else:
            unmatched.append((number, pc4, old))
        found[pc4] = _postcode(reader, file, number, row, pc4, town, provinces)
    for number, pc4, old in unmatched:
        town = went[plain(old)].most_common(1)[0][0] if old and went[plain(old)] else ""
        found[pc4] = replace(found[pc4], municipality=town)
        problem = GeoProblem.NAME_MATCHED if town else GeoProblem.UNKNOWN_MUNICIPALITY if old else GeoProblem.NO_MUNICIPALITY
        reader.find(problem, file, number, "gemeente", f"{pc4} {old} → {town}" if town else f"{pc4} {old}".strip())
    return found


def _postcode(
    reader: Reader, file: str, number: int, row: Mapping[str, str], pc4: int, town: str, provinces: Mapping[str, int]
) -> PostcodeFacts:
    value = {name: reader.number(file, number, name, row[name]) for name in ("inwoners", "lat", "lon", "km2")}
    province = provinces.get(plain(row["provincie"]))
    if row["provincie"] and province is None:
        reader.find(GeoProblem.UNKNOWN_PROVINCE, file, number, "provincie", row["provincie"])
    inhabitants = int(value["inwoners"] or 0)
    return PostcodeFacts(
        pc4, row["plaats"], town, province, inhabitants, lat=value["lat"], lon=value["lon"], km2=value["km2"]
    )  # fmt: skip


def _with_houses(reader: Reader, rows: dict[int, PostcodeFacts]) -> dict[int, PostcodeFacts]:
    density: dict[int, list[float]] = defaultdict(list)
    found = dict(rows)
    for number, row in reader.rows(files.HOUSES):
        pc4 = reader.postcode(files.HOUSES, number, "pc4", row["pc4"])
        if pc4 is None or pc4 not in rows:
            if pc4 is not None:
                reader.find(GeoProblem.NO_AREA, files.HOUSES, number, "pc4", pc4)
            continue
        value = reader.number(files.HOUSES, number, "woz", row["woz"])
        urbanity = int(row["urb"]) if row["urb"] in ("1", "2", "3", "4", "5") else 0
        facts = rows[pc4]
        found[pc4] = replace(facts, house_value=None if value is None else int(value), urbanity=urbanity)
        if urbanity and facts.km2:
            density[urbanity].append(facts.inhabitants / facts.km2)
    if density and median(density[max(density)]) > median(density[min(density)]):
        reader.find(GeoProblem.URBANITY_REVERSED, files.HOUSES, 0, "urb", f"{min(density)}…{max(density)}")
        return {pc4: replace(facts, urbanity=6 - facts.urbanity if facts.urbanity else 0) for pc4, facts in found.items()}
    return found


def _with_ages(reader: Reader, rows: dict[int, PostcodeFacts]) -> dict[int, PostcodeFacts]:
    found = dict(rows)
    bands = [f"{start}-{start + 4}" for start in range(0, 95, 5)] + ["95+"]
    for number, row in reader.rows(files.AGES):
        pc4 = reader.postcode(files.AGES, number, "postcode", row["postcode"])
        if pc4 is None or pc4 not in rows:
            if pc4 is not None:
                reader.find(GeoProblem.NO_AREA, files.AGES, number, "postcode", pc4)
            continue
        counts = [reader.number(files.AGES, number, band, row.get(band, "")) for band in bands]
        if all(count is None for count in counts):
            reader.find(GeoProblem.NO_AGES, files.AGES, number, bands[0], pc4)
            continue
        found[pc4] = replace(rows[pc4], ages=tuple(int(count or 0) for count in counts))
    return found


def _with_addresses(reader: Reader, rows: dict[int, PostcodeFacts]) -> dict[int, PostcodeFacts]:
    """Places of PC4 without a polygon, and PC4 that have only letter boxes, by the name of their town; a centroid that lies far from the
    polygon's is not believed, and none is believed of a letter box."""
    found = dict(rows)
    towns: dict[str, Counter[tuple[str, int | None]]] = defaultdict(Counter)
    for facts in rows.values():
        if facts.place and facts.municipality:
            towns[plain(facts.place)][facts.municipality, facts.province] += 1
    for key, entry in reader.document(files.ADDRESSES).items():
        pc4 = reader.postcode(files.ADDRESSES, 0, "postcode", key)
        if pc4 is None:
            continue
        own = rows.get(pc4)
        if own is not None and own.lat is not None and own.lon is not None:
            far = distance_km(own.lat, own.lon, *entry["c"])
            if far > FAR_KM:
                reader.find(GeoProblem.FAR_AWAY, files.ADDRESSES, 0, key, f"{far:.0f} km")
            continue
        place = str(entry.get("city", ""))
        choices = towns.get(plain(place), Counter())
        if len(choices) == 1:
            (town, province), _times = choices.most_common(1)[0]
            base = own or PostcodeFacts(pc4, place, town, province, 0, is_po_box=True)
            found[pc4] = replace(base, place=base.place or place, municipality=base.municipality or town, province=province)
    for pc4, facts in sorted(found.items()):
        if facts.lat is None and not facts.is_po_box:
            reader.find(GeoProblem.NO_PLACE, files.PLAIN, 0, "lat", pc4)
    return found


def _nested(reader: Reader, file: str, rows: dict[int, PostcodeFacts]) -> dict[int, PostcodeFacts]:
    """Every PC4 lies in the province of its municipality, which is where most of its people live."""
    people: dict[str, Counter[int]] = defaultdict(Counter)
    for facts in rows.values():
        if facts.province is not None and facts.municipality:
            people[facts.municipality][facts.province] += facts.inhabitants + 1
    found = {}
    for pc4, facts in rows.items():
        best = people[facts.municipality].most_common(1) if facts.municipality else []
        province = best[0][0] if best else facts.province
        if facts.province is not None and province != facts.province:
            reader.find(GeoProblem.OTHER_PROVINCE, file, 0, "provincie", f"{pc4} {facts.municipality}")
        found[pc4] = replace(facts, province=province)
    return found


def _municipalities(
    reader: Reader, towns: Mapping[str, MunicipalityFacts], rows: Iterable[PostcodeFacts]
) -> tuple[MunicipalityFacts, ...]:
    people: Counter[str] = Counter()
    provinces: dict[str, int | None] = {}
    for facts in rows:
        people[facts.municipality] += facts.inhabitants
        provinces.setdefault(facts.municipality, facts.province)
    found = []
    for number, (name, stated) in enumerate(towns.items(), start=2):
        total = people[name]
        if stated.inhabitants and abs(total - stated.inhabitants) > max(SUM_PEOPLE, SUM_SHARE * stated.inhabitants):
            reader.find(GeoProblem.OTHER_SUM, files.MUNICIPALITIES, number, "inwoners", f"{name}: {stated.inhabitants}, {total}")
        found.append(replace(stated, province=provinces.get(name), inhabitants=total))
    return tuple(sorted(found, key=lambda town: town.name))


def _polygons(reader: Reader, towns: set[str], codes: set[str], provinces: set[str]) -> dict[AreaLevel, dict[str, Polygons]]:
    known = {AreaLevel.PROVINCE: provinces, AreaLevel.MUNICIPALITY: towns, AreaLevel.PC4: codes}
    found: dict[AreaLevel, dict[str, Polygons]] = {}
    for level, file, key in _SHAPES:
        shapes = found[level] = {}
        for feature in reader.features(file):
            name = str(feature.get("properties", {}).get(key, ""))
            code = name if level is AreaLevel.PC4 else plain(name)
            if code in known[level]:
                shapes[code] = on_grid(feature["geometry"], STEP[level])
            else:
                reader.find(GeoProblem.NO_AREA, file, 0, key, name)
    return found


def distance_km(lat: float, lon: float, to_lat: float, to_lon: float) -> float:
    """Great-circle distance in km between two places in degrees."""
    here, there = radians(lat), radians(to_lat)
    half = sin((there - here) / 2) ** 2 + cos(here) * cos(there) * sin(radians(to_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def tally(findings: Iterable[GeoFinding]) -> dict[GeoProblem, int]:
    """How often each problem was found, the most frequent first."""
    return dict(Counter(finding.problem for finding in findings).most_common())
