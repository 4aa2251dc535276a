"""New tickets per week of performances that came out of an access's scope, as known on a moment."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from dip.registry.terms import Access
from dip.reports.rules.weeks import WEEKS, starts
from dip.sales.terms import Evening

# The newest position of each sales day as known then, what it adds to the one before, and in which week that fell: 0 is everything
# before the first week. What a system with a clock ahead of ours called tomorrow counts in the last one.
_WEEKLY = """
WITH closes AS (
  SELECT DISTINCT ON (performance_id, sales_date) performance_id, sales_date,
         normal_tickets + discount_tickets + other_tickets AS sold,
         normal_cents + discount_cents + free_cents + other_cents AS cents
  FROM ticketing_position
  WHERE performance_id = ANY(%(numbers)s) AND measure = 1 AND known_at <= %(known)s AND true_at <= %(known)s + interval '1 day'
  ORDER BY performance_id, sales_date, true_at DESC, known_at DESC, id DESC),
fresh AS (
  SELECT performance_id, CASE WHEN sales_date < %(first)s THEN 0 ELSE least((sales_date - %(first)s) / 7 + 1, %(weeks)s) END AS week,
         sold - coalesce(lag(sold) OVER days, 0) AS tickets, cents - coalesce(lag(cents) OVER days, 0) AS cents
  FROM closes WINDOW days AS (PARTITION BY performance_id ORDER BY sales_date))
SELECT performance_id, week, sum(tickets)::bigint, sum(cents)::bigint FROM fresh GROUP BY 1, 2
"""
_TOTALS = """
WITH closes AS (
  SELECT DISTINCT ON (performance_id, sales_date) performance_id, sales_date,
         normal_tickets + discount_tickets + other_tickets AS sold
  FROM ticketing_position
  WHERE performance_id = ANY(%(numbers)s) AND measure = 1 AND known_at <= %(known)s AND true_at <= %(known)s
  ORDER BY performance_id, sales_date, true_at DESC, known_at DESC, id DESC),
fresh AS (
  SELECT sales_date, sold - coalesce(lag(sold) OVER (PARTITION BY performance_id ORDER BY sales_date), 0) AS tickets FROM closes)
SELECT (date_trunc('week', sales_date) + interval '7 days')::date, sum(tickets)::bigint FROM fresh WHERE sales_date >= %(first)s GROUP BY 1
"""
#: Performance number → (tickets, cents): before the ten weeks, then each of them.
Weekly = dict[int, tuple[tuple[int, ...], tuple[int, ...]]]


def _rows(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def weekly(access: Access, evenings: Sequence[Evening], monday: date, known_at: datetime) -> Weekly:
    """New tickets and recette of each performance in the ten weeks before ``monday``; their sums are its state. One query."""
    found = {e.number: ([0] * (WEEKS + 1), [0] * (WEEKS + 1)) for e in evenings}
    if not found:
        return {}
    values = {"numbers": list(found), "known": known_at, "first": starts(monday)[0], "weeks": WEEKS}
    for number, week, tickets, cents in _rows(_WEEKLY, values):
        found[number][0][week] = tickets
        found[number][1][week] = cents
    return {number: (tuple(tickets), tuple(cents)) for number, (tickets, cents) in found.items()}


def totals(access: Access, evenings: Sequence[Evening], first: date, known_at: datetime) -> dict[date, int]:
    """Monday of the report → tickets sold on the seven sales days before it, as known at ``known_at``. One query.

    ``first``: no sales day before this one is looked at, save for what had been sold until then.
    """
    if not evenings:
        return {}
    values = {"numbers": [e.number for e in evenings], "known": known_at, "first": first - timedelta(days=first.weekday())}
    return dict(_rows(_TOTALS, values))
