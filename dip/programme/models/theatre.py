"""Theatres and halls: found before they are made, merged with a redirect, never deleted."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from dip.definitions.models import Country, Province
from dip.programme.terms import HallKind, VenueKind
from dip.registry.models import Organisation


class Theatre(models.Model):
    """A place with halls. The ``id`` is the wire id; an organisation behind it makes it a taker on the platform."""

    name = models.CharField(max_length=200)
    street = models.CharField(max_length=120, blank=True)
    house_number = models.CharField(max_length=12, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    city = models.CharField(max_length=120)
    province = models.ForeignKey(Province, on_delete=models.PROTECT, null=True, related_name="+")
    country = models.ForeignKey(Country, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=10, default=VenueKind.THEATRE, choices=[(k.value, k.value) for k in VenueKind])
    time_zone = models.CharField(max_length=40, default="Europe/Amsterdam")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    contact_email = models.EmailField(blank=True, help_text="gets connection requests while no person of the theatre can")
    is_coupled = models.BooleanField(default=False, help_text="a ticketing system pushes its figures")
    do_not_use = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["organisation"])]
        constraints = [models.CheckConstraint(condition=~models.Q(merged_into=models.F("id")), name="theatre_not_into_itself")]

    def __str__(self) -> str:
        return self.name


class TheatreAlias(models.Model):
    """Another or former name under which people look for a theatre."""

    theatre = models.ForeignKey(Theatre, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["theatre", "name"], name="theatre_alias_once")]


class Hall(models.Model):
    """A hall (zaal) of a theatre, or its special places: elsewhere in the building, or outside it."""

    theatre = models.ForeignKey(Theatre, on_delete=models.PROTECT, related_name="halls")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, default=HallKind.REGULAR, choices=[(k.value, k.value) for k in HallKind])
    capacity = models.PositiveIntegerField(default=0, help_text="gross seats")
    do_not_use = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")

    class Meta:
        ordering = ["-capacity", "name"]
        constraints = [models.UniqueConstraint(fields=["theatre", "name"], name="hall_name_once_per_theatre")]

    def __str__(self) -> str:
        return self.name


class HallAlias(models.Model):
    """Another or former name of a hall."""

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hall", "name"], name="hall_alias_once")]


class RankTemplate(models.Model):
    """A layout of a hall: seats per rank, rank 1 first."""

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="rank_templates")
    name = models.CharField(max_length=80)
    seats = ArrayField(models.PositiveIntegerField(), size=10, help_text="seats of rank 1, 2 …")
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hall", "name"], name="rank_template_once"),
            models.UniqueConstraint(fields=["hall"], condition=models.Q(is_default=True), name="rank_template_one_default"),
        ]


class Surcharge(models.Model):
    """What comes on top of a ticket in a hall from a date on, cents per ticket incl. VAT."""

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="surcharges")
    valid_from = models.DateField()
    theatre_cents = models.PositiveIntegerField(default=0)
    consumption_cents = models.PositiveIntegerField(default=0)
    service_cents = models.PositiveIntegerField(default=0)
    wardrobe_cents = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["hall", "-valid_from"]
        constraints = [models.UniqueConstraint(fields=["hall", "valid_from"], name="surcharge_once_per_date")]


class TheatreListVersion(models.Model):
    """One row whose ``version`` changes with every change to names of theatres and halls (database triggers see to it), so that
    a process knows when its list for searching is old."""

    version = models.BigIntegerField()
