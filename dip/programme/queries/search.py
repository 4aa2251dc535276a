"""Finding a theatre before one is made: by name, alias, former name, city or hall, with accents, capitals and slips forgiven."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from dip.programme.models import Hall, HallAlias, Theatre, TheatreAlias, TheatreListVersion
from dip.programme.rules.naming import folded
from dip.programme.terms import HallKind, VenueKind
from dip.registry.terms import Access

#: Below this likeness (0..100) a name is another name.
LIKENESS = 72
#: Names looked at more closely; several can be of one theatre.
_CANDIDATES = 60


@dataclass(frozen=True, slots=True)
class HallHit:
    """A hall of a theatre found."""

    id: int
    name: str
    capacity: int
    kind: str
    do_not_use: bool


@dataclass(frozen=True, slots=True)
class TheatreHit:
    """A theatre found. ``found_by`` is the alias, former name or hall that matched, empty when its own name did."""

    id: int
    name: str
    city: str
    do_not_use: bool
    organisation_id: int | None
    kind: str
    found_by: str
    halls: tuple[HallHit, ...]


@dataclass(frozen=True, slots=True)
class HallOption:
    """A theatre and one of its halls, to choose from."""

    theatre_id: int
    theatre_name: str
    city: str
    hall_id: int
    hall_name: str
    capacity: int
    kind: str
    found_by: str = ""
    is_festival: bool = False

    @property
    def is_elsewhere(self) -> bool:
        """Whether the hall is another location in the building, or outside it."""
        return self.kind != HallKind.REGULAR


@dataclass(frozen=True, slots=True)
class _Name:
    text: str
    theatre_id: int
    label: str


@dataclass(frozen=True, slots=True)
class NameIndex:
    """All names of one version of the list; theatres by id."""

    version: int
    names: tuple[_Name, ...]
    texts: tuple[str, ...]
    theatres: dict[int, TheatreHit]


_latest: list[NameIndex] = []


def search_theatres(access: Access, text: str, limit: int = 8, *, slips: bool = True) -> list[TheatreHit]:
    """Theatres whose names are like ``text``, best first; merged ones answer as what they were merged into.

    Two letters at least. ``slips=False`` forgives none as long as a name has the words that were asked for. One query while the list is unchanged; the names are kept per process.
    """
    wanted = folded(text)
    if len(wanted) < 2:
        return []
    index = name_index()
    scores: dict[int, tuple[float, str]] = {}
    for name, score in _matches(index, wanted, slips):
        if score > scores.get(name.theatre_id, (0.0, ""))[0]:
            scores[name.theatre_id] = (score, name.label)
    ranked = sorted(
        scores.items(), key=lambda item: (-item[1][0], index.theatres[item[0]].do_not_use, index.theatres[item[0]].name)
    )
    return [replace(index.theatres[theatre_id], found_by=label) for theatre_id, (_, label) in ranked[:limit]]


def hall_options(access: Access, text: str, limit: int = 12) -> list[HallOption]:
    """Halls in use that a text can mean, best first: words beyond the theatre's name and city choose among its halls."""
    options: list[HallOption] = []
    for hit in search_theatres(access, text, limit=6):
        if hit.do_not_use:
            continue
        own = folded(f"{hit.name} {hit.city} {hit.found_by}").split()
        extra = [word for word in folded(text).split() if not any(mine.startswith(word) for mine in own)]
        halls = [hall for hall in hit.halls if not hall.do_not_use]
        named = [hall for hall in halls if folded(hall.name) == folded(hit.found_by)]
        meant = named or [hall for hall in halls if extra and all(f" {word}" in f" {folded(hall.name)}" for word in extra)]
        options += [_option(hit, hall) for hall in (meant or halls)]
    return options[:limit]


def options_of(access: Access, hall_ids: Iterable[int]) -> dict[int, HallOption]:
    """The option of each hall that is known and not merged away, also when it is out of use."""
    wanted = set(hall_ids)
    if not wanted:
        return {}
    found = name_index().theatres.values()
    return {hall.id: _option(hit, hall) for hit in found for hall in hit.halls if hall.id in wanted}


def _option(hit: TheatreHit, hall: HallHit) -> HallOption:
    return HallOption(
        hit.id, hit.name, hit.city, hall.id, hall.name, hall.capacity, hall.kind, hit.found_by, hit.kind == VenueKind.FESTIVAL
    )


def all_theatres(access: Access) -> list[TheatreHit]:
    """Every theatre with its halls, by city and name; merged ones are left out. One query while the list is unchanged."""
    return sorted(name_index().theatres.values(), key=lambda hit: (folded(hit.city), folded(hit.name)))


def _matches(index: NameIndex, wanted: str, slips: bool) -> list[tuple[_Name, float]]:
    """Names in which every word asked for begins a word score above 100, the shortest highest; then the merely alike."""
    words = wanted.split()
    found: list[tuple[_Name, float]] = []
    for name in index.names:
        padded = " " + name.text
        if all(" " + word in padded for word in words):
            bonus = 20 if not name.label else 0
            found.append((name, 101 + bonus + 20 * len(wanted) / len(name.text)))
    if found and not slips:
        return found
    likely = process.extract(wanted, index.texts, scorer=fuzz.WRatio, processor=None, limit=_CANDIDATES, score_cutoff=LIKENESS)
    found += [(index.names[place], score) for _, score, place in likely]
    return found


def name_index() -> NameIndex:
    """The names of the list as it stands, kept per process. One query while the list is unchanged."""
    version = TheatreListVersion.objects.values_list("version", flat=True).filter(pk=1).first() or 0
    if not _latest or _latest[0].version != version:
        _latest[:] = [_read_index(version)]
    return _latest[0]


def _read_index(version: int) -> NameIndex:
    rows = list(Theatre.objects.values_list("id", "name", "city", "do_not_use", "organisation_id", "merged_into_id", "kind"))
    target = {row[0]: row[5] or row[0] for row in rows}
    city = {row[0]: row[2] for row in rows}
    halls = list(Hall.objects.values_list("id", "name", "capacity", "kind", "do_not_use", "theatre_id", "merged_into_id"))
    by_theatre: dict[int, list[HallHit]] = {}
    for hall_id, name, capacity, kind, unused, theatre_id, merged in halls:
        if merged is None:
            by_theatre.setdefault(target[theatre_id], []).append(HallHit(hall_id, name, capacity, kind, unused))
    theatres = {
        i: TheatreHit(
            i, name, town, unused, owner, kind, "", tuple(sorted(by_theatre.get(i, ()), key=lambda h: (-h.capacity, h.name)))
        )
        for i, name, town, unused, owner, merged, kind in rows
        if merged is None
    }
    places = {hall[0]: (hall[5], hall[1]) for hall in halls}
    names = [_Name(folded(f"{row[1]} {row[2]}"), target[row[0]], row[1] if row[5] else "") for row in rows]
    names += [
        _Name(folded(f"{alias} {city[i]}"), target[i], alias) for i, alias in TheatreAlias.objects.values_list("theatre_id", "name")
    ]
    hall_names = [(i, name) for i, name in HallAlias.objects.values_list("hall_id", "name")] + [
        (i, n) for i, (_, n) in places.items()
    ]
    names += [_Name(folded(f"{theatres[target[places[i][0]]].name} {name}"), target[places[i][0]], name) for i, name in hall_names]
    return NameIndex(version, tuple(names), tuple(name.text for name in names), theatres)
