import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dip.warehouse.rules.audience import persons
from dip.warehouse.rules.audience.persons import HELD_BACK

small = st.one_of(st.integers(0, 14), st.integers(0, 400))


def ints(*values):
    return np.array(values, dtype=np.int64)


def test_counts_are_rounded_to_five():
    assert persons.rounded(ints(0, 2, 3, 7, 8, 12, 13, HELD_BACK)).tolist() == [0, 0, 5, 5, 10, 10, 15, HELD_BACK]


def test_one_small_cell_takes_the_next_smallest_with_it():
    assert persons.attribute(ints(100, 60, 40, 4)).tolist() == [100, 60, HELD_BACK, HELD_BACK]
    assert persons.attribute(ints(100, 60, 7, 4)).tolist() == [100, 60, HELD_BACK, HELD_BACK]
    assert persons.attribute(ints(100, 60, 4, 4)).tolist() == [100, HELD_BACK, HELD_BACK, HELD_BACK], (
        "together they are too few still"
    )
    assert persons.attribute(ints(100, 60, 40, 0)).tolist() == [100, 60, 40, 0]


def test_an_attribute_that_nearly_all_share_is_not_shown():
    assert (persons.attribute(ints(90, 10)) == HELD_BACK).all()
    assert persons.attribute(ints(90, 10), is_personal=False).tolist() == [90, 10]
    assert (persons.attribute(ints(5, 3)) == HELD_BACK).all()
    assert persons.attribute(ints(0, 0)).tolist() == [0, 0]


def test_a_cell_that_crosses_organisations_needs_three():
    assert persons.attribute(ints(100, 60, 50), ints(9, 9, 2)).tolist() == [100, HELD_BACK, HELD_BACK]


def test_rates_come_from_what_is_published():
    found = persons.rates(ints(60, 40, HELD_BACK))
    assert found[0] == 0.6
    assert np.isnan(found[2])
    assert np.isnan(persons.rates(ints(0, 0))).all()


@given(st.lists(small, min_size=1, max_size=9))
def test_a_total_minus_what_is_shown_never_isolates_few(values):
    counts = np.array(values, dtype=np.int64)
    published = persons.attribute(counts, is_personal=False)
    hidden = published == HELD_BACK
    if hidden.any() and counts.sum() >= 10:
        assert counts[hidden].sum() >= 10
        assert (counts[hidden] > 0).sum() >= 2
    assert ((published[~hidden] - counts[~hidden]) ** 2 <= 4).all()
    assert not ((counts[~hidden] > 0) & (counts[~hidden] < 10)).any()


@settings(max_examples=80)
@given(st.integers(2, 5), st.integers(2, 5), st.data())
def test_the_totals_of_a_crossing_give_no_cell_away(rows, columns, data):
    table = np.array(data.draw(st.lists(st.lists(small, min_size=columns, max_size=columns), min_size=rows, max_size=rows)))
    hidden = persons.crossing(table) == HELD_BACK
    for axis in (0, 1):
        totals, held = table.sum(axis=axis), np.where(hidden, table, 0).sum(axis=axis)
        known = totals >= 10
        assert not (known & (held > 0) & (held < 10)).any()
    for row, column in persons.solved(table, hidden):
        beside = np.concatenate([np.flatnonzero(table[row] * ~hidden[row]), np.flatnonzero(table[:, column] * ~hidden[:, column])])
        assert not len(beside), "only where nothing is left to hide: then it is the total itself that tells"
    assert not ((table > 0) & (table < 10) & ~hidden).any()


def tree(data):
    """Buyers per PC4, municipality and province, some known only so far, and all of them."""
    provinces = data.draw(st.integers(1, 4))
    towns = np.array(data.draw(st.lists(st.integers(0, provinces - 1), min_size=1, max_size=7)), dtype=np.int64)
    codes = np.array(data.draw(st.lists(st.integers(0, len(towns) - 1), min_size=1, max_size=16)), dtype=np.int64)
    fine = np.array(data.draw(st.lists(small, min_size=len(codes), max_size=len(codes))), dtype=np.int64)
    spare = st.sampled_from([0, 0, 0, 3, 20])
    town = np.bincount(codes, fine, len(towns)).astype(np.int64) + data.draw(spare)
    province = np.bincount(towns, town, provinces).astype(np.int64) + data.draw(spare)
    return [fine, town, province], [codes, towns], int(province.sum()) + data.draw(st.sampled_from([0, 4, 50]))


@settings(max_examples=150)
@given(st.data())
def test_no_difference_between_areas_isolates_fewer_than_ten(data):
    levels, parents, total = tree(data)
    published = persons.roll_up(levels, parents, total)
    for counts, shown in zip(levels, published, strict=True):
        assert not ((counts > 0) & (counts < 10) & (shown != HELD_BACK)).any()
    if total < 10:
        return
    top = published[-1] != HELD_BACK
    assert_rest(total - levels[-1][top].sum())
    for level, parent in enumerate(parents):
        mine, above = published[level] != HELD_BACK, published[level + 1] != HELD_BACK
        for number in range(len(levels[level + 1])):
            members = parent == number
            if above[number]:
                assert_rest(levels[level + 1][number] - levels[level][members & mine].sum())
            else:
                assert not (levels[level][members & mine] > 0).any(), "hidden with its parent"


def assert_rest(rest):
    assert rest == 0 or rest >= 10


def test_a_small_postcode_rolls_up_to_its_municipality():
    fine, town, province = ints(30, 25, 4, 8), ints(55, 12), ints(67)
    found = persons.roll_up([fine, town, province], [ints(0, 0, 1, 1), ints(0, 0)], 67)
    assert [level.tolist() for level in found] == [[30, 25, HELD_BACK, HELD_BACK], [55, 10], [65]]


def test_buyers_without_a_postcode_are_no_reason_to_hide_a_province():
    found = persons.roll_up([ints(100, 40)], [], 300)
    assert found[0].tolist() == [100, 40]
    assert persons.roll_up([ints(100, 40)], [], 143)[0].tolist() == [100, HELD_BACK], "three would be left over"


def test_limits_may_be_stricter():
    strict = persons.PersonLimits(buyers_min=50)
    assert persons.attribute(ints(100, 60, 49), limits=strict).tolist() == [100, HELD_BACK, HELD_BACK]
    with pytest.raises(AttributeError):
        strict.buyers_min = 1
