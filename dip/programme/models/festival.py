"""Festivals: containers of performances of many producers, in several places."""

from django.db import models

from dip.registry.models import Organisation


class Festival(models.Model):
    """A festival in the days from ``first_date`` to ``last_date``, both included. A public fact; its owner decides what is in it."""

    name = models.CharField(max_length=200)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    city = models.CharField(max_length=120)
    first_date = models.DateField()
    last_date = models.DateField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["first_date", "name"]
        indexes = [models.Index(fields=["owner", "first_date"]), models.Index(fields=["last_date"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(last_date__gte=models.F("first_date")), name="festival_ends_after_it_begins"),
            models.UniqueConstraint(fields=["owner", "name", "first_date"], name="festival_once"),
        ]

    def __str__(self) -> str:
        return self.name
