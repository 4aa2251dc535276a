"""``dip bench pages``: server time, queries and bytes of the main pages on a national demo, beside a tenth of it.

Two throw-away installations, each with a PostgreSQL of its own, are built and measured in turns, so that what else the machine does
weighs on both alike. A tenth holds a tenth of the organisations, each as large as in the nation: a page that reads only its own
organisation's data takes as long in both.
"""

import hashlib
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dip.site import postgres
from dip.site.bench.pages_stage import p95

MOST_MS, MOST_QUERIES, MOST_RATIO = 120.0, 15, 1.3
ROUNDS = 3
_SMALL = "tenth"


class UnableToMeasure(Exception):
    """A stage ended, or a page did not answer with 200; the message tells which."""


def run(scale: str = "national", keep: Path | None = None, rounds: int = ROUNDS) -> dict[str, Any]:
    """Measure; the bench's JSON object. ``keep``: folder in which the built data stay for the next run. Progress on standard error."""
    scales = [_SMALL] if scale == _SMALL else [_SMALL, scale]
    answers: dict[str, list[list[dict[str, Any]]]] = {name: [] for name in scales}
    built = {}
    with _stages(scales, keep) as stages:
        for name, stage in stages.items():
            _say(f"building {name}")
            built[name] = _answer(stage, name)
        for turn in range(rounds):
            for name, stage in stages.items():
                _say(f"round {turn + 1} of {rounds}: {name}")
                answers[name].append(_ask(stage, name))
    return _result(scale, answers, built, rounds)


def _result(scale: str, answers: dict[str, list[list[dict[str, Any]]]], built: dict[str, Any], rounds: int) -> dict[str, Any]:
    alike, small = _by_page(_of_like_size(answers[scale])), _by_page(_of_like_size(answers[_SMALL]))
    pages = {
        page: figures | {"p95_over_tenth": round(alike[page]["p95_ms"] / small[page]["p95_ms"], 2)}
        for page, figures in _by_page(answers[scale]).items()
    }
    slowest = max(pages, key=lambda page: pages[page]["p95_ms"])
    busiest = max(pages, key=lambda page: pages[page]["queries"])
    grown = max(pages, key=lambda page: pages[page]["p95_over_tenth"])
    _print_table(pages)
    return {
        "bench": "pages",
        "machine": {"cpus": os.cpu_count(), "processor": platform.machine(), "python": platform.python_version()},
        "figures": {"scale": scale, "rounds": rounds, "built": built, "pages": pages},
        "goals": {
            "p95_ms": _goal(pages[slowest]["p95_ms"], MOST_MS, slowest),
            "queries": _goal(pages[busiest]["queries"], MOST_QUERIES, busiest),
            "p95_over_tenth": _goal(pages[grown]["p95_over_tenth"], MOST_RATIO, grown),
        },
    }


def _goal(value: float, most: float, page: str) -> dict[str, Any]:
    return {"value": value, "goal": f"<= {most:g}", "met": value <= most, "page": page}


def _of_like_size(rounds: list[list[dict[str, Any]]]) -> list[list[dict[str, Any]]]:
    """Without the largest organisations of all: a tenth of the country has none that large."""
    return [[answer for answer in answers if not answer["who"].startswith("largest ")] for answers in rounds]


def _by_page(rounds: list[list[dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    """Per page over all persons: the median of the rounds' medians and p95, the most queries and bytes."""
    by_page: dict[str, list[list[dict[str, Any]]]] = defaultdict(list)
    for answers in rounds:
        for page in {answer["page"] for answer in answers}:
            by_page[page].append([answer for answer in answers if answer["page"] == page])
    figures = {}
    for page, turns in sorted(by_page.items()):
        times = [[ms for answer in turn for ms in answer["ms"]] for turn in turns]
        worst = max(turns[-1], key=lambda answer: p95(answer["ms"]))
        figures[page] = {
            "median_ms": round(statistics.median(statistics.median(turn) for turn in times), 1),
            "p95_ms": round(statistics.median(p95(turn) for turn in times), 1),
            "cpu_median_ms": round(statistics.median(ms for turn in turns for answer in turn for ms in answer["cpu_ms"]), 1),
            "queries": max(answer["queries"] for turn in turns for answer in turn),
            "bytes": max(answer["bytes"] for turn in turns for answer in turn),
            "slowest_for": worst["who"],
        }
    return figures


def _print_table(pages: dict[str, dict[str, Any]]) -> None:
    _say(f"{'page':24} {'median':>8} {'p95':>8} {'cpu':>8} {'queries':>8} {'KB':>6} {'x tenth':>8}  slowest for")
    for page, one in sorted(pages.items(), key=lambda item: -item[1]["p95_ms"]):
        _say(
            f"{page:24} {one['median_ms']:8.1f} {one['p95_ms']:8.1f} {one['cpu_median_ms']:8.1f} {one['queries']:8} {one['bytes'] // 1024:6}"
            f" {one['p95_over_tenth']:8.2f}  {one['slowest_for']}"
        )


@contextmanager
def _stages(scales: list[str], keep: Path | None) -> Iterator[dict[str, "subprocess.Popen[str]"]]:
    """A process per scale, in homes that go afterwards unless they are kept."""
    folder = keep.expanduser().resolve() if keep else Path(tempfile.mkdtemp(prefix="dip-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    stages: dict[str, subprocess.Popen[str]] = {}
    try:
        for name in scales:
            stages[name] = _start(name, folder / name)
        yield stages
    finally:
        for name, stage in stages.items():
            if stage.stdin:
                stage.stdin.close()
            try:
                stage.wait(20)
            except subprocess.TimeoutExpired:
                stage.kill()
                stage.wait()
            postgres.stop(folder / name / "postgres")
        if keep is None:
            shutil.rmtree(folder, ignore_errors=True)


def _start(scale: str, home: Path) -> "subprocess.Popen[str]":
    _make_room(home)
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("DIP_", "DATABASE_URL", "DJANGO_"))}
    environ |= {"DIP_HOME": str(home), "DJANGO_SETTINGS_MODULE": "dip.site.settings"}
    log = (home / "bench.log").open("w")
    command = [sys.executable, "-m", "dip.site.bench.pages_stage", scale]
    return subprocess.Popen(command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)


def _make_room(home: Path) -> None:
    """The folder of a stage; what was kept from another shape of tables, marts or demo is thrown away."""
    mark, now = home / "made-by", _shape()
    if home.exists() and (not mark.exists() or mark.read_text() != now):
        postgres.stop(home / "postgres")
        shutil.rmtree(home)
    home.mkdir(parents=True, exist_ok=True)
    mark.write_text(now)


def _shape() -> str:
    """A digest of everything that decides what the built data look like."""
    package = Path(__file__).resolve().parents[2]
    files = [*package.glob("*/migrations/*.py"), *package.glob("warehouse/**/*.py"), *package.glob("site/demo/*.py")]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(files))).hexdigest()


def _ask(stage: "subprocess.Popen[str]", name: str) -> list[dict[str, Any]]:
    if stage.stdin is None:
        raise UnableToMeasure(f"{name} takes no questions")
    stage.stdin.write("measure\n")
    stage.stdin.flush()
    answers: list[dict[str, Any]] = _answer(stage, name)
    wrong = [f"{answer['path']} for the {answer['who']}: {answer['status']}" for answer in answers if answer["status"] != 200]
    if wrong:
        raise UnableToMeasure(f"{name}: these pages did not answer with 200: {'; '.join(wrong)}")
    return answers


def _answer(stage: "subprocess.Popen[str]", name: str) -> Any:
    """The next line of JSON; other lines on standard output are not ours."""
    if stage.stdout is None:
        raise UnableToMeasure(f"{name} gives no answers")
    for line in stage.stdout:
        if line.startswith(("{", "[")) and '"event"' not in line[:2000]:
            return json.loads(line)
    raise UnableToMeasure(f"the stage {name} ended with code {stage.wait()}; read bench.log in its folder (give --keep to have it)")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
