"""Tables of the reports: what people chose, the editions of a week, their files, and who was mailed."""

from django.db import models

from dip.registry.models import Enclosure, Membership, Organisation, Person
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access
from dip.reports.terms import Choice, Side, side_of


class Subscription(models.Model):
    """What somebody chose for the weekly mail of one organisation; without a row: weekly, in the person's language. Owned."""

    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, primary_key=True, related_name="+")
    choice = models.CharField(max_length=8, default=Choice.WEEKLY, choices=[(c.value, c.value) for c in Choice])
    language = models.CharField(max_length=2, blank=True, help_text="empty: the person's own")
    changed_at = models.DateTimeField()

    objects = OwnedManager()

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The organisation of the membership."""
        return models.Q(membership__organisation_id=access.organisation_id)


class Edition(models.Model):
    """The report of one organisation, side and week: its moment, and what cannot be rebuilt later. Owned.

    ``national``: the national figures as published when it was made; null when none were kept. ``sums``: what the mail told.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    side = models.CharField(max_length=8, choices=[(s.value, s.value) for s in Side])
    monday = models.DateField(help_text="day on which the mail goes out")
    known_at = models.DateTimeField(help_text="the figures are those known at this moment")
    made_at = models.DateTimeField(null=True)
    national = models.JSONField(null=True)
    sums = models.JSONField(default=dict)

    objects = OwnedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "side", "monday"], name="edition_once_a_week")]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The organisation, in a role of that side."""
        side = side_of(access)
        return models.Q(organisation_id=access.organisation_id, side=side.value) if side else models.Q(pk__in=[])


class EditionFile(models.Model):
    """The workbook of an edition in one language, as it was sent. Owned."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="files")
    language = models.CharField(max_length=2)
    enclosure = models.ForeignKey(Enclosure, on_delete=models.PROTECT, related_name="+")

    objects = OwnedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "language"], name="edition_file_once")]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """As the edition."""
        return models.Q(edition__in=Edition.objects.within(access).values("pk"))


class Letter(models.Model):
    """That a person was mailed an edition: once, unless they asked for it again. Owned."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="letters")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=2)
    queued_at = models.DateTimeField(null=True, help_text="when the mail was queued last; null: asked for, and on its way")
    asked_at = models.DateTimeField(null=True, help_text="when it was asked for by hand")
    copies = models.PositiveSmallIntegerField(default=0)

    objects = OwnedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "person"], name="letter_once_a_week")]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """As the edition."""
        return models.Q(edition__in=Edition.objects.within(access).values("pk"))
