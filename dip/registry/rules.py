"""Decisions about rights and names: values in, values out."""

from collections.abc import Iterable, Mapping

from dip.registry.terms import PROVIDERS, Level, Module, Role


def effective_rights(rights: Mapping[str, int], role: Role, roles: Iterable[str], is_member: bool) -> dict[Module, Level]:
    """What stored ``rights`` (module → 0..3) are worth in ``role``; the one place where a membership fee weighs.

    A producer that pays no fee has a read-only account on its own sales, whichever of its provider's hats it wears.
    """
    reads_only = not is_member and role in PROVIDERS and Role.PRODUCER.value in roles
    ceiling = Level.VIEW if reads_only else Level.APPROVE
    return {module: Level(min(rights.get(module.value, 0), ceiling)) for module in Module}
