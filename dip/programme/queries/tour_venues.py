"""Which hall a tour means by what it writes: theatre, town and hall by name, alias and former name, each with a score."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from dip.programme.models import HallAlias
from dip.programme.queries.search import LIKENESS, HallHit, HallOption, NameIndex, TheatreHit, name_index, options_of
from dip.programme.rules.naming import folded
from dip.programme.rules.tour.likeness import MAYBE, SURE, hall_score, name_score, place_score, without_kind
from dip.programme.rules.tour.rows import Wanted
from dip.programme.terms import VenueKind
from dip.registry.terms import Access

#: Halls that are offered where it is not sure; theatres that are looked at more closely.
_OFFERED, _CLOSER = 8, 25
#: Of a name in the town that is written: from here on no other town is looked at.
_LIKELY = 72.0
#: By how much the best theatre must be ahead of the next to be taken.
_AHEAD = 3.0


@dataclass(frozen=True, slots=True)
class Offer:
    """A hall that may be meant, and how much its name is like what was written: 0..100."""

    hall: HallOption
    score: float


@dataclass(frozen=True, slots=True)
class VenueMatch:
    """What a place in a sheet means. ``hall`` None: not sure (``offers`` has what it may be) or unknown (no offers).

    ``is_chosen``: somebody chose it, now or for an earlier sheet, and it was not found by its name.
    """

    wanted: Wanted
    hall: HallOption | None
    offers: tuple[Offer, ...]
    is_chosen: bool = False


class _Names:
    """The names of one version of the list, by theatre and by town; made once a process."""

    def __init__(self, index: NameIndex) -> None:
        self.index = index
        self.of: dict[int, list[str]] = defaultdict(list)
        self.city = {i: folded(hit.city) for i, hit in index.theatres.items()}
        self.in_city: dict[str, list[int]] = defaultdict(list)
        self.exact: dict[str, set[int]] = defaultdict(set)
        for i, city in self.city.items():
            self.in_city[city].append(i)
        for name in index.names:
            bare = name.text.removesuffix(f" {self.city[name.theatre_id]}")
            self.of[name.theatre_id].append(bare)
            self.exact[bare].add(name.theatre_id)
            self.exact[name.text].add(name.theatre_id)
        own = [name for name in index.names if not name.label or name.text.endswith(self.city[name.theatre_id])]  # without halls
        self.texts, self.places = [name.text for name in own], [name.theatre_id for name in own]
        self.words = frozenset(self.exact) | {without_kind(name) for name in self.exact}


_latest: list[_Names] = []


def _names() -> _Names:
    index = name_index()
    if not _latest or _latest[0].index is not index:
        _latest[:] = [_Names(index)]
    return _latest[0]


def known_words(access: Access) -> tuple[frozenset[str], frozenset[str]]:
    """Folded names of all theatres, and of all towns that have one: to recognise a column by. One query while the list is unchanged."""
    names = _names()
    return names.words, frozenset(names.in_city)


def match_venues(access: Access, wanted: Iterable[Wanted], chosen: Mapping[str, int]) -> dict[str, VenueMatch]:
    """The match of each place, by its key. ``chosen``: halls that people chose, by key. Two queries, whatever the number of places."""
    places = {one.key: one for one in wanted}
    names = _names()
    halls = options_of_index(names.index, chosen.values())
    found: dict[str, list[tuple[float, TheatreHit]]] = {
        key: _theatres(names, one) for key, one in places.items() if chosen.get(key) not in halls
    }
    aliases = _hall_aliases({hit.id for hits in found.values() for _, hit in hits})
    return {
        key: _match(one, found[key], aliases) if key in found else VenueMatch(one, halls[chosen[key]], (), True)
        for key, one in places.items()
    }


def options_of_index(index: NameIndex, hall_ids: Iterable[int]) -> dict[int, HallOption]:
    """Halls in use by id, without a query."""
    wanted = set(hall_ids)
    return {
        hall.id: _option(hit, hall)
        for hit in (index.theatres.values() if wanted else ())
        for hall in hit.halls
        if hall.id in wanted and not hall.do_not_use and not hit.do_not_use
    }


def hall_of(access: Access, hall_id: int) -> HallOption | None:
    """A hall that somebody chooses from a search. One query while the list is unchanged."""
    return options_of(access, [hall_id]).get(hall_id)


def _theatres(names: _Names, wanted: Wanted) -> list[tuple[float, TheatreHit]]:
    """Theatres in use that a place can mean, best first."""
    theatre, city = folded(wanted.theatre), folded(wanted.city)
    if not theatre:
        ids: Iterable[int] = names.in_city.get(city, ())
        scored = [(SURE, names.index.theatres[i]) for i in ids]
        return [(score, hit) for score, hit in scored if not hit.do_not_use][:_CLOSER]
    ids = set(names.in_city.get(city, ())) | names.exact.get(theatre, set()) | names.exact.get(f"{theatre} {city}", set())
    best = _scored(names, ids, theatre, city)
    if not best or best[0][0] < (_LIKELY if city else SURE):
        likely = process.extract(f"{theatre} {city}".strip(), names.texts, scorer=fuzz.token_ratio, processor=None, limit=_CLOSER, score_cutoff=LIKENESS)  # fmt: skip
        best = _scored(names, ids | {names.places[place] for _, _, place in likely}, theatre, city)
    return best[:_CLOSER]


def _scored(names: _Names, ids: Iterable[int], theatre: str, city: str) -> list[tuple[float, TheatreHit]]:
    scored = []
    for i in ids:
        hit, town = names.index.theatres[i], names.city[i]
        bare = theatre if city else theatre.removesuffix(f" {town}")
        score = place_score(max(name_score(bare, names.of[i]), name_score(theatre, names.of[i])), city, town)
        if score >= MAYBE and not hit.do_not_use:
            scored.append((score, hit))
    return sorted(scored, key=lambda item: (-item[0], item[1].name, item[1].id))


def _hall_aliases(theatre_ids: set[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    if theatre_ids:
        for hall_id, name in HallAlias.objects.filter(hall__theatre_id__in=theatre_ids).values_list("hall_id", "name"):
            found[hall_id].append(folded(name))
    return found


def _match(wanted: Wanted, theatres: Sequence[tuple[float, TheatreHit]], aliases: Mapping[int, list[str]]) -> VenueMatch:
    """One hall when theatre and hall are both sure, otherwise what it may be."""
    leading = [(score, hit) for score, hit in theatres if score >= SURE]
    is_sure = bool(leading) and (len(leading) == 1 or leading[0][0] - leading[1][0] >= _AHEAD)
    offers: list[Offer] = []
    for place, (score, hit) in enumerate(theatres):
        halls = _halls(hit, wanted, aliases)
        if place == 0 and is_sure and len(halls) == 1:
            return VenueMatch(wanted, _option(hit, halls[0][1]), ())
        offers += [Offer(_option(hit, hall), round(min(score, 100.0) * (0.5 + own / 200), 1)) for own, hall in halls]
        if place == 0 and is_sure and halls:
            break
    return VenueMatch(wanted, None, tuple(sorted(offers, key=lambda offer: -offer.score)[:_OFFERED]))


def _halls(hit: TheatreHit, wanted: Wanted, aliases: Mapping[int, list[str]]) -> list[tuple[float, HallHit]]:
    """The halls of a theatre that can be meant: the one that is called so, or all, the largest first."""
    usable = [hall for hall in hit.halls if not hall.do_not_use]
    text = folded(wanted.hall)
    if not text:
        inside = folded(wanted.theatre)
        named = [hall for hall in usable if f" {folded(hall.name)} " in f" {inside} " and folded(hall.name) not in folded(hit.name)]
        return [(100.0, hall) for hall in (named if len(named) == 1 else usable)]
    scored = [(hall_score(text, [folded(hall.name), *aliases.get(hall.id, ())]), hall) for hall in usable]
    sure = [one for one in scored if one[0] >= SURE]
    if len(sure) == 1:
        return sure
    return sorted(scored, key=lambda one: -one[0])


def _option(hit: TheatreHit, hall: HallHit) -> HallOption:
    return HallOption(
        hit.id, hit.name, hit.city, hall.id, hall.name, hall.capacity, hall.kind, hit.found_by, hit.kind == VenueKind.FESTIVAL
    )
