"""Tokens of API clients: a secret buys one for an hour; a token buys an :class:`~dip.registry.terms.Access`.

A token names the secret it was bought with, and dies with it. The client's row is kept in the process for a minute at most, so
that a check of a token takes microseconds; a revocation reaches other processes within that minute.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt
from django.conf import settings
from django.core.cache import caches
from django.db.models import Q

from dip.registry.keys import derived_key
from dip.registry.models import ApiClient
from dip.registry.rules import effective_rights
from dip.registry.terms import Access, Door, Role

TOKEN_SECONDS = 3600
AUDIENCE = "dip-api"
REMEMBERED_SECONDS = 60
USE_NOTED_EVERY = timedelta(minutes=5)
_REASON = "a token names its client only; the client's row says for whom it acts"


class UnableToIssueToken(Exception):
    """The client id or its secret is wrong, expired or revoked; the message does not tell which."""


class UnableToAuthenticate(Exception):
    """The token is malformed, expired, or its client may no longer call."""


@dataclass(frozen=True, slots=True)
class _Client:
    """What a check needs of a client."""

    access: Access
    secrets: dict[int, datetime | None]
    last_used_at: datetime | None


def secret_digest(secret: str) -> str:
    """Keyed BLAKE2b of a secret, 64 hex characters: useless to whoever has the table without the key."""
    return hashlib.blake2b(secret.encode(), key=derived_key("api-secret"), digest_size=32).hexdigest()


def issue_token(client_id: str, secret: str, at: datetime) -> tuple[str, int]:
    """A signed token and its life in seconds; raises :class:`UnableToIssueToken`."""
    digest = secret_digest(secret)
    asked = client_id[:40].replace("\0", "")  # no id has it, and the database refuses to look for it
    client = ApiClient.objects.across_tenants(_REASON).filter(client_id=asked, is_active=True).first()
    candidates = list(client.secrets.all()) if client else []
    found = [one for one in candidates if hmac.compare_digest(one.digest, digest)]
    live = [one for one in found if one.expires_at is None or one.expires_at > at]
    if client is None or not live:
        raise UnableToIssueToken("client_id or client_secret is not right, or no longer valid")
    seconds = TOKEN_SECONDS
    if live[0].expires_at is not None:
        seconds = max(1, min(seconds, int((live[0].expires_at - at).total_seconds())))
    issued = int(at.timestamp())
    claims = {
        "iss": settings.BASE_URL,
        "aud": AUDIENCE,
        "sub": client.client_id,
        "iat": issued,
        "exp": issued + seconds,
        "jti": secrets.token_urlsafe(12),
        "sec": live[0].pk,
    }
    _note_use(client.client_id, client.last_used_at, at)
    return jwt.encode(claims, derived_key("api-token"), algorithm="HS256"), seconds


def access_from_token(token: str, at: datetime) -> Access:
    """The access that a bearer token gives; raises :class:`UnableToAuthenticate`."""
    try:
        claims = jwt.decode(
            token,
            derived_key("api-token"),
            algorithms=["HS256"],
            audience=AUDIENCE,
            issuer=settings.BASE_URL,
            # time is judged below against `at`: the library only knows the wall clock
            options={"require": ["exp", "iat", "sub", "jti", "aud", "iss"], "verify_exp": False, "verify_iat": False},
        )
    except jwt.InvalidTokenError as error:
        raise UnableToAuthenticate(f"the token is not valid: {error}") from error
    if claims["exp"] <= at.timestamp():
        raise UnableToAuthenticate("the token has expired; ask for a new one")
    client = _client(claims["sub"], at)
    expires_at = client.secrets.get(claims.get("sec", 0), at) if client else at
    if client is None or (expires_at is not None and expires_at <= at):
        raise UnableToAuthenticate("the client or its secret is no longer valid")
    return client.access


def forget(client_id: str) -> None:
    """Read the client anew at the next check in this process; after a change of its rights or secrets."""
    caches["process"].delete(_key(client_id))


def _key(client_id: str) -> str:
    return f"api-client:{client_id}"


def _client(client_id: str, at: datetime) -> _Client | None:
    known: _Client | None = caches["process"].get(_key(client_id))
    if known is None:
        known = _read_client(client_id)
        if known is not None:
            _note_use(client_id, known.last_used_at, at)
            caches["process"].set(_key(client_id), known, REMEMBERED_SECONDS)
    return known


def _read_client(client_id: str) -> _Client | None:
    row = (
        ApiClient.objects.across_tenants(_REASON)
        .filter(client_id=client_id, is_active=True)
        .select_related("organisation")
        .prefetch_related("secrets")
        .first()
    )
    if row is None or row.role not in row.organisation.roles:
        return None
    organisation, role = row.organisation, Role(row.role)
    access = Access(
        organisation_id=organisation.pk,
        organisation_name=organisation.name,
        role=role,
        rights=effective_rights(row.rights, role, organisation.roles, organisation.is_member),
        client_id=row.pk,
        door=Door.API,
        actor=row.name,
    )
    return _Client(access, {one.pk: one.expires_at for one in row.secrets.all()}, row.last_used_at)


def _note_use(client_id: str, last: datetime | None, at: datetime) -> None:
    if last is None or at - last >= USE_NOTED_EVERY:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=at)
        ApiClient.objects.across_tenants(_REASON).filter(stale, client_id=client_id).update(last_used_at=at)
