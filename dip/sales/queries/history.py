"""Histories: closed sales days of performances and tours, the last four weeks, positions one by one, restatements."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from dip.kernel.clock import AMSTERDAM, SALES_DAY_STARTS_HOUR, from_local, sales_date
from dip.registry.terms import Access
from dip.sales.rules.cadence import cadence
from dip.sales.terms import AsOf, DayState, Evening, MeasureFact, Pace, PositionLine, Restatement
from dip.ticketing.models import Position
from dip.ticketing.terms import Measure

#: Days of the small columns beside a performance.
PACE_DAYS = 28

# The newest position of each closed sales day, of performances that came out of an access's scope.
_CLOSES = """
SELECT DISTINCT ON (performance_id, sales_date) performance_id, sales_date,
       normal_tickets + discount_tickets + other_tickets AS sold,
       normal_cents + discount_cents + free_cents + other_cents AS cents
FROM ticketing_position
WHERE performance_id = ANY(%(numbers)s) AND measure = 1 AND known_at <= %(known)s
ORDER BY performance_id, sales_date, true_at DESC, known_at DESC, id DESC
"""
_NEW_PER_DAY = f"""
WITH closes AS ({_CLOSES}), fresh AS (
  SELECT performance_id, sales_date, sold - coalesce(lag(sold) OVER (PARTITION BY performance_id ORDER BY sales_date), 0) AS tickets
  FROM closes)
"""
_PACE = """
SELECT DISTINCT ON (performance_id, sales_date) performance_id, sales_date,
       normal_tickets + discount_tickets + other_tickets AS sold,
       count(*) OVER (PARTITION BY performance_id, sales_date), known_at
FROM ticketing_position
WHERE performance_id = ANY(%(numbers)s) AND measure = 1 AND true_at >= %(start)s AND known_at <= %(known)s
UNION ALL
SELECT asked.number, NULL, p.sold, 0, NULL FROM unnest(%(numbers)s::bigint[]) asked(number) CROSS JOIN LATERAL (
  SELECT normal_tickets + discount_tickets + other_tickets AS sold FROM ticketing_position q
  WHERE q.performance_id = asked.number AND q.measure = 1 AND q.true_at < %(start)s AND q.known_at <= %(known)s
  ORDER BY q.true_at DESC, q.known_at DESC, q.id DESC LIMIT 1) p
"""
_PACE_CLOSES, _PACE_BASE = _PACE.split("UNION ALL")
_PACE = f"({_PACE_CLOSES} ORDER BY performance_id, sales_date, true_at DESC, known_at DESC, id DESC) UNION ALL {_PACE_BASE}"


def _rows(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def day_states(access: Access, evening: Evening, as_of: AsOf) -> list[DayState]:
    """The close of every sales day on which the figures of one performance moved, oldest first. One query."""
    rows = _rows(_CLOSES, {"numbers": [evening.number], "known": as_of.at})
    return [DayState(day, sold, cents) for _, day, sold, cents in rows]


def new_per_date(access: Access, evenings: Sequence[Evening], as_of: AsOf) -> dict[date, int]:
    """New tickets of performances together, per sales day. One query."""
    if not evenings:
        return {}
    sql = _NEW_PER_DAY + "SELECT sales_date, sum(tickets)::bigint FROM fresh GROUP BY sales_date"
    return dict(_rows(sql, {"numbers": [e.number for e in evenings], "known": as_of.at}))


def new_per_distance(access: Access, evenings: Sequence[Evening], as_of: AsOf) -> dict[tuple[int, int], int]:
    """(performance number, days before) → new tickets on that sales day. One query."""
    if not evenings:
        return {}
    dates = {e.number: e.performance_date for e in evenings}
    sql = _NEW_PER_DAY + "SELECT performance_id, sales_date, tickets FROM fresh"
    found: dict[tuple[int, int], int] = {}
    for number, day, tickets in _rows(sql, {"numbers": list(dates), "known": as_of.at}):
        key = number, max((dates[number] - day).days, 0)
        found[key] = found.get(key, 0) + tickets
    return found


def paces(access: Access, evenings: Sequence[Evening], as_of: AsOf) -> dict[int, Pace]:
    """New tickets of the last 28 closed sales days, per performance, with the rhythm of delivery. One query for a page of them."""
    if not evenings:
        return {}
    end = sales_date(as_of.at)
    first = end - timedelta(days=PACE_DAYS)
    start = from_local(datetime.combine(first, time(SALES_DAY_STARTS_HOUR)))
    rows = _rows(_PACE, {"numbers": [e.number for e in evenings], "start": start, "known": as_of.at})
    base = {number: sold for number, day, sold, _, _ in rows if day is None}
    closes: dict[int, dict[date, tuple[int, int, datetime]]] = {}
    for number, day, sold, count, known_at in rows:
        if day is not None:
            closes.setdefault(number, {})[day] = (sold, count, known_at)
    return {e.number: _pace(closes.get(e.number, {}), base.get(e.number, 0), first) for e in evenings}


def _pace(closes: dict[date, tuple[int, int, datetime]], base: int, first: date) -> Pace:
    per_day, sold = [], base
    for offset in range(PACE_DAYS):
        now = closes.get(first + timedelta(days=offset))
        per_day.append(now[0] - sold if now else 0)
        sold = now[0] if now else sold
    counts = [count for _, count, _ in closes.values()]
    hours = [known_at.astimezone(AMSTERDAM).hour for _, _, known_at in closes.values()]
    return Pace(tuple(per_day), cadence(counts, hours))


def facts(access: Access, evening: Evening, as_of: AsOf) -> dict[int, MeasureFact]:
    """Measure → its newest position as known at ``as_of``: moments and source. One query."""
    rows = (
        Position.objects.within(access)
        .filter(performance_id=evening.number, known_at__lte=as_of.at)
        .order_by("measure", "-true_at", "-known_at", "-id")
        .distinct("measure")
        .values_list("measure", "true_at", "known_at", "delivery__source", "ranks")
    )
    return {measure: MeasureFact(measure, true, known, source, tuple(ranks or ())) for measure, true, known, source, ranks in rows}


def positions(access: Access, evening: Evening, as_of: AsOf, limit: int | None = None) -> list[PositionLine]:
    """Everything that came in for one performance, newest knowledge first. One query."""
    rows = (
        Position.objects.within(access)
        .filter(performance_id=evening.number, known_at__lte=as_of.at)
        .order_by("-known_at", "-true_at", "-id")
        .values_list(
            "measure", "true_at", "known_at", "sales_date", "normal_tickets", "discount_tickets", "other_tickets", "free_tickets",
            "normal_cents", "discount_cents", "other_cents", "free_cents", "seats", "restates_id", "delivery__source",
        )[:limit]
    )  # fmt: skip
    return [_position_line(row) for row in rows]


def _position_line(row: tuple[Any, ...]) -> PositionLine:
    measure, true_at, known_at, day, normal, discount, other, free, *cents, seats, restates, source = row
    is_tickets = measure == Measure.TICKETS
    return PositionLine(
        measure=measure,
        true_at=true_at,
        known_at=known_at,
        sales_date=day,
        sold=(normal or 0) + (discount or 0) + (other or 0) if is_tickets else None,
        free=(free or 0) if is_tickets else None,
        recette_cents=sum(value or 0 for value in cents) if is_tickets else None,
        seats=seats,
        is_restatement=restates is not None,
        source=source,
    )


def restatements(
    access: Access, evenings: Sequence[Evening], as_of: AsOf, *, days: int | None = None, limit: int = 200
) -> list[Restatement]:
    """Closed sales days whose ticket figures changed afterwards, newest knowledge first. ``days``: known in the last so many. One query."""
    if not evenings:
        return []
    by_number = {e.number: e for e in evenings}
    # as one array, so that the index is probed for each number
    theirs = RawSQL('"ticketing_position"."performance_id" = ANY(%s)', [list(by_number)], output_field=BooleanField())
    found = Position.objects.within(access).filter(theirs, measure=Measure.TICKETS, restates__isnull=False, known_at__lte=as_of.at)
    if days is not None:
        found = found.filter(known_at__gte=as_of.at - timedelta(days=days))
    kinds = [f"{kind}_{unit}" for unit in ("tickets", "cents") for kind in ("normal", "discount", "other", "free")]
    rows = found.order_by("-known_at", "-id").values_list(
        "performance_id", "sales_date", "known_at", "delivery__source", *kinds, *(f"restates__{name}" for name in kinds)
    )[:limit]
    return [_restatement(by_number[row[0]], row) for row in rows]


def _restatement(evening: Evening, row: tuple[Any, ...]) -> Restatement:
    _, day, known_at, source, *figures = row
    after, before = [value or 0 for value in figures[:8]], [value or 0 for value in figures[8:]]
    return Restatement(
        number=evening.number,
        production_id=evening.production_id,
        title=evening.title,
        city=evening.city,
        theatre=evening.theatre,
        performance_date=evening.performance_date,
        sales_date=day,
        sold_before=sum(before[:3]),
        sold_after=sum(after[:3]),
        cents_before=sum(before[4:]),
        cents_after=sum(after[4:]),
        known_at=known_at,
        source=source,
    )
