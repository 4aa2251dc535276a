"""The key with which the platform seals documents, and the certificates of those before it."""

from django.db import models


class SealKey(models.Model):
    """A key and its certificate. One is current; one that was replaced keeps its certificate, so that what it sealed is still known,
    and loses its private part. The platform's own: no organisation's figures or secrets are in it.
    """

    certificate = models.TextField(help_text="PEM, followed by those that vouch for it")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the certificate, as viewers show it")
    subject = models.CharField(max_length=200, help_text="who the certificate says it is")
    valid_until = models.DateTimeField()
    sealed_key = models.TextField(
        blank=True, help_text="the private key, readable only with the platform's secret key; empty once replaced"
    )
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=160, help_text="the platform, or who brought the key")
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["replaced_at"], condition=models.Q(replaced_at=None), nulls_distinct=False, name="seal_one_current"
            )
        ]

    def __str__(self) -> str:
        return self.subject
