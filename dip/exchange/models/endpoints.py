"""Endpoints: where a system of an organisation wants to hear of changes, and the secrets that sign what it gets."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from dip.exchange.terms import DisabledReason, EndpointState
from dip.registry.models import Organisation
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access


class Endpoint(models.Model):
    """An address that is called when something changes that its organisation sees in its role. Owned.

    ``read_until``: all changes of transactions before it were made into notices. It moves in the transaction that writes those, so a
    change is told once, whatever dies when.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=20, help_text="the part in which the organisation listens")
    url = models.CharField(max_length=500)
    description = models.CharField(max_length=120, blank=True)
    event_types = ArrayField(models.CharField(max_length=60), help_text="CloudEvents types")
    state = models.CharField(max_length=10, default=EndpointState.ACTIVE, choices=[(s.value, s.value) for s in EndpointState])
    disabled_reason = models.CharField(max_length=10, blank=True, choices=[(r.value, r.value) for r in DisabledReason])
    read_until = models.BigIntegerField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=160)
    changed_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, help_text="when it last answered 2xx")
    failing_since = models.DateTimeField(null=True, help_text="first failure after the last 2xx")

    objects = OwnedManager()

    class Meta:
        indexes = [models.Index(fields=["organisation"], name="endpoint_of")]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The organisation that made it."""
        return models.Q(organisation_id=access.organisation_id)

    def __str__(self) -> str:
        return self.description or self.url


class EndpointSecret(models.Model):
    """A signing secret, sealed; two sign for a while after a rotation. Owned as its endpoint."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="secrets")
    sealed = models.CharField(max_length=300)
    hint = models.CharField(max_length=4, help_text="last four characters, to tell secrets apart")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    objects = OwnedManager()

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """As the endpoint."""
        return models.Q(endpoint__organisation_id=access.organisation_id)
