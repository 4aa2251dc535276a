"""Registers the domain with Django."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RegistryConfig(AppConfig):
    """The registry domain."""

    name = "dip.registry"
    label = "registry"

    def ready(self) -> None:
        """Have the database's own rules installed after every migration."""
        post_migrate.connect(_install, sender=self, dispatch_uid="registry-triggers")


def _install(using: str, **_: Any) -> None:
    from dip.registry.models import triggers

    triggers.install(using)
