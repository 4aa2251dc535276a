"""The marts as files: each says what it is, in words of the standard, and agrees with the rules."""

import re
from datetime import timedelta

import pytest

from dip.definitions.queries import metric_versions
from dip.warehouse.rules.cohorts import GRID, grid_day, hall_size
from dip.warehouse.rules.pace import is_publish_due
from dip.warehouse.store.cohorts import SIZES
from dip.warehouse.store.engine import open_reader
from dip.warehouse.store.marts import EDITION_TABLES, FOLDER, TABLES, mart_sql
from dip.warehouse.terms import HallSize
from tests.factories.registry import NOW


def test_every_file_is_used():
    assert {path.stem for path in FOLDER.glob("*.sql") if not path.stem.startswith("audience_")} == {*TABLES, *EDITION_TABLES}


@pytest.mark.django_db
@pytest.mark.parametrize("name", [*TABLES, *EDITION_TABLES])
def test_the_header_names_grain_measures_and_definitions(name):
    header = "\n".join(line[3:] for line in mart_sql(name).splitlines() if line.startswith("--"))
    for part in (f"{name}: ", "grain: ", "measures: ", "definitions: "):
        assert part in header
    codes = re.search(r"definitions: (.*)", header)[1].split(", ")
    assert codes == ["none"] or all(metric_versions(code, "en") for code in codes)


def test_the_sizes_of_the_marts_are_those_of_the_rule():
    case = re.search(r"CASE\s+WHEN coalesce\(newest.*?END", mart_sql("performance"), re.DOTALL)[0]
    case = re.sub(r"coalesce\(.*?, 0\) <", "seats <", case)
    codes = open_reader().execute(f"SELECT {case} FROM range(800) AS t(seats) ORDER BY seats").fetchall()
    assert [SIZES[code] for (code,) in codes] == [hall_size(seats) for seats in range(800)]


def test_size_classes():
    assert [hall_size(seats) for seats in (0, 199, 200, 499, 500, 3000)] == [
        HallSize.SMALL, HallSize.SMALL, HallSize.MIDDLE, HallSize.MIDDLE, HallSize.LARGE, HallSize.LARGE,
    ]  # fmt: skip


def test_the_grid_is_daily_near_and_weekly_far():
    assert GRID[0] == 364
    assert GRID[-29:] == tuple(range(28, -1, -1))
    assert all(grid_day(day) == day for day in GRID)
    assert all(grid_day(day) - day in range(7) for day in range(365))


def test_publishing_takes_a_small_share_of_the_time():
    assert is_publish_due(NOW, 2.0, NOW - timedelta(days=1))
    assert is_publish_due(NOW, 2.0, NOW + timedelta(seconds=40))
    assert not is_publish_due(NOW, 2.0, NOW + timedelta(seconds=39))
