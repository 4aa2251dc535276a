"""Alerts: once per episode whatever happens and whoever dies, and only for who may see."""

from datetime import UTC, datetime

import pytest

from dip.registry.models import Membership
from dip.registry.terms import AccessDenied, Level, Module, Role
from dip.sales.actions import looking, rules
from dip.sales.actions.targets import set_targets
from dip.sales.models import Alert, AlertMark, AlertRule
from dip.sales.terms import AlertKind, Goal, GoalEntry, MailMode, Origin, RuleSpec
from tests.factories.registry import make_access, make_organisation
from tests.factories.ticketing import push, theatre_access, tickets
from tests.factories.warehouse import make_market, publish
from tests.sales import cast
from tests.sales.asking import DAY, HOUR, HOURS, LOOKS, PERCENT, TICKETS, ask, look, mails, person_in, sell, shown
from tests.sales.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "mark")]


# --- episodes ---------------------------------------------------------------------------------------------------------------------


def test_sold_out_rings_once_and_again_only_after_it_was_over(house):
    access, (here, _) = person_in(house[0]), house[3]
    rule = ask(access, AlertKind.SOLD_OUT, 100, PERCENT)
    assert look() == 0
    sell(here, 700)
    assert look(NOW + HOUR) == 1
    assert look(NOW + 2 * HOUR) == 0
    sell(here, 690, NOW + 2 * HOUR)  # still within the slack
    assert look(NOW + 3 * HOUR) == 0
    sell(here, 700, NOW + 3 * HOUR)
    assert look(NOW + 4 * HOUR) == 0
    sell(here, 600, NOW + 4 * HOUR)
    assert look(NOW + 5 * HOUR) == 0
    sell(here, 700, NOW + 5 * HOUR)
    assert look(NOW + 6 * HOUR) == 1
    rows = Alert.objects.within(access).order_by("episode")
    assert [(row.rule_id, row.episode, row.ended_at is None) for row in rows] == [(rule.pk, 1, False), (rule.pk, 2, True)]
    assert [mail["to"] for mail in mails()] == [Membership.objects.get(person_id=access.person_id).person.email] * 2


def test_what_holds_when_a_rule_is_made_is_history(house):
    access, (here, there) = person_in(house[0]), house[3]
    sell(here, 700)
    rule, known = rules.make_rule(access=access, at=NOW, spec=RuleSpec(AlertKind.SOLD_OUT, 100, PERCENT), mail=MailMode.AT_ONCE)
    assert known == 1
    assert look(NOW + HOUR) == 0
    assert shown(access) == []
    assert mails() == []
    sell(there, 720, NOW + HOUR)
    assert look(NOW + 2 * HOUR) == 1
    assert shown(access) == [(AlertKind.SOLD_OUT, there.number)]
    sell(here, 500, NOW + 2 * HOUR)
    sell(here, 700, NOW + 3 * HOUR)
    look(NOW + 4 * HOUR)
    assert Alert.objects.within(access).filter(rule=rule).count() == 2  # both in one look: it was never seen to end


def test_the_first_rule_of_all_begins_the_mark(house):
    AlertMark.objects.all().delete()
    access, (here, _) = person_in(house[0]), house[3]
    ask(access, AlertKind.SOLD_OUT, 100, PERCENT)
    sell(here, 700)
    assert look(NOW + HOUR) == 1


def test_a_drop_is_an_event_by_its_position(house):
    access, (here, _) = person_in(house[0]), house[3]
    ask(access, AlertKind.DROP, 20, TICKETS)
    sell(here, 310, NOW + HOUR)  # from 338
    sell(here, 305, NOW + 2 * HOUR)
    assert look(NOW + 3 * HOUR) == 1
    (row,) = Alert.objects.within(access)
    assert (row.values["before"], row.values["after"]) == (338, 310)
    assert row.ended_at is not None
    assert look(NOW + 4 * HOUR) == 0


def test_a_drop_before_the_rule_is_history(house):
    access, (here, _) = person_in(house[0]), house[3]
    sell(here, 310)
    ask(access, AlertKind.DROP, 20, TICKETS)
    assert look(NOW + HOUR) == 0


def test_a_past_that_is_filled_in_later_is_no_drop(house):
    access, (here, _) = person_in(house[0]), house[3]
    ask(access, AlertKind.DROP, 20, TICKETS)
    for back, sold in ((60, 200), (50, 100)):
        sell(here, sold, NOW - back * DAY)
    assert look(NOW + HOUR) == 0


def test_a_past_day_that_changed(house):
    access, (here, _) = person_in(house[0]), house[3]
    ask(access, AlertKind.RESTATED, 5, TICKETS)
    night = NOW.replace(hour=1, minute=40)
    push(here, tickets(322), true_at=night - DAY, at=NOW, access=theatre_access(here))  # was 320: too little
    assert look(NOW + HOUR) == 0
    push(here, tickets(310), true_at=night - DAY, at=NOW + HOUR, access=theatre_access(here))
    assert look(NOW + 2 * HOUR) == 1


def test_silence_is_looked_for_each_hour_and_ends_with_a_word(house):
    access, (here, there) = person_in(house[0]), house[3]
    ask(access, AlertKind.NO_FIGURES, 24, HOURS)
    assert look(NOW + 10 * HOUR) == 0
    assert look(NOW + 30 * HOUR) == 2
    assert look(NOW + 32 * HOUR) == 0
    sell(here, 338, NOW + 33 * HOUR)  # the same figures: only a confirmation
    look(NOW + 33 * HOUR)
    assert {row.performance_id: row.ended_at is None for row in Alert.objects.within(access)} == {
        here.number: False, there.number: True,
    }  # fmt: skip
    assert look(NOW + 58 * HOUR) == 1


def test_never_any_figures_is_told_when_it_comes_near(house):
    producer = house[0]
    access = person_in(producer)
    (never,) = cast.make_tour(producer, [None], NOW, title="Nachttrein")
    rule, known = rules.make_rule(access=access, at=NOW, spec=RuleSpec(AlertKind.NO_FIGURES, 48, HOURS), mail=MailMode.NONE)
    assert known == 1
    assert Alert.objects.within(access).get(rule=rule).performance_id == never.number


@pytest.fixture
def market(house):
    """Comparable performances of the seasons before, published: half sold at forty days before."""
    make_market(theatres=8, producers=8, capacity=720, first_day=datetime(2025, 10, 1, tzinfo=UTC).date())
    publish(NOW)
    return house


def test_behind_target_at_the_pace_of_comparable_performances(market):
    access, (here, _) = person_in(market[0]), market[3]
    ask(access, AlertKind.BEHIND_TARGET, 90, PERCENT)
    set_targets(access=access, at=NOW, entries=[GoalEntry(here.number, Goal(690))], origin=Origin.TYPED)
    sell(here, 100)
    assert look(NOW + HOUR) == 1
    (row,) = Alert.objects.within(access)
    assert row.values["target"] == 690
    assert 130 < row.values["expected"] < 165  # a fifth at forty-one days
    sell(here, 400, NOW + HOUR)
    assert look(NOW + 2 * HOUR) == 0
    assert Alert.objects.within(access).get().ended_at is not None


def test_behind_comparable_performances_in_one_production_only(market):
    producer, _, _, (here, _) = market
    access = person_in(producer)
    (other,) = cast.make_tour(producer, [None], NOW, title="Nachttrein", genre=here.production.genre)
    ask(access, AlertKind.BEHIND_MEDIAN, 90, PERCENT, production_id=other.production_id)
    sell(here, 20)
    sell(other, 20)
    assert look(NOW + HOUR) == 1
    assert shown(access) == [(AlertKind.BEHIND_MEDIAN, other.number)]


# --- whatever is killed -----------------------------------------------------------------------------------------------------------


def test_the_same_range_again_finds_nothing_twice(house):
    """A worker dies after the alerts were written and before the mark moved."""
    access, (here, there) = person_in(house[0]), house[3]
    for kind, limit, unit in ((AlertKind.SOLD_OUT, 100, PERCENT), (AlertKind.DROP, 20, TICKETS)):
        ask(access, kind, limit, unit)
    before = AlertMark.objects.get().txid
    sell(here, 700)
    sell(there, 50, NOW + HOUR // 2)
    assert look(NOW + HOUR) == 2
    for _ in range(3):
        AlertMark.objects.update(txid=before)
        assert look(NOW + 2 * HOUR) == 0
    assert Alert.objects.within(access).count() == 2
    assert len(mails()) == 1


def test_alerts_and_their_mails_are_written_together(house, monkeypatch):
    """It dies while the mail is being queued: neither is there, and the next look does both."""
    access, (here, _) = person_in(house[0]), house[3]
    ask(access, AlertKind.SOLD_OUT, 100, PERCENT)
    sell(here, 700)

    def die(**_):
        raise SystemExit

    monkeypatch.setattr(looking, "mail_at_once", die)
    with pytest.raises(SystemExit):
        look(NOW + HOUR)
    assert Alert.objects.within(access).count() == 0
    monkeypatch.undo()
    assert look(NOW + 2 * HOUR) == 1
    assert len(mails()) == 1


def test_a_database_from_another_cluster_begins_anew(house):
    access, (here, _) = person_in(house[0]), house[3]
    ask(access, AlertKind.SOLD_OUT, 100, PERCENT)
    AlertMark.objects.update(txid=2**60)
    assert look(NOW + HOUR) == 0
    sell(here, 700, NOW + HOUR)
    assert look(NOW + 2 * HOUR) == 1


# --- whose ------------------------------------------------------------------------------------------------------------------------


def test_each_side_hears_of_its_own(house):
    producer, theatre, stranger, (here, there) = house
    mine, theirs, others = person_in(producer), person_in(theatre), person_in(stranger, Role.THEATRE)
    for access in (mine, theirs, others):
        ask(access, AlertKind.SOLD_OUT, 100, PERCENT)
    sell(here, 700)
    sell(there, 720)
    assert look(NOW + HOUR) == 3
    assert sorted(number for _, number in shown(mine)) == sorted([here.number, there.number])
    assert shown(theirs) == [(AlertKind.SOLD_OUT, here.number)]
    assert shown(others) == []
    assert shown(person_in(producer)) == []  # personal: a colleague has none


@pytest.mark.parametrize("change", [{"is_active": False}, {"rights": {"programme": 3}}])
def test_rules_end_with_the_right(house, change):
    access, (here, _) = person_in(house[0]), house[3]
    ask(access, AlertKind.SOLD_OUT, 100, PERCENT)
    Membership.objects.filter(person_id=access.person_id).update(**change)
    sell(here, 700)
    assert look(NOW + HOUR) == 0
    assert not AlertRule.objects.across_tenants("a test").get().is_active
    assert mails() == []


def test_who_may_make_rules(house):
    producer, _, stranger, (here, _) = house
    ask(person_in(producer, rights=LOOKS), AlertKind.SOLD_OUT, 100, PERCENT)
    for access in (
        make_access(producer), person_in(make_organisation(Role.FUNDER)), person_in(producer, rights={Module.PROGRAMME: Level.APPROVE}),
    ):  # fmt: skip
        with pytest.raises(AccessDenied):
            ask(access, AlertKind.SOLD_OUT, 100, PERCENT)
    with pytest.raises(rules.UnableToMakeRule, match="no performances there"):
        ask(person_in(stranger, Role.PRODUCER), AlertKind.SOLD_OUT, 100, PERCENT, production_id=here.production_id)


@pytest.mark.parametrize(
    ("kind", "limit", "unit", "words"),
    [
        (AlertKind.SOLD_OUT, 101, PERCENT, "from 50 to 100"), (AlertKind.NO_FIGURES, 1, HOURS, "from 6 to 720"),
        (AlertKind.NO_FIGURES, 48, PERCENT, "does not count in that unit"), (AlertKind.DROP, 0, TICKETS, "from 1 to"),
    ],
)  # fmt: skip
def test_a_limit_out_of_bounds_is_refused(house, kind, limit, unit, words):
    with pytest.raises(rules.UnableToMakeRule, match=words):
        ask(person_in(house[0]), kind, limit, unit)


def test_a_rule_once(house):
    access = person_in(house[0])
    rule = ask(access, AlertKind.SOLD_OUT, 100, PERCENT)
    with pytest.raises(rules.UnableToMakeRule, match="already"):
        ask(access, AlertKind.SOLD_OUT, 90, PERCENT)
    rules.end_rule(access=access, at=NOW, rule_id=rule.pk)
    rules.end_rule(access=access, at=NOW, rule_id=rule.pk)
    ask(access, AlertKind.SOLD_OUT, 90, PERCENT)
    with pytest.raises(rules.UnableToChangeRule):
        rules.end_rule(access=person_in(house[0]), at=NOW, rule_id=rule.pk)
