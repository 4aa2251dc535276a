"""Registers the domain with Django."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ProgrammeConfig(AppConfig):
    """The programme domain."""

    name = "dip.programme"
    label = "programme"

    def ready(self) -> None:
        """Have the database's own rules installed after every migration."""
        post_migrate.connect(_install, sender=self, dispatch_uid="programme-triggers")


def _install(using: str, **_: Any) -> None:
    from dip.programme.models import triggers

    triggers.install(using)
