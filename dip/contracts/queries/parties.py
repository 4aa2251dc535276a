"""The parties of an agreement: how they want agreements handled, who can answer there, and the framework between them."""

from datetime import date

from django.db.models import Q

from dip.contracts.models import ContractSettings, Framework
from dip.contracts.rules.turns import ANSWER_DAYS, REMINDER_DAYS
from dip.registry.models import Membership
from dip.registry.terms import Access, Level, Module


def own_settings(access: Access) -> ContractSettings:
    """How the access's organisation wants its agreements handled; an unsaved one with the defaults while it never said."""
    found: ContractSettings | None = ContractSettings.objects.within(access).first()
    return found or ContractSettings(
        organisation_id=access.organisation_id, answer_days=ANSWER_DAYS, reminder_days=[*REMINDER_DAYS]
    )


def levels_of(organisation_id: int | None) -> list[Level]:
    """The levels in contracts of an organisation's active people, those without any left out. One query."""
    if organisation_id is None:
        return []
    key = f"rights__{Module.CONTRACTS.value}"
    rows = Membership.objects.filter(organisation_id=organisation_id, is_active=True, person__is_active=True)
    return [Level(level) for level in rows.filter(**{f"{key}__gte": 1}).values_list(key, flat=True)]


def holding_framework(access: Access, provider_id: int, taker_id: int | None, on: date) -> Framework | None:
    """The framework agreement between the two that holds on a day, the newest; None without one."""
    rows = Framework.objects.within(access).filter(provider_id=provider_id, taker_id=taker_id, ended_at=None, valid_from__lte=on)
    until = Q(valid_until=None) | Q(valid_until__gte=on)
    found: Framework | None = rows.filter(until).defer("content").order_by("-valid_from", "-pk").first()
    return found
