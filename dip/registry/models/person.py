"""People, their memberships of organisations with rights per module, and invitations."""

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models, transaction
from django.db.models.functions import Lower

from dip.registry.models.organisation import Organisation
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access, Level, Module

LANGUAGES = [("nl", "Nederlands"), ("en", "English"), ("fr", "Français")]


class PersonManager(BaseUserManager["Person"]):
    """Makes people; an address is one person whatever its capitals."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """The person with this address, capitals ignored."""
        return self.get(email__iexact=username)

    @transaction.atomic
    def create_user(self, email: str, password: str | None = None, **values: Any) -> "Person":
        """A person who can sign in once a password is set; the one place where people are made.

        The address counts as verified: whoever makes a person holds the proof (an invitation's link).
        """
        person = self.model(email=self.normalize_email(email).lower(), **values)
        person.set_password(password)
        person.save(force_insert=True)
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        return person


class Person(AbstractBaseUser):
    """Somebody who signs in. What they may do hangs on their memberships."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=2, default="nl", choices=LANGUAGES)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PersonManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_once")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """Name as people know it."""
        return self.name


class Membership(models.Model):
    """A person in an organisation: the rights per module, and whether they are its super-user."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    is_super_user = models.BooleanField(default=False)
    rights = models.JSONField(default=dict, help_text="module → level 0..3")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "organisation"], name="membership_once")]

    def levels(self) -> dict[Module, Level]:
        """The rights as terms."""
        return {module: Level(self.rights.get(module.value, 0)) for module in Module}


class Invitation(models.Model):
    """A mail with a link that makes somebody a member; owned by the inviting organisation."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=2, default="nl", choices=LANGUAGES)
    rights = models.JSONField(default=dict, help_text="module → level 0..3")
    is_super_user = models.BooleanField(default=False)
    token_digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token in the link")
    invited_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = OwnedManager()

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The inviting organisation sees its invitations."""
        return models.Q(organisation_id=access.organisation_id)
