"""What a season's lines tell, together: regions and genres under the rules, and beside the total that everybody knows."""

import pytest

from dip.warehouse.queries.audience import trends
from dip.warehouse.queries.audience.figures import Cell
from dip.warehouse.queries.audience.parts import QUESTIONS
from dip.warehouse.rules.audience.persons import HELD_BACK


def told(part, lines, *, organisations=3, rest=None, crosses=True, whole=None):
    """Key → counts per code, for lines of a season; key 0 is their sum unless given."""
    asked = QUESTIONS[part]
    lines = dict(lines)
    lines.setdefault(0, [sum(each) for each in zip(*lines.values(), strict=True)])

    def cells(counts):
        return {
            (asked.number, asked.first + place): Cell(amount, organisations if crosses else 1, amount if rest is None else rest)
            for place, amount in enumerate(counts)
            if amount
        }

    beside = None if whole is None else {(2025, key): cells(counts) for key, counts in whole.items()}
    found = trends._published(part, {(2025, key): cells(counts) for key, counts in lines.items()}, beside, crosses=crosses)
    many = len(next(iter(lines.values())))
    return {key: [None if one == HELD_BACK else int(one) for one in row[:many]] for (_, key), (row, _) in found.items()}


def test_a_small_cell_takes_one_of_its_line_and_one_of_its_code():
    found = told("returning", {4: [40, 4, 50], 5: [30, 60, 20], 6: [70, 80, 90]})
    assert found == {0: [140, 145, 160], 4: [None, None, 50], 5: [None, None, 20], 6: [70, 80, 90]}


def test_what_is_shown_alone_is_not_all():
    asked = QUESTIONS["ages"]
    cells = {(asked.number, code): Cell(amount, 3, amount) for code, amount in enumerate([20, 60, 5, 35])}
    (row, rates), *_ = trends._published("ages", {(2025, 0): cells}, None, crosses=True).values()
    assert row.tolist()[:4] == [-1, 60, -1, 35]
    assert rates[:4] == [None, 0.5, None, 0.2917]


def test_a_region_of_two_organisations_is_silent_and_one_more_with_it():
    lines = {4: [40, 30, 50], 5: [30, 60, 20], 6: [70, 80, 90]}
    assert told("returning", lines, organisations=2) == dict.fromkeys((0, 4, 5, 6), [None] * 3)
    assert told("returning", lines, rest=9) == dict.fromkeys((0, 4, 5, 6), [None] * 3)


def test_one_value_for_nearly_all_is_told_of_nobody():
    found = told("genders", {4: [0, 95, 5], 5: [0, 40, 60], 6: [0, 70, 60]})
    assert found[4] == [0, None, None]
    assert found[0] == [0, 205, 125]
    assert found[6] == [0, 70, 60]
    assert found[5] == [0, None, None]  # alone, the one would follow from the total


def test_houses_of_which_the_others_are_too_few_are_not_told():
    lines, whole = {4: [40, 30, 50]}, {0: [44, 60, 90], 4: [44, 60, 90]}
    assert told("returning", lines, crosses=False, whole=whole) == {0: [None, None, 50], 4: [None, None, 50]}
    assert told("returning", lines, crosses=False) == {0: [40, 30, 50], 4: [40, 30, 50]}


@pytest.mark.parametrize("years", [(), (2020, 2023, 2025)])
def test_the_window_of_a_nation_is_that_of_half_its_theatres(years):
    from datetime import UTC, datetime

    from dip.warehouse.store.shelves import Catalogue, Shelf

    held = {(place + 1, season): Shelf("f", 1) for place, first in enumerate(years) for season in range(first, 2026)}
    catalogue = Catalogue("v", datetime(2026, 1, 1, tzinfo=UTC), "m", held)
    found = [trends._window(whose, catalogue, 2025).days for whose in (None, {1, 2}, {3})]
    assert found == ([731, 731, 0] if years else [0, 0, 0])
