"""Registers the domain with Django."""

from django.apps import AppConfig


class WarehouseConfig(AppConfig):
    """The warehouse domain."""

    name = "dip.warehouse"
    label = "warehouse"
