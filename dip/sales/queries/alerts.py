"""Alerts of a person: the list, the count, the rules; and for the job, what moved and who is concerned."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Q

from dip.programme.models import Performance, Production
from dip.registry.terms import Access
from dip.sales.models import Alert, AlertRule
from dip.sales.queries.visible import evenings_where
from dip.sales.rules.alerting import AFTER_DAYS, NEVER_DAYS
from dip.sales.terms import AlertKind, AlertRow, AlertUnit, Evening, MailMode, Movement, RuleRow, RuleSpec
from dip.sales.terms.alerts import WORST_FIRST
from dip.ticketing.models import PerformanceSales, Position

_REASON = "alerts are looked for in what came in of every tenant; each is written for people who follow the performance"
#: A drop is news when it is the state of these last days: histories that are filled in later are not.
FRESH = timedelta(days=3)

_MOVES = """
SELECT p.performance_id, p.id, b.sold, p.normal_tickets + p.discount_tickets + p.other_tickets AS sold, p.true_at,
       p.restates_id IS NOT NULL, p.known_at
FROM ticketing_position p
CROSS JOIN LATERAL (
  SELECT q.normal_tickets + q.discount_tickets + q.other_tickets AS sold FROM ticketing_position q
  WHERE CASE WHEN p.restates_id IS NOT NULL THEN q.id = p.restates_id
        ELSE q.performance_id = p.performance_id AND q.measure = 1 AND q.true_at < p.true_at END
  ORDER BY q.true_at DESC, q.known_at DESC, q.id DESC LIMIT 1
) b
WHERE p.txid >= %(first)s AND p.measure = 1
  AND ((p.restates_id IS NULL AND p.true_at >= %(fresh)s AND p.normal_tickets + p.discount_tickets + p.other_tickets < b.sold)
    OR (p.restates_id IS NOT NULL AND p.normal_tickets + p.discount_tickets + p.other_tickets <> b.sold))
ORDER BY p.id
"""


def attention(access: Access, limit: int) -> tuple[list[AlertRow], int]:
    """Alerts that the person has not put away, what wants a hand first on top, and how many there are. One query, two past a hundred."""
    if access.person_id is None or not (access.is_provider or access.is_taker):
        return [], 0
    rows = _rows(_shown(access), _LOOKED)
    return rows[:limit], len(rows) if len(rows) < _LOOKED else _shown(access).count()


def alert_count(access: Access) -> int:
    """Alerts that the person has not put away. One query; none for who cannot have any."""
    if access.person_id is None or not (access.is_provider or access.is_taker):
        return 0
    return int(_shown(access).count())


def alerts(access: Access, limit: int) -> list[AlertRow]:
    """Alerts that were not put away: those that still hold first, the worst kind on top, the newest first. One query."""
    return _rows(_shown(access), limit)


def past_alerts(access: Access, limit: int) -> list[AlertRow]:
    """Alerts that were put away, the last one first. One query."""
    found = Alert.objects.within(access).filter(is_known=False, dismissed_at__isnull=False).order_by("-dismissed_at", "-id")
    return [_row(row) for row in found.values_list(*_COLUMNS)[:limit]]


def _shown(access: Access) -> Any:
    return Alert.objects.within(access).filter(is_known=False, dismissed_at=None)


#: Alerts that the short list is chosen from.
_LOOKED = 100
_COLUMNS = (
    "id", "rule_id", "kind", "performance_id", "performance__production__title", "performance__theatre__city",
    "performance__theatre__name", "performance__hall__name", "performance__performance_date", "values", "fired_at", "ended_at", "read_at",
)  # fmt: skip


def _rows(found: Any, limit: int) -> list[AlertRow]:
    rows = [_row(row) for row in found.order_by("-fired_at", "-id").values_list(*_COLUMNS)[:limit]]
    return sorted(rows, key=lambda row: (row.ended_at is not None and row.kind in _ENDING, WORST_FIRST.index(row.kind)))


#: Kinds whose end means that nothing needs doing any more.
_ENDING = {AlertKind.NO_FIGURES, AlertKind.BEHIND_TARGET, AlertKind.BEHIND_MEDIAN, AlertKind.SOLD_OUT}


def _row(columns: Sequence[Any]) -> AlertRow:
    number, rule, kind, performance, title, city, theatre, hall, day, values, fired_at, ended_at, read_at = columns
    return AlertRow(
        number, rule, AlertKind(kind), performance, title, city, theatre, hall, day, values, fired_at, ended_at, read_at is not None
    )


def rules(access: Access) -> list[RuleRow]:
    """The person's rules in this organisation and role, with what holds now. One query."""
    shown = Q(alerts__is_known=False)
    found = (
        AlertRule.objects.within(access)
        .filter(is_active=True, role=access.role.value)
        .select_related("production", "theatre")
        .annotate(holds=Count("alerts", filter=Q(alerts__ended_at=None)), last=Max("alerts__fired_at", filter=shown))
        .order_by("kind", "id")
    )
    return [_rule(row) for row in found]


def _rule(row: Any) -> RuleRow:
    name = row.production.title if row.production else row.theatre.name if row.theatre else ""
    return RuleRow(row.pk, spec_of(row), name, MailMode(row.mail), row.muted_at is not None, row.made_at, row.holds, row.last)


def spec_of(row: AlertRule) -> RuleSpec:
    """What a stored rule asks."""
    return RuleSpec(AlertKind(row.kind), row.limit, AlertUnit(row.unit), row.production_id, row.theatre_id)


def scopes(access: Access, today: date) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """What a rule can be narrowed to: productions and theatres with performances to come, as (id, name). Two or three queries."""
    coming = evenings_where(access, Q(performance_date__gte=today))
    productions = dict(sorted({e.production_id: e.title for e in coming}.items(), key=lambda pair: pair[1]))
    theatres = dict(sorted({e.theatre_id: f"{e.theatre}, {e.city}" for e in coming}.items(), key=lambda pair: pair[1]))
    return list(productions.items()), list(theatres.items())


def follows(access: Access, production_id: int | None, theatre_id: int | None) -> bool:
    """Whether the access has a performance of that production, or in that theatre. Two queries at most."""
    if production_id is None and theatre_id is None:
        return True
    narrowed = Q(production_id=production_id) if production_id is not None else Q(theatre_id=theatre_id)
    return bool(evenings_where(access, narrowed))


def silent_evenings(access: Access, cutoff: datetime, today: date) -> list[Evening]:
    """Performances to come, or just played, without a word since ``cutoff``: never any figures within :data:`NEVER_DAYS`, or had some
    and fell silent. Two queries at most; only those are read."""
    heard = PerformanceSales.objects.within(access).filter(tickets_true_at__isnull=False)
    fresh = heard.filter(confirmed_at__gte=cutoff).values("performance_id")
    spoke = heard.filter(confirmed_at__lt=cutoff).values("performance_id")
    near = Q(performance_date__lte=today + timedelta(days=NEVER_DAYS))
    coming = Q(performance_date__gte=today - timedelta(days=AFTER_DAYS))
    return evenings_where(access, coming & ~Q(number__in=fresh) & (near | Q(number__in=spoke)))


def changed_performances(first: int) -> set[int]:
    """Performances with positions of transactions from ``first`` on. One query, by the index on transactions."""
    rows = Position.objects.across_tenants(_REASON).filter(txid__gte=first)
    return set(rows.order_by().values_list("performance_id", flat=True).distinct())


def movements(first: int, at: datetime) -> list[tuple[Movement, datetime]]:
    """Losses and restatements among the new positions, each with when the platform knew. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVES, {"first": first, "fresh": at - FRESH})
        return [(Movement(*row[:6]), row[6]) for row in cursor.fetchall()]


def followers(numbers: Iterable[int]) -> dict[int, set[int]]:
    """Organisation → those of ``numbers`` that it follows on either side. Two queries."""
    found: dict[int, set[int]] = {}
    asked = list(numbers)
    if not asked:
        return found
    sides = Performance.objects.filter(number__in=asked).order_by().values_list(
        "number", "production_id", "production__producer_id", "production__agency_id", "theatre__organisation_id"
    )  # fmt: skip
    by_production: dict[int, list[int]] = {}
    for number, production, *organisations in sides:
        by_production.setdefault(production, []).append(number)
        for organisation in organisations:
            if organisation is not None:
                found.setdefault(organisation, set()).add(number)
    through = Production.co_producers.through.objects.filter(production_id__in=by_production)
    for organisation, production in through.values_list("organisation_id", "production_id"):
        found.setdefault(organisation, set()).update(by_production[production])
    return found


def transactions() -> tuple[int, int]:
    """The oldest transaction that is still open, and the next one to come: below the first, every row can be seen. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint FROM pg_current_snapshot() s")
        oldest, coming = cursor.fetchone()
    return int(oldest), int(coming)


def open_by_rule(rules: Iterable[int]) -> Mapping[tuple[int, int], Alert]:
    """(rule, performance) → its open episode. One query, for the job that looks for all."""
    rows = Alert.objects.across_tenants(_REASON).filter(rule_id__in=list(rules), ended_at=None)
    return {(row.rule_id, row.performance_id): row for row in rows}


def last_episodes(rules: Iterable[int], numbers: Iterable[int]) -> dict[tuple[int, int], int]:
    """(rule, performance) → the number of its last episode. One query."""
    rows = Alert.objects.across_tenants(_REASON).filter(rule_id__in=list(rules), performance_id__in=list(numbers)).order_by()
    return {
        (rule, number): last for rule, number, last in rows.values_list("rule_id", "performance_id").annotate(last=Max("episode"))
    }
