"""Mails of alerts: at once, one mail for what one look found for a person; or bundled in the morning. With links that mute."""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.utils.translation import override

from dip.registry.keys import derived_key
from dip.registry.models import Membership
from dip.sales.actions import letters
from dip.sales.models import Alert
from dip.sales.queries.visible import evenings_numbered
from dip.sales.sentences import ALERT_KINDS, alert_text
from dip.sales.terms import AlertKind, Evening
from dip.sales.terms.alerts import WORST_FIRST

_REASON = "a mail of alerts goes to the person who made their rules"
#: Lines of one mail; the page has the rest.
MOST_LINES = 40
#: What waited longer for a mail, because the platform was down, is on the page only.
TOO_LATE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Line:
    """One alert as a mail tells it."""

    kind: str
    evening: Evening
    text: str
    page: str


@dataclass(frozen=True, slots=True)
class MuteLine:
    """A kind of alert in the mail, with the link that mutes its rule."""

    kind: str
    address: str


def mute_token(rule_ids: Iterable[int]) -> str:
    """What a mail's link carries: the rules, and a proof that the platform wrote them. Only good for muting."""
    named = ".".join(str(number) for number in sorted(set(rule_ids)))
    return f"{named}-{_proof(named)}"


def rules_of_token(token: str) -> list[int]:
    """The rules of a link; empty when the platform did not write it."""
    named, _, proof = token.rpartition("-")
    if not named or not all(part.isdigit() and len(part) < 19 for part in named.split(".")):
        return []
    return [int(part) for part in named.split(".")] if hmac.compare_digest(proof.encode(), _proof(named).encode()) else []


def _proof(named: str) -> str:
    return hmac.new(derived_key("alert-mute"), named.encode(), sha256).hexdigest()[:32]


def mail_at_once(*, alerts: Sequence[Alert], evenings: Mapping[int, Evening], at: datetime) -> int:
    """Queue one mail for each person among ``alerts``, in the transaction that wrote them. How many mails."""
    return _mail(alerts, evenings, at, "alerts") if alerts else 0


def mail_mornings(*, at: datetime) -> int:
    """Queue the bundled mails that are due. How many; each person is one transaction, so that a repeat goes on with the others."""
    waiting = Alert.objects.across_tenants(_REASON).filter(mail_due_at__lte=at, mailed_at=None)
    keys = list(waiting.order_by().values_list("organisation_id", "person_id").distinct())
    return sum(_mail_morning(organisation, person, at) for organisation, person in keys)


@transaction.atomic
def _mail_morning(organisation_id: int, person_id: int, at: datetime) -> int:
    mine = Alert.objects.across_tenants(_REASON).filter(organisation_id=organisation_id, person_id=person_id)
    due = mine.filter(mail_due_at__lte=at, mailed_at=None).select_for_update(skip_locked=True)
    alerts = list(due.order_by("-fired_at", "-id"))
    fresh = [alert for alert in alerts if at - alert.fired_at <= TOO_LATE]
    stale = [alert.pk for alert in alerts if at - alert.fired_at > TOO_LATE]
    if stale:
        mine.filter(pk__in=stale).update(mail_due_at=None)
    return _mail(fresh, evenings_numbered({alert.performance_id for alert in fresh}), at, "alerts_morning") if fresh else 0


def _mail(alerts: Sequence[Alert], evenings: Mapping[int, Evening], at: datetime, name: str) -> int:
    by_person: dict[tuple[int, int], list[Alert]] = {}
    for alert in alerts:
        by_person.setdefault((alert.organisation_id, alert.person_id), []).append(alert)
    people = _readers(by_person)
    for key, theirs in by_person.items():
        if key in people:
            reader, organisation = people[key]
            _send(reader, organisation, theirs, evenings, name)
    pks = [alert.pk for alert in alerts]
    Alert.objects.across_tenants(_REASON).filter(pk__in=pks).update(mailed_at=at, mail_due_at=None)
    return sum(key in people for key in by_person)


def _readers(keys: Iterable[tuple[int, int]]) -> dict[tuple[int, int], tuple[letters.Reader, str]]:
    """(organisation, person) → address and language, and the organisation's name; those who are no member any more are left out."""
    wanted = set(keys)
    rows = Membership.objects.filter(
        organisation_id__in={o for o, _ in wanted}, person_id__in={p for _, p in wanted}, is_active=True, person__is_active=True
    ).values_list("organisation_id", "person_id", "person__email", "person__language", "organisation__name")
    return {(o, p): (letters.Reader(email, language), name) for o, p, email, language, name in rows if (o, p) in wanted}


def _send(reader: letters.Reader, organisation: str, alerts: Sequence[Alert], evenings: Mapping[int, Evening], name: str) -> None:
    with override(reader.language):
        known = [alert for alert in alerts if alert.performance_id in evenings]
        known.sort(key=lambda alert: (WORST_FIRST.index(AlertKind(alert.kind)), evenings[alert.performance_id].starts_at))
        pages = letters.pages([alert.performance_id for alert in known])
        lines = [_line(alert, evenings[alert.performance_id], pages[alert.performance_id]) for alert in known[:MOST_LINES]]
        context = {
            "lines": lines,
            "count": len(known),
            "more": max(len(known) - MOST_LINES, 0),
            "organisation": organisation,
            "page": letters.address("sales-alerts"),
            "mutes": _mutes(known),
        }
    every = letters.address("sales-alerts-mute", mute_token(alert.rule_id for alert in alerts))
    letters.send([reader], name, context, unsubscribe=every)


def _line(alert: Alert, evening: Evening, page: str) -> Line:
    kind = AlertKind(alert.kind)
    return Line(str(ALERT_KINDS[kind]), evening, alert_text(kind, alert.values), page)


def _mutes(alerts: Sequence[Alert]) -> list[MuteLine]:
    by_rule = {alert.rule_id: AlertKind(alert.kind) for alert in alerts}
    return [
        MuteLine(str(ALERT_KINDS[kind]), letters.address("sales-alerts-mute", mute_token([rule_id])))
        for rule_id, kind in sorted(by_rule.items(), key=lambda pair: WORST_FIRST.index(pair[1]))
    ]
