"""Mails of the Sales Monitor, each in the language of its reader."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from dip.registry.models import Membership, Organisation
from dip.registry.post import queue_mail
from dip.registry.terms import Level, Module


class Reader(NamedTuple):
    """Somebody who gets a mail."""

    email: str
    language: str


def readers_of(organisation_id: int | None, fallback: str = "") -> list[Reader]:
    """The people of an organisation who manage sales; without them its general address, or ``fallback``. Two queries."""
    wanted: dict[str, Any] = {
        f"rights__{Module.SALES.value}__gte": Level.MANAGE.value,
        "is_active": True,
        "person__is_active": True,
    }
    if organisation_id is not None:
        rows = Membership.objects.filter(organisation_id=organisation_id, **wanted).order_by("id")
        if found := [Reader(*row) for row in rows.values_list("person__email", "person__language")]:
            return found
        general = Organisation.objects.filter(pk=organisation_id).values_list("email", flat=True).first()
        fallback = general or fallback
    return [Reader(fallback, settings.LANGUAGE_CODE)] if fallback else []


def send(readers: Iterable[Reader], name: str, context: Mapping[str, Any], *, unsubscribe: str = "") -> int:
    """Queue the mail ``sales/mail/<name>.txt`` for the readers; its first line is the subject. How many."""
    by_language: dict[str, list[str]] = {}
    for reader in readers:
        by_language.setdefault(reader.language, []).append(reader.email)
    for language, addresses in by_language.items():
        with override(language):
            subject, body = _written(name, context)
            queue_mail(to=addresses, subject=subject, body=body, unsubscribe=unsubscribe)
    return sum(map(len, by_language.values()))


def _written(name: str, context: Mapping[str, Any]) -> tuple[str, str]:
    subject, _, body = render_to_string(f"sales/mail/{name}.txt", dict(context)).lstrip().partition("\n")
    parts = ("\n".join(line.strip() for line in part.splitlines() if line.strip()) for part in body.split("\n\n"))
    return subject, "\n\n".join(part for part in parts if part)


def address(name: str, *args: object) -> str:
    """The full address of a page."""
    return settings.BASE_URL + reverse(name, args=args)


def pages(numbers: Sequence[int]) -> dict[int, str]:
    """Performance number → the full address of its page; the pattern is asked once."""
    pattern = address("sales-performance", 0)
    return {number: pattern.replace("/0/", f"/{number}/") for number in numbers}
