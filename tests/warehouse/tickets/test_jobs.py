"""The jobs: landing asks for a run, a run stays for what comes, and nothing happens where nobody delivers."""

import threading

import pytest
from django.db import connection

from dip.kernel import clock
from dip.warehouse import jobs
from dip.warehouse.actions import landing
from dip.warehouse.actions.applying import APPLIER_LOCK, apply_orders, keep_applying, tend
from tests.factories.registry import NOW
from tests.warehouse.landing.conftest import ndjson
from tests.warehouse.tickets.reading import facts_of


def queued():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'dip.warehouse.jobs.apply' AND status = 'todo'")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
class TestAsking:
    def test_landing_asks_once_for_what_waits(self, door):
        door.deliver(door.row(1))
        door.deliver(door.row(2))
        assert queued() == 1

    def test_a_run_stays_for_what_lands_meanwhile(self, door, warehouse_home):
        door.deliver(door.row(1))

        def later():
            body = ndjson(door.row(2))
            landing.land(access=door.access, at=NOW, source=door.source, delivery_id="late", body=body)
            connection.close()

        sender = threading.Timer(1.0, later)
        sender.start()
        done = keep_applying(clock.now, seconds=20, idle=4)
        sender.join()
        assert done.batches == 2
        assert sum(facts_of(warehouse_home).values()) == 2

    def test_two_are_never_at_it(self, door):
        door.deliver(door.row(1))
        found = []

        def other():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [APPLIER_LOCK])
            held.set()
            release.wait(20)
            connection.close()

        held, release = threading.Event(), threading.Event()
        thread = threading.Thread(target=other)
        thread.start()
        held.wait(20)
        found += [apply_orders(NOW, only_when_free=True), keep_applying(clock.now, seconds=1, idle=0)]
        release.set()
        thread.join()
        assert found == [None, None]
        assert apply_orders(NOW).batches == 1


@pytest.mark.django_db
def test_where_nobody_delivers_nothing_is_made(warehouse_home):
    assert keep_applying(clock.now, seconds=1, idle=0) is None
    assert tend(NOW) == []
    jobs.apply()
    jobs.tend()
    assert not warehouse_home.exists()
