import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from dip.warehouse.rules.cube import Side, shown_cells, with_totals
from dip.warehouse.rules.disclosure import is_safe, top_of
from tests.warehouse.test_rules_disclosure import LIMITS

SHAPE = (3, 4, 9)  # genres, provinces (the last one unknown), holdings
CUBES = arrays.arrays(np.float64, SHAPE, elements=st.sampled_from([0, 0, 0, 10, 20, 30, 100, 500]).map(float))


def safe(vector) -> bool:
    return bool(is_safe(top_of(vector.tolist()), LIMITS))


def cube(everyone, own=None):
    side = Side(everyone, np.zeros(SHAPE) if own is None else own)
    empty = with_totals(everyone).sum(axis=2) <= 0
    return shown_cells([side], empty, LIMITS), empty


def test_all_cells_of_an_even_market_are_shown():
    everyone = np.full(SHAPE, 10.0)
    everyone[:, 3] = 0
    shown, _ = cube(everyone)
    assert shown.all()


def test_an_unknown_province_is_never_shown_but_counts():
    shown, _ = cube(np.full(SHAPE, 10.0))
    assert not shown[:, 3].any()
    assert shown[:, 4].all()


def test_a_single_hidden_cell_takes_another_with_it():
    everyone = np.full(SHAPE, 10.0)
    everyone[:, 3] = 0
    everyone[1, 2] = [10, 10, 0, 0, 0, 0, 0, 0, 0]  # two holdings only
    shown, _ = cube(everyone)
    assert not shown[1, 2]
    assert (~shown[1, :3]).sum() >= 2
    assert (~shown[:3, 2]).sum() >= 2


def test_a_cell_without_performances_is_no_secret():
    everyone = np.full(SHAPE, 10.0)
    everyone[:, 3] = 0
    everyone[0, 0] = 0
    shown, empty = cube(everyone)
    assert empty[0, 0]
    assert shown[0, 0]


def test_performances_without_tickets_are_hidden():
    everyone = np.full(SHAPE, 10.0)
    everyone[0, 0] = 0
    empty = np.zeros((4, 5), dtype=bool)
    assert not shown_cells([Side(everyone, np.zeros(SHAPE))], empty, LIMITS)[0, 0]


@settings(deadline=None, max_examples=150)
@given(CUBES, st.integers(0, 9))
def test_neither_cells_nor_subtraction_give_an_unsafe_figure(everyone, viewer):
    own = np.zeros(SHAPE)
    if viewer < 9:
        own[..., viewer] = everyone[..., viewer]
    shown, empty = cube(everyone, own)
    for table in (with_totals(everyone), with_totals(everyone - own)):
        for place in np.ndindex(shown.shape):
            assert not shown[place] or empty[place] or safe(table[place])
        lines = [[(g, p) for p in range(5)] for g in range(4)] + [[(g, p) for g in range(4)] for p in range(5)]
        for *parts, total in lines:
            hidden = [cell for cell in parts if not shown[cell]]
            if shown[total] and hidden:
                assert safe(sum(table[cell] for cell in hidden))
            if not shown[total] and not empty[total]:
                assert hidden, "a total that is held back is the sum of parts that are all shown"
