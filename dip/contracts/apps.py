"""Registers the domain with Django."""

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """The contracts domain."""

    name = "dip.contracts"
    label = "contracts"
