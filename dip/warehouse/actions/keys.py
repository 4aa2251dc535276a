"""The keys of pseudonyms: shown without the keys, and replaced. For the command line: the files belong to two keepers."""

from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings

from dip.warehouse.store import keys as files

#: Days for which pseudonyms under the old key are delivered and matched beside the new ones: a season.
MAPPING_DAYS = 365
WHICH = {"sector": files.SECTOR, "platform": files.PLATFORM}
log = structlog.get_logger(__name__)


class UnableToRotate(Exception):
    """The key cannot be replaced now; the message tells why."""


def tell_keys(at: datetime) -> list[tuple[str, str, str]]:
    """(File, made at, counts until or "") of every key; makes them when there are none yet."""
    files.read_keys(Path(settings.PSEUDONYM_KEYS), at)
    return files.tell(Path(settings.PSEUDONYM_KEYS))


def rotate_key(*, at: datetime, which: str, days: int = MAPPING_DAYS) -> None:
    """Put a new key in use; the one before counts beside it for ``days``. Raises :class:`UnableToRotate` inside such a period."""
    if which not in WHICH:
        raise UnableToRotate(f"There is no key {which!r}. Choose sector or platform.")
    folder = Path(settings.PSEUDONYM_KEYS)
    if files.read_keys(folder, at).is_mapping:
        raise UnableToRotate("A mapping period is under way; buyers could not be followed through two. Wait until it ends.")
    files.rotate(folder, WHICH[which], at, at + timedelta(days=days))
    log.info("key of pseudonyms replaced", key=which, days=days)
