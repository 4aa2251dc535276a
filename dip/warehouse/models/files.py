"""How the files of a source are read."""

from django.db import models

from dip.registry.scope import OwnedManager
from dip.registry.terms import Access
from dip.warehouse.models.orders import TicketSource


class FileMapping(models.Model):
    """What the columns of a source's files hold, said once: the next file with the same headings is read so. Owned.

    A change makes a new version. Of the headings only those that are read are kept, the others are in the digest alone; nothing that
    stands below a heading is kept.
    """

    source = models.ForeignKey(TicketSource, on_delete=models.CASCADE, related_name="mappings")
    version = models.PositiveIntegerField()
    headings = models.CharField(max_length=64, help_text="SHA-256 of all headings in their order")
    columns = models.JSONField(default=list, help_text="[heading, field] of what is read")
    options = models.JSONField(default=dict, help_text="days, decimal sign, euros or cents, ground of the buyers")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)

    objects = OwnedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "version"], name="file_mapping_version_once")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.version}"

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The theatre's organisation."""
        return models.Q(source__organisation_id=access.organisation_id)
