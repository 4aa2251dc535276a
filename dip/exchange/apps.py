"""Registers the domain with Django."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """The exchange domain."""

    name = "dip.exchange"
    label = "exchange"
