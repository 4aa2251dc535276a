from datetime import date

import numpy as np
import pytest

from dip.definitions.actions.geo import UnableToLoadAreas, load_areas
from dip.definitions.models import Area, GeoEdition, Municipality
from dip.definitions.queries import geo, provinces
from dip.definitions.rules.geo import plain, read_atlas, tally
from dip.definitions.terms import AreaLevel, GeoProblem
from tests.definitions.small_country import HEAD, NOW, ROWS, empty_geo, small_country, write

__all__ = ["empty_geo", "small_country"]
pytestmark = pytest.mark.django_db


def names(level):
    return {term.name: term for term in geo.areas(level)}


@pytest.mark.usefixtures("empty_geo")
def test_without_files_nothing_is_known_and_nothing_is_guessed():
    assert geo.edition() is None
    assert geo.areas(AreaLevel.PROVINCE) == ()
    assert geo.province_of(1011) is None
    assert geo.municipality_of(1011) is None
    assert geo.distance_km(1011, 1012) is None
    assert geo.shapes(AreaLevel.PROVINCE) == ()
    assert not geo.has_polygons(AreaLevel.PROVINCE)
    assert geo.inhabitants(AreaLevel.PC4, 1011) == 0
    assert geo.arrays().parents(np.array([1011, 0]), AreaLevel.PROVINCE).tolist() == [0, 0]


def test_areas_roll_up(small_country):
    towns, lands = names(AreaLevel.MUNICIPALITY), names(AreaLevel.PROVINCE)
    assert {name: town.inhabitants for name, town in towns.items()} == {"Lindum": 5200, "Meerdam": 9300, "Vaarle aan Zee": 3400}
    assert lands["Utrecht"].inhabitants == 8600
    assert lands["Flevoland"].inhabitants == 9300, "all of Meerdam: an area lies in the province of its municipality"
    assert sum(land.inhabitants for land in lands.values()) == small_country.counts["inhabitants"] == 17_900
    assert towns["Meerdam"].parent == lands["Flevoland"].code
    assert geo.inhabitants(AreaLevel.MUNICIPALITY, towns["Lindum"].code) == 5200


def test_an_area_is_found_by_its_postcode(small_country):
    assert geo.area_of_pc4(3501).name == "Lindum"
    assert geo.municipality_of(3503).name == "Vaarle aan Zee", "an old name goes where its other postcodes went"
    assert geo.province_of(8202).name == "Flevoland"
    assert geo.municipality_of(3500).name == "Lindum", "only letter boxes: by the name of the place"
    assert geo.municipality_of(8299) is None
    assert geo.area_of_pc4(1011) is None
    assert geo.distance_km(3501, 3502) == pytest.approx(6.84, abs=0.02)
    assert geo.distance_km(3501, 8299) is None
    assert geo.centroid(3500) is None, "the place of a letter box is nobody's home"


def test_columns_map_a_whole_column(small_country):
    columns = geo.arrays()
    found = columns.parents(np.array([3503, 0, 9999, 8202, 12_345]), AreaLevel.MUNICIPALITY)
    assert [geo.area(AreaLevel.MUNICIPALITY, code).name if code else "" for code in found.tolist()] == [
        "Vaarle aan Zee", "", "", "Meerdam", "",
    ]  # fmt: skip
    assert columns.ages[columns.place[3501]].sum() == 4000
    assert np.isnan(columns.ages[columns.place[8201]]).all()
    assert columns.urbanity[columns.place[3501]] == 1
    assert np.isnan(columns.house_value[columns.place[3502]]), "kept secret by its source"
    assert columns.is_po_box[columns.place[3500]]


def test_each_finding_names_file_row_field_and_value(small_country):
    found = {(f["problem"], f["file"], f["row"], f["field"], f["value"]) for f in small_country.findings}
    best = "pc4_with_gemeente2022.csv"
    assert ("name_matched", best, 4, "gemeente", "3503 Vaarle → Vaarle aan Zee") in found
    assert ("two_names", best, 3, "gemeente_2022", "3502 Lindum, Meerdam") in found
    assert ("no_municipality", best, 8, "gemeente", "8299") in found
    assert ("other_province", best, 0, "provincie", "8202 Meerdam") in found
    assert ("other_sum", "gemeenten.csv", 4, "inwoners", "Meerdam: 4000, 9300") in found
    assert ("no_area", "pc4.geojson", 0, "pc4", "9999") in found
    assert ("no_place", "pc4.csv", 0, "lat", "8299") in found
    assert {f[3] for f in found if f[0] == "far_away"} == {"3502"}


def test_bad_rows_are_left_out_and_the_good_kept(tmp_path):
    bad = ["35x1,Lindum,Lindum,Utrecht,,,1,,,52,5,1,Lindum", ROWS[0], "3505,Lindum,Lindum,Atlantis,,,veel,,,52,5,1,Lindum"]
    atlas = read_atlas(write(tmp_path, [*ROWS, *bad]), provinces())
    problems = tally(atlas.findings)
    assert problems[GeoProblem.NOT_A_POSTCODE] == problems[GeoProblem.TWICE] == problems[GeoProblem.UNKNOWN_PROVINCE] == 1
    assert problems[GeoProblem.NOT_A_NUMBER] == 1
    assert {row.pc4 for row in atlas.postcodes} >= {3501, 3505}


def test_urbanity_the_other_way_round_is_turned(tmp_path):
    folder = write(tmp_path)
    (folder / "pc4_woz_urban.csv").write_text("pc4;woz;urb\n3501;410;5\n8202;300;1\n")
    atlas = read_atlas(folder, provinces())
    assert tally(atlas.findings)[GeoProblem.URBANITY_REVERSED] == 1
    assert {row.pc4: row.urbanity for row in atlas.postcodes if row.urbanity} == {3501: 1, 8202: 5}


def test_the_same_files_again_change_nothing(small_country, tmp_path):
    before = set(Municipality.objects.values_list("pk", "name"))
    again, is_new = load_areas(tmp_path / "open", at=NOW)
    assert not is_new
    assert again.pk == small_country.pk
    later, is_new = load_areas(tmp_path / "open", at=NOW, dated=date(2024, 1, 1))
    assert is_new
    assert geo.edition().dated == date(2024, 1, 1) == later.dated
    assert set(Municipality.objects.values_list("pk", "name")) == before, "numbers stay"
    assert Area.objects.count() == 8
    assert GeoEdition.objects.count() == 2


def test_another_edition_takes_over_in_every_process(small_country, tmp_path):
    before = geo.stamp()
    load_areas(write(tmp_path / "next", ROWS[:5]), at=NOW)
    assert geo.stamp() != before
    assert geo.area_of_pc4(8202) is None
    assert geo.edition().counts["pc4"] == 5


@pytest.mark.usefixtures("empty_geo")
def test_what_cannot_be_used_is_refused_whole(tmp_path):
    with pytest.raises(UnableToLoadAreas, match=r"has no pc4\.csv"):
        load_areas(tmp_path, at=NOW)
    folder = write(tmp_path / "a")
    (folder / "gemeenten.csv").write_text("naam,inwoners\n")
    with pytest.raises(UnableToLoadAreas, match=r"gemeenten\.csv, row 1: there is no column 'gemeente'"):
        load_areas(folder, at=NOW)
    (write(folder) / "pc4.geojson").write_text("[")
    with pytest.raises(UnableToLoadAreas, match=r"pc4\.geojson is no JSON"):
        load_areas(folder, at=NOW)
    (write(folder) / "pc4_with_gemeente2022.csv").write_text(HEAD)
    with pytest.raises(UnableToLoadAreas, match="no usable row"):
        load_areas(folder, at=NOW)
    assert not GeoEdition.objects.exists()
    assert geo.edition() is None


def test_polygons_are_those_that_were_loaded(small_country):
    assert [shape.name for shape in geo.shapes(AreaLevel.PROVINCE)] == ["Flevoland", "Utrecht"]
    utrecht = names(AreaLevel.PROVINCE)["Utrecht"].code
    assert [s.name for s in geo.shapes(AreaLevel.MUNICIPALITY, utrecht)] == ["Lindum", "Vaarle aan Zee"]
    assert [s.code for s in geo.shapes(AreaLevel.PC4, utrecht)] == ["3501", "3502", "3503", "3504"]
    digest = small_country.shapes["province.json"]
    (geo.home() / digest[:16] / "province.json").write_text("{}")
    geo.forget()
    assert geo.shapes(AreaLevel.PROVINCE) == (), "a file that was touched is not drawn"


def test_polygons_that_are_gone_are_put_back(small_country, tmp_path):
    digest = small_country.shapes["province.json"]
    (geo.home() / digest[:16] / "province.json").unlink()
    geo.forget()
    load_areas(tmp_path / "open", at=NOW)
    assert len(geo.shapes(AreaLevel.PROVINCE)) == 2


def test_questions_are_answered_from_memory(small_country, django_assert_num_queries):
    geo.areas(AreaLevel.PC4)
    with django_assert_num_queries(0):
        for pc4 in range(3500, 3600):
            geo.province_of(pc4)
        geo.shapes(AreaLevel.PROVINCE)
        geo.distance_km(3501, 8201)


def test_names_are_compared_without_signs():
    assert plain("'s-Gravenhage") == "sgravenhage"
    assert plain("Friesland") == plain("Fryslân")
    assert plain("Noardeast-Fryslân") == plain("Noardeast Fryslan")
