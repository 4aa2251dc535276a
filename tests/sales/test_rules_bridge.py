"""From the platform's sold to the theatre's own number: lines that add up, and reasons."""

from datetime import timedelta

import pytest

from dip.sales.rules.bridge import bridge
from dip.sales.terms import OwnNumber, Part, Parts
from tests.sales.shapes import NOW

HOUR = timedelta(hours=1)
NOW_PARTS = Parts(338, 12, 7, 20, None, NOW)


def own(count: int, *includes: Part, at=NOW) -> OwnNumber:
    return OwnNumber(count, at, frozenset(includes), "Kassa", at, True)


def codes(found):
    return [code for code, _ in found.reasons]


def total(found) -> int:
    return sum(line.value or 0 for line in found.lines) + found.rest


def test_equal_numbers_add_up():
    found = bridge(NOW_PARTS, NOW_PARTS, own(338))
    assert (found.rest, codes(found)) == (0, ["adds_up"])


def test_what_the_theatre_counts_in_explains():
    found = bridge(NOW_PARTS, NOW_PARTS, own(357, Part.FREE, Part.RESERVED))
    assert found.rest == 0
    assert codes(found) == ["adds_up", "free_counted", "reserved_counted"]
    assert [(line.code, line.value) for line in found.lines] == [("platform", 338), ("free", 12), ("reserved", 7)]
    assert found.difference == 19


def test_sales_after_the_moment_are_taken_off():
    then = NOW_PARTS._replace(sold=320)
    found = bridge(NOW_PARTS, then, own(320, at=NOW - 24 * HOUR))
    assert found.rest == 0
    assert [(line.code, line.value) for line in found.lines] == [("platform", 338), ("since", -18)]
    assert codes(found) == ["adds_up", "since"]


@pytest.mark.parametrize(
    ("count", "parts"), [(345, ["reserved"]), (350, ["free"]), (357, ["free", "reserved"]), (365, ["reserved", "blocked"])]
)
def test_a_rest_that_equals_a_figure_names_it(count, parts):
    found = bridge(NOW_PARTS, NOW_PARTS, own(count))
    assert found.rest == count - 338
    assert found.reasons[-1] == ("rest_equals", {"parts": parts, "tickets": count - 338})


def test_a_part_that_was_said_to_be_in_and_is_not():
    found = bridge(NOW_PARTS, NOW_PARTS, own(338, Part.FREE))
    assert found.rest == -12
    assert found.reasons[-1][1]["parts"] == ["free"]


def test_a_newer_number_tells_how_much_newer_and_how_fast():
    found = bridge(NOW_PARTS, NOW_PARTS, own(349, at=NOW + 12 * HOUR), per_day=24.0)
    assert found.reasons[-1] == ("newer", {"hours": 12, "at": NOW, "tickets": 12, "rest": 11})


def test_nothing_explains():
    found = bridge(NOW_PARTS, NOW_PARTS, own(341))
    assert found.reasons == (("unexplained", {"tickets": 3, "more": True}),)


def test_what_is_not_reported_is_said_and_counts_as_nothing():
    parts = NOW_PARTS._replace(reserved=None)
    found = bridge(parts, parts, own(341, Part.RESERVED))
    assert "reserved_unknown" in codes(found)
    assert found.rest == 3


@pytest.mark.parametrize("count", [0, 300, 338, 357, 400])
@pytest.mark.parametrize("includes", [(), (Part.FREE,), tuple(Part)])
@pytest.mark.parametrize("then", [338, 320, 350])
def test_the_statement_always_ends_at_the_theatres_number(count, includes, then):
    found = bridge(NOW_PARTS, NOW_PARTS._replace(sold=then), own(count, *includes))
    assert total(found) == count
