import json
import re

import pytest
from django.utils import translation

from dip.web.charts import drawing, maps, polygons
from dip.web.charts.maps import AreaMap, AreaValue, Shape, area_map, province_map
from dip.web.charts.tiles import Tile, TileMap


def box(code, left, low, wide=40, high=40, name=""):
    ring = ((left, low), (left + wide, low), (left + wide, low + high), (left, low + high))
    return Shape(code, name or f"Area {code}", 250, ((ring,),))


SHAPES = [box("1", 0, 0), box("2", 40, 0), box("3", 0, 40), box("4", 40, 40), box("5", 80, 0, 1, 80)]
VALUES = [
    AreaValue("1", "Lindum", 12.0),
    AreaValue("2", "Vaarle", 40.0),
    AreaValue("3", "Meerdam", None, suppressed=True),
    AreaValue("5", "Strook", 30.0),
    AreaValue("9", "Elders", 8.0),
]


def made(**over):
    return area_map(
        AreaMap(
            **{"name": "m", "title": "Where from", "areas": VALUES, "shapes": SHAPES, "measure": "Buyers", "heading": "Area"} | over
        )
    )


def test_the_specification_is_valid_and_names_only_tokens():
    import altair

    figure = made(outlines=[box("x", 0, 0, 80, 80)])
    for narrow in (False, True):
        altair.Chart.from_dict(figure.spec(narrow))
    text = json.dumps([figure.spec(), figure.spec(True)])
    assert not re.search(r"#[0-9a-fA-F]{3,6}\b", text)
    assert set(re.findall(r"var\(--([\w-]+)\)", text)) <= set(drawing.tokens())


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("narrow", [False, True])
def test_the_drawing_has_areas_values_and_no_scripts(dark, narrow):
    svg = drawing.svg(made(), narrow=narrow, dark=dark)
    assert ">12<" in svg
    assert ">40<" in svg
    assert ">s<" in svg
    assert ">30<" not in svg, "the strip is too narrow for its value"
    assert svg.count("stroke-dasharray") == 1
    assert "IBM Plex Sans" in svg
    assert "<script" not in svg


def test_a_map_never_shows_what_is_held_back():
    hidden = [AreaValue("3", "Meerdam", 123.0, suppressed=True), VALUES[0]]
    figure = made(areas=hidden)
    whole = json.dumps([figure.spec(), figure.description, [[c.text, c.raw] for row in figure.table for c in row]])
    assert "123" not in whole
    assert figure.table[0][1].raw == ""


def test_the_twin_has_every_area_also_one_without_a_shape():
    with translation.override("en"):
        figure = made()
    assert [row[0].text for row in figure.table] == ["Lindum", "Vaarle", "Meerdam", "Strook", "Elders"]
    assert figure.table[2][1].text == "not shown: too few, or too concentrated"
    assert figure.description.startswith("Where from: Lindum 12, Vaarle 40")
    assert figure.key[-1][1] == "not known", "area 4 has no data"
    assert len(figure.datasets["hatch"]) == 1


def test_many_areas_are_not_all_spoken():
    shapes = [box(str(n), 10 * n, 0, 10, 10) for n in range(40)]
    figure = made(areas=[AreaValue(str(n), f"Area {n}", float(n)) for n in range(40)], shapes=shapes)
    assert figure.description.count(",") == 11
    assert "Area 39" in figure.description
    assert len(figure.table) == 40


def test_there_are_four_classes_at_most():
    shapes = [box(str(n), 10 * n, 0, 10, 10) for n in range(40)]
    figure = made(areas=[AreaValue(str(n), f"Area {n}", float(n)) for n in range(40)], shapes=shapes)
    assert {row["fill"] for row in figure.datasets["areas"]} == {f"var(--seq-{n})" for n in (1, 2, 3, 4)}


def test_provinces_are_tiles_until_there_are_polygons():
    tiles = [Tile("UT", "Utrecht", 0, 0, 0.5), Tile("FL", "Flevoland", 0, 1, None, suppressed=True)]
    data = TileMap("p", "Provinces", tiles, "Share", True)
    assert "tiles" in province_map(data, []).datasets
    figure = province_map(data, [box("7", 0, 0, name="Utrecht"), box("5", 40, 0, name="Flevoland")])
    assert [row["text"] for row in figure.datasets["areas"]] == ["50\u00a0%", "s"]
    assert [row[0].text for row in figure.table] == ["Utrecht", "Flevoland"]


def test_a_label_stands_inside_and_hatching_too():
    ring = ((0, 0), (100, 0), (100, 100), (90, 100), (90, 10), (0, 10))
    hole = ((20, 2), (40, 2), (40, 8), (20, 8))
    shape = Shape("a", "Corner", 10, ((ring, hole),))
    east, north, wide, tall = polygons.middle(shape)
    assert 900 <= east <= 1000
    assert 0 <= north <= 1000
    assert (wide, tall) == (100, 1000)
    lines = polygons.hatching(shape, 50.0)
    assert lines
    for (ax, ay), (bx, by) in lines:
        x, y = (ax + bx) / 2, (ay + by) / 2
        assert x >= 900 - 1 or y <= 100 + 1
        assert not (200 < x < 400 and 20 < y < 80)


def test_nothing_to_draw_is_still_a_figure():
    figure = made(shapes=[], areas=[])
    assert figure.table == []
    assert figure.height_wide <= maps.MOST_HEIGHT
