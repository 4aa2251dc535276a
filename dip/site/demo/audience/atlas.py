"""Generated areas in the shape of the open files: who lives where around the demo's theatres. Put in force as ``dip geo load`` does.

Only for looking around: inhabitants, ages, house values and urbanity are drawn by chance. ``dip geo load`` with the real files replaces them.
"""

import csv
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

import numpy as np

from dip.definitions.actions.geo import load_areas
from dip.definitions.models import GeoEdition
from dip.definitions.rules import geo_files
from dip.site.demo.audience.places import AROUND, TOWNS, Place
from dip.site.demo.curves import Floats, Ints

#: Shown wherever the source of areas is.
SOURCE = "example areas of the demo: generated numbers, not statistics"
_PROVINCES = {
    "GR": "Groningen", "FR": "Friesland", "DR": "Drenthe", "OV": "Overijssel", "FL": "Flevoland", "GE": "Gelderland", "UT": "Utrecht",
    "NH": "Noord-Holland", "ZH": "Zuid-Holland", "ZE": "Zeeland", "NB": "Noord-Brabant", "LI": "Limburg",
}  # fmt: skip
#: Value of a home by province, thousand euros.
_HOMES = {
    "GR": 245, "FR": 255, "DR": 265, "OV": 290, "FL": 300, "GE": 335, "UT": 415, "NH": 430, "ZH": 345, "ZE": 270, "NB": 340, "LI": 250,
}  # fmt: skip
_SEED, _BANDS, _DEGREE = 2611, 20, 111.2
#: Shares of twenty bands of five years: of a country, of the middle of a town, of a village.
_COUNTRY = np.array([49, 51, 56, 60, 66, 68, 66, 63, 61, 62, 72, 74, 68, 60, 53, 42, 26, 14, 6, 2], dtype=np.float64)
_CENTRE = np.array([35, 26, 24, 55, 135, 140, 105, 70, 54, 48, 52, 54, 50, 45, 40, 32, 20, 11, 5, 2], dtype=np.float64)
_VILLAGE = np.array([46, 53, 62, 61, 48, 46, 50, 57, 62, 66, 78, 84, 77, 68, 60, 46, 26, 13, 5, 2], dtype=np.float64)


@dataclass(frozen=True)
class Atlas:
    """Areas in the order of their PC4; arrays of one length. ``place``: index in ``places``; ``ages``: areas × twenty bands;
    ``house_value``: thousand euros; ``urbanity``: 1 most urban to 5."""

    places: Sequence[Place]
    pc4: Ints
    place: Ints
    inhabitants: Ints
    ages: Ints
    house_value: Ints
    urbanity: Ints
    lat: Floats
    lon: Floats
    km2: Floats

    def distances(self, lat: float, lon: float) -> Floats:
        """Kilometres from a place to each area, as the crow flies over a flat country."""
        return np.asarray(np.hypot((self.lat - lat) * _DEGREE, (self.lon - lon) * _DEGREE * np.cos(np.radians(lat))))


@lru_cache(maxsize=1)
def example_atlas() -> Atlas:
    """The areas; the same every time."""
    rng = np.random.default_rng([_SEED, 29])
    places = (*TOWNS, *AROUND)
    size = np.array([one[3] for one in places])
    place = np.repeat(np.arange(len(places)), size)
    ring = np.arange(len(place)) - np.repeat(np.cumsum(size) - size, size)
    count, many = len(place), size[place]
    is_town = place < len(TOWNS)
    mean = np.where(many >= 13, 7800, np.where(many >= 8, 5600, np.where(is_town, 4600, 4200)))
    inhabitants = (mean * np.exp(rng.normal(-0.06, 0.34, count)) / 5).astype(np.int64) * 5
    centrality = np.exp(-ring / np.maximum(many / 3, 1.2)) * np.clip(many / 14, 0.1, 1.0)
    mix = centrality[:, None] * _CENTRE + (1 - centrality)[:, None] * np.where((many < 6)[:, None], _VILLAGE, _COUNTRY)
    mix = mix / mix.sum(axis=1, keepdims=True) * np.exp(rng.normal(0, 0.08, (count, _BANDS)))
    ages = (mix / mix.sum(axis=1, keepdims=True) * inhabitants[:, None] / 5).astype(np.int64) * 5
    homes = np.array([_HOMES[one[1]] for one in places])[place]
    house_value = (homes * np.exp(rng.normal(0, 0.2, count)) * (1 + 0.08 * (ring > many / 2))).astype(np.int64)
    far = 0.75 * np.sqrt(ring) * np.where(many < 6, 1.5, 1.0)
    angle = ring * 2.4 + place
    lat = np.array([one[4] for one in places])[place] + far * np.cos(angle) / _DEGREE
    lon = np.array([one[5] for one in places])[place] + far * np.sin(angle) / (_DEGREE * 0.61)
    km2 = np.round(np.where(centrality > 0.5, 1.1, np.where(many < 6, 9.0, 3.2)) * np.exp(rng.normal(0, 0.3, count)), 2)
    density = inhabitants / km2
    urbanity = 1 + np.searchsorted(-np.array([5200.0, 2300.0, 1300.0, 620.0]), -density)
    return Atlas(
        places, np.array([one[2] for one in places])[place] + ring, place, ages.sum(axis=1), ages, house_value, urbanity,
        np.round(lat, 5), np.round(lon, 5), km2,
    )  # fmt: skip


def load_example_areas(at: datetime) -> int:
    """Put the generated areas in force, unless an edition is in force already; how many areas there are now."""
    if not GeoEdition.objects.exists():
        with tempfile.TemporaryDirectory(prefix="dip-areas-") as folder:
            write_files(Path(folder), example_atlas())
            load_areas(Path(folder), at=at, dated=date(at.year, 1, 1), attribution=SOURCE)
    counts = GeoEdition.objects.values_list("counts", flat=True).first()
    return int((counts or {}).get("pc4", 0))


def write_files(folder: Path, atlas: Atlas) -> None:
    """The areas as the files that :func:`load_areas` reads; no polygons."""
    rows = range(len(atlas.pc4))
    names = [atlas.places[one][0] for one in atlas.place.tolist()]
    provinces = [_PROVINCES[atlas.places[one][1]] for one in atlas.place.tolist()]
    _write(
        folder / geo_files.PLAIN, geo_files.COLUMNS[geo_files.PLAIN],
        ((atlas.pc4[n], names[n], names[n], provinces[n], atlas.inhabitants[n], atlas.lat[n], atlas.lon[n], atlas.km2[n]) for n in rows),
    )  # fmt: skip
    _write(folder / geo_files.MUNICIPALITIES, geo_files.COLUMNS[geo_files.MUNICIPALITIES], _towns(atlas))
    bands = [f"{first}-{first + 4}" for first in range(0, 95, 5)]
    _write(folder / geo_files.AGES, ("postcode", *bands, "95+"), ((atlas.pc4[n], *atlas.ages[n]) for n in rows))
    houses = ((atlas.pc4[n], atlas.house_value[n], atlas.urbanity[n]) for n in rows)
    _write(folder / geo_files.HOUSES, geo_files.COLUMNS[geo_files.HOUSES], houses)


def _towns(atlas: Atlas) -> Iterable[tuple[object, ...]]:
    people = np.bincount(atlas.place, atlas.inhabitants, len(atlas.places)).astype(np.int64)
    km2 = np.bincount(atlas.place, atlas.km2, len(atlas.places))
    for n, (name, _, _, _, lat, lon) in enumerate(atlas.places):
        yield name, people[n], lat, lon, round(float(km2[n]), 2)


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(columns)
        table.writerows(rows)
