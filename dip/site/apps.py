"""Registers the domain with Django."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The site domain."""

    name = "dip.site"
    label = "site"
