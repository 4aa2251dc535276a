"""Starting and stopping: preparing an installation, the demo, and the processes behind ``dip up``."""

import hashlib
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import distributions
from pathlib import Path
from types import FrameType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from dip.site import postgres
from dip.site.config import read_config
from dip.site.queues import PARTS

console = Console(stderr=True, highlight=False)


def is_embedded_running() -> bool:
    """Whether the embedded server was up before this command (then it is not ours to stop)."""
    config = read_config()
    return config.database_url is not None or (config.home / "postgres" / "postmaster.pid").exists()


def stop_embedded() -> None:
    """Stop the embedded server, when there is one."""
    config = read_config()
    if config.database_url is None:
        from django.db import connections

        connections.close_all()
        postgres.stop(config.home / "postgres")


def progress_bar() -> Progress:
    """Progress of long work, on standard error."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        console=console,
    )


def prepare() -> None:
    """Fonts, scripts, translations, tables, static files: everything between a checkout and a running platform."""
    from django.core.management import call_command

    from dip.web import assets, messages

    steps: list[tuple[str, Callable[[], Any]]] = [
        ("Fonts and scripts", assets.build),
        ("Translations", messages.compile_all),
        ("Database tables", lambda: call_command("migrate", verbosity=0, interactive=False)),
        ("Cache table", lambda: call_command("createcachetable", verbosity=0)),
        ("Static files", lambda: call_command("collectstatic", verbosity=0, interactive=False)),
    ]
    with progress_bar() as bar:
        task = bar.add_task("", total=len(steps))
        for name, step in steps:
            bar.update(task, description=name)
            step()
            bar.advance(task)
        bar.update(task, description="Prepared")
    (read_config().home / "prepared").write_text(_fingerprint())


def is_prepared() -> bool:
    """Whether :func:`prepare` ran for exactly this code, over the embedded database in ``DIP_HOME``."""
    config = read_config()
    stamp = config.home / "prepared"
    return config.database_url is None and stamp.exists() and stamp.read_text() == _fingerprint()


def _fingerprint() -> str:
    package = Path(__file__).resolve().parents[1]
    digest = hashlib.blake2b(sys.version.encode(), digest_size=16)
    for path in sorted(package.rglob("*")):
        if path.is_file() and path.suffix not in {".pyc", ".mo"} and "built" not in path.parts:
            facts = path.stat()
            digest.update(f"{path}{facts.st_size}{facts.st_mtime_ns}".encode())
    digest.update(_versions().encode())
    return digest.hexdigest()


def _versions() -> str:
    return " ".join(sorted(f"{found.name}={found.version}" for found in distributions()))


def ensure_demo(scale: str) -> str:
    """Make the demo sector unless it is there, or bring it up to today; the text with its logins."""
    from dip.kernel.clock import now
    from dip.site.demo import build, freshen, read_report
    from dip.site.demo.terms import SCALES

    logging.getLogger("dip").setLevel(logging.WARNING)  # the bar tells what is going on
    existing = read_report()
    with progress_bar() as bar:
        task = bar.add_task("Demo sector", total=1.0)

        def progress(step: str, share: float) -> None:
            bar.update(task, description=step, completed=share)

        if existing is None:
            existing = build(scale=SCALES[scale], at=now(), progress=progress)
        else:
            freshen(at=now(), progress=progress)
        bar.update(task, completed=1.0)
    return existing.text()


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def run(*, port: int, workers: int, banner: str = "", stop_database: bool | None = None) -> int:
    """Serve until SIGINT or SIGTERM, or until a child ends; the exit code. Children are stopped in order, the database last."""
    if not _is_free(port):
        console.print(f"Port {port} is in use. Stop what runs there, or choose another: --port {port + 1}")
        return 1
    own_database = not is_embedded_running() if stop_database is None else stop_database
    if own_database and read_config().database_url is None:
        postgres.ensure_running(read_config().home / "postgres")
    environ = dict(os.environ)
    environ.setdefault("DIP_BASE_URL", f"http://localhost:{port}")
    environ["PROMETHEUS_MULTIPROC_DIR"] = str(_fresh_folder(read_config().home / "metrics"))
    children = [subprocess.Popen(command, env=environ, start_new_session=True) for command in _commands(port, workers)]
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    try:
        if _wait_until_live(port, children):
            console.print(f"\n{banner}\n{environ['DIP_BASE_URL']}   Ctrl-C stops everything.\n", soft_wrap=True, markup=False)
        while not stopping and all(child.poll() is None for child in children):
            time.sleep(0.2)
        ended = next((child.returncode for child in children if child.poll() is not None), 0)
        if not stopping:
            console.print(f"A process ended by itself with code {ended}; stopping the others.")
    finally:
        _end(children)
        if own_database:
            stop_embedded()
    console.print("Stopped.")
    return 0 if stopping else ended or 1


def _fresh_folder(path: Path) -> Path:
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def _commands(port: int, workers: int) -> list[list[str]]:
    python = sys.executable
    web = [
        python,
        "-m",
        "gunicorn",
        "dip.site.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        str(workers),
        "--worker-class",
        "gthread",
    ]
    return [
        [
            *web,
            "--threads",
            "4",
            "--timeout",
            "60",
            "--max-requests",
            "20000",
            "--max-requests-jitter",
            "2000",
            "--log-level",
            "warning",
        ],
        *(
            [python, "-m", "dip.site.commands", "worker", "--part", part, "--concurrency", str(jobs)]
            for part, jobs in PARTS.items()
        ),
    ]


def _wait_until_live(port: int, children: list[subprocess.Popen[bytes]]) -> bool:
    import httpx

    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and all(child.poll() is None for child in children):
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health/ready", timeout=2).status_code == 200:
                return True
        except httpx.HTTPError:
            time.sleep(0.1)
    return False


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
