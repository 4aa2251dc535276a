"""Rules that a person makes, and what they found."""

from django.db import models

from dip.programme.models import Performance, Production, Theatre
from dip.registry.models import Organisation, Person
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access
from dip.sales.terms import AlertKind, AlertUnit, MailMode


def _own(access: Access) -> models.Q:
    if access.person_id is None:
        return models.Q(pk__in=[])
    return models.Q(organisation_id=access.organisation_id, person_id=access.person_id)


class AlertRule(models.Model):
    """What a person asked to hear of, in one organisation and role. Owned by the person within the organisation."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=20)
    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in AlertKind])
    limit = models.PositiveIntegerField()
    unit = models.CharField(max_length=8, choices=[(u.value, u.value) for u in AlertUnit])
    production = models.ForeignKey(Production, on_delete=models.CASCADE, null=True, related_name="+")
    theatre = models.ForeignKey(Theatre, on_delete=models.CASCADE, null=True, related_name="+")
    mail = models.CharField(max_length=8, choices=[(m.value, m.value) for m in MailMode])
    is_active = models.BooleanField(default=True)
    muted_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    objects = OwnedManager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "person"], condition=models.Q(is_active=True), name="alertrule_owner")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person", "role", "kind", "production", "theatre"],
                condition=models.Q(is_active=True),
                nulls_distinct=False,
                name="alertrule_once",
            )
        ]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """Whoever made it."""
        return _own(access)


class Alert(models.Model):
    """One episode of a rule at a performance. What was so when the rule was made is kept as known, and not shown. Owned as the rule."""

    rule = models.ForeignKey(AlertRule, on_delete=models.CASCADE, related_name="alerts", db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    performance = models.ForeignKey(Performance, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=16)
    episode = models.BigIntegerField(help_text="1, 2 … of a state; the position's id of an event")
    values = models.JSONField(default=dict)
    fired_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    is_known = models.BooleanField(default=False, help_text="so when the rule was made: neither shown nor mailed")
    read_at = models.DateTimeField(null=True)
    dismissed_at = models.DateTimeField(null=True)
    mail_due_at = models.DateTimeField(null=True, help_text="when it goes into a mail; null: never, or gone out")
    mailed_at = models.DateTimeField(null=True)

    objects = OwnedManager()

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation", "person", "-fired_at"],
                condition=models.Q(dismissed_at=None, is_known=False),
                name="alert_attention",
            ),
            models.Index(fields=["mail_due_at"], condition=models.Q(mail_due_at__isnull=False), name="alert_to_mail"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["rule", "performance", "episode"], name="alert_episode_once"),
            models.UniqueConstraint(fields=["rule", "performance"], condition=models.Q(ended_at=None), name="alert_open_once"),
        ]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """Whoever made the rule."""
        return _own(access)


class AlertMark(models.Model):
    """How far positions were looked through for alerts: one row. Positions of transactions below ``txid`` are done. Shared."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    txid = models.BigIntegerField()
    silence_at = models.DateTimeField(null=True, help_text="when silence was last looked for")
