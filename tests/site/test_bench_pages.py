"""The bench of the pages: what it makes of the answers, and that its visits open real pages."""

from dataclasses import replace

import pytest

from dip.kernel.clock import now
from dip.site.bench.pages import _by_page, _make_room, _result
from dip.site.bench.pages_stage import Round, p95, visits
from dip.site.demo import SCALES, build

pytestmark = pytest.mark.slow


def answer(page: str, who: str, ms: list[float], queries: int = 5) -> dict:
    return {"page": page, "who": who, "ms": ms, "cpu_ms": ms, "queries": queries, "bytes": 2048, "status": 200, "path": "/"}


def test_p95_lies_between_the_nearest_values():
    assert p95([10.0]) == 10.0
    assert p95([float(n) for n in range(1, 101)]) == pytest.approx(95.05)


def test_a_page_is_the_median_of_its_rounds_over_all_persons():
    rounds = [[answer("home", "small", [10.0] * 10), answer("home", "large", [ms] * 10, 9)] for ms in (20.0, 90.0, 30.0)]
    home = _by_page(rounds)["home"]
    assert home["p95_ms"] == 30.0
    assert home["queries"] == 9
    assert home["slowest_for"] == "large"


def test_goals_name_the_page_that_decides_them():
    answers = {
        "tenth": [[answer("home", "a", [20.0] * 5), answer("search", "a", [10.0] * 5)]],
        "national": [[answer("home", "a", [130.0] * 5, 16), answer("search", "a", [70.0] * 5)]],
    }
    result = _result("national", answers, {}, 1)
    assert result["bench"] == "pages"
    assert result["goals"]["p95_ms"] == {"value": 130.0, "goal": "<= 120", "met": False, "page": "home"}
    assert result["goals"]["queries"]["met"] is False
    assert result["goals"]["p95_over_tenth"] == {"value": 7.0, "goal": "<= 1.3", "met": False, "page": "search"}


def test_the_largest_count_for_the_limits_and_not_for_the_growth():
    answers = {
        "tenth": [[answer("home", "largest agency", [20.0] * 5), answer("home", "large agency", [20.0] * 5)]],
        "national": [[answer("home", "largest agency", [90.0] * 5), answer("home", "large agency", [22.0] * 5)]],
    }
    goals = _result("national", answers, {}, 1)["goals"]
    assert goals["p95_ms"]["value"] == 90.0
    assert goals["p95_over_tenth"]["value"] == 1.1


def test_data_of_another_shape_are_not_kept(tmp_path):
    home = tmp_path / "tenth"
    _make_room(home)
    (home / "kept").touch()
    _make_room(home)
    assert (home / "kept").exists()
    (home / "made-by").write_text("another")
    _make_room(home)
    assert not (home / "kept").exists()


@pytest.mark.django_db
def test_every_visit_is_a_page(settings, monkeypatch, tmp_path):
    settings.WAREHOUSE_HOME = tmp_path
    settings.ALLOWED_HOSTS = ["*"]
    build(scale=replace(SCALES["small"], audience=0), at=now())
    monkeypatch.setattr("dip.site.bench.pages_stage.REQUESTS", 1)
    monkeypatch.setattr("dip.site.bench.pages_stage.WARM_UP", 1)
    pages = {visit.page for visit in visits()}
    assert pages >= {"home", "sales-season", "sales-production", "sales-theatre", "programme-connections", "search"}
    answers = Round().measure()
    assert {answer["status"] for answer in answers} == {200}
    assert all(0 < answer["queries"] <= 20 for answer in answers)
