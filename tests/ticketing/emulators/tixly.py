"""An invented Tixly: a ledger of signed rows, customers by the moment they changed, pages by a link. Everything in it is invented."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from tests.ticketing.emulators.serving import Emulator

TOKEN = "a-token-of-the-tests"
PRICES = {"Normaal": 27.5, "CJP": 20.0, "Vrijkaart": 0.0}


@dataclass
class Tixly(Emulator):
    """``repeats``: the last row of a page comes once more on the next one, as it does while rows are added."""

    token: str = TOKEN
    ledger: list[dict[str, Any]] = field(default_factory=list)
    people: list[dict[str, Any]] = field(default_factory=list)
    page_size: int = 500
    repeats: bool = False

    def add_event(self, starts_at: datetime, *, dip_id: str = "") -> int:
        number = 700 + len(self.events)
        self.events.append(
            {"Id": number, "Name": "De Vlonder", "StartDate": starts_at.isoformat(), "Hall": "Grote zaal", "Capacity": 300, "Allocated": 4,
             "BlockedAllocated": 2, "Reserved": 3, "Vat": 9, "ExternalId": dip_id}
        )  # fmt: skip
        return number

    def add_customer(self, email: str, **over: Any) -> int:
        number = 50 + len(self.people)
        self.people.append(
            {"Id": number, "FirstName": "Noor", "LastName": "Dijkema", "Email": email, "ZipCode": "3811 AB", "City": "Vlonder", "Country": "NL",
             "DateOfBirth": "1987-05-01T00:00:00", "Gender": "F", "Phone": "06-12345678", "Changed": self.now.isoformat()} | over
        )  # fmt: skip
        return number

    def sell(self, event: int, ticket: int, order: int, kind: str, customer: int | None, **over: Any) -> None:
        self._line(event, ticket, order, kind, customer, 1, PRICES[kind], over)

    def give_back(self, ticket: int) -> None:
        """A row that takes the newest sale of the ticket back."""
        last = [one for one in self.ledger if one["TicketId"] == ticket][-1]
        self.ledger.append(
            last | {"Id": self._next(), "TicketCount": -1, "Price": -last["Price"], "Created": self.now.isoformat(), "Edited": None}
        )

    def correct(self, ticket: int, kind: str) -> None:
        """A return and a new sale of the same ticket, in one second."""
        last = [one for one in self.ledger if one["TicketId"] == ticket][-1]
        self.give_back(ticket)
        self._line(last["EventId"], ticket, last["OrderId"], kind, last["CustomerId"], 1, PRICES[kind], {})

    def _next(self) -> int:
        return 9000 + len(self.ledger)

    def _line(
        self, event: int, ticket: int, order: int, kind: str, customer: int | None, count: int, price: float, over: Any
    ) -> None:
        self.ledger.append(
            {"Id": self._next(), "TicketId": ticket, "OrderId": order, "EventId": event, "CustomerId": customer,
             "IsAnonymousSale": customer is None, "TicketCount": count, "TicketType": kind, "PriceZone": "Rang 2", "Price": price, "Fee": 1.25,
             "Online": True, "SkinID": 1, "SubscriptionTypeId": None, "Created": self.now.isoformat(), "Edited": None, "Scanned": False,
             "Section": "Parterre", "Row": "7", "Seat": "12"} | over
        )  # fmt: skip

    def allows(self, authorization: str) -> bool:
        return authorization == f"Bearer {self.token}"

    def answer(self, path: str, asked: dict[str, str], body: Any) -> tuple[int, Any]:
        own = f"/api/{self.account}/"
        rows = {"events": self._events, "events/sales": self._sales, "customers": self._customers}.get(path.removeprefix(own))
        if not path.startswith(own) or rows is None:
            return 404, {"message": "no such thing"}
        found, size = rows(asked), min(int(asked.get("pageSize", "500")), self.page_size)
        first = int(asked.get("skip", "0"))
        some, following = found[first : first + size], None
        if first + size < len(found):
            skip = first + size - (self.repeats and size > 1)
            following = f"{self.address}{path}?{urlencode(asked | {'skip': skip})}"
        return 200, {"Items": some, "Next": following}

    def _events(self, _asked: dict[str, str]) -> list[Any]:
        sold = {one["Id"]: sum(row["TicketCount"] for row in self.ledger if row["EventId"] == one["Id"]) for one in self.events}
        return [one | {"Sold": sold[one["Id"]]} for one in self.events]

    def _sales(self, asked: dict[str, str]) -> list[Any]:
        first, last = (moment(asked[name]) if name in asked else None for name in ("SoldFrom", "SoldTo"))
        return [
            row
            for row in self.ledger
            if (first is None or moment(row["Created"]) >= first)
            and (last is None or moment(row["Created"]) < last)
            and str(row["EventId"]) == asked.get("EventId", str(row["EventId"]))
        ]

    def _customers(self, asked: dict[str, str]) -> list[Any]:
        first = moment(asked["DateFrom"]) if "DateFrom" in asked else datetime(1970, 1, 1, tzinfo=UTC)
        return [one for one in self.people if moment(one["Changed"]) >= first]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace(" ", "+"))


def starts(emulator: Emulator) -> datetime:
    return (emulator.now + timedelta(days=40)).replace(hour=19, minute=15, second=0)
