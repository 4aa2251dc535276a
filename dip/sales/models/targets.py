"""Targets per performance, and every change of them."""

from django.db import models

from dip.programme.models import Performance
from dip.registry.models import Organisation
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access
from dip.sales.terms import Origin

_ORIGINS = [(origin.value, origin.value) for origin in Origin]


class Target(models.Model):
    """What an organisation means to sell of a performance. Owned by who set it: neither side sees the other's."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    performance = models.ForeignKey(Performance, on_delete=models.PROTECT, related_name="+")
    tickets = models.PositiveIntegerField()
    recette_cents = models.BigIntegerField(null=True)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=160)
    origin = models.CharField(max_length=10, choices=_ORIGINS)

    objects = OwnedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "performance"], name="target_once"),
            models.CheckConstraint(condition=models.Q(tickets__gt=0), name="target_asks_something"),
        ]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The organisation that set it."""
        return models.Q(organisation_id=access.organisation_id)


class TargetChange(models.Model):
    """One change of a target: added to, never changed. Owned by the organisation whose target it is."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    performance = models.ForeignKey(Performance, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    actor = models.CharField(max_length=160)
    person_id = models.BigIntegerField(null=True)
    origin = models.CharField(max_length=10, choices=_ORIGINS)
    tickets = models.PositiveIntegerField(null=True, help_text="null: taken away")
    recette_cents = models.BigIntegerField(null=True)
    tickets_before = models.PositiveIntegerField(null=True, help_text="null: there was none")
    recette_before_cents = models.BigIntegerField(null=True)

    objects = OwnedManager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "performance", "-at"], name="targetchange_newest")]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The organisation whose target it is."""
        return models.Q(organisation_id=access.organisation_id)
