"""Who may enter and change a production: the main producer, its agency, and the platform; a co-producer only sees.

That a producer who pays no fee only reads is already in the access's rights.
"""

from dip.registry.terms import Access, Level, Module


def may_enter(access: Access) -> bool:
    """Whether a new production may be entered: by a provider, or the platform, that manages the programme."""
    return access.allows(Module.PROGRAMME, Level.MANAGE) and (access.is_platform or access.is_provider)


def may_edit(access: Access, producer_id: int, agency_id: int | None) -> bool:
    """Whether this production and its performances may be changed."""
    if not may_enter(access):
        return False
    return access.is_platform or access.organisation_id in (producer_id, agency_id)


def may_answer(access: Access, theatre_organisation_id: int | None) -> bool:
    """Whether a connection request may be answered: the theatre's own people who manage the programme."""
    return (
        access.is_taker
        and theatre_organisation_id is not None
        and access.organisation_id == theatre_organisation_id
        and access.allows(Module.PROGRAMME, Level.MANAGE)
    )


def may_edit_theatre(access: Access, theatre_organisation_id: int | None) -> bool:
    """Whether halls, ranks and surcharges may be changed: the theatre's own organisation, or the platform."""
    if access.is_platform:
        return access.allows(Module.PROGRAMME, Level.MANAGE)
    return may_answer(access, theatre_organisation_id)


def may_add_theatre(access: Access) -> bool:
    """Whether an unknown theatre may be added: providers who tour there, theatres themselves, and the platform."""
    return may_enter(access) or (access.is_taker and access.allows(Module.PROGRAMME, Level.MANAGE))
