"""The parties of an agreement, as a document names them."""

from django.utils.translation import gettext as _

from dip.contracts.models import Agreement
from dip.contracts.queries.papers.parts import Part, Section, section
from dip.registry.models import Organisation


def parties_section(agreement: Agreement) -> Section:
    """Provider, the producer for whom it acts, and theatre."""
    provider, producer = agreement.provider, agreement.producer
    role = _("Agency, in its own name") if agreement.agency_as_provider else _("Agency, on behalf of the producer")
    items = [_party(_("Provider"), provider, role if agreement.agency_id == provider.pk else "", agreement.provider_contact)]
    if producer.pk != provider.pk:
        items.append(_party(_("Producer"), producer, "", ""))
    items.append(_theatre(agreement))
    return section(_("Parties"), {"kind": "parties", "items": items})


def _party(label: str, organisation: Organisation, role: str, contact: str) -> Part:
    number = _("number {number}").format(number=organisation.number)
    return {
        "label": label,
        "name": organisation.name,
        "lines": [line for line in (role, organisation.city, number, contact) if line],
    }


def _theatre(agreement: Agreement) -> Part:
    theatre, keeper = agreement.theatre, agreement.theatre.organisation
    street = f"{theatre.street} {theatre.house_number}".strip()
    place = f"{theatre.postcode} {theatre.city}".strip()
    behind = keeper.name if keeper and keeper.name != theatre.name else ""
    lines = [line for line in (behind, street, place, agreement.theatre_contact) if line]
    return {"label": _("Theatre"), "name": theatre.name, "lines": lines}
