"""Which performances of the demo are under agreements: those of the people who can sign in, and some of others."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dip.kernel.clock import local
from dip.kernel.periods import season_year
from dip.programme.models import Performance
from dip.programme.terms import PerformanceStatus
from dip.registry.models import Membership, Organisation

#: Stops of those who can sign in, at most; of last season; and of all others together; and evenings in one.
SHOWN = {"producer": 90, "theatre": 96, "agency": 120, "uncoupled": 40, "festival": 11}
_BEFORE, _OTHERS, _MOST = 14, 70, 6


@dataclass(slots=True)
class Stop:
    """A production in a theatre: what one agreement is about."""

    evenings: list[Performance]
    shown: tuple[str, ...] = ()

    @property
    def provider_id(self) -> int:
        """Who proposes."""
        production = self.evenings[0].production
        return production.agency_id or production.producer_id

    @property
    def house_id(self) -> int:
        """The theatre's organisation."""
        return self.evenings[0].theatre.organisation_id or 0

    @property
    def days(self) -> tuple[date, date]:
        """First and last."""
        return self.evenings[0].performance_date, self.evenings[-1].performance_date


def choose_stops(at: datetime) -> list[Stop]:
    """Which performances are under agreements: those of the people who can sign in, each list by itself, then some of others."""
    year = season_year(local(at).date())
    own = {
        login: Membership.objects.filter(person__email=f"{login}@demo.example").values_list("organisation_id", flat=True).first()
        for login in SHOWN
    }
    rows = Performance.objects.exclude(status=PerformanceStatus.CONCEPT).filter(
        merged_into=None, production__merged_into=None, production__season_year__in=(year, year - 1), theatre__organisation__isnull=False,
    )  # fmt: skip
    keys: dict[tuple[int, int], list[tuple[date, int]]] = defaultdict(list)
    sides: dict[tuple[int, int], tuple[int, int, int]] = {}
    values = ("production_id", "theatre_id", "number", "performance_date")
    parties = ("production__agency_id", "production__producer_id", "theatre__organisation_id", "production__season_year")
    for production, theatre, number, day, agency, producer, house, season in rows.values_list(*values, *parties):
        keys[production, theatre].append((day, number))
        sides[production, theatre] = (agency or producer, house, season)
    chosen: dict[tuple[int, int], tuple[str, ...]] = {}
    for login, organisation in own.items():
        mine = [key for key in sorted(keys) if organisation in sides[key][:2]]
        now = [key for key in mine if sides[key][2] == year]
        before = [key for key in mine if sides[key][2] != year]
        for key in (*_spread(now, SHOWN[login]), *_spread(before, _BEFORE)):
            chosen[key] = (*chosen.get(key, ()), login)
    rest = [key for key in sorted(keys) if key not in chosen and sides[key][2] == year]
    chosen |= dict.fromkeys(_spread(rest, _OTHERS), ())
    return _loaded({key: sorted(keys[key])[:_MOST] for key in chosen}, chosen)


def _spread(keys: Sequence[Any], most: int) -> list[Any]:
    return list(keys) if len(keys) <= most else [keys[n * len(keys) // most] for n in range(most)]


def _loaded(keys: dict[tuple[int, int], list[tuple[date, int]]], shown: dict[tuple[int, int], tuple[str, ...]]) -> list[Stop]:
    numbers = [number for evenings in keys.values() for _day, number in evenings]
    parts = ("production", "theatre", "hall", "production__producer")
    found = {row.number: row for row in Performance.objects.filter(pk__in=numbers).select_related(*parts)}
    stops = [Stop([found[number] for _day, number in evenings], shown[key]) for key, evenings in keys.items()]
    return sorted(stops, key=lambda stop: (stop.days, stop.evenings[0].number))


def names_of(stops: Iterable[Stop]) -> dict[int, str]:
    """Who acts for each organisation: its super-user, else itself."""
    wanted = {one for stop in stops for one in (stop.provider_id, stop.house_id)}
    names = dict(Organisation.objects.filter(pk__in=wanted).values_list("pk", "name"))
    people = Membership.objects.filter(organisation_id__in=wanted, is_super_user=True).values_list(
        "organisation_id", "person__name"
    )
    return names | dict(people)
