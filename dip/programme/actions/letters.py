"""Mails of the programme: to a theatre's contacts and to a provider's, each in the language of its reader."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import override

from dip.programme.models import ConnectionRequest, Performance, Production, Theatre
from dip.registry.models import Membership, Organisation
from dip.registry.post import queue_mail
from dip.registry.terms import Level, Module


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who gets a mail. ``is_person``: with an account, so that the link leads to signing in."""

    email: str
    language: str
    is_person: bool


def people_of(organisation_ids: Iterable[int]) -> dict[int, list[Contact]]:
    """The people who manage the programme, per organisation. One query."""
    wanted = {
        "organisation_id__in": set(organisation_ids),
        "is_active": True,
        "person__is_active": True,
        f"rights__{Module.PROGRAMME.value}__gte": Level.MANAGE.value,
    }
    rows = Membership.objects.filter(**wanted).order_by("id").values_list("organisation_id", "person__email", "person__language")
    found: dict[int, list[Contact]] = defaultdict(list)
    for organisation_id, email, language in rows:
        found[organisation_id].append(Contact(email, language, True))
    return found


def theatre_contacts(theatres: Iterable[Theatre]) -> dict[int, list[Contact]]:
    """Whom to ask per theatre: its people; while it has none, its contact address, or its organisation's. Two queries."""
    houses = list(theatres)
    owners = {t.organisation_id for t in houses if t.organisation_id}
    people = people_of(owners)
    general = dict(Organisation.objects.filter(pk__in=owners).values_list("pk", "email"))
    found = {}
    for theatre in houses:
        address = theatre.contact_email or general.get(theatre.organisation_id, "")
        bearer = [Contact(address, settings.LANGUAGE_CODE, False)] if address else []
        found[theatre.pk] = people.get(theatre.organisation_id) or bearer
    return found


def provider_contacts(production: Production) -> list[Contact]:
    """The people of the producer and its agency who manage the programme; without them, the general addresses."""
    ids = [i for i in (production.agency_id, production.producer_id) if i]
    found = [contact for contacts in people_of(ids).values() for contact in contacts]
    if found:
        return list({c.email: c for c in found}.values())
    general = Organisation.objects.filter(pk__in=ids).exclude(email="").values_list("email", flat=True)
    return [Contact(email, settings.LANGUAGE_CODE, False) for email in general]


def send_letter(contacts: Sequence[Contact], name: str, context: Mapping[str, Any]) -> None:
    """Queue the mail ``programme/mail/<name>.txt`` for the contacts. Its first line is the subject."""
    by_language: dict[str, list[str]] = defaultdict(list)
    for contact in contacts:
        by_language[contact.language].append(contact.email)
    for language, addresses in by_language.items():
        with override(language):
            subject, _, body = render_to_string(f"programme/mail/{name}.txt", dict(context)).lstrip().partition("\n")
            queue_mail(to=addresses, subject=subject, body=_paragraphs(body))


def _paragraphs(text: str) -> str:
    """Without the blank lines that template tags leave behind: one between paragraphs."""
    parts = ("\n".join(line.strip() for line in part.splitlines() if line.strip()) for part in text.split("\n\n"))
    return "\n\n".join(part for part in parts if part)


def link_token(request: ConnectionRequest) -> str:
    """The token of a request's link. It is made again for every mail, so that only its digest need be kept."""
    return salted_hmac("dip.programme.connection", f"{request.salt}:{request.performance_id}", algorithm="sha256").hexdigest()[:43]


def link_of(request: ConnectionRequest) -> str:
    """The address in the mail that opens a request."""
    return settings.BASE_URL + reverse("programme-request-link", args=[link_token(request)])


def page_of(performance: Performance) -> str:
    """The address of a performance's page."""
    return settings.BASE_URL + reverse("programme-performance", args=[performance.pk])


def production_page(production: Production) -> str:
    """The address of a production's page."""
    return settings.BASE_URL + reverse("programme-production", args=[production.dip_id])
