"""Registers the domain with Django."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ExchangeConfig(AppConfig):
    """The exchange domain."""

    name = "dip.exchange"
    label = "exchange"

    def ready(self) -> None:
        """Have a restored database adopted after every migration."""
        post_migrate.connect(_install, sender=self, dispatch_uid="exchange-adoption")


def _install(using: str, **_: Any) -> None:
    from dip.exchange.models import adoption

    adoption.install(using)
