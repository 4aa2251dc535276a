"""Registers the domain with Django."""

from django.apps import AppConfig


class SalesConfig(AppConfig):
    """The sales domain."""

    name = "dip.sales"
    label = "sales"
