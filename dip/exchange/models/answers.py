"""Answers that were given to calls with an Idempotency-Key, so that a repeat gets the same one."""

from django.db import models

from dip.registry.models import ApiClient
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access


class KeptAnswer(models.Model):
    """The answer to a client's call with a key, written in the transaction of what the call did. Owned."""

    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64, help_text="of method, path and body")
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    at = models.DateTimeField()

    objects = OwnedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="kept_answer_once")]
        indexes = [models.Index(fields=["at"], name="kept_answer_at")]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The client that called; nobody else repeats its calls."""
        return models.Q(client_id=access.client_id)
