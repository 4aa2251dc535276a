"""``dip bench settle``: settlements a second, a season recalculated from the database after a night, and the same in pandas.

All on one core, the database too: the process and what it starts are bound to it where the system allows that.
"""

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from dip.contracts.rules.steps import settle
from dip.contracts.rules.values import completed
from dip.contracts.terms.statement import Evening
from dip.site import postgres
from dip.site.bench.settle_season import HIGH, LOW, SAMPLES, SeasonAgreement, season

GOAL_SECONDS = 20.0
#: Rows by rows takes pandas long: so many agreements are enough to tell.
ROW_BY_ROW = 1_000
_LOOPS = 3_000


def run(agreements: int = 12_000, rounds: int = 3) -> dict[str, Any]:
    """Measure; the bench's JSON object. Progress on standard error."""
    bound = _one_core()
    formats = _per_format(rounds)
    _say("in process: " + ", ".join(f"{code} {rate:,.0f}/s" for code, rate in formats.items()))
    every = list(season(agreements))
    ours = len(every) / statistics.median(_timed(_settle_all, every) for _ in range(rounds))
    sheet = _pandas(every, rounds)
    stage = _staged(agreements, rounds)
    return _result(formats, ours, sheet, stage, bound)


def _result(formats: dict[str, float], ours: float, sheet: dict[str, Any], stage: dict[str, Any], bound: bool) -> dict[str, Any]:
    ratios = {}
    if sheet["measured"]:
        ratios = {
            f"settle_over_{name}": round(ours / sheet[f"{name}_per_second"], 2) for name in ("pandas_by_row", "pandas_by_column")
        }
    return {
        "bench": "settle",
        "machine": {
            "cpus": os.cpu_count(),
            "bound_to_one_core": bound,
            "processor": platform.machine(),
            "python": platform.python_version(),
        },
        "figures": {
            "settlements_per_second": {code: round(rate) for code, rate in formats.items()},
            "season_settlements_per_second": round(ours),
            "pandas": sheet,
            "ratios": ratios,
            "recalculated": stage,
        },
        "goals": {
            "recalculate_seconds": {
                "value": round(stage["seconds"], 2),
                "goal": f"<= {GOAL_SECONDS:g}",
                "met": stage["seconds"] <= GOAL_SECONDS,
            }
        },
    }


def _one_core() -> bool:
    """Bind this process, and so what it starts, to one core; False where the system has no such thing."""
    if not hasattr(os, "sched_setaffinity"):
        return False
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    return True


def _per_format(rounds: int) -> dict[str, float]:
    """Whole statements a second, of two performances each."""
    evenings = [Evening(1, 412, 1_153_600, LOW, HIGH), Evening(2, 205, 574_000, LOW, HIGH)]
    found = {}
    for code, terms in SAMPLES.items():
        values = completed(code, {**terms, "entrance_prices": (2_800,)})

        def loop(code: str = code, values: Any = values) -> None:
            for _ in range(_LOOPS):
                settle(code, values, evenings)

        found[code] = _LOOPS / statistics.median(_timed(loop) for _ in range(rounds))
    return found


def _settle_all(agreements: Sequence[SeasonAgreement]) -> None:
    for one in agreements:
        settle(one.format, one.values, one.evenings)


def _pandas(agreements: Sequence[SeasonAgreement], rounds: int) -> dict[str, Any]:
    """The same season in a sheet, row by row and by column; agreements a second, and how far both agree."""
    try:
        import pandas
    except ImportError:
        _say("pandas is not installed, so nothing stands beside ours: install it beside dip to compare")
        return {"measured": False, "why": "pandas is not installed"}
    from dip.site.bench import settle_sheet

    some = agreements[:ROW_BY_ROW]
    small, whole = settle_sheet.frames(some), settle_sheet.frames(agreements)
    rows = len(some) / statistics.median(_timed(settle_sheet.by_row, *small) for _ in range(rounds))
    columns = len(agreements) / statistics.median(_timed(settle_sheet.by_column, *whole) for _ in range(rounds))
    _say(f"pandas {pandas.__version__}: row by row {rows:,.0f}/s, by column {columns:,.0f}/s, totals only")
    return {
        "measured": True,
        "version": pandas.__version__,
        "pandas_by_row_per_second": round(rows),
        "pandas_by_column_per_second": round(columns),
        "by_row_agrees": settle_sheet.compared(some, settle_sheet.by_row(*small)),
        "by_column_agrees": settle_sheet.compared(agreements, settle_sheet.by_column(*whole)),
    }


def _staged(agreements: int, rounds: int) -> dict[str, Any]:
    """What a process with a database of its own measured; all of it gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="dip-bench-"))
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("DIP_", "DATABASE_URL", "DJANGO_"))}
    try:
        _say(f"starting a database of its own, with {agreements:,} agreements")
        url = postgres.ensure_running(home / "postgres")
        environ |= {"DIP_HOME": str(home), "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "dip.site.settings"}
        command = [sys.executable, "-m", "dip.site.bench.settle_stage", str(agreements), str(rounds)]
        told = subprocess.run(command, env=environ, check=True, stdout=subprocess.PIPE)
        found: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
        return found
    finally:
        postgres.stop(home / "postgres")
        shutil.rmtree(home, ignore_errors=True)


def _timed(act: Callable[..., object], *given: object) -> float:
    started = time.perf_counter()
    act(*given)
    return time.perf_counter() - started


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
