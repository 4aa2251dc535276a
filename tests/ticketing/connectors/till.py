"""A small ticketing system on a real port that answers as pretix does: for failures, drift and traps that the real one cannot be
told to show. Everything in it is invented."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from dip.ticketing.connector import Account

NAMES = {"nl": "Nachttrein", "en": "Night train"}
TOKEN = "a-token-of-the-tests"
RATES = {1: "25.00", 2: "20.00", 3: "0.00"}


@dataclass
class Failure:
    """An answer in place of the next one: ``body`` as sent; ``wait`` seconds before it."""

    status: int
    body: str = "{}"
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0


@dataclass
class Till:
    """What the system knows. Products: 1 admits, with variations 1 normal, 2 CJP, 3 free; 2 is a programme book."""

    account: str = "vlonder"
    dates: list[dict[str, Any]] = field(default_factory=list)
    orders: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    quotas: list[dict[str, Any]] = field(default_factory=list)
    vouchers: dict[int, int] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    before: Callable[[str, dict[str, Any]], None] | None = None
    port: int = 0
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    token: str = TOKEN
    forbidden: set[str] = field(default_factory=set)
    open_also: set[str] = field(default_factory=set)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def as_account(self, **over: Any) -> Account:
        return Account(**{"address": self.address, "account": self.account, "secret": self.token} | over)

    def tick(self, seconds: float = 1.0) -> str:
        self.now += timedelta(seconds=seconds)
        return self.now.isoformat()

    def add_date(self, starts_at: datetime, *, dip_id: str = "", size: int | None = 100, **over: Any) -> int:
        number = len(self.dates) + 1
        date = {
            "id": number, "event": "trein", "name": NAMES, "active": True, "date_from": starts_at.isoformat(), "date_to": None,
            "presale_start": None, "presale_end": None, "location": {"nl": "Grote zaal"}, "meta_data": {"dip_id": dip_id} if dip_id else {},
            "seating_plan": None, "last_modified": self.tick(),
        }  # fmt: skip
        self.dates.append(date | over)
        if size != 0:
            self.add_quota(number, size)
        return number

    def add_quota(self, date: int, size: int | None, variations: tuple[int, ...] = (1, 2, 3), items: tuple[int, ...] = (1,)) -> int:
        number = len(self.quotas) + 1
        self.quotas.append(
            {"id": number, "size": size, "items": list(items), "variations": list(variations), "subevent": date, "closed": False}
        )
        return number

    def change_date(self, number: int, **values: Any) -> None:
        self.dates[number - 1].update(values, last_modified=self.tick())

    def order(self, date: int, *variations: int, status: str = "p", placed: datetime | None = None, **over: Any) -> str:
        """Place an order of these variations; its code."""
        code, moment = f"O{len(self.orders) + 1:04d}", self.tick()
        positions = [position(date, variation, number + 1) for number, variation in enumerate(variations)]
        self.orders.append(
            {"code": code, "event": "trein", "status": status, "testmode": False, "require_approval": False, "sales_channel": "web",
             "datetime": (placed or self.now).isoformat(), "last_modified": moment, "positions": positions, "fees": []} | over
        )  # fmt: skip
        if status in "pn" and not over.get("require_approval"):
            for one in positions:
                self._line(code, one, 1)
        return code

    def change(self, code: str, **values: Any) -> None:
        """Change an order as a whole; one that ends leaves the ledger."""
        order = self.of(code)
        if values.get("status") in ("c", "e") and order["status"] in ("p", "n"):
            for one in order["positions"]:
                if not one["canceled"]:
                    self._line(code, one, -1)
        order.update(values, last_modified=self.tick())

    def cancel_position(self, code: str, number: int) -> None:
        one = self.of(code)["positions"][number - 1]
        one["canceled"] = True
        self._line(code, one, -1)
        self.of(code)["last_modified"] = self.tick()

    def move_position(self, code: str, number: int, date: int) -> None:
        one = self.of(code)["positions"][number - 1]
        self._line(code, one, -1)
        one["subevent"] = date
        self._line(code, one, 1)
        self.of(code)["last_modified"] = self.tick()

    def of(self, code: str) -> dict[str, Any]:
        return next(order for order in self.orders if order["code"] == code)

    def _line(self, code: str, one: dict[str, Any], count: int) -> None:
        values = {name: one[name] for name in ("item", "variation", "subevent", "price", "tax_value")}
        self.lines.append(
            {"id": len(self.lines) + 1, "order": code, "event": "trein", "created": self.tick(0.01), "count": count} | values
        )

    # --- answering ---------------------------------------------------------------------------------------------------------

    def answer(self, path: str, asked: dict[str, list[str]]) -> tuple[int, Any, str | None]:
        """Status, body, and the moment of a list."""
        own = f"organizers/{self.account}/"
        if path == "version":
            return 200, {"pretix": "2026.8.0"}, None
        if not path.startswith(own):
            return 403, {"detail": "no"}, None
        part = path.removeprefix(own)
        if part in self.forbidden:
            return 403, {"detail": "no"}, None
        if part == "":
            return 200, {"name": "Theater De Vlonder", "slug": self.account}, None
        rows = self._rows(part, {name: values[-1] for name, values in asked.items()})
        if rows is None and part.startswith("events/trein/subevents/"):
            return 404, {"detail": "Not found."}, None
        if rows is None:
            return (
                (200, {"count": 0, "next": None, "results": []}, None) if part in self.open_also else (403, {"detail": "no"}, None)
            )
        if isinstance(rows, dict):
            return 200, rows, None
        size, page = int(asked.get("page_size", ["50"])[0]), int(asked.get("page", ["1"])[0])
        moment = self.now.isoformat()
        found = rows[(page - 1) * size : page * size]
        more = f"{self.address}/elsewhere" if len(rows) > page * size else None
        return 200, {"count": len(rows), "next": more, "results": found}, moment

    def _rows(self, part: str, asked: dict[str, str]) -> list[Any] | dict[str, Any] | None:
        simple: dict[str, Any] = {
            "events/": [self._event()], "events/trein/": self._event(), "events/trein/items/": ITEMS,
            "orders/": None, "events/trein/orders/": None, "transactions/": None, "events/trein/transactions/": None,
            "subevents/": None, "events/trein/subevents/": None, "events/trein/quotas/": None,
        }  # fmt: skip
        if part in ("orders/", "events/trein/orders/"):
            return self._orders(asked)
        if part.endswith("transactions/"):
            return self._lines(asked)
        if part.endswith("subevents/"):
            since = asked.get("modified_since") or asked.get("ends_after")
            key = "last_modified" if "modified_since" in asked else "date_from"
            return [one for one in self.dates if since is None or moment(one[key]) >= moment(since)]
        if part.startswith("events/trein/subevents/"):
            return next((one for one in self.dates if part == f"events/trein/subevents/{one['id']}/"), None)
        if part == "events/trein/quotas/":
            return (
                [self._quota(one) for one in self.quotas if str(one["subevent"]) in asked["subevent__in"].split(",")]
                if "subevent__in" in asked
                else []
            )
        if part.endswith("/availability/"):
            return {"blocking_vouchers": self.vouchers.get(int(part.split("/")[3]), 0)}
        return simple.get(part)

    def _event(self) -> dict[str, Any]:
        first = self.dates[0]["date_from"] if self.dates else self.now.isoformat()
        return {"slug": "trein", "name": NAMES, "live": True, "testmode": False, "has_subevents": True, "date_from": first, "date_to": None,
                "location": None, "meta_data": {}, "presale_start": None, "presale_end": None}  # fmt: skip

    def _orders(self, asked: dict[str, str]) -> list[Any]:
        found = [
            one
            for one in self.orders
            if "modified_since" not in asked or moment(one["last_modified"]) >= moment(asked["modified_since"])
        ]
        if "subevent" in asked:
            found = [one for one in found if any(str(p["subevent"]) == asked["subevent"] for p in one["positions"])]
        if "testmode" in asked:
            found = [one for one in found if one["testmode"] == (asked["testmode"] == "true")]
        return sorted(found, key=lambda one: (moment(one[asked.get("ordering", "datetime")]), one["code"]))

    def _lines(self, asked: dict[str, str]) -> list[Any]:
        found = [
            one for one in self.lines if "created_since" not in asked or moment(one["created"]) >= moment(asked["created_since"])
        ]
        if "subevent__in" in asked:
            found = [one for one in found if str(one["subevent"]) in asked["subevent__in"].split(",")]
        return [one for one in found if "item__in" not in asked or str(one["item"]) in asked["item__in"].split(",")]

    def _quota(self, quota: dict[str, Any]) -> dict[str, Any]:
        taken = sum(
            one["subevent"] == quota["subevent"] and one["item"] in quota["items"] and one["variation"] in quota["variations"]
            for order in self.orders if order["status"] in "pn" and not order["testmode"]
            for one in order["positions"] if not one["canceled"]
        )  # fmt: skip
        free = None if quota["size"] is None else max(0, quota["size"] - taken - self.vouchers.get(quota["id"], 0))
        return quota | {"available": free != 0, "available_number": free}


ITEMS = [
    {"id": 1, "name": {"nl": "Rang 1"}, "admission": True, "active": True,
     "variations": [{"id": 1, "value": {"nl": "Normaal"}}, {"id": 2, "value": {"nl": "CJP"}}, {"id": 3, "value": {"nl": "Vrijkaart"}}]},
    {"id": 2, "name": {"nl": "Programmaboekje"}, "admission": False, "active": True, "variations": []},
]  # fmt: skip


def position(date: int, variation: int | None, number: int, **over: Any) -> dict[str, Any]:
    """A position as pretix lists it; variation 0: a programme book."""
    is_book = not variation
    return {
        "positionid": number, "item": 2 if is_book else 1, "variation": None if is_book else variation,
        "price": "4.50" if is_book else RATES[variation], "tax_rate": "9.00", "tax_value": "1.00", "subevent": date, "canceled": False,
        "discount": None, "voucher_budget_use": None,
    } | over  # fmt: skip


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace(" ", "+"))


@contextmanager
def running(till: Till) -> Iterator[Till]:
    """Serve it on a free port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            path, asked = parts.path.removeprefix("/api/v1/"), parse_qs(parts.query)
            till.asked.append(path)
            if till.before:
                till.before(path, asked)
            if till.failures:
                failure = till.failures.pop(0)
                time.sleep(failure.wait)
                self._send(failure.status, failure.body, failure.headers)
                return
            if self.headers.get("Authorization") != f"Token {till.token}":
                self._send(401, json.dumps({"detail": "Invalid token."}), {})
                return
            status, body, generated = till.answer(path, asked)
            self._send(status, json.dumps(body), {"X-Page-Generated": generated} if generated else {})

        def _send(self, status: int, body: str, headers: dict[str, str]) -> None:
            raw = body.encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", "Content-Length": str(len(raw)), **headers}.items():
                self.send_header(name, value)
            with suppress(BrokenPipeError):  # who asked did not wait
                self.end_headers()
                self.wfile.write(raw)

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    till.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield till
    finally:
        server.shutdown()
        server.server_close()
