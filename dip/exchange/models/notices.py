"""Notices: one event for one endpoint, and every attempt to deliver it."""

from django.db import models

from dip.exchange.models.endpoints import Endpoint
from dip.exchange.terms import NoticeState
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access


class Notice(models.Model):
    """One event for one endpoint. ``body`` is exactly what is signed and sent, each time under the same ``message_id``. Owned."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="notices", db_index=False)
    message_id = models.CharField(max_length=40, unique=True)
    event_type = models.CharField(max_length=60)
    subject = models.CharField(max_length=80, help_text="DIP-id of what it is about")
    body = models.TextField()
    state = models.CharField(max_length=10, default=NoticeState.WAITING, choices=[(s.value, s.value) for s in NoticeState])
    attempts = models.PositiveSmallIntegerField(default=0, help_text="since it was made, or asked for again")
    next_at = models.DateTimeField(null=True, help_text="when it is due; while it is being sent: when it is taken up again")
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, help_text="delivered, or given up")

    objects = OwnedManager()

    class Meta:
        indexes = [
            models.Index(fields=["endpoint", "-id"], name="notice_of"),
            models.Index(fields=["endpoint", "next_at"], condition=models.Q(state="waiting"), name="notice_due"),
        ]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """As the endpoint."""
        return models.Q(endpoint__organisation_id=access.organisation_id)


class Attempt(models.Model):
    """One try: when, what came back, and how long it took. Owned as its notice."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, help_text="null: no answer came")
    milliseconds = models.PositiveIntegerField()
    text = models.CharField(max_length=500, blank=True, help_text="begin of the answer")
    error = models.CharField(max_length=300, blank=True, help_text="why no answer came")

    objects = OwnedManager()

    class Meta:
        ordering = ["at", "id"]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """As the endpoint."""
        return models.Q(notice__endpoint__organisation_id=access.organisation_id)
