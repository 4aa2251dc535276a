"""Decisions about rights: values in, values out."""

from collections.abc import Iterable, Mapping

from dip.registry.terms import PROVIDERS, Access, AccessDenied, Level, Module, Role


def effective_rights(rights: Mapping[str, int], role: Role, roles: Iterable[str], is_member: bool) -> dict[Module, Level]:
    """What stored ``rights`` (module → 0..3) are worth in ``role``; the one place where a membership fee weighs.

    A producer that pays no fee has a read-only account on its own sales, whichever of its provider's hats it wears.
    """
    reads_only = not is_member and role in PROVIDERS and Role.PRODUCER.value in roles
    ceiling = Level.VIEW if reads_only else Level.APPROVE
    return {module: Level(min(rights.get(module.value, 0), ceiling)) for module in Module}


def stored_rights(rights: Mapping[Module, Level]) -> dict[str, int]:
    """Rights as the tables hold them: module → 1..3, modules without a right left out."""
    return {module.value: int(rights[module]) for module in Module if rights.get(module, Level.NONE) > Level.NONE}


def lowered(before: Mapping[str, int], after: Mapping[str, int]) -> list[Module]:
    """The modules in which stored rights ``after`` reach less far than ``before``."""
    return [module for module in Module if after.get(module.value, 0) < before.get(module.value, 0)]


def changed(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, list[object]]:
    """What differs, as the audit trail keeps it: field → [before, after]."""
    return {key: [before.get(key), value] for key, value in after.items() if before.get(key) != value}


def rights_changed(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, list[object]]:
    """Rights that differ, for the audit trail: module → [level before, level after], levels as words."""
    words = {module: (Level(before.get(module.value, 0)), Level(after.get(module.value, 0))) for module in Module}
    return {module.value: [old.name.lower(), new.name.lower()] for module, (old, new) in words.items() if old != new}


def require_super_user(access: Access) -> None:
    """Refuse everybody but a super-user who came in through a page."""
    if not (access.is_super_user and access.person_id):
        raise AccessDenied("only the organisation's super-user may do this")


def require_platform(access: Access) -> None:
    """Refuse everybody but a super-user of the platform's own organisation, in that role."""
    require_super_user(access)
    if not access.is_platform:
        raise AccessDenied("only the platform may do this")
