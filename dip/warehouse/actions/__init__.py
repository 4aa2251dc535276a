"""Writes of the warehouse: pull what ticketing accepted, compute the marts that it touches, publish them.

No access is passed in: these serve every tenant alike, change no figure, and are called by the job and the command line only.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from dip.warehouse.actions.publish import publish
from dip.warehouse.actions.pull import pull_dimensions, pull_positions, recognise
from dip.warehouse.store.facts import open_facts
from dip.warehouse.terms import Refreshed

#: Key of the advisory lock that makes one process the writer.
WRITER_LOCK = 0x4449_5057


def refresh(at: datetime, *, only_when_due: bool = False) -> Refreshed | None:
    """Pull what is new and publish what it touches.

    ``only_when_due``, for the job: None when another process is at it, and pulled figures wait for a later publication when the last
    one was short ago. Otherwise it waits for its turn, and publishes.
    """
    with _one_writer(wait=not only_when_due) as is_ours:
        return _run(at, only_when_due=only_when_due, from_zero=False) if is_ours else None


def rebuild(at: datetime) -> Refreshed:
    """Throw the facts away, read every position again and publish everything. The answer equals that of all refreshes together."""
    with _one_writer(wait=True):
        return _run(at, only_when_due=False, from_zero=True)


def _run(at: datetime, *, only_when_due: bool, from_zero: bool) -> Refreshed:
    home = Path(settings.WAREHOUSE_HOME)
    with open_facts(home) as facts:
        recognise(facts, from_zero=from_zero)
        positions = pull_positions(at=at, facts=facts, home=home)
        pull_dimensions(at=at, facts=facts, home=home)
        seasons = publish(at=at, facts=facts, home=home, only_when_due=only_when_due)
    return Refreshed(positions, seasons)


@contextmanager
def _one_writer(*, wait: bool) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_{'' if wait else 'try_'}advisory_lock(%s)", [WRITER_LOCK])
        is_ours = wait or bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [WRITER_LOCK])
