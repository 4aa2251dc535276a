"""Mails about borderels, each in the language of its reader. Like those about agreements they never say an amount."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from dip.contracts.actions import letters
from dip.contracts.models import Settlement
from dip.contracts.terms.statement import Party
from dip.registry.models import Membership
from dip.registry.terms import Access, Level, Module


def tell(row: Settlement, party: Party, name: str, **more: Any) -> int:
    """Mail one side ``contracts/mail/settlement_<name>.txt``. The agreement comes with its theatre, production and provider. How many."""
    readers = letters.theatre_readers(row.agreement) if party is Party.THEATRE else letters.provider_readers(row.agreement)
    return letters.post(f"settlement_{name}", readers, _context(row) | more)


def ask_second(row: Settlement, access: Access) -> int:
    """Tell the others of the acting organisation who may approve that the second of two is asked. How many."""
    wanted: dict[str, Any] = {
        f"rights__{Module.CONTRACTS.value}__gte": Level.APPROVE.value,
        "is_active": True,
        "person__is_active": True,
    }
    rows = Membership.objects.filter(organisation_id=access.organisation_id, **wanted).exclude(person_id=access.person_id)
    readers = [letters.Reader(*found) for found in rows.order_by("id").values_list("person__email", "person__language")]
    return letters.post("settlement_second", readers, _context(row) | {"first": access.actor})


def _context(row: Settlement) -> dict[str, Any]:
    agreement = row.agreement
    return {
        "settlement": row,
        "agreement": agreement,
        "reference": agreement.reference,
        "title": agreement.production.title,
        "theatre": agreement.theatre.name,
        "provider": agreement.provider.name,
        "is_single": agreement.first_date == agreement.last_date,
        "link": settings.BASE_URL + reverse("contracts-settlement", args=[agreement.pk]),
    }
