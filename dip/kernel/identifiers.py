"""National identifiers: the DIP-id of a production and of a performance, and how either is read back."""

import re
from dataclasses import dataclass

_PRODUCTION = re.compile(r"^NL-(\d{2})-(\d{3,5})-(\d{5,7})$")
_PERFORMANCE = re.compile(r"^(NL-\d{2}-\d{3,5}-\d{5,7})\|(\d{1,9})$")


@dataclass(frozen=True, slots=True)
class PerformanceRef:
    """A DIP-id taken apart: the production's national id and the performance's national number."""

    production: str
    number: int


def production_dip_id(season_year: int, producer_number: int, serial: int) -> str:
    """The national id of a production: ``NL-26-00123-00279``."""
    return f"NL-{season_year % 100:02d}-{producer_number:05d}-{serial:05d}"


def performance_dip_id(production: str, number: int) -> str:
    """What a theatre puts in its ticketing system: ``NL-26-00123-00279|104512``."""
    return f"{production}|{number}"


def is_production_dip_id(text: str) -> bool:
    """Whether the text has the form of a production's national id; lengths vary, so it stays a string."""
    return bool(_PRODUCTION.match(text))


def parse_performance_dip_id(text: str) -> PerformanceRef | None:
    """The parts of a performance's DIP-id, or None when the text has another form."""
    found = _PERFORMANCE.match(text.strip())
    return PerformanceRef(found[1], int(found[2])) if found else None
