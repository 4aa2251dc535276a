"""Files that travel with a mail, kept beside the job instead of in it."""

from django.db import models

from dip.registry.models.organisation import Organisation
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access


class Enclosure(models.Model):
    """A file of one organisation that mails carry: stored once, however many people get it. Owned."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120, help_text="name of the file as the reader gets it")
    content_type = models.CharField(max_length=100)
    content = models.BinaryField()
    made_at = models.DateTimeField()

    objects = OwnedManager()

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="enclosure_age")]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The organisation whose figures are in it."""
        return models.Q(organisation_id=access.organisation_id)
