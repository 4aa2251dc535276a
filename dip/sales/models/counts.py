"""What a theatre's own system says, and differences that a provider reports."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from dip.programme.models import Performance
from dip.registry.models import Organisation
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access
from dip.sales.terms import ReportStatus


def _both_sides(access: Access) -> models.Q:
    """The theatre of the performance; the producer, its co-producers and the agency of the production."""
    own = access.organisation_id
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


class OwnCount(models.Model):
    """The theatre's own number, typed: "our system says N at moment T". The newest counts; earlier ones stay. Owned by both sides."""

    performance = models.ForeignKey(Performance, on_delete=models.PROTECT, related_name="+", db_index=False)
    count = models.PositiveIntegerField()
    true_at = models.DateTimeField()
    told_at = models.DateTimeField()
    includes = ArrayField(models.CharField(max_length=10), default=list, help_text="parts beside paid tickets that are counted in")
    actor = models.CharField(max_length=160)
    note = models.CharField(max_length=300, blank=True)

    objects = OwnedManager()

    class Meta:
        indexes = [models.Index(fields=["performance", "-told_at"], name="owncount_newest")]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """Both sides of the performance."""
        return _both_sides(access)


class DifferenceReport(models.Model):
    """A note from a provider to a theatre: "your number and ours differ", with the answer. Owned by the two of them."""

    performance = models.ForeignKey(Performance, on_delete=models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    theatre_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    actor = models.CharField(max_length=160)
    person_id = models.BigIntegerField(null=True)
    platform_sold = models.IntegerField(null=True)
    claimed = models.PositiveIntegerField(null=True, help_text="the number that the provider heard elsewhere")
    note = models.CharField(max_length=600)
    status = models.CharField(max_length=10, default=ReportStatus.OPEN, choices=[(s.value, s.value) for s in ReportStatus])
    answer = models.CharField(max_length=600, blank=True)
    answered_by = models.CharField(max_length=160, blank=True)
    answered_at = models.DateTimeField(null=True)

    objects = OwnedManager()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "status"], name="report_asker"),
            models.Index(fields=["theatre_organisation", "status"], name="report_answerer"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["performance", "organisation"], condition=models.Q(status=ReportStatus.OPEN), name="report_open_once"
            )
        ]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """Who reported it, and the theatre that is asked."""
        own = access.organisation_id
        return models.Q(theatre_organisation_id=own) if access.is_taker else models.Q(organisation_id=own)
