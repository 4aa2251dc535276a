"""Alerts: mailed at once or in the morning, muted with one link, and the pages."""

from datetime import datetime

import pytest
from django.urls import reverse

from dip.kernel.clock import from_local
from dip.registry.guard import accesses_of
from dip.registry.terms import Door, Level, Module, Role
from dip.sales.actions import looking, mailing, rules
from dip.sales.jobs import look_for_alerts
from dip.sales.models import Alert, AlertRule
from dip.sales.terms import AlertKind, MailMode
from tests.factories.registry import make_access, make_client_login, make_organisation, make_person
from tests.sales import cast
from tests.sales.asking import DAY, HOUR, LOOKS, PERCENT, TICKETS, ask, look, mails, person_in, sell, shown
from tests.sales.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "mark")]


def text(response) -> str:
    return response.content.decode()


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
