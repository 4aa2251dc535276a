"""Finding a theatre before one is made: by name, alias, former name, city or hall, with accents, capitals and slips forgiven."""

from dataclasses import dataclass

from rapidfuzz import fuzz, process

from dip.programme.models import Hall, HallAlias, Theatre, TheatreAlias, TheatreListVersion
from dip.programme.rules.naming import folded
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
    found_by: str
    halls: tuple[HallHit, ...]


@dataclass(frozen=True, slots=True)
class _Name:
    text: str
    theatre_id: int
    label: str


@dataclass(frozen=True, slots=True)
class _Index:
    """All names of one version of the list."""

    version: int
    names: tuple[_Name, ...]
    texts: tuple[str, ...]
    theatres: dict[int, TheatreHit]


_latest: list[_Index] = []


def search_theatres(access: Access, text: str, limit: int = 8) -> list[TheatreHit]:
    """Theatres whose names are like ``text``, best first; merged ones answer as what they were merged into.

    Two letters at least. One query while the list is unchanged; the names are kept per process.
    """
    wanted = folded(text)
    if len(wanted) < 2:
        return []
    index = _current_index()
    scores: dict[int, tuple[float, str]] = {}
    for name, score in _matches(index, wanted):
        if score > scores.get(name.theatre_id, (0.0, ""))[0]:
            scores[name.theatre_id] = (score, name.label)
    ranked = sorted(
        scores.items(), key=lambda item: (-item[1][0], index.theatres[item[0]].do_not_use, index.theatres[item[0]].name)
    )
    return [_labelled(index.theatres[theatre_id], label) for theatre_id, (_, label) in ranked[:limit]]


def all_theatres(access: Access) -> list[TheatreHit]:
    """Every theatre with its halls, by city and name; merged ones are left out. One query while the list is unchanged."""
    return sorted(_current_index().theatres.values(), key=lambda hit: (folded(hit.city), folded(hit.name)))


def _matches(index: _Index, wanted: str) -> list[tuple[_Name, float]]:
    """Names in which every word asked for begins a word score above 100, the shortest highest; then the merely alike."""
    words = wanted.split()
    found: list[tuple[_Name, float]] = []
    for name in index.names:
        padded = " " + name.text
        if all(" " + word in padded for word in words):
            bonus = 20 if not name.label else 0
            found.append((name, 101 + bonus + 20 * len(wanted) / len(name.text)))
    likely = process.extract(wanted, index.texts, scorer=fuzz.WRatio, processor=None, limit=_CANDIDATES, score_cutoff=LIKENESS)
    found += [(index.names[place], score) for _, score, place in likely]
    return found


def _labelled(hit: TheatreHit, label: str) -> TheatreHit:
    return TheatreHit(hit.id, hit.name, hit.city, hit.do_not_use, hit.organisation_id, label, hit.halls)


def _current_index() -> _Index:
    version = TheatreListVersion.objects.values_list("version", flat=True).filter(pk=1).first() or 0
    if not _latest or _latest[0].version != version:
        _latest[:] = [_read_index(version)]
    return _latest[0]


def _read_index(version: int) -> _Index:
    rows = list(Theatre.objects.values_list("id", "name", "city", "do_not_use", "organisation_id", "merged_into_id"))
    target = {row[0]: row[5] or row[0] for row in rows}
    city = {row[0]: row[2] for row in rows}
    halls = list(Hall.objects.values_list("id", "name", "capacity", "kind", "do_not_use", "theatre_id", "merged_into_id"))
    by_theatre: dict[int, list[HallHit]] = {}
    for hall_id, name, capacity, kind, unused, theatre_id, merged in halls:
        if merged is None:
            by_theatre.setdefault(target[theatre_id], []).append(HallHit(hall_id, name, capacity, kind, unused))
    theatres = {
        i: TheatreHit(i, name, town, unused, owner, "", tuple(sorted(by_theatre.get(i, ()), key=lambda h: (-h.capacity, h.name))))
        for i, name, town, unused, owner, merged in rows
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
    return _Index(version, tuple(names), tuple(name.text for name in names), theatres)
