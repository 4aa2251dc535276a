"""Buyers beside inhabitants: the arithmetic on what is published."""

import numpy as np
import pytest

from dip.warehouse.rules.audience.population import adults, by_distance, shares, spread_out, urbanities


def test_what_is_hidden_lies_in_the_hidden_areas_by_their_inhabitants():
    pc4, town, province = np.array([30, 25, -1, -1, -1]), np.array([70, -1]), np.array([100])
    parents = [np.array([0, 0, 0, 0, 1]), np.array([0, 0])]
    people = np.array([1000, 900, 200, 100, 600])
    assert spread_out([pc4, town, province], parents, people).tolist() == [30, 25, 10, 5, 30]
    assert spread_out([pc4, town, np.array([-1])], parents, people).tolist() == [30, 25, 10, 5, 0]
    assert spread_out([np.zeros(0, np.int64)] * 3, [np.zeros(0, np.int64)] * 2, np.zeros(0, np.int64)).tolist() == []


def test_distance_alone_gives_the_same_to_all_at_one_distance_and_less_to_the_far():
    km = np.repeat([1.0, 5.0, 20.0, 60.0], 30)
    people = np.full(120, 5000)
    buyers = np.repeat([100.0, 50.0, 20.0, 5.0], 30)
    buyers[::2] *= 1.5
    rate = by_distance(buyers, people, km)
    assert (np.diff(rate[[0, 30, 60, 90]]) < 0).all()
    assert rate[0] == pytest.approx(rate[1])
    assert (rate * people).sum() == pytest.approx(buyers.sum(), rel=0.02)
    assert np.isnan(by_distance(buyers, people, np.full(120, np.nan))).all()


def test_adults_and_urbanities():
    bands = np.arange(1.0, 21.0)[None, :]
    assert adults(bands).tolist() == [[5 + 4 * 0.4, 6 + 7, 8 + 9, 10 + 11, 12 + 13, 14 + 15, sum(range(16, 21))]]
    assert urbanities(np.array([0, 1, 5, 1]), np.array([9.0, 1.0, 2.0, 3.0])).tolist() == [4, 0, 0, 0, 2]
    assert np.isnan(shares(np.zeros(2))).all()
