"""API clients: made with a secret that is shown once, which rotates with an overlap, and can be revoked."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from dip.registry import tokens
from dip.registry.keys import derived_key
from dip.registry.models import ApiClient, ApiSecret, Organisation
from dip.registry.rules import require_super_user, stored_rights
from dip.registry.terms import Access, Level, Module, Refusal, Role
from dip.registry.trail import write_line

#: How long the old secret stays good after a rotation, so that a system can change over.
OVERLAP = timedelta(days=7)


class UnableToCreateClient(Refusal):
    """Its name is missing, its role is not one of the organisation's, or it was made already."""


class UnableToChangeClient(Refusal):
    """There is no such client, it was revoked, or its secret was rotated by somebody else just now."""


def client_id_of(once: str) -> str:
    """The id of the client that the form with this one-time word makes; the same word makes the same id."""
    return "dip-" + hashlib.blake2b(once.encode(), key=derived_key("client-id"), digest_size=10).hexdigest()


@transaction.atomic
def create_api_client(
    *, access: Access, at: datetime, name: str, role: Role, rights: Mapping[Module, Level], once: str = ""
) -> tuple[ApiClient, str]:
    """A client of the super-user's own organisation, and its secret in the clear: the only time that it is known.

    ``once``: a random word of the form; a repeat with the same word is refused. Raises :class:`UnableToCreateClient`.
    """
    require_super_user(access)
    organisation = Organisation.objects.select_for_update().get(pk=access.organisation_id)
    name = " ".join(name.split())
    if not name:
        raise UnableToCreateClient(_("Name the system behind the client, for example your box office."), "name")
    if role.value not in organisation.roles:
        raise UnableToCreateClient(_("Your organisation does not have this role."), "role")
    stored = stored_rights(rights)
    if not stored:
        raise UnableToCreateClient(_("Give the client a right in at least one module; without any it can do nothing."), "programme")
    client_id = client_id_of(once or secrets.token_urlsafe(16))
    if ApiClient.objects.across_tenants("client ids are unique over all organisations").filter(client_id=client_id).exists():
        raise UnableToCreateClient(_("This client was made already. Rotate its secret when you have not kept it."))
    client = ApiClient.objects.create(client_id=client_id, organisation=organisation, name=name, role=role.value, rights=stored)
    secret = _add_secret(client, at)
    _line(access, at, "create_api_client", client, {"client_id": [None, client_id], "role": [None, role.value]})
    return client, secret


@transaction.atomic
def rotate_secret(
    *, access: Access, at: datetime, client_id: int, ends_at_once: bool = False, replaces: int | None = None
) -> tuple[ApiClient, str]:
    """A new secret in the clear; the old one stays good for :data:`OVERLAP`, or ends now. Never more than two are good at once.

    ``replaces``: id of the newest secret that the asker saw; when another has come since, the repeat is refused.
    Raises :class:`UnableToChangeClient`.
    """
    client = _locked(access, client_id)
    known = list(client.secrets.order_by("-created_at", "-pk"))
    if replaces is not None and known and known[0].pk != replaces:
        raise UnableToChangeClient(_("This secret was replaced already. Rotate it again when you have not kept the new one."))
    until = at if ends_at_once else at + OVERLAP
    for place, secret in enumerate(known):
        ends = until if place == 0 else at
        if secret.expires_at is None or secret.expires_at > ends:
            secret.expires_at = ends
            secret.save(update_fields=["expires_at"])
    fresh = _add_secret(client, at)
    hint = known[0].hint if known else None
    _line(access, at, "rotate_secret", client, {"secret": [hint, fresh[-4:]], "old_secret_ends": [None, until.isoformat()]})
    _forget(client)
    return client, fresh


@transaction.atomic
def revoke_client(*, access: Access, at: datetime, client_id: int) -> ApiClient:
    """End a client for good: its secrets and tokens stop working. Raises :class:`UnableToChangeClient`."""
    client = _locked(access, client_id)
    client.is_active = False
    client.save(update_fields=["is_active"])
    client.secrets.filter(expires_at=None).update(expires_at=at)
    client.secrets.filter(expires_at__gt=at).update(expires_at=at)
    _line(access, at, "revoke_client", client, {"is_active": [True, False]})
    _forget(client)
    return client


def _locked(access: Access, client_id: int) -> ApiClient:
    require_super_user(access)
    client: ApiClient | None = ApiClient.objects.within(access).select_for_update().filter(pk=client_id).first()
    if client is None:
        raise UnableToChangeClient(_("There is no such client."))
    if not client.is_active:
        raise UnableToChangeClient(_("This client was revoked. Make a new one."))
    return client


def _add_secret(client: ApiClient, at: datetime) -> str:
    secret = secrets.token_urlsafe(32)
    ApiSecret.objects.create(client=client, digest=tokens.secret_digest(secret), hint=secret[-4:], created_at=at)
    return secret


def _forget(client: ApiClient) -> None:
    transaction.on_commit(lambda: tokens.forget(client.client_id))


def _line(access: Access, at: datetime, verb: str, client: ApiClient, changes: Mapping[str, object]) -> None:
    write_line(access=access, at=at, verb=verb, subject="api_client", subject_id=client.pk, label=client.name, changes=changes)
