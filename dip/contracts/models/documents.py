"""Documents that the platform sealed: by their digest a file is known again."""

from django.db import models

from dip.contracts.models.agreement import Agreement, party_to
from dip.contracts.terms.papers import PaperKind
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access


class SealedDocument(models.Model):
    """A document as it was sealed first. ``content`` is kept, so that the same document can be had again, byte for byte, whatever became
    of names and addresses since. Owned by the parties of its agreement.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in PaperKind])
    number = models.PositiveSmallIntegerField(help_text="version of the agreement, or number of the borderel")
    stage = models.CharField(max_length=40, help_text="where the version or borderel stood: approved, signed …")
    language = models.CharField(max_length=2)
    edition = models.PositiveSmallIntegerField(help_text="shape of the content, see terms/papers.py")
    at = models.DateTimeField(help_text="the document's own moment")
    name = models.CharField(max_length=80, help_text="of the file, without its ending")
    content = models.JSONField()
    digest = models.CharField(max_length=64, db_index=True, help_text="SHA-256 of the file before its seal")
    sealed_at = models.DateTimeField(help_text="the first time")

    objects = OwnedManager()

    class Meta:
        ordering = ["sealed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "kind", "number", "stage", "language", "edition", "digest"], name="sealed_document_once"
            )
        ]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """As the agreement."""
        return party_to(access, "agreement__")
