"""What the desk of the theatre that the demo tells about has in hand: a delivery with verdicts, codes that wait for a decision, a
performance that stays out, and a buyer who asked to be forgotten. All by the platform's own actions."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np

from dip.registry.terms import Access
from dip.site.demo.audience.people import address
from dip.site.demo.audience.sales import Sold
from dip.warehouse.actions.landing import land
from dip.warehouse.actions.removals import erase_buyer, exclude_performance
from dip.warehouse.models import TicketSource

#: Codes of the theatre's own system that nobody has said the meaning of yet, a channel, and an event of its own.
_KINDS, _CHANNEL = ("Vriendenkaart", "Stadspas", "Actie herfst"), "Balie foyer"
_EVENT = "rondleiding/12"
_ROWS = 48
_FORGOTTEN = 4


def add_paperwork(access: Access, source: TicketSource, sold: Sold, at: datetime) -> None:
    """Of the first theatre that delivers."""
    mine = np.flatnonzero((sold.house == 0) & (sold.season == 0) & (sold.gone == 0) & (sold.paid > 30))
    if not len(mine):
        return
    latest = mine[np.argsort(-sold.day[mine], kind="stable")]
    number = int(sold.number[latest[len(latest) // 2]])
    body = "\n".join(json.dumps(row) for row in _rows(number, int(sold.price[latest[len(latest) // 2]]), at)).encode()
    land(access=access, at=at - timedelta(minutes=3), source=source, delivery_id="correction foyer", body=body)
    over = np.flatnonzero((sold.house == 0) & (sold.season == -1) & (sold.gone == 0) & (sold.paid > 0))
    if len(over):
        smallest = over[np.argmin(sold.paid[over])]
        exclude_performance(access=access, at=at - timedelta(minutes=2), number=int(sold.number[smallest]))
    erase_buyer(access=access, at=at - timedelta(minutes=2), email=address(0, _FORGOTTEN))


def _rows(number: int, cents: int, at: datetime) -> Iterator[dict[str, object]]:
    """Tickets sold in the foyer; a few of them cannot be taken in, others carry codes of the system's own."""
    for n in range(_ROWS):
        moment = at - timedelta(hours=2 + n % 5, minutes=n)
        row: dict[str, object] = {
            "ticket": f"F{n:04d}", "order": f"F{n // 2:04d}", "performance": str(number), "state": "sold",
            "changed_at": moment.isoformat(), "sold_at": moment.isoformat(), "price_cents": cents, "kind": "normal",
            "channel": "box_office", "email": address(0, 10 + n // 2), "postcode": "3811 AB", "consent": "statistics",
        }  # fmt: skip
        if n % 5 == 1:
            row |= {"kind": "", "source_kind": _KINDS[n // 5 % len(_KINDS)], "price_cents": cents * 8 // 10}
        if n % 6 == 2:
            row["channel"] = _CHANNEL
        if n % 8 == 3:
            row |= {"performance": "", "event": _EVENT}
        yield row | _wrong(n)


def _wrong(n: int) -> dict[str, object]:
    """What is wrong with a row: most have nothing."""
    wrong: dict[int, dict[str, object]] = {
        7: {"performance": "999999999"}, 15: {"changed_at": "gisteren"}, 23: {"state": "maybe"}, 24: {"postcode": "38"},
        31: {"performance": "999999998"}, 33: {"price_cents": -5}, 40: {"email": "geen adres"}, 45: {"sold_at": "2026-13-41"},
    }  # fmt: skip
    return wrong.get(n, {})
