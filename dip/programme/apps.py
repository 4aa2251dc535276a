"""Registers the domain with Django."""

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    """The programme domain."""

    name = "dip.programme"
    label = "programme"
