"""Agreements, surcharges and settlement sheets as other systems read them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dip.contracts.terms.fields import Values


@dataclass(frozen=True, slots=True)
class WirePart:
    """An organisation, theatre or production with its id on the wire; ``kind`` of organisations: Producer or Agency."""

    id: int | str
    name: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class WirePerformance:
    """A performance under an agreement, at local time without offset."""

    number: int
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class WireContract:
    """An agreement as the caller may see it: a theatre the newest version, the provider's side what stands now."""

    id: int
    format: str
    name: str
    status: str
    reject_reason: str
    modified: datetime
    contact_theatre: str
    contact_provider: str
    agency_as_provider: bool
    agency: WirePart | None
    producer: WirePart
    theatre: WirePart
    production: WirePart
    first_date: date
    performances: tuple[WirePerformance, ...]
    values: Values
    parent_id: int
    child_ids: tuple[int, ...]
    rejected: tuple[str, ...]
    """Codes of fields rejected in the newest answer that was sent."""


@dataclass(frozen=True, slots=True)
class SurchargePeriod:
    """Surcharges per ticket in a hall, cents incl. VAT. ``until``: the day before the next period, None while it runs."""

    since: date
    until: date | None
    theatre_cents: int
    consumption_cents: int
    service_cents: int
    wardrobe_cents: int


@dataclass(frozen=True, slots=True)
class HallFees:
    """The periods of a hall, newest first."""

    id: int
    name: str
    periods: tuple[SurchargePeriod, ...]


@dataclass(frozen=True, slots=True)
class TheatreFees:
    """The halls of a theatre that have surcharges."""

    id: int
    name: str
    halls: tuple[HallFees, ...]


@dataclass(frozen=True, slots=True)
class Borderel:
    """The sheet of one performance: members of the wire's object that are calculated, and where it stands."""

    id: int
    contract_id: int
    performance_id: int
    on: date
    status: str
    """estimated, open, confirmed, disputed, signed or paid."""
    number: int
    """Of the settlement; 0 while there is none."""
    modified: datetime | None
    agreed: dict[str, Any]
    calculation: dict[str, int]
