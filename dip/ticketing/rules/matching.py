"""Which performance of the platform a ticketing system means: by the DIP-id typed in it, else by place, time and title."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from rapidfuzz import fuzz

from dip.kernel.identifiers import parse_performance_dip_id

#: Two starts that differ by no more than this are the same evening.
SAME_START = timedelta(minutes=15)
#: A title this much alike (0..100) is proposed; with nothing else on in the theatre at that moment, this much.
ALIKE, ALIKE_ALONE = 62.0, 45.0
_WORDS = re.compile(r"[^\w]+")


class Problem(StrEnum):
    """Why a DIP-id, or a match, does not hold: the closed list that pages explain with a remedy."""

    UNREADABLE_ID = "unreadable_id"
    UNKNOWN_ID = "unknown_id"
    OTHER_PRODUCTION = "other_production"
    OTHER_THEATRE = "other_theatre"
    TAKEN = "taken"


class Listed(NamedTuple):
    """A performance as the system lists it. ``refused``: numbers that the theatre said it is not."""

    ref: str
    title: str
    starts_at: datetime
    hall_name: str
    dip_id: str
    refused: frozenset[int] = frozenset()


class Known(NamedTuple):
    """A published performance of one of the theatre's own houses; ``halls``: every name of its hall and of its house."""

    number: int
    production: str
    title: str
    starts_at: datetime
    halls: tuple[str, ...]
    is_on: bool = True
    """Whether it is to be played; a cancelled one is linked by its id only."""


class Verdict(NamedTuple):
    """What came of one listed performance: linked by its id, proposed with a likeness of 0..100, or neither, with the problem."""

    number: int | None = None
    is_proposal: bool = False
    likeness: int = 0
    problem: Problem | None = None


def judge(
    listed: Sequence[Listed], known: Sequence[Known], elsewhere: Collection[int], taken: Mapping[int, str]
) -> dict[str, Verdict]:
    """A verdict on each of ``listed``, by ref. A performance is given once.

    ``elsewhere``: published numbers that play in other theatres; ``taken``: numbers that are linked already, with the ref they are
    linked to (another connection's: a name that is none of ours).
    """
    by_number = {one.number: one for one in known}
    given = dict(taken)
    verdicts: dict[str, Verdict] = {}
    for one in sorted(listed, key=lambda one: (one.starts_at, one.ref)):
        if one.dip_id:
            verdict = _by_id(one, by_number, elsewhere, given)
            if verdict.number is not None:
                given[verdict.number] = one.ref
            verdicts[one.ref] = verdict
    open_ones = [one for one in listed if one.ref not in verdicts or verdicts[one.ref].number is None]
    for number, ref, likeness in _pairs(open_ones, [one for one in known if one.is_on and one.number not in given]):
        verdicts[ref] = Verdict(number, True, likeness, verdicts[ref].problem if ref in verdicts else None)
    return {one.ref: verdicts.get(one.ref, Verdict()) for one in listed}


def numbers_in(listed: Iterable[Listed]) -> set[int]:
    """The numbers that the ids of ``listed`` name, whether or not they exist."""
    return {number for one in listed if (number := _number(one.dip_id)[1]) is not None}


def _number(text: str) -> tuple[str, int | None]:
    """Production and number of a DIP-id; a bare number will do."""
    clean = text.strip().replace(" ", "").upper()
    if clean.isdecimal() and len(clean) < 10:
        return "", int(clean)
    found = parse_performance_dip_id(clean)
    return (found.production, found.number) if found else ("", None)


def _by_id(one: Listed, known: Mapping[int, Known], elsewhere: Collection[int], given: Mapping[int, str]) -> Verdict:
    production, number = _number(one.dip_id)
    if number is None:
        return Verdict(problem=Problem.UNREADABLE_ID)
    if number not in known:
        return Verdict(problem=Problem.OTHER_THEATRE if number in elsewhere else Problem.UNKNOWN_ID)
    if production and production != known[number].production:
        return Verdict(problem=Problem.OTHER_PRODUCTION)
    if given.get(number, one.ref) != one.ref:
        return Verdict(problem=Problem.TAKEN)
    return Verdict(number)


def _pairs(listed: Sequence[Listed], known: Sequence[Known]) -> list[tuple[int, str, int]]:
    """(number, ref, likeness), the likest pairs first, each performance and each ref once."""
    scored = []
    for one in listed:
        near = [it for it in known if abs(it.starts_at - one.starts_at) <= SAME_START]
        for it in near:
            title = title_likeness(one.title, it.title)
            if it.number not in one.refused and title >= (ALIKE_ALONE if len(near) == 1 else ALIKE):
                scored.append((_likeness(one, it, title), it.number, one.ref))
    found, numbers, refs = [], set(), set()
    for likeness, number, ref in sorted(scored, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if number not in numbers and ref not in refs:
            numbers.add(number)
            refs.add(ref)
            found.append((number, ref, round(likeness)))
    return found


def _likeness(one: Listed, it: Known, title: float) -> float:
    """Title first, then hall, then how near the starts lie."""
    hall = (
        max((fuzz.token_set_ratio(_plain(one.hall_name), _plain(name)) for name in it.halls), default=0.0)
        if one.hall_name
        else 50.0
    )
    nearness = 100 * (1 - abs(it.starts_at - one.starts_at) / (2 * SAME_START))
    return 0.6 * title + 0.25 * hall + 0.15 * nearness


def title_likeness(one: str, other: str) -> float:
    """How much two titles are alike, 0..100, whatever their capitals, order and additions."""
    return fuzz.token_set_ratio(_plain(one), _plain(other))


def _plain(text: str) -> str:
    return _WORDS.sub(" ", text.casefold()).strip()
