"""Organisations and the roles they play."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from dip.registry.terms import Role


class Organisation(models.Model):
    """A party of the sector: producer, agency, theatre, festival, association, funder or the platform itself. Shared."""

    number = models.PositiveIntegerField(unique=True, help_text="national number, part of every production's DIP-id")
    name = models.CharField(max_length=200)
    roles = ArrayField(models.CharField(max_length=20, choices=[(r.value, r.value) for r in Role]), size=7)
    city = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True, help_text="general contact")
    is_member = models.BooleanField(default=True, help_text="pays a fee; a producer who is not, and whose agency is, only reads")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=models.Q(roles__len__gt=0), name="organisation_has_a_role")]

    def __str__(self) -> str:
        return self.name

    def plays(self, *roles: Role) -> bool:
        """Whether the organisation has one of the roles."""
        return any(role.value in self.roles for role in roles)
