"""How good a connection's data are: six parts that add up to a score of 0 to 100, each with what is missing."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from dip.ticketing.rules.pacing import INTERVAL


class Part(StrEnum):
    """What the score is made of."""

    MATCHED = "matched"
    KINDS = "kinds"
    FRESH = "fresh"
    RECONCILED = "reconciled"
    CAPACITY = "capacity"
    VAT = "vat"


#: Points of each part.
POINTS: dict[Part, int] = {
    Part.MATCHED: 30,
    Part.FRESH: 20,
    Part.KINDS: 15,
    Part.RECONCILED: 15,
    Part.CAPACITY: 10,
    Part.VAT: 10,
}
#: Older than this gives no points for freshness.
_STALE = timedelta(hours=24)


class Facts(NamedTuple):
    """What is counted of a connection. Tickets are those of its linked performances to come.

    ``listed``: performances that the system sells and the platform knows, or should by their DIP-id; ``difference``: tickets by which the last nightly
    check differed (None: none was made); ``heard_until``: until when everything was read.
    """

    listed: int = 0
    matched: int = 0
    tickets: int = 0
    mapped_tickets: int = 0
    taxed_tickets: int = 0
    with_capacity: int = 0
    difference: int | None = None
    heard_until: datetime | None = None


class Score(NamedTuple):
    """The share 0..1 of each part that applies, and the whole in points of 100 over those parts; None when none does."""

    total: int | None
    shares: dict[Part, float]


def quality_score(facts: Facts, at: datetime) -> Score:
    """The score. A part that has nothing to judge yet is left out, and the others count for the whole."""
    shares: dict[Part, float] = {}
    if facts.listed:
        shares[Part.MATCHED] = facts.matched / facts.listed
    if facts.heard_until is not None:
        late = at - facts.heard_until - 2 * INTERVAL
        shares[Part.FRESH] = 1.0 if late <= timedelta() else max(0.0, 1 - late / _STALE)
    if facts.tickets:
        shares[Part.KINDS] = facts.mapped_tickets / facts.tickets
        shares[Part.VAT] = facts.taxed_tickets / facts.tickets
    if facts.difference is not None:
        shares[Part.RECONCILED] = (
            max(0.0, 1 - 20 * abs(facts.difference) / facts.tickets) if facts.tickets else float(facts.difference == 0)
        )
    if facts.matched:
        shares[Part.CAPACITY] = facts.with_capacity / facts.matched
    possible = sum(POINTS[part] for part in shares)
    if not possible:
        return Score(None, shares)
    total = int(100 * sum(POINTS[part] * share for part, share in shares.items()) / possible + 0.5)
    perfect = all(share >= 1 for share in shares.values())
    return Score(total if perfect else min(total, 99), shares)
