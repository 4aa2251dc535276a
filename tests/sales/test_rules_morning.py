"""What changed since yesterday: which performances, and in which order."""

from datetime import timedelta

from dip.sales.rules.morning import LINES, since_yesterday
from dip.sales.terms import Change, Expectation, Goal, Status
from tests.sales.shapes import LIMITS, NOW, a_line, a_standing

HALF_WAY = Expectation(100, 200, 300, 400)


def row(number: int, sold: int, before: int | None = None, status=Status.ON_COURSE, days: int = 40, **over):
    heard = over.pop("heard", None)
    return a_standing(status, line=a_line(sold, days, before=before, number=number, heard=heard), **{"expected": HALF_WAY} | over)


def changes(rows, goals=None):
    return [(one.change, one.row.line.evening.number) for one in since_yesterday(rows, goals or {}, LIMITS).news]


def test_worst_first():
    rows = [
        row(1, 700, before=690, status=Status.SOLD_OUT), row(2, 200, before=260), row(3, 100, before=100),
        row(4, 50, status=Status.NO_FIGURES, heard=NOW - timedelta(days=4)), row(5, 200),
    ]  # fmt: skip
    found = changes(rows, {3: Goal(500)})
    assert found == [(Change.DROP, 2), (Change.BEHIND_TARGET, 3), (Change.SOLD_OUT, 1), (Change.NO_FIGURES, 4)]


def test_sold_out_before_is_no_news():
    assert changes([row(1, 700, before=700, status=Status.SOLD_OUT)]) == []


def test_small_returns_are_no_loss():
    assert changes([row(1, 195, before=200)]) == []
    assert changes([row(1, 985, before=1000)]) == []


def test_a_far_performance_can_still_wait():
    assert changes([row(1, 1, days=61)], {1: Goal(500)}) == []


def test_a_played_performance_is_over():
    assert changes([row(1, 0, before=100, days=-1, is_played=True)]) == []


def test_the_list_is_short_and_shows_every_kind():
    behind = [row(number, 10 + number) for number in range(1, 9)]
    silent = row(20, 50, status=Status.NO_FIGURES, heard=NOW - timedelta(days=4))
    found = since_yesterday([*behind, silent], dict.fromkeys(range(1, 9), Goal(500)), LIMITS)
    assert len(found.news) == LINES
    assert found.news[-1].change is Change.NO_FIGURES
    assert found.news[0].row.line.evening.number == 1
    assert found.counts == {Change.BEHIND_TARGET: 8, Change.NO_FIGURES: 1}
