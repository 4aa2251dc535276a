"""A system that receives webhooks: a real HTTP server in a thread, which answers what the test tells it to."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec


@dataclass
class Received:
    """One call."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        return msgspec.json.decode(self.body)


@dataclass
class Receiver:
    """``answer`` is a status, or tells (status, headers, text) for each call."""

    url: str = ""
    answer: int | Callable[[Received], tuple[int, dict[str, str], str]] = 204
    calls: list[Received] = field(default_factory=list)
    wait: float = 0.0

    def types(self) -> list[str]:
        return [one.event["type"].removeprefix("nl.dip.").removesuffix(".v1") for one in self.calls]


@contextmanager
def receiving(**over: Any) -> Iterator[Receiver]:
    """A receiver that listens on this machine."""
    receiver = Receiver(**over)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            call = Received(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            receiver.calls.append(call)
            time.sleep(receiver.wait)
            told = receiver.answer(call) if callable(receiver.answer) else (receiver.answer, {}, "")
            status, headers, text = told
            try:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())
            except (BrokenPipeError, ConnectionResetError):
                pass

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
