"""Registers the domain with Django."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The web domain."""

    name = "dip.web"
    label = "web"
