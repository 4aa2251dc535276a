"""Files with figures that a theatre without a coupling uploads, and how it calls the columns of its own."""

from django.db import models

from dip.registry.models import Organisation
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access
from dip.ticketing.terms import SheetStatus


class SheetUpload(models.Model):
    """One uploaded file, kept as it came, with what was decided about it and what became of its rows. Owned by the theatre."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    uploaded_by = models.CharField(max_length=160)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content: the same file twice is told")
    content = models.BinaryField()
    true_at = models.DateTimeField(help_text="when the figures were true, as the uploader says")
    columns = models.JSONField(default=dict, help_text="place from 0 → field")
    status = models.CharField(max_length=10, default=SheetStatus.OPEN, choices=[(s.value, s.value) for s in SheetStatus])
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=160, blank=True)
    changed_count = models.PositiveIntegerField(default=0, help_text="rows that brought new figures")
    same_count = models.PositiveIntegerField(default=0, help_text="rows that confirmed what was known")
    left_count = models.PositiveIntegerField(default=0, help_text="rows kept back to be corrected")
    left = models.JSONField(default=list, help_text="findings of the rows kept back: row, field, code, values")
    deliveries = models.JSONField(default=list, help_text="receipts of what was confirmed")

    objects = OwnedManager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "-uploaded_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "digest"], condition=models.Q(status=SheetStatus.OPEN.value), name="sheet_open_once"
            )
        ]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The theatre that uploaded it, acting as a theatre."""
        return models.Q(organisation_id=access.organisation_id) if access.is_taker else models.Q(pk__in=[])


class SheetColumns(models.Model):
    """What the columns of a theatre's own files hold, as its people chose before. Owned by the theatre."""

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, primary_key=True, related_name="+")
    fields = models.JSONField(default=dict, help_text="folded head of a column, or #place → field; empty: nothing")
    changed_at = models.DateTimeField()

    objects = OwnedManager()

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The theatre's own."""
        return models.Q(organisation_id=access.organisation_id) if access.is_taker else models.Q(pk__in=[])
