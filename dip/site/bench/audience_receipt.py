"""``dip bench audience --part receipt``: rows a second from the bytes of a delivery to its receipt, on one core.

Beside the parse limit of the same bytes (the typed decoder alone, whole and line by line) and beside PostgreSQL taking the same rows by
COPY and an upsert. A throw-away embedded PostgreSQL with durable settings (``fsync`` on); every delivery is new, a tenth of its rows are corrections. The peer
keeps the same members in a table that already holds 20 M tickets, with a primary key and the two indexes that questions about buyers and
performances want. It starts from rows in memory: it neither parses nor checks nor makes anything pseudonymous.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from dip.site import postgres

#: Of the parse limit, and of PostgreSQL's rate.
PARSE_GOAL, PEER_GOAL = 0.4, 5
SIZES = (10_000, 100_000)
ROUNDS = 7
#: Scale → tickets that the peer holds before.
HISTORY = {"smoke": 10_000, "tenth": 2_000_000, "national": 20_000_000, "decade": 20_000_000}


def run(scale: str = "national", sizes: tuple[int, ...] = SIZES, rounds: int = ROUNDS) -> dict[str, Any]:
    """Measure; the bench's JSON object. Medians over ``rounds`` after one to warm up. ``scale`` changes the peer's history only."""
    home = Path(tempfile.mkdtemp(prefix="dip-bench-"))
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("DIP_", "DATABASE_URL", "DJANGO_"))}
    try:
        url = postgres.ensure_running(home / "postgres")
        environ |= {"DIP_HOME": str(home), "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "dip.site.settings"}
        asked = [str(rounds), str(HISTORY[scale]), *map(str, sizes)]
        command = [sys.executable, "-m", "dip.site.bench.audience_receipt_stage", *asked]
        made = subprocess.run(command, env=environ, check=True, stdout=subprocess.PIPE)
        return _result(json.loads(made.stdout.splitlines()[-1]), sizes, rounds)
    finally:
        postgres.stop(home / "postgres")
        shutil.rmtree(home, ignore_errors=True)


def _result(seconds: dict[str, dict[str, list[float]]], sizes: tuple[int, ...], rounds: int) -> dict[str, Any]:
    figures: dict[str, Any] = {"rounds": rounds, "cpus": os.cpu_count()}
    goals: dict[str, Any] = {}
    for size in sizes:
        rate = {name: size / statistics.median(spent) for name, spent in seconds[str(size)].items()}
        figures[str(size)] = {f"{name}_rows_per_second": round(one) for name, one in rate.items()}
        for name, ratio, goal in (
            ("receipt_over_parse_per_core", rate["receipt_cpu"] / rate["parse_cpu"], PARSE_GOAL),
            ("receipt_over_postgres", rate["receipt"] / rate["copy_upsert"], PEER_GOAL),
        ):
            goals[f"{name}_{size}"] = {"value": round(ratio, 3), "goal": f">= {goal}", "met": ratio >= goal}
    return {"bench": "audience receipt", "figures": figures, "goals": goals}
