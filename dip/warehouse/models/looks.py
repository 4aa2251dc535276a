"""The log of who looked at whose people."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from dip.registry.models import Organisation
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access


class Look(models.Model):
    """Somebody looked at the figures about people of one scope, for one purpose, on one day: one row, however often.

    Owned by the organisations whose people it was about. For the nation those are all of them, so that none is named, and a theatre is
    told only how many there were. ``production``, ``theatre`` and ``season``: 0 for all. No figure stands here, and nothing of a buyer.
    """

    day = models.DateField(help_text="on the clock of the Netherlands")
    looked_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.BigIntegerField(default=0)
    client = models.BigIntegerField(default=0)
    door = models.CharField(max_length=8)
    actor = models.CharField(max_length=120, help_text="as the audit trail prints it")
    purpose = models.CharField(max_length=40, help_text="code of the purpose register")
    kind = models.CharField(max_length=12, help_text="production, theatre or season (the nation)")
    production = models.IntegerField(default=0)
    theatre = models.IntegerField(default=0)
    season = models.SmallIntegerField(default=0)
    organisations = ArrayField(models.IntegerField(), default=list, help_text="whose people; never shown to anybody else")
    looks = models.PositiveIntegerField(default=1, help_text="requests in which it was looked at")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    objects = OwnedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "day",
                    "looked_by",
                    "person",
                    "client",
                    "door",
                    "actor",
                    "purpose",
                    "kind",
                    "production",
                    "theatre",
                    "season",
                ],
                name="look_once_a_day",
            )
        ]
        indexes = [GinIndex(fields=["organisations"], name="look_organisations")]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The organisations whose people were looked at."""
        return models.Q(organisations__contains=[access.organisation_id])
