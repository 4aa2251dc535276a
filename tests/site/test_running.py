"""`dip demo` from nothing: up, a second time quickly with the data kept, and Ctrl-C leaves nothing running."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil
import pytest

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(home: Path) -> dict[str, str]:
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("DIP_", "DATABASE_URL", "DJANGO_SETTINGS", "PYTEST"))
    }
    return {**kept, "DIP_HOME": str(home)}


def start(home: Path, port: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "dip.site.commands", "demo", "--scale", "small", "--port", str(port)]
    return subprocess.Popen(command, env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def seconds_until_ready(process: subprocess.Popen[str], port: int, limit: float) -> float:
    begun = time.monotonic()
    while time.monotonic() - begun < limit:
        assert process.poll() is None, process.stdout.read()
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health/ready", timeout=5).status_code == 200:
                return time.monotonic() - begun
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError(f"not ready after {limit} s")


def left_over(home: Path) -> list[str]:
    found = []
    for process in psutil.process_iter(["pid", "cmdline", "environ"]):
        line = " ".join(process.info["cmdline"] or [])
        if str(home) in line or (process.info["environ"] or {}).get("DIP_HOME") == str(home):
            found.append(line)
    return found


def test_demo_comes_up_keeps_its_data_and_stops_whole(tmp_path):
    home, port = tmp_path / "home", free_port()
    first = start(home, port)
    seconds_until_ready(first, port, 180)
    page = httpx.get(f"http://127.0.0.1:{port}/account/login/")
    assert page.status_code == 200
    first.send_signal(signal.SIGINT)
    output, _ = first.communicate(timeout=30)
    assert f"http://localhost:{port}" in output
    assert left_over(home) == []

    second = start(home, port)
    seconds_until_ready(second, port, 60)
    second.send_signal(signal.SIGTERM)
    again, _ = second.communicate(timeout=30)
    logins = [line for line in output.splitlines() if "@" in line]
    assert logins
    assert [line for line in again.splitlines() if "@" in line] == logins
    assert left_over(home) == []


def test_a_port_in_use_is_named_with_the_remedy(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "dip.site.commands", "up", "--port", str(port)]
        done = subprocess.run(command, env=environment(tmp_path), capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert f"Port {port} is in use" in done.stderr
    assert "--port" in done.stderr


def test_a_wrong_variable_stops_the_start_with_its_name(tmp_path):
    command = [sys.executable, "-m", "dip.site.commands", "migrate"]
    done = subprocess.run(
        command, env={**environment(tmp_path), "DIP_BASE_URL": "nonsense"}, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 2
    assert "DIP_BASE_URL='nonsense'" in done.stderr
    assert "Traceback" not in done.stderr
