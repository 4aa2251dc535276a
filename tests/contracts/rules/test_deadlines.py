"""Last days, reminders and turns: values in, values out."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dip.contracts.rules.turns import is_reminder_due, last_day_to_answer, turn
from dip.contracts.terms.states import AgreementStatus, SettlementStatus, Turn

TODAY = date(2026, 11, 23)
LAST = date(2026, 12, 7)


def test_the_last_day():
    assert last_day_to_answer(TODAY, 14, date(2027, 1, 14)) == LAST
    assert last_day_to_answer(TODAY, 14, date(2026, 11, 25)) == date(2026, 11, 25)
    assert last_day_to_answer(TODAY, 14, TODAY) == LAST
    assert last_day_to_answer(TODAY, 14, date(2026, 1, 1)) == LAST


@given(
    st.integers(0, 30),
    st.lists(st.integers(1, 60), max_size=5, unique=True),
    st.lists(st.booleans(), min_size=40, max_size=40),
)
def test_each_moment_reminds_at_most_once_and_none_is_lost_while_the_job_runs(answer_days, days, runs):
    """Whatever days the job misses: no more reminders than moments, never on the day of the proposal nor after the last day; and when
    the job runs every day, every moment that comes is reminded."""
    answer_by = TODAY + timedelta(days=answer_days)
    every = [day for day in (days or [5, 1]) if answer_by - timedelta(days=day) > TODAY]
    for is_running in (lambda day: runs[day], lambda day: True):
        last, sent = None, []
        for day in range(40):
            today = TODAY + timedelta(days=day)
            if is_running(day) and is_reminder_due(today, answer_by, TODAY, last, days):
                last = today
                sent.append(today)
        assert len(sent) <= len(every)
        assert all(TODAY < day <= answer_by for day in sent)
    assert sent == sorted(answer_by - timedelta(days=day) for day in every)


@pytest.mark.parametrize(
    ("status", "settlement", "whose"),
    [
        ("concept", None, Turn.PROVIDER),
        ("proposed", None, Turn.THEATRE),
        ("rejected", None, Turn.PROVIDER),
        ("approved", None, Turn.NOBODY),
        ("approved", "open", Turn.THEATRE),
        ("approved", "confirmed", Turn.PROVIDER),
        ("approved", "disputed", Turn.THEATRE),
        ("approved", "signed", Turn.NOBODY),
        ("approved", "paid", Turn.NOBODY),
        ("revised", "open", Turn.NOBODY),
        ("withdrawn", None, Turn.NOBODY),
        ("expired", None, Turn.NOBODY),
    ],
)
def test_turns(status, settlement, whose):
    assert turn(status, settlement) is whose


def test_every_state_has_a_turn():
    for status in AgreementStatus:
        for settlement in (None, *SettlementStatus):
            assert turn(status, settlement) in Turn
