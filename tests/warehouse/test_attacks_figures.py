"""The attack suite on figures of organisations: it recovers nothing, and it notices a door of which one rule is switched off.

A larger run prints the table of ``docs/algorithms/disclosure.md``: ``python -m tests.warehouse.attacks.table``.
"""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from dip.warehouse.store import trends
from tests.warehouse.attacks.bed import LIMITS, MEASURES, Bed, editions, sector
from tests.warehouse.attacks.figures import WITHIN, Attack, seen_by
from tests.warehouse.attacks.inspection import breaches
from tests.warehouse.attacks.linear import maximum, place_of

ALONE_AND_POOLING = (0, 1, 2, 3)


@pytest.fixture(scope="module")
def plain() -> Bed:
    return sector(48, 60, seed=7, genres=5, provinces=5)


@pytest.fixture(scope="module")
def bed(plain) -> Bed:
    found = planted(
        plain, 6, {-901: 5500, -902: 5500, **dict.fromkeys(range(1901, 1907), 250)}
    )  # 88 % in two that nobody here runs
    return planted(found, 7, dict.fromkeys(range(1911, 1915), 400))  # four alike


@pytest.fixture(scope="module")
def release(bed, tmp_path_factory):
    return editions(bed, tmp_path_factory.mktemp("whole"))[0]


def planted(bed: Bed, genre: int, theatres: dict[int, int]) -> Bed:
    """One more genre: in each of the theatres (holding → seats) eight producers play once, alike."""
    rows = {name: column.tolist() for name, column in bed.rows.items()}
    makers = [100 * genre + 2000 + number for number in range(8)]
    for theatre, seats in theatres.items():
        for maker in makers:
            values = {
                "theatre": theatre, "production": 10 * maker, "producer": maker, "office": maker, "genre": genre, "province": 1,
                "weekday": 1, "month": 1, "price": 2, "size": 3, "tickets": seats - 20, "recette_cents": (seats - 20) * 2000,
                "for_sale": seats, "seats": seats,
            }  # fmt: skip
            for name, value in values.items():
                rows[name].append(value)
    parties = [*bed.parties, *((maker, 10 * maker) for maker in makers)]
    return Bed({name: np.array(column, dtype=np.int64) for name, column in rows.items()}, parties)


def released(bed, tmp_path, **limits):
    return editions(replace(bed, limits=replace(LIMITS, **limits)), tmp_path)[0]


class TestTheWholeDoor:
    @pytest.mark.parametrize("measure", MEASURES)
    def test_nothing_is_recovered_alone_or_by_three_who_pool_their_figures(self, bed, release, measure):
        """Dominance, complement, nested totals, and all of them together by linear programming."""
        attack = Attack(bed, release, measure)
        assert len(attack.targets) > 150
        colluders = ALONE_AND_POOLING if measure == "tickets" else (1, 3)
        assert attack.hits(lambda cell: float(cell.told[measure]), colluders, slack=0.75) == []

    def test_nor_by_somebody_who_knew_the_factors(self, bed, release):
        attack = Attack(bed, release)
        assert attack.hits(lambda cell: attack.true[place_of(cell)], ALONE_AND_POOLING) == []

    def test_everything_told_keeps_the_rules(self, bed, release):
        assert Counter(rule for rule, _, _ in breaches(bed, release)) == {}

    def test_much_is_told(self, release):
        told = [cell for cell in release if cell.is_shown]
        assert len(told) > 50

    def test_tables_stay_additive(self, release):
        by_place = {place_of(cell): cell for cell in release}
        whole = by_place[0, 0, 0]
        for dimension in range(2, 6):
            parts = [cell for cell in release if cell.dimension == dimension and not cell.genre]
            if all(cell.is_shown for cell in parts):
                assert sum(cell.told["tickets"] for cell in parts) == whole.told["tickets"]

    def test_sums_are_near_and_ratios_nearer(self, bed, release):
        attack, seats = Attack(bed, release), Attack(bed, release, "for_sale")
        off, ratios, within = [], [], []
        for cell in release:
            if cell.is_shown:
                true, room = attack.true[place_of(cell)], seats.true[place_of(cell)]
                off.append(abs(cell.told["tickets"] / true - 1))
                ratios.append(abs(cell.told["tickets"] / cell.told["for_sale"] / (true / room) - 1))
                within.append(off[-1] <= cell.margin)
        assert np.median(off) < 0.04
        assert np.median(ratios) < 0.015
        assert np.mean(within) >= 0.9, "the margin that is told holds"

    def test_the_market_and_the_trends_tell_the_same(self, bed, release, tmp_path):
        import duckdb

        cells, _, parts = editions(bed, tmp_path)
        market = duckdb.sql(f"SELECT value, genre, shown, tickets FROM '{tmp_path / 'parts' / parts['market']}'").fetchall()
        trend = {(cell.value, cell.genre): cell.told.get("tickets") for cell in cells if cell.dimension in (0, 1)}
        for value, genre, shown, tickets in market:
            both = trend.get((value, genre))
            assert not (shown and both) or both == tickets


class TestWithoutARule:
    """The same attacks and the same inspection, on a door that lacks one rule."""

    @pytest.mark.parametrize(
        ("rule", "limits"),
        [("contributors", {"holdings_min": 1}), ("top one", {"top_one_max": 1.0}), ("top two", {"top_two_max": 1.0})],
    )
    def test_a_primary_rule(self, bed, tmp_path, rule, limits):
        found = Counter(name for name, _, _ in breaches(bed, released(bed, tmp_path, **limits)))
        assert found[rule] > 0, found

    def test_p_per_cent(self, bed, tmp_path):
        """With the dominance rules as they are nothing falls under it alone; it is also how wide hidden cells must stay."""
        cells = released(bed, tmp_path, dominance_p=0.0, top_two_max=1.0)
        assert Counter(name for name, _, _ in breaches(bed, cells))

    def test_without_the_viewer(self, plain, tmp_path, monkeypatch):
        monkeypatch.setattr(trends, "is_safe_for_anyone", lambda top, _emptied, _own, limits: trends.is_safe(top, limits))
        found = Counter(name for name, _, _ in breaches(plain, released(plain, tmp_path)))
        assert found["without own"] > 0

    def test_complementary_suppression(self, bed, tmp_path, monkeypatch):
        monkeypatch.setattr(
            trends, "shown_cells", lambda tables, _limits: {key: one.safe | one.empty for key, one in tables.items()}
        )
        cells = released(bed, tmp_path)
        attack = Attack(bed, cells)
        assert attack.hits(lambda cell: attack.true[place_of(cell)], ALONE_AND_POOLING)
        assert Counter(name for name, _, _ in breaches(bed, cells))

    def test_the_hidden_factor(self, bed, release, tmp_path):
        """All but one pool what they have: without the factor the one left is known to the ticket, with it hardly anyone is."""
        exact = released(bed, tmp_path, factor_low=0.0, factor_high=0.0)
        assert left_alone(bed, exact) == 1.0
        assert left_alone(bed, release) < 0.25

    def test_joining_in_batches(self, bed, tmp_path):
        """One theatre joins a season that was published: what moved is its figure."""
        assert joined(bed, tmp_path / "batch") == []
        assert joined(replace(bed, limits=replace(LIMITS, join_min=1, factor_low=0.0, factor_high=0.0)), tmp_path / "one")


def left_alone(bed: Bed, cells) -> float:
    """The part of the shown cells whose largest theatre all others together know within the tenth."""
    attack = Attack(bed, cells)
    exact = [
        abs(target.cell.told["tickets"] - (attack.true[place_of(target.cell)] - target.value) - target.value) / target.value
        for target in attack.targets
        if target.cell.is_shown and target.cell.told and target.side == "theatre"
    ]
    return float(np.mean([error <= 0.01 for error in exact]))


def joined(bed: Bed, home) -> list[float]:
    """How far off the figure of a theatre is, where the difference between two editions tells it within a tenth."""
    theatre = int(np.bincount(bed.rows["theatre"][bed.rows["theatre"] > 0]).argmax())
    first, drawn, _ = editions(bed.without(bed.rows["theatre"] != theatre), home)
    second, _, _ = editions(bed, home, before=drawn)
    earlier = {place_of(cell): cell for cell in first if cell.is_shown}
    found = []
    for cell in second:
        value = float(bed.rows["tickets"][cell.rows(bed) & (bed.rows["theatre"] == theatre)].sum())
        if cell.is_shown and value and place_of(cell) in earlier:
            error = (cell.told["tickets"] - earlier[place_of(cell)].told["tickets"]) / value - 1
            found += [error] if abs(error) <= WITHIN else []
    return found


@pytest.mark.parametrize("values", [[[3, 1], [2, 5]], [[0, 4], [4, 0]]])
def test_the_programme_itself_solves_two_by_two(values):
    whole = np.array(values, dtype=float)
    rows, columns = whole.sum(axis=1), whole.sum(axis=0)
    matrix = np.array([[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0], [0, 1, 0, 1]], dtype=float)
    right, first = np.concatenate([rows, columns]), np.array([1.0, 0, 0, 0])
    assert maximum(matrix, right, first) == pytest.approx(min(rows[0], columns[0]))
    assert -maximum(matrix, right, -first) == pytest.approx(max(0.0, rows[0] - columns[1]))


def test_who_sees_what(bed):
    seen = seen_by(bed)
    assert all(name > 0 for name in seen)
    office = next(name for name in seen if 5000 < name < 6000)
    assert set(bed.rows["office"][seen[office]]) == {office}
