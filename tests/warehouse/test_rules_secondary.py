"""Secondary suppression against an attacker who solves everything that is published."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from dip.warehouse.rules.disclosure import is_safe, is_safe_for_anyone, top_of
from dip.warehouse.rules.secondary import Table, shown_cells
from tests.warehouse.attack import bounds, place_of
from tests.warehouse.test_rules_disclosure import LIMITS

#: Genres, values of the first dimension, of the second, holdings.
SHAPE = (3, 3, 2, 8)
ATOMS = arrays.arrays(np.int64, SHAPE, elements=st.sampled_from([10, 10, 20, 15, 0, 5, 40, 200]))
P = LIMITS.dominance_p


def with_totals(parts):
    wide = np.concatenate([parts, parts.sum(axis=1, keepdims=True)], axis=1)
    return np.concatenate([wide, wide.sum(axis=0, keepdims=True)], axis=0)


def is_safe_cell(contributions) -> bool:
    top = top_of(contributions.tolist())
    return bool(is_safe(top, LIMITS) and is_safe_for_anyone(top, 1, top.first, LIMITS))


@dataclass
class Published:
    """Two linked tables: contributions (genre × value × holding, with totals), and what is shown of them."""

    parts: dict[int, np.ndarray]
    tables: dict[int, Table]
    shown: dict[int, np.ndarray]

    def secrets(self):
        for key, table in self.tables.items():
            for row, column in np.argwhere(~table.safe & ~table.empty):
                yield key, int(row), int(column)


def release(atoms) -> Published:
    parts = {1: with_totals(atoms.sum(axis=2)), 2: with_totals(atoms.sum(axis=1))}
    tables = {}
    for key, contributions in parts.items():
        sums = contributions.sum(axis=2).astype(float)
        safe = np.array([[is_safe_cell(cell) for cell in row] for row in contributions])
        tables[key] = Table([sums], [contributions.max(axis=2).astype(float)], safe, sums == 0, [contributions.astype(float)])
    return Published(parts, tables, shown_cells(tables, LIMITS))


def even(**cells):
    """Every atom 10 from each holding, but those that are told."""
    atoms = np.full(SHAPE, 10, dtype=np.int64)
    for place, values in cells.items():
        atoms[tuple(int(digit) for digit in place[1:])] = values
    return atoms


ALONE = [10, 0, 0, 0, 0, 0, 0, 0]


class TestExamples:
    def test_an_even_market_hides_nothing(self):
        found = release(even())
        assert all(mask.all() for mask in found.shown.values())

    def test_one_secret_takes_a_circle_with_it(self):
        found = release(even(_000=ALONE, _001=ALONE))
        assert not found.shown[1][0, 0]
        hidden = np.argwhere(~found.shown[1][:-1, :-1])
        assert all((hidden[:, 0] == row).sum() >= 2 for row in set(hidden[:, 0]))
        assert all((hidden[:, 1] == column).sum() >= 2 for column in set(hidden[:, 1]))
        assert found.shown[2].all()  # the other table tells nothing of it

    def test_a_cell_without_performances_is_no_secret(self):
        found = release(even(_000=0, _001=0))
        assert found.shown[1].all()

    def test_a_hidden_genre_is_hidden_in_every_table_and_never_alone(self):
        atoms = even()
        atoms[0] = np.array(ALONE)
        found = release(atoms)
        for key, mask in found.shown.items():
            hidden = [row for row in range(3) if not mask[row, -1]]
            assert 0 in hidden
            assert len(hidden) >= 2
            assert not mask[hidden].any(), key

    def test_one_genre_only_and_unsafe(self):
        atoms = np.zeros(SHAPE, dtype=np.int64)
        atoms[0] = np.array(ALONE)
        found = release(atoms)
        for key, mask in found.shown.items():
            assert not (mask & ~found.tables[key].empty).any()

    def test_a_season_without_anything(self):
        found = release(np.zeros(SHAPE, dtype=np.int64))
        assert all(mask.all() for mask in found.shown.values())


@settings(deadline=None, max_examples=120)
@given(ATOMS)
@example(even(_000=ALONE, _001=ALONE))
def test_nothing_unsafe_is_shown_and_lines_tell_nothing_unsafe(atoms):
    found = release(atoms)
    for key, mask in found.shown.items():
        table, parts = found.tables[key], found.parts[key]
        assert not (mask & ~table.safe & ~table.empty).any()
        rows, columns = mask.shape
        lines = [[(row, column) for column in range(columns)] for row in range(rows)]
        lines += [[(row, column) for row in range(rows)] for column in range(columns)]
        for *cells, total in lines:
            hidden = [cell for cell in cells if not mask[cell]]
            if mask[total] and hidden:
                assert is_safe_cell(np.add.reduce([parts[cell] for cell in hidden]))
            if not mask[total] and not table.empty[total]:
                assert hidden


@settings(deadline=None, max_examples=60)
@given(ATOMS, st.integers(-1, SHAPE[-1] - 1))
@example(even(_000=ALONE, _001=ALONE), 0)
@example(even(_000=ALONE, _001=ALONE, _110=[0, 0, 0, 0, 0, 0, 10, 10], _111=[0, 0, 0, 0, 0, 0, 0, 10]), 7)
def test_no_attacker_comes_within_p_of_a_hidden_cell(atoms, viewer):
    """Given all tables and its own figures, a viewer (−1: somebody without any) can be off by p of what others have in the cell."""
    found = release(atoms)
    values = {key: parts.sum(axis=2) for key, parts in found.parts.items()}
    known = {key: parts[..., viewer] if viewer >= 0 else np.zeros_like(values[key]) for key, parts in found.parts.items()}
    for key, row, column in found.secrets():
        if _is_not_published(found, key):
            continue
        others = values[key][row, column] - known[key][row, column]
        low, high = bounds(values, found.shown, known, place_of(key, row, column, values[key].shape))
        assert high - low >= 2 * P * float(others) * (1 - 1e-9)


def _is_not_published(found: Published, key: int) -> bool:
    """A table that cannot be protected is not told at all, but for its totals; a total that keeps the rules tells of no contributor."""
    mask, table = found.shown[key], found.tables[key]
    return not (mask[:, :-1] & ~table.empty[:, :-1]).any()


@pytest.mark.parametrize("values", [[[3, 1], [2, 5]], [[0, 4], [4, 0]]])
def test_the_attacker_itself_solves_two_by_two(values):
    whole = with_totals(np.array(values)[..., None])[..., 0]
    shown = {1: np.array([[False, False, True], [False, False, True], [True, True, True]])}
    low, high = bounds({1: whole}, shown, {1: np.zeros_like(whole)}, (1, 0, 0))
    assert low == max(0, whole[0, 2] - whole[2, 1])
    assert high == min(whole[0, 2], whole[2, 0])
