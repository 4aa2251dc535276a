"""Measures landing in a process of its own, on the database of ``DATABASE_URL``: seconds of each round, printed as JSON."""

import hashlib
import io
import json
import random
import sys
import time
from collections.abc import Callable
from typing import Any

import msgspec

_PERFORMANCES, _CORRECTED = 300, 0.1
#: What a platform on PostgreSQL would keep of a row; the key, and the indexes that its questions want.
_PEER = (
    "source smallint, ticket text, orders text, performance int, state text, changed_at timestamptz, sold_at timestamptz, kind text, "
    "price_cents int, fee_cents int, channel text, buyer text, postcode text, country text, birth_year int, attended bool, consent text"
)
_INDEXES = ("(performance)", "(buyer)")
_MEMBERS = (
    "source", "ticket", "order", "performance", "state", "changed_at", "sold_at", "kind", "price_cents", "fee_cents", "channel", "email",
    "postcode", "country", "birth_year", "attended", "consent",
)  # fmt: skip


def measure(rounds: int, history: int, sizes: list[int]) -> dict[str, dict[str, list[float]]]:
    """Size → what → seconds of each round after the first; ``…_cpu``: of the processor, of all threads together."""
    from dip.site.bench.ingest_stage import build

    numbers = build(_PERFORMANCES)["numbers"]
    land = _lander()
    found: dict[str, dict[str, list[float]]] = {}
    with _peer() as peer:
        _prepare(peer, history)
        for size in sizes:
            seconds = found[str(size)] = {}
            for turn in range(rounds + 1):
                for name, act in _acts(
                    peer, land, _rows(size, turn, numbers, sum(sizes[: sizes.index(size)]) * (rounds + 1)), f"{size}-{turn}"
                ).items():
                    wall, cpu = _timed(act)
                    if turn:
                        seconds.setdefault(name, []).append(wall)
                        seconds.setdefault(f"{name}_cpu", []).append(cpu)
                print(f"{size} rows, round {turn} of {rounds}", file=sys.stderr, flush=True)
    return found


def _lander() -> Callable[[str, bytes], object]:
    """Lands a body under a delivery id, as the door does."""
    from dip.kernel.clock import now
    from dip.registry.models import Organisation
    from dip.registry.terms import Access, Level, Module, Role
    from dip.warehouse.actions import landing

    owner = Organisation.objects.get(number=456)
    access = Access(owner.pk, owner.name, Role.THEATRE, {Module.AUDIENCE: Level.MANAGE}, actor="bench")
    source = landing.source_for(access=access, at=now(), system="bench")
    return lambda key, body: landing.land(access=access, at=now(), source=source, delivery_id=key, body=body)


def _peer() -> Any:
    """A connection of its own to the same server."""
    import psycopg
    from django.conf import settings

    database = settings.DATABASES["default"]
    return psycopg.connect(
        host=database["HOST"], port=database["PORT"] or None, user=database["USER"], dbname=database["NAME"],
        password=database["PASSWORD"] or None, autocommit=True,
    )  # fmt: skip


def _acts(peer: Any, land: Callable[[str, bytes], object], rows: list[dict[str, Any]], key: str) -> dict[str, Callable[[], object]]:
    """What is measured, of one delivery."""
    from dip.ticketing.terms.orders import TicketRow

    body = b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
    lines, decoder = body.splitlines(), msgspec.json.Decoder(TicketRow)
    kept = [row | {"source": 1, "email": hashlib.md5(row["email"].encode(), usedforsecurity=False).hexdigest()} for row in rows]
    return {
        "parse": lambda: decoder.decode_lines(body),
        "parse_each_line": lambda: [decoder.decode(line) for line in lines],
        "receipt": lambda: land(key, body),
        "copy_upsert": lambda: _upsert(peer, kept),
    }


def _rows(size: int, turn: int, numbers: Any, before: int = 0) -> list[dict[str, Any]]:
    """New tickets, and a tenth that corrects those of the round before: two to an order, an address to an order. ``before``: made earlier."""
    chance = random.Random(turn)  # noqa: S311  figures, not secrets
    first = before + turn * size - (int(size * _CORRECTED) if turn else 0)
    rows = []
    for place in range(first, first + size):
        order, day = place // 2, 1 + place // 2 % 28
        rows.append(
            {
                "ticket": f"T{10_000_000 + place}",
                "order": f"O{5_000_000 + order}",
                "performance": str(numbers[chance.randrange(len(numbers))]),
                "state": "sold" if chance.random() > 0.05 else "cancelled",
                "changed_at": f"2026-10-{day:02d}T12:{turn % 60:02d}:{place % 60:02d}+02:00",
                "sold_at": f"2026-10-{day:02d}T11:{order % 60:02d}:00+02:00",
                "kind": ("normal", "discount", "free")[place % 3],
                "price_cents": 2250 + place % 7 * 100,
                "fee_cents": 150,
                "channel": ("online", "box_office")[order % 2],
                "email": f"koper.{order}@bus{order % 97}.example",
                "postcode": f"{1000 + order % 8900} {'ABCDEFGH'[order % 8]}K",
                "country": "NL",
                "birth_year": 1940 + order % 65,
                "attended": place % 4 > 0,
                "consent": "statistics",
            }
        )
    return rows


def _prepare(peer: Any, history: int) -> None:
    """A table that holds so many tickets of 300 sources, each ticket's reference counting up within its source, and a table to copy into."""
    columns = [part.split()[0] for part in _PEER.split(", ")]
    assert len(columns) == len(_MEMBERS)
    peer.execute("DROP TABLE IF EXISTS bench_tickets, bench_tickets_new")
    peer.execute(f"CREATE TABLE bench_tickets ({_PEER})")
    peer.execute(
        "INSERT INTO bench_tickets SELECT 1 + n % 300, 'T' || 1000000 + n / 300, 'O' || n / 600, n % 48000, 'sold', "
        "'2025-10-01'::timestamptz, '2025-10-01'::timestamptz, 'normal', 2250, 150, 'online', md5((n / 2)::text), '1000 AB', 'NL', 1980, "
        f"true, 'statistics' FROM generate_series(1, {history}) AS n"
    )
    peer.execute("ALTER TABLE bench_tickets ADD PRIMARY KEY (source, ticket)")
    for index in _INDEXES:
        peer.execute(f"CREATE INDEX ON bench_tickets {index}")
    peer.execute("VACUUM ANALYZE bench_tickets")
    peer.execute("CHECKPOINT")
    peer.execute("CREATE UNLOGGED TABLE bench_tickets_new (LIKE bench_tickets)")
    print(f"PostgreSQL has {history} tickets, fsync {peer.execute('SHOW fsync').fetchone()[0]}", file=sys.stderr, flush=True)


def _upsert(peer: Any, rows: list[dict[str, Any]]) -> None:
    """COPY into a table beside it, then the upsert, in one durable transaction."""
    names = [part.split()[0] for part in _PEER.split(", ")]
    newer = ", ".join(f"{name} = excluded.{name}" for name in names[2:])
    text = io.StringIO()
    text.writelines("\t".join(str(row[name]) for name in _MEMBERS) + "\n" for row in rows)
    with peer.transaction(), peer.cursor() as cursor:
        cursor.execute("TRUNCATE bench_tickets_new")
        with cursor.copy("COPY bench_tickets_new FROM STDIN") as copy:
            copy.write(text.getvalue())
        cursor.execute(
            f"INSERT INTO bench_tickets SELECT * FROM bench_tickets_new ON CONFLICT (source, ticket) DO UPDATE SET {newer}"
            " WHERE excluded.changed_at > bench_tickets.changed_at"
        )


def _timed(act: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - wall, time.process_time() - cpu


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]), [int(one) for one in sys.argv[3:]])))
