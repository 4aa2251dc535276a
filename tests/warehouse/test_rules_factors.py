"""The hidden factor: drawn with a key, balanced by size, kept through a season, and joined in batches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dip.warehouse.rules.factors import OFFICE, THEATRE, Carrier, drawn, margin_of
from tests.warehouse.attacks.bed import LIMITS

KEY, OTHER = b"k" * 32, b"o" * 32
SIZES = st.lists(st.integers(50, 100_000), min_size=1, max_size=40)


def theatres(sizes, group=1, first=1):
    return [Carrier(THEATRE, first + number, group, size) for number, size in enumerate(sizes)]


@given(SIZES)
def test_every_factor_is_ten_to_thirteen_per_cent_off(sizes):
    for row in drawn(KEY, 2025, theatres(sizes), {}, LIMITS).values():
        assert 0.10 <= abs(row.factor - 1) <= 0.13
        assert row.is_in


@given(SIZES)
def test_neighbours_by_size_go_up_and_down(sizes):
    found = drawn(KEY, 2025, theatres(sizes), {}, LIMITS)
    ordered = sorted(((size, -number) for number, size in enumerate(sizes)), reverse=True)
    signs = [found[THEATRE, 1 - number].factor > 1 for _, number in ordered]
    assert all(one != two for one, two in zip(signs[::2], signs[1::2], strict=False))


def test_key_season_and_side_draw_anew():
    sizes = list(range(100, 4000, 100))
    first = drawn(KEY, 2025, theatres(sizes), {}, LIMITS)
    for other in (drawn(OTHER, 2025, theatres(sizes), {}, LIMITS), drawn(KEY, 2026, theatres(sizes), {}, LIMITS)):
        assert sum((first[key].factor > 1) == (other[key].factor > 1) for key in first) < len(sizes)
        assert all(first[key].factor != other[key].factor for key in first)
    both = drawn(KEY, 2025, [Carrier(THEATRE, 7, 1, 10), Carrier(OFFICE, 7, 1, 10)], {}, LIMITS)
    assert both[THEATRE, 7].factor != both[OFFICE, 7].factor


def test_what_was_drawn_stays_whatever_becomes_of_sizes():
    first = drawn(KEY, 2025, theatres([100, 200, 300]), {}, LIMITS)
    again = drawn(OTHER, 2025, theatres([900, 5, 70]), first, LIMITS)
    assert again == first


def test_one_who_comes_later_waits_for_two_more():
    first = drawn(KEY, 2025, theatres([100, 200, 300]), {}, LIMITS)
    alone = drawn(KEY, 2025, theatres([100, 200, 300, 400]), first, LIMITS)
    assert not alone[THEATRE, 4].is_in
    elsewhere = drawn(KEY, 2025, [*theatres([1, 1, 1, 400]), *theatres([50, 60], group=2, first=20)], alone, LIMITS)
    assert [elsewhere[THEATRE, number].is_in for number in (4, 20, 21)] == [False] * 3
    joined = drawn(KEY, 2025, theatres([1, 1, 1, 400, 10, 20]), elsewhere, LIMITS)
    assert [joined[THEATRE, number].is_in for number in (4, 5, 6, 20, 21)] == [True, True, True, False, False]
    assert joined[THEATRE, 4].factor == alone[THEATRE, 4].factor


@pytest.mark.parametrize(("error", "margin"), [(0.0, 0.005), (0.0025, 0.005), (0.004, 0.01), (0.03, 0.08), (0.9, 0.2)])
def test_margins_are_told_in_steps(error, margin):
    assert margin_of(error) == margin
