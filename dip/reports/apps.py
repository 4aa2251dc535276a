"""Registers the domain with Django."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """The reports domain."""

    name = "dip.reports"
    label = "reports"
