"""Who looks at people's figures, and what for: gathered while a question is answered, written when the request or the job has ended.

A question cannot be asked without being noted here: :class:`dip.warehouse.queries.audience.reach.Reach`, which every reading needs, does
it. Nothing of a buyer is in a note.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from dip.registry.terms import Access

#: Most characters of a name that is kept.
NAME = 120


class Purpose(StrEnum):
    """What a figure about people is asked for: codes of the purpose register."""

    OWN = "own_audience"
    """A theatre looks at who came to its own houses."""
    PRODUCTION = "production_audience"
    """A provider looks at who came to its production, over all theatres."""
    NATION = "national_audience"
    """Anybody looks at the sector as a whole."""
    REACH = "audience_reach"
    """From which areas fewer come than could."""
    TOGETHER = "audience_overlap"
    """What buyers also bought, and at how many organisations."""
    NAMED = "named_comparison"
    """Two organisations that both consent compare their audiences by name."""
    SEGMENTS = "licensed_segments"
    """Published areas, told by the segments of a table that the asker holds a licence for."""


@dataclass(frozen=True, slots=True, order=True)
class Look:
    """Who looked at what, for which purpose. ``person`` and ``client``: 0 when it was not one; ``production``, ``theatre``, ``season``: 0
    for all."""

    organisation: int
    person: int
    client: int
    door: str
    actor: str
    purpose: str
    kind: str
    production: int
    theatre: int
    season: int


Gathered = dict[Look, set[int]]
"""A look → the organisations whose people it was about; none for the nation, which is everybody's."""
_GATHERED: ContextVar[Gathered | None] = ContextVar("looks", default=None)
_WHOLE: ContextVar[Look | None] = ContextVar("whole", default=None)
_KNOWN: ContextVar[dict[Hashable, Any] | None] = ContextVar("known", default=None)
_Found = TypeVar("_Found")


def look_of(access: Access, purpose: Purpose, kind: str, *, production: int = 0, theatre: int = 0, season: int = 0) -> Look:
    """The note of one question."""
    return Look(
        organisation=access.organisation_id,
        person=access.person_id or 0,
        client=access.client_id or 0,
        door=access.door.value,
        actor=access.actor[:NAME],
        purpose=purpose.value,
        kind=kind,
        production=production,
        theatre=theatre,
        season=season,
    )


def gather(look: Look, theatres: Mapping[int, int]) -> None:
    """Keep a look for the end of the request; ``theatres``: number → organisation, negative when it has none.

    Asked again in the same request it is the same look. Outside a request or a job nothing is kept.
    """
    gathered = _GATHERED.get()
    if gathered is not None:
        gathered.setdefault(_WHOLE.get() or look, set()).update(owners(theatres.values()))


def owners(organisations: Iterable[int]) -> set[int]:
    """Those that are organisations: a theatre without one is nobody's."""
    return {one for one in organisations if one > 0}


@contextmanager
def as_one(look: Look) -> Iterator[None]:
    """What is looked at inside is one look: a list of a hundred productions is no hundred lines in everybody's log."""
    token = _WHOLE.set(look)
    try:
        yield
    finally:
        _WHOLE.reset(token)


@contextmanager
def gathering(into: Gathered | None = None) -> Iterator[Gathered]:
    """Looks noted inside are gathered in what this gives."""
    gathered: Gathered = {} if into is None else into
    token, known = _GATHERED.set(gathered), _KNOWN.set({})
    try:
        yield gathered
    finally:
        _GATHERED.reset(token)
        _KNOWN.reset(known)


def once(key: Hashable, make: Callable[[], _Found]) -> _Found:
    """What ``make`` gives, made once while one request or job is answered: a page asks a dozen questions about the same houses."""
    known = _KNOWN.get()
    if known is None:
        return make()
    if key not in known:
        known[key] = make()
    found: _Found = known[key]
    return found
