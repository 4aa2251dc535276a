"""Orders go when their time is over: ten years after the season of the performance (the limit is data), through the same removals as
what a theatre takes back, so that the files, the facts and what is published follow. Names in the log of who looked go after two."""

from datetime import date, datetime

import structlog
from django.db import connection, transaction

from dip.definitions.queries import threshold
from dip.kernel import clock
from dip.kernel.periods import season_period, season_year
from dip.registry.terms import Access, Door, Role
from dip.registry.trail import write_line
from dip.warehouse.actions.removals import alone
from dip.warehouse.models import Removal
from dip.warehouse.rules.landed import RemovalKind

log = structlog.get_logger(__name__)
#: Performances that one run removes; the rest follow in the next.
MOST = 500
BY = "DIP"
_DUE = """
SELECT DISTINCT source.organisation_id, performance.number
FROM warehouse_landedbatch AS batch
INNER JOIN warehouse_ticketsource AS source ON source.id = batch.source_id
CROSS JOIN LATERAL unnest(batch.performances) AS held (performance)
INNER JOIN programme_performance AS performance ON performance.number = held.performance
WHERE batch.file <> '' AND performance.performance_date < %s
  AND NOT EXISTS (
    SELECT FROM warehouse_removal AS removal
    WHERE removal.organisation_id = source.organisation_id AND removal.performance_id = performance.number
      AND removal.kind = %s AND removal.lifted_at IS NULL
  )
ORDER BY 1, 2
LIMIT %s
"""


def first_kept_day(at: datetime) -> date:
    """Orders of performances before this day are no longer kept."""
    running = season_year(clock.local(at).date())
    return season_period(running - int(threshold("orders_years"))).start


def expire_orders(*, at: datetime, most: int = MOST) -> int:
    """Withdraw performances of which orders landed and whose time is over; how many. Done already, it does nothing.

    What a theatre delivers of them from then on is refused, as for any withdrawn performance.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [first_kept_day(at), RemovalKind.WITHDRAW.value, most])
        due = cursor.fetchall()
    for organisation_id, number in due:
        _withdraw(at, organisation_id, number)
    if due:
        log.info("orders past their time are withdrawn", performances=len(due), before=first_kept_day(at).isoformat())
    return len(due)


@transaction.atomic
def _withdraw(at: datetime, organisation_id: int, number: int) -> None:
    alone(organisation_id)
    made = Removal.objects.create(
        organisation_id=organisation_id, kind=RemovalKind.WITHDRAW.value, performance_id=number, requested_at=at, requested_by=BY
    )
    access = Access(organisation_id, "", Role.PLATFORM, door=Door.JOB, actor=BY)
    write_line(access=access, at=at, verb="expire_orders", subject="Removal", subject_id=made.pk, label=str(number))
