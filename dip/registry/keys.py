"""Keys for one purpose each, all drawn from the platform's secret key, so that no two purposes share one."""

import hashlib
from functools import lru_cache

from django.conf import settings


def derived_key(purpose: str) -> bytes:
    """32 bytes for ``purpose``; the same for as long as the platform's secret key is."""
    return _derive(settings.SECRET_KEY, purpose)


@lru_cache(maxsize=32)
def _derive(secret: str, purpose: str) -> bytes:
    root = hashlib.blake2b(secret.encode(), digest_size=64).digest()
    return hashlib.blake2b(purpose.encode(), key=root, digest_size=32, person=b"dip.keys").digest()
