"""Performances and what happened to them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from dip.programme.models.festival import Festival
from dip.programme.models.production import Production
from dip.programme.models.theatre import Hall, Theatre
from dip.programme.models.tracking import txid_field
from dip.programme.terms import FundFeature, PerformanceKind, PerformanceStatus


class Performance(models.Model):
    """One evening of a production in a hall. The primary key is the national number; with the production's id it is the DIP-id."""

    number = models.BigAutoField(primary_key=True)
    production = models.ForeignKey(Production, on_delete=models.PROTECT, related_name="performances", db_index=False)
    theatre = models.ForeignKey(Theatre, on_delete=models.PROTECT, related_name="+", db_index=False)
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+", db_index=False)
    starts_at = models.DateTimeField()
    performance_date = models.DateField(help_text="local date at the venue")
    kind = models.CharField(max_length=10, default=PerformanceKind.NORMAL, choices=[(k.value, k.value) for k in PerformanceKind])
    status = models.CharField(
        max_length=10, default=PerformanceStatus.CONCEPT, choices=[(s.value, s.value) for s in PerformanceStatus]
    )
    is_private = models.BooleanField(default=False)
    in_festival = models.BooleanField(default=False)
    festival = models.ForeignKey(
        Festival,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="performances",
        help_text="with it, in_festival is true",
    )
    is_other_location = models.BooleanField(default=False)
    fund_feature = models.CharField(max_length=20, default=FundFeature.REGULAR, choices=[(f.value, f.value) for f in FundFeature])
    capacity_by_rank = ArrayField(models.PositiveIntegerField(), size=10, default=list, help_text="seats of rank 1, 2 … as agreed")
    capacity = models.PositiveIntegerField(default=0, help_text="sum over the ranks; ticketing systems push the actual one")
    published_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=200, blank=True)
    external_ref = models.CharField(max_length=80, blank=True, help_text="the booking system's own reference")
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", help_text="entered twice: this one counts"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    changed_txid = txid_field()

    class Meta:
        ordering = ["starts_at", "number"]
        indexes = [
            models.Index(fields=["production", "performance_date"]),
            models.Index(fields=["theatre", "performance_date"]),
            models.Index(fields=["performance_date"]),
            models.Index(fields=["hall", "performance_date"]),
            models.Index(fields=["changed_txid", "number"], name="performance_changed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(festival=None) | models.Q(in_festival=True), name="performance_festival_is_told"
            ),
            models.UniqueConstraint(
                fields=["production", "external_ref"], condition=~models.Q(external_ref=""), name="performance_ref_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.production.dip_id}|{self.number}"


class PerformanceEvent(models.Model):
    """One event in the life of a performance: created, published, moved, corrected, cancelled. Append-only history."""

    performance = models.ForeignKey(Performance, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=30)
    actor = models.CharField(max_length=160)
    changes = models.JSONField(default=dict, help_text="field → [before, after]")
    note = models.CharField(max_length=300, blank=True)
    txid = txid_field()

    class Meta:
        ordering = ["at", "id"]
