"""Opening the engine: imported on first use, for it takes long, and kept within bounds."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

#: Memory that a writer and a reader may take; past it the writer spills to disk.
WRITER_MEMORY, READER_MEMORY = "1500MB", "400MB"


def open_writer(path: Path) -> "duckdb.DuckDBPyConnection":
    """The file at ``path``, made when there is none. Raises the engine's IOException while another process holds it."""
    import duckdb

    path.parent.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(str(path), config={"threads": str(min(4, os.cpu_count() or 1)), **_QUIET})
    connection.execute(f"SET memory_limit = '{WRITER_MEMORY}'")
    connection.execute("SET temp_directory = $folder", {"folder": str(path.parent / "spill")})
    return connection


def open_reader() -> "duckdb.DuckDBPyConnection":
    """A connection without tables of its own, for published files: small questions, one thread each."""
    import duckdb

    connection = duckdb.connect(":memory:", config={"threads": "1", **_QUIET})
    connection.execute(f"SET memory_limit = '{READER_MEMORY}'")
    connection.execute("SET parquet_metadata_cache = true")
    return connection


_QUIET = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
