"""Groups of like organisations: large enough, the same whatever the order, changed in batches, told without an extreme."""

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dip.warehouse.rules.peer_groups import (
    BATCH_MIN,
    MEMBERS_MIN,
    SIZES,
    VALUES_MIN,
    Candidate,
    PeerMeasure,
    PeerSide,
    changes_due,
    grouped,
    place_of,
    spread_of,
    standing,
    steady,
)
from dip.warehouse.rules.peer_mix import at_mix, is_open
from dip.warehouse.terms import Limits

LIMITS = Limits(5, 0.10, 0.50, 0.85, 8, 30)
organisations = st.lists(st.tuples(st.sampled_from(["Theater", "Festival", "Other"]), st.integers(0, 4000)), max_size=90)
values = st.lists(st.floats(0, 1, allow_nan=False), min_size=VALUES_MIN, max_size=40)


def candidates(rows):
    return [Candidate(number, *row) for number, row in enumerate(rows, 1)]


class TestGroups:
    @given(organisations, st.randoms())
    def test_every_group_has_twelve_and_everybody_is_in_one(self, rows, dice):
        given_, sizes = candidates(rows), SIZES[PeerSide.THEATRE]
        groups = grouped(given_, sizes)
        members = [number for group in groups for number in group.members]
        assert all(len(group.members) >= MEMBERS_MIN for group in groups)
        assert sorted(members) == ([one.organisation for one in given_] if len(given_) >= MEMBERS_MIN else [])
        shuffled = dice.sample(given_, len(given_))
        assert grouped(shuffled, sizes) == groups
        for one in given_ if groups else []:
            assert one.organisation in groups[place_of(one, groups)].members

    @given(organisations)
    def test_classes_of_a_type_leave_no_gap(self, rows):
        groups = grouped(candidates(rows), SIZES[PeerSide.THEATRE])
        for kinds in {group.kinds for group in groups}:
            mine = [group for group in groups if group.kinds == kinds]
            assert (mine[0].low, mine[-1].high) == (0, None)
            assert all(before.high == after.low for before, after in pairwise(mine))

    def test_neighbours_go_together_and_types_only_when_they_must(self):
        rows = [("Theater", 300)] * 13 + [("Theater", 700)] * 12 + [("Theater", 1500)] * 4 + [("Festival", 600)] * 5
        first, second = grouped(candidates(rows), SIZES[PeerSide.THEATRE])
        assert (first.kinds, first.low, first.high, len(first.members)) == (("Festival", "Theater"), 0, 500, 13)
        assert (second.low, second.high, len(second.members)) == (500, None, 21)
        rows += [("Festival", 600)] * 7
        groups = grouped(candidates(rows), SIZES[PeerSide.THEATRE])
        assert [group.kinds for group in groups] == [("Theater",), ("Theater",), ("Festival",)]

    def test_a_newcomer_of_a_new_type_goes_by_its_size(self):
        groups = grouped(candidates([("Theater", 300)] * 13 + [("Theater", 700)] * 12), SIZES[PeerSide.THEATRE])
        assert place_of(Candidate(99, "Barn", 800), groups) == 1
        assert place_of(Candidate(99, "Barn", 800), ()) is None


class TestBatches:
    @given(st.integers(12, 40), st.integers(0, 6), st.integers(0, 6))
    def test_three_together_and_twelve_stay(self, members, joins, leaves):
        if changes_due(members, joins, leaves):
            assert joins + leaves >= BATCH_MIN
            assert members + joins - leaves >= MEMBERS_MIN

    @given(st.frozensets(st.integers(1, 30)), st.frozensets(st.integers(1, 30)))
    def test_who_counts_changes_by_nobody_or_by_three(self, before, now):
        change = before ^ steady(before, now)
        assert not change or len(change) >= BATCH_MIN
        assert steady(None, now) == now


class TestSpread:
    @given(values)
    def test_in_order_and_within_the_values(self, given_):
        found = spread_of(given_, 0.005)
        if found is not None:
            assert found.low <= found.median <= found.high
            assert min(given_) - 0.0026 <= found.low
            assert found.high <= max(given_) + 0.0026

    @given(values, st.floats(0, 1), st.floats(0, 1))
    def test_the_extremes_weigh_nothing(self, given_, lower, upper):
        ordered = sorted(given_)
        moved = [ordered[1] * lower, *ordered[1:-1], ordered[-2] + (1 - ordered[-2]) * upper]
        assert spread_of(moved, 0.005) == spread_of(ordered, 0.005)

    def test_too_few_or_all_alike_tell_nothing(self):
        assert spread_of([n / 10 for n in range(VALUES_MIN - 1)], 0.005) is None
        assert spread_of([0.5] * 20, 0.005) is None
        assert spread_of([n / 10 for n in range(VALUES_MIN)], 0.005).count == VALUES_MIN

    def test_where_one_s_own_stands(self):
        found = spread_of([n / 20 for n in range(1, 20)], 0.005)
        told = [standing(own, found, 0.005) for own in (0.1, 0.4, found.median, 0.6, 0.9)]
        assert told == ["lowest", "lower", "middle", "higher", "highest"]

    @given(st.lists(st.floats(0.2, 0.95), min_size=12, max_size=24, unique=True), st.randoms())
    def test_colluders_cannot_tell_whose_value_is_whose(self, given_, dice):
        """Two members pool what each is told. Exchange the others' values at will: both are told the same, so any of the values may
        be anyone's; and no figure told is a value of the group to four places unless it stands on a step anyway."""
        first, second, *others = given_
        mixed = dice.sample(others, len(others))
        for known in (first, second):
            assert spread_of([known, *mixed], 0.005) == spread_of([known, *others], 0.005)

    def test_a_third_s_value_stays_open_to_two_colluders(self):
        """What two members are told fits worlds in which a third has very different values."""
        dice = random.Random(5)
        others = sorted(dice.uniform(0.4, 0.9) for _ in range(13))
        told = [spread_of([mine, *others], 0.005) for mine in (0.55, 0.75)]
        for target in range(13):
            fits = set()
            for other in range(13):
                world = list(others)
                world[target], world[other] = world[other], world[target]
                if [spread_of([mine, *world], 0.005) for mine in (0.55, 0.75)] == told:
                    fits.add(world[target])
            assert max(fits) / min(fits) > 1.2


def rows_of(*parts):
    names = ("genre", "size", "weekday", "theatre", "producer", "office", "performances", "tickets", "recette_cents", "for_sale")
    return {name: np.array([row[n] for row in parts]) for n, name in enumerate(names)} | {"weight": np.ones(len(parts))}


class TestMix:
    def everybody(self, *, fill, genre=1, weekday=2, many=8, first=1):
        return [
            (genre, 2, weekday, first + n, 100 + n, 100 + n, 4, round(fill * 400), round(fill * 400) * 2000, 400)
            for n in range(many)
        ]  # fmt: skip

    def test_the_others_at_my_mix(self):
        """Others play half on weekdays at 40 %, half at weekends at 80 %; I play three quarters at weekends."""
        mine = [(1, 2, 2, 99, 100, 100, 1, 50, 100_000, 100), (1, 2, 6, 99, 101, 101, 3, 240, 480_000, 300)]
        rows = rows_of(*self.everybody(fill=0.4), *self.everybody(fill=0.8, weekday=6), *mine)
        own = rows["theatre"] == 99
        found = at_mix(rows, own, ~own, PeerMeasure.OCCUPANCY, LIMITS, 0.005)
        assert (found.value, found.coverage) == (pytest.approx(0.7), 1.0)
        price = at_mix(rows, own, ~own, PeerMeasure.PRICE, LIMITS, 25)
        assert price.value == 2000

    def test_a_stratum_of_few_counts_in_the_wider_one(self):
        mine = [(1, 2, 6, 99, 100, 100, 3, 240, 480_000, 300)]
        rows = rows_of(*self.everybody(fill=0.4), *self.everybody(fill=0.8, weekday=6, many=2), *mine)
        own = rows["theatre"] == 99
        found = at_mix(rows, own, ~own, PeerMeasure.OCCUPANCY, LIMITS, 0.005)
        assert found.coverage == 1.0
        assert found.value == pytest.approx((8 * 160 + 2 * 320) / 4000, abs=0.0026)

    def test_sizes_of_few_count_in_the_genre(self):
        """Two theatres alone play large halls: the genre is read as one, and the large halls are not left by subtraction."""
        mine = [(1, 3, 2, 99, 100, 100, 1, 50, 100_000, 100)]
        large = [(1, 3, 2, 50 + n, 60 + n, 60 + n, 1, 90, 180_000, 100) for n in range(2)]
        rows = rows_of(*self.everybody(fill=0.4), *large, *mine)
        own = rows["theatre"] == 99
        found = at_mix(rows, own, ~own, PeerMeasure.OCCUPANCY, LIMITS, 0.005)
        assert found.coverage == 1.0
        assert found.value == pytest.approx((8 * 160 + 180) / 3400, abs=0.0026)

    def test_sums_of_others_are_disturbed_and_newcomers_left_out(self):
        mine = [(1, 2, 2, 99, 100, 100, 1, 50, 100_000, 100)]
        rows = rows_of(*self.everybody(fill=0.4), *self.everybody(fill=0.8, many=2, first=20), *mine)
        own = rows["theatre"] == 99
        rows["weight"] = np.where(rows["theatre"] == 20, 0.0, np.where(rows["theatre"] == 21, 1.12, 0.9))
        found = at_mix(rows, own, ~own, PeerMeasure.OCCUPANCY, LIMITS, 0.005)
        assert found.value == pytest.approx((8 * 160 * 0.9 + 320 * 1.12) / (400 * (8 * 0.9 + 1.12)), abs=0.0026)

    def test_too_little_of_the_mix_tells_nothing(self):
        mine = [(1, 2, 2, 99, 100, 100, 1, 50, 100_000, 100), (3, 2, 2, 99, 101, 101, 3, 240, 480_000, 300)]
        rows = rows_of(*self.everybody(fill=0.4), *self.everybody(fill=0.8, genre=3, many=4), *mine)
        own = rows["theatre"] == 99
        found = at_mix(rows, own, ~own, PeerMeasure.OCCUPANCY, LIMITS, 0.005)
        assert (found.value, found.coverage) == (None, 0.25)
        assert not is_open(rows, ~own & (rows["genre"] == 3), LIMITS)

    def test_one_office_behind_all_is_not_open(self):
        rows = rows_of(*self.everybody(fill=0.4))
        assert is_open(rows, rows["theatre"] > 0, LIMITS)
        assert not is_open({**rows, "office": np.full(8, 5)}, rows["theatre"] > 0, LIMITS)
