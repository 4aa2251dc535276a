"""Owned tables cannot be read without a scope: the manager that refuses."""

from typing import Any

from django.db import models

from dip.registry.terms import Access


class Unscoped(Exception):
    """An owned table was read without saying for whom. Use ``.within(access)``, or ``.across_tenants(reason)``."""


class OwnedQuerySet(models.QuerySet[Any]):
    """Rows of an owned table, already narrowed to what an access may see."""


class OwnedManager(models.Manager[Any]):
    """Reads only through :meth:`within` or :meth:`across_tenants`; anything else raises :class:`Unscoped`.

    The model says who sees a row: ``def scope_of(access) -> models.Q`` as a static method.
    """

    def get_queryset(self) -> OwnedQuerySet:
        """Refused: see the class."""
        raise Unscoped(f"{self.model.__name__} is owned: read it with .within(access)")

    def within(self, access: Access) -> OwnedQuerySet:
        """The rows that ``access`` may see."""
        return OwnedQuerySet(self.model, using=self._db).filter(self.model.scope_of(access))

    def across_tenants(self, reason: str) -> OwnedQuerySet:
        """All rows, for a stated reason. For jobs that serve every tenant; never for a page."""
        if not reason:
            raise Unscoped("reading across tenants needs a reason")
        return OwnedQuerySet(self.model, using=self._db)

    def create(self, **values: Any) -> Any:
        """Insert one row; writing needs no scope, rights are checked by the action."""
        return OwnedQuerySet(self.model, using=self._db).create(**values)

    def bulk_create(self, rows: Any, **options: Any) -> Any:
        """Insert many rows."""
        return OwnedQuerySet(self.model, using=self._db).bulk_create(rows, **options)
