"""Sending: signed so that the public library accepts it, tried again by the schedule, settled by what came back."""

import socket
import threading
import time
from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from dip.exchange import actions, calls, jobs
from dip.exchange.actions.deliveries import LEASE
from dip.exchange.models import Attempt, Endpoint, EndpointSecret, Notice
from dip.exchange.rules.retries import asked_wait, verdict
from dip.exchange.rules.signing import signature
from dip.exchange.sending import send_all
from dip.exchange.terms import SCHEDULE, EndpointState, NoticeState, Reply
from dip.kernel import clock
from dip.programme.models import Performance
from dip.registry.terms import Role
from tests.exchange.conftest import ALL, make_head, notices, send, take
from tests.factories.registry import NOW, make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def at():
    """Now: the public library accepts no other moment."""
    return clock.now()


def ping(stage, endpoint, at, access=None):
    return actions.ping_endpoint(access=access or stage.head, at=at, endpoint_id=endpoint.pk)


def state(endpoint):
    return Endpoint.objects.across_tenants(ALL).get(pk=endpoint.pk)


def deliveries(endpoint):
    return ProcrastinateJob.objects.filter(task_name="dip.exchange.jobs.deliver", args={"endpoint_id": endpoint.pk})


def tries(notice):
    return list(Attempt.objects.across_tenants(ALL).filter(notice=notice).order_by("pk"))


def test_the_public_library_accepts_the_signature(stage, at):
    endpoint, secret = stage.listen(at=at)
    notice = ping(stage, endpoint, at)
    assert send(endpoint, at) == [NoticeState.DELIVERED]
    (call,) = stage.receiver.calls
    event = Webhook(secret).verify(call.body, call.headers)
    assert event["type"] == "nl.dip.ping.v1"
    assert event["id"] == call.headers["webhook-id"] == notice.message_id
    assert call.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert call.path == "/hook/"
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(call.body + b" ", call.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(stage.listen(at=at)[1]).verify(call.body, call.headers)
    found = state(endpoint)
    assert (found.accepted_at, found.failing_since) == (at, None)
    assert tries(notice)[0].status == 204


def test_a_known_signature():
    """The example of the standard's own libraries."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    assert signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_after_a_rotation_both_secrets_verify_for_a_week(stage, at):
    endpoint, old = stage.listen(at=at)
    _, new = actions.rotate_endpoint_secret(access=stage.head, at=at, endpoint_id=endpoint.pk)
    ping(stage, endpoint, at)
    send(endpoint, at)
    call = stage.receiver.calls[-1]
    assert len(call.headers["webhook-signature"].split()) == 2
    for secret in (old, new):
        Webhook(secret).verify(call.body, call.headers)
    EndpointSecret.objects.across_tenants(ALL).filter(expires_at__isnull=False).update(expires_at=at)
    ping(stage, endpoint, at)
    send(endpoint, at)
    call = stage.receiver.calls[-1]
    Webhook(new).verify(call.body, call.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(call.body, call.headers)


def test_a_leaked_secret_ends_at_once(stage, at):
    endpoint, old = stage.listen(at=at)
    _, new = actions.rotate_endpoint_secret(access=stage.head, at=at, endpoint_id=endpoint.pk, ends_at_once=True)
    ping(stage, endpoint, at)
    send(endpoint, at)
    call = stage.receiver.calls[-1]
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(call.body, call.headers)
    Webhook(new).verify(call.body, call.headers)


def test_secrets_lie_sealed(stage):
    endpoint, secret = stage.listen()
    kept = EndpointSecret.objects.across_tenants(ALL).get(endpoint=endpoint)
    assert secret[6:] not in kept.sealed
    assert kept.hint == secret[-4:]


def test_a_secret_sealed_with_another_key_is_told_and_nothing_is_sent_unsigned(stage, settings, at):
    endpoint, _ = stage.listen(at=at)
    notice = ping(stage, endpoint, at)
    settings.SECRET_KEY = "another key " * 5
    assert send(endpoint, at) == [NoticeState.WAITING]
    assert stage.receiver.calls == []
    assert "Rotate the secret" in tries(notice)[0].error


def test_the_schedule_to_its_end(stage):
    endpoint, _ = stage.listen()
    notice = ping(stage, endpoint, NOW)
    stage.receiver.answer = 500
    at, waits = NOW, []
    while True:
        (after,) = send(endpoint, at)
        notice.refresh_from_db()
        if after is NoticeState.FAILED:
            break
        assert take(endpoint, notice.next_at - timedelta(milliseconds=1)) == []
        waits.append(notice.next_at - at)
        at = notice.next_at
    assert len(stage.receiver.calls) == len(tries(notice)) == len(SCHEDULE) == 10
    for wait, planned in zip(waits, SCHEDULE[1:], strict=True):
        assert planned <= wait <= planned * 1.1
    assert {call.headers["webhook-id"] for call in stage.receiver.calls} == {notice.message_id}
    assert len({call.headers["webhook-timestamp"] for call in stage.receiver.calls}) == 10
    assert notice.settled_at == at
    assert actions.next_due(endpoint_id=endpoint.pk) is None


def test_a_receiver_asks_for_a_longer_wait(stage):
    endpoint, _ = stage.listen()
    notice = ping(stage, endpoint, NOW)
    stage.receiver.answer = lambda _: (503, {"Retry-After": "3600"}, "later")
    send(endpoint, NOW)
    notice.refresh_from_db()
    assert notice.next_at == NOW + timedelta(hours=1)
    assert tries(notice)[0].text == "later"


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", 120),
        ("Mon, 23 Nov 2026 09:02:00 GMT", 120),
        ("Mon, 23 Nov 2026 08:00:00 GMT", 0),
        ("soon", None),
        ("", None),
        ("-5", None),
    ],
)
def test_retry_after(header, wait):
    assert asked_wait(header, NOW) == (None if wait is None else timedelta(seconds=wait))


def test_no_wait_is_longer_than_a_day():
    assert verdict(Reply(503, retry_after=timedelta(days=400)), 1, NOW, 0).next_at == NOW + timedelta(hours=24)


def test_one_that_is_down_for_long_gets_every_fifth_minute(stage):
    endpoint, _ = stage.listen()
    ping(stage, endpoint, NOW)
    Endpoint.objects.across_tenants(ALL).filter(pk=endpoint.pk).update(failing_since=NOW)
    minutes = [NOW + timedelta(minutes=n) for n in range(30)]
    turns = [actions.due_endpoints(at=at) == [endpoint.pk] for at in minutes]
    assert all(turns[:10])
    assert sum(turns[10:]) == 4


def test_gone_ends_the_endpoint_and_its_owner_is_told(stage, at):
    endpoint, _ = stage.listen()
    first, second = ping(stage, endpoint, NOW), ping(stage, endpoint, NOW)
    stage.receiver.answer = 410
    send_one(endpoint, NOW)
    assert (state(endpoint).state, state(endpoint).disabled_reason) == (EndpointState.DISABLED, "gone")
    first.refresh_from_db()
    assert first.state == NoticeState.FAILED
    assert take(endpoint, NOW + timedelta(days=1)) == [], "the other one waits until it is switched on again"
    mails = ProcrastinateJob.objects.filter(task_name="dip.registry.jobs.send_mail")
    assert len(mails) == 1
    assert "410" in mails[0].args["body"]
    assert f"/organisation/webhooks/{endpoint.pk}" in mails[0].args["body"]
    stage.receiver.answer = 200
    actions.resume_endpoint(access=stage.head, at=NOW, endpoint_id=endpoint.pk)
    assert send(endpoint, NOW) == [NoticeState.DELIVERED]
    second.refresh_from_db()
    assert second.state == NoticeState.DELIVERED


def send_one(endpoint, at):
    return send_all(take(endpoint, at, most=1), lambda: at)


def test_after_five_days_of_failing_the_endpoint_is_given_up_with_a_mail(stage):
    endpoint, _ = stage.listen()
    stage.receiver.answer = 500
    for day in range(5):
        ping(stage, endpoint, NOW + timedelta(days=day))
        send_one(endpoint, NOW + timedelta(days=day))
    assert state(endpoint).state == EndpointState.ACTIVE
    send_one(endpoint, NOW + timedelta(days=5))
    assert (state(endpoint).state, state(endpoint).disabled_reason) == (EndpointState.DISABLED, "failing")
    assert ProcrastinateJob.objects.filter(task_name="dip.registry.jobs.send_mail").count() == 1


def test_one_success_in_between_begins_the_count_anew(stage):
    endpoint, _ = stage.listen()
    for day, answer in ((0, 500), (4, 200), (6, 500)):
        stage.receiver.answer = answer
        ping(stage, endpoint, NOW + timedelta(days=day))
        send(endpoint, NOW + timedelta(days=day))
    assert state(endpoint).state == EndpointState.ACTIVE
    assert state(endpoint).failing_since == NOW + timedelta(days=6)


def test_a_redirect_is_a_failure_and_is_not_followed(stage):
    endpoint, _ = stage.listen()
    notice = ping(stage, endpoint, NOW)
    stage.receiver.answer = lambda _: (302, {"Location": stage.receiver.url}, "")
    assert send(endpoint, NOW) == [NoticeState.WAITING]
    assert len(stage.receiver.calls) == 1
    assert tries(notice)[0].status == 302


def test_no_answer_in_time(stage):
    endpoint, _ = stage.listen()
    notice = ping(stage, endpoint, NOW)
    stage.receiver.wait = 2
    began = time.monotonic()
    assert send(endpoint, NOW, timeout=0.3) == [NoticeState.WAITING]
    assert time.monotonic() - began < 1.9
    assert (tries(notice)[0].status, tries(notice)[0].error) == (None, "No answer in time.")


def test_an_answer_that_drips_is_cut_off(stage, at):
    """A server that sends a byte now and then, for ever: each read is in time, the whole is not."""
    server = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def drip():
        connected, _ = server.accept()
        connected.recv(65536)
        try:
            connected.sendall(b"HTTP/1.1 200 OK\r\n")
            while not stop.is_set():
                connected.sendall(b"X-A: b\r\n")
                time.sleep(0.05)
        except OSError:
            pass
        finally:
            connected.close()

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    stage.receiver.url = f"http://127.0.0.1:{server.getsockname()[1]}/"
    endpoint, _ = stage.listen(at=at)
    ping(stage, endpoint, at)
    began = time.monotonic()
    assert send(endpoint, at, timeout=0.5) == [NoticeState.WAITING]
    assert time.monotonic() - began < 3
    stop.set()
    server.close()
    thread.join(5)


def test_of_a_long_answer_the_begin_is_kept(stage):
    endpoint, _ = stage.listen()
    notice = ping(stage, endpoint, NOW)
    stage.receiver.answer = lambda _: (500, {}, "a\x00b" + "x" * 100_000)
    send(endpoint, NOW)
    assert len(tries(notice)[0].text) == calls.KEPT
    assert tries(notice)[0].text.startswith("abxx")


def test_nobody_listens(stage):
    endpoint, _ = stage.listen()
    notice = ping(stage, endpoint, NOW)
    Endpoint.objects.across_tenants(ALL).filter(pk=endpoint.pk).update(url="http://127.0.0.1:1/")
    assert send(endpoint, NOW) == [NoticeState.WAITING]
    assert tries(notice)[0].error


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/x", "https://localhost/x", "https://[::1]/x", "http://example.nl/x", "https://10.1.2.3/"]
)
def test_an_address_inside_is_refused_when_entered_and_when_called(stage, settings, url):
    settings.PRIVATE_CALLS = True
    endpoint, _ = stage.listen()
    settings.PRIVATE_CALLS = False
    with pytest.raises(actions.UnableToKeepEndpoint):
        actions.change_endpoint(access=stage.head, at=NOW, endpoint_id=endpoint.pk, url=url)
    notice = ping(stage, endpoint, NOW)
    assert send(endpoint, NOW) == [NoticeState.WAITING], "the receiver of the test is such an address"
    assert stage.receiver.calls == []
    assert tries(notice)[0].error


def test_killed_while_sending_it_is_sent_again_under_the_same_id(stage):
    endpoint, _ = stage.listen()
    notice = ping(stage, endpoint, NOW)
    (taken,) = take(endpoint, NOW)  # and here its process is killed
    assert take(endpoint, NOW) == [], "nobody else takes it meanwhile"
    (again,) = take(endpoint, NOW + LEASE)
    assert again.message_id == taken.message_id == notice.message_id
    actions.settle(taken=again, reply=Reply(200), at=NOW + LEASE, chance=0)
    actions.settle(taken=taken, reply=Reply(500), at=NOW + LEASE, chance=0)
    notice.refresh_from_db()
    assert notice.state == NoticeState.DELIVERED, "a late failure does not undo what arrived"
    assert take(endpoint, NOW + timedelta(days=9)) == []


def test_removed_while_sending(stage):
    endpoint, _ = stage.listen()
    ping(stage, endpoint, NOW)
    (taken,) = take(endpoint, NOW)
    actions.remove_endpoint(access=stage.head, at=NOW, endpoint_id=endpoint.pk)
    assert actions.settle(taken=taken, reply=Reply(200), at=NOW, chance=0) is None


def test_replay_of_one_and_of_all_that_was_given_up(stage):
    endpoint, _ = stage.listen()
    old, young = ping(stage, endpoint, NOW), ping(stage, endpoint, NOW + timedelta(days=2))
    Notice.objects.across_tenants(ALL).update(state=NoticeState.FAILED, next_at=None, attempts=10)
    later = NOW + timedelta(days=3)
    assert actions.replay_failed(access=stage.head, at=later, endpoint_id=endpoint.pk, since=NOW + timedelta(days=1)) == 1
    assert send(endpoint, later) == [NoticeState.DELIVERED]
    assert stage.receiver.calls[-1].headers["webhook-id"] == young.message_id
    actions.replay_notice(access=stage.head, at=later, endpoint_id=endpoint.pk, notice_id=old.pk)
    assert send(endpoint, later) == [NoticeState.DELIVERED]
    assert stage.receiver.calls[-1].headers["webhook-id"] == old.message_id
    stranger = make_head(make_organisation(Role.PRODUCER))
    with pytest.raises(Endpoint.DoesNotExist):
        actions.replay_notice(access=stranger, at=later, endpoint_id=endpoint.pk, notice_id=old.pk)
    other, _ = stage.listen()
    with pytest.raises(Notice.DoesNotExist):
        actions.replay_notice(access=stage.head, at=later, endpoint_id=other.pk, notice_id=old.pk)
    actions.pause_endpoint(access=stage.head, at=later, endpoint_id=endpoint.pk)
    with pytest.raises(actions.UnableToReplay):
        actions.replay_notice(access=stage.head, at=later, endpoint_id=endpoint.pk, notice_id=old.pk)


@pytest.mark.django_db(transaction=True)
def test_the_job_tells_a_change_and_sends_it(stage):
    """From a change to a verified call, through the jobs as the worker runs them."""
    endpoint, secret = stage.listen(at=clock.now())
    for number in range(12):
        Performance.objects.filter(pk=stage.performance.pk).update(capacity=number)
        jobs.dispatch()
    assert (
        ProcrastinateJob.objects.filter(task_name="dip.exchange.jobs.deliver", queueing_lock=f"webhook-{endpoint.pk}").count() == 1
    )
    assert jobs.deliver(endpoint.pk) == 12
    assert {Webhook(secret).verify(call.body, call.headers)["type"] for call in stage.receiver.calls} == {
        "nl.dip.performance.changed.v1"
    }
    assert {one.state for one in notices(endpoint)} == {NoticeState.DELIVERED}


@pytest.mark.django_db(transaction=True)
def test_the_job_does_not_hammer_an_endpoint_that_is_down(stage):
    endpoint, _ = stage.listen(at=clock.now())
    for _ in range(jobs.AT_ONCE + 5):
        ping(stage, endpoint, clock.now())
    stage.receiver.answer = 500
    assert jobs.deliver(endpoint.pk) == jobs.AT_ONCE
    assert len(stage.receiver.calls) == jobs.AT_ONCE
    assert deliveries(endpoint).count() == 0


@pytest.mark.django_db(transaction=True)
def test_the_first_retry_gets_a_job_at_its_moment(stage):
    endpoint, _ = stage.listen(at=clock.now())
    ping(stage, endpoint, clock.now())
    stage.receiver.answer = 500
    jobs.deliver(endpoint.pk)
    (job,) = deliveries(endpoint)
    assert timedelta(seconds=3) < job.scheduled_at - clock.now() < timedelta(seconds=8)
