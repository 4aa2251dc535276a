"""Registers the domain with Django; loads the standard after every migration, and hands definitions to the components."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class DefinitionsConfig(AppConfig):
    """The definitions domain."""

    name = "dip.definitions"
    label = "definitions"

    def ready(self) -> None:
        """Wire both."""
        from dip.web import glossary

        post_migrate.connect(_load, sender=self, dispatch_uid="dip.definitions.load")
        glossary.use(_meaning)


def _load(using: str, **_: Any) -> None:
    from dip.definitions import actions
    from dip.definitions.models import Metric

    if using == "default" and Metric._meta.db_table in connections[using].introspection.table_names():
        actions.load_standard()


def _meaning(code: str) -> Any:
    """The definition of a metric in the language of the request, for the popover beside its name."""
    from django.urls import NoReverseMatch, reverse

    from dip.definitions import queries
    from dip.web import formats, glossary

    try:
        found = queries.metric(code, formats.language_of())
        url = reverse("definitions-metric", args=[code])
    except (queries.UnknownCode, NoReverseMatch):
        return None
    return glossary.Meaning(found.code, found.name, found.sentence, found.formula, found.version_name, found.more_is_better, url)
