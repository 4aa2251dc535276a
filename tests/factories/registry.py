"""Makes organisations, people, accesses and API clients for tests. Every name is invented."""

import secrets as random
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.test import Client

from dip.registry.guard import ORGANISATION_KEY, ROLE_KEY
from dip.registry.models import ApiClient, ApiSecret, Membership, Organisation, Person
from dip.registry.rules import effective_rights
from dip.registry.terms import Access, Door, Level, Module, Role
from dip.registry.tokens import secret_digest

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PASSWORD = "een lang wachtwoord 7"
_serial = count(1)


def all_rights(level: Level = Level.APPROVE) -> dict[Module, Level]:
    return dict.fromkeys(Module, level)


def stored(rights: Mapping[Module, Level] | None) -> dict[str, int]:
    """As the tables hold rights; all APPROVE when nothing is given."""
    given = all_rights() if rights is None else rights
    return {Module(module).value: int(level) for module, level in given.items()}


def make_organisation(*roles: Role, **over: Any) -> Organisation:
    """An organisation; a producer unless roles are given."""
    number = next(_serial)
    values = {
        "number": 10_000 + number,
        "name": f"Gezelschap De Vlonder {number}",
        "roles": [Role(role).value for role in roles] or [Role.PRODUCER.value],
        "city": "Amersfoort",
        "email": f"post{number}@vlonder.example",
    }
    return Organisation.objects.create(**values | over)


def make_person(**over: Any) -> Person:
    """Somebody with the password ``PASSWORD``."""
    number = next(_serial)
    values: dict[str, Any] = {"email": f"persoon{number}@vlonder.example", "name": f"Noor Dijkema {number}", "language": "en"}
    values |= {"password": PASSWORD} | over
    return Person.objects.create_user(**values)


def make_membership(
    organisation: Organisation | None = None,
    person: Person | None = None,
    *,
    rights: Mapping[Module, Level] | None = None,
    super_user: bool = False,
    **over: Any,
) -> Membership:
    """A person in an organisation; every right APPROVE unless given."""
    return Membership.objects.create(
        organisation=organisation or make_organisation(),
        person=person or make_person(),
        rights=stored(rights),
        is_super_user=super_user,
        **over,
    )


def make_access(
    organisation: Organisation | None = None,
    role: Role | None = None,
    rights: Mapping[Module, Level] | None = None,
    super_user: bool = False,
    *,
    person: Person | None = None,
    door: Door = Door.PAGE,
) -> Access:
    """An access without a sign-in; the first role and every right APPROVE unless given. A person only when given."""
    organisation = organisation or make_organisation(*([role] if role else []))
    role = role or Role(organisation.roles[0])
    return Access(
        organisation_id=organisation.pk,
        organisation_name=organisation.name,
        role=role,
        rights=effective_rights(stored(rights), role, organisation.roles, organisation.is_member),
        person_id=person.pk if person else None,
        is_super_user=super_user,
        door=door,
        actor=person.name if person else "Noor Dijkema",
    )


def make_client_login(
    client: Client,
    organisation: Organisation | None = None,
    role: Role | None = None,
    rights: Mapping[Module, Level] | None = None,
    super_user: bool = False,
    *,
    person: Person | None = None,
    language: str = "en",
) -> Membership:
    """Sign ``client`` (Django's test client) in as a person of ``organisation``; pages then come in English. The membership."""
    organisation = organisation or make_organisation(*([role] if role else []))
    person = person or make_person(language=language)
    membership = Membership.objects.filter(organisation=organisation, person=person).first() or make_membership(
        organisation, person, rights=rights, super_user=super_user
    )
    client.force_login(person)
    session = client.session
    session[ORGANISATION_KEY] = organisation.pk
    session[ROLE_KEY] = (role or Role(organisation.roles[0])).value
    session.save()
    client.cookies["django_language"] = language
    return membership


def make_api_client(
    organisation: Organisation | None = None,
    role: Role | None = None,
    rights: Mapping[Module, Level] | None = None,
    **over: Any,
) -> tuple[ApiClient, str]:
    """An API client and its secret in the clear; ``tokens.issue_token(client.client_id, secret, at)`` buys a token."""
    organisation = organisation or make_organisation(*([role] if role else []))
    number, secret = next(_serial), random.token_urlsafe(24)
    values = {
        "client_id": f"client-{number}-{random.token_hex(4)}",
        "organisation": organisation,
        "name": f"Kassa {number}",
        "role": (role or Role(organisation.roles[0])).value,
        "rights": stored(rights),
    }
    client = ApiClient.objects.create(**values | over)
    ApiSecret.objects.create(client=client, digest=secret_digest(secret), hint=secret[-4:], created_at=NOW)
    return client, secret
