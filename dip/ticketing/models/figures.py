"""Deliveries, append-only positions, and the current state of each performance."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.expressions import RawSQL

from dip.programme.models import Performance
from dip.registry.models import ApiClient, Organisation
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access


def _sales_scope(access: Access) -> models.Q:
    """The theatre of the performance; the producer, its co-producers and the agency of the production."""
    own = access.organisation_id
    if access.is_platform:
        return models.Q()
    if access.is_taker:
        return models.Q(performance__theatre__organisation_id=own)
    if access.is_provider:
        through = Performance._meta.get_field("production").related_model.co_producers.through
        together = through.objects.filter(organisation_id=own).values("production_id")
        return (
            models.Q(performance__production__producer_id=own)
            | models.Q(performance__production__agency_id=own)
            | models.Q(performance__production_id__in=together)
        )
    return models.Q(pk__in=[])


class Delivery(models.Model):
    """Receipt of one call that brought figures: what was in it, what was kept, and why rows were not. Owned by the sender."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(ApiClient, on_delete=models.SET_NULL, null=True, related_name="+")
    source = models.CharField(max_length=120, help_text="name of the system that sent it")
    measure = models.PositiveSmallIntegerField()
    received_at = models.DateTimeField()
    row_count = models.PositiveIntegerField()
    accepted_count = models.PositiveIntegerField()
    unchanged_count = models.PositiveIntegerField()
    rejected_count = models.PositiveIntegerField()
    findings = models.JSONField(default=list, help_text="of each rejected or remarkable row: row, number, code, values")

    objects = OwnedManager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "-received_at"])]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The organisation that sent it."""
        return models.Q(organisation_id=access.organisation_id)


class Position(models.Model):
    """A cumulative state of a performance: true at one moment, known at another. Append-only, a trigger refuses change. Owned.

    Kinds are filled for tickets; ``seats`` and ``value_cents`` for reservations, blocked seats and capacity; ``ranks`` for
    capacity. ``recette`` includes VAT and the theatre's surcharge. A position is written when its figures differ from the state
    it follows; a confirmation of the same figures only moves ``PerformanceSales.confirmed_at``.

    The references carry no constraint in the database, which would check each row of a bulk insert: a performance with positions
    always has a :class:`PerformanceSales` row, whose constraint keeps it, and triggers refuse to delete positions and deliveries.
    """

    performance = models.ForeignKey(Performance, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    measure = models.PositiveSmallIntegerField()
    true_at = models.DateTimeField()
    known_at = models.DateTimeField()
    sales_date = models.DateField(help_text="sales day that it closes, see kernel.clock.sales_date")
    normal_tickets = models.IntegerField(null=True)
    discount_tickets = models.IntegerField(null=True)
    free_tickets = models.IntegerField(null=True)
    other_tickets = models.IntegerField(null=True)
    normal_cents = models.BigIntegerField(null=True)
    discount_cents = models.BigIntegerField(null=True)
    free_cents = models.BigIntegerField(null=True)
    other_cents = models.BigIntegerField(null=True)
    seats = models.IntegerField(null=True)
    value_cents = models.BigIntegerField(null=True)
    ranks = ArrayField(models.IntegerField(), null=True)
    restates = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text="the position that closed the same past sales day until this one became known",
    )
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    txid = models.BigIntegerField(
        db_default=RawSQL("pg_current_xact_id()::text::bigint", ()),
        editable=False,
        help_text="transaction that wrote it: the warehouse's watermark reads below the oldest open one",
    )

    objects = OwnedManager()

    class Meta:
        indexes = [
            models.Index(fields=["performance", "measure", "true_at", "known_at"], name="position_state"),
            models.Index(fields=["txid"], name="position_txid"),
            models.Index(fields=["performance", "known_at"], condition=models.Q(restates__isnull=False), name="position_restated"),
        ]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """Both sides of the performance."""
        return _sales_scope(access)


class PerformanceSales(models.Model):
    """The newest state of a performance, one row each, kept by ingest. Rebuildable from positions. Owned."""

    performance = models.OneToOneField(Performance, on_delete=models.PROTECT, primary_key=True, related_name="+")
    normal_tickets = models.IntegerField(default=0)
    discount_tickets = models.IntegerField(default=0)
    free_tickets = models.IntegerField(default=0)
    other_tickets = models.IntegerField(default=0)
    normal_cents = models.BigIntegerField(default=0)
    discount_cents = models.BigIntegerField(default=0)
    free_cents = models.BigIntegerField(default=0)
    other_cents = models.BigIntegerField(default=0)
    sold = models.GeneratedField(
        expression=models.F("normal_tickets") + models.F("discount_tickets") + models.F("other_tickets"),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    recette_cents = models.GeneratedField(
        expression=models.F("normal_cents") + models.F("discount_cents") + models.F("free_cents") + models.F("other_cents"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    reserved = models.IntegerField(null=True)
    reserved_cents = models.BigIntegerField(null=True)
    blocked = models.IntegerField(null=True)
    blocked_cents = models.BigIntegerField(null=True)
    capacity = models.IntegerField(null=True, help_text="as pushed; null: the performance's agreed capacity counts")
    capacity_by_rank = ArrayField(models.IntegerField(), null=True)
    tickets_true_at = models.DateTimeField(null=True, help_text="null: no ticket figures yet")
    reserved_true_at = models.DateTimeField(null=True)
    blocked_true_at = models.DateTimeField(null=True)
    capacity_true_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(help_text="newest moment for which a system stated any figure")
    known_at = models.DateTimeField(help_text="when the platform last heard")
    source = models.CharField(max_length=120, blank=True)

    objects = OwnedManager()

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """Both sides of the performance."""
        return _sales_scope(access)
