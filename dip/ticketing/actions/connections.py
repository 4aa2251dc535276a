"""Connections to ticketing systems, set up by the theatre's own people: made, renamed, given another token, paused, removed."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dip.registry.keys import derived_key
from dip.registry.outgoing import UnableToCall, checked_address
from dip.registry.sealed import seal
from dip.registry.terms import Access, AccessDenied, Level, Module, Refusal
from dip.registry.trail import write_line
from dip.ticketing.connectors import CONNECTORS
from dip.ticketing.models import Connection, SourceEvent, SourceKind
from dip.ticketing.terms import TicketKind

#: Keeps the key of tokens apart from that of other sealed secrets.
PURPOSE = "ticketing connection"


class UnableToConnect(Refusal):
    """The connection cannot be made or changed as asked."""


def need_right(access: Access) -> None:
    """Raises :class:`AccessDenied` unless the access may set up its own theatre's connections."""
    if not access.is_taker or not access.allows(Module.SALES, Level.MANAGE):
        raise AccessDenied("needs a theatre's right to manage sales")


@transaction.atomic
def create_connection(
    *, access: Access, at: datetime, vendor: str, name: str, address: str, account: str, secret: str
) -> Connection:
    """A connection that is read from now on. The secret is sealed. Raises :class:`UnableToConnect`, also for a second one like it."""
    need_right(access)
    if vendor not in CONNECTORS:
        raise UnableToConnect(_("Choose one of the systems that the platform can read."), "vendor")
    try:
        checked = checked_address(address)
    except UnableToCall as error:
        raise UnableToConnect(str(error), "address") from error
    account, secret = account.strip().strip("/"), secret.strip()
    if not account or not account.replace("-", "").replace("_", "").replace(".", "").isalnum():
        raise UnableToConnect(
            _("“%(value)s” is no short name: letters, digits, dots and dashes only.") % {"value": account}, "account"
        )
    if not secret:
        raise UnableToConnect(_("Paste the token."), "secret")
    if Connection.objects.within(access).filter(vendor=vendor, address__iexact=checked, account__iexact=account).exists():
        raise UnableToConnect(
            _("This account is connected already. Open that connection, and give it the new token there."), "account"
        )
    salt = secrets.token_urlsafe(16)
    connection = Connection.objects.create(
        organisation_id=access.organisation_id,
        vendor=vendor,
        name=" ".join(name.split())[:80] or CONNECTORS[vendor].name,
        address=checked,
        account=account,
        sealed_secret=seal(secret, PURPOSE),
        created_at=at,
        created_by=access.actor,
        next_due_at=at,
        calendar_due_at=at,
        hook_salt=salt,
        hook_digest=hook_digest(hook_secret(salt)),
    )
    _line(access, at, "connect_system", connection, {"address": ["", checked], "account": ["", account]})
    return connection


@transaction.atomic
def rename_connection(*, access: Access, at: datetime, connection_id: int, name: str) -> None:
    """Give it another name. Raises ``Connection.DoesNotExist`` for strangers, :class:`UnableToConnect` without a name."""
    connection = locked(access, connection_id)
    new = " ".join(name.split())[:80]
    if not new:
        raise UnableToConnect(_("Give the connection a name."), "name")
    if new != connection.name:
        before, connection.name = connection.name, new
        connection.save(update_fields=["name"])
        _line(access, at, "rename_connection", connection, {"name": [before, new]})


@transaction.atomic
def replace_token(*, access: Access, at: datetime, connection_id: int, secret: str) -> None:
    """Read with another token from now on, and at once. Raises as :func:`rename_connection`."""
    connection = locked(access, connection_id)
    if not secret.strip():
        raise UnableToConnect(_("Paste the token."), "secret")
    connection.sealed_secret = seal(secret.strip(), PURPOSE)
    connection.next_due_at = at
    connection.save(update_fields=["sealed_secret", "next_due_at"])
    _line(access, at, "replace_token", connection, {})


@transaction.atomic
def pause_connection(*, access: Access, at: datetime, connection_id: int) -> None:
    """Read it no more until it is resumed; a repeat changes nothing. Raises ``Connection.DoesNotExist`` for strangers."""
    connection = locked(access, connection_id)
    if not connection.is_paused:
        connection.is_paused = True
        connection.save(update_fields=["is_paused"])
        _line(access, at, "pause_connection", connection, {})


@transaction.atomic
def resume_connection(*, access: Access, at: datetime, connection_id: int) -> None:
    """Read it again, at once; what changed meanwhile arrives. Raises ``Connection.DoesNotExist`` for strangers."""
    connection = locked(access, connection_id)
    if connection.is_paused:
        connection.is_paused, connection.next_due_at = False, at
        connection.save(update_fields=["is_paused", "next_due_at"])
        _line(access, at, "resume_connection", connection, {})


@transaction.atomic
def remove_connection(*, access: Access, at: datetime, connection_id: int) -> None:
    """Forget the account, its token and its links. The figures that it brought stay. Raises ``Connection.DoesNotExist`` for strangers."""
    connection = locked(access, connection_id)
    _line(access, at, "remove_connection", connection, {"address": [connection.address, ""], "account": [connection.account, ""]})
    connection.delete()


@transaction.atomic
def map_kinds(*, access: Access, at: datetime, connection_id: int, kinds: dict[str, str]) -> int:
    """Say which national kind each of the system's kinds is: name → kind. Names that are not the system's are left out.

    What is sold is read anew with it. How many changed or are no guess any more.
    """
    connection = locked(access, connection_id)
    wrong = [kind for kind in kinds.values() if kind not in set(TicketKind)]
    if wrong:
        raise UnableToConnect(_("“%(value)s” is no national kind of ticket.") % {"value": wrong[0]})
    changes: dict[str, list[str]] = {}
    rows = [row for row in SourceKind.objects.within(access).filter(connection=connection) if row.name in kinds]
    told = [row for row in rows if row.is_guess or row.kind != kinds[row.name]]
    for row in told:
        if row.kind != kinds[row.name]:
            changes[row.name] = [row.kind, kinds[row.name]]
        row.kind, row.is_guess = kinds[row.name], False
        row.save(update_fields=["kind", "is_guess"])
    if told:
        _line(access, at, "map_kinds", connection, changes)
        SourceEvent.objects.within(access).filter(connection=connection, performance__isnull=False, gone_at__isnull=True).update(
            due_since=at
        )
        connection.next_due_at = at
        connection.save(update_fields=["next_due_at"])
    return len(told)


def locked(access: Access, connection_id: int) -> Connection:
    """The access's own connection, held for this transaction. Raises :class:`AccessDenied`, ``Connection.DoesNotExist``."""
    need_right(access)
    found: Connection = Connection.objects.within(access).select_for_update().get(pk=connection_id)
    return found


def hook_secret(salt: str) -> str:
    """The last part of the webhook's address. It is made again whenever it is shown, so that only its digest need be kept."""
    return hashlib.blake2b(salt.encode(), key=derived_key("ticketing hooks"), digest_size=24).hexdigest()


def hook_digest(secret: str) -> str:
    """What the table keeps of a webhook's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _line(access: Access, at: datetime, verb: str, connection: Connection, changes: dict[str, list[str]]) -> None:
    write_line(
        access=access, at=at, verb=verb, subject="connection", subject_id=connection.pk, label=connection.name, changes=changes
    )
