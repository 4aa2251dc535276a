"""Registers the domain with Django."""

from django.apps import AppConfig


class DefinitionsConfig(AppConfig):
    """The definitions domain."""

    name = "dip.definitions"
    label = "definitions"
