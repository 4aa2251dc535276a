"""Reading a connection: what changed, what is on, and the figures of what changed, in steps that each can be the last.

The network is asked between the transactions, never within one. A worker that dies leaves the cursor and the marks as the last
transaction put them, and the next reading goes on from there: nothing is lost, and what is read twice is kept once.
"""

import logging
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection as database

from dip.registry.sealed import UnableToUnseal, unseal
from dip.registry.terms import Access
from dip.ticketing.actions import reading_steps as steps
from dip.ticketing.actions.connection_letters import tell_people
from dip.ticketing.actions.connection_matches import BACK
from dip.ticketing.actions.connections import PURPOSE
from dip.ticketing.connector import Account, Connector, SourceSnapshot, Trouble, UnableToRead
from dip.ticketing.connectors import CONNECTORS
from dip.ticketing.models import Connection, Reading, SourceEvent, SourceKind, SourceState
from dip.ticketing.rules.pacing import Cause

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
#: Performances whose figures are kept in one transaction.
BATCH = 10
#: Class of the locks by which one connection is read once at a time, and a number apart from every other class.
_LOCK = 0x444951


def read_connection(*, connection_id: int, clock: Clock, cause: Cause) -> Reading | None:
    """Read everything that is new at one connection; None when it is paused, gone, or being read by another worker.

    Trouble of the system is kept with the connection, and is no error of the job. ``clock`` tells the moment of each step.
    """
    with _only_reader(connection_id) as is_mine:
        begun = steps.begin_reading(connection_id=connection_id, at=clock(), cause=cause) if is_mine else None
        if begun is None:
            return None
        connection, reading = begun
        return _Run(connection, reading, clock).run(cause)


class _Run:
    """One reading under way."""

    def __init__(self, connection: Connection, reading: Reading, clock: Clock) -> None:
        self._connection, self._reading, self._clock = connection, reading, clock
        self._access = steps.access_for(connection)
        self._source: Connector | None = None

    def run(self, cause: Cause) -> Reading:
        """Every step; trouble ends it."""
        try:
            self._source = open_connector(self._access, self._connection)
            until = self._read(self._source, cause)
        except UnableToRead as error:
            self._fail(error.trouble, error.detail, error.retry_after)
        except Exception as error:
            self._fail(steps.FAULT, f"{type(error).__name__}: {error}"[:300], None)
            log.exception("reading of connection %s failed", self._connection.pk)
        else:
            steps.end_reading(
                connection=self._connection, reading=self._reading, at=self._clock(), questions=self._questions, until=until,
                chance=random.random(),  # spreads readings over time  # noqa: S311
            )  # fmt: skip
        return self._reading

    def _read(self, source: Connector, cause: Cause) -> datetime | None:
        """Until when everything was read."""
        where = {"access": self._access, "connection": self._connection}
        at = self._clock()
        changes = source.changes(self._connection.cursor)
        steps.keep_changes(at=at, changes=changes, **where)
        is_calendar = self._connection.calendar_due_at <= at
        if is_calendar:
            listing = list(source.performances())
            if not listing and self._totals():
                raise UnableToRead(Trouble.RIGHTS, "the calendar is empty: nothing is shown to this token any more")
            steps.keep_calendar(at=self._clock(), listing=listing, **where)
        self._figures(source)
        if cause is Cause.NIGHT:
            self._reconcile(source)
        elif is_calendar and changes.as_of is not None:
            steps.confirm_unchanged(at=self._clock(), until=changes.as_of, **where)
        return None if changes.as_of is None else min(changes.as_of, self._clock())

    def _figures(self, source: Connector) -> None:
        """Figures of everything that is marked."""
        refs = steps.due_refs(self._access, self._connection)
        if not refs:
            return
        asked_at, answered = self._clock(), set()
        for batch in _batches(source.snapshots(refs)):
            self._keep(batch, asked_at)
            answered.update(one.ref for one in batch)
        steps.keep_missing(access=self._access, at=self._clock(), connection=self._connection, refs=refs - answered)

    def _keep(self, batch: list[SourceSnapshot], asked_at: datetime) -> None:
        steps.keep_snapshots(
            access=self._access, at=self._clock(), asked_at=asked_at, connection=self._connection, reading=self._reading, snapshots=batch
        )  # fmt: skip

    def _reconcile(self, source: Connector) -> None:
        """Read everything anew and compare: with what stood here though nothing was said to have changed, and with a second count."""
        at = self._clock()
        refs = frozenset(steps.mark_everything(access=self._access, at=at, connection=self._connection))
        before = self._totals()
        self._figures(source)
        after = self._totals()
        changed = source.changes(self._connection.cursor).refs  # sold while we read: no difference
        differing = {ref: abs(after[ref] - before[ref]) for ref in refs & before.keys() & after.keys() - changed}
        second = source.tallies(frozenset(after))
        apart = {ref: abs(second[ref] - after[ref]) for ref in second.keys() - changed if second[ref] != after[ref]}
        found = {ref: tickets for ref, tickets in (differing | apart).items() if tickets}
        self._connection.difference, self._connection.reconciled_at = sum(found.values()), self._clock()
        self._connection.save(update_fields=["difference", "reconciled_at"])
        if found:
            self._reading.detail = ", ".join(f"{ref}: {tickets}" for ref, tickets in sorted(found.items()))[:300]

    def _totals(self) -> dict[str, int]:
        """The system's own total of each linked performance, as it is known here."""
        states = SourceState.objects.within(self._access).filter(own_total__isnull=False)
        totals = dict(states.values_list("performance_id", "own_total"))
        own = SourceEvent.objects.within(self._access).filter(connection=self._connection)
        linked = own.filter(performance__isnull=False, gone_at__isnull=True, starts_at__gte=self._clock() - BACK)
        return {ref: totals[number] for ref, number in linked.values_list("ref", "performance_id") if number in totals}

    def _fail(self, trouble: Trouble | str, detail: str, retry_after: float | None) -> None:
        at = self._clock()
        steps.fail_reading(
            connection=self._connection, reading=self._reading, at=at, questions=self._questions, trouble=trouble, detail=detail,
            retry_after=retry_after, chance=random.random(),  # noqa: S311  # spreads readings over time
        )  # fmt: skip
        tell_people(connection=self._connection, at=at)

    @property
    def _questions(self) -> int:
        return int(getattr(self._source, "requests", 0))


def open_connector(access: Access, connection: Connection, **of_buyers: Any) -> Connector:
    """The connector of a connection, with its secret and the theatre's own mapping. ``of_buyers``: for who reads orders, see
    :class:`Account`. Raises :class:`UnableToRead`."""
    try:
        secret = unseal(connection.sealed_secret, PURPOSE)
    except UnableToUnseal as error:
        raise UnableToRead(Trouble.CREDENTIALS, str(error)) from error
    kinds = SourceKind.objects.within(access).filter(connection=connection, is_guess=False)
    account = Account(connection.address, connection.account, secret, dict(kinds.values_list("name", "kind")), **of_buyers)
    return CONNECTORS[connection.vendor].opened(account)


def _batches(snapshots: Iterator[SourceSnapshot]) -> Iterator[list[SourceSnapshot]]:
    """Batches as they come; what came before trouble is given before it is raised."""
    batch: list[SourceSnapshot] = []
    try:
        for snapshot in snapshots:
            batch.append(snapshot)
            if len(batch) == BATCH:
                yield batch
                batch = []
    except UnableToRead:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


@contextmanager
def _only_reader(connection_id: int) -> Iterator[bool]:
    """Whether this worker is the one that reads the connection; the database lets go when a worker dies."""
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, connection_id])
        (is_mine,) = cursor.fetchone()
    try:
        yield is_mine
    finally:
        if is_mine:
            with database.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, connection_id])
