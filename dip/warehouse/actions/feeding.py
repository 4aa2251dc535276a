"""Orders of a connection: read from where it was, made pseudonymous as they are read, landed together with the cursor.

The network is asked between the transactions, never within one. What lands and how far that was are one transaction, so a worker that
dies anywhere leaves a whole delivery or none of it, and the next one goes on from there.
"""

import logging
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection as database
from django.db import transaction

from dip.registry.terms import Access, Refusal
from dip.ticketing.actions.order_feeds import begin_feed, end_feed, fail_feed
from dip.ticketing.actions.reading_steps import FAULT
from dip.ticketing.actions.readings import open_connector
from dip.ticketing.connector import OrderSource, Trouble, UnableToRead
from dip.ticketing.models import Connection, OrderFeed
from dip.ticketing.terms.orders import TicketRow
from dip.warehouse.actions.coupling import couple, prepared
from dip.warehouse.actions.landing import land_rows, source_for
from dip.warehouse.models import TicketSource
from dip.warehouse.rules.venue import venue_pseudonym
from dip.warehouse.store.keys import UnableToReadKeys, read_keys

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
#: Rows that are landed together, at least, while there are more to read.
ENOUGH = 5_000
#: A reading that takes longer goes on in the next job, so that no theatre waits for the history of another.
LONGEST = timedelta(minutes=5)
_LOCK = 0x444F5244


class _Switched(Exception):
    """The theatre switched the delivery off, or changed its ground, while it was read."""


class Fed(NamedTuple):
    """What a reading brought: rows that landed (accepted or not), deliveries, and the trouble that ended it ("" for none)."""

    rows: int
    deliveries: int
    trouble: str


def read_orders(*, connection_id: int, clock: Clock) -> Fed | None:
    """Read and land what changed in the orders of a connection; None when it is switched off, paused, or read by another worker."""
    with _only_reader(connection_id) as is_mine:
        begun = begin_feed(connection_id=connection_id, at=clock()) if is_mine else None
        return None if begun is None else _Run(begun[0], begun[1], clock).run()


class _Run:
    """One reading under way."""

    def __init__(self, feed: OrderFeed, access: Access, clock: Clock) -> None:
        self._feed, self._access, self._clock = feed, access, clock
        self._connection: Connection = feed.connection
        self._rows, self._deliveries = 0, 0

    def run(self) -> Fed:
        """Every delivery; trouble ends it."""
        try:
            is_done = self._read()
        except UnableToRead as error:
            return self._fail(error.trouble.value, error.detail, error.retry_after)
        except _Switched:
            return Fed(self._rows, self._deliveries, "")
        except (Refusal, UnableToReadKeys) as error:
            return self._fail(FAULT, str(error), None)
        except Exception as error:
            log.exception("orders of connection %s failed", self._connection.pk)
            return self._fail(FAULT, type(error).__name__, None)
        end_feed(feed=self._feed, at=self._clock(), chance=random.random(), is_done=is_done)  # noqa: S311  # spreads readings
        return Fed(self._rows, self._deliveries, "")

    def _read(self) -> bool:
        """Whether everything there is was read."""
        began = self._clock()
        keys = read_keys(Path(settings.PSEUDONYM_KEYS), began)
        reader = open_connector(
            self._access, self._connection, pseudonym=lambda text: venue_pseudonym(text, keys), consent=self._feed.consent
        )
        if not isinstance(reader, OrderSource):
            raise UnableToRead(Trouble.ADDRESS, "this system tells nothing of orders")
        source = source_for(
            access=self._access, at=began, system=self._connection.vendor, account=_account(self._connection), name=self._connection.name
        )  # fmt: skip
        couple(access=self._access, at=began, source=source, connection=self._connection)
        is_done = False
        while not is_done and self._clock() - began < LONGEST:
            rows, cursor, is_done, error = _gathered(reader, self._feed.cursor)
            self._keep(source, rows, cursor)
            if error is not None:
                raise error
        return is_done

    def _keep(self, source: TicketSource, rows: list[TicketRow], cursor: str) -> None:
        """Land the rows and move the cursor, both or neither."""
        at = self._clock()
        given = prepared(access=self._access, at=at, source=source, connection=self._connection, rows=rows)
        with transaction.atomic():
            feed = OrderFeed.objects.within(self._access).select_for_update().filter(pk=self._feed.pk).first()
            if feed is None or not feed.is_on or feed.consent != self._feed.consent:
                raise _Switched
            feed.cursor = cursor
            if given:
                feed.landed += 1
                feed.rows += len(given)
                name = f"connection {feed.pk} {feed.landed}"
                land_rows(access=self._access, at=at, source=source, delivery_id=name, rows=given, cursor=cursor)
            feed.save(update_fields=["cursor", "landed", "rows"])
        self._feed.cursor, self._feed.landed, self._feed.rows = feed.cursor, feed.landed, feed.rows
        self._rows += len(given)
        self._deliveries += bool(given)

    def _fail(self, trouble: str, detail: str, retry_after: float | None) -> Fed:
        fail_feed(
            feed=self._feed, at=self._clock(), trouble=trouble, detail=detail, retry_after=retry_after, chance=random.random()  # noqa: S311
        )  # fmt: skip
        return Fed(self._rows, self._deliveries, trouble)


def _gathered(reader: OrderSource, cursor: str) -> tuple[list[TicketRow], str, bool, UnableToRead | None]:
    """Pages until there are enough rows: the rows, how far they reach, whether that was all, and the trouble that came after them."""
    found: list[TicketRow] = []
    while len(found) < ENOUGH:
        try:
            page = reader.orders(cursor)
        except UnableToRead as error:
            return found, cursor, False, error
        found.extend(page.rows)
        cursor = page.cursor
        if page.done:
            return found, cursor, True, None
    return found, cursor, False, None


def _account(connection: Connection) -> str:
    """The account as its source is known: two installations may have accounts of the same name."""
    return f"{connection.account} @ {urlsplit(connection.address).netloc}"


@contextmanager
def _only_reader(connection_id: int) -> Iterator[bool]:
    """Whether this worker is the one that reads; the database lets go when a worker dies."""
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, connection_id])
        (is_mine,) = cursor.fetchone()
    try:
        yield is_mine
    finally:
        if is_mine:
            with database.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, connection_id])
