"""Which worker takes which jobs: the warehouse has one of its own, so that a long reading of a connection never holds up what landed."""

#: Queue of what applies orders, refreshes figures and publishes; of each kind one waits at most, so there is room for all of them.
WAREHOUSE = "warehouse"
#: Part → jobs at the same time that it is given by ``dip up``.
PARTS = {"warehouse": 6, "others": 4}


def queues_of(part: str) -> list[str]:
    """Names of the queues of a part; none, which is every queue, for "all"."""
    if part == "all":
        return []
    from procrastinate.contrib.django import app

    known = {task.queue for task in app.tasks.values()}
    return [WAREHOUSE] if part == "warehouse" else sorted(known - {WAREHOUSE})
