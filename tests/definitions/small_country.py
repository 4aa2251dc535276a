"""Open files of areas of an invented country of two provinces, with the oddities of the real ones."""

import json
import shutil
from datetime import UTC, datetime

import pytest

from dip.definitions.actions.geo import load_areas
from dip.definitions.queries import geo

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HEAD = "pc4,plaats,gemeente,provincie,nuts3,ggdregio,inwoners,inwoners_man,inwoners_vrouw,lat,lon,km2,gemeente_2022\n"
ROWS = [
    "3501,Lindum,Lindum,Utrecht,,,4000,2000,2000,52.05,5.05,2,Lindum",
    "3502,Lindum,Lindum,Utrecht,,,1200,600,600,52.05,5.15,4,Meerdam",
    "3503,Oud-Vaarle,Vaarle,Utrecht,,,800,400,400,52.15,5.05,9,",
    "3504,Oud-Vaarle,Vaarle,Utrecht,,,2600,1300,1300,52.15,5.15,8,Vaarle aan Zee",
    "8201,Meerdam,Meerdam,Flevoland,,,9000,4500,4500,52.25,5.05,10,Meerdam",
    "8202,Meerdam,Meerdam,Gelderland,,,300,150,150,52.25,5.15,20,Meerdam",
    "8299,,,,,,,,,,,,",
]
TOWNS = """gemeente,inwoners,lat,lon,km2
Lindum,5200,52.05,5.1,6
Vaarle aan Zee,,52.15,5.1,17
Meerdam,4000,52.25,5.1,30
"""


def square(lat, lon, wide=0.1):
    ring = [[lon - wide / 2, lat - 0.05], [lon + wide / 2, lat - 0.05], [lon + wide / 2, lat + 0.05], [lon - wide / 2, lat + 0.05]]
    return {"type": "MultiPolygon", "coordinates": [[[*ring, ring[0]]]]}


def feature(key, value, *place):
    return {"type": "Feature", "properties": {key: value}, "geometry": square(*place)}


def write(folder, rows=ROWS):
    """The files; ``rows`` of PC4 may be others."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pc4_with_gemeente2022.csv").write_text(HEAD + "\n".join(rows) + "\n")
    (folder / "gemeenten.csv").write_text(TOWNS)
    bands = ",".join([*(f"{year}-{year + 4}" for year in range(0, 95, 5)), "95+"])
    (folder / "pc4_age.csv").write_text(f"postcode,{bands}\n3501,{','.join(['200'] * 20)}\n3502,{','.join(['60'] * 20)}\n")
    (folder / "pc4_woz_urban.csv").write_text("\ufeffpc4;woz;urb\n3501;410;1\n3502;-99997;2\n8201;250;2\n8202;300;5\n")
    addresses = {"3501": [52.05, 5.05], "3502": [53.4, 6.9], "3500": [52.05, 5.06]}
    document = {code: {"city": "Lindum", "c": place} for code, place in addresses.items()}
    (folder / "pc4_address_centroids.json").write_text(json.dumps(document))
    shapes = {
        "provincies": [feature("name", "Utrecht", 52.05, 5.1, 0.2), feature("name", "Flevoland", 52.25, 5.1, 0.2)],
        "gemeenten": [
            feature("name", n, lat, 5.1, 0.2) for n, lat in (("Lindum", 52.05), ("Vaarle aan zee", 52.15), ("Meerdam", 52.25))
        ],
        "pc4": [feature("pc4", int(row[:4]), *(float(part) for part in row.split(",")[9:11])) for row in ROWS[:6]],
    }
    shapes["pc4"].append(feature("pc4", 9999, 52.35, 5.1))
    for name, features in shapes.items():
        (folder / f"{name}.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return folder


@pytest.fixture
def empty_geo():
    """Nothing is loaded, and nothing stays behind."""
    shutil.rmtree(geo.home(), ignore_errors=True)
    geo.forget()
    yield
    shutil.rmtree(geo.home(), ignore_errors=True)
    geo.forget()


@pytest.fixture
def small_country(db, empty_geo, tmp_path):
    """The invented country, loaded."""
    return load_areas(write(tmp_path / "open"), at=NOW)[0]
