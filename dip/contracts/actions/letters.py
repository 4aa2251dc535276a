"""Mails about agreements, each in the language of its reader. They say what happened and where to read it, and never an amount."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from dip.contracts.models import Agreement, AgreementPerformance, ContractSettings
from dip.contracts.wording import format_name
from dip.contracts.words import field_names
from dip.programme.models import Performance
from dip.registry.models import Membership, Organisation, Person
from dip.registry.post import queue_mail
from dip.registry.terms import Level, Module

REASON = "a mail goes to the address that its reader's organisation chose"


class Reader(NamedTuple):
    """Somebody who gets a mail."""

    email: str
    language: str


def people_of(organisation_id: int | None, level: Level = Level.MANAGE, *, but: int | None = None) -> list[Reader]:
    """The people of an organisation with a right in contracts. ``but``: a person who is left out."""
    wanted: dict[str, Any] = {f"rights__{Module.CONTRACTS.value}__gte": level.value, "is_active": True, "person__is_active": True}
    rows = Membership.objects.filter(organisation_id=organisation_id, **wanted).exclude(person_id=but).order_by("id")
    return [Reader(*row) for row in rows.values_list("person__email", "person__language")]


def readers_of(organisation_id: int | None, fallback: str = "") -> list[Reader]:
    """Whom an organisation wants told of agreements: the address it chose; without one its people who manage contracts; without those
    its general address, or ``fallback``."""
    if organisation_id is not None:
        kept = ContractSettings.objects.across_tenants(REASON).filter(organisation_id=organisation_id)
        if chosen := kept.exclude(contact_email="").values_list("contact_email", flat=True).first():
            return [_reader(chosen)]
        if found := people_of(organisation_id):
            return found
        fallback = Organisation.objects.values_list("email", flat=True).get(pk=organisation_id) or fallback
    return [_reader(fallback)] if fallback else []


def theatre_readers(agreement: Agreement) -> list[Reader]:
    """The theatre's contact that the agreement names; and, unless that is one of its people, those whom the theatre wants told: a
    mistyped contact must not keep a proposal from it."""
    theatre = agreement.theatre
    named, own = agreement.theatre_contact, people_of(theatre.organisation_id, Level.VIEW)
    if named and named.lower() in {reader.email.lower() for reader in own}:
        return [_reader(named)]
    return _once([*([_reader(named)] if named else []), *readers_of(theatre.organisation_id, theatre.contact_email)])


def provider_readers(agreement: Agreement) -> list[Reader]:
    """The provider's contact that the agreement names, else those whom it wants told; and the producer for whom an agency acts."""
    named = agreement.provider_contact
    found = [_reader(named)] if named else readers_of(agreement.provider_id)
    if agreement.producer_id != agreement.provider_id:
        found = [*found, *readers_of(agreement.producer_id)]
    return _once(found)


def _reader(email: str) -> Reader:
    known = Person.objects.filter(email__iexact=email).values_list("language", flat=True).first()
    return Reader(email, known or settings.LANGUAGE_CODE)


def _once(readers: Iterable[Reader]) -> list[Reader]:
    return list({reader.email.lower(): reader for reader in readers}.values())


def page_of(agreement: Agreement) -> str:
    """The full address of an agreement's page."""
    return settings.BASE_URL + reverse("contracts-agreement", args=[agreement.pk])


def send(name: str, agreement: Agreement, readers: Iterable[Reader], **context: Any) -> int:
    """Queue the mail ``contracts/mail/<name>.txt`` about an agreement; its first line is the subject. How many."""
    evenings = _evenings(agreement)
    known = {"agreement": agreement, "evenings": evenings, "link": page_of(agreement), **context}
    return post(name, readers, known, rejected=context.get("rejected", ()), format_code=agreement.format)


def post(
    name: str,
    readers: Iterable[Reader],
    context: Mapping[str, Any],
    *,
    rejected: Sequence[str] = (),
    format_code: str = "",
) -> int:
    """Queue a mail for the readers, one text per language. ``rejected``: codes of fields that it names. How many."""
    by_language: dict[str, list[str]] = {}
    for reader in readers:
        by_language.setdefault(reader.language, []).append(reader.email)
    for language, addresses in by_language.items():
        with override(language):
            words = {"rejected_names": field_names(format_code, rejected, language)} if rejected else {}
            words |= {"format_name": format_name(format_code, language)} if format_code else {}
            subject, body = _written(name, {**context, **words})
            queue_mail(to=addresses, subject=subject, body=body)
    return sum(map(len, by_language.values()))


def _written(name: str, context: Mapping[str, Any]) -> tuple[str, str]:
    subject, _, body = render_to_string(f"contracts/mail/{name}.txt", dict(context)).lstrip().partition("\n")
    parts = ("\n".join(line.strip() for line in part.splitlines() if line.strip()) for part in body.split("\n\n"))
    return subject, "\n\n".join(part for part in parts if part)


def _evenings(agreement: Agreement) -> list[Performance]:
    held = AgreementPerformance.objects.across_tenants("a mail to a party lists the performances").filter(agreement=agreement)
    numbers = held.values_list("performance_id", flat=True)
    return list(Performance.objects.filter(pk__in=numbers).select_related("hall", "theatre").order_by("starts_at", "number"))


def frameworks_page() -> str:
    """The full address of the page with framework agreements."""
    return settings.BASE_URL + reverse("contracts-frameworks")
