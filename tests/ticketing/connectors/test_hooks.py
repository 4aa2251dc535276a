"""The queue of readings, and the webhooks that put them there."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection as database
from procrastinate.contrib.django.models import ProcrastinateJob

from dip.registry.models import AuditLine
from dip.ticketing.actions.connection_hooks import start_due_readings
from dip.ticketing.actions.connections import hook_secret, pause_connection
from dip.ticketing.models import Connection
from tests.ticketing.connectors.house import ALL

pytestmark = pytest.mark.django_db


@pytest.fixture
def evening(house):
    """A performance that the system knows by its DIP-id."""
    return house.date_of(house.performance())


def waiting():
    return ProcrastinateJob.objects.filter(task_name="dip.ticketing.jobs.read_connection", status="todo")


def test_what_is_due_is_queued_once(house):
    assert start_due_readings(at=house.now()) == 1
    assert start_due_readings(at=house.now()) == 0
    (job,) = waiting()
    assert (job.lock, job.queueing_lock) == (f"connection-{house.connection.pk}",) * 2
    assert job.args == {"connection_id": house.connection.pk, "cause": "clock"}


def test_what_is_not_due_or_paused_is_left_alone(house):
    house.read()
    assert start_due_readings(at=house.now()) == 0
    pause_connection(access=house.access, at=house.now(), connection_id=house.connection.pk)
    assert start_due_readings(at=house.now() + timedelta(days=1)) == 0


def hook(client, house, body, secret=None):
    secret = secret or hook_secret(house.connection.hook_salt)
    return client.post(f"/ticketing/hooks/{secret}", body, content_type="application/json")


def order_placed(house, **over):
    return {
        "notification_id": 1,
        "organizer": house.till.account,
        "event": "trein",
        "code": "O0001",
        "action": "pretix.event.order.placed",
    } | over


def test_a_webhook_has_the_connection_read_soon_and_a_burst_once(client, house):
    for _ in range(5):
        assert hook(client, house, order_placed(house)).status_code == 200
    (job,) = waiting()
    assert job.args["cause"] == "hook"
    assert job.scheduled_at is not None
    assert house.fresh().hook_seen_at is not None


def test_a_webhook_about_seats_has_them_counted_anew_and_one_about_dates_the_calendar(client, house, evening):
    house.read()
    hook(client, house, order_placed(house, action="pretix.event.quota.changed"))
    assert house.event().due_since is not None
    hook(client, house, order_placed(house, action="pretix.subevent.changed", subevent=1))
    assert house.fresh().calendar_due_at < house.fresh().next_due_at


@pytest.mark.parametrize(
    "over", [{"organizer": "anders"}, {"action": "pretix.event.checkin"}, {"action": 7}, {"organizer": None}, {"event": {"a": 1}}]
)
def test_a_hint_that_is_none_is_thanked_and_brings_nothing_about(client, house, over):
    assert hook(client, house, order_placed(house, **over)).status_code == 200
    assert not waiting().exists()


def test_what_is_no_hint_is_refused(client, house):
    assert client.get(f"/ticketing/hooks/{hook_secret(house.connection.hook_salt)}").status_code == 405
    assert hook(client, house, "[1]").status_code == 400
    assert hook(client, house, "{").status_code == 400
    assert hook(client, house, '{"x": "' + "y" * 70_000 + '"}').status_code == 400
    assert not waiting().exists()


def test_an_unknown_secret_is_gone_for_good_and_a_guesser_is_held_back(client, house):
    caches["process"].clear()
    assert hook(client, house, order_placed(house), "f" * 48).status_code == 410
    statuses = {hook(client, house, order_placed(house), f"{n:048d}").status_code for n in range(40)}
    assert statuses == {410, 429}
    caches["process"].clear()


def test_a_paused_connection_takes_hooks_and_reads_nothing(client, house):
    pause_connection(access=house.access, at=house.now(), connection_id=house.connection.pk)
    assert hook(client, house, order_placed(house)).status_code == 200
    assert not waiting().exists()


def test_the_token_stands_nowhere_in_clear(house):
    with database.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(c)::text FROM ticketing_connection c")
        (row,) = cursor.fetchone()
    assert house.till.token not in row
    assert hook_secret(house.connection.hook_salt) not in row
    lines = AuditLine.objects.across_tenants(ALL).filter(verb="connect_system")
    assert lines.count() == 1
    assert house.till.token not in str([line.changes for line in lines])
    assert Connection.objects.within(house.access).count() == 1
