"""Secrets of other systems at rest: sealed with a key of their own, readable only with the platform's secret key."""

import base64

from cryptography.fernet import Fernet, InvalidToken

from dip.registry.keys import derived_key


class UnableToUnseal(Exception):
    """The secret was sealed with another secret key, or is damaged: it must be entered again."""


def seal(secret: str, purpose: str) -> str:
    """The secret as it may lie in a table. ``purpose`` keeps the keys of different uses apart."""
    return _box(purpose).encrypt(secret.encode()).decode()


def unseal(sealed: str, purpose: str) -> str:
    """The secret that :func:`seal` was given. Raises :class:`UnableToUnseal`."""
    try:
        return _box(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise UnableToUnseal("The stored secret cannot be read with this platform's key; enter it again.") from error


def _box(purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived_key(f"sealed:{purpose}")))
