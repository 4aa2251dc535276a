"""Every finding has a number; without anything remarkable the measure alone is named."""

from datetime import date, timedelta

import pytest

from dip.sales.rules import findings
from dip.sales.rules.totals import group, key_figures, total
from dip.sales.terms import Expectation, Restatement, Status
from dip.warehouse.terms import NotShown
from tests.sales.shapes import LIMITS, NOW, a_cell, a_comparison, a_line, a_standing, a_state

EXPECTED = Expectation(120, 258.6, 380, 431)


def silent(city, days):
    line = a_line(100, city=city, heard=NOW - timedelta(days=days))
    return a_standing(Status.NO_FIGURES, line=line)


@pytest.mark.parametrize(
    ("row", "code", "values"),
    [
        (a_standing(Status.AHEAD, expected=EXPECTED), "ahead", {"town": "Haarlem", "tickets": 79, "days": 40}),
        (a_standing(Status.BEHIND, sold=100, expected=EXPECTED), "behind", {"tickets": 159}),
        (a_standing(Status.AHEAD, days=-3, expected=EXPECTED), "ahead_played", {"tickets": 79}),
        (a_standing(Status.ON_COURSE, expected=EXPECTED), "curve", {"town": "Haarlem"}),
        (a_standing(None, expected=NotShown()), "curve", {}),
        (a_standing(Status.SOLD_OUT), "sold_out", {"days": 40}),
        (a_standing(Status.SOLD_OUT, days=-1), "sold_out_played", {}),
        (a_standing(Status.NO_FIGURES, line=a_line(None)), "never_figures", {}),
        (silent("Assen", 9), "no_figures", {"town": "Assen", "silent_days": 9}),
    ],
)
def test_heading_of_a_curve(row, code, values):
    found = findings.performance_heading(row, NOW)
    assert found.code == code
    assert values.items() <= found.values.items()


@pytest.mark.parametrize(
    ("sold", "comparison", "codes"),
    [
        (420, a_comparison(), ["lede_above", "lede_sold"]),
        (280, a_comparison(), ["lede_below", "lede_sold"]),
        (351, a_comparison(), ["lede_level", "lede_sold"]),
        (351, NotShown(), ["lede_sold"]),
        (351, None, ["lede_sold"]),
        (None, a_comparison(), ["lede_no_figures"]),
    ],
)
def test_the_lede_begins_with_the_median_when_it_may_be_shown(sold, comparison, codes):
    sums = total([a_state(sold)])
    found = findings.tour_lede([], key_figures(sums, sums, comparison)[0], sums.occupancy, NOW)
    assert [sentence.code for sentence in found] == codes


def test_the_lede_names_at_most_three_towns_furthest_behind_first():
    rows = [
        a_standing(Status.BEHIND, city, line=a_line(sold, city=city), expected=EXPECTED)
        for city, sold in (("Nijmegen", 200), ("Maastricht", 100), ("Tilburg", 220), ("Venlo", 230), ("Nijmegen", 240))
    ]
    sums = total([a_state(338)])
    found = findings.tour_lede([*rows, silent("Assen", 9), silent("Zwolle", 3)], key_figures(sums, sums)[0], sums.occupancy, NOW)
    lag = next(s for s in found if s.code == "towns_lag")
    assert lag.values == {"towns": ["Maastricht", "Nijmegen", "Tilburg"], "count": 4}
    quiet = next(s for s in found if s.code == "towns_silent")
    assert quiet.values == {"towns": ["Assen", "Zwolle"], "count": 2, "silent_days": 9}


@pytest.mark.parametrize(
    ("statuses", "code", "values"),
    [
        ([Status.BEHIND] * 3 + [Status.NO_FIGURES], "towns_lag_and_silent", {"behind": 3, "silent": 1}),
        ([Status.BEHIND, Status.AHEAD], "towns_only_lag", {"behind": 1}),
        ([Status.NO_FIGURES], "towns_only_silent", {"silent": 1}),
        ([Status.SOLD_OUT, Status.AHEAD], "towns_sold_out", {"full": 1}),
        ([Status.AHEAD, None], "towns_ahead", {"ahead": 1}),
        ([Status.ON_COURSE, None], "towns", {"towns": 2}),
        ([], "towns", {"towns": 0}),
    ],
)
def test_heading_of_the_map(statuses, code, values):
    found = findings.towns_heading(statuses)
    assert found.code == code
    assert values.items() <= found.values.items()


def test_a_town_counts_once_with_its_most_remarkable_performance():
    rows = [a_standing(Status.AHEAD, "Leiden"), a_standing(Status.BEHIND, "Leiden"), a_standing(None, "Breda")]
    assert findings.town_statuses(rows) == {"Leiden": Status.BEHIND, "Breda": None}


@pytest.mark.parametrize(
    ("sold", "median", "code"),
    [(110, 100.0, "tour_ahead"), (90, 100.0, "tour_behind"), (100, 100.4, "tour"), (100, None, "tour"), (0, 0.0, "tour")],
)
def test_heading_of_the_tour(sold, median, code):
    assert findings.tour_heading(sold, median).code == code


@pytest.mark.parametrize(
    ("lead", "sold", "code"),
    [
        (4927, 61055, "season_ahead"),
        (-700, 61055, "season_behind"),
        (20, 61055, "season"),
        (None, 100, "season"),
        (-9, 0, "season"),
    ],
)
def test_heading_of_the_season(lead, sold, code):
    found = findings.season_heading(2026, lead, sold)
    assert found.code == code
    if code != "season":
        assert found.values["tickets"] == abs(lead)


def test_the_lede_of_a_season_names_what_stands_out():
    sums = total([a_state(338)])
    rows = [a_standing(Status.AHEAD)._replace(expected=EXPECTED)]
    ahead = group("1", "Zeven Dagen Vloed", "", rows, LIMITS)
    behind = group("2", "Nachttrein", "", [a_standing(Status.BEHIND, line=a_line(100))._replace(expected=EXPECTED)], LIMITS)
    found = findings.season_lede(key_figures(sums, sums)[0], sums.occupancy, [ahead, behind], 50)
    assert [s.code for s in found] == ["lede_sold", "lede_more", "groups_ahead", "groups_lag"]
    assert found[2].values == {"names": ["Zeven Dagen Vloed"], "count": 1}
    nothing = total([a_state(None)])
    assert findings.season_lede(key_figures(nothing, nothing)[0], None, [], None)[0].code == "lede_no_figures"


def test_market_and_region_name_the_largest_share():
    cells = [a_cell(1, 100), a_cell(5, 400), a_cell(2, 900, NotShown())]
    assert findings.market_heading(cells).values == {"share": 0.04, "genre_id": 5}
    assert findings.market_heading([a_cell(2, 900, NotShown())]).code == "market"
    provinces = [a_cell(1, 100, province_id=12), a_cell(1, 50, province_id=3)]
    assert findings.region_heading(provinces).values == {"share": 0.01, "province_id": 12}
    assert findings.region_heading([]).code == "region"


def test_the_lede_of_a_performance_says_where_others_stood_and_ended():
    row = a_standing(Status.AHEAD, expected=EXPECTED)
    assert [s.code for s in findings.performance_lede(row, NOW)] == ["lede_one", "lede_stood"]
    played = a_standing(Status.AHEAD, days=-3, expected=EXPECTED)
    assert [s.code for s in findings.performance_lede(played, NOW)] == ["lede_one", "lede_ended"]
    assert [s.code for s in findings.performance_lede(silent("Assen", 9), NOW)] == ["lede_one", "one_no_figures"]
    assert [s.code for s in findings.performance_lede(a_standing(Status.NO_FIGURES, line=a_line(None)), NOW)] == [
        "one_never_figures"
    ]


def test_the_lede_of_a_theatre_names_the_productions_that_lag_and_are_silent():
    rows = [a_standing(Status.BEHIND, expected=EXPECTED), silent("Assen", 9)]
    sums = total([a_state(338)])
    found = findings.house_lede(rows, rows[:1], key_figures(sums, sums)[0], sums.occupancy)
    assert [s.code for s in found] == ["lede_sold", "lede_week", "groups_lag", "groups_silent"]
    assert found[1].values == {"performances": 1, "sold": 338}
    nothing = total([])
    assert findings.house_lede([], [], key_figures(nothing, nothing)[0], None)[0].code == "lede_no_figures"


def restated(**over):
    values = {
        "number": 1, "production_id": 1, "title": "Vloed", "city": "Zwolle", "theatre": "Sassenhof", "performance_date": date(2026, 12, 1),
        "sales_date": date(2026, 11, 21), "sold_before": 559, "sold_after": 552, "cents_before": 1, "cents_after": 2,
        "known_at": NOW, "source": "Kassa",
    }  # fmt: skip
    return Restatement(**values | over)


def test_restatements_tell_what_changed():
    assert findings.restatement_note([]) == []
    note = findings.restatement_note([restated(), restated(number=2), restated(number=3), restated()])
    assert note[0].values == {"days": 3}
    assert len(note) == 3
    assert findings.restated_day(restated()).code == "restated_tickets"
    assert findings.restated_day(restated(sold_after=559)).code == "restated_recette"
    assert findings.restated_day(restated(sold_after=559, cents_after=1)).code == "restated_kinds"
