"""What the demo's agreements say and how far each of them is: terms in the mix that agencies know, fates by the day of playing. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

import numpy as np

from dip.contracts.terms.fields import Tranche

DAY = timedelta(days=1)


class Fate(StrEnum):
    """How far an agreement is; the last seven are approved, and their performances were played."""

    CONCEPT = "concept"
    PROPOSED = "proposed"
    REJECTED = "rejected"
    APPROVED = "approved"
    SECOND = "second"
    """Approved after a rejection: two versions."""
    REVISED = "revised"
    """Approved, and a revision was approved in its place."""
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    OPEN = "open"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    ANSWERED = "answered"
    """Disputed, answered, and confirmed again."""
    SIGNED = "signed"
    PAID = "paid"
    REOPENED = "reopened"


PLAYED = (Fate.OPEN, Fate.CONFIRMED, Fate.DISPUTED, Fate.ANSWERED, Fate.SIGNED, Fate.PAID, Fate.REOPENED)
BINDING = (Fate.APPROVED, Fate.SECOND, Fate.REVISED, *PLAYED)
#: For the organisations that people sign in for: each of these once, as far as the calendar allows, before chance decides.
COMING_FIRST = (
    Fate.PROPOSED, Fate.REJECTED, Fate.CONCEPT, Fate.SECOND, Fate.PROPOSED, Fate.REVISED, Fate.APPROVED, Fate.REJECTED, Fate.PROPOSED,
    Fate.EXPIRED, Fate.CONCEPT, Fate.WITHDRAWN,
)  # fmt: skip
PLAYED_FIRST = (Fate.CONFIRMED, Fate.DISPUTED, Fate.SIGNED, Fate.OPEN, Fate.ANSWERED, Fate.PAID, Fate.REOPENED)
FORMATS_FIRST = ("partage", "buyout", "partage", "volume", "partage", "suppletion", "partage", "rent")
_FORMATS, _SHARES = ("partage", "buyout", "volume", "suppletion", "rent"), (0.92, 0.07, 0.006, 0.002, 0.002)
#: By days until the performance: from which day, and what is likely.
_COMING: tuple[tuple[int, Mapping[Fate, float]], ...] = (
    (120, {Fate.APPROVED: 0.45, Fate.PROPOSED: 0.2, Fate.CONCEPT: 0.16, Fate.REJECTED: 0.06, Fate.SECOND: 0.08, Fate.EXPIRED: 0.03, Fate.WITHDRAWN: 0.02}),
    (30, {Fate.APPROVED: 0.66, Fate.SECOND: 0.15, Fate.PROPOSED: 0.1, Fate.REJECTED: 0.04, Fate.REVISED: 0.03, Fate.CONCEPT: 0.02}),
    (0, {Fate.APPROVED: 0.76, Fate.SECOND: 0.16, Fate.REVISED: 0.05, Fate.PROPOSED: 0.03}),
)  # fmt: skip
#: By days since the performance.
_PAST: tuple[tuple[int, Mapping[Fate, float]], ...] = (
    (60, {Fate.PAID: 0.93, Fate.SIGNED: 0.05, Fate.REOPENED: 0.02}),
    (28, {Fate.PAID: 0.7, Fate.SIGNED: 0.2, Fate.DISPUTED: 0.03, Fate.REOPENED: 0.03, Fate.CONFIRMED: 0.04}),
    (12, {Fate.SIGNED: 0.5, Fate.CONFIRMED: 0.22, Fate.ANSWERED: 0.06, Fate.DISPUTED: 0.08, Fate.PAID: 0.08, Fate.OPEN: 0.06}),
    (6, {Fate.CONFIRMED: 0.45, Fate.SIGNED: 0.2, Fate.OPEN: 0.3, Fate.DISPUTED: 0.05}),
    (1, {Fate.OPEN: 1.0}),
)
#: Days after the last performance between which each is wanted.
_WANTED: Mapping[Fate, tuple[int, int]] = {
    Fate.OPEN: (1, 8), Fate.CONFIRMED: (4, 16), Fate.DISPUTED: (6, 30), Fate.ANSWERED: (7, 40), Fate.SIGNED: (7, 60), Fate.PAID: (14, 90),
    Fate.REOPENED: (14, 80),
}  # fmt: skip


def fate_of(rng: np.random.Generator, first: date, last: date, today: date, wanted: list[Fate]) -> Fate:
    """How far an agreement over these days is. What is ``wanted`` goes first, and is struck off."""
    since = (today - last).days
    if since < 1 and first <= today:
        return Fate.APPROVED  # in the middle of its run
    for fate in wanted:
        if _WANTED[fate][0] <= since <= _WANTED[fate][1] if fate in PLAYED else since < 0:
            wanted.remove(fate)
            return fate
    days, table = (since, _PAST) if since > 0 else (-since, _COMING)
    chances = next(chances for start, chances in table if days >= start)
    return list(chances)[int(rng.choice(len(chances), p=_normal(list(chances.values()))))]


def _normal(weights: Sequence[float]) -> np.ndarray:
    found = np.array(weights)
    return found / found.sum()


def format_for(rng: np.random.Generator, wanted: list[str]) -> str:
    """The format of an agreement; what is wanted goes first."""
    return wanted.pop(0) if wanted else _FORMATS[int(rng.choice(len(_FORMATS), p=_normal(_SHARES)))]


@dataclass(frozen=True, slots=True)
class House:
    """What a theatre brings in: seats by rank of its largest evening, what a ticket costs on average, its surcharges."""

    ranks: tuple[int, ...]
    ticket_cents: int
    surcharges: Mapping[str, int]
    evenings: int
    has_framework: bool


_REMARKS = (
    "", "", "", "Laden en lossen via de achterzijde, vanaf 10.00 uur.", "Inclusief inleiding van 20 minuten, 19.15 uur.",
    "De foyer blijft na afloop een uur open.", "Rolstoelplaatsen vervallen niet bij uitverkoop.",
)  # fmt: skip


def terms_of(rng: np.random.Generator, format_code: str, house: House) -> dict[str, Any]:
    """Terms of a format as a provider would fill them in for this house."""
    price = max(round(house.ticket_cents * 1.06 / 50) * 50, 900)
    entrance = tuple(max(price - 350 * rank, 700) for rank in range(max(len(house.ranks), 1)))
    fee = house.surcharges.get("theatre_surcharge", 0)
    full = sum(seats * cents for seats, cents in zip(house.ranks, entrance, strict=False)) or 600_000
    values: dict[str, Any] = {
        "entrance_prices": entrance,
        "settlement_prices": tuple(max(cents - fee, 0) for cents in entrance),
        **house.surcharges,
        "framework_applies": house.has_framework,
        "theatre_technicians": int(rng.integers(2, 7)),
        "provider_technicians": int(rng.integers(1, 5)),
        "free_tickets": int(rng.integers(2, 6)) * 2,
        "publicity": int(rng.integers(0, 5)) * 15_000 or None,
        "remarks": _REMARKS[int(rng.integers(len(_REMARKS)))],
    }
    if format_code != "rent":
        values |= {"royalties_percentage": Decimal(int(rng.choice((10, 11, 12, 12, 12, 13, 14))))}
    if format_code not in ("rent", "buyout"):
        values["royalties_add_part"] = bool(rng.random() < 0.6)
    return values | _share(rng, format_code, full * 85 // 109, house.evenings)


def _share(rng: np.random.Generator, format_code: str, net: int, evenings: int) -> dict[str, Any]:
    """What is agreed on the net; ``net``: of a sold-out evening, roughly, in cents."""
    if format_code == "buyout":
        return {"buyout_amount": _round(net * 0.55 * evenings)}
    if format_code == "rent":
        return {"rent": _round(net * 0.22 * evenings), "other_charges": _round(net * 0.04 * evenings)}
    if format_code == "suppletion":
        floor = _round(net * 0.5)
        return {"provider_percentage": Decimal(75), "suppletion_warranty": floor, "suppletion": _round(floor * 0.5)}
    if format_code == "volume":
        first = _round(net * 0.35 * evenings)
        steps = (Tranche(first, Decimal(100)), Tranche(first * 2, Decimal(70)), Tranche(None, Decimal(50)))
        return {"tranches": steps, "shared_costs": _round(net * 0.03 * evenings)}
    share = {"provider_percentage": Decimal(int(rng.choice((80, 80, 80, 80, 75, 85, 70))))}
    chance = rng.random()
    if chance < 0.45:
        return share | {
            "provider_guarantee": _round(net * float(rng.uniform(0.3, 0.52))),
            "guarantee_per_performance": chance < 0.36,
        }
    return share | ({"theatre_guarantee": _round(net * 0.08)} if chance < 0.5 else {})


def _round(cents: float) -> int:
    """To whole amounts of € 250."""
    return max(round(cents / 25_000), 1) * 25_000


def cheaper(values: Mapping[str, Any]) -> tuple[str, dict[str, Any], Any]:
    """What a theatre finds too high: the field, the terms before with that field higher, and what it would accept."""
    for code in ("provider_guarantee", "buyout_amount", "suppletion_warranty", "rent"):
        if values.get(code):
            return code, {**values, code: _round(values[code] * 1.2)}, values[code]
    if values.get("publicity"):
        return "publicity", {**values, "publicity": values["publicity"] + 15_000}, values["publicity"]
    return "free_tickets", {**values, "free_tickets": values["free_tickets"] + 6}, values["free_tickets"]


REASONS = {
    "provider_guarantee": "Te hoog voor een doordeweekse avond.",
    "buyout_amount": "Bij deze zaalgrootte komen wij niet uit.",
    "suppletion_warranty": "Zo dragen wij al het risico.",
    "rent": "Ons jaartarief is lager.",
    "publicity": "Onze standaard is lager.",
    "free_tickets": "Wij geven er minder weg.",
}


@dataclass(slots=True)
class Moments:
    """When what happened; None for what did not."""

    drafted: datetime
    proposed: list[datetime] = field(default_factory=list)
    answered: list[datetime] = field(default_factory=list)
    revised: datetime | None = None


def moments_of(rng: np.random.Generator, fate: Fate, first: date, at: datetime, noon: datetime) -> Moments:
    """The course up to the agreement, all of it before ``at``. ``noon``: of the day of the first performance."""
    hour = timedelta(hours=int(rng.integers(-3, 5)), minutes=int(rng.integers(60)))
    if fate in (Fate.CONCEPT, Fate.PROPOSED, Fate.REJECTED):
        proposed = at - int(rng.integers(1, 9)) * DAY + min(hour, timedelta())
        drafted = proposed - int(rng.integers(1, 6)) * DAY
        if fate is Fate.CONCEPT:
            return Moments(proposed)
        answered = proposed + (at - proposed) * float(rng.uniform(0.3, 0.8))
        return Moments(drafted, [proposed], [answered] if fate is Fate.REJECTED else [])
    back = int(rng.integers(110, 210))
    begin = min(noon - back * DAY, at - int(rng.integers(38, 60)) * DAY) + hour
    proposed, answered = begin + 2 * DAY, begin + int(rng.integers(4, 12)) * DAY
    if fate is Fate.SECOND:
        again = answered + int(rng.integers(1, 5)) * DAY
        return Moments(begin, [proposed, again], [answered, again + int(rng.integers(1, 6)) * DAY])
    if fate in (Fate.EXPIRED, Fate.WITHDRAWN):
        return Moments(begin, [proposed], [])
    revised = answered + int(rng.integers(6, 14)) * DAY if fate is Fate.REVISED else None
    return Moments(begin, [proposed], [answered], revised)
