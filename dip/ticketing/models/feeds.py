"""Connections that deliver orders to the Audience Monitor: switched on by the theatre, with how far its orders were read."""

from django.db import models

from dip.registry.scope import OwnedManager
from dip.registry.terms import Access
from dip.ticketing.models.connections import Connection, _theatre_scope


class OrderFeed(models.Model):
    """The orders of one connection. Owned. ``cursor`` and ``landed`` move in the transaction of what was landed, and of nothing else.

    ``landed`` counts the deliveries and gives the next one its id, so one that was kept before a worker died is not kept again.
    """

    connection = models.OneToOneField(Connection, on_delete=models.CASCADE, primary_key=True, related_name="order_feed")
    is_on = models.BooleanField(default=True)
    consent = models.CharField(max_length=10, help_text="ground on which buyers are counted: statistics, consent, none")
    cursor = models.CharField(max_length=400, blank=True)
    landed = models.PositiveIntegerField(default=0)
    rows = models.PositiveBigIntegerField(default=0, help_text="rows that landed, over all time")
    due_at = models.DateTimeField(help_text="when it is asked again")
    asked_at = models.DateTimeField(null=True, help_text="when it was asked last")
    success_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0, help_text="in a row")
    failing_since = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=12, blank=True, help_text="ticketing.connector.Trouble")
    trouble_detail = models.CharField(max_length=300, blank=True)
    switched_at = models.DateTimeField()
    switched_by = models.CharField(max_length=160)

    objects = OwnedManager()

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=models.Q(is_on=True), name="order_feed_due")]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """As the connection."""
        return _theatre_scope(access, "connection__")
