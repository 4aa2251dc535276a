"""Endpoints: made with a secret that is shown once, which rotates with an overlap; paused, resumed, removed."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from dip.exchange.models import Endpoint, EndpointSecret
from dip.exchange.queries.horizon import horizon
from dip.exchange.rules.signing import SECRET_BYTES, secret_text
from dip.exchange.terms import CHOOSABLE, MOST_ENDPOINTS, OVERLAP, EndpointState, EventType
from dip.registry.models import Organisation
from dip.registry.outgoing import UnableToCall, checked_address, resolve
from dip.registry.sealed import seal
from dip.registry.terms import Access, AccessDenied, Level, Module, Refusal, Role
from dip.registry.trail import write_line

PURPOSE = "webhook"


class UnableToKeepEndpoint(Refusal):
    """The address may not be called, no event is chosen, or there is no such endpoint."""


def need_endpoints(access: Access) -> None:
    """Refuse everybody but the super-user, and an API client that manages the programme."""
    by_page = access.is_super_user and access.person_id is not None
    by_call = access.client_id is not None and access.allows(Module.PROGRAMME, Level.MANAGE)
    if not (by_page or by_call):
        raise AccessDenied("webhooks are kept by the organisation's super-user, or by a client that manages the programme")


@transaction.atomic
def create_endpoint(
    *, access: Access, at: datetime, url: str, event_types: Iterable[str], description: str = "", role: Role | None = None
) -> tuple[Endpoint, str]:
    """An endpoint that hears of everything from now on, and its secret in the clear: the only time that it is known.

    ``role``: the part in which the organisation listens, its own by default. Raises :class:`UnableToKeepEndpoint`.
    """
    need_endpoints(access)
    role = _role(access, role)
    Organisation.objects.select_for_update().get(pk=access.organisation_id)
    if Endpoint.objects.within(access).count() >= MOST_ENDPOINTS:
        told = _("Your organisation has %(most)s webhooks, which is the most. Remove one first.") % {"most": MOST_ENDPOINTS}
        raise UnableToKeepEndpoint(told)
    endpoint = Endpoint.objects.create(
        organisation_id=access.organisation_id,
        role=role.value,
        url=_address(url),
        description=_description(description),
        event_types=_types(access, event_types),
        read_until=horizon(),
        created_at=at,
        created_by=access.actor,
        changed_at=at,
    )
    secret = _add_secret(endpoint, at)
    changes = {"url": [None, endpoint.url], "event_types": [None, endpoint.event_types], "role": [None, role.value]}
    _line(access, at, "create_endpoint", endpoint, changes)
    return endpoint, secret


@transaction.atomic
def change_endpoint(
    *,
    access: Access,
    at: datetime,
    endpoint_id: int,
    url: str | None = None,
    event_types: Iterable[str] | None = None,
    description: str | None = None,
) -> Endpoint:
    """Change what is given. The same values again change nothing. Raises :class:`UnableToKeepEndpoint`."""
    endpoint = locked_endpoint(access, endpoint_id)
    given: dict[str, object] = {}
    if url is not None and url.strip() != endpoint.url:
        given["url"] = _address(url)
    if event_types is not None:
        given["event_types"] = _types(access, event_types)
    if description is not None:
        given["description"] = _description(description)
    changes = {name: [getattr(endpoint, name), value] for name, value in given.items() if getattr(endpoint, name) != value}
    if not changes:
        return endpoint
    for name, value in given.items():
        setattr(endpoint, name, value)
    endpoint.changed_at = at
    endpoint.save(update_fields=[*changes, "changed_at"])
    _line(access, at, "change_endpoint", endpoint, changes)
    return endpoint


@transaction.atomic
def pause_endpoint(*, access: Access, at: datetime, endpoint_id: int) -> Endpoint:
    """Stop calling for now. What changes meanwhile is told after the resumption, once for each thing."""
    return _move(access, at, endpoint_id, EndpointState.PAUSED, "pause_endpoint")


@transaction.atomic
def resume_endpoint(*, access: Access, at: datetime, endpoint_id: int) -> Endpoint:
    """Call again, from where it was paused or disabled."""
    return _move(access, at, endpoint_id, EndpointState.ACTIVE, "resume_endpoint")


@transaction.atomic
def rotate_endpoint_secret(*, access: Access, at: datetime, endpoint_id: int, ends_at_once: bool = False) -> tuple[Endpoint, str]:
    """A new secret in the clear. The old one goes on signing beside it for seven days, or ends now. Never more than two sign."""
    endpoint = locked_endpoint(access, endpoint_id)
    known = list(EndpointSecret.objects.within(access).filter(endpoint=endpoint).order_by("-created_at", "-pk"))
    for place, old in enumerate(known):
        ends = at if ends_at_once or place else at + OVERLAP
        if old.expires_at is None or old.expires_at > ends:
            old.expires_at = ends
            old.save(update_fields=["expires_at"])
    fresh = _add_secret(endpoint, at)
    hint = known[0].hint if known else None
    _line(access, at, "rotate_endpoint_secret", endpoint, {"secret": [hint, fresh[-4:]]})
    return endpoint, fresh


@transaction.atomic
def remove_endpoint(*, access: Access, at: datetime, endpoint_id: int) -> None:
    """Forget an endpoint with its notices; nothing is sent to it any more."""
    endpoint = locked_endpoint(access, endpoint_id)
    _line(access, at, "remove_endpoint", endpoint, {"url": [endpoint.url, None]})
    endpoint.delete()


def _move(access: Access, at: datetime, endpoint_id: int, state: EndpointState, verb: str) -> Endpoint:
    endpoint = locked_endpoint(access, endpoint_id)
    if endpoint.state == state:
        return endpoint
    changes: dict[str, Sequence[object]] = {"state": [endpoint.state, state.value]}
    endpoint.state, endpoint.disabled_reason, endpoint.failing_since, endpoint.changed_at = state, "", None, at
    endpoint.save(update_fields=["state", "disabled_reason", "failing_since", "changed_at"])
    _line(access, at, verb, endpoint, changes)
    return endpoint


def locked_endpoint(access: Access, endpoint_id: int) -> Endpoint:
    """The endpoint, locked; a client reaches those of its own role. Raises ``Endpoint.DoesNotExist``."""
    need_endpoints(access)
    rows = Endpoint.objects.within(access).select_for_update()
    if access.client_id is not None:
        rows = rows.filter(role=access.role.value)
    found: Endpoint = rows.get(pk=endpoint_id)
    return found


def _role(access: Access, role: Role | None) -> Role:
    if role is None or role is access.role:
        return access.role
    known = Organisation.objects.values_list("roles", flat=True).get(pk=access.organisation_id)
    if access.client_id is not None or role.value not in known:
        raise UnableToKeepEndpoint(_("Your organisation does not have this role."), "role")
    return role


def _address(url: str) -> str:
    """The address as given, when it may be called and leads outside."""
    text = url.strip()
    if len(text) > 500:
        raise UnableToKeepEndpoint(_("The address has more than 500 characters. Give a shorter one."), "url")
    try:
        checked_address(text)
        parts = urlsplit(text)
        resolve(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
    except UnableToCall as error:
        raise UnableToKeepEndpoint(str(error), "url") from error
    except ValueError as error:  # a port that is no number, a host that cannot be written
        told = _("“%(address)s” is no address of the form https://tickets.example.nl.") % {"address": text}
        raise UnableToKeepEndpoint(told, "url") from error
    return text


def _types(access: Access, given: Iterable[str]) -> list[str]:
    """The chosen kinds, in the order of the catalogue, each once."""
    asked = set(given)
    unknown = sorted(asked - {one.value for one in CHOOSABLE})
    if unknown:
        told = _("“%(type)s” is no kind of event. Choose from the list in the documentation.") % {"type": unknown[0][:60]}
        raise UnableToKeepEndpoint(told, "event_types")
    if not asked:
        raise UnableToKeepEndpoint(_("Choose at least one kind of event."), "event_types")
    chosen = [one for one in CHOOSABLE if one.value in asked]
    for one in chosen:
        need = Module.SALES if one.is_about_sales else Module.PROGRAMME
        if not access.allows(need):
            told = _("You may not view what “%(type)s” tells. Leave it out, or ask for the right.") % {"type": one.short}
            raise UnableToKeepEndpoint(told, "event_types")
    return [EventType(one).value for one in chosen]


def _description(text: str) -> str:
    return " ".join(text.split())[:120]


def _add_secret(endpoint: Endpoint, at: datetime) -> str:
    secret = secret_text(secrets.token_bytes(SECRET_BYTES))
    EndpointSecret.objects.create(endpoint=endpoint, sealed=seal(secret, PURPOSE), hint=secret[-4:], created_at=at)
    return secret


def _line(access: Access, at: datetime, verb: str, endpoint: Endpoint, changes: Mapping[str, object]) -> None:
    write_line(access=access, at=at, verb=verb, subject="endpoint", subject_id=endpoint.pk, label=str(endpoint), changes=changes)
