"""Signatures of Standard Webhooks: HMAC-SHA256 over id, timestamp and body, one for each secret that is good."""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime

PREFIX = "whsec_"
#: Bytes of a secret; the standard asks 24 to 64.
SECRET_BYTES = 32


def secret_text(raw: bytes) -> str:
    """A secret as receivers are given it."""
    return PREFIX + base64.b64encode(raw).decode()


def signature(secret: str, message_id: str, stamp: int, body: bytes) -> str:
    """``v1,…`` over exactly these bytes. ``stamp``: seconds since 1970."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{stamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def signed_headers(secrets: Iterable[str], message_id: str, at: datetime, body: bytes) -> Mapping[str, str]:
    """The three headers of an attempt at ``at``; with two secrets two signatures, so that a rotation loses nothing."""
    stamp = int(at.timestamp())
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(stamp),
        "webhook-signature": " ".join(signature(secret, message_id, stamp, body) for secret in secrets),
    }
