"""Two axes of segments with fixed rules that are never fitted again: the stage of a buyer, and the taste.

A *visit* is a performance for which the buyer holds at least one ticket that was sold, on the day of the performance. Days are
numbered since 1970. Nothing earlier than :data:`LOOK_BACK` days counts.
"""

import re

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.uint8]

#: Twelve months, and the window outside which nothing is looked at: 36 months.
YEAR, LOOK_BACK = 365, 3 * 365
#: Names of the codes; 0 is nobody: no visit within the window.
STAGES = ("none", "new", "occasional", "regular", "core", "away", "dormant")
NEW, OCCASIONAL, REGULAR, CORE, AWAY, DORMANT = range(1, 7)
#: Visits in twelve months that make a regular, make a core visitor, and keep one.
REGULAR_FROM, CORE_FROM, CORE_STAYS = 2, 4, 3

#: Names of the codes; 0 is unclassified: no visit to a production with a taste.
TASTES = ("unclassified", "family", "show", "theatre", "classical", "cabaret", "omnivore")
FAMILY, SHOW, THEATRE, CLASSICAL, CABARET, OMNIVORE = range(1, 7)
#: Tastes that a production can have; the omnivore is who visits them all.
KINDS = 5
PSEUDO_VISITS = 2.0
#: A present label stays until another has this many times its share.
STAYS_UNTIL = 1.25
#: An omnivore visits so many kinds, and none of them takes this share.
OMNIVORE_KINDS, OMNIVORE_SHARE = 3, 0.5

_GENRES = {"theatre": THEATRE, "dance": THEATRE, "music-theatre": SHOW, "music": CABARET, "cabaret": CABARET}
_FAMILY = re.compile(
    r"(?<!\d)(?:[2-9]|1[0-2])\+|\b(?:familie|kinder|jeugd|peuter|kleuter|family|famille|jeune public)", re.IGNORECASE
)
_CLASSICAL = re.compile(
    r"\b(?:opera|opéra|klassiek|symf|symph|filharmoni|philharmoni|orkest|orchest|kwartet|quatuor|quartet|concerto|requiem|passion|cantate)",
    re.IGNORECASE,
)
_SHOW = re.compile(r"\b(?:musical|show|circus|revue)\b", re.IGNORECASE)


def taste_of(genre: str, title: str = "") -> int:
    """The kind of a production: what its title tells (an age "4+", "opera", "musical"), else its national genre; 0 for other.

    >>> taste_of("theatre", "Het bos van Noor (4+)"), taste_of("music-theatre", "Opera aan zee"), taste_of("cabaret", "Alles blijft")
    (1, 4, 5)
    """
    if _FAMILY.search(title):
        return FAMILY
    if genre in ("music", "music-theatre") and _CLASSICAL.search(title):
        return CLASSICAL
    if genre in ("music", "music-theatre", "other") and _SHOW.search(title):
        return SHOW
    return _GENRES.get(genre, 0)


def stages(first: Ints, last: Ints, visits: Ints, on: int, before: Codes | None = None) -> Codes:
    """The stage of each buyer on day ``on``.

    ``first`` and ``last``: days of the first and last visit up to ``on`` that the look-back window holds; ``visits``: visits in the
    twelve months that end on ``on``; ``before``: the stage at the last reckoning, 0 for none, which only matters to who was core.
    """
    ago = on - last
    was_core = np.zeros(len(last), dtype=bool) if before is None else before == CORE
    answer = np.zeros(len(last), dtype=np.uint8)
    answer[ago < LOOK_BACK] = DORMANT
    answer[ago < 2 * YEAR] = AWAY
    here = (ago < YEAR) & (visits > 0)
    answer[here] = OCCASIONAL
    answer[here & (on - first < YEAR)] = NEW
    answer[here & (visits >= REGULAR_FROM)] = REGULAR
    answer[here & ((visits >= CORE_FROM) | (was_core & (visits >= CORE_STAYS)))] = CORE
    answer[ago < 0] = 0
    return answer


def market_shares(visits: Ints) -> Floats:
    """The market average: which part of all visits went to each of the five kinds. ``visits``: visits per kind, of all buyers."""
    total = float(visits.sum())
    return visits / total if total else np.full(len(visits), 1 / len(visits))


def tastes(visits: Ints, market: Floats, before: Codes | None = None) -> Codes:
    """The taste of each buyer. ``visits``: buyers × five kinds, within the look-back window; ``market``: :func:`market_shares`.

    The share of a kind is (visits + 2 × market share) ÷ (all visits + 2); only kinds that were visited compete. Who visited three
    kinds or more competes as omnivore, with the share .5. ``before``, the present label, stays unless another has 1.25 times its share.
    """
    totals = visits.sum(axis=1)
    scores = np.zeros((len(visits), OMNIVORE))
    scores[:, :KINDS] = np.where(visits > 0, (visits + PSEUDO_VISITS * market) / (totals[:, None] + PSEUDO_VISITS), 0.0)
    scores[:, OMNIVORE - 1] = np.where((visits > 0).sum(axis=1) >= OMNIVORE_KINDS, OMNIVORE_SHARE, 0.0)
    best = scores.argmax(axis=1)
    rows = np.arange(len(visits))
    if before is not None:
        present = np.maximum(before.astype(np.int64) - 1, 0)
        stays = (before > 0) & (scores[rows, present] > 0) & (scores[rows, best] < STAYS_UNTIL * scores[rows, present])
        best = np.where(stays, present, best)
    return np.where(totals > 0, best + 1, 0).astype(np.uint8)


def counts(codes: Codes, names: tuple[str, ...]) -> Ints:
    """How many have each code, the first name's too."""
    return np.bincount(codes, minlength=len(names)).astype(np.int64)
