"""What a number means, for the definition beside it.

The definitions live one floor up, so that domain hands its lookup in when the program starts; without it a label stands alone.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Meaning:
    """The definition of a metric in one language."""

    code: str
    name: str
    sentence: str
    formula: str
    version: str
    more_is_better: bool | None = None
    url: str = ""


Lookup = Callable[[str], Meaning | None]
_lookups: list[Lookup] = []


def use(lookup: Lookup) -> None:
    """Take the definitions from here on; the last one given counts."""
    _lookups[:] = [lookup]


def meaning(code: str) -> Meaning | None:
    """The definition of the metric in the language of the request, or None when it is unknown."""
    return _lookups[0](code) if _lookups else None
