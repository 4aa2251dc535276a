"""Figures that a small maker types: who may, what the five fields mean, and amounts as people write them."""

import re
from enum import StrEnum
from typing import NamedTuple

from dip.registry.terms import Access, Level, Module
from dip.ticketing.terms import Figures

#: More than any evening brings in, in cents: beyond it a separator was misread.
MOST_CENTS = 100_000_000


class Hurdle(StrEnum):
    """Why figures of a performance cannot be typed by somebody."""

    NO_RIGHT = "no_right"
    NOT_PUBLISHED = "not_published"
    CANCELLED = "cancelled"
    COUPLED = "coupled"
    HOUSE_RUNS = "house_runs"
    ONLY_SEES = "only_sees"


class Standing(NamedTuple):
    """What decides: who runs the house, whether its system delivers, whose production it is, and whether it is played."""

    is_published: bool
    is_cancelled: bool
    is_coupled: bool
    house_id: int | None
    producer_id: int
    agency_id: int | None


def hurdle(access: Access, standing: Standing) -> Hurdle | None:
    """Why this access cannot type figures of the performance, if so.

    One party states the figures of a house, or two would contradict each other: its system where one delivers, else the
    organisation that runs it; where nobody on the platform does, the production's producer or agency.
    """
    if not access.allows(Module.SALES, Level.MANAGE):
        return Hurdle.NO_RIGHT
    if standing.is_cancelled:
        return Hurdle.CANCELLED
    if not standing.is_published:
        return Hurdle.NOT_PUBLISHED
    if standing.is_coupled:
        return Hurdle.COUPLED
    if access.is_taker:
        return None if standing.house_id == access.organisation_id else Hurdle.HOUSE_RUNS
    if standing.house_id not in (None, access.organisation_id):
        return Hurdle.HOUSE_RUNS
    if access.is_provider and access.organisation_id in (standing.producer_id, standing.agency_id):
        return None
    return Hurdle.ONLY_SEES


def light_figures(normal: int, discount: int, free: int, recette_cents: int) -> Figures:
    """Ticket figures of one state. People know one amount: it is spread over normal and discount tickets by their number, and the
    sum stays what was typed. ``light_figures(30, 10, 4, 100001)[4:] == (75001, 25000, 0, 0)``."""
    paid = normal + discount
    discount_cents = recette_cents * discount // paid if paid else 0
    return (normal, discount, free, 0, recette_cents - discount_cents, discount_cents, 0, 0)


def read_euros(text: str) -> int | None:
    """Cents of an amount as people write it: ``1.234,50``, ``1234.5``, ``€ 1 234``; None when it is no amount.

    One separator with three digits behind it parts thousands; else the last one parts the cents.
    """
    plain = re.sub(r"[\s€\u00a0\u202f]", "", text)
    if not re.fullmatch(r"\d{1,9}([.,]\d{3})*([.,]\d{1,2})?", plain):
        return None
    found = re.search(r"[.,](\d{1,2})$", plain)
    fraction = found[1] if found else ""
    whole = re.sub(r"\D", "", plain[: found.start()] if found else plain)
    return int(whole) * 100 + int(fraction.ljust(2, "0") or 0)
