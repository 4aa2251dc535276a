import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dip.warehouse.rules.bands import quantiles_without, rank_columns
from dip.warehouse.rules.comparison import Places, mix_of_distances, spread
from dip.warehouse.rules.disclosure import top_of

RATES = st.integers(0, 20).map(lambda step: step / 20)  # few values: ties are the hard case


@settings(deadline=None)
@given(st.lists(st.lists(RATES, min_size=3, max_size=3), min_size=2, max_size=40), st.data())
def test_equals_sorting_the_others_again(rows, data):
    fills = np.array(rows, dtype=np.float32)
    own = np.array(sorted(data.draw(st.sets(st.integers(0, len(rows) - 1), max_size=len(rows) - 1))), dtype=np.int64)
    others = np.delete(fills, own, axis=0)
    answer = quantiles_without(rank_columns(fills), own, (0.1, 0.5, 0.9))
    assert np.allclose(answer, np.quantile(others.astype(np.float64), (0.1, 0.5, 0.9), axis=0), atol=1e-6)


def test_nobody_left():
    with pytest.raises(ValueError, match="leaves none"):
        quantiles_without(rank_columns(np.zeros((2, 3), dtype=np.float32)), np.array([0, 1]), (0.5,))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50))
def test_spread_is_the_linear_quantile(values):
    got = spread(values)
    assert np.allclose((got.p10, got.p50, got.p90), np.quantile(values, (0.1, 0.5, 0.9)))


def test_mix_goes_to_the_grid_and_drops_empty_halls():
    assert mix_of_distances({-2: 100, 0: 50, 30: 10, 33: 5, 400: 7, 12: 0}) == {0: 150, 35: 15, 364: 7}


@given(st.dictionaries(st.integers(1, 30), st.integers(0, 500), min_size=1, max_size=12), st.integers(1, 31))
def test_places_without_one_equals_looking_at_the_others(contributions, theatre):
    ordered = sorted(((place, value) for place, value in contributions.items() if value > 0), key=lambda pair: -pair[1])
    third = [(0, ordered[2][1])] if len(ordered) > 2 else []
    places = Places(len(ordered), sum(contributions.values()), tuple(ordered[:2] + third))
    expected = top_of(value for place, value in contributions.items() if place != theatre)
    assert places.without(theatre, contributions.get(theatre, 0)) == expected
