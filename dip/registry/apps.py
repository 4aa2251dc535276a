"""Registers the domain with Django."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """The registry domain."""

    name = "dip.registry"
    label = "registry"
