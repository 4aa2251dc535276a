"""Calendar feeds: secret addresses under which a person's calendar program fetches performances."""

from django.db import models

from dip.programme.models.production import Production
from dip.programme.models.theatre import Hall, Theatre
from dip.registry.models import Organisation, Person
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access


class CalendarFeed(models.Model):
    """One subscription of a person, in an organisation and role; it shows what that membership may see at the moment of fetching.

    The token is made from ``salt`` and the platform's key, so that its address can be shown again; only its digest is looked up.
    Owned by the person.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    production = models.ForeignKey(Production, on_delete=models.PROTECT, null=True, related_name="+")
    theatre = models.ForeignKey(Theatre, on_delete=models.PROTECT, null=True, related_name="+")
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, null=True, related_name="+")
    salt = models.CharField(max_length=22)
    token_digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token in the address")
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True, help_text="last time that a program fetched it")
    fetch_count = models.PositiveIntegerField(default=0)

    objects = OwnedManager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["person", "organisation"])]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The person sees their own, in the organisation in which they act."""
        return models.Q(person_id=access.person_id or 0, organisation_id=access.organisation_id)
