"""Registers the domain with Django."""

from django.apps import AppConfig


class AudienceConfig(AppConfig):
    """The audience domain."""

    name = "dip.audience"
    label = "audience"
