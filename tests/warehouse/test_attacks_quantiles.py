"""The attack suite on quantiles: of comparable performances and of peers. Who knows all values but one must not have that one."""

import numpy as np
import pytest

from dip.warehouse.rules import peer_groups
from dip.warehouse.rules.bands import quantiles_without, rank_columns
from dip.warehouse.rules.disclosure import LOWEST, may_show_quantiles
from tests.warehouse.attacks.bed import LIMITS


def band(values: np.ndarray) -> list[float]:
    """What is told of a cohort on one day."""
    told = quantiles_without(
        rank_columns(values.astype(np.float32)[:, None]), np.empty(0, dtype=np.int64), (LOWEST, 0.5, 1 - LOWEST)
    )
    return [float(value) for value in told[:, 0]]


def extremes_told(may_show) -> list[int]:
    """Sizes of cohorts of which the smallest or the largest value moves what is told: it then follows from the others."""
    chance, found = np.random.default_rng(3), []
    for count in range(2, 40):
        values = np.sort(chance.uniform(0.3, 0.9, count))
        lower, higher = values.copy(), values.copy()
        lower[0] -= 0.2
        higher[-1] += 0.2
        if may_show(count) and not band(values) == band(lower) == band(higher):
            found.append(count)
    return found


def test_no_extreme_is_told_by_a_band():
    assert extremes_told(lambda count: may_show_quantiles(count, LIMITS)) == []


def test_a_band_of_any_number_would_be_noticed():
    assert extremes_told(lambda count: True)


def peers_moved(joins: int) -> float:
    """By how much what is told of a group moves when so many join; with one, that tells of the one."""
    values = {number: 0.4 + 0.03 * number for number in range(13)} | {100 + number: 0.95 for number in range(joins)}
    before = frozenset(range(13))
    counted = peer_groups.steady(before, before | {100 + number for number in range(joins)})
    first, second = (peer_groups.spread_of([values[one] for one in group], 0.005) for group in (before, counted))
    return abs(second.median - first.median) + abs(second.high - first.high)


def test_one_or_two_who_join_a_group_move_nothing():
    assert peers_moved(1) == peers_moved(2) == 0
    assert peers_moved(3) > 0


def test_joining_alone_would_be_noticed(monkeypatch):
    monkeypatch.setattr(peer_groups, "BATCH_MIN", 1)
    assert peers_moved(1) > 0


@pytest.mark.parametrize("pooling", [1, 2, 3])
def test_members_who_pool_their_values_have_no_other_within_a_tenth(pooling):
    """They know their own, the number of values, and what each was told (own left out). Every value of the others that fits all of it
    spans more than a tenth."""
    chance = np.random.default_rng(pooling)
    values = np.sort(chance.uniform(0.35, 0.95, 14)).tolist()
    members = list(range(0, 14, 5))[:pooling]
    told = [peer_groups.spread_of(values[:one] + values[one + 1 :], 0.005) for one in members]
    for target in set(range(14)) - set(members):
        fits = []
        for other in set(range(14)) - set(members):
            world = list(values)
            world[target], world[other] = world[other], world[target]
            if [peer_groups.spread_of(world[:one] + world[one + 1 :], 0.005) for one in members] == told:
                fits.append(world[target])
        assert (max(fits) - min(fits)) / 2 > 0.10 * values[target]


@pytest.mark.parametrize("count", range(1, 8))
def test_a_group_of_few_values_tells_nothing(count, monkeypatch):
    assert peer_groups.spread_of(np.linspace(0.4, 0.9, count), 0.005) is None
    monkeypatch.setattr(peer_groups, "VALUES_MIN", 1)
    assert count == 1 or peer_groups.spread_of(np.linspace(0.4, 0.9, count), 0.005) is not None


def test_a_group_that_would_be_too_small_does_not_change():
    assert not peer_groups.changes_due(13, 0, 3)
    assert len(peer_groups.grouped([peer_groups.Candidate(n, "hall", 300) for n in range(11)], (0, 200, 500))) == 0
