"""Tables of licensees: which postcode belongs to which segment. Only the organisation that loaded one ever sees it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from dip.registry.models import Organisation
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access


class SegmentTable(models.Model):
    """A table that an organisation holds a licence for, by PC4. Owned by it, and by nobody else; the platform's people do not see it.

    Entry i says that ``share[i]`` of the households of ``pc4[i]`` is of segment ``segment[i]`` (a place in ``names``). What was loaded
    by PC6 is only kept like this. When a table is replaced or removed the three columns are emptied; the row stays, because the
    tables of a season are counted.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    version = models.CharField(max_length=40)
    licence = models.CharField(max_length=400, help_text="what the organisation states about its licence")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the table as it is kept")
    file_digest = models.CharField(max_length=64, help_text="SHA-256 of the file")
    names = ArrayField(models.CharField(max_length=60))
    pc4 = ArrayField(models.IntegerField())
    segment = ArrayField(models.SmallIntegerField())
    share = ArrayField(models.FloatField())
    row_count = models.PositiveIntegerField()
    kept_count = models.PositiveIntegerField()
    findings = models.JSONField(default=list, help_text="the first ones: row, field, value (never a full postcode), problem, about")
    finding_count = models.PositiveIntegerField(default=0)
    season_year = models.SmallIntegerField(help_text="season in which it was loaded")
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True, help_text="replaced or removed")

    objects = OwnedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation"], condition=models.Q(ended_at=None), name="segment_table_one_in_force")
        ]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The licensee."""
        return models.Q(organisation_id=access.organisation_id)
