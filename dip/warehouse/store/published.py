"""Published files: immutable Parquet parts per mart and season, under a manifest that is swapped by rename.

A part's name is never used again. A reader that misses a file (its manifest was replaced long ago) takes the new manifest and tries
again; parts that no manifest names are removed after a grace time.
"""

import json
import os
import secrets
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from time import time
from typing import Any

import structlog

from dip.warehouse.store.engine import open_reader
from dip.warehouse.terms import Edition, Limits

#: Seconds that a part stays after the last manifest that named it.
GRACE = 600
_TRIES = 5
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is published: the parts, the moment up to which they are true, and the limits in force."""

    version: str
    true_at: datetime
    today: date
    """Sales day under way at ``true_at``; earlier ones have closed."""
    made_at: datetime
    """When the parts were made; ``true_at`` moves on while nothing changes."""
    took_seconds: float
    limits: Limits
    parts: Mapping[str, Mapping[int, str]]
    """Mart → season → file."""
    inputs: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """Season → the files from which its bands were made."""
    editions: Mapping[str, Mapping[int, Edition]] = field(default_factory=dict)
    """"market" or "trend" → season → its edition."""
    waiting: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Edition → seasons that changed since theirs was made."""

    def files(self, mart: str, seasons: Iterable[int]) -> list[str]:
        """Names of the parts of ``mart`` for those of ``seasons`` that have one."""
        held = self.parts.get(mart, {})
        return [held[season] for season in seasons if season in held]


def read_manifest(home: Path) -> Manifest | None:
    """The manifest under ``home``; None when nothing was ever published."""
    try:
        raw = json.loads((home / "manifest.json").read_text())
    except FileNotFoundError:
        return None
    return Manifest(
        version=raw["version"],
        true_at=datetime.fromisoformat(raw["true_at"]),
        today=date.fromisoformat(raw["today"]),
        made_at=datetime.fromisoformat(raw["made_at"]),
        took_seconds=raw["took_seconds"],
        limits=Limits(**raw["limits"]),
        parts={mart: {int(season): name for season, name in held.items()} for mart, held in raw["parts"].items()},
        inputs={int(season): tuple(names) for season, names in raw["inputs"].items()},
        editions={
            mart: {int(season): _edition(one) for season, one in held.items()} for mart, held in raw.get("editions", {}).items()
        },
        waiting={mart: tuple(seasons) for mart, seasons in raw.get("waiting", {}).items()},
    )


def _edition(raw: Mapping[str, Any]) -> Edition:
    moment = raw.get("made_at")
    return Edition(date.fromisoformat(raw["made_on"]), raw["make"], datetime.fromisoformat(moment) if moment else None)


def swap_manifest(home: Path, manifest: Manifest) -> None:
    """Put ``manifest`` in the place of the old one, durably and at once."""
    home.mkdir(parents=True, exist_ok=True)
    moments = {name: getattr(manifest, name).isoformat() for name in ("true_at", "today", "made_at")}
    raw = asdict(manifest) | moments
    draft = home / "manifest.draft"
    with draft.open("w") as file:
        json.dump(raw, file, default=str)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(home / "manifest.json")
    _sync_folder(home)


def new_version(at: datetime) -> str:
    """A name that no other publication has."""
    return f"{at:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"


def write_part(connection: Any, home: Path, mart: str, season: int, version: str, query: str, rows_per_group: int = 122_880) -> str:
    """Write the rows of ``query`` as a part, durably; its name. Nobody sees it before the manifest names it."""
    name = f"{mart}-{season}-{version}.parquet"
    path = home / "parts" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    quoted = str(path).replace("'", "''")
    connection.execute(f"COPY ({query}) TO '{quoted}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {rows_per_group})")
    with path.open("rb") as file:
        os.fsync(file.fileno())
    _sync_folder(path.parent)
    return name


def remove_old_parts(home: Path, manifest: Manifest, *, grace: float = GRACE) -> int:
    """Remove parts that ``manifest`` does not name and that are older than ``grace`` seconds; how many."""
    named = {name for held in manifest.parts.values() for name in held.values()}
    old = [path for path in (home / "parts").glob("*.parquet") if path.name not in named and path.stat().st_mtime < time() - grace]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Library:
    """The published files under one folder, as this process reads them. Safe for several threads."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._lock = threading.Lock()
        self._connection: Any = None
        self._manifest: Manifest | None = None
        self._seen: tuple[int, int] | None = None

    def manifest(self) -> Manifest | None:
        """The newest manifest; read again only when the file changed."""
        try:
            stat = (self.home / "manifest.json").stat()
        except FileNotFoundError:
            self._manifest = self._seen = None
            return None
        stamp = (stat.st_mtime_ns, stat.st_ino)
        if stamp != self._seen:
            self._manifest, self._seen = read_manifest(self.home), stamp
        return self._manifest

    @contextmanager
    def _cursor(self) -> Iterator[Any]:
        with self._lock:
            if self._connection is None:
                self._connection = open_reader()
            cursor = self._connection.cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    def rows(self, reason: str, mart: str, seasons: Iterable[int], sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Rows of ``sql``, in which ``{mart}`` stands for the parts of those seasons; none when they have no part.

        Reads figures of all tenants: the caller names the reason, and applies disclosure control or narrows to its own.
        """
        return self._read(reason, mart, tuple(seasons), sql, values, lambda cursor: cursor.fetchall()) or []

    def columns(self, reason: str, mart: str, seasons: Iterable[int], sql: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """As :meth:`rows`, as a numpy array per column; empty when there is no part."""
        return self._read(reason, mart, tuple(seasons), sql, values, lambda cursor: cursor.fetchnumpy()) or {}

    def _read(self, reason: str, mart: str, seasons: tuple[int, ...], sql: str, values: Mapping[str, Any], fetch: Any) -> Any:
        from duckdb import IOException

        for attempt in range(_TRIES):
            manifest = self.manifest()
            files = manifest.files(mart, seasons) if manifest else []
            if not files:
                return None
            log.debug("reading across tenants", reason=reason, mart=mart, seasons=seasons)
            listed = ", ".join("'" + str(self.home / "parts" / name).replace("'", "''") + "'" for name in files)
            try:
                with self._cursor() as cursor:
                    return fetch(cursor.execute(sql.format(mart=f"read_parquet([{listed}])"), values))
            except IOException:
                self._seen = None
                if attempt == _TRIES - 1:
                    raise
        return None


@lru_cache(maxsize=8)
def _library(home: Path, process: int) -> Library:
    return Library(home)


def open_library(home: Path) -> Library:
    """The library of ``home`` in this process; a forked process gets its own."""
    return _library(home, os.getpid())
