"""How many tickets fit when quotas overlap."""

import pytest

from dip.ticketing.connectors.pretix import seats
from dip.ticketing.connectors.pretix.seats import Product, Quota, read_quota, seating

R1, R2, R3 = (1, None), (2, None), (3, None)


def quota(number, size, *cells, free=None, closed=False):
    return Quota(number, size, size if free is None else free, frozenset(cells), closed)


@pytest.mark.parametrize(
    ("quotas", "capacity"),
    [
        ([quota(1, 45, R1), quota(2, 45, R2), quota(3, 60, R3)], 150),
        ([quota(1, 45, R1), quota(2, 45, R2), quota(3, 60, R3), quota(4, 120, R1, R2, R3)], 120),
        ([quota(1, 45, R1), quota(2, 45, R2), quota(3, 60, R3), quota(4, 400, R1, R2, R3)], 150),
        ([quota(1, 100, R1, R2, R3), quota(2, 30, R1)], 100),
        ([quota(1, 40, R1, R2), quota(2, 40, R2, R3)], 80),
        ([quota(1, None, R1, R2, R3), quota(2, 70, R1, R2, R3)], 70),
        ([quota(1, 45, R1), quota(2, None, R2), quota(3, 60, R3)], None),
        ([quota(1, 45, R1)], 45),  # what no quota covers cannot be sold
        ([], None),
    ],
)
def test_capacity(quotas, capacity):
    assert seating(quotas, frozenset({R1, R2, R3})).capacity == capacity


def test_many_quotas_are_taken_step_by_step_and_no_seat_is_counted_twice(monkeypatch):
    cells = [(number, None) for number in range(14)]
    quotas = [quota(number, 10, cell) for number, cell in enumerate(cells)] + [quota(99, 120, *cells)]
    assert seating(quotas, frozenset(cells)).capacity == 120
    quotas[-1] = quota(99, 900, *cells)
    assert seating(quotas, frozenset(cells)).capacity == 140
    monkeypatch.setattr(seats, "_TRIED", 0)
    assert seating([quota(1, 50, R1), quota(2, 60, R2), quota(3, 70, R1, R2)], frozenset({R1, R2})).capacity == 70


def test_what_is_free_follows_the_tightest_quotas():
    quotas = [quota(1, 45, R1, free=10), quota(2, 45, R2, free=20), quota(3, 80, R1, R2, free=12)]
    assert seating(quotas, frozenset({R1, R2})).available == 12


def test_closed_is_closed_when_every_quota_is():
    assert seating([quota(1, 5, R1, closed=True)], frozenset({R1})).is_closed
    assert not seating([quota(1, 5, R1, closed=True), quota(2, 5, R2)], frozenset({R1, R2})).is_closed
    assert not seating([], frozenset({R1})).is_closed


def test_a_quota_is_narrowed_to_what_admits():
    products = {1: Product(1, "Rang 1", True, True, {5: "Normaal", 6: "CJP"}), 2: Product(2, "Boekje", False, True, {})}
    found = read_quota(
        {"id": 9, "size": 3, "items": [1, 2, 7], "variations": [6], "available_number": 1, "closed": False}, products
    )
    assert found.cells == {(1, 6)}
