"""The bench of the audience: its tickets are the same for the same seed, its goals say what was missed, and it runs, small."""

import dataclasses

import numpy as np
import pytest

from dip.site.bench import audience, audience_receipt_stage
from dip.site.bench.audience_history import SCALES, result
from dip.site.bench.audience_tickets import NEWEST, Size, World, batch_of, tickets_of
from dip.warehouse.rules.landed import COLUMNS

SIZE = Size(theatres=6, evenings=20, productions=12, areas=240, tickets=6_000, seasons=2)
GRID = np.arange(6 * 2 * 20).reshape(6, 2, 20)
WORLD = World(SIZE, list(range(1, 7)), GRID, np.full(GRID.shape, 20_000))


def test_tickets_are_the_same_again_and_lie_in_order():
    first, second = (tickets_of(WORLD, 4, NEWEST, 500) for _ in range(2))
    assert all((first[name] == second[name]).all() for name in COLUMNS)
    assert (np.diff(first["ticket"]) > 0).all()
    assert {name: column.dtype for name, column in first.items()} == {name: np.dtype(kind) for name, kind in COLUMNS.items()}
    assert set(first["performance"].tolist()) <= set(GRID[4, 1].tolist())


def test_a_buyer_lives_in_one_place_and_comes_again():
    last, this = (tickets_of(WORLD, 2, season, 2_000) for season in (NEWEST - 1, NEWEST))
    homes = {}
    for columns in (last, this):
        for buyer, pc4 in zip(columns["buyer"].tolist(), columns["pc4"].tolist(), strict=True):
            assert homes.setdefault(buyer, pc4) == pc4
    both = (set(last["buyer"].tolist()) & set(this["buyer"].tolist())) - {0}
    assert len(both) > 50


def test_one_in_ten_of_a_batch_is_a_newer_version():
    history = tickets_of(WORLD, 4, NEWEST, 500)
    batch = batch_of(WORLD, 4, history, 1000, 100, turn=1)
    _, mine, theirs = np.intersect1d(batch["ticket"], history["ticket"], return_indices=True)
    assert len(mine) == 100
    assert (batch["performance"][mine] == history["performance"][theirs]).all()
    assert (np.diff(batch["ticket"]) > 0).all()


def figures(warm, visible, cpu):
    told = {name: {"p50": warm / 2, "p95": warm} for name in ("warm", "cold")}
    return {
        "stream": {"visible_p95_seconds": visible},
        "batch": {"apply_p50_cpu_seconds": cpu},
        "questions": {"also bought": told, "overlap of a theatre": {name: {"p50": 5.0, "p95": 6.0} for name in told}},
    }


def test_goals_say_whether_they_are_met_and_by_which_question():
    peers = {"postgres": {"questions": {"also bought": {"p50": 2.0}, "overlap of a theatre": {"p50": 1.0}}}}
    goals = result("decade", {"season": figures(50, 1.0, 0.2), "history": figures(80, 4.0, 0.2), "peers": peers})["goals"]
    met = {name: goal["met"] for name, goal in goals.items()}
    assert met == {
        "visible p95 (s), season": True,
        "questions p95 warm (ms), season": True,
        "questions p95 cold (ms), season": True,
        "visible p95 (s), history": False,
        "questions p95 warm (ms), history": False,
        "questions p95 cold (ms), history": True,
        "warm median, history over season": False,
        "batch to shelves (processor), history over season": True,
        "raw PostgreSQL over warm, least": True,
        "raw PostgreSQL over warm, median": True,
    }
    assert goals["questions p95 warm (ms), history"]["of"] == "also bought"
    assert goals["raw PostgreSQL over warm, least"] == {"value": 50.0, "goal": ">= 50.0", "met": True, "of": "also bought"}


def test_a_part_that_is_not_there_is_told(capsys):
    with pytest.raises(SystemExit):
        audience.run("nothing", "tenth")
    assert "history" in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_the_history_is_built_asked_and_compared(settings, tmp_path):
    from dip.site.bench import audience_history_stage

    settings.WAREHOUSE_HOME = tmp_path / "warehouse"
    scale = dataclasses.replace(SCALES["smoke"], batches=0)
    found = audience_history_stage.measure(scale)
    assert found["season"]["publishing"]["shelves"] == 4
    assert found["history"]["publishing"]["shelves"] == 8
    assert found["peers"]["postgres"]["fsync"] in {"on", "off"}
    assert set(found["peers"]["duckdb"]) == set(found["peers"]["postgres"]["questions"]) == set(found["history"]["questions"])


@pytest.mark.django_db(transaction=True)
def test_a_delivery_is_taken_to_its_receipt_beside_the_peer(settings, tmp_path):
    settings.WAREHOUSE_HOME, settings.PSEUDONYM_KEYS = tmp_path / "warehouse", tmp_path / "keys"
    found = audience_receipt_stage.measure(1, 600, [50])
    assert {"parse", "receipt", "receipt_cpu", "copy_upsert"} <= set(found["50"])
