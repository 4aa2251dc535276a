"""Tours that a provider pasted or uploaded, until their rows stand in a production; and how its sheets call their columns."""

from django.db import models

from dip.programme.models.production import Production
from dip.registry.models import Organisation
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access


class TourSheet(models.Model):
    """One sheet: its cells as text, and everything chosen and corrected since. Owned by the provider that sent it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    production = models.ForeignKey(
        Production, on_delete=models.PROTECT, null=True, related_name="+", help_text="null: it is made with the import"
    )
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=160)
    name = models.CharField(max_length=200, help_text="of the file; empty when it was pasted")
    digest = models.CharField(max_length=64)
    rows = models.JSONField(help_text="cells as text, row by row, as they came")
    head = models.PositiveIntegerField(null=True, help_text="place of the row with the names of the columns; null: there is none")
    columns = models.JSONField(default=dict, help_text="place from 0 → field")
    edits = models.JSONField(default=dict, help_text="row from 1 → field → corrected text")
    halls = models.JSONField(default=dict, help_text="place as it is written → hall that was chosen")
    left_out = models.JSONField(default=list, help_text="rows that are not to be imported")
    imported_count = models.PositiveIntegerField(default=0)
    settled_at = models.DateTimeField(null=True, help_text="everything is imported, or it was put aside")

    objects = OwnedManager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "-created_at"])]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The provider that sent it; the platform its own."""
        return models.Q(organisation_id=access.organisation_id)


class TourColumns(models.Model):
    """What the columns of a provider's sheets hold, and which halls it means by what it writes. Owned by the provider."""

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, primary_key=True, related_name="+")
    fields = models.JSONField(default=dict, help_text="folded head of a column, or #place → field; empty: nothing")
    halls = models.JSONField(default=dict, help_text="place as it is written → hall")
    changed_at = models.DateTimeField()

    objects = OwnedManager()

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The provider's own."""
        return models.Q(organisation_id=access.organisation_id)
