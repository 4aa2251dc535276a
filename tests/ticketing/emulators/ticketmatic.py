"""An invented Ticketmatic: signed questions, orders by their last update, contacts, and the log of sales. Everything in it is invented."""

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.ticketing.emulators.serving import Emulator

ACCESS, SECRET = "AK-TESTS", "sk-tests-4711"
KINDS = {11: ("Normaal", 27.5), 12: ("CJP", 20.0), 13: ("Vrijkaart", 0.0)}
TYPES = {21: "Rang 1", 22: "Rang 2"}
CHANNELS = {1: {"typeid": 3001, "name": "Kassa"}, 2: {"typeid": 3002, "name": "Webwinkel"}, 3: {"typeid": 3003, "name": "Gids"}}
_SIGNED = re.compile(r"TM-HMAC-SHA256 key=(\S+) ts=(\S+) sign=([0-9a-f]{64})")


@dataclass
class Ticketmatic(Emulator):
    """An order holds its tickets; a ticket that is returned leaves it, and is in the log alone."""

    secret: str = SECRET
    orders: dict[int, dict[str, Any]] = field(default_factory=dict)
    log: list[dict[str, Any]] = field(default_factory=list)
    people: list[dict[str, Any]] = field(default_factory=list)

    @property
    def token(self) -> str:
        return f"{ACCESS}:{self.secret}"

    def add_event(self, starts_at: datetime, *, dip_id: str = "") -> int:
        number = 300 + len(self.events)
        self.events.append(
            {"id": number, "name": "De Vlonder", "startts": self._text(starts_at), "locationname": "Grote zaal", "currentstatus": 19001,
             "salestartts": None, "saleendts": None, "externalcode": "", "c_dipid": dip_id, "lastupdatets": self._text(self.now)}
        )  # fmt: skip
        return number

    def add_customer(self, email: str, **over: Any) -> int:
        number = 50 + len(self.people)
        self.people.append(
            {"id": number, "firstname": "Noor", "lastname": "Dijkema", "email": email, "birthdate": "1987-05-01", "sex": "F",
             "languagecode": "NL", "addresses": [{"street1": "Kadestraat", "zip": "3811 AB", "countrycode": "NL"}]} | over
        )  # fmt: skip
        return number

    def sell(self, event: int, ticket: int, order: int, kind: int, customer: int | None, *, paid: bool = True, **over: Any) -> None:
        held = self.orders.setdefault(order, {
            "orderid": order, "customerid": customer, "createdts": self._text(self.now), "status": 21002, "saleschannelid": 2, "tickets": [],
            "ordercosts": [], "promocodes": [], "amountpaid": 0.0, "totalamount": 0.0,
        })  # fmt: skip
        one = {"id": ticket, "eventid": event, "pricetypeid": kind, "tickettypeid": 22, "price": KINDS[kind][1], "servicecharge": 1.25,
               "accesscontrolstatus": 0, "vouchercodeid": None}  # fmt: skip
        held["tickets"].append(one | over)
        self._note(held, held["tickets"][-1], "sale")
        self._settle(held, paid)

    def pay(self, order: int) -> None:
        self._settle(self.orders[order], True)

    def give_back(self, order: int, ticket: int) -> None:
        held = self.orders[order]
        one = next(one for one in held["tickets"] if one["id"] == ticket)
        held["tickets"].remove(one)
        self._note(held, one, "return")
        self._settle(held, held["amountpaid"] > 0)

    def correct(self, order: int, ticket: int, kind: int) -> None:
        held = self.orders[order]
        next(one for one in held["tickets"] if one["id"] == ticket).update(pricetypeid=kind, price=KINDS[kind][1])
        self._settle(held, held["amountpaid"] > 0)

    def touch(self, order: int) -> None:
        self.orders[order]["lastupdatets"] = self._text(self.now)

    def _settle(self, held: dict[str, Any], paid: bool) -> None:
        total = sum(one["price"] + one["servicecharge"] for one in held["tickets"])
        held.update(totalamount=total, amountpaid=total if paid else 0.0, lastupdatets=self._text(self.now))

    def _note(self, held: dict[str, Any], one: dict[str, Any], what: str) -> None:
        names = ("eventid", "pricetypeid", "tickettypeid", "price", "servicecharge")
        self.log.append(
            {"id": len(self.log) + 1, "ts": self._text(self.now), "orderid": held["orderid"], "ticketid": one["id"], "type": what}
            | {name: one[name] for name in names}
        )

    @staticmethod
    def _text(at: datetime) -> str:
        return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")

    def allows(self, authorization: str) -> bool:
        found = _SIGNED.fullmatch(authorization)
        if found is None:
            return False
        late = abs(datetime.now(UTC) - datetime.fromisoformat(found[2]).replace(tzinfo=UTC))
        signed = hmac.new(self.secret.encode(), f"{ACCESS}{self.account}{found[2]}".encode(), hashlib.sha256).hexdigest()
        return found[1] == ACCESS and late < timedelta(minutes=30) and hmac.compare_digest(signed, found[3])

    def answer(self, path: str, asked: dict[str, str], body: Any) -> tuple[int, Any]:
        own, part = f"/api/1/{self.account}/", path.removeprefix(f"/api/1/{self.account}/")
        if not path.startswith(own):
            return 404, {"message": "no such account"}
        if part == "tools/queries":
            return 200, {"results": self._query(body["query"])}
        rows = self._rows(part, asked)
        if rows is None:
            return 404, {"message": "no such thing"}
        first = int(asked.get("offset", "0"))
        return 200, {"data": rows[first : first + int(asked.get("limit", "100"))], "nbrofresults": len(rows)}

    def _rows(self, part: str, asked: dict[str, str]) -> list[Any] | None:
        if part == "events":
            return self._since([one | {"availability": self._seats(one["id"])} for one in self.events], asked)
        if part == "orders":
            return self._since(sorted(self.orders.values(), key=lambda one: (one["lastupdatets"], one["orderid"])), asked)
        if part == "contacts":
            listed = re.search(r"in \(([\d,]+)\)", asked.get("filter", ""))
            return [one for one in self.people if listed is None or str(one["id"]) in listed[1].split(",")]
        return {
            "settings/pricing/pricetypes": [{"id": key, "name": name} for key, (name, _) in KINDS.items()],
            "settings/ticketsales/tickettypes": [{"id": key, "name": name} for key, name in TYPES.items()],
            "settings/ticketsales/saleschannels": [{"id": key} | row for key, row in CHANNELS.items()],
        }.get(part)

    def _since(self, rows: list[Any], asked: dict[str, str]) -> list[Any]:
        return [one for one in rows if one["lastupdatets"] >= asked.get("lastupdatesince", "")]

    def _tickets(self, event: int) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        return [(held, one) for held in self.orders.values() for one in held["tickets"] if one["eventid"] == event]

    def _seats(self, event: int) -> list[dict[str, Any]]:
        paid = [one for held, one in self._tickets(event) if held["amountpaid"] >= held["totalamount"]]
        free = sum(one["price"] == 0 for one in paid)
        unpaid = len(self._tickets(event)) - len(paid)
        return [{"tickettypeid": 22, "sold_paid": len(paid) - free, "sold_unpaid": unpaid, "complimentary": free, "reserved": 0, "locked_hard": 6,
                 "locked_soft": 0, "free": 294 - len(paid) - unpaid, "total": 300}]  # fmt: skip

    def _query(self, sql: str) -> list[Any]:
        """The two questions that the connector asks."""
        listed = re.search(r"orderid in \(([\d,]+)\)", sql)
        if listed:
            return [row for row in self.log if str(row["orderid"]) in listed[1].split(",")]
        event = int(re.search(r"eventid = (\d+)", sql)[1])
        found: dict[tuple[int, int, int], list[float]] = {}
        for held, one in self._tickets(event):
            if held["amountpaid"] >= held["totalamount"]:
                total = found.setdefault((one["pricetypeid"], one["tickettypeid"], held["saleschannelid"]), [0, 0.0])
                total[0] += 1
                total[1] += one["price"]
        return [
            {"pricetypeid": kind, "tickettypeid": of, "saleschannelid": channel, "tickets": count, "amount": amount}
            for (kind, of, channel), (count, amount) in found.items()
        ]
