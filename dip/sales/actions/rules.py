"""A person's rules for alerts: made, muted, ended; and what they found, read and put away."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dip.registry.terms import Access, AccessDenied, Level, Module, Refusal
from dip.registry.trail import write_line
from dip.sales.actions.looking import note_what_holds, stop
from dip.sales.models import Alert, AlertRule
from dip.sales.queries.alerts import follows
from dip.sales.rules.alerting import LIMITS
from dip.sales.sentences import ALERT_KINDS
from dip.sales.terms import AlertKind, MailMode, RuleSpec

#: Rules of one person in one organisation and role.
MOST_RULES = 50


class UnableToMakeRule(Refusal):
    """The limit is out of bounds, the scope is not the person's, the rule is there already, or there are too many."""


class UnableToChangeRule(Refusal):
    """There is no such rule."""


def _need(access: Access) -> None:
    if access.person_id is None or not (access.is_provider or access.is_taker) or not access.allows(Module.SALES, Level.VIEW):
        raise AccessDenied("alerts are for people of theatres and providers who may see sales")


@transaction.atomic
def make_rule(*, access: Access, at: datetime, spec: RuleSpec, mail: MailMode) -> tuple[AlertRule, int]:
    """Have the person hear of what ``spec`` looks for; the rule, and for how many performances it holds at this moment.

    What holds now is history: it is kept as known, and neither shown nor mailed. Raises :class:`AccessDenied`,
    :class:`UnableToMakeRule`.
    """
    _need(access)
    _check(access, spec)
    mine = AlertRule.objects.within(access).filter(is_active=True, role=access.role.value)
    if mine.count() >= MOST_RULES:
        raise UnableToMakeRule(_("{n} rules are the most. End one that you no longer need.").format(n=MOST_RULES))
    try:
        with transaction.atomic():
            rule = AlertRule.objects.create(
                organisation_id=access.organisation_id, person_id=access.person_id, role=access.role.value, kind=spec.kind.value,
                limit=spec.limit, unit=spec.unit.value, production_id=spec.production_id, theatre_id=spec.theatre_id, mail=mail.value,
                made_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise UnableToMakeRule(_("You have this rule already. End it first when you want another limit."), "kind") from error
    known = note_what_holds(access=access, at=at, rule=rule)
    _line(access, at, "make_alert_rule", rule, {"limit": [None, spec.limit], "mail": [None, mail.value]})
    return rule, known


def _check(access: Access, spec: RuleSpec) -> None:
    units = LIMITS[spec.kind]
    if spec.unit not in units:
        raise UnableToMakeRule(_("This kind of alert does not count in that unit."), "unit")
    _usual, least, most = units[spec.unit]
    if not least <= spec.limit <= most:
        text = _("“Limit” is {n}; give a whole number from {least} to {most}.")
        raise UnableToMakeRule(text.format(n=spec.limit, least=least, most=most), "limit")
    if spec.production_id is not None and spec.theatre_id is not None:
        raise UnableToMakeRule(_("Choose a production or a theatre, not both."), "scope")
    if not follows(access, spec.production_id, spec.theatre_id):
        raise UnableToMakeRule(_("Your organisation has no performances there."), "scope")


@transaction.atomic
def end_rule(*, access: Access, at: datetime, rule_id: int) -> None:
    """End a rule. Its alerts stay until they are put away. A repeat does nothing. Raises :class:`UnableToChangeRule`."""
    _need(access)
    rule = _locked(access, rule_id)
    if rule.is_active:
        stop(rule, at)
        _line(access, at, "end_alert_rule", rule, {"is_active": [True, False]})


@transaction.atomic
def mute_rule(*, access: Access, at: datetime, rule_id: int, is_muted: bool) -> None:
    """Stop or resume the mails of a rule; the page goes on showing. A repeat does nothing. Raises :class:`UnableToChangeRule`."""
    _need(access)
    _mute(_locked(access, rule_id), at, is_muted=is_muted)


@transaction.atomic
def mute_by_link(*, at: datetime, rule_ids: Iterable[int]) -> int:
    """Stop the mails of these rules: whoever has the link of a mail may. How many still mailed."""
    rows = AlertRule.objects.across_tenants("a mail's link names its rules, and only mutes").select_for_update()
    found = list(rows.filter(pk__in=list(rule_ids), is_active=True, muted_at=None))
    for rule in found:
        _mute(rule, at, is_muted=True)
    return len(found)


def _mute(rule: AlertRule, at: datetime, *, is_muted: bool) -> None:
    if is_muted == (rule.muted_at is not None):
        return
    rule.muted_at = at if is_muted else None
    rule.save(update_fields=["muted_at"])
    if is_muted:
        waiting = Alert.objects.across_tenants("a muted rule mails nothing").filter(rule_id=rule.pk, mail_due_at__isnull=False)
        waiting.update(mail_due_at=None)


def _locked(access: Access, rule_id: int) -> AlertRule:
    rule: AlertRule | None = AlertRule.objects.within(access).select_for_update(of=("self",)).filter(pk=rule_id).first()
    if rule is None:
        raise UnableToChangeRule(_("There is no such rule."))
    return rule


@transaction.atomic
def read_alerts(*, access: Access, at: datetime, alert_ids: Iterable[int]) -> int:
    """Note that the person saw these alerts; they stay in the list. How many were new to them."""
    _need(access)
    mine = Alert.objects.within(access).filter(pk__in=list(alert_ids), read_at=None)
    return int(mine.update(read_at=at))


@transaction.atomic
def dismiss_alerts(*, access: Access, at: datetime, alert_ids: Iterable[int] | None = None) -> int:
    """Put these alerts away, or all with None. How many; a repeat puts none away. They are not mailed any more."""
    _need(access)
    mine = Alert.objects.within(access).filter(dismissed_at=None, is_known=False)
    if alert_ids is not None:
        mine = mine.filter(pk__in=list(alert_ids))
    return int(mine.update(dismissed_at=at, mail_due_at=None))


def _line(access: Access, at: datetime, verb: str, rule: AlertRule, changes: dict[str, object]) -> None:
    label = str(ALERT_KINDS[AlertKind(rule.kind)])
    write_line(access=access, at=at, verb=verb, subject="alert_rule", subject_id=rule.pk, label=label, changes=changes)
