"""``dip seal``: the key that seals documents, shown and replaced."""

import getpass
from pathlib import Path

from dip.kernel import clock
from dip.registry.models import SealKey
from dip.registry.seals import UnableToSeal, renew_key, replace_key

__all__ = ["UnableToSeal", "replace", "tell"]


def tell() -> str:
    """The key in use and those before it, a line each."""
    rows = list(SealKey.objects.order_by("made_at", "id"))
    return "\n".join(_line(row) for row in rows) or "No key yet: the platform makes one when it seals for the first time."


def replace(certificate: Path | None = None, key: Path | None = None, password: str = "") -> str:
    """Seal with another key from now on: the one given, or a new one of the platform's own. Raises :class:`UnableToSeal`."""
    at, by = clock.now(), f"{getpass.getuser()}, dip seal"
    if certificate is None or key is None:
        return _line(renew_key(at=at, by=by))
    secret = password.encode() or None
    return _line(replace_key(certificate=certificate.read_bytes(), key=key.read_bytes(), password=secret, at=at, by=by))


def _line(row: SealKey) -> str:
    until = f"replaced {clock.local(row.replaced_at):%Y-%m-%d}" if row.replaced_at else "in use"
    return f"{until}: {row.subject}, valid until {row.valid_until:%Y-%m-%d}, by {row.made_by}, SHA-256 {row.digest}"
