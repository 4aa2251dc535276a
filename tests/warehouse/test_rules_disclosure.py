import pytest
from hypothesis import given
from hypothesis import strategies as st

from dip.warehouse.rules.disclosure import all_safe, is_safe, may_show_quantiles, top_of
from dip.warehouse.terms import Limits

LIMITS = Limits(holdings_min=5, dominance_p=0.10, top_one_max=0.50, top_two_max=0.85, quantile_min=8, cohort_min=30)
CONTRIBUTIONS = st.lists(st.integers(0, 100_000), min_size=0, max_size=25)


def safe(contributions) -> bool:
    return bool(is_safe(top_of(contributions), LIMITS))


@pytest.mark.parametrize(
    ("contributions", "answer"),
    [
        ([100, 100, 100, 100, 100], True),
        ([100, 100, 100, 100], False),  # four holdings
        ([100, 100, 100, 100, 0], False),  # a fifth without anything does not count
        ([500, 125, 125, 125, 125], True),  # the largest has exactly half
        ([501, 125, 125, 125, 124], False),
        ([450, 400, 50, 50, 50], True),  # the two largest have exactly 85 %
        ([451, 400, 50, 50, 49], False),
        ([480, 450, 20, 15, 10], False),  # the second comes within 10 % of the largest
        ([], False),
    ],
)
def test_each_rule_at_its_edge(contributions, answer):
    assert safe(contributions) is answer


@given(CONTRIBUTIONS)
def test_no_contributor_can_estimate_another_within_p(contributions):
    if not safe(contributions):
        return
    total = sum(contributions)
    for knower, own in enumerate(contributions):
        for target, value in enumerate(contributions):
            if knower != target:
                # best upper bound: everything that is not one's own
                assert total - own - value >= LIMITS.dominance_p * value * (1 - 1e-12)


@given(CONTRIBUTIONS)
def test_nobody_dominates_what_is_shown(contributions):
    if safe(contributions):
        ordered = sorted(contributions, reverse=True)
        assert ordered[0] * 2 <= sum(contributions)
        assert ordered[0] + ordered[1] <= 0.85 * sum(contributions)
        assert sum(value > 0 for value in contributions) >= 5


@given(CONTRIBUTIONS, st.data())
def test_holdings_that_confer_are_not_better_protected(contributions, data):
    """Joining two holdings (an office knows its producers) never makes an unsafe figure safe."""
    if len(contributions) < 2:
        return
    one, two = data.draw(st.lists(st.integers(0, len(contributions) - 1), min_size=2, max_size=2, unique=True))
    joined = [value for place, value in enumerate(contributions) if place not in (one, two)]
    joined.append(contributions[one] + contributions[two])
    if safe(joined):
        assert safe(contributions)


@given(CONTRIBUTIONS, st.integers(1, 1000))
def test_the_unit_does_not_matter(contributions, factor):
    assert safe(contributions) == safe([value * factor for value in contributions])


@given(CONTRIBUTIONS)
def test_order_and_empty_holdings_do_not_matter(contributions):
    assert safe(contributions) == safe([0, *sorted(contributions), 0])


@given(CONTRIBUTIONS, st.integers(0, 24))
def test_a_viewer_learns_nothing_by_taking_its_own_out(contributions, viewer):
    """What is shown to a viewer keeps the rules with its own figures and without them: the difference is a safe figure too."""
    if viewer >= len(contributions):
        return
    others = contributions[:viewer] + contributions[viewer + 1 :]
    if not (safe(contributions) and safe(others)):
        return
    left = sum(contributions) - contributions[viewer]
    for target in others:
        assert left - target >= LIMITS.dominance_p * target * (1 - 1e-12)
        assert target <= 0.5 * left


def test_a_ratio_is_unsafe_if_a_part_is():
    fine, alone = [10, 10, 10, 10, 10], [1000, 1, 1, 1, 1]
    assert all_safe([fine, fine], LIMITS)
    assert not all_safe([fine, alone], LIMITS)
    assert not all_safe([alone, fine], LIMITS)


@pytest.mark.parametrize(("count", "answer"), [(0, False), (7, False), (8, False), (10, False), (11, True), (30, True)])
def test_quantiles_need_enough_values_and_touch_neither_end(count, answer):
    assert may_show_quantiles(count, LIMITS) is answer


def test_thresholds_are_data():
    strict = Limits(holdings_min=6, dominance_p=0.10, top_one_max=0.50, top_two_max=0.85, quantile_min=40, cohort_min=30)
    assert not is_safe(top_of([100] * 5), strict)
    assert is_safe(top_of([100] * 6), strict)
    assert not may_show_quantiles(39, strict)
