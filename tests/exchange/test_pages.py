"""Pages of webhooks: for the super-user; a colleague is refused, a stranger finds nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dip.exchange import actions
from dip.exchange.models import Endpoint, Notice
from dip.exchange.terms import CHOOSABLE, EndpointState, NoticeState
from dip.kernel import clock
from dip.registry.models import AuditLine
from dip.registry.terms import Role
from tests.exchange.conftest import ALL, notices, send
from tests.factories.registry import make_client_login, make_organisation

pytestmark = pytest.mark.django_db
EVERY = [one.value for one in CHOOSABLE]


@pytest.fixture
def owner(stage):
    """The super-user of the producer, in a browser."""
    browser = Client()
    make_client_login(browser, stage.producer, super_user=True)
    return browser


def page(name, *args):
    return reverse(f"exchange-{name}", args=args)


def text(answer, status=200):
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def test_make_a_webhook_and_see_its_secret_once(stage, owner):
    assert "No system of yours hears" in text(owner.get(page("webhooks")))
    told = text(owner.get(page("webhook-new")))
    assert told.count('name="event_types"') == len(CHOOSABLE)
    assert 'name="role"' not in told
    made = owner.post(page("webhook-new"), {"url": stage.receiver.url, "description": "Planning", "event_types": EVERY})
    assert "whsec_" in text(made)
    endpoint = Endpoint.objects.across_tenants(ALL).get()
    assert (endpoint.description, endpoint.event_types) == ("Planning", EVERY)
    shown = text(owner.get(page("webhook", endpoint.pk)))
    assert "whsec_" not in shown
    assert stage.receiver.url in shown
    assert "Planning" in text(owner.get(page("webhooks")))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"url": "ftp://x.example", "event_types": EVERY}, "is no address of the form"),
        ({"url": "https://localhost:x/", "event_types": EVERY}, "is no address of the form"),
        ({"url": "http://127.0.0.1/"}, "required"),
        ({"url": "", "event_types": EVERY}, "required"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(stage, owner, given, told):
    assert told in text(owner.post(page("webhook-new"), given), 400)
    assert Endpoint.objects.across_tenants(ALL).count() == 0


def test_an_address_inside_is_refused(stage, owner, settings):
    settings.PRIVATE_CALLS = False
    assert "private network" in text(owner.post(page("webhook-new"), {"url": "https://127.0.0.1/", "event_types": EVERY}), 400)


def test_an_organisation_with_two_roles_chooses_in_which_it_listens(stage):
    both = make_organisation(Role.PRODUCER, Role.THEATRE)
    browser = Client()
    make_client_login(browser, both, super_user=True)
    assert 'name="role"' in text(browser.get(page("webhook-new")))
    text(browser.post(page("webhook-new"), {"url": stage.receiver.url, "event_types": EVERY, "role": "theatre"}))
    assert Endpoint.objects.across_tenants(ALL).get().role == "theatre"
    assert text(browser.post(page("webhook-new"), {"url": stage.receiver.url, "event_types": EVERY, "role": "platform"}), 400)


def test_a_ping_is_answered_on_the_page(stage, owner):
    endpoint, _ = stage.listen()
    told = text(owner.post(page("webhook-ping", endpoint.pk), follow=True))
    assert "The ping arrived: answered 204." in told
    stage.receiver.answer = 500
    told = text(owner.post(page("webhook-ping", endpoint.pk), follow=True))
    assert "The ping did not arrive: answered 500." in told
    assert "It has accepted nothing since" in told


def test_change_pause_switch_on_rotate_and_remove(stage, owner):
    endpoint, _ = stage.listen()
    path = page("webhook", endpoint.pk)
    given = {"url": stage.receiver.url, "description": "Anders", "event_types": EVERY[:1]}
    assert "The webhook is changed." in text(owner.post(page("webhook-change", endpoint.pk), given, follow=True))
    assert "Paused." in text(owner.post(page("webhook-switch", endpoint.pk), follow=True))
    assert "not called now" in text(owner.post(page("webhook-ping", endpoint.pk), follow=True))
    assert "Switched on." in text(owner.post(page("webhook-switch", endpoint.pk), follow=True))
    assert "whsec_" in text(owner.post(page("webhook-rotate", endpoint.pk), {"ends": "later"}))
    assert "signs until" in text(owner.get(path))
    assert "whsec_" in text(owner.post(page("webhook-rotate", endpoint.pk), {"ends": "now"}))
    assert "signs until" not in text(owner.get(path))
    assert "is removed" in text(owner.post(page("webhook-remove", endpoint.pk), follow=True))
    assert owner.get(path).status_code == 404
    verbs = set(AuditLine.objects.across_tenants(ALL).values_list("verb", flat=True))
    assert {"create_endpoint", "change_endpoint", "pause_endpoint", "resume_endpoint", "rotate_endpoint_secret"} <= verbs


def test_what_was_given_up_is_listed_looked_into_and_sent_again(stage, owner):
    endpoint, _ = stage.listen()
    at = clock.now()
    for _ in range(2):
        actions.ping_endpoint(access=stage.head, at=at, endpoint_id=endpoint.pk)
    stage.receiver.answer = lambda _: (500, {}, "<b>kapot</b>")
    send(endpoint, at)
    Notice.objects.across_tenants(ALL).update(state=NoticeState.FAILED, next_at=None, settled_at=at)
    told = text(owner.get(page("webhook", endpoint.pk) + "?failed"))
    assert told.count("Given up") >= 3
    one = notices(endpoint)[0]
    look = text(owner.get(page("notice", endpoint.pk, one.pk)))
    assert one.message_id in look
    assert "answered 500" in look
    assert "<b>kapot" not in look
    assert "1 notice is sent again" in text(owner.post(page("webhook-replay", endpoint.pk), {"notice": one.pk}, follow=True))
    since = (at - timedelta(days=1)).date().isoformat()
    assert "1 notice is sent again" in text(owner.post(page("webhook-replay", endpoint.pk), {"since": since}, follow=True))
    assert "Give the day" in text(owner.post(page("webhook-replay", endpoint.pk), {"since": "x"}, follow=True))
    assert owner.post(page("webhook-replay", endpoint.pk), {"notice": 987654}).status_code == 404
    assert {one.state for one in notices(endpoint)} == {NoticeState.WAITING}


def test_a_disabled_one_says_why(stage, owner):
    endpoint, _ = stage.listen()
    Endpoint.objects.across_tenants(ALL).update(state=EndpointState.DISABLED, disabled_reason="gone")
    assert "It answered 410" in text(owner.get(page("webhook", endpoint.pk)))


READS = ("webhook", "webhook-change", "webhook-rotate")
WRITES = ("webhook-change", "webhook-rotate", "webhook-ping", "webhook-switch", "webhook-replay", "webhook-remove")


def test_a_colleague_is_refused_and_a_stranger_finds_nothing(stage):
    endpoint, _ = stage.listen()
    notice = actions.ping_endpoint(access=stage.head, at=clock.now(), endpoint_id=endpoint.pk)
    colleague, stranger, visitor = Client(), Client(), Client()
    make_client_login(colleague, stage.producer)
    make_client_login(stranger, make_organisation(Role.PRODUCER), super_user=True)
    doors = [(Client.get, page(name, endpoint.pk)) for name in READS] + [(Client.post, page(name, endpoint.pk)) for name in WRITES]
    doors.append((Client.get, page("notice", endpoint.pk, notice.pk)))
    for method, path in doors:
        assert method(colleague, path).status_code == 403, path
        assert method(stranger, path, {"event_types": EVERY, "url": "https://x.example", "ends": "now"}).status_code == 404, path
        assert "/account/login" in method(visitor, path)["Location"], path
    for path in (page("webhooks"), page("webhook-new")):
        assert colleague.get(path).status_code == 403
    assert stage.receiver.url not in text(stranger.get(page("webhooks")))
    assert Endpoint.objects.across_tenants(ALL).get().state == EndpointState.ACTIVE
    assert stage.receiver.calls == []


def test_pages_ask_the_same_number_of_queries_for_one_and_for_more(stage, owner):
    endpoint, _ = stage.listen()
    counts = []
    for _ in range(2):
        actions.ping_endpoint(access=stage.head, at=clock.now(), endpoint_id=endpoint.pk)
        send(endpoint, clock.now())
        seen = []
        for path in (page("webhooks"), page("webhook", endpoint.pk)):
            owner.get(path)
            with CaptureQueriesContext(connection) as captured:
                text(owner.get(path))
            seen.append(len(captured))
        counts.append(seen)
        for _ in range(3):
            stage.listen()
            actions.ping_endpoint(access=stage.head, at=clock.now(), endpoint_id=endpoint.pk)
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.journey
def test_axe_finds_nothing_on_the_pages(live_server, stage, new_context, axe):
    endpoint, _ = stage.listen(description="Planning")
    for answer in (204, 500):
        stage.receiver.answer = answer
        notice = actions.ping_endpoint(access=stage.head, at=clock.now(), endpoint_id=endpoint.pk)
        send(endpoint, clock.now())
    Notice.objects.across_tenants(ALL).filter(pk=notice.pk).update(state=NoticeState.FAILED, next_at=None)
    browser = Client()
    make_client_login(browser, stage.producer, super_user=True)
    for width in (1440, 390):
        context = new_context(width=width)
        context.add_cookies([{"name": "sessionid", "value": browser.cookies["sessionid"].value, "url": live_server.url}])
        look = context.new_page()
        for path in (
            page("webhooks"), page("webhook-new"), page("webhook", endpoint.pk), page("webhook", endpoint.pk) + "?failed",
            page("webhook-rotate", endpoint.pk), page("notice", endpoint.pk, notice.pk),
        ):  # fmt: skip
            look.goto(live_server.url + path)
            axe(look)
            assert look.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
