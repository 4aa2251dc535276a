"""The official open files, where they are: what the roll-up must add up to."""

import time
from pathlib import Path

import numpy as np
import pytest

from dip.definitions.actions.geo import load_areas
from dip.definitions.queries import geo
from dip.definitions.rules.geo import plain
from dip.definitions.terms import AreaLevel
from dip.web.charts.drawing import svg
from dip.web.charts.maps import AreaMap, AreaValue, area_map
from tests.architecture.tree import ROOT
from tests.definitions.small_country import NOW, empty_geo

__all__ = ["empty_geo"]
FOLDER: Path = ROOT.parent / "shared" / "data" / "nl_geo"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the official open files (../shared/data/nl_geo) are absent"),
    pytest.mark.usefixtures("empty_geo"),
]


def test_the_country_adds_up():
    started = time.perf_counter()
    edition, _is_new = load_areas(FOLDER, at=NOW)
    print(f"loaded in {time.perf_counter() - started:.1f} s")
    counts = edition.counts
    assert (counts["inhabitants"], counts["municipalities"], counts["provinces"], counts["pc4"]) == (17_472_870, 345, 12, 4074)
    for level in AreaLevel:
        assert sum(term.inhabitants for term in geo.areas(level)) == 17_472_870
    assert (counts["with_ages"], counts["polygons_pc4"], counts["polygons_municipality"]) == (4059, 4066, 345)
    assert counts["without_municipality"] <= 9
    problems = [f["problem"] for f in edition.findings]
    assert problems.count("other_sum") == 5, "borders that moved: Haaren was divided, Beemster joined Purmerend"
    assert problems.count("two_names") == 16
    assert geo.municipality_of(3741).name == "Baarn"
    assert geo.municipality_of(5831).name == "Land van Cuijk", "Boxmeer until 2022"
    assert geo.municipality_of(1701).name == "Dijk en Waard", "Heerhugowaard until 2022"
    assert {f["field"] for f in edition.findings if f["problem"] == "far_away"} >= {"1117", "9174", "9999"}
    assert not [f for f in edition.findings if f["problem"] == "urbanity_reversed"]
    assert geo.distance_km(1012, 6211) == pytest.approx(177, abs=4)
    columns = geo.arrays()
    nested = columns.parents(columns.pc4, AreaLevel.PROVINCE)
    town_land = {term.code: term.parent for term in geo.areas(AreaLevel.MUNICIPALITY)}
    for town, land in zip(columns.municipality.tolist(), nested.tolist(), strict=True):
        assert not town or town_land[town] == land
    assert np.isfinite(columns.lat).sum() == 4065


def test_a_map_of_all_municipalities_is_drawn():
    load_areas(FOLDER, at=NOW)
    values = [AreaValue(str(t.code), t.name, round(t.inhabitants / t.km2)) for t in geo.areas(AreaLevel.MUNICIPALITY)]
    made = AreaMap("m", "People", values, geo.shapes(AreaLevel.MUNICIPALITY), "per km²", "Municipality")
    started = time.perf_counter()
    figure = area_map(made)
    drawn = time.perf_counter()
    text = svg(figure)
    print(f"figure {drawn - started:.2f} s, {len(figure.payload) // 1000} kB; SVG {time.perf_counter() - drawn:.2f} s")
    assert text.count("<path") > 340
    assert "IBM Plex Sans" in text
    assert len(figure.table) == 345
    lands = {shape.name: shape for shape in geo.shapes(AreaLevel.PROVINCE)}
    assert plain("Fryslân") in {plain(name) for name in lands}
    utrecht = int(lands["Utrecht"].code)
    assert len(geo.shapes(AreaLevel.PC4, utrecht)) > 220
