"""How much a text is like the name of a theatre or hall, from 0 to 100; from :data:`SURE` on it is taken to be it."""

from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import fuzz

#: From here on a name is taken to be the one that is meant, when no other comes near.
SURE, MAYBE = 92.0, 60.0
#: What is taken off when the town is another one.
_ELSEWHERE = 25.0
_COMMON = frozenset(
    [
        "theater",
        "theatre",
        "schouwburg",
        "stadsschouwburg",
        "de",
        "het",
        "t",
        "the",
        "le",
        "la",
        "les",
        "l",
        "cultureel",
        "centrum",
        "cultuurcentrum",
        "in",
        "van",
        "en",
    ]
)
_SHORT = {"gz": "grote zaal", "kz": "kleine zaal", "gr zaal": "grote zaal", "kl zaal": "kleine zaal", "mz": "middenzaal", "groot": "grote zaal",
          "klein": "kleine zaal", "grande salle": "grote zaal", "petite salle": "kleine zaal", "main hall": "grote zaal"}  # fmt: skip


def name_score(wanted: str, names: Iterable[str]) -> float:
    """Of a folded text, beside the folded names of one theatre: the best."""
    return max((_score(wanted, name) for name in names), default=0.0)


def place_score(name: float, wanted_city: str, city: str) -> float:
    """The score of a theatre's name with its town beside it; all folded."""
    if not wanted_city or wanted_city == city:
        return name
    alike = fuzz.ratio(wanted_city, city)
    return name - (0.0 if alike >= 90 else _ELSEWHERE)


def hall_score(wanted: str, names: Iterable[str]) -> float:
    """Of a folded text, beside the folded names of one hall."""
    spelt = _SHORT.get(wanted, wanted)
    return max((max(_score(wanted, name), _score(spelt, name)) for name in names), default=0.0)


@lru_cache(maxsize=65_536)
def _score(wanted: str, name: str) -> float:
    if not wanted or not name:
        return 0.0
    if wanted == name:
        return 100.0
    core, own = _core(wanted), _core(name)
    if core and core == own:
        return 90.0 if _kind(wanted) != _kind(name) and _kind(wanted) and _kind(name) else 96.0
    alike = float(fuzz.token_sort_ratio(wanted, name))
    if core and own and (core <= own or own <= core):
        alike = max(alike, 84.0)
    return min(alike, 95.0)


def without_kind(name: str) -> str:
    """A folded name without what kind of house it is: ``without_kind("theater de kade") == "de kade"``."""
    first, _, rest = name.partition(" ")
    return rest if first in ("theater", "theatre", "schouwburg", "stadsschouwburg", "podium") and rest else name


def _kind(text: str) -> frozenset[str]:
    """Schouwburg or theatre: two houses of one town differ by it."""
    words = frozenset(text.replace("theatre", "theater").replace("stadsschouwburg", "schouwburg").split())
    return words & {"theater", "schouwburg"}


def _core(text: str) -> frozenset[str]:
    """The words that tell it from others."""
    return frozenset(text.split()) - _COMMON
