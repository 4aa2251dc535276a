"""``dip bench audience --part history``: what the Audience Monitor asks, and what a batch costs, with a nation's history behind it.

A season of 20 M tickets over 300 theatres is streamed into the facts (numpy, not through the door) and published; scale ``decade`` then adds
nine seasons of the same size, and everything is measured again. Beside it the newest season in raw tables of DuckDB and of PostgreSQL.
"""

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dip.site import postgres
from dip.site.bench.audience_tickets import Size


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is made, and how often each thing is measured. ``raw``: scopes that the peers are asked for."""

    size: Size = field(default_factory=Size)
    scopes: int = 60
    cold: int = 25
    alone: int = 12
    batches: int = 120
    rows: int = 10_000
    raw: int = 5


SCALES = {
    "smoke": Scale(Size(4, 12, 10, 240, 4_000, 2), scopes=2, cold=1, alone=1, batches=2, rows=200, raw=1),
    "tenth": Scale(Size(tickets=2_000_000)),
    "national": Scale(),
    "decade": Scale(Size(seasons=10)),
}
VISIBLE, WARM, COLD, GROWTH, PEER, BATCH_GROWTH = 3.0, 60.0, 100.0, 1.2, 50.0, 1.2


def run(scale: str) -> dict[str, Any]:
    """Measure at ``scale``; the bench's JSON object. What was made is removed."""
    home = Path(tempfile.mkdtemp(prefix="dip-bench-"))
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("DIP_", "DATABASE_URL", "DJANGO_"))}
    try:
        url = postgres.ensure_running(home / "postgres")
        environ |= {"DIP_HOME": str(home), "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "dip.site.settings"}
        command = [sys.executable, "-m", "dip.site.bench.audience_history_stage", scale]
        made = subprocess.run(command, env=environ, check=True, stdout=subprocess.PIPE)
        return result(scale, json.loads(made.stdout.splitlines()[-1]))
    finally:
        postgres.stop(home / "postgres")
        shutil.rmtree(home, ignore_errors=True)


def result(scale: str, figures: dict[str, Any]) -> dict[str, Any]:
    """The figures with the goals."""
    goals = {}
    for when in ("season", "history"):
        if when in figures:
            goals |= {f"{name}, {when}": goal for name, goal in _each(figures[when]).items()}
    if "history" in figures:
        goals |= _growth(figures["season"], figures["history"])
    newest = figures.get("history", figures["season"])
    goals |= _beside(newest, figures["peers"]["postgres"])
    machine = {"cpus": os.cpu_count(), "processor": platform.machine(), "python": platform.python_version()}
    return {"bench": "audience", "part": "history", "scale": scale, "machine": machine, "figures": figures, "goals": goals}


def _goal(value: float, goal: float, *, most: bool = True, of: str = "") -> dict[str, Any]:
    found = {"value": round(value, 2), "goal": f"{'<=' if most else '>='} {goal}", "met": value <= goal if most else value >= goal}
    return found | ({"of": of} if of else {})


def _worst(values: dict[str, float], *, most: bool = True) -> tuple[str, float]:
    return (max if most else min)(values.items(), key=lambda each: each[1])


def _each(figures: dict[str, Any]) -> dict[str, Any]:
    """Of the slowest question, and of batches."""
    found = {"visible p95 (s)": _goal(figures["stream"]["visible_p95_seconds"], VISIBLE)}
    for name, goal in (("warm", WARM), ("cold", COLD)):
        of, value = _worst({question: each[name]["p95"] for question, each in figures["questions"].items()})
        found[f"questions p95 {name} (ms)"] = _goal(value, goal, of=of)
    return found


def _growth(season: dict[str, Any], history: dict[str, Any]) -> dict[str, Any]:
    of, value = _worst(
        {name: each["warm"]["p50"] / season["questions"][name]["warm"]["p50"] for name, each in history["questions"].items()}
    )
    batch = history["batch"]["apply_p50_cpu_seconds"] / season["batch"]["apply_p50_cpu_seconds"]
    return {
        "warm median, history over season": _goal(value, GROWTH, of=of),
        "batch to shelves (processor), history over season": _goal(batch, BATCH_GROWTH),
    }


def _beside(figures: dict[str, Any], peer: dict[str, Any]) -> dict[str, Any]:
    ratios = {
        name: 1e3 * each["p50"] / figures["questions"][name]["warm"]["p50"]
        for name, each in peer["questions"].items()
        if name in figures["questions"]
    }
    of, least = _worst(ratios, most=False)
    return {
        "raw PostgreSQL over warm, least": _goal(least, PEER, most=False, of=of),
        "raw PostgreSQL over warm, median": _goal(statistics.median(ratios.values()), PEER, most=False),
    }
