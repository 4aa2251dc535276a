"""Pushing the cumulative figures as a ticketing system, and reading the totals back as a booking system."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from dip.site.replay.register import HANDS, Registered
from dip.site.replay.terms import Remark, Week
from dip.site.replay.wire import UnableToReplay, Wire

#: Rows of one push.
_MOST = 2_000
#: The final figures of a week are stated in the night after it.
_NIGHT = time(4)

Advance = Callable[[int], None]


@dataclass(slots=True)
class Pushed:
    """What became of the pushes: rows that brought news, rows known before, and what the platform told about lines."""

    accepted: int
    unchanged: int
    rejected: int
    remarks: list[Remark]


def push(ticketing: Wire, registered: Sequence[Registered], advance: Advance) -> Pushed:
    """State tickets and recette of every week; the platform recognises what it knows."""
    done = Pushed(0, 0, 0, [])
    rows = list(_rows(registered))
    for start in range(0, len(rows), _MOST):
        some = rows[start : start + _MOST]
        receipt = ticketing.put("/tickets/cumulative", [body for _, body in some])
        done.accepted += receipt["accepted"]
        done.unchanged += receipt["unchanged"]
        done.rejected += receipt["rejected"]
        done.remarks += [
            Remark(
                some[finding["row"]][0].line, f"platform: {finding['code']}", finding["message"], is_left_out=not finding["kept"]
            )
            for finding in receipt["findings"]
        ]
        advance(len(some))
    return done


def _rows(registered: Sequence[Registered]) -> Iterator[tuple[Week, dict[str, Any]]]:
    for one in registered:
        for week, number in zip(one.run.weeks, one.numbers, strict=True):
            told = datetime.combine(week.week_ending + timedelta(days=1), _NIGHT)
            yield (
                week,
                {
                    "production": one.dip_id,
                    "number": number,
                    "updated": told.isoformat(timespec="seconds"),
                    "normal": {"tickets": week.tickets, "recette": week.gross_cents},
                },
            )


def _sales(booking: Wire, dip_id: str) -> list[dict[str, Any]]:
    """Rows per theatre; none when the platform took no figures of the production, which it answers with 400."""
    try:
        rows: list[dict[str, Any]] = booking.get(f"/productions/{dip_id}/sales")
    except UnableToReplay as error:
        if "No sales history" in str(error):
            return []
        raise
    return rows


def read_back(booking: Wire, registered: Sequence[Registered], advance: Advance) -> list[tuple[int, int]]:
    """(tickets, recette in cents) of each production as the platform tells them, in the same order."""

    def read(one: Registered) -> tuple[int, int]:
        rows = _sales(booking, one.dip_id)
        for row in rows:
            inside = row["performances"]
            if (row["tickets"], row["recette"]) != (sum(p["tickets"] for p in inside), sum(p["recette"] for p in inside)):
                raise UnableToReplay(
                    f"/productions/{one.dip_id}/sales: the row of {row['name']} is not the sum of its performances"
                )
        ours = set(one.numbers)
        evenings = [p for row in rows for p in row["performances"] if p["number"] in ours]
        advance(1)
        return sum(p["tickets"] for p in evenings), sum(p["recette"] for p in evenings)

    with ThreadPoolExecutor(HANDS) as hands:
        return list(hands.map(read, registered))
