"""Productions and the counter behind their national ids."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models.functions import Now

from dip.definitions.models import Genre
from dip.programme.models.tracking import txid_field
from dip.registry.models import Organisation


class ProductionSerial(models.Model):
    """Last serial given out per producer and season; a serial is never given twice."""

    producer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    season_year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["producer", "season_year"], name="serial_once")]


class Production(models.Model):
    """A show in a season, entered by its producer or the agency that acts for it. A public fact."""

    dip_id = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    season_year = models.PositiveSmallIntegerField(help_text="calendar year in which the season begins")
    producer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    co_producers = models.ManyToManyField(Organisation, blank=True, related_name="+")
    genre = models.ForeignKey(Genre, on_delete=models.PROTECT, related_name="+")
    is_revival = models.BooleanField(default=False)
    subsidy_scheme = models.CharField(max_length=60, blank=True)
    fund_consent = models.BooleanField(default=False, help_text="its figures may go into the fund's accountability")
    cast_members = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    external_ref = models.CharField(max_length=80, blank=True, help_text="the booking system's own reference")
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", help_text="its DIP-id answers for that one"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(db_default=Now(), editable=False, help_text="kept by a trigger")
    changed_txid = txid_field()

    class Meta:
        ordering = ["title"]
        indexes = [
            models.Index(fields=["changed_txid", "id"], name="production_changed"),
            models.Index(fields=["producer", "season_year"]),
            models.Index(fields=["agency", "season_year"]),
            models.Index(fields=["season_year", "genre"]),
            GinIndex(SearchVector("title", config="simple"), name="production_words"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["producer", "external_ref"], condition=~models.Q(external_ref=""), name="production_ref_once"
            )
        ]

    def __str__(self) -> str:
        return self.title


class ProductionEvent(models.Model):
    """One event in the life of a production: entered, changed, moved to another agency. Append-only history."""

    production = models.ForeignKey(Production, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=30)
    actor = models.CharField(max_length=160)
    changes = models.JSONField(default=dict, help_text="field → [before, after]")
    note = models.CharField(max_length=300, blank=True)
    txid = txid_field()

    class Meta:
        ordering = ["at", "id"]
