"""Registers the domain with Django."""

from django.apps import AppConfig


class TicketingConfig(AppConfig):
    """The ticketing domain."""

    name = "dip.ticketing"
    label = "ticketing"
