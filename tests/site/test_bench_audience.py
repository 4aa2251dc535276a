"""What the bench of the audience feeds to the platform: the same for the same seed, as landed files are."""

import numpy as np
import pytest

from dip.site.bench import audience
from dip.site.bench.audience_apply import _result
from dip.site.bench.audience_tickets import EVENINGS, SEASONS, THEATRES, World, batch_of, tickets_of
from dip.warehouse.rules.landed import COLUMNS

WORLD = World(list(range(1, THEATRES + 1)), np.arange(THEATRES * len(SEASONS) * EVENINGS).reshape(THEATRES, len(SEASONS), EVENINGS))


def test_tickets_are_the_same_again_and_lie_in_order():
    first, second = (tickets_of(WORLD, 4, 2020, 500) for _ in range(2))
    assert all((first[name] == second[name]).all() for name in COLUMNS)
    assert (np.diff(first["ticket"]) > 0).all()
    assert {name: column.dtype for name, column in first.items()} == {name: np.dtype(kind) for name, kind in COLUMNS.items()}
    assert set(first["performance"].tolist()) <= set(WORLD.performances[4, 3].tolist())


def test_one_in_ten_of_a_batch_is_a_newer_version():
    history = tickets_of(WORLD, 4, 2026, 500)
    batch = batch_of(WORLD, 4, history, 1000, 100, turn=1)
    _, mine, theirs = np.intersect1d(batch["ticket"], history["ticket"], return_indices=True)
    assert len(mine) == 100
    assert (batch["performance"][mine] == history["performance"][theirs]).all()
    assert (np.diff(batch["ticket"]) > 0).all()


def test_goals_say_whether_they_are_met():
    figures = {
        "merge_p50_seconds": 0.2, "merge_p50_seconds_at_a_tenth": 0.1, "merge_rows_per_second": 50_000,
        "postgres_rows_per_second": 10_000, "visible_p95_seconds": 2.0,
    }  # fmt: skip
    goals = _result("tenth", figures)["goals"]
    assert {name: one["met"] for name, one in goals.items()} == {"visible_p95_seconds": True, "merge_over_merge_at_a_tenth": False}


def test_a_part_that_is_not_there_is_told(capsys):
    with pytest.raises(SystemExit):
        audience.run("nothing", "tenth")
    assert "apply" in capsys.readouterr().err
