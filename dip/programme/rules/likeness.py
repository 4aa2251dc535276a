"""Which entries look like one: names forgiven, towns and addresses compared. Bounded: only within a town, a postcode, a theatre."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from rapidfuzz import fuzz

from dip.programme.rules.naming import folded

#: From this score on (0..100) two entries are worth a look.
WORTH_A_LOOK = 72
#: In a block larger than this only neighbours in order of name are compared.
_BLOCK, _NEIGHBOURS = 250, 25
#: Words that say what a place is, not which one.
_COMMON = frozenset(
    [
        "de",
        "het",
        "een",
        "the",
        "la",
        "le",
        "les",
        "theater",
        "theatre",
        "schouwburg",
        "podium",
        "zaal",
        "huis",
        "stichting",
        "stadstheater",
        "cultureel",
        "centrum",
        "poppodium",
        "concertgebouw",
        "muziekgebouw",
        "kleine",
        "grote",
        "en",
        "van",
        "aan",
        "bij",
        "te",
        "in",
        "op",
        "st",
        "sint",
    ]
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is compared of an entry. ``block`` is what two must share: a town, a theatre, a producer and season."""

    id: int
    name: str
    block: str
    names: tuple[str, ...] = ()
    postcode: str = ""
    house_number: str = ""
    parts: tuple[str, ...] = ()
    """Names of halls; nothing for entries without."""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entries that look alike: ids (the lower first), score 0..100, and why: name, address, halls, size."""

    first: int
    second: int
    score: int
    why: tuple[str, ...] = field(default=())


def likely_pairs(entries: Sequence[Entry], *, least: int = WORTH_A_LOOK, limit: int = 200) -> list[Pair]:
    """Pairs that look alike, the likeliest first."""
    by_id = {entry.id: entry for entry in entries}
    found = [pair for first, second in _candidates(entries) if (pair := _compare(by_id[first], by_id[second])).score >= least]
    return sorted(found, key=lambda pair: (-pair.score, pair.first, pair.second))[:limit]


def _candidates(entries: Iterable[Entry]) -> set[tuple[int, int]]:
    blocks: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        blocks["block", entry.block].append(entry)
        if entry.postcode:
            blocks["postcode", _squeezed(entry.postcode)].append(entry)
    return {pair for block in blocks.values() for pair in _pairs(block)}


def _pairs(block: list[Entry]) -> Iterator[tuple[int, int]]:
    if len(block) <= _BLOCK:
        for a, b in combinations(block, 2):
            yield min(a.id, b.id), max(a.id, b.id)
        return
    ordered = sorted(block, key=lambda entry: folded(entry.name))
    for place, a in enumerate(ordered):
        for b in ordered[place + 1 : place + 1 + _NEIGHBOURS]:
            yield min(a.id, b.id), max(a.id, b.id)


def _compare(a: Entry, b: Entry) -> Pair:
    """Names weigh most; an address, halls of the same name and an equal size add to it. Differing numbers in names part them."""
    alike = max(_name_likeness(one, other) for one in (a.name, *a.names) for other in (b.name, *b.names))
    why = ["name"] if alike >= WORTH_A_LOOK else []
    score = (0.92 if a.block == b.block else 0.75) * alike
    if a.postcode and _squeezed(a.postcode) == _squeezed(b.postcode):
        why.append("address")
        score += 18 if _squeezed(a.house_number) == _squeezed(b.house_number) else 10
    if {folded(part) for part in a.parts} & {folded(part) for part in b.parts} - {"", "zaal", "grote zaal", "kleine zaal"}:
        why.append("halls")
        score += 8
    if a.size and a.size == b.size:
        why.append("size")
        score += 6
    if alike >= 99:
        score += 14  # the very same name in one town, theatre or season
    return Pair(min(a.id, b.id), max(a.id, b.id), min(100, round(score)), tuple(why))


def _name_likeness(one: str, other: str) -> float:
    left, right = folded(one), folded(other)
    if re.findall(r"\d+", left) != re.findall(r"\d+", right):
        return 0.0
    telling = [" ".join(word for word in text.split() if word not in _COMMON) for text in (left, right)]
    whole = fuzz.token_sort_ratio(left, right)
    if not all(telling):
        return whole
    return 0.35 * whole + 0.65 * max(fuzz.token_sort_ratio(*telling), 0.9 * fuzz.token_set_ratio(*telling))


def _squeezed(text: str) -> str:
    return re.sub(r"\W", "", text).upper()
