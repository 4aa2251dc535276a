"""The append-only audit trail."""

from django.db import models

from dip.registry.models.organisation import Organisation
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access


class AuditLine(models.Model):
    """One act: who, when, what, on what, and what changed. A database trigger refuses update and delete. Owned."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    actor = models.CharField(max_length=160)
    person_id = models.BigIntegerField(null=True)
    client_id = models.BigIntegerField(null=True)
    door = models.CharField(max_length=8)
    verb = models.CharField(max_length=60, help_text="name of the action, for example grant_rights")
    subject = models.CharField(max_length=60, help_text="kind of thing: production, membership …")
    subject_id = models.CharField(max_length=60)
    label = models.CharField(max_length=200, help_text="the thing's name at that moment")
    changes = models.JSONField(default=dict, help_text="field → [before, after]")

    objects = OwnedManager()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-at"], name="auditline_latest"),
            models.Index(fields=["organisation", "verb"], name="auditline_verbs"),
        ]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The organisation sees its own trail."""
        return models.Q(organisation_id=access.organisation_id)
