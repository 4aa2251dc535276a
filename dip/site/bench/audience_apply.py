"""``dip bench audience --part apply``: from receipt to visible, and the cost of one batch against history, beside PostgreSQL.

Synthetic tickets are streamed into the facts (numpy, a season at a time). Then batches of 10,000 rows, one in ten a correction of an
older ticket, land at one a second while the applier runs in a process of its own; visible is the moment at which the manifest names
a shelf with their tickets. The peer takes the same rows with COPY and an upsert into a table with a primary key.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from dip.site import postgres

#: Scale → (tickets in the facts before, tickets in the peer's table before, batches at one a second).
SCALES = {"tenth": (2_000_000, 1_000_000, 30), "national": (20_000_000, 2_000_000, 60), "decade": (200_000_000, 2_000_000, 60)}
VISIBLE_P95, GROWTH = 3.0, 1.5


def run(scale: str) -> dict[str, Any]:
    """Measure with the history of ``scale``; the bench's JSON object. What was made is removed."""
    home = Path(tempfile.mkdtemp(prefix="dip-bench-"))
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("DIP_", "DATABASE_URL", "DJANGO_"))}
    try:
        url = postgres.ensure_running(home / "postgres")
        environ |= {"DIP_HOME": str(home), "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "dip.site.settings"}
        command = [sys.executable, "-m", "dip.site.bench.audience_apply_stage", *map(str, SCALES[scale])]
        made = subprocess.run(command, env=environ, check=True, stdout=subprocess.PIPE)
        return _result(scale, json.loads(made.stdout.splitlines()[-1]))
    finally:
        postgres.stop(home / "postgres")
        shutil.rmtree(home, ignore_errors=True)


def _result(scale: str, figures: dict[str, Any]) -> dict[str, Any]:
    growth = round(figures["merge_p50_seconds"] / figures["merge_p50_seconds_at_a_tenth"], 2)
    over = round(figures["merge_rows_per_second"] / figures["postgres_rows_per_second"], 2)
    visible = figures["visible_p95_seconds"]
    return {
        "bench": "audience",
        "part": "apply",
        "machine": {"cpus": os.cpu_count(), "processor": platform.machine(), "python": platform.python_version()},
        "figures": {"scale": scale, **figures, "merge_over_postgres": over},
        "goals": {
            "visible_p95_seconds": {"value": visible, "goal": f"<= {VISIBLE_P95}", "met": visible <= VISIBLE_P95},
            "merge_over_merge_at_a_tenth": {"value": growth, "goal": f"<= {GROWTH}", "met": growth <= GROWTH},
        },
    }
