"""Jobs that a dead worker had in hand are done after all, and let go of their locks."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from dip.site.jobs import MOST_ATTEMPTS, rescue_stalled

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def empty_queue(transactional_db):
    """The queue's tables are not the tests' own: they are not emptied between tests."""
    for table in ("procrastinate_events", "procrastinate_periodic_defers", "procrastinate_jobs", "procrastinate_workers"):
        run(f"DELETE FROM {table}")
    yield
    for table in ("procrastinate_events", "procrastinate_jobs", "procrastinate_workers"):
        run(f"DELETE FROM {table}")


def run(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0] if cursor.description else None


def worker(*, seconds_silent):
    silent = f"{seconds_silent} seconds"
    return run("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval) RETURNING id", silent)


def job_in_hand(worker_id, *, lock="connection-1", attempts=0):
    task = app.configure_task("dip.ticketing.jobs.read_connection", queue="connections", lock=lock, queueing_lock=lock)
    key = task.defer(connection_id=1)
    run("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = %s WHERE id = %s", worker_id, attempts, key)
    return key


def rescued():
    """Run the job as a worker does, over the worker's own connection."""

    async def work():
        with app.replace_connector(app.connector.get_worker_connector()) as working:
            async with working.open_async():
                return await rescue_stalled.func(SimpleNamespace(app=working))

    # in a thread of its own: a browser of an earlier test keeps a loop running in this one
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, work()).result()


def status(key):
    return ProcrastinateJob.objects.get(pk=key).status


def test_a_job_of_a_silent_worker_waits_again():
    key = job_in_hand(worker(seconds_silent=600))
    assert rescued() == 1
    assert status(key) == "todo"
    assert run("SELECT count(*) FROM procrastinate_workers") == 0
    assert rescued() == 0


def test_a_job_whose_worker_is_not_known_any_more_waits_again():
    gone = worker(seconds_silent=600)
    key = job_in_hand(gone)
    run("DELETE FROM procrastinate_workers WHERE id = %s", gone)
    assert rescued() == 1
    assert status(key) == "todo"


def test_a_job_of_a_living_worker_is_left_alone():
    key = job_in_hand(worker(seconds_silent=5))
    assert rescued() == 0
    assert status(key) == "doing"


def test_where_one_like_it_waits_already_the_dead_one_only_lets_go():
    key = job_in_hand(worker(seconds_silent=600))
    waiting = app.configure_task(
        "dip.ticketing.jobs.read_connection", queue="connections", lock="connection-1", queueing_lock="connection-1"
    ).defer(connection_id=1)
    assert rescued() == 1
    assert (status(key), status(waiting)) == ("aborted", "todo")


def test_a_job_that_brings_every_worker_down_is_given_up():
    key = job_in_hand(worker(seconds_silent=600), attempts=MOST_ATTEMPTS)
    assert rescued() == 1
    assert status(key) == "failed"
