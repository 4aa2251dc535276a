"""Groups of like organisations, frozen for a season, and the values of an edition that they are compared in."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from dip.registry.models import Organisation
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access
from dip.warehouse.rules.peer_groups import PeerMeasure, PeerSide

_SIDES = [(one.value, one.value) for one in PeerSide]


class PeerGroup(models.Model):
    """A group of a season: types and range of sizes (``high`` exclusive, null without end). Shared; its members are not."""

    season_year = models.SmallIntegerField()
    side = models.CharField(max_length=8, choices=_SIDES)
    number = models.SmallIntegerField()
    kinds = ArrayField(models.CharField(max_length=20))
    low = models.PositiveIntegerField()
    high = models.PositiveIntegerField(null=True)
    frozen_at = models.DateTimeField()

    class Meta:
        ordering = ["season_year", "side", "number"]
        constraints = [models.UniqueConstraint(fields=["season_year", "side", "number"], name="peer_group_once")]


class PeerVersion(models.Model):
    """A group as it stood from a moment on: 1 as frozen, then one for each batch of changes. Shared; it names nobody."""

    group = models.ForeignKey(PeerGroup, on_delete=models.CASCADE, related_name="versions")
    number = models.SmallIntegerField()
    made_at = models.DateTimeField()
    joined = models.SmallIntegerField(default=0)
    left = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "number"], name="peer_version_once")]


class PeerMember(models.Model):
    """An organisation in a group from one version up to another (null: it still is). Owned: the door names members to members."""

    group = models.ForeignKey(PeerGroup, on_delete=models.CASCADE, related_name="members")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    from_version = models.SmallIntegerField()
    until_version = models.SmallIntegerField(null=True)

    objects = OwnedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "organisation", "from_version"], name="peer_member_once")]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The member itself."""
        return models.Q(organisation_id=access.organisation_id)


class PeerChange(models.Model):
    """An organisation that waits to enter or to leave a group, until three or more changes go together. Owned by it."""

    group = models.ForeignKey(PeerGroup, on_delete=models.CASCADE, related_name="changes")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    is_join = models.BooleanField()
    since = models.DateTimeField()

    objects = OwnedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "organisation"], name="peer_change_once")]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """Who waits."""
        return models.Q(organisation_id=access.organisation_id)


class PeerEdition(models.Model):
    """One publication of a side's figures of a season, made after the trends' edition of ``trends_made_on``: performances played
    before ``until``. Shared; values of earlier editions are not kept."""

    season_year = models.SmallIntegerField()
    side = models.CharField(max_length=8, choices=_SIDES)
    made_at = models.DateTimeField()
    trends_made_on = models.DateField()
    until = models.DateField()

    class Meta:
        ordering = ["season_year", "side", "made_at"]
        constraints = [models.UniqueConstraint(fields=["season_year", "side", "trends_made_on"], name="peer_edition_once")]


class PeerValue(models.Model):
    """What an organisation shows in a measure of an edition. Owned by it: others are told what the door makes of many.

    ``value``: a share 0..1, cents, or a number; null when there is none. ``counts``: stands behind what the others are told.
    ``at_mix``: the others' figure at its own mix, where that may be told; ``coverage``: share of its mix that could be compared.
    """

    edition = models.ForeignKey(PeerEdition, on_delete=models.CASCADE, related_name="values")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    measure = models.CharField(max_length=12, choices=[(one.value, one.value) for one in PeerMeasure])
    value = models.FloatField(null=True)
    counts = models.BooleanField(default=False)
    at_mix = models.FloatField(null=True)
    coverage = models.FloatField(null=True)

    objects = OwnedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "organisation", "measure"], name="peer_value_once")]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """Whose value it is."""
        return models.Q(organisation_id=access.organisation_id)
