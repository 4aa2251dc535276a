"""Rules for alerts: when a state holds, when it has ended, what is an event."""

from datetime import timedelta

import pytest

from dip.sales.rules import alerting
from dip.sales.terms import AlertKind, AlertUnit, Expectation, Goal, Movement, RuleSpec, Status
from dip.warehouse.terms import NotShown
from tests.sales.shapes import LIMITS, NOW, a_line, a_standing, a_state

HOUR = timedelta(hours=1)
HALF_WAY = Expectation(100, 200, 300, 400)


def spec(kind: AlertKind, limit: int = 90, unit: AlertUnit = AlertUnit.PERCENT) -> RuleSpec:
    return RuleSpec(kind, limit, unit)


def judge(kind: AlertKind, row, goal=None, limit=90, unit=AlertUnit.PERCENT):
    return alerting.judge(spec(kind, limit, unit), row, goal, NOW, LIMITS)


@pytest.mark.parametrize(("sold", "holds"), [(179, True), (180, None), (189, None), (190, False), (400, False)])
def test_behind_the_median_has_slack_before_it_ends(sold, holds):
    assert judge(AlertKind.BEHIND_MEDIAN, a_standing(None, line=a_line(sold), expected=HALF_WAY)) is holds


@pytest.mark.parametrize(("sold", "holds"), [(224, True), (230, None), (238, False)])
def test_behind_the_target_counts_what_it_asks_for_by_now(sold, holds):
    row = a_standing(None, line=a_line(sold), expected=HALF_WAY)
    assert judge(AlertKind.BEHIND_TARGET, row, Goal(500)) is holds


def test_behind_a_target_needs_a_target_and_ends_with_the_performance():
    row = a_standing(None, line=a_line(1), expected=HALF_WAY)
    assert judge(AlertKind.BEHIND_TARGET, row) is False
    assert judge(AlertKind.BEHIND_TARGET, a_standing(None, line=a_line(1), is_played=True), Goal(500)) is False


@pytest.mark.parametrize("kind", [AlertKind.BEHIND_TARGET, AlertKind.BEHIND_MEDIAN])
def test_of_pace_nothing_is_said_without_a_comparison_or_with_old_figures(kind):
    assert judge(kind, a_standing(None, line=a_line(1), expected=NotShown()), Goal(500)) is None
    old = a_line(1, heard=NOW - 49 * HOUR)
    assert judge(kind, a_standing(None, line=old, expected=HALF_WAY), Goal(500)) is None


def test_a_handful_is_not_behind():
    row = a_standing(None, line=a_line(1), expected=Expectation(1, 4, 8, 40))
    assert judge(AlertKind.BEHIND_MEDIAN, row) is False


@pytest.mark.parametrize(("sold", "holds"), [(700, True), (710, True), (690, None), (678, False)])
def test_sold_out_has_slack(sold, holds):
    assert judge(AlertKind.SOLD_OUT, a_standing(Status.SOLD_OUT, line=a_line(sold)), limit=100) is holds


def test_nearly_sold_out_from_a_chosen_share():
    assert judge(AlertKind.SOLD_OUT, a_standing(None, line=a_line(560)), limit=80) is True


@pytest.mark.parametrize(("hours", "holds"), [(47, False), (49, True)])
def test_silence_counts_from_the_last_word(hours, holds):
    row = a_standing(None, line=a_line(10, heard=NOW - hours * HOUR))
    assert judge(AlertKind.NO_FIGURES, row, limit=48, unit=AlertUnit.HOURS) is holds


@pytest.mark.parametrize(("days", "holds"), [(61, False), (60, True), (0, True), (-2, True), (-3, False)])
def test_never_any_figures_is_news_when_it_is_near(days, holds):
    row = a_standing(Status.NO_FIGURES, line=a_line(None, days=days), is_played=days < 0)
    assert judge(AlertKind.NO_FIGURES, row, limit=48, unit=AlertUnit.HOURS) is holds


def move(before: int, after: int, *, restates: bool = False, number: int = 1) -> Movement:
    return Movement(number, 77, before, after, NOW, restates)


@pytest.mark.parametrize(
    ("unit", "limit", "before", "after", "rings"),
    [
        (AlertUnit.TICKETS, 20, 100, 80, True), (AlertUnit.TICKETS, 20, 100, 81, False), (AlertUnit.PERCENT, 20, 100, 80, True),
        (AlertUnit.PERCENT, 20, 100, 81, False), (AlertUnit.PERCENT, 20, 0, 0, False), (AlertUnit.TICKETS, 20, 80, 100, False),
    ],
)  # fmt: skip
def test_a_drop_in_tickets_or_percent(unit, limit, before, after, rings):
    found = alerting.events(spec(AlertKind.DROP, limit, unit), [move(before, after)], {1: None})
    assert [one.episode for one in found] == ([77] if rings else [])


def test_a_restatement_is_no_drop_and_the_other_way_round():
    moves = [move(100, 50, restates=True)]
    assert alerting.events(spec(AlertKind.DROP, 20, AlertUnit.TICKETS), moves, {1: None}) == []
    assert len(alerting.events(spec(AlertKind.RESTATED, 50, AlertUnit.TICKETS), moves, {1: None})) == 1
    assert alerting.events(spec(AlertKind.RESTATED, 51, AlertUnit.TICKETS), moves, {1: None}) == []
    assert alerting.events(spec(AlertKind.RESTATED, 1, AlertUnit.TICKETS), [move(9, 5)], {1: None}) == []


def test_events_elsewhere_are_left_alone():
    assert alerting.events(spec(AlertKind.DROP, 1, AlertUnit.TICKETS), [move(9, 1, number=2)], {1: None}) == []


@pytest.mark.parametrize(("over", "covered"), [({}, True), ({"production_id": 8}, False), ({"theatre_id": 3}, True)])
def test_a_scope_covers_a_production_or_a_theatre(over, covered):
    asked = spec(AlertKind.SOLD_OUT)._replace(**({"production_id": None} | over))
    assert asked.covers(a_line().evening) is covered


def test_the_numbers_that_an_alert_tells():
    row = a_standing(None, line=a_line(state=a_state(100)), expected=HALF_WAY)
    found = alerting.facts(spec(AlertKind.BEHIND_TARGET), row, Goal(500))
    assert found == {"sold": 100, "seats": 700, "days": 40, "target": 500, "expected": 250}
    assert alerting.facts(spec(AlertKind.NO_FIGURES), row, None)["last"] == NOW.isoformat()
