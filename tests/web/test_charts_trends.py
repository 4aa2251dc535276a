"""Lines over seasons, small panels and shares: drawn, told and complete."""

import pytest
from django.utils import translation

from dip.web.charts.drawing import svg
from dip.web.charts.figure import Cell
from dip.web.charts.trends import TrendChart, TrendLine, trend_chart
from dip.web.charts.trends_panels import Panel, Panels, panels_chart
from dip.web.charts.trends_shares import ShareBar, Shares, shares_chart


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def chart(**changes):
    given = {
        "name": "whole",
        "title": "Occupancy rose",
        "sub": "All genres",
        "column": "Season",
        "stops": [(float(n), f"202{n}", f"202{n}") for n in range(5)],
        "lines": [
            TrendLine("You", "own", [0.4, None, 0.5, 0.6, 0.3]),
            TrendLine("National", "national", [0.5, 0.55, None, 0.6, 0.2], [0.01, 0.02, None, 0.01, 0.05], frozenset({2})),
            TrendLine("Constant mix", "adjusted", [0.5, 0.52, None, 0.58, None]),
        ],
        "ticks": [(0.0, "2020"), (4.0, "2024")],
        "few_ticks": [(4.0, "2024")],
        "write": lambda value: "–" if value is None else f"{value:.0%}",
        "tick": lambda value: f"{value:.0%}",
        "raw": lambda value: f"{value:.2f}",
        "so_far": 4,
    }
    return trend_chart(TrendChart(**{**given, **changes}))


class TestLines:
    def test_the_twin_tells_everything_that_is_drawn(self):
        found = chart()
        assert list(found.columns) == ["Season", "You", "National", "margin of 95 % (±)", "Constant mix"]
        assert [cell.text for cell in found.table[0]] == ["2020", "40%", "50%", "1%", "50%"]
        assert found.table[2][2].text == "not shown: too few, or too concentrated"
        assert found.table[1][1].text == "–"
        assert found.walk[0].text == "2020: You 40%, National 50%, Constant mix 50%"

    def test_what_is_missing_leaves_a_gap_and_what_runs_is_not_joined(self):
        rows = chart().datasets["line0"]
        assert [row["x"] for row in rows] == [0.0, 2.0, 3.0]
        assert rows[0]["part"] != rows[1]["part"] == rows[2]["part"]

    @pytest.mark.parametrize("narrow", [False, True])
    @pytest.mark.parametrize("dark", [False, True])
    def test_it_can_be_drawn(self, narrow, dark):
        drawn = svg(chart(), narrow=narrow, dark=dark)
        assert ("20%" if narrow else "National 20%") in drawn

    def test_one_stop_and_nothing_at_all(self):
        one = chart(stops=[(0.0, "2020", "2020")], lines=[TrendLine("National", "national", [0.5])], so_far=None)
        assert "National" in svg(one)
        nothing = chart(lines=[TrendLine("National", "national", [None] * 5)])
        assert svg(nothing)


class TestPanels:
    def figure(self, count=7):
        panels = [
            Panel(f"Day {n}", [0.5, None, 0.6], [None, 0.4, 0.5] if n % 2 else [None] * 3, "60 %", "50 %") for n in range(count)
        ]
        table = [[Cell(panel.title, panel.title)] for panel in panels]
        return panels_chart(
            Panels("values", "Saturday moved most", "By weekday", panels, "2020", "2022", ["Day"], table, "You", "National")
        )

    @pytest.mark.parametrize("count", [1, 4, 6, 7, 12])
    def test_every_panel_is_there(self, count):
        for narrow in (False, True):
            drawn = svg(self.figure(count), narrow=narrow)
            assert all(f"Day {n}" in drawn for n in range(count))

    def test_the_key_names_own_figures_only_when_there_are(self):
        assert [text for _, text in self.figure(7).key] == ["You", "National"]
        assert [text for _, text in self.figure(1).key] == ["National"]
        assert "Day 0 60 %" in self.figure(1).description


def test_shares_add_up_and_what_is_held_back_is_told():
    bars = [ShareBar("2024", [0.4, 0.3, 0.2, 0.1]), ShareBar("2025", None)]
    found = shares_chart(Shares("horizons", "A tenth", "By horizon", ["far", "near", "nearer", "last week"], bars, [""], []))
    rows = found.datasets["parts"]
    assert [(row["from"], round(row["to"], 6)) for row in rows[:4]] == [
        (0.0, 0.4),
        (0.4, 0.7),
        (0.7, 0.9),
        (pytest.approx(0.9), 1.0),
    ]
    assert rows[4]["text"] == "s"
    assert "last week 10" in found.description
    for narrow in (False, True):
        assert "2025" in svg(found, narrow=narrow)
