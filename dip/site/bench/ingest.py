"""``dip bench ingest``: pushed positions a second through HTTP, beside a plain PostgreSQL upsert and the parse limit.

A throw-away embedded PostgreSQL with durable settings and gunicorn with one worker process are started, real client credentials buy
the token, and in each round the same rows, with figures that have changed for every performance, go over HTTP, through the decoder
alone, and into a plain table with a primary key. The peer starts from rows in memory: it neither parses nor checks anything.
"""

import json
import os
import platform
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import psycopg

from dip.kernel import clock
from dip.site import postgres
from dip.ticketing.rules.bodies import TicketsBody

GOAL = 0.5
_KINDS = ("normal", "discount", "free", "other")
_SHARES = (400, 150, 20, 30)
_COLUMNS = ("performance_id", "production", "updated", *(f"{k}_tickets" for k in _KINDS), *(f"{k}_cents" for k in _KINDS))
_TYPES = ("bigint", "text", "timestamptz", *["int"] * 4, *["bigint"] * 4)
_ON_CONFLICT = "ON CONFLICT (performance_id) DO UPDATE SET " + ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[1:])
Row = tuple[Any, ...]


def run(rows: int = 10_000, rounds: int = 5) -> dict[str, Any]:
    """Measure with bodies of ``rows`` performances, medians over ``rounds`` after one to warm up; the bench's JSON object."""
    with _stage(rows) as (url, address, stage):
        token = _token(address, stage)
        decode = msgspec.json.Decoder(list[TicketsBody]).decode
        seconds: dict[str, list[float]] = {"http": [], "parse": [], "executemany": [], "unnest": []}
        size = 0
        with httpx.Client(base_url=address, timeout=120) as client, psycopg.connect(url, autocommit=True) as peer:
            _make_peer(peer)
            for turn in range(rounds + 1):
                time.sleep(1.1)  # every row's moment is later than in the round before
                body, values = _body(stage, turn)
                size = len(body)
                taken = {
                    "executemany": _timed(_executemany, peer, values),
                    "http": _timed(_push, client, token, body, rows),
                    "unnest": _timed(_unnest, peer, values),
                    "parse": _timed(decode, body),
                }
                _say(f"round {turn} of {rounds}: " + ", ".join(f"{name} {rows / s:,.0f} rows/s" for name, s in taken.items()))
                for name, spent in taken.items() if turn else ():
                    seconds[name].append(spent)
            version = peer.execute("SHOW server_version").fetchone()
            durable = peer.execute("SELECT current_setting('fsync') || current_setting('synchronous_commit')").fetchone()
    return _result(rows, rounds, size, seconds, str((version or [""])[0]), (durable or [""])[0] == "onon")


def _result(rows: int, rounds: int, size: int, seconds: dict[str, list[float]], version: str, durable: bool) -> dict[str, Any]:
    rate = {name: rows / statistics.median(spent) for name, spent in seconds.items()}
    upsert = max(rate["executemany"], rate["unnest"])
    ratio = rate["http"] / upsert
    return {
        "bench": "ingest",
        "machine": {
            "cpus": os.cpu_count(),
            "processor": platform.machine(),
            "python": platform.python_version(),
            "postgres": version,
            "durable": durable,
        },
        "figures": {
            "rows": rows,
            "rounds": rounds,
            "body_bytes": size,
            "http_positions_per_second": round(rate["http"]),
            "parse_rows_per_second": round(rate["parse"]),
            "upsert_executemany_rows_per_second": round(rate["executemany"]),
            "upsert_unnest_rows_per_second": round(rate["unnest"]),
            "http_over_parse": round(rate["http"] / rate["parse"], 3),
        },
        "goals": {"http_over_upsert": {"value": round(ratio, 3), "goal": f">= {GOAL}", "met": ratio >= GOAL}},
    }


@contextmanager
def _stage(rows: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(database URL, base address of the API, what was made), and all of it gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="dip-bench-"))
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("DIP_", "DATABASE_URL", "DJANGO_"))}
    server = None
    try:
        _say("starting a database of its own")
        url = postgres.ensure_running(home / "postgres")
        port = _free_port()
        environ |= {
            "DIP_HOME": str(home),
            "DATABASE_URL": url,
            "DIP_BASE_URL": f"http://127.0.0.1:{port}",
            "DJANGO_SETTINGS_MODULE": "dip.site.settings",
        }
        _say(f"making {rows:,} performances")
        made = subprocess.run(
            [sys.executable, "-m", "dip.site.bench.ingest_stage", str(rows)], env=environ, check=True, stdout=subprocess.PIPE
        )
        server = _serve(port, environ)
        prefix = "external/v1"
        yield url, f"http://127.0.0.1:{port}/{prefix}", json.loads(made.stdout.splitlines()[-1])
    finally:
        if server is not None:
            server.terminate()
            server.wait(20)
        postgres.stop(home / "postgres")
        shutil.rmtree(home, ignore_errors=True)


def _serve(port: int, environ: dict[str, str]) -> "subprocess.Popen[bytes]":
    """gunicorn as ``dip up`` starts it, with one worker process; its request log goes nowhere."""
    command = ["-m", "gunicorn", "dip.site.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1", "--worker-class", "gthread"]
    options = ["--threads", "4", "--timeout", "120", "--log-level", "warning"]
    server = subprocess.Popen([sys.executable, *command, *options], env=environ, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health/live", timeout=5).status_code == 200:
                return server
        except httpx.HTTPError:
            time.sleep(0.2)
    server.terminate()
    raise RuntimeError(f"gunicorn did not answer on port {port} within a minute")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _token(address: str, stage: dict[str, Any]) -> str:
    answer = httpx.post(f"{address}/token", data={"client_id": stage["client_id"], "client_secret": stage["secret"]})
    answer.raise_for_status()
    return str(answer.json()["access_token"])


def _body(stage: dict[str, Any], turn: int) -> tuple[bytes, list[Row]]:
    """The bytes of one push and the same rows as values; every performance's figures differ from those of the turn before."""
    chance = random.Random(1)  # noqa: S311  figures, not secrets
    now = clock.now()
    rows, values = [], []
    for place, number in enumerate(stage["numbers"]):
        tickets = [chance.randrange(most) for most in _SHARES]
        tickets[0] += turn * (1 + place % 9)  # sales rise, everywhere
        cents = [tickets[0] * 2850, tickets[1] * 2250, 0, tickets[3] * 2000]
        moment = now - timedelta(seconds=place % 60)
        local = clock.local(moment).replace(tzinfo=None).isoformat(timespec="milliseconds")
        kinds = {kind: {"tickets": t, "recette": c} for kind, t, c in zip(_KINDS, tickets, cents, strict=True)}
        rows.append({"production": stage["production"], "number": number, "updated": local, **kinds})
        values.append((number, stage["production"], _milliseconds(moment), *tickets, *cents))
    return msgspec.json.encode(rows), values


def _milliseconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _timed(act: Callable[..., object], *given: object) -> float:
    started = time.perf_counter()
    act(*given)
    return time.perf_counter() - started


def _push(client: httpx.Client, token: str, body: bytes, rows: int) -> None:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    answer = client.put("/tickets/cumulative", content=body, headers=headers)
    if answer.status_code != 200 or answer.json()["accepted"] != rows:
        raise RuntimeError(f"the push answered {answer.status_code}: {answer.text[:300]}")


def _make_peer(peer: "psycopg.Connection[Any]") -> None:
    columns = ", ".join(f"{name} {kind}" for name, kind in zip(_COLUMNS, _TYPES, strict=True))
    peer.execute(f"CREATE TABLE bench_peer ({columns}, PRIMARY KEY (performance_id))")


def _executemany(peer: "psycopg.Connection[Any]", values: list[Row]) -> None:
    """The plain upsert as one pipeline of statements, in one durable transaction."""
    places = ", ".join(["%s"] * len(_COLUMNS))
    with peer.transaction(), peer.cursor() as cursor:
        cursor.executemany(f"INSERT INTO bench_peer ({', '.join(_COLUMNS)}) VALUES ({places}) {_ON_CONFLICT}", values)


def _unnest(peer: "psycopg.Connection[Any]", values: list[Row]) -> None:
    """The plain upsert as one statement over arrays, in one durable transaction."""
    places = ", ".join(f"%s::{kind}[]" for kind in _TYPES)
    columns = [list(column) for column in zip(*values, strict=True)]
    peer.execute(f"INSERT INTO bench_peer ({', '.join(_COLUMNS)}) SELECT * FROM unnest({places}) {_ON_CONFLICT}", columns)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
