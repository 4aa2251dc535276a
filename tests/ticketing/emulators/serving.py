"""A real HTTP server around an invented ticketing system: failures on demand, a clock of its own, everything asked remembered."""

import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Emulator(ABC):
    """What every invented system has; ``failures`` are statuses given in place of the next answers."""

    account: str = "vlonder"
    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    port: int = 0
    failures: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def tick(self, seconds: int = 1) -> datetime:
        self.now += timedelta(seconds=seconds)
        return self.now

    @abstractmethod
    def allows(self, authorization: str) -> bool: ...

    @abstractmethod
    def answer(self, path: str, asked: dict[str, str], body: Any) -> tuple[int, Any]: ...


@contextmanager
def running(emulator: Any) -> Iterator[Any]:
    """Serve it on a free port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def date_time_string(self, timestamp: float | None = None) -> str:
            return format_datetime(emulator.now, usegmt=True)

        def do_GET(self, body: Any = None) -> None:
            parts = urlsplit(self.path)
            emulator.asked.append(parts.path)
            if emulator.failures:
                status, found = emulator.failures.pop(0), {"message": "later"}
            elif not emulator.allows(self.headers.get("Authorization", "")):
                status, found = 401, {"message": "who are you"}
            else:
                status, found = emulator.answer(
                    parts.path, {name: values[-1] for name, values in parse_qs(parts.query).items()}, body
                )
            raw = json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            with suppress(BrokenPipeError):
                self.end_headers()
                self.wfile.write(raw)

        def do_POST(self) -> None:
            self.do_GET(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    emulator.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield emulator
    finally:
        server.shutdown()
        server.server_close()
