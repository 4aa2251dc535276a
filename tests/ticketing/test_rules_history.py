"""Where a state goes in time: tables of the rule, and what holds for any interleaving."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dip.ticketing.rules.days import VenueClock
from dip.ticketing.rules.history import History, Statement, is_simple, merge

ZONE = "Europe/Amsterdam"
#: 12:00 local on Monday 23-11-2026; the sales day of the 22nd ended at 05:00.
NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def clock(known: float = 0) -> VenueClock:
    return VenueClock(ZONE, at(known))


def history(*rows, confirmed=None) -> History:
    """Rows of (hours, figure); ids are 1, 2 …"""
    statements = [Statement(at(hours), (figure,), n) for n, (hours, figure) in enumerate(rows, 1)]
    return History(statements, at(confirmed if confirmed is not None else rows[-1][0]) if rows else None)


def told(merged):
    """(hours, figure, restated id) of what is written."""
    return [((new.true_at - NOON).total_seconds() / 3600, *new.figures, new.restates) for new in merged.positions]


# what is known (hours, figure), confirmed until; the row; known at → written, current, confirmed
CASES = {
    "first": ([], None, (0, 5), 0, [(0, 5, None)], 5, 0),
    "newer and other": ([(-1, 4)], None, (0, 5), 0, [(0, 5, None)], 5, 0),
    "newer and the same": ([(-1, 4)], None, (0, 4), 0, [], 4, 0),
    "the very same": ([(-1, 4)], None, (-1, 4), 0, [], 4, -1),
    "within the confirmed stretch, the same": ([(-9, 4)], -1, (-5, 4), 0, [], 4, -1),
    "within the confirmed stretch, other": ([(-6, 4)], -1, (-5, 3), 0, [(-5, 3, None), (-1, 4, None)], 4, -1),
    "older than everything": ([(-1, 4)], None, (-3, 2), 0, [(-3, 2, None)], 4, -1),
    "older, between two": ([(-5, 2), (-1, 4)], None, (-3, 3), 0, [(-3, 3, None)], 4, -1),
    "older, as the state it follows": ([(-5, 2), (-1, 4)], None, (-3, 2), 0, [], 4, -1),
    "same moment, other": ([(-1, 4)], None, (-1, 5), 0, [(-1, 5, None)], 5, -1),
    "same moment as a confirmation, other": ([(-5, 4)], -1, (-1, 5), 0, [(-1, 5, None)], 5, -1),
    "same moment, later confirmed": ([(-5, 4)], -1, (-5, 3), 0, [(-5, 3, None), (-1, 4, None)], 4, -1),
    # the day of the 22nd ended 7 hours ago; 20:00 of the 22nd is 16 hours ago
    "closed day, last figures change": ([(-16, 4)], None, (-15, 5), 0, [(-15, 5, 1)], 5, -15),
    "closed day, corrected": ([(-16, 4), (-2, 9)], None, (-16, 5), 0, [(-16, 5, 1)], 9, -2),
    "closed day, not its close": ([(-16, 4)], None, (-17, 3), 0, [(-17, 3, None)], 4, -16),
    "closed day, nothing heard of it": ([(-40, 4)], None, (-15, 5), 0, [(-15, 5, None)], 5, -15),
    "closed day, only confirmed": ([(-40, 4)], -16, (-15, 5), 0, [(-15, 5, 1)], 5, -15),
    "closed day, heard later only": ([(-40, 4), (-2, 9)], None, (-15, 5), 0, [(-15, 5, 1)], 9, -2),
    "closed day, before the first": ([(-2, 9)], None, (-15, 5), 0, [(-15, 5, None)], 9, -2),
    "open day": ([(-2, 4)], None, (-1, 5), 0, [(-1, 5, None)], 5, -1),
    "a day two ago, carried over yesterday": ([(-40, 4), (-2, 9)], None, (-40, 5), 0, [(-40, 5, 1)], 9, -2),
}


@pytest.mark.parametrize(("known", "confirmed", "row", "known_at", "written", "current", "until"), CASES.values(), ids=CASES.keys())
def test_table(known, confirmed, row, known_at, written, current, until):
    merged = merge(history(*known, confirmed=confirmed), [(at(row[0]), (row[1],))], clock(known_at))
    assert told(merged) == written
    assert merged.figures == (current,)
    assert merged.confirmed_at == at(until)


def test_of_several_rows_only_the_close_of_a_day_restates():
    rows = [(at(-14), (7,)), (at(-15), (6,)), (at(-10), (7,))]
    merged = merge(history((-16, 4)), rows, clock())
    assert told(merged) == [(-15, 6, None), (-14, 7, 1)]
    assert merged.changed == (True, True, False)


def test_there_must_be_something_to_merge():
    with pytest.raises(ValueError, match="a row or a history"):
        merge(History([], None), [], clock())


def test_sales_date_over_the_night_and_over_summer_time():
    known = VenueClock(ZONE, NOON)
    assert (known.open_day, known.open_from, known.open_until) == (date(2026, 11, 23), at(-7), at(17))
    spring = VenueClock(ZONE, datetime(2026, 3, 29, 10, tzinfo=UTC))
    assert spring.open_until - spring.open_from == timedelta(hours=24)
    night = VenueClock(ZONE, datetime(2026, 3, 29, 0, tzinfo=UTC))
    assert night.open_until - night.open_from == timedelta(hours=23)
    newfoundland = VenueClock("America/St_Johns", NOON)
    assert newfoundland.sales_date(newfoundland.open_from) == newfoundland.open_day
    assert newfoundland.sales_date(newfoundland.open_from - timedelta(seconds=1)) < newfoundland.open_day


# one state per moment, as a venue has it: figures are a function of time
TRUTH = st.dictionaries(st.integers(-200, 0), st.integers(0, 3), min_size=1, max_size=12)


def pushed(order, batches):
    """(history, current, confirmed) after pushing rows in this order, in bodies of these sizes."""
    known: dict[datetime, Statement] = {}
    confirmed, figures, key, taken = None, None, 0, 0
    for size in [*batches, len(order)]:
        body = list(dict(order[taken : taken + size]).items())
        taken += size
        if not body:
            continue
        past = History([known[moment] for moment in sorted(known)], confirmed)
        merged = merge(past, [(at(hours), (figure,)) for hours, figure in body], clock())
        for new in merged.positions:
            key += 1
            known[new.true_at] = Statement(new.true_at, new.figures, key)
        confirmed, figures = merged.confirmed_at, merged.figures
    return known, figures, confirmed


@settings(deadline=None)
@given(TRUTH, st.data())
def test_any_interleaving_and_repetition_ends_in_the_same_state(truth, data):
    rows = list(truth.items())
    order = data.draw(st.permutations(rows + data.draw(st.lists(st.sampled_from(rows), max_size=6))))
    batches = data.draw(st.lists(st.integers(1, 5), max_size=6))
    known, figures, confirmed = pushed(order, batches)
    newest = max(truth)
    assert figures == (truth[newest],)
    assert confirmed == at(newest)
    # rebuilding from what is written gives the same current state
    assert known[max(known)].figures == figures


@settings(deadline=None)
@given(TRUTH, st.data())
def test_in_order_every_moment_can_be_read_back(truth, data):
    rows = sorted(truth.items())
    known, _, _ = pushed(rows, data.draw(st.lists(st.integers(1, 4), max_size=6)))
    for hours, figure in rows:
        state = max((moment for moment in known if moment <= at(hours)), default=None)
        assert state is not None
        assert known[state].figures == (figure,)
    figures = [known[moment].figures for moment in sorted(known)]
    assert all(one != following for one, following in pairwise(figures)), "only changes are written"


@settings(deadline=None)
@given(TRUTH, st.integers(-200, 0), st.integers(0, 3), st.integers(0, 48))
def test_the_quick_way_agrees_with_the_rule(truth, hours, figure, later):
    known, _, confirmed = pushed(sorted(truth.items()), [])
    past = History([known[moment] for moment in sorted(known)], confirmed)
    now = clock(later)
    if is_simple(confirmed, at(hours), now):
        merged = merge(past, [(at(hours), (figure,))], now)
        assert (merged.figures, merged.confirmed_at) == ((figure,), at(hours))
        assert [new.restates for new in merged.positions] == [None] * (past.statements[-1].figures != (figure,))


@settings(deadline=None)
@given(TRUTH, st.data())
def test_older_never_displaces_newer(truth, data):
    known, figures, confirmed = pushed(sorted(truth.items()), [])
    hours = data.draw(st.integers(-400, max(truth) - 1))
    past = History([known[moment] for moment in sorted(known)], confirmed)
    merged = merge(past, [(at(hours), (data.draw(st.integers(0, 3)),))], clock())
    assert (merged.figures, merged.confirmed_at) == (figures, confirmed)
