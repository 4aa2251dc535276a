"""The two files with the keys of pseudonyms: made once, readable by the platform alone, replaced by rename.

A file has a line for each key, the newest first: the moment it was made, and the key. A line before the newest counts while the mapping
period lasts, which ends with the moment behind it.
"""

import os
import secrets
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from dip.warehouse.rules.pseudonyms import Keys

SECTOR, PLATFORM = "pseudonyms-sector.key", "pseudonyms-platform.key"
#: With which the hidden factors of the national figures are drawn.
DISTURBANCE = "disturbance.key"
_BYTES = 32


class UnableToReadKeys(Exception):
    """A file of keys is damaged or half there; the message names it and tells what to do."""


def read_keys(folder: Path, at: datetime) -> Keys:
    """The keys in ``folder``, made when neither file is there yet. Raises :class:`UnableToReadKeys`."""
    if not _held(folder):
        with _alone(folder):
            if not _held(folder):
                for name in (SECTOR, PLATFORM):
                    _write(folder / name, [_line(at, secrets.token_bytes(_BYTES))])
    sector, sector_before = _read(folder / SECTOR, at)
    platform, platform_before = _read(folder / PLATFORM, at)
    return Keys(sector, platform, sector_before, platform_before)


def read_disturbance(folder: Path, at: datetime) -> bytes:
    """The key of the hidden factors, made when there is none. Raises :class:`UnableToReadKeys`."""
    path = folder / DISTURBANCE
    if not path.exists():
        with _alone(folder):
            if not path.exists():
                _write(path, [_line(at, secrets.token_bytes(_BYTES))])
    return bytes.fromhex(_lines(path)[0][1])


def rotate(folder: Path, name: str, at: datetime, until: datetime) -> None:
    """Put a new key before the one in use, which counts beside it ``until`` the mapping period ends. Older ones are gone."""
    read_keys(folder, at)
    with _alone(folder):
        made, key = _lines(folder / name)[0][:2]
        _write(folder / name, [_line(at, secrets.token_bytes(_BYTES)), f"{made} {key} {until.isoformat()}"])


def tell(folder: Path) -> list[tuple[str, str, str]]:
    """(File, made at, counts until or "") of every key, without the keys."""
    return [(name, one[0], one[2]) for name in (SECTOR, PLATFORM) for one in _lines(folder / name)]


def _held(folder: Path) -> bool:
    there = [(folder / name).exists() for name in (SECTOR, PLATFORM)]
    if any(there) and not all(there):
        missing = (SECTOR, PLATFORM)[there.index(False)]
        raise UnableToReadKeys(
            f"{missing} is gone. Put it back from the copy that its keeper has: a new one would make every buyer new."
        )
    return all(there)


def _read(path: Path, at: datetime) -> tuple[bytes, bytes | None]:
    return _parse(path, path.stat().st_mtime_ns, at.date().toordinal())


@lru_cache(maxsize=16)
def _parse(path: Path, changed: int, day: int) -> tuple[bytes, bytes | None]:
    lines = _lines(path)
    now = bytes.fromhex(lines[0][1])
    before = [bytes.fromhex(key) for _, key, until in lines[1:] if datetime.fromisoformat(until).date().toordinal() > day]
    return now, before[0] if before else None


def _lines(path: Path) -> list[tuple[str, str, str]]:
    try:
        found = [tuple((*line.split(), "")[:3]) for line in path.read_text(encoding="ascii").splitlines() if line.strip()]
        if not found or any(len(bytes.fromhex(key)) != _BYTES for _, key, _ in found):
            raise ValueError("no key of 32 bytes")
    except (OSError, ValueError) as error:
        raise UnableToReadKeys(f"{path.name} cannot be read. Put it back from the copy that its keeper has.") from error
    return found  # type: ignore[return-value]  # three parts each


def _line(at: datetime, key: bytes) -> str:
    return f"{at.isoformat()} {key.hex()}"


def _write(path: Path, lines: list[str]) -> None:
    target = path.resolve()
    part = target.with_suffix(f".{secrets.token_hex(4)}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    part.rename(target)
    sync(target.parent)


def sync(path: Path) -> None:
    """Make a file, or what was renamed in a folder, last."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class _alone:
    """One process at a time in the folder of keys."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = os.open(folder / ".pseudonyms.lock", os.O_RDWR | os.O_CREAT, 0o600)

    def __enter__(self) -> None:
        import fcntl

        fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        os.close(self._file)
