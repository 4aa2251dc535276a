"""API clients and their rotating secrets."""

from django.db import models

from dip.registry.models.organisation import Organisation
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access


class ApiClient(models.Model):
    """A machine that calls the API for one organisation, and can do nothing else. Owned."""

    client_id = models.CharField(max_length=40, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120, help_text="the system behind it, for example the box office's name")
    role = models.CharField(max_length=20, help_text="the role it acts in")
    rights = models.JSONField(default=dict, help_text="module → level 0..3")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)

    objects = OwnedManager()

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The organisation sees its own clients."""
        return models.Q(organisation_id=access.organisation_id)

    def __str__(self) -> str:
        return self.name


class ApiSecret(models.Model):
    """A secret of a client, as keyed BLAKE2b; two can be valid at once while a system changes over."""

    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, related_name="secrets")
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=4, help_text="last four characters, to tell secrets apart")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
