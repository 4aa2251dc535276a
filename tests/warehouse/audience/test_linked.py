"""What follows from two parts together: by trying every audience that would give the same two answers."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dip.warehouse.queries.audience.figures import Cell
from dip.warehouse.queries.audience.parts import QUESTIONS, shown
from dip.warehouse.rules.audience.crossed import given_away
from dip.warehouse.rules.audience.persons import HELD_BACK
from tests.warehouse.audience.test_trends import told

SMALL = st.integers(0, 25)


def cells(**parts):
    return {
        (QUESTIONS[code].number, QUESTIONS[code].first + place): Cell(amount, 1, amount)
        for code, counts in parts.items()
        for place, amount in enumerate(counts)
    }


def follows(counts, hidden, sums):
    """Hidden places that the equations of ``sums`` (rows of coefficients, all told) and the shown values determine."""
    unknown = np.flatnonzero(hidden)
    matrix = sums[:, unknown].astype(float)
    solved = np.linalg.pinv(matrix) @ matrix
    return [int(place) for number, place in enumerate(unknown) if solved[number, number] > 1 - 1e-6 and 0 < counts[place] < 10]


@settings(max_examples=150, deadline=None)
@given(SMALL, SMALL, SMALL, SMALL, st.lists(SMALL, min_size=5, max_size=5))
def test_stages_and_frequency_do_not_tell_each_others_small_cells(new, occasional, regular, core, shares):
    often, parts = regular + core, sum(shares) or 1
    frequency = [new + occasional, *(often * share // parts for share in shares)]
    frequency[1] += new + occasional + often - sum(frequency)
    audience = cells(stages=[new, occasional, regular, core], frequency=frequency)
    told_stages, is_told = shown("stages", audience, False)
    told_often, _ = shown("frequency", audience, False)
    counts = np.array([new, occasional, regular, core, *frequency])
    hidden = np.append(told_stages, told_often) == HELD_BACK
    sums = np.array([[1] * 4 + [0] * 6, [0] * 4 + [1] * 6, [1, 1, 0, 0, -1] + [0] * 5, [0, 0, 1, 1, 0] + [-1] * 5])
    if is_told:
        assert not follows(counts, hidden, sums), (counts, hidden)


@given(SMALL, SMALL, SMALL)
def test_who_was_lost_and_who_is_away_do_not_tell_each_others_small_cells(kept, lost, dormant):
    audience = cells(retention=[kept, lost], lapsed=[lost, dormant])
    (retention, is_told), (lapsed, is_lapsed_told) = (shown(code, audience, False) for code in ("retention", "lapsed"))
    assert is_told == is_lapsed_told
    assert is_told == all(count == 0 or count >= 10 for count in (kept, lost, dormant))
    assert (retention == HELD_BACK).any() == (lapsed == HELD_BACK).any() == (not is_told)


def test_a_line_of_stages_is_told_whole_or_not_at_all():
    found = told("stages", {4: [40, 4, 50, 20], 5: [30, 60, 20, 30], 6: [70, 80, 90, 40], 7: [90, 95, 95, 99]})
    assert found[4] == found[5] == [None] * 4
    assert None not in found[6] + found[7]
    assert not given_away(
        np.array([[count is None for count in found[key]] for key in (4, 5, 6, 7)]), np.ones(4, bool), np.ones(4, bool)
    )
