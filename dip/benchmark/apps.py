"""Registers the domain with Django."""

from django.apps import AppConfig


class BenchmarkConfig(AppConfig):
    """The benchmark domain."""

    name = "dip.benchmark"
    label = "benchmark"
