"""Tables of people in two ways: against every table that has the same totals, so that nothing hidden follows."""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dip.warehouse.rules.audience.crossed import crossed, given_away
from dip.warehouse.rules.audience.persons import HELD_BACK


def told(table, may=None, rows=None, columns=None):
    table = np.array(table)
    return crossed(
        table,
        table >= 10 if may is None else np.array(may),
        np.ones(table.shape[0], dtype=bool) if rows is None else np.array(rows),
        np.ones(table.shape[1], dtype=bool) if columns is None else np.array(columns),
    ).tolist()


def test_a_small_cell_takes_one_of_its_row_and_one_of_its_column_and_what_closes_the_square():
    assert told([[4, 40, 50], [30, 20, 60], [70, 80, 90]]) == [[-1, -1, 50], [-1, -1, 60], [70, 80, 90]]


def test_what_is_told_nowhere_needs_no_other_cell():
    assert told([[4, 40, 50]], columns=[False, True, True], rows=[False]) == [[-1, -1, -1]]
    assert told([[40], [30], [20], [4], [0]], rows=[True, True, False, False, True]) == [[40], [30], [-1], [-1], [0]]
    assert told([[40, 0], [30, 0], [0, 12]], columns=[True, False]) == [[40, 0], [-1, -1], [-1, -1]]  # nobody tells where 12 are
    assert told([[40, 12], [20, 30]]) == [[40, 10], [20, 30]]


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 3).flatmap(
        lambda height: st.integers(1, 3).flatmap(
            lambda width: st.tuples(
                st.lists(st.lists(st.integers(0, 30), min_size=width, max_size=width), min_size=height, max_size=height),
                st.lists(st.booleans(), min_size=height, max_size=height),
                st.lists(st.booleans(), min_size=width, max_size=width),
            )
        )
    )
)
def test_no_hidden_cell_follows_from_what_is_told(drawn):
    cells, row, column = (np.array(one) for one in drawn)
    published = crossed(cells, cells >= 10, row, column)
    hidden = published == HELD_BACK
    assert ((published[~hidden] - cells[~hidden]) ** 2 <= 4).all()
    assert (cells[~hidden] * (cells[~hidden] < 10) == 0).all()
    row, column = row & (cells.sum(axis=1) >= 10), column & (cells.sum(axis=0) >= 10)
    for line, secret in [(cells[place], hidden[place]) for place in np.flatnonzero(row)] + [
        (cells[:, place], hidden[:, place]) for place in np.flatnonzero(column)
    ]:
        assert not secret.any() or line[secret].sum() >= 10
    assert hidden.all() or not given_away(hidden, row, column)


def test_given_away_is_what_one_solution_leaves():
    """By trying every table of small numbers with the same sums."""
    for seed in range(30):
        dice = np.random.default_rng(seed)
        table, hidden = dice.integers(2, 5, (2, 3)), dice.random((2, 3)) < 0.45
        row, column = dice.random(2) < 0.7, dice.random(3) < 0.7
        places = np.argwhere(hidden)
        if len(places) > 4:
            continue
        fits = []
        for values in product(range(7), repeat=len(places)):
            other = table.copy()
            other[tuple(places.T)] = values
            same = (other.sum(axis=1) == table.sum(axis=1))[row].all() and (other.sum(axis=0) == table.sum(axis=0))[column].all()
            if same and other.sum() == table.sum():
                fits.append(values)
        sure = {tuple(place) for number, place in enumerate(places.tolist()) if len({one[number] for one in fits}) == 1}
        assert set(given_away(hidden, row, column)) == sure, (seed, table, hidden)
