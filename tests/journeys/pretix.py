"""A real pretix beside this checkout: started when it is not running, lent to one test process at a time, spoken to over its API."""

import fcntl
import json
import os
import signal
import sqlite3
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

TOOLS = Path(__file__).parents[3] / "shared" / "tools" / "pretix"
HOME = Path(os.environ.get("PRETIX_HOME", Path.home() / ".cache" / "dip-pretix"))
ADDRESS = "http://127.0.0.1:8345"
KINDS = (("Normaal", "32.50"), ("CJP", "22.50"), ("65+", "28.00"), ("Vrijkaart", "0.00"))


@contextmanager
def lent() -> Iterator["Box"]:
    """pretix, for this process alone; a visible skip where it cannot be had."""
    if not TOOLS.exists():
        pytest.skip("the tools that start a real pretix are not beside this checkout")
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "lent").open("w") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        if not _answers():
            subprocess.run([TOOLS / "serve.sh", "4"], check=True, capture_output=True, timeout=600, env=_environ())
        tokens = json.loads((HOME / "tokens.json").read_text())
        found = Box(tokens["organizer"], tokens["admin"], tokens["dip"])
        found.clear_ids()
        yield found


def _answers() -> bool:
    try:
        token = json.loads((HOME / "tokens.json").read_text())["admin"]
        found = httpx.get(f"{ADDRESS}/api/v1/version", headers={"Authorization": f"Token {token}"}, timeout=5)
    except (OSError, httpx.HTTPError, ValueError):
        return False
    return found.status_code == 200


def _environ() -> dict[str, str]:
    """Our own environment without what names our settings: pretix is a Django project too."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("DIP_", "DJANGO_", "PYTHON", "DATABASE"))}


def stop() -> None:
    """Stop the server, by its process, and wait until it is gone."""
    process = int((HOME / "server.pid").read_text())
    os.kill(process, signal.SIGTERM)
    limit = datetime.now(UTC) + timedelta(seconds=5)
    while Path(f"/proc/{process}").exists() and _state_of(process) != "Z":
        time.sleep(0.1)
        if datetime.now(UTC) > limit:
            os.kill(process, signal.SIGKILL)
    (HOME / "server.pid").unlink(missing_ok=True)


def _state_of(process: int) -> str:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def start_again() -> None:
    """Start the server anew over the same data, as the tools start it."""
    environ = _environ() | {"PRETIX_CONFIG_FILE": str(HOME / "pretix.cfg")}
    command = [HOME / "venv/bin/gunicorn", "pretix.wsgi", "-b", "127.0.0.1:8345", "-w", "1", "--threads", "4", "--timeout", "120"]
    with (HOME / "server.log").open("a") as log:
        subprocess.Popen([*command, "--pid", "server.pid"], cwd=HOME, env=environ, stdout=log, stderr=log, start_new_session=True)
    limit = datetime.now(UTC) + timedelta(seconds=60)
    while not _answers():
        time.sleep(0.2)
        assert datetime.now(UTC) < limit, "pretix did not come up"


@dataclass
class Box:
    """The box office of one organizer, with a token that may do everything, and one that may read orders."""

    organizer: str
    admin: str
    reader: str
    event: str = field(default_factory=lambda: f"proef-{uuid.uuid4().hex[:8]}")
    variations: dict[str, int] = field(default_factory=dict)
    item: int = 0
    book: int = 0

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One call with the token that may do everything."""
        headers = {"Authorization": f"Token {self.admin}", "X-Idempotency-Key": uuid.uuid4().hex}
        found = httpx.request(
            method, f"{ADDRESS}/api/v1/organizers/{self.organizer}/{path}", json=body, headers=headers, timeout=60
        )
        assert found.status_code < 300, f"{method} {path}: {found.status_code} {found.text[:400]}"
        return found.json() if found.content else None

    def open_series(self, title: str) -> None:
        """A series of its own for this run: one rank with four kinds, and a programme book."""
        ahead = (datetime.now(UTC) + timedelta(days=30)).isoformat()
        name = {"nl": title}
        self.call("POST", "events/", {
            "name": name, "slug": self.event, "live": False, "testmode": False, "currency": "EUR", "date_from": ahead, "is_public": True,
            "has_subevents": True, "timezone": "Europe/Amsterdam", "meta_data": {}, "plugins": ["pretix.plugins.banktransfer"],
            "location": {"nl": "Kadestraat 1"},
        })  # fmt: skip
        self.call(
            "PATCH",
            f"events/{self.event}/settings/",
            {"locales": ["nl", "en"], "locale": "nl", "payment_banktransfer__enabled": True, "payment_free__enabled": True},
        )
        low = self.call(
            "POST", f"events/{self.event}/taxrules/", {"name": {"nl": "Btw"}, "rate": "9.00", "price_includes_tax": True}
        )["id"]
        rank = self.call("POST", f"events/{self.event}/items/", {
            "name": {"nl": "Rang 1"}, "default_price": "32.50", "tax_rule": low, "admission": True, "active": True, "addons": [], "bundles": [],
            "variations": [{"value": {"nl": kind}, "default_price": price, "active": True, "position": n} for n, (kind, price) in enumerate(KINDS)],
        })  # fmt: skip
        self.item = rank["id"]
        self.variations = {one["value"]["nl"]: one["id"] for one in rank["variations"]}
        self.book = self.call("POST", f"events/{self.event}/items/", {
            "name": {"nl": "Programmaboekje"}, "default_price": "4.50", "tax_rule": low, "admission": False, "active": True, "variations": [],
            "addons": [], "bundles": [],
        })["id"]  # fmt: skip
        # a series needs a quota before it can be live, so each date brings its own

    def clear_ids(self) -> None:
        """Take away the DIP-ids that runs before this one left behind: they mean other performances now."""
        page = 1
        while True:
            found = self.call("GET", f"subevents/?ordering=-id&page={page}")
            for row in found["results"]:
                if row["event"].startswith("proef-") and row["meta_data"].get("dip_id"):
                    path = f"events/{row['event']}/subevents/{row['id']}/"
                    self.call("PATCH", path, {"meta_data": {"dip_id": ""}, "active": False})
            if not found["next"]:
                return
            page += 1

    def go_live(self) -> None:
        """Have the series sell."""
        self.call("PATCH", f"events/{self.event}/", {"live": True})

    def add_date(self, title: str, starts_at: datetime, dip_id: str = "", *, size: int = 60) -> int:
        """A date of the series with its quotas; its number."""
        body = {
            "name": {"nl": title}, "active": True, "is_public": True, "date_from": starts_at.isoformat(), "location": {"nl": "Grote zaal"},
            "item_price_overrides": [], "variation_price_overrides": [], "meta_data": {"dip_id": dip_id} if dip_id else {},
        }  # fmt: skip
        number = int(self.call("POST", f"events/{self.event}/subevents/", body)["id"])
        quotas = (("Rang 1", size, self.item, list(self.variations.values())), ("Boekje", None, self.book, []))
        for name, seats, item, variations in quotas:
            quota = {"name": name, "size": seats, "items": [item], "variations": variations, "subevent": number}
            self.call("POST", f"events/{self.event}/quotas/", quota)
        return number

    def order(self, date: int, *kinds: str, status: str = "p", books: int = 0, voucher: str = "") -> str:
        """An order of these kinds; its code."""
        rows: list[tuple[int, int | None]] = [(self.item, self.variations[kind]) for kind in kinds] + [(self.book, None)] * books
        positions = [
            {"positionid": n, "item": item, "variation": variation, "addon_to": None, "answers": [], "subevent": date}
            | ({"voucher": voucher} if voucher and variation else {})
            for n, (item, variation) in enumerate(rows, 1)
        ]
        body: dict[str, Any] = {
            "email": "koper@example.org", "locale": "nl", "status": status, "sales_channel": "web", "send_email": False, "positions": positions,
            "fees": [{"fee_type": "service", "value": "1.50", "description": "", "internal_type": "", "tax_rule": None}],
            "payment_provider": "banktransfer",
        }  # fmt: skip
        return str(self.call("POST", f"events/{self.event}/orders/", body)["code"])

    def of(self, code: str) -> Any:
        """An order as it stands."""
        return self.call("GET", f"events/{self.event}/orders/{code}/")

    def cancel(self, code: str, fee: str | None = None) -> None:
        """Cancel a whole order, against a fee or not."""
        self.call("POST", f"events/{self.event}/orders/{code}/mark_canceled/", {"send_email": False, "cancellation_fee": fee})

    def cancel_last(self, code: str) -> None:
        """Cancel the last position of an order."""
        last = self.of(code)["positions"][-1]["id"]
        self.call(
            "POST", f"events/{self.event}/orders/{code}/change/", {"cancel_positions": [{"position": last}], "send_email": False}
        )

    def pay(self, code: str) -> None:
        """Note that a pending order was paid."""
        self.call("POST", f"events/{self.event}/orders/{code}/mark_paid/", {"send_email": False})

    def counted(self, date: int) -> dict[str, tuple[int, int, int]]:
        """Straight from its tables: by (status, free or not) tickets, cents and VAT cents of what admits to a date."""
        with sqlite3.connect(f"file:{HOME}/data/db.sqlite3?mode=ro", uri=True, timeout=30) as tables:
            rows = tables.execute(
                """SELECT CASE WHEN o.status = 'n' THEN 'reserved' WHEN p.price = 0 THEN 'free' ELSE 'sold' END, count(*),
                          CAST(round(sum(p.price) * 100) AS int), CAST(round(sum(p.tax_value) * 100) AS int)
                   FROM pretixbase_orderposition p JOIN pretixbase_order o ON o.id = p.order_id JOIN pretixbase_item i ON i.id = p.item_id
                   WHERE p.subevent_id = ? AND i.admission AND NOT p.canceled AND o.status IN ('p', 'n') AND NOT o.testmode GROUP BY 1""",
                [date],
            ).fetchall()
        return {key: (tickets, cents, vat) for key, tickets, cents, vat in rows}
