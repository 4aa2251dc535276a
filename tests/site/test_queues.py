"""The jobs of the warehouse and all others have workers apart, and no job is left without one."""

from procrastinate.contrib.django import app

from dip.site.queues import PARTS, queues_of
from dip.site.running import _commands


def test_every_queue_has_a_worker_and_none_has_two():
    served = [queue for part in PARTS for queue in queues_of(part)]
    assert sorted(served) == sorted({task.queue for task in app.tasks.values()})
    assert queues_of("all") == []


def test_what_lands_waits_for_nothing_but_the_warehouse():
    jobs = {name for name, task in app.tasks.items() if task.queue in queues_of("warehouse")}
    assert {"dip.warehouse.jobs.apply", "dip.warehouse.jobs.refresh", "dip.warehouse.jobs.tend"} <= jobs
    assert all(name.startswith("dip.warehouse.") for name in jobs)
    assert "dip.warehouse.jobs.read_orders" not in jobs
    locks = {app.tasks[name].queueing_lock for name in jobs}
    assert None not in locks  # of each kind one waits at most,
    assert len(jobs) <= PARTS["warehouse"]  # and room for all of them


def test_both_are_started():
    workers = [command for command in _commands(8000, 2) if "worker" in command]
    assert [command[command.index("--part") + 1] for command in workers] == list(PARTS)
