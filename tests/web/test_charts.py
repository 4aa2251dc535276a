import itertools
import json
import re
from datetime import date, timedelta

import pytest
from django.template import Context, Template
from django.utils import translation

from dip.web import sample
from dip.web.charts import columns, curve, drawing, layers, season, tiles
from dip.web.charts.figure import as_csv

FIGURES = sample.figures()
IDS = [figure.name for figure in FIGURES]


@pytest.mark.parametrize("figure", FIGURES, ids=IDS)
@pytest.mark.parametrize("narrow", [False, True])
def test_a_specification_is_valid(figure, narrow):
    import altair

    altair.Chart.from_dict(figure.spec(narrow))


@pytest.mark.parametrize("figure", FIGURES, ids=IDS)
def test_colours_are_tokens_that_exist(figure):
    text = json.dumps([figure.spec(), figure.spec(True)])
    assert not re.search(r"#[0-9a-fA-F]{3,6}\b", text)
    assert set(re.findall(r"var\(--([\w-]+)\)", text)) <= set(drawing.tokens())


@pytest.mark.parametrize("figure", FIGURES, ids=IDS)
def test_the_server_draws_the_same_with_its_text(figure):
    svg = drawing.svg(figure)
    assert "IBM Plex Sans" in svg
    assert svg.count("<text") >= 5
    assert "var(--" not in svg


def test_the_curve_prints_its_labels():
    svg = drawing.svg(sample.curve())
    for words in ("seats for sale", "national median", "national p90", "Today · 40 days before", "newspaper review"):
        with translation.override("en"):
            assert words in drawing.svg(sample.curve())
    assert "702" in svg


BAND = [curve.BandPoint(60, 60, 100, 140), curve.BandPoint(0, 200, 300, 400)]
OWN = [(60, 80), (40, 250), (30, 260)]


def made(**over):
    return curve.sales_curve(curve.SalesCurve("c", "Haarlem", **{"own": OWN, "capacity": 500, "today": 30, "band": BAND} | over))


def test_nothing_of_the_own_line_lies_right_of_today():
    figure = made(own=[*OWN, (20, 999)])
    assert min(-row["x"] for row in figure.datasets["own"]) == 30
    assert all(row[1].raw == "" for row in figure.table if int(row[0].raw) < 30)


@pytest.mark.parametrize(
    ("sold", "today", "words"),
    [
        (260, 30, "Haarlem is 60 tickets ahead of the median, 30 days out"),
        (140, 30, "Haarlem is 60 tickets behind the median, 30 days out"),
        (205, 30, "Haarlem is on course, 30 days out"),
    ],
)
def test_the_heading_is_the_finding(sold, today, words):
    with translation.override("en"):
        assert made(own=[(60, 80), (30, sold)], today=today).title == words


def test_without_a_band_the_heading_names_the_measure_only():
    with translation.override("en"):
        figure = made(band=[])
    assert figure.title == "Tickets sold for Haarlem, by days before"
    assert figure.columns == ["Days before", "Sold"]


def test_once_played_the_line_ends_at_the_performance():
    with translation.override("en"):
        figure = made(own=[(60, 80), (0, 450)], today=None)
    assert figure.title == "Haarlem ended 150 tickets above the median"
    assert "Today" not in json.dumps(figure.wide)


def test_without_any_sale_there_is_still_a_figure():
    figure = made(own=[], band=[])
    assert figure.table == []
    assert made(own=[(0, 0)], band=[], capacity=0, today=0).wide


def test_the_twin_holds_the_numbers_and_its_export_is_raw():
    with translation.override("nl"):
        figure = made(own=[(60, 80), (30, 1260)])
    row = next(row for row in figure.table if row[0].raw == "30")
    assert [cell.text for cell in row] == ["30", "1.260", "200", "130", "270"]
    assert "30;1260;200.0;130.0;270.0" in as_csv(figure)


def test_the_walk_says_what_stands_there():
    with translation.override("en"):
        figure = made()
    assert figure.walk[figure.walk_start].text == "today, 30 days before: 260 sold, median 200 (130–270)"
    assert figure.walk[0].x == 0.0
    assert figure.walk[-1].x == 1.0


def test_a_day_without_a_position_carries_the_one_before():
    band = [*BAND, curve.BandPoint(35, 100, 190, 280)]
    row = next(row for row in made(band=band).table if row[0].raw == "35")
    assert row[1].raw == "250"


def test_labels_keep_their_distance_and_the_important_one_its_place():
    moved = layers.nudge([100, 104, 98, 300], 15, 0)
    assert moved == [100, 115, 85, 300]
    ordered = sorted(moved)
    assert all(b - a >= 15 for a, b in itertools.pairwise(ordered))


@pytest.mark.parametrize(
    ("top", "ticks"), [(760, [0, 200, 400, 600]), (3, [0, 1, 2, 3]), (0, [0]), (100000, [0, 25000, 50000, 75000, 100000])]
)
def test_ticks_are_round(top, ticks):
    assert layers.nice_ticks(top) == ticks


def test_the_season_is_set_beside_the_same_weekday_a_year_before():
    today = date(2026, 11, 23)
    this = [(today - timedelta(days=1), 110), (today, 120)]
    last = [(today - timedelta(days=364), 100), (today - timedelta(days=300), 900)]
    with translation.override("en"):
        figure = season.season_chart(season.SeasonChart("s", this, last, "2026–27", "2025–26", today))
    assert figure.title == "Season 2026–27 runs 20 tickets ahead of last year"
    assert [cell.raw for cell in figure.table[-1]] == [(today + timedelta(days=64)).isoformat(), "", "900"]


def test_a_season_in_money_is_written_in_euros():
    today = date(2026, 11, 23)
    with translation.override("nl"):
        figure = season.season_chart(season.SeasonChart("s", [(today, 500_000)], [], "2026–27", "2025–26", today, in_cents=True))
    assert figure.table[0][1].text == "€\u00a05.000"
    assert figure.table[0][1].raw == "5000.00"
    assert "Recette" in figure.title


def test_a_suppressed_province_tells_no_number():
    tile = tiles.Tile("ZE", "Zeeland", 0, 0, None, suppressed=True)
    figure = tiles.tile_map(tiles.TileMap("t", "T", [tile, tiles.Tile("LI", "Limburg", 1, 0, 0.5)], "Occupancy", True))
    assert figure.datasets["tiles"][0]["text"] == "s"
    assert "geconcentreerd" in figure.table[0][1].text
    assert figure.table[0][1].raw == ""


def test_classes_are_four_at_most():
    limits = tiles.breaks([n / 100 for n in range(100)])
    assert len(limits) == 3
    assert {tiles.class_of(n / 100, limits) for n in range(100)} == {1, 2, 3, 4}
    assert tiles.breaks([0.5]) == []
    assert tiles.breaks([]) == []
    assert len(tiles.breaks([0.1, 0.9])) == 1


def test_columns_say_their_values_aloud():
    data = columns.Categories("c", "Pairs", [columns.Category("1", 0.11, 0.14), columns.Category("2", None)], "you", "all", True)
    figure = columns.columns_chart(data)
    assert "1 11\u00a0%" in figure.description
    assert figure.table[1][1].text == "–"


def test_what_people_typed_cannot_leave_the_data_element():
    figure = made(title="</script><script>alert(1)</script>", events=[curve.Event(40, "</script>")])
    html = Template("{% chart figure %}").render(Context({"figure": figure}))
    assert "<script>alert" not in html
    assert html.count("</script>") == 1
