"""Framework agreements between pairs of parties, and how an organisation wants its agreements handled."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from dip.registry.models import Organisation
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access


class Framework(models.Model):
    """A framework agreement (mantelovereenkomst) on paper, uploaded by one party, seen by both. Owned by the pair."""

    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    taker = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True, help_text="last day; null: until further notice")
    file_name = models.CharField(max_length=160)
    media_type = models.CharField(max_length=80)
    content = models.BinaryField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content")
    uploaded_at = models.DateTimeField()
    uploaded_by = models.CharField(max_length=160)
    uploader = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, help_text="taken out of use by the uploader; kept, agreements may cite it")

    objects = OwnedManager()

    class Meta:
        indexes = [models.Index(fields=["provider", "taker"], name="framework_pair")]
        constraints = [
            models.UniqueConstraint(fields=["provider", "taker", "digest"], name="framework_once"),
            models.CheckConstraint(
                condition=models.Q(valid_until=None) | models.Q(valid_until__gte=models.F("valid_from")), name="framework_dates"
            ),
        ]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """Both parties."""
        return models.Q(provider_id=access.organisation_id) | models.Q(taker_id=access.organisation_id)


class ContractSettings(models.Model):
    """How an organisation wants its agreements handled: four eyes, days to answer, and what a new draft begins with. Owned."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, primary_key=True, related_name="+")
    four_eyes = models.BooleanField(default=False, help_text="approving and signing take two people")
    answer_days = models.PositiveSmallIntegerField(default=14)
    reminder_days = ArrayField(
        models.PositiveSmallIntegerField(), default=list, help_text="days before the deadline, empty: 5 and 1"
    )
    contact_email = models.EmailField(blank=True, help_text="gets what is about agreements")
    draft_terms = models.JSONField(default=dict, help_text="format → terms that a new draft begins with")

    objects = OwnedManager()

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The organisation itself."""
        return models.Q(organisation_id=access.organisation_id)
