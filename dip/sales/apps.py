"""Registers the domain with Django."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SalesConfig(AppConfig):
    """The sales domain."""

    name = "dip.sales"
    label = "sales"

    def ready(self) -> None:
        """Have the database's own rules installed after every migration."""
        post_migrate.connect(_install, sender=self, dispatch_uid="sales-triggers")


def _install(using: str, **_: Any) -> None:
    from dip.sales.models import triggers

    triggers.install(using)
