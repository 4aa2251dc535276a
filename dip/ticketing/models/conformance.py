"""Conformance runs: which client of whom is watched, what it called, and what came of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from dip.registry.models import ApiClient, Organisation
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access


class ConformanceRun(models.Model):
    """A vendor's system goes through a checklist with real calls of one API client. Owned by the client's organisation.

    While it runs, :class:`ConformanceCall` rows come in; at its end the results stay, and the verdict.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="+")
    suite = models.CharField(max_length=12, help_text="conformance.pushing_words.Suite")
    system = models.CharField(max_length=80)
    system_version = models.CharField(max_length=40)
    numbers = ArrayField(models.BigIntegerField(), help_text="performances that it is asked to deliver")
    unknown_number = models.BigIntegerField(help_text="number that no performance has, to be refused")
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=160)
    ends_at = models.DateTimeField(help_text="moment from which no call is watched any more")
    finished_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=12, blank=True)
    results = models.JSONField(default=list, help_text="of each check, once finished: code, outcome, what was seen")

    objects = OwnedManager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "-started_at"])]
        constraints = [
            models.UniqueConstraint(fields=["client"], condition=models.Q(finished_at=None), name="conformance_one_run_of_a_client")
        ]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The client's organisation; the platform sees all, to help vendors."""
        return models.Q() if access.is_platform else models.Q(organisation_id=access.organisation_id)


class ConformanceCall(models.Model):
    """What is kept of one watched call; see ``conformance.calls.Call``. Nothing secret and no body. Owned with its run."""

    run = models.ForeignKey(ConformanceRun, on_delete=models.CASCADE, related_name="calls")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    path = models.CharField(max_length=200)
    status = models.PositiveSmallIntegerField()
    agent = models.CharField(max_length=200, blank=True)
    token = models.CharField(max_length=16, blank=True, help_text="digest that tells tokens apart")
    body = models.CharField(max_length=16, blank=True, help_text="digest that tells bodies apart")
    is_packed = models.BooleanField(default=False)
    rows = models.JSONField(default=list, help_text="of the first rows: number, updated, tickets and cents by kind")
    row_count = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    refused = ArrayField(models.BigIntegerField(), default=list, help_text="numbers that the platform refused")
    event = models.BigIntegerField(default=0, help_text="performance that an event call answered; 0: none")
    is_repeat = models.BooleanField(default=False)

    objects = OwnedManager()

    class Meta:
        indexes = [models.Index(fields=["run", "id"])]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """As the run's."""
        return models.Q() if access.is_platform else models.Q(run__organisation_id=access.organisation_id)
