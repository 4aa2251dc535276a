"""The bench of settlements: its season, what it makes of the figures, and that the sheet beside it calculates the same."""

from collections import Counter
from itertools import islice

import pytest

from dip.contracts.rules.steps import residual, settle
from dip.contracts.rules.values import check_terms
from dip.site.bench import settle as bench
from dip.site.bench.settle_season import MIX, season

STAGE = {"agreements": 1000, "seconds": 21.5, "cpu_seconds": 9.0, "documents": {"measured": False}}


def test_the_season_is_the_same_every_time_in_the_mix_that_agencies_see():
    once = list(season(1_000))
    assert Counter(one.format for one in once) == MIX
    assert once == list(islice(season(1_000), 1_000))
    for one in once:
        assert [finding for finding in check_terms(one.format, one.values) if not finding.is_warning] == []
        assert residual(settle(one.format, one.values, one.evenings)) == 0


def test_the_result_names_the_goal_and_the_ratios():
    sheet = {"measured": True, "pandas_by_row_per_second": 2_000, "pandas_by_column_per_second": 100_000}
    found = bench._result({"partage": 8_000.4}, 6_000.0, sheet, STAGE, True)
    assert found["figures"]["ratios"] == {"settle_over_pandas_by_row": 3.0, "settle_over_pandas_by_column": 0.06}
    assert found["goals"]["recalculate_seconds"] == {"value": 21.5, "goal": "<= 20", "met": False}


def test_without_pandas_it_says_so(monkeypatch, capsys):
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)
    assert bench._pandas(list(season(3)), 1) == {"measured": False, "why": "pandas is not installed"}
    assert "pandas is not installed" in capsys.readouterr().err
    found = bench._result({}, 1.0, {"measured": False}, STAGE, False)
    assert found["figures"]["ratios"] == {}


def test_the_sheet_calculates_the_same_but_for_cents_of_floats():
    pytest.importorskip("pandas", reason="pandas stands beside the bench only where it is installed")
    from dip.site.bench import settle_sheet

    some = list(season(300))
    for sheet in (settle_sheet.by_row, settle_sheet.by_column):
        found = settle_sheet.compared(some, sheet(*settle_sheet.frames(some)))
        assert found["to_the_cent"] >= 290
        assert found["largest_difference_cents"] <= 2
