"""Agreements of two organisations to compare by name: who asked, who answered, what, until when, and who ended it."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models

from dip.registry.models import Organisation
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access
from dip.warehouse.rules.peer_groups import PeerSide


class Consent(models.Model):
    """One invitation to compare by name, and what became of it. Owned by both. Open or in force while ``ended_at`` is null.

    ``pair``: both numbers, the lower first, and the side, so that two have one at a time.
    """

    asker = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    answerer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=8, choices=[(one.value, one.value) for one in PeerSide])
    pair = models.CharField(max_length=40)
    figures = ArrayField(models.CharField(max_length=12), help_text="codes of the measures, and overlap for buyers of both")
    until = models.DateField(help_text="the last day")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=120)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, blank=True)
    ended_by_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")

    objects = OwnedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pair"], condition=models.Q(ended_at=None), name="consent_one_at_a_time"),
            models.CheckConstraint(condition=~models.Q(asker=models.F("answerer")), name="consent_of_two"),
        ]
        indexes = [models.Index(fields=["asker"], name="consent_asker"), models.Index(fields=["answerer"], name="consent_answerer")]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """Both organisations, in the role that it is about."""
        side = PeerSide.THEATRE if access.is_taker else PeerSide.PROVIDER if access.is_provider else None
        mine = models.Q(asker_id=access.organisation_id) | models.Q(answerer_id=access.organisation_id)
        return mine & models.Q(side=side.value) if side else models.Q(pk__in=[])

    def other_of(self, organisation_id: int) -> int:
        """Number of the other of the two."""
        return int(self.answerer_id if organisation_id == self.asker_id else self.asker_id)

    def is_in_force(self, day: date) -> bool:
        """Whether both agree on this day."""
        return self.accepted_at is not None and self.ended_at is None and day <= self.until
