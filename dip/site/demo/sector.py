"""Who takes part: organisations, venues and halls, composed for a scale. Pure: no database."""

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from dip.programme.terms import HallKind, VenueKind
from dip.registry.terms import Role
from dip.site.demo import words
from dip.site.demo.names import Names
from dip.site.demo.terms import Scale

#: An organisation with halls and productions of its own and nothing on sale: real sales can be replayed into it.
REPLAYING = "Speelhuizen Overzee"
GENRES = ("theatre", "music", "dance", "music-theatre", "cabaret", "other")
PROVINCES = ("GR", "FR", "DR", "OV", "FL", "GE", "UT", "NH", "ZH", "ZE", "NB", "LI")


class Cadence(IntEnum):
    """How often a venue's system states figures."""

    HOURLY = 0
    NIGHTLY = 1
    SHEET = 2
    NONE = 3


@dataclass(slots=True)
class Body:
    """An organisation to be made. ``weight`` is its share of the performances among its like."""

    name: str
    roles: tuple[Role, ...]
    city: str = ""
    weight: float = 1.0
    genre: int = 0
    is_member: bool = True


@dataclass(slots=True)
class Room:
    """A hall to be made: ``size`` 0 small, 1 middle, 2 large."""

    name: str
    capacity: int
    size: int
    kind: HallKind = HallKind.REGULAR


@dataclass(slots=True)
class Venue:
    """A theatre to be made. ``body`` is the index of its organisation, None for a venue that takes no part."""

    name: str
    city: str
    province: int | None
    country: str
    postcode: str
    street: str
    kind: VenueKind
    body: int | None
    weight: float = 1.0
    rooms: list[Room] = field(default_factory=list)
    cadence: Cadence = Cadence.NIGHTLY
    minute: int = 160
    silent_days: int = 0
    system: str = ""
    alias: str = ""
    merged_into: int | None = None
    do_not_use: bool = False


@dataclass(slots=True)
class Sector:
    """Everybody. The first producer and the first venue are those that the demo tells about."""

    bodies: list[Body]
    venues: list[Venue]
    producers: list[int]
    agencies: list[int]

    @property
    def playable(self) -> list[int]:
        """Indices of venues where performances are planned."""
        return [i for i, venue in enumerate(self.venues) if venue.body is not None]


#: Halls of fifteen kinds of house: large, middle, small; C is a concert hall. The same fifteen again and again, so that a tenth
#: of the country has houses as large as the whole.
HOUSES = ("LMSS", "LMS", "LM", "CM", "LMSS", "LMS", "MSS", "LMS", "LM", "MS", "LMSS", "LMS", "MS", "CMS", "SS")
HOUSE_WEIGHTS = (2.0, 1.3, 1.0, 1.6, 1.8, 0.8, 0.7, 1.2, 1.0, 0.4, 1.5, 0.7, 0.4, 1.3, 0.3)
#: Relative sizes of twenty providers, again and again.
PROVIDER_WEIGHTS = (9, 5, 4, 3, 3, 2.5, 2, 2, 1.5, 1.5, 1.2, 1, 1, 1, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)
PROVIDER_GENRES = (0, 1, 3, 4, 1, 0, 1, 2, 5, 4, 2, 1, 3, 1, 0, 5, 4, 1, 2, 0)
#: Fixed marks of the first venues, in the order of TOWNS: (cadence, minute, days of silence).
_FIRST_CADENCES = {
    0: (Cadence.HOURLY, 55, 0), 1: (Cadence.HOURLY, 14, 0), 2: (Cadence.HOURLY, 2, 0), 3: (Cadence.NIGHTLY, 160, 0),
    4: (Cadence.HOURLY, 58, 0), 5: (Cadence.NIGHTLY, 135, 0), 6: (Cadence.NIGHTLY, 151, 9), 7: (Cadence.SHEET, 980, 0),
    8: (Cadence.NIGHTLY, 151, 0), 9: (Cadence.HOURLY, 9, 0), 10: (Cadence.HOURLY, 7, 0), 11: (Cadence.HOURLY, 11, 0),
    12: (Cadence.NIGHTLY, 142, 0), 17: (Cadence.NIGHTLY, 167, 0),
}  # fmt: skip


def compose(scale: Scale) -> Sector:
    """The sector of ``scale``; the same every time."""
    names, rng = Names(scale.seed), np.random.default_rng([scale.seed, 2])
    bodies: list[Body] = []
    producers, agencies = _providers(scale, names, bodies)
    venues = _houses(scale, names, rng, bodies)
    _double_hats(bodies, producers, venues)
    _others(scale, names, rng, venues)
    bodies += [
        Body("Verbond van Speelhuizen", (Role.ASSOCIATION,), "Utrecht"),
        Body("Kring van Reizende Gezelschappen", (Role.ASSOCIATION,), "Amsterdam"),
        Body("Fonds Doek en Licht", (Role.FUNDER,), "Den Haag"),
        Body(REPLAYING, (Role.THEATRE, Role.PRODUCER), "Vlissingen"),
    ]
    return Sector(bodies, venues, producers, agencies)


def _providers(scale: Scale, names: Names, bodies: list[Body]) -> tuple[list[int], list[int]]:
    producers: list[int] = []
    agencies: list[int] = []
    for n in range(scale.providers):
        town = words.TOWNS[(n * 7) % len(words.TOWNS)][0]
        genre = PROVIDER_GENRES[n % 20]
        is_agency = n % 10 == 6
        if n == 0:
            name = "Toneelgroep Noordwal"
        elif n == 6:
            name = "Bureau Oostenwind"
        else:
            name = names.venue(words.AGENCY_FORMS if is_agency else words.PRODUCER_FORMS[GENRES[genre]])
        roles: tuple[Role, ...] = (Role.AGENCY,) if is_agency else (Role.PRODUCER,)
        if n % 40 == 6 or n % 23 == 11:
            roles = (Role.AGENCY, Role.PRODUCER) if is_agency else (Role.PRODUCER, Role.AGENCY)
        is_member = not (Role.AGENCY not in roles and n % 9 == 4)
        bodies.append(Body(name, roles, town, float(PROVIDER_WEIGHTS[n % 20]), genre, is_member))
        if Role.PRODUCER in roles:
            producers.append(n)
        if Role.AGENCY in roles:
            agencies.append(n)
    return producers, agencies


def _houses(scale: Scale, names: Names, rng: np.random.Generator, bodies: list[Body]) -> list[Venue]:
    venues = []
    for n in range(scale.theatres):
        is_festival = n % 15 == 14
        town = words.TOWNS[n % len(words.TOWNS)]
        house = "LS" if n == 0 else "LMS" if (0 < n <= 20 and "L" not in HOUSES[n % 15] and not is_festival) else HOUSES[n % 15]
        forms = words.FESTIVAL_FORMS if is_festival else words.CONCERT_FORMS if "C" in house else words.THEATRE_FORMS
        name = "Theater De Vlonder" if n == 0 else names.venue(forms)
        role = Role.FESTIVAL if is_festival else Role.THEATRE
        bodies.append(Body(name, (role,), town[0]))
        cadence, minute, silent = _cadence(n, rng)
        venue = Venue(
            name=name, city=town[0], province=PROVINCES.index(town[1]), country="NL",
            postcode=f"{town[2] + n // len(words.TOWNS)} {'ABCDEFGHKLM'[n % 11]}{'BCDEGHJK'[n % 8]}", street=names.pick(words.STREETS),
            kind=VenueKind.FESTIVAL if is_festival else VenueKind.THEATRE, body=len(bodies) - 1,
            weight=HOUSE_WEIGHTS[n % 15] * (1.0 if scale.theatres != 60 or n else 1.1), rooms=_rooms(n, house, rng),
            cadence=cadence, minute=minute, silent_days=silent, system=names.pick(words.SYSTEMS),
        )  # fmt: skip
        if n % 13 == 5:
            venue.alias = f"Oude {venue.name.removeprefix('Theater ').removeprefix('De ')}"
        venues.append(venue)
    return venues


def _cadence(n: int, rng: np.random.Generator) -> tuple[Cadence, int, int]:
    drawn = int(rng.integers(0, 60)), int(rng.integers(121, 290)), int(rng.integers(930, 1020))
    if n in _FIRST_CADENCES:
        return _FIRST_CADENCES[n]
    kind = n % 20
    if kind == 13:
        return Cadence.NONE, 0, 0
    if kind == 17:
        return Cadence.SHEET, drawn[2], 0
    if kind in (0, 1, 4, 6, 9, 11, 15):
        return Cadence.HOURLY, drawn[0], 0
    return Cadence.NIGHTLY, drawn[1], 9 if n % 37 == 33 else 0


def _rooms(n: int, house: str, rng: np.random.Generator) -> list[Room]:
    rooms: list[Room] = []
    counts = {"L": 0, "M": 0, "S": 0}
    for letter in house:
        size = {"C": 2, "L": 2, "M": 1, "S": 0}[letter]
        spread = {"C": (1350, 0.14), "L": (760, 0.26), "M": (330, 0.22), "S": (115, 0.3)}[letter]
        bounds = ((45, 199), (205, 480), (505, 1900))[size]
        capacity = int(np.clip(spread[0] * np.exp(rng.normal(0, spread[1])), *bounds))
        options = (words.SMALL_HALLS, words.MIDDLE_HALLS, words.LARGE_HALLS)[size]
        key = "SML"[size]
        start = 0 if n == 0 or size == 0 else n
        name = "Concertzaal" if letter == "C" else options[(start + counts[key]) % len(options)]
        counts[key] += 1
        rooms.append(Room(name, capacity, size))
    if n == 0:
        rooms[0].capacity, rooms[1].capacity = 642, 182
    if n % 4 == 0:
        rooms.append(Room("Foyer", 60 + n % 5 * 10, 0, HallKind.OTHER_LOCATION))
    if n % 15 == 14:
        rooms.append(Room("Buitenpodium", 180, 0, HallKind.EXTERNAL))
    return rooms


def _double_hats(bodies: list[Body], producers: list[int], venues: list[Venue]) -> None:
    """A theatre that also produces, one that also runs a festival, a producer that also runs a hall's programme."""
    for venue, role in ((3, Role.PRODUCER), (10, Role.FESTIVAL)):
        place = venues[venue].body if venue < len(venues) else None
        if place is not None:
            body = bodies[place]
            body.roles = (*body.roles, role)
            if role is Role.PRODUCER:
                body.weight, body.genre = 0.5, 5
                producers.append(place)


def _others(scale: Scale, names: Names, rng: np.random.Generator, venues: list[Venue]) -> None:
    for n in range(scale.other_venues):
        if n % 8 == 3:
            city, code = words.BELGIAN_TOWNS[n // 8 % 4]
            province, country, postcode = None, "BE", str(code)
        else:
            town = words.TOWNS[(n * 11 + 3) % len(words.TOWNS)]
            city, province, country, postcode = town[0], PROVINCES.index(town[1]), "NL", f"{town[2]} XA"
        venue = Venue(
            names.venue(words.THEATRE_FORMS), city, province, country, postcode, names.pick(words.STREETS), VenueKind.OTHER,
            None, rooms=[Room("Zaal", int(rng.integers(80, 450)), 1)], cadence=Cadence.NONE,
        )  # fmt: skip
        venue.do_not_use = n % 12 == 5
        if n % 12 == 7:
            venue.merged_into, venue.do_not_use = n % scale.theatres, True
        venues.append(venue)
