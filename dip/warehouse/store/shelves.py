"""Shelves: immutable Parquet parts per theatre and season, or per season, under a manifest that is swapped by rename.

A shelf is a folder with a file per mart, all made from one state of the facts, and it is replaced as a whole: its name is never used
again. A reader that misses one takes the new manifest and tries again; shelves that no manifest names stay for a grace time.
"""

import json
import os
import secrets
import shutil
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from time import time
from typing import Any

import structlog

from dip.warehouse.store.engine import open_reader
from dip.warehouse.store.published import GRACE

_TRIES = 5
_MADE_FROM = "made-from.json"
Pair = tuple[int, int]
"""(theatre, first year of the season); theatre 0 for what is of no theatre."""
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is published of a theatre in a season: the folder, and how many tickets went in."""

    folder: str
    tickets: int


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The manifest: every shelf, the moment up to which they are true, and what they were made with."""

    version: str
    true_at: datetime
    make: str
    shelves: Mapping[Pair, Shelf] = field(default_factory=dict)
    dimensions: str = ""
    """Folder with the dimensions as Parquet."""
    inputs: Mapping[int, str] = field(default_factory=dict)
    """For the slow lane: season → what its shelf was made from."""

    def pairs(self, theatres: Iterable[int] | None, seasons: Iterable[int]) -> list[Pair]:
        """Pairs with a shelf: of these theatres (None: of all), in these seasons."""
        if theatres is None:
            wanted = set(seasons)
            return [pair for pair in self.shelves if pair[1] in wanted and pair[0]]
        years = list(seasons)
        return [pair for theatre in theatres for year in years if (pair := (theatre, year)) in self.shelves]


def read_catalogue(home: Path) -> Catalogue | None:
    """The manifest under ``home``; None when nothing was published."""
    try:
        raw = json.loads((home / "manifest.json").read_text())
    except FileNotFoundError:
        return None
    shelves = {(theatre, season): Shelf(folder, tickets) for theatre, season, folder, tickets in raw["shelves"]}
    inputs = {int(season): made for season, made in raw["inputs"].items()}
    return Catalogue(raw["version"], datetime.fromisoformat(raw["true_at"]), raw["make"], shelves, raw["dimensions"], inputs)


def swap_catalogue(home: Path, catalogue: Catalogue) -> None:
    """Put ``catalogue`` in the place of the old one, durably and at once. Shelves that it leaves out begin their grace time."""
    old = read_catalogue(home)
    home.mkdir(parents=True, exist_ok=True)
    raw = {
        "version": catalogue.version,
        "true_at": catalogue.true_at.isoformat(),
        "make": catalogue.make,
        "dimensions": catalogue.dimensions,
        "inputs": catalogue.inputs,
        "shelves": [(*pair, shelf.folder, shelf.tickets) for pair, shelf in catalogue.shelves.items()],
    }
    for name in folders_of(old) - folders_of(catalogue):
        if (home / "parts" / name).exists():
            os.utime(home / "parts" / name)
    draft = home / "manifest.draft"
    with draft.open("w") as file:
        json.dump(raw, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(home / "manifest.json")
    sync_folder(home)


def folders_of(catalogue: Catalogue | None) -> set[str]:
    """Folders that a manifest names."""
    if catalogue is None:
        return set()
    return {shelf.folder for shelf in catalogue.shelves.values()} | ({catalogue.dimensions} - {""})


def new_folder(home: Path, name: str) -> Path:
    """A folder for parts, with a name that no other has."""
    folder = home / "parts" / f"{name}-{secrets.token_hex(8)}"
    folder.mkdir(parents=True)
    return folder


def write_file(connection: Any, folder: Path, mart: str, query: str, rows_per_group: int) -> None:
    """Write the rows of ``query`` as the folder's file of a mart, and sync it. Nobody sees it before a manifest names the folder."""
    path = folder / f"{mart}.parquet"
    connection.execute(f"COPY ({query}) TO '{quoted(path)}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {rows_per_group})")
    with path.open("rb") as file:
        os.fsync(file.fileno())


def finish_folder(folder: Path) -> None:
    """Make the names in the folder, and its own, durable."""
    sync_folder(folder)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_old_folders(home: Path, *, grace: float = GRACE) -> int:
    """Remove folders that the manifest does not name and that nobody put there or left out within ``grace`` seconds; how many."""
    named = folders_of(read_catalogue(home))
    count = 0
    for path in (home / "parts").glob("*"):
        if path.name not in named and path.stat().st_mtime < time() - grace:
            shutil.rmtree(path, ignore_errors=True)
            count += 1
    return count


def quoted(path: Path) -> str:
    """For between quotes in a statement."""
    return str(path).replace("'", "''")


def files_of(home: Path, catalogue: Catalogue, mart: str, pairs: Iterable[Pair]) -> str:
    """What stands for a mart in a statement: the files of those shelves. Empty when there is none."""
    named = [quoted(home / "parts" / catalogue.shelves[pair].folder / f"{mart}.parquet") for pair in pairs]
    return f"read_parquet([{', '.join(f'{chr(39)}{name}{chr(39)}' for name in named)}])" if named else ""


def write_made_from(folder: Path, shelves: Mapping[Pair, Shelf]) -> None:
    """Note in a national shelf which theatre's shelf it was made from."""
    with (folder / _MADE_FROM).open("w") as file:
        json.dump({theatre: shelf.folder for (theatre, _), shelf in shelves.items()}, file)
        file.flush()
        os.fsync(file.fileno())


@lru_cache(maxsize=64)
def read_made_from(home: Path, folder: str) -> Mapping[int, str]:
    """Theatre → folder of the shelf that the national one in ``folder`` was made from; empty when it does not tell."""
    try:
        return {int(theatre): name for theatre, name in json.loads((home / "parts" / folder / _MADE_FROM).read_text()).items()}
    except FileNotFoundError:
        return {}


def has_files(home: Path, catalogue: Catalogue, marts: Iterable[str], pair: Pair) -> bool:
    """Whether a shelf has the files of these marts; one made before a mart was thought of, and not anew since, has not."""
    folder = home / "parts" / catalogue.shelves[pair].folder
    return all((folder / f"{mart}.parquet").exists() for mart in marts)


class Shelves:
    """The shelves under one folder, as this process reads them. Safe for several threads."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._lock = threading.Lock()
        self._connection: Any = None
        self._catalogue: Catalogue | None = None
        self._seen: tuple[int, int] | None = None

    def catalogue(self) -> Catalogue | None:
        """The newest manifest; read again only when the file changed."""
        try:
            stat = (self.home / "manifest.json").stat()
        except FileNotFoundError:
            self._catalogue = self._seen = None
            return None
        stamp = (stat.st_mtime_ns, stat.st_ino)
        if stamp != self._seen:
            self._catalogue, self._seen = read_catalogue(self.home), stamp
        return self._catalogue

    def rows(
        self,
        reason: str,
        marts: Sequence[str],
        theatres: Iterable[int] | None,
        seasons: Iterable[int],
        sql: str,
        values: Mapping[str, Any] | None = None,
    ) -> list[tuple[Any, ...]]:
        """Rows of ``sql``, in which ``{mart}`` stands for the files of a mart of those theatres (None: all) and seasons.

        ``{dim_performance}``, ``{dim_production}``, ``{dim_theatre}`` stand for the dimensions. No rows when no shelf fits; a shelf
        that does not have a mart yet, after an upgrade, is passed over until it is made anew. Reads figures of all tenants: the caller names the reason, and applies disclosure control or narrows to its own.
        """
        return self._read(reason, marts, theatres, seasons, sql, values, lambda cursor: cursor.fetchall()) or []

    def columns(
        self,
        reason: str,
        marts: Sequence[str],
        theatres: Iterable[int] | None,
        seasons: Iterable[int],
        sql: str,
        values: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """As :meth:`rows`, as a numpy array per column; empty when there is no shelf."""
        return self._read(reason, marts, theatres, seasons, sql, values, lambda cursor: cursor.fetchnumpy()) or {}

    def _read(
        self,
        reason: str,
        marts: Sequence[str],
        theatres: Iterable[int] | None,
        seasons: Iterable[int],
        sql: str,
        values: Mapping[str, Any] | None,
        fetch: Callable[[Any], Any],
    ) -> Any:
        from duckdb import IOException

        wanted, years = None if theatres is None else list(theatres), list(seasons)
        for attempt in range(_TRIES):
            catalogue = self.catalogue()
            pairs = catalogue.pairs(wanted, years) if catalogue else []
            if catalogue is not None and attempt > 1:
                pairs = [pair for pair in pairs if has_files(self.home, catalogue, marts, pair)]
            if catalogue is None or not pairs:
                return None
            log.debug("reading across tenants", reason=reason, marts=marts, theatres=wanted, seasons=years)
            names = {mart: files_of(self.home, catalogue, mart, pairs) for mart in marts}
            names |= dimension_files(self.home, catalogue)
            try:
                with self._cursor() as cursor:
                    return fetch(cursor.execute(sql.format(**names), dict(values or {})))
            except IOException:
                self._seen = None
                if attempt == _TRIES - 1:
                    raise
        return None

    def _cursor(self) -> Any:
        with self._lock:
            if self._connection is None:
                self._connection = open_reader()
            return self._connection.cursor()


DIMENSION_NAMES = ("dim_performance", "dim_production", "dim_theatre")


def dimension_files(home: Path, catalogue: Catalogue) -> dict[str, str]:
    """Name of a dimension → what stands for it in a statement."""
    folder = home / "parts" / catalogue.dimensions
    return {name: f"read_parquet('{quoted(folder / name)}.parquet')" for name in DIMENSION_NAMES} if catalogue.dimensions else {}


@lru_cache(maxsize=8)
def _shelves(home: Path, process: int) -> Shelves:
    return Shelves(home)


def open_shelves(home: Path, lane: str = "theatre") -> Shelves:
    """The shelves of a lane ("theatre" or "national") below the warehouse's folder ``home``; a forked process gets its own."""
    return _shelves(lane_folder(home, lane), os.getpid())


def forget_shelves() -> None:
    """Close what this process holds open. Before a fork: a child that lets go of an engine of its parent's, whose threads it has not, falls."""
    _shelves.cache_clear()


def lane_folder(home: Path, lane: str) -> Path:
    """Where a lane publishes, below the warehouse's folder."""
    return home / "audience" / lane
