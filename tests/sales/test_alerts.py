"""Alerts: once per episode whatever happens, only for who may see, mailed at once or in the morning, muted with one link."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from dip.kernel.clock import from_local
from dip.registry.guard import accesses_of
from dip.registry.models import Membership
from dip.registry.terms import AccessDenied, Door, Level, Module, Role
from dip.sales.actions import looking, mailing, rules
from dip.sales.actions.targets import set_targets
from dip.sales.jobs import look_for_alerts
from dip.sales.models import Alert, AlertMark, AlertRule
from dip.sales.queries import alerts as queries
from dip.sales.terms import AlertKind, AlertUnit, Goal, GoalEntry, MailMode, Origin, RuleSpec
from tests.factories.registry import make_access, make_client_login, make_membership, make_organisation, make_person
from tests.factories.ticketing import push, theatre_access, tickets
from tests.factories.warehouse import make_market, publish
from tests.sales import cast
from tests.sales.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LOOKS = {Module.SALES: Level.VIEW}
PERCENT, TICKETS, HOURS = AlertUnit.PERCENT, AlertUnit.TICKETS, AlertUnit.HOURS


def text(response) -> str:
    return response.content.decode()


def person_in(organisation, role=None, **more):
    person = make_person(language=more.pop("language", "en"))
    make_membership(organisation, person, rights=more.get("rights"))
    return make_access(organisation, role, person=person, rights=more.get("rights"))


def ask(access, kind, limit, unit, mail=MailMode.AT_ONCE, at=NOW, **scope):
    return rules.make_rule(access=access, at=at, spec=RuleSpec(kind, limit, unit, **scope), mail=mail)[0]


def look(at=NOW) -> int:
    return looking.look(at=at, accesses=accesses_of(looking.seats(), Door.JOB))


def sell(performance, normal, at=NOW) -> None:
    push(performance, tickets(normal), true_at=at, access=theatre_access(performance))


def shown(access):
    return [(row.kind, row.number) for row in queries.alerts(access, 50)]


def mails():
    return [job.args for job in ProcrastinateJob.objects.filter(task_name="dip.registry.jobs.send_mail").order_by("id")]


@pytest.fixture(autouse=True)
def mark(db):
    """The first look only notes how far we are."""
    AlertMark.objects.all().delete()
    look(NOW - DAY)


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


# --- mails ------------------------------------------------------------------------------------------------------------------------


def test_one_mail_for_what_one_look_finds_in_the_readers_language(house):
    access, (here, there) = person_in(house[0], language="nl"), house[3]
    ask(access, AlertKind.SOLD_OUT, 100, PERCENT)
    ask(access, AlertKind.DROP, 20, TICKETS)
    sell(here, 700)
    sell(there, 50, NOW + HOUR // 2)
    look(NOW + HOUR)
    (mail,) = mails()
    assert mail["language"] == "nl"
    for performance in (here, there):
        assert reverse("sales-performance", args=[performance.number]) in mail["body"]
    assert mail["body"].count(reverse("sales-alerts") + "mute/") == 2
    assert "/sales/alerts/mute/" in mail["unsubscribe"]


@pytest.mark.parametrize(
    ("fired", "due"),
    [("2026-11-23T07:10", "2026-11-23T07:30"), ("2026-11-23T07:30", "2026-11-24T07:30"), ("2026-03-28T12:00", "2026-03-29T07:30")],
)
def test_the_morning_is_half_past_seven_on_the_clock(fired, due):
    at, expected = (from_local(datetime.fromisoformat(one)) for one in (fired, due))
    assert looking.next_morning(at) == expected


def test_bundled_in_the_morning(house):
    access, (here, there) = person_in(house[0]), house[3]
    ask(access, AlertKind.SOLD_OUT, 100, PERCENT, mail=MailMode.MORNING)
    sell(here, 700)
    look(NOW + HOUR)
    sell(there, 720, NOW + HOUR)
    look(NOW + 2 * HOUR)
    assert mailing.mail_mornings(at=NOW + 3 * HOUR) == 0
    morning = from_local(datetime(2026, 11, 24, 7, 30))  # noqa: DTZ001
    assert mailing.mail_mornings(at=morning) == 1
    assert mailing.mail_mornings(at=morning) == 0
    (mail,) = mails()
    assert "This morning: 2 alerts" in mail["subject"]


def test_what_was_put_away_or_muted_is_not_mailed(house):
    access, (here, there) = person_in(house[0]), house[3]
    rule = ask(access, AlertKind.SOLD_OUT, 100, PERCENT, mail=MailMode.MORNING)
    sell(here, 700)
    look(NOW + HOUR)
    rules.dismiss_alerts(access=access, at=NOW + HOUR)
    assert mailing.mail_mornings(at=NOW + 2 * DAY) == 0
    sell(there, 720, NOW + HOUR)
    look(NOW + 2 * HOUR)
    rules.mute_rule(access=access, at=NOW + 2 * HOUR, rule_id=rule.pk, is_muted=True)
    assert mailing.mail_mornings(at=NOW + 2 * DAY) == 0
    assert shown(access) == [(AlertKind.SOLD_OUT, there.number)]


def test_a_platform_that_was_down_for_days_mails_no_old_news(house):
    access, (here, _) = person_in(house[0]), house[3]
    ask(access, AlertKind.SOLD_OUT, 100, PERCENT, mail=MailMode.MORNING)
    sell(here, 700)
    look(NOW + HOUR)
    assert mailing.mail_mornings(at=NOW + 5 * DAY) == 0
    assert mails() == []
    assert len(shown(access)) == 1


def test_the_link_in_the_mail_mutes_without_signing_in(client, house):
    access, (here, there) = person_in(house[0]), house[3]
    rule = ask(access, AlertKind.SOLD_OUT, 100, PERCENT)
    sell(here, 700)
    look(NOW + HOUR)
    link = mails()[0]["unsubscribe"].split("//", 1)[1].partition("/")[2]
    assert client.get(f"/{link}").status_code == 200
    assert AlertRule.objects.within(access).get().muted_at is None  # looking at a link changes nothing
    assert client.post(f"/{link}", {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert client.post(f"/{link}").status_code == 200
    assert AlertRule.objects.within(access).get(pk=rule.pk).muted_at == NOW
    sell(there, 720, NOW + HOUR)
    assert look(NOW + 2 * HOUR) == 1
    assert len(mails()) == 1


@pytest.mark.parametrize("token", ["1-0", "abc", "1.2-" + "0" * 32, "-", "9" * 40])
def test_a_link_that_the_platform_did_not_write_mutes_nothing(client, house, token):
    ask(person_in(house[0]), AlertKind.SOLD_OUT, 100, PERCENT)
    assert client.post(reverse("sales-alerts-mute", args=[token])).status_code == 404
    assert AlertRule.objects.across_tenants("a test").get().muted_at is None


# --- the job and the pages --------------------------------------------------------------------------------------------------------


def test_the_job_does_both(house):
    access, (here, _) = person_in(house[0]), house[3]
    ask(access, AlertKind.SOLD_OUT, 100, PERCENT)
    sell(here, 700)
    assert look_for_alerts(0) == 1
    assert look_for_alerts(0) == 0


def test_the_cost_is_that_of_what_changed(house, django_assert_max_num_queries):
    producer, _, _, (here, _) = house
    access = person_in(producer)
    ask(access, AlertKind.SOLD_OUT, 100, PERCENT)
    ask(access, AlertKind.DROP, 20, TICKETS)
    look(NOW)

    def count(*changed) -> int:
        for performance in changed:
            sell(performance, 100 + performance.number % 7, NOW + HOUR)
        accesses = accesses_of(looking.seats(), Door.JOB)
        with django_assert_max_num_queries(40) as found:
            looking.look(at=NOW + HOUR, accesses=accesses)
        return len(found)

    count(here)
    more = cast.make_tour(producer, [None] * 4, NOW, production=here.production)
    one, many = count(more[0]), count(*more[1:])
    assert many == one


def test_the_page_shows_marks_as_read_and_puts_away(client, house):
    producer, _, _, (here, there) = house
    member = make_client_login(client, producer)
    access = make_access(producer, person=member.person)
    page = reverse("sales-alerts")
    assert "You have not asked for any alert yet." in text(client.get(page))
    answer = client.post(
        reverse("sales-rule-new"), {"kind": "sold_out", "limit": "", "unit": "", "scope": "", "mail": "none"}, follow=True
    )
    assert "From now on you hear of it: sold out, or nearly." in text(answer)
    sell(here, 700)
    sell(there, 720)
    look(NOW + HOUR)
    assert "2 alerts</strong> wait for you. 2 are new." in text(client.get(page))
    assert "are new" not in text(client.get(page))
    assert "What you asked to hear of" in text(client.get(reverse("home")))
    assert '<span class="count">2' in text(client.get(reverse("sales-season")))
    first = Alert.objects.within(access).first()
    stranger = person_in(producer)
    assert rules.dismiss_alerts(access=stranger, at=NOW, alert_ids=[first.pk]) == 0
    client.post(reverse("sales-alerts-dismiss"), {"alert": first.pk})
    assert "1 alert</strong> waits for you." in text(client.get(page))
    assert "1 alert put away." in text(client.post(reverse("sales-alerts-dismiss"), {"alert": "all"}, follow=True))
    assert shown(access) == []


def test_a_rule_that_cannot_be_made_says_why(client, house):
    make_client_login(client, house[0])
    data = {"kind": "sold_out", "limit": "20", "unit": "percent", "scope": "", "mail": "none"}
    answer = client.post(reverse("sales-rule-new"), data)
    assert answer.status_code == 400
    assert "“Limit” is 20; give a whole number from 50 to 100." in text(answer)
    assert client.post(reverse("sales-rule-new"), data | {"scope": "p99999999"}).status_code == 400


def test_rules_are_changed_by_their_owner_only(client, house):
    producer, _, stranger, _ = house
    member = make_client_login(client, producer)
    access = make_access(producer, person=member.person)
    rule = ask(access, AlertKind.SOLD_OUT, 100, PERCENT)
    address = reverse("sales-rule-change", args=[rule.pk])
    client.post(address, {"do": "mute"})
    assert AlertRule.objects.within(access).get().muted_at is not None
    client.post(address, {"do": "unmute"})
    assert AlertRule.objects.within(access).get().muted_at is None
    make_client_login(client, producer, person=make_person())
    assert client.post(address, {"do": "end"}).status_code == 404
    make_client_login(client, stranger)
    assert client.post(address, {"do": "end"}).status_code == 404
    make_client_login(client, producer, person=member.person)
    client.post(address, {"do": "end"})
    assert not AlertRule.objects.within(access).get().is_active


@pytest.mark.parametrize("name", ["sales-alerts", "sales-rule-new"])
def test_who_opens_the_pages(client, house, name):
    make_client_login(client, house[0], rights=LOOKS)
    assert client.get(reverse(name)).status_code == 200
    make_client_login(client, house[0], rights={Module.PROGRAMME: Level.APPROVE}, person=make_person())
    assert client.get(reverse(name)).status_code == 403
    make_client_login(client, make_organisation(Role.ASSOCIATION))
    assert client.get(reverse(name)).status_code == 404
    client.logout()
    assert client.get(reverse(name)).status_code == 302
