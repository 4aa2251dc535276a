"""The attack suite on figures about people: no cell of fewer than ten buyers comes out, and a missing rule is noticed.

Attackers see what a part's answer tells of several audiences: a production in its theatres, each theatre's own, the nation; and pool it.
What they have to find is how many buyers a small group has: fewer than ten, whom nobody may count.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from dip.warehouse.queries.audience import parts as door
from dip.warehouse.queries.audience.figures import Cell
from dip.warehouse.rules.audience import persons
from dip.warehouse.rules.audience.persons import HELD_BACK, PersonLimits

#: Rounding to five says a true count but for this many.
ROUNDING = 2
SEEDS = range(220)


def worlds(seed: int) -> np.ndarray:
    """Buyers, theatre × value of "returning" (three values): many, and a few small groups."""
    chance = np.random.default_rng(seed)
    found = chance.integers(12, 220, (chance.integers(3, 7), 3))
    small = chance.random(found.shape) < 0.3
    return np.where(small, chance.integers(0, 14, found.shape), found)


def cells(counts: np.ndarray, by_theatre: np.ndarray | None = None) -> dict[tuple[int, int], Cell]:
    """As the marts have them: amount, how many theatres (each an organisation) contribute, and what is left beyond the largest."""
    asked = door.QUESTIONS["returning"]
    each = counts[None, :] if by_theatre is None else by_theatre
    return {
        (asked.number, asked.first + place): Cell(int(amount), int((each[:, place] > 0).sum()), int(amount - max(each[:, place])))
        if by_theatre is not None
        else Cell(int(amount), 1, int(amount))
        for place, amount in enumerate(counts)
        if amount
    }


def answers(table: np.ndarray) -> dict[str, tuple[list[int | None], int | None]]:
    """Rows and base of what each reader is told: the production over all theatres, and each theatre of itself."""
    everything = cells(table.sum(axis=0), table)
    found = {"tour": door.part("returning", everything, True, {})}
    found |= {f"house {number}": door.part("returning", cells(row), False, {}) for number, row in enumerate(table)}
    return {name: ([row.count for row in part.rows], part.base) for name, part in found.items()}


def leaks(table: np.ndarray) -> Iterator[str]:
    """What comes out: of small cells, of complements in rows, and of a provider and one theatre that pool what they have."""
    truth = {"tour": table.sum(axis=0)} | {f"house {number}": row for number, row in enumerate(table)}
    told = answers(table)
    for name, (rows, base) in told.items():
        true = truth[name]
        yield from (f"{name}: {n} buyers told" for n, row in zip(true, rows, strict=True) if row is not None and 0 < n < 10)
        hidden = [n for n, row in zip(true, rows, strict=True) if row is None]
        if base is not None and hidden and 0 < sum(hidden) < 10:
            yield f"{name}: the hidden ones are {sum(hidden)} by subtraction"
        if base is not None and len(hidden) == 1 and hidden[0]:
            yield f"{name}: one hidden cell, known but for rounding"
        if max(true) >= 0.9 * true.sum() >= 9 and any(row for row in rows):
            yield f"{name}: nearly all share one value, and it is told"
    rows, _ = told["tour"]
    for number, own in enumerate(table):
        for value, row in enumerate(rows):
            left = int(table[:, value].sum() - own[value])
            if row is not None and 0 < left < 10:
                yield f"tour without house {number}: {left}"
            behind = int((np.delete(table[:, value], number) > 0).sum())
            if row is not None and row and behind < 2:
                yield f"tour without house {number}: one organisation is left"


def all_leaks() -> list[str]:
    return [leak for seed in SEEDS for leak in leaks(worlds(seed))]


def test_nothing_comes_out_of_answers_pooled_by_a_provider_and_a_theatre():
    assert all_leaks() == []


def test_much_is_told():
    rows = [row for seed in SEEDS for counts, _ in answers(worlds(seed)).values() for row in counts]
    assert sum(row is not None for row in rows) > 0.3 * len(rows)


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        ({"buyers_min": 1}, "buyers told"),
        ({"organisations_min": 1}, "one organisation is left"),
        ({"share_max": 1.01}, "nearly all share"),
    ],
)
def test_a_limit_that_is_switched_off_is_noticed(monkeypatch, limits, says):
    loose = replace(PersonLimits(), **limits)
    monkeypatch.setattr(door, "LIMITS", loose)
    for name in ("attribute", "is_shared_by_nearly_all", "is_enough"):
        monkeypatch.setattr(door, name, with_limits(getattr(persons, name), loose))
    assert any(says in leak for leak in all_leaks())


def with_limits(rule, limits):
    return lambda *args, **more: rule(*args, **(more | {"limits": limits}))


def test_complements_that_are_not_hidden_are_noticed(monkeypatch):
    monkeypatch.setattr(persons, "complete", lambda counts, shown, limits=None: shown | (counts == 0))
    assert any("one hidden cell" in leak for leak in all_leaks())


def test_a_rest_that_is_not_looked_at_is_noticed(monkeypatch):
    """Without what is left beyond the largest organisation, a theatre takes its own out of a tour."""
    monkeypatch.setattr(door, "may_stand", lambda cell, crosses, _wholes: not crosses or cell.organisations >= 3)
    monkeypatch.setattr(door, "is_open", lambda _cells, _crosses, _wholes=(): True)
    assert any("tour without house" in leak for leak in all_leaks())


class TestOneOrderMore:
    """Somebody is known to have bought: what moved between two answers would tell what he is."""

    @staticmethod
    def moved(rounding: int) -> float:
        limits, found = PersonLimits(rounding=rounding), []
        for seed in SEEDS:
            counts = worlds(seed)[0]
            more = counts + np.eye(3, dtype=np.int64)[seed % 3]
            before, after = (persons.attribute(one, None, limits, is_personal=False) for one in (counts, more))
            found.append(bool((before[seed % 3] != HELD_BACK) and (before != after).any()))
        return float(np.mean(found))

    def test_rounding_hides_four_in_five(self):
        assert self.moved(5) < 0.3

    def test_exact_counts_would_be_noticed(self):
        assert self.moved(1) > 0.5


def test_nested_areas_give_no_small_one_away():
    """Postcodes in municipalities in a province: every told parent less its told children is nobody, or ten and more."""
    for seed in SEEDS:
        chance = np.random.default_rng(seed)
        fine = np.where(chance.random(12) < 0.4, chance.integers(0, 12, 12), chance.integers(10, 90, 12))
        parents = [np.arange(12) // 3, np.zeros(4, dtype=np.int64)]
        towns = np.bincount(parents[0], fine).astype(np.int64)
        levels = [fine, towns, np.array([towns.sum()])]
        told = persons.roll_up(levels, parents, int(towns.sum()))
        for level, parent in enumerate(parents):
            for place, whole in enumerate(told[level + 1]):
                mine = (parent == place) & (told[level] != HELD_BACK)
                left = levels[level + 1][place] - levels[level][mine].sum()
                assert whole == HELD_BACK or left == 0 or left >= 10, (seed, level, place)


def test_nested_areas_without_complements_are_noticed(monkeypatch):
    monkeypatch.setattr(persons, "complete", lambda counts, shown, limits=None: shown | (counts == 0))
    with pytest.raises(AssertionError):
        test_nested_areas_give_no_small_one_away()
