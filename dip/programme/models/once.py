"""Keys of forms that were sent: the same form again is the same act."""

from django.db import models

from dip.registry.models import Organisation
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access


class FormKey(models.Model):
    """A form that an organisation sent, and what it made. Owned. The row is claimed in the act's own transaction."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    made = models.CharField(max_length=80, blank=True, help_text="id of what the act made")
    made_at = models.DateTimeField()

    objects = OwnedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="form_key_once")]
        indexes = [models.Index(fields=["made_at"])]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The organisation sees its own."""
        return models.Q(organisation_id=access.organisation_id)
