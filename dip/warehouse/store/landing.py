"""Landed files: immutable Parquet, safe on disk before its sender hears so.

Written beside, synced, renamed, and the folder synced. A rewritten file is a new one under a new name; who reads the old one reads on.
Files that no receipt names are swept.
"""

import os
import secrets
import threading
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from time import time
from typing import Any

import numpy as np

from dip.warehouse.rules.landed import COLUMNS, TYPES, CodeField
from dip.warehouse.store.engine import open_reader
from dip.warehouse.store.keys import sync

FOLDER = "landing"
#: Seconds that a file without a receipt is left alone: its receipt may be on its way.
GRACE = 3600
_mine = threading.local()


def folder_of(home: Path) -> Path:
    """Where landed files are, below the warehouse's folder."""
    return home / FOLDER


def write(home: Path, source: int, columns: Mapping[str, "np.ndarray"]) -> str:
    """The columns as a new file; its name below the folder. When this returns, it is there after a power cut too."""
    folder = folder_of(home) / f"{source:05d}"
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for parent in (folder.parent, folder.parent.parent):
            sync(parent)
    name = f"{int(time() * 1000):013d}-{secrets.token_hex(6)}.parquet"
    part = folder / f"{name}.part"
    listed = ", ".join(f"{one}::{TYPES[kind]} AS {one}" for one, kind in COLUMNS.items())
    engine = _engine()
    engine.register("landing_columns", {one: columns[one] for one in COLUMNS})
    try:
        engine.execute(f"COPY (SELECT {listed} FROM landing_columns) TO '{_quoted(part)}' (FORMAT parquet, COMPRESSION lz4_raw)")
    finally:
        engine.unregister("landing_columns")
    sync(part)
    part.rename(folder / name)
    sync(folder)
    return f"{source:05d}/{name}"


def read(home: Path, name: str) -> dict[str, "np.ndarray"]:
    """The columns of a file."""
    found = _engine().execute(f"SELECT * FROM read_parquet('{_quoted(folder_of(home) / name)}')").fetchnumpy()
    return {one: np.ascontiguousarray(found[one], dtype=kind) for one, kind in COLUMNS.items()}


def read_wire(body: bytes, fields: Collection[str], most_rows: int, most_bytes: int) -> list[dict[str, Any]]:
    """Rows of a Parquet file that a sender made, of the ``fields`` alone: moments as RFC 3339, what is not given left out.

    The file is held in memory, for it may hold addresses. Raises ValueError when it is none, or has too much in it.
    """
    import duckdb

    descriptor = os.memfd_create("delivery")
    try:
        with os.fdopen(os.dup(descriptor), "wb") as file:
            file.write(body)
        path = f"/proc/self/fd/{descriptor}"
        rows, size = _engine().execute(_METADATA.format(path=path)).fetchone()
        if rows > most_rows or (size or 0) > most_bytes:
            raise ValueError(
                f"it holds {rows} rows in {(size or 0) // 2**20} MB; send at most {most_rows} in {most_bytes // 2**20}"
            )
        described = _engine().execute(f"DESCRIBE SELECT * FROM read_parquet('{path}')").fetchall()
        asked = {name: _as_wire(name, kind) for name, kind, *_ in described if name in fields}
        if not asked:
            raise ValueError("it has none of the columns of the standard format")
        found = _engine().execute(f"SELECT {', '.join(asked.values())} FROM read_parquet('{path}')").fetchall()
        return [{name: one for name, one in zip(asked, row, strict=True) if one is not None} for row in found]
    except duckdb.Error as error:
        raise ValueError("it is no Parquet file, or cannot be read") from error
    finally:
        os.close(descriptor)


_METADATA = """SELECT coalesce(max(n), 0), sum(size) FROM (
    SELECT (SELECT sum(num_rows) FROM parquet_file_metadata('{path}')) AS n, total_uncompressed_size AS size FROM parquet_metadata('{path}'))"""


def _as_wire(name: str, kind: str) -> str:
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"""strftime(make_timestamp(epoch_us("{name}")), '%Y-%m-%dT%H:%M:%S.%fZ')"""
    if kind in _PLAIN:
        return f'"{name}"'
    return f'CAST("{name}" AS VARCHAR)'


_PLAIN = frozenset(
    {"VARCHAR", "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"}
)


def files_with_buyers(home: Path, names: Collection[str], buyers: Collection[int]) -> list[str]:
    """Those of the files that hold a ticket of one of the buyers."""
    there = {str(folder_of(home) / name): name for name in names if (folder_of(home) / name).exists()}
    if not there or not buyers:
        return []
    listed, wanted = ", ".join(f"'{_quoted(path)}'" for path in there), ", ".join(str(int(one)) for one in buyers)
    found = _engine().execute(
        f"SELECT DISTINCT filename FROM read_parquet([{listed}], filename = true) WHERE buyer IN ({wanted}) OR buyer_before IN ({wanted})"
    )
    return sorted(there[row[0]] for row in found.fetchall())


def count_tickets(home: Path, names: Collection[str]) -> dict[int, int]:
    """Distinct tickets in the files, by source."""
    if not (listed := _listed(home, names)):
        return {}
    found = _engine().execute(f"SELECT source, count(DISTINCT ticket) FROM read_parquet([{listed}]) GROUP BY source").fetchall()
    return dict(found)


def count_codes(home: Path, of: CodeField, names: Collection[str]) -> dict[int, int]:
    """Distinct tickets in the files by the code of a kind, a channel or an event; tickets without one are left out."""
    if not (listed := _listed(home, names)):
        return {}
    column = f"{of.value}_code"
    found = _engine().execute(
        f"SELECT {column}, count(DISTINCT ticket) FROM read_parquet([{listed}]) WHERE {column} <> 0 GROUP BY {column}"
    )
    return dict(found.fetchall())


def _listed(home: Path, names: Collection[str]) -> str:
    """Those of the files that are there, as the engine takes them."""
    paths = (folder_of(home) / name for name in names)
    return ", ".join(f"'{_quoted(path)}'" for path in paths if path.exists())


def remove(home: Path, name: str) -> None:
    """Remove a file that no receipt names any more."""
    path = folder_of(home) / name
    path.unlink(missing_ok=True)
    if path.parent.exists():
        sync(path.parent)


def orphans(home: Path, now: float, grace: float = GRACE) -> Iterator[str]:
    """Names of files, and of parts of files, older than the grace time, on which the caller looks for a receipt. ``now``: seconds."""
    for path in sorted(folder_of(home).glob("*/*.parquet*")):
        try:
            if path.stat().st_mtime < now - grace:
                yield f"{path.parent.name}/{path.name}"
        except FileNotFoundError:
            continue


def _engine() -> Any:
    if not hasattr(_mine, "engine"):
        _mine.engine = open_reader()
        _mine.engine.execute("SET temp_directory = ''")  # what a sender delivers never reaches a disk as it came
    return _mine.engine


def _quoted(path: Path | str) -> str:
    return str(path).replace("'", "''")
