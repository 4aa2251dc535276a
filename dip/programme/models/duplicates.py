"""Duplicates: two rows of which somebody says, or the platform decided, that they are one, or that they are not."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from dip.programme.terms import DuplicateKind, DuplicateStatus
from dip.registry.models import Organisation
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access


class DuplicateReport(models.Model):
    """ "This is the same as that": who says so, who decides, and what became of it. Owned by the reporter and by who decides.

    ``goes_id`` and ``stays_id`` are keys of theatres, halls or productions, as ``kind`` says; the first goes into the second.
    A pair has one report at a time; a dismissed one is kept, so that the pair is not suggested again.
    """

    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in DuplicateKind])
    goes_id = models.BigIntegerField()
    stays_id = models.BigIntegerField()
    label = models.CharField(max_length=400, help_text="both names at that moment")
    reason = models.CharField(max_length=300, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", help_text="reporter")
    deciders = ArrayField(
        models.BigIntegerField(), default=list, help_text="organisations that may decide; empty: only the platform"
    )
    reported_at = models.DateTimeField()
    reported_by = models.CharField(max_length=160)
    status = models.CharField(max_length=10, default=DuplicateStatus.OPEN, choices=[(s.value, s.value) for s in DuplicateStatus])
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=160, blank=True)
    decision_reason = models.CharField(max_length=300, blank=True)

    objects = OwnedManager()

    class Meta:
        ordering = ["-reported_at", "-id"]
        indexes = [models.Index(fields=["status", "kind"])]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "goes_id", "stays_id"],
                condition=models.Q(status=DuplicateStatus.OPEN.value),
                name="duplicate_one_open",
            )
        ]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The reporter, those who decide, and the platform."""
        if access.is_platform:
            return models.Q()
        own = access.organisation_id
        return models.Q(organisation_id=own) | models.Q(deciders__contains=[own])
