"""The worked examples of docs/algorithms/audience.md."""

import numpy as np
import pytest

from dip.kernel.periods import season_period
from dip.warehouse.rules.audience import (
    crossed,
    linked,
    loyalty,
    origin,
    persons,
    population,
    returns,
    segments,
    together,
    underserved,
)
from dip.warehouse.rules.audience.persons import HELD_BACK
from tests.architecture.tree import ROOT

TEXT = (ROOT / "docs" / "algorithms" / "audience.md").read_text()


def ints(*values):
    return np.array(values, dtype=np.int64)


def test_the_table_of_stages_has_the_codes():
    for code, name in enumerate(segments.STAGES[1:], start=1):
        assert f"| {code} | {name} |" in TEXT


def test_stages_of_the_examples():
    day = 20_000
    core = np.array([segments.CORE], dtype=np.uint8)
    assert segments.stages(ints(day - 700), ints(day - 30), ints(3), day)[0] == segments.REGULAR
    assert segments.stages(ints(day - 700), ints(day - 30), ints(3), day, core)[0] == segments.CORE
    assert segments.stages(ints(day - 30), ints(day - 30), ints(1), day)[0] == segments.NEW
    assert segments.stages(ints(day - 365), ints(day - 365), ints(0), day)[0] == segments.AWAY


def test_tastes_of_the_example():
    market, show = np.full(5, 0.2), np.array([segments.SHOW], dtype=np.uint8)
    assert segments.tastes(np.array([[0, 4, 5, 0, 0]]), market)[0] == segments.THEATRE
    assert segments.tastes(np.array([[0, 4, 5, 0, 0]]), market, show)[0] == segments.SHOW
    assert segments.tastes(np.array([[0, 4, 6, 0, 0]]), market, show)[0] == segments.THEATRE


def test_retention_and_catchment_of_the_examples():
    assert loyalty.retention(ints(0b001, 0b011, 0b111), 3)[0].tolist() == [3, 2, 1]
    assert origin.catchment(ints(50, 30, 10, 10)).tolist() == [True, True, False, False]


def test_returns_of_the_example():
    model = returns.ReturnModel(1, 1, 1, 3)
    assert returns.likelihood(model, 2, 2, 2) == pytest.approx(0.2)
    assert returns.chance(model, 2, 2, 2) == pytest.approx(0.625)
    assert returns.likelihood(model, 0, 0, 2) == pytest.approx(0.525)
    assert returns.chance(model, 0, 0, 2) == pytest.approx(0.079, abs=0.001)


def test_bounds_of_the_example():
    much, little = underserved.gamma_upper(np.array([34.0, 7.0]))
    assert much == pytest.approx(41.6, abs=0.15)
    assert much / 64 == pytest.approx(0.65, abs=0.005)
    assert little / 10 == pytest.approx(1.05, abs=0.01)


def test_what_is_shown_in_the_examples():
    assert persons.attribute(ints(100, 60, 40, 4)).tolist() == [100, 60, HELD_BACK, HELD_BACK]
    assert persons.attribute(ints(100, 60, 50), ints(9, 9, 2)).tolist() == [100, HELD_BACK, HELD_BACK]
    assert (persons.attribute(ints(90, 10)) == HELD_BACK).all()
    levels = persons.roll_up([ints(30, 25, 4, 8), ints(55, 12), ints(67)], [ints(0, 0, 1, 1), ints(0, 0)], 67)
    assert [level.tolist() for level in levels] == [[30, 25, HELD_BACK, HELD_BACK], [55, 10], [65]]


def test_regions_and_inhabitants_of_the_examples():
    table = ints([4, 40, 50], [30, 20, 60], [70, 80, 90])
    told = np.ones(3, dtype=bool)
    assert crossed.crossed(table, table >= 10, told, told).tolist() == [[-1, -1, 50], [-1, -1, 60], [70, 80, 90]]
    published = [ints(30, 25, -1, -1), ints(70), ints(70)]
    spread = population.spread_out(published, [ints(0, 0, 0, 0), ints(0)], ints(900, 800, 200, 100))
    assert spread.tolist() == [30, 25, 10, 5]


def test_linked_parts_and_lifts_of_the_examples():
    counts = ints(4, 30, 40, 50)
    may = linked.linked("stages", counts, counts >= 10)
    assert persons.attribute(counts, np.where(may, 3, 0), is_personal=False).tolist() == [HELD_BACK, HELD_BACK, 40, 50]
    assert "steps of .5, 1, 1.5, 2, 3, 5, 8, 12, 20" in TEXT
    assert together.STEPS == (0.5, 1, 1.5, 2, 3, 5, 8, 12, 20)
    starts = [season_period(year).start.toordinal() for year in (2023, 2024, 2025, 2026)]
    windows = [loyalty.window(starts[0], start) for start in starts]
    assert [window.days for window in windows] == [0, 366, 731, 1095]
    assert [window.is_whole for window in windows] == [False, False, False, True]
