"""Bulk insert with PostgreSQL's COPY: rows as text, and arrays of positions as bytes without a Python object per row."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from django.db import connection, models

_HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_TRAILER = b"\xff\xff"
_WIDTHS = {"bigint": (8, ">i8"), "integer": (4, ">i4"), "smallint": (2, ">i2"), "timestamptz": (8, ">i8"), "date": (4, ">i4")}
_PIECE = 4 << 20


def reserve(model: type[models.Model], count: int) -> int:
    """First of ``count`` consecutive primary keys that nobody else will get."""
    column = model._meta.pk.column
    with connection.cursor() as cursor:
        sequence = "pg_get_serial_sequence(%s, %s)"
        place = [model._meta.db_table, column]
        cursor.execute(f"SELECT nextval({sequence})", place)
        first = int(cursor.fetchone()[0])
        if count > 1:
            cursor.execute(f"SELECT setval({sequence}, %s)", [*place, first + count - 1])
    return first


def copy_rows(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert rows of plain values, in the order of ``fields`` (attribute names); how many there were."""
    columns = ", ".join(f'"{model._meta.get_field(name).column}"' for name in fields)
    count = 0
    with connection.cursor() as cursor:
        with cursor.copy(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
                count += 1
    return count


class Column:
    """One column of a binary copy: its name, type and values (an array, or one value for all rows). ``ranks``: a 2-D array."""

    def __init__(self, name: str, kind: str, values: Any) -> None:
        self.name, self.kind, self.values = name, kind, values


def copy_arrays(table: str, columns: Sequence[Column], count: int) -> None:
    """Insert ``count`` rows of whole-number columns, none of them null."""
    if not count:
        return
    layout: list[tuple[Any, ...]] = [("fields", ">i2")]
    for column in columns:
        layout.append((f"{column.name}_length", ">i4"))
        if column.kind == "integer[]":
            layout += [
                (f"{column.name}_head", ">i4", 5),
                (column.name, [("length", ">i4"), ("value", ">i4")], column.values.shape[1]),
            ]
        else:
            layout.append((column.name, _WIDTHS[column.kind][1]))
    record = np.zeros(count, dtype=layout)
    record["fields"] = len(columns)
    for column in columns:
        _fill(record, column)
    names = ", ".join(f'"{column.name}"' for column in columns)
    data = memoryview(record.tobytes())
    with connection.cursor() as cursor:
        with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN (FORMAT BINARY)') as copy:
            copy.write(_HEADER)
            for start in range(0, len(data), _PIECE):
                copy.write(data[start : start + _PIECE])
            copy.write(_TRAILER)


def _fill(record: np.ndarray, column: Column) -> None:
    if column.kind != "integer[]":
        record[f"{column.name}_length"] = _WIDTHS[column.kind][0]
        record[column.name] = column.values
        return
    size = column.values.shape[1]
    record[f"{column.name}_length"] = 20 + 8 * size
    record[f"{column.name}_head"] = (1, 0, 23, size, 1)  # one dimension, no nulls, int4, length, counted from 1
    record[column.name]["length"] = 4
    record[column.name]["value"] = column.values


@contextmanager
def bulk(table: str) -> Iterator[None]:
    """Within the transaction: build the secondary indexes of an empty ``table`` once, at the end."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT NOT EXISTS (SELECT FROM "{table}")')
        dropped = _drop_indexes(cursor, table) if cursor.fetchone()[0] else []
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")  # indexes wait for no pending check
        for statement in dropped:
            cursor.execute(statement)
        cursor.execute(f'ANALYZE "{table}"')


def _drop_indexes(cursor: Any, table: str) -> list[str]:
    cursor.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " WHERE i.indrelid = %s::regclass AND NOT i.indisunique",
        [table],
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for _name, definition in found]
