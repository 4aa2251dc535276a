"""Looking for what people asked to hear of: after figures came in, and every hour for silence. Once per episode, whatever is killed.

The mark says up to which transaction positions were looked through. Every group of rules, those of one organisation in one role, is one
transaction: its alerts and their mails are written together or not at all. The mark moves last. After a death the same range is looked
through again, and finds every episode open already, or its event by the same position.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.db import connection, transaction
from django.db.models import Q

from dip.kernel.clock import from_local, local
from dip.registry.terms import Access, Level, Module
from dip.sales.actions.mailing import mail_at_once
from dip.sales.models import Alert, AlertMark, AlertRule
from dip.sales.queries import goals, standings, states, visible
from dip.sales.queries.alerts import (
    changed_performances,
    followers,
    last_episodes,
    movements,
    open_by_rule,
    silent_evenings,
    spec_of,
    transactions,
)
from dip.sales.rules import alerting
from dip.sales.terms import AlertKind, AsOf, Evening, Found, Goal, Limits, MailMode, Movement, RuleSpec, Standing
from dip.sales.terms.alerts import STATES

#: A person, an organisation, a role: whose rules belong together, as :func:`dip.registry.guard.accesses_of` takes them.
Seat = tuple[int, int, str]
#: When the bundled mail goes, on the clock of the Netherlands.
MORNING = time(7, 30)
SILENCE_EVERY = timedelta(minutes=55)
_MARK = 1
_LOCK = 0x444950_41
_REASON = "alerts are looked for on behalf of everybody who made a rule; each is judged with its maker's own access"


@dataclass(frozen=True, slots=True)
class _News:
    """What came in since the mark."""

    numbers: frozenset[int] = frozenset()
    moves: tuple[tuple[Movement, datetime], ...] = ()
    by_organisation: Mapping[int, set[int]] = field(default_factory=dict)
    is_hourly: bool = False


def seats() -> list[Seat]:
    """Everybody with a rule: whose access the job must build."""
    rows = AlertRule.objects.across_tenants(_REASON).filter(is_active=True).order_by()
    return list(rows.values_list("person_id", "organisation_id", "role").distinct())


def look(*, at: datetime, accesses: Mapping[Seat, Access]) -> int:
    """Look through what came in since the last time, and for silence when an hour has passed. How many alerts are new.

    ``accesses``: for every seat what its person may do now; the rules of one without the right to see sales end here.
    """
    mark, until = _mark(at)
    is_hourly = mark.silence_at is None or at - mark.silence_at >= SILENCE_EVERY
    groups = _groups(at, accesses)
    news = _news(mark.txid, at, groups, is_hourly=is_hourly)
    count = sum(_look_for(at, access, rules, news) for access, rules in groups)
    AlertMark.objects.filter(pk=_MARK).update(txid=until, **({"silence_at": at} if is_hourly else {}))
    return count


def _mark(at: datetime) -> tuple[AlertMark, int]:
    """How far we are, and how far that will be after this look: up to the oldest transaction that is still open. What newer ones have
    written already is looked through now, and once more then. At first, and on a database from another cluster, there is no history."""
    until, coming = transactions()
    mark, _is_new = AlertMark.objects.get_or_create(pk=_MARK, defaults={"txid": until, "silence_at": None})
    if mark.txid > coming:
        mark.txid = until
    return mark, max(until, mark.txid)


def _groups(at: datetime, accesses: Mapping[Seat, Access]) -> list[tuple[Access, list[AlertRule]]]:
    """Rules by organisation and role, with an access that may see its sales; rules of those who may not are ended."""
    found: dict[tuple[int, str], tuple[Access, list[AlertRule]]] = {}
    for rule in AlertRule.objects.across_tenants(_REASON).filter(is_active=True).order_by("id"):
        access = accesses.get((rule.person_id, rule.organisation_id, rule.role))
        if access is None or not access.allows(Module.SALES, Level.VIEW):
            with transaction.atomic():
                stop(rule, at)
            continue
        found.setdefault((rule.organisation_id, rule.role), (access, []))[1].append(rule)
    return list(found.values())


def _news(first: int, at: datetime, groups: Sequence[tuple[Access, list[AlertRule]]], *, is_hourly: bool) -> _News:
    kinds = {AlertKind(rule.kind) for _, rules in groups for rule in rules}
    if not kinds:
        return _News(is_hourly=is_hourly)
    numbers = changed_performances(first)
    moves = movements(first, at) if kinds - STATES and numbers else []
    return _News(frozenset(numbers), tuple(moves), followers(numbers), is_hourly)


@transaction.atomic
def _look_for(at: datetime, access: Access, rules: Sequence[AlertRule], news: _News) -> int:
    """The rules of one organisation in one role: judged, written and mailed in one transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK % 2**31, access.organisation_id])
    known = open_by_rule(rule.pk for rule in rules)
    rows = _standings(at, access, rules, news, known)
    if not rows.by_number:
        return 0
    fired: list[Alert] = []
    for rule in rules:
        fired += _judge(rule, rows, known, news, at)
    written = _write(fired)
    mail_at_once(alerts=[alert for alert in written if alert.mail_due_at == at], evenings=rows.evenings, at=at)
    return len(written)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Performances of one organisation that are looked at now."""

    by_number: Mapping[int, Standing]
    goals: Mapping[int, Goal]
    limits: Limits

    @property
    def evenings(self) -> dict[int, Evening]:
        """Number → what the programme knows of it."""
        return {number: row.line.evening for number, row in self.by_number.items()}


def _standings(
    at: datetime, access: Access, rules: Sequence[AlertRule], news: _News, known: Mapping[tuple[int, int], Alert]
) -> _Rows:
    """Those that changed, those with an open episode, and each hour the silent ones."""
    numbers = set(news.by_organisation.get(access.organisation_id, ())) | {number for _, number in known}
    evenings = {evening.number: evening for evening in visible.evenings_among(access, numbers)} if numbers else {}
    patience = [rule.limit for rule in rules if rule.kind == AlertKind.NO_FIGURES]
    if news.is_hourly and patience:
        silent = silent_evenings(access, at - timedelta(hours=min(patience)), local(at).date())
        evenings |= {evening.number: evening for evening in silent}
    return _read(at, access, list(evenings.values()))


def _read(at: datetime, access: Access, evenings: Sequence[Evening]) -> _Rows:
    as_of, limits = AsOf(at), standings.limits()
    rows, _bands = standings.stand(access, states.lines(access, evenings, as_of), as_of, limits)
    return _Rows({row.line.evening.number: row for row in rows}, goals.goals(access, evenings, as_of), limits)


def _judge(rule: AlertRule, rows: _Rows, known: Mapping[tuple[int, int], Alert], news: _News, at: datetime) -> list[Alert]:
    """New episodes of one rule; those that ended are ended."""
    spec = spec_of(rule)
    scope = {number: row for number, row in rows.by_number.items() if spec.covers(row.line.evening)}
    if spec.kind not in STATES:
        moves = [move for move, known_at in news.moves if known_at > rule.made_at]
        return [_alert(rule, found, at, ended_at=at) for found in alerting.events(spec, moves, scope)]
    begun: list[Found] = []
    ended: list[int] = []
    for number, row in scope.items():
        holds = alerting.judge(spec, row, rows.goals.get(number), at, rows.limits)
        open_one = known.get((rule.pk, number))
        if holds and open_one is None:
            begun.append(Found(number, 0, alerting.facts(spec, row, rows.goals.get(number))))
        elif holds is False and open_one is not None:
            ended.append(open_one.pk)
    gone = [alert.pk for (rule_id, number), alert in known.items() if rule_id == rule.pk and number not in scope]
    if ended or gone:
        Alert.objects.across_tenants(_REASON).filter(pk__in=[*ended, *gone]).update(ended_at=at)
    last = last_episodes([rule.pk], [found.number for found in begun]) if begun else {}
    return [_alert(rule, Found(f.number, last.get((rule.pk, f.number), 0) + 1, f.values), at) for f in begun]


def _alert(rule: AlertRule, found: Found, at: datetime, *, ended_at: datetime | None = None, is_known: bool = False) -> Alert:
    return Alert(
        rule=rule, organisation_id=rule.organisation_id, person_id=rule.person_id, performance_id=found.number, kind=rule.kind,
        episode=found.episode, values=found.values, fired_at=at, ended_at=ended_at, is_known=is_known,
        mail_due_at=None if is_known else _mail_due(rule, at),
    )  # fmt: skip


def _mail_due(rule: AlertRule, at: datetime) -> datetime | None:
    if rule.muted_at is not None or rule.mail == MailMode.NONE:
        return None
    return at if rule.mail == MailMode.AT_ONCE else next_morning(at)


def next_morning(at: datetime) -> datetime:
    """The next time that the bundled mail goes."""
    today = local(at).date()
    due = from_local(datetime.combine(today, MORNING))
    return due if due > at else from_local(datetime.combine(today + timedelta(days=1), MORNING))


def _write(alerts: Collection[Alert]) -> list[Alert]:
    """Write those that are not there yet: an event is known by its position."""
    if not alerts:
        return []
    rules, episodes = {alert.rule_id for alert in alerts}, {alert.episode for alert in alerts}
    rows = Alert.objects.across_tenants(_REASON).filter(rule_id__in=rules, episode__in=episodes)
    there = set(rows.values_list("rule_id", "performance_id", "episode"))
    fresh = [alert for alert in alerts if (alert.rule_id, alert.performance_id, alert.episode) not in there]
    return list(Alert.objects.bulk_create(fresh))


def note_what_holds(*, access: Access, at: datetime, rule: AlertRule) -> int:
    """Keep as known what a new rule would find at this moment; for how many performances that is. Events have no such moment.

    The first rule of all begins the mark: what comes in from now on is looked through.
    """
    _mark(at)
    spec = spec_of(rule)
    if spec.kind not in STATES:
        return 0
    found = _holding(at, access, spec)
    Alert.objects.bulk_create([_alert(rule, Found(one.number, 1, one.values), at, is_known=True) for one in found])
    return len(found)


def _holding(at: datetime, access: Access, spec: RuleSpec) -> list[Found]:
    narrowed = Q(performance_date__gte=local(at).date() - timedelta(days=alerting.AFTER_DAYS))
    if spec.production_id is not None:
        narrowed &= Q(production_id=spec.production_id)
    if spec.theatre_id is not None:
        narrowed &= Q(theatre_id=spec.theatre_id)
    rows = _read(at, access, visible.evenings_where(access, narrowed))
    return [
        Found(number, 1, alerting.facts(spec, row, rows.goals.get(number)))
        for number, row in rows.by_number.items()
        if alerting.judge(spec, row, rows.goals.get(number), at, rows.limits)
    ]


def stop(rule: AlertRule, at: datetime) -> None:
    """Switch a rule off: nothing of it waits to be mailed any more."""
    rule.is_active = False
    rule.save(update_fields=["is_active"])
    theirs = Alert.objects.across_tenants("alerts end with their rule").filter(rule_id=rule.pk)
    theirs.filter(ended_at=None).update(ended_at=at)
    theirs.filter(mail_due_at__isnull=False).update(mail_due_at=None)
