"""Reading what ticketing accepted and the programme knows into the facts.

The watermark is a transaction id: everything written by transactions older than it is in. It moves to the oldest transaction that was
still open when reading began, so what that one commits later is read by the next pull; what is read twice changes nothing.
"""

import csv
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from django.db import connection
from django.db.models import Case, F, FloatField, Func, Max, QuerySet, Value, When
from django.db.models.functions import Coalesce, ExtractYear

from dip.kernel.clock import sales_date
from dip.kernel.periods import SEASON_STARTS_MONTH
from dip.programme.models import Hall, Performance, Production, Theatre
from dip.ticketing.models import Position
from dip.warehouse.models import Watermark
from dip.warehouse.rules.audience.segments import taste_of
from dip.warehouse.store.facts import Facts, HoldsDimensions, Mark

#: Name of the watermark's row.
NAME = "positions"
#: Positions per file between the database and the facts.
CHUNK = 500_000
#: Changes of performances are read again this long after, for transactions that were open.
OVERLAP = timedelta(minutes=10)
_REASON = "national comparisons need every tenant's figures; they leave through warehouse.queries only"
log = structlog.get_logger(__name__)


class _Epoch(Func):
    """Seconds since 1970, exact to the microsecond."""

    template = "EXTRACT(EPOCH FROM %(expressions)s)"
    output_field = FloatField()


def recognise(facts: Facts, *, from_zero: bool) -> None:
    """Make sure that ``facts`` were read from this database: others (a new or restored database) are thrown away."""
    row = Watermark.objects.filter(name=NAME).first()
    mark = facts.mark()
    is_known = row is not None and row.facts == mark.identity and mark.txid <= _oldest_open()[0]
    if is_known and not from_zero:
        return
    facts.clear()
    identity = secrets.token_hex(16)
    facts.move(identity=identity)
    Watermark.objects.update_or_create(name=NAME, defaults={"facts": identity, "txid": 0, "position_id": 0})


def pull_positions(*, at: datetime, facts: Facts, home: Path) -> int:
    """Read positions that are new since the mark; how many closing states they changed. Goes on where it was broken off."""
    mark = facts.mark()
    oldest, newest = _oldest_open()
    until = oldest if mark.until_txid is None else mark.until_txid
    done = 0 if mark.until_txid is None else mark.position_id
    first, last = _new_ids(mark, newest, done)
    changed = read = 0
    while first is not None and last is not None and first <= last:
        end = min(first + CHUNK - 1, last)
        file = home / "pull.csv"
        rows = _copy(_positions(_since(mark, newest), first, end), file)
        changed += facts.merge_positions(file, until_txid=until, position_id=end) if rows else 0
        read += rows
        file.unlink()
        first = end + 1
    if read:
        log.info("read across tenants", table="ticketing_position", rows=read, changed=changed, reason=_REASON)
    facts.move(txid=until, until_txid=None, position_id=0)
    Watermark.objects.filter(name=NAME).update(txid=until, position_id=last or F("position_id"), moved_at=at)
    return changed


def pull_dimensions(*, at: datetime, facts: HoldsDimensions, home: Path) -> int:
    """Read what the programme knows of performances, productions, theatres and halls; how many rows are new, changed or gone.

    Performances are read by their last change, and all of them once a sales day: writes in bulk may forget to note a change.
    """
    mark, today = facts.mark(), sales_date(at).isoformat()
    newest: datetime | None = Performance.objects.aggregate(newest=Max("changed_at"))["newest"]
    is_complete = mark.dims_date != today or not mark.changed_at
    performances = Performance.objects.all()
    if not is_complete:
        performances = performances.filter(changed_at__gte=datetime.fromisoformat(mark.changed_at) - OVERLAP)
    count = 0
    for name, rows in _dimensions(performances).items():
        file = home / "dimension.csv"
        if isinstance(rows, QuerySet):
            _copy(rows, file)
        else:
            _write(rows, file)
        count += facts.replace_dimension(name, file, is_complete=is_complete or name != "dim_performance")
        file.unlink()
    facts.move(changed_at=newest.isoformat() if newest else "", dims_date=today)
    return count


def _oldest_open() -> tuple[int, int]:
    """The oldest transaction still open (this one included), and the newest whose rows can be seen."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(s)::text::bigint, "
            "greatest(pg_snapshot_xmax(s)::text::bigint, pg_current_xact_id_if_assigned()::text::bigint) "
            "FROM pg_current_snapshot() s"
        )
        oldest, newest = cursor.fetchone()
    return int(oldest), int(newest)


def _since(mark: Mark, newest: int) -> dict[str, int]:
    """Positions to read: all at first, else those not older than the mark and not left by another cluster."""
    return {"txid__gte": mark.txid, "txid__lte": newest} if mark.txid else {}


def _new_ids(mark: Mark, newest: int, done: int) -> tuple[int | None, int | None]:
    """First and last id of the positions to read, after ``done``. Ids come from the index on txid, never from a walk over all."""
    with connection.cursor() as cursor:
        if not mark.txid:
            cursor.execute("SELECT min(id), max(id) FROM ticketing_position WHERE id > %s", [done])
        else:
            cursor.execute(
                "WITH new AS MATERIALIZED (SELECT id FROM ticketing_position WHERE txid BETWEEN %s AND %s) "
                "SELECT min(id), max(id) FROM new WHERE id > %s",
                [mark.txid, newest, done],
            )
        first, last = cursor.fetchone()
    return first, last


def _positions(since: dict[str, int], first: int, last: int) -> QuerySet[Any]:
    """The one query that reads figures of all tenants, for the stated reason; every pull notes it in the log."""
    zero = Value(0)
    return (
        Position.objects.across_tenants(_REASON)
        .filter(id__gte=first, id__lte=last, **since)
        .values_list(
            "id",
            "performance_id",
            "measure",
            "sales_date",
            Coalesce("normal_tickets", zero) + Coalesce("discount_tickets", zero) + Coalesce("other_tickets", zero),
            Coalesce("free_tickets", zero),
            Coalesce("normal_cents", zero)
            + Coalesce("discount_cents", zero)
            + Coalesce("free_cents", zero)
            + Coalesce("other_cents", zero),
            "seats",
            _Epoch("true_at"),
            _Epoch("known_at"),
        )
    )


def _dimensions(performances: QuerySet[Performance]) -> dict[str, Any]:
    season = Case(
        When(performance_date__month__gte=SEASON_STARTS_MONTH, then=ExtractYear("performance_date")),
        default=ExtractYear("performance_date") - 1,
    )
    parties = (
        Production.objects.order_by()
        .values_list("producer_id", "id")
        .union(
            Production.objects.order_by().filter(agency__isnull=False).values_list("agency_id", "id"),
            Production.co_producers.through.objects.values_list("organisation_id", "production_id"),
        )
    )
    return {
        "dim_production": _productions(),
        "dim_party": parties,
        "dim_theatre": _theatres(),
        "dim_hall": Hall.objects.order_by().values_list("id", "capacity"),
        "dim_performance": performances.order_by().values_list(
            "number", "production_id", "theatre_id", "hall_id", "performance_date", "status", "is_private", "capacity", season
        ),
    }


def _productions() -> list[tuple[Any, ...]]:
    """Productions, with the taste that their genre and title tell of."""
    rows = Production.objects.order_by().values_list("id", "genre_id", "producer_id", "agency_id", "genre__code", "title")
    return [(*row[:4], taste_of(row[4] or "", row[5])) for row in rows.iterator(chunk_size=10_000)]


def _theatres() -> list[tuple[Any, ...]]:
    """Theatres with the facts of the one they are merged into. In the country: with a province, or without a country."""
    fields = ("id", "merged_into_id", "organisation_id", "province_id", "country__code", "is_coupled")
    known = {row[0]: row for row in Theatre.objects.order_by().values_list(*fields)}
    rows = []
    for number in known:
        final, seen = known[number], {number}
        while final[1] is not None and final[1] not in seen:
            seen.add(final[1])
            final = known[final[1]]
        organisation, province, country = final[2:5]
        is_national = province is not None or country in (None, "NL")
        rows.append((number, organisation or -final[0], organisation, province, is_national, final[5]))
    return rows


def _copy(rows: QuerySet[Any], file: Path) -> int:
    """Stream a query into a CSV; how many rows."""
    query, values = rows.query.sql_with_params()
    with connection.cursor() as cursor, file.open("wb") as target:
        with cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv)", values) as source:
            for block in source:
                target.write(block)
        count: int = cursor.rowcount
    return count


def _write(rows: Iterable[tuple[Any, ...]], file: Path) -> None:
    with file.open("w", newline="") as target:
        csv.writer(target).writerows(rows)
