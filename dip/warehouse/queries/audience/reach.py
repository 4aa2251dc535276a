"""Who sees whose audience: a provider its productions in all theatres, a theatre its own houses, everybody the nation.

Every reading across tenants names its reason and its purpose, and says who read what: in the log of the platform, and in the log that
theatres see.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import structlog
from django.conf import settings

from dip.kernel.periods import season_period
from dip.programme.models import Performance, Theatre
from dip.programme.queries import production_for, theatres_of
from dip.registry.terms import Access, AccessDenied, Module
from dip.warehouse.queries.audience.answers import AudienceScope
from dip.warehouse.rules.audience.loyalty import Window, window
from dip.warehouse.rules.looking import Purpose, gather, look_of, once
from dip.warehouse.store.shelves import Catalogue, Shelves, open_shelves

log = structlog.get_logger(__name__)
REASONS = {
    "production": "a provider looks at the audience of its production over all theatres",
    "theatre": "a theatre looks at its own audience",
    "season": "a member looks at the audience of the nation",
}
_EPOCH_DAY = 719_163


@dataclass(frozen=True, slots=True)
class Reach:
    """What a question may read. ``theatres``: number → organisation (its own negative number when it has none); ``production``: 0 for all.

    ``crosses``: cells may hold several organisations' buyers. ``viewer``: the organisation that asks. ``looker``: who asks;
    ``purpose``: None for that of the scope. Without a reach nothing can be read, and making one notes who looks.
    """

    scope: AudienceScope
    theatres: dict[int, int]
    production: int
    genre: int
    crosses: bool
    viewer: int
    reason: str
    looker: Access
    purpose: Purpose | None = None

    def __post_init__(self) -> None:
        """Note the look, for the log of who looked."""
        at = self.scope
        look = look_of(
            self.looker, self.purpose or self._usual, at.kind, production=self.production, theatre=at.theatre_id or 0,
            season=at.season_year,
        )  # fmt: skip
        gather(look, self.theatres)

    @property
    def _usual(self) -> Purpose:
        if self.is_national:
            return Purpose.NATION
        return Purpose.PRODUCTION if self.crosses else Purpose.OWN

    @property
    def seasons(self) -> list[int]:
        """The season of the scope."""
        return [self.scope.season_year]

    @property
    def is_national(self) -> bool:
        """Whether the scope is the nation."""
        return self.scope.kind == "season"


def shelves(lane: str = "theatre") -> Shelves:
    """The published shelves as this process reads them."""
    return open_shelves(Path(settings.WAREHOUSE_HOME), lane)


def reach_of(access: Access, scope: AudienceScope, purpose: Purpose | None = None) -> Reach:
    """What the access may read of the scope, for a ``purpose`` of the register (None: the usual one of the scope).

    Raises :class:`AccessDenied` without the right to look at audiences, ``DoesNotExist`` for a production or theatre that is not the
    access's own, as when there is none. Associations, funders and the platform reach the nation only.
    """
    if not access.allows(Module.AUDIENCE):
        raise AccessDenied("no right to look at audiences")
    find = {"production": _production, "theatre": _theatre, "season": _nation}[scope.kind]
    found = once((_who(access), scope), lambda: find(access, scope))
    made = Reach(
        scope, found.theatres, found.production, found.genre, found.crosses, access.organisation_id, found.reason, access, purpose
    )
    log.info(
        "audience looked at", reason=made.reason, organisation=access.organisation_id, kind=scope.kind, production=made.production,
        theatres=sorted(made.theatres), season=scope.season_year,
    )  # fmt: skip
    return made


class _Found(NamedTuple):
    """What a scope is for its reader; members as in :class:`Reach`."""

    theatres: dict[int, int]
    reason: str
    crosses: bool
    production: int = 0
    genre: int = 0


def _who(access: Access) -> tuple[int, str, int | None, int | None]:
    return access.organisation_id, access.role.value, access.person_id, access.client_id


def _production(access: Access, scope: AudienceScope) -> _Found:
    if not (access.is_provider or access.is_taker):
        raise AccessDenied("audiences of productions are their providers' and theatres'")
    row = production_for(access, scope.dip_id or "")
    fields = ("theatre_id", "theatre__organisation_id", "theatre__merged_into__organisation_id")
    rows = Performance.objects.filter(production_id=row.id).order_by().values_list(*fields).distinct()
    theatres = {number: owner or stands_for or -number for number, owner, stands_for in rows if number}
    if access.is_taker:
        theatres = {number: owner for number, owner in theatres.items() if owner == access.organisation_id}
    reason = REASONS["theatre" if access.is_taker else "production"]
    return _Found(theatres, reason, not access.is_taker, row.id, row.genre_id)


def _theatre(access: Access, scope: AudienceScope) -> _Found:
    if not access.is_taker:
        raise Theatre.DoesNotExist(scope.theatre_id)
    own = {row.id: access.organisation_id for row in theatres_of(access)}
    if scope.theatre_id is not None and scope.theatre_id not in own:
        raise Theatre.DoesNotExist(scope.theatre_id)
    houses = own if scope.theatre_id is None else {scope.theatre_id: access.organisation_id}
    merged = Theatre.objects.filter(merged_into__in=houses).values_list("pk", flat=True)
    houses = houses | dict.fromkeys(merged, access.organisation_id)
    return _Found(houses, REASONS["theatre"], False)


def _nation(access: Access, scope: AudienceScope) -> _Found:
    return _Found({}, REASONS["season"], True)


def window_of(reach: Reach, catalogue: Catalogue | None) -> Window | None:
    """How far back "new" can look: the shortest of the theatres that told something in the season; None when none did."""
    if catalogue is None or not reach.theatres:
        return None
    year = reach.scope.season_year
    told = [theatre for theatre in reach.theatres if (theatre, year) in catalogue.shelves]
    if not told:
        return None
    firsts = (min(season for theatre, season in catalogue.shelves if theatre == one) for one in told)
    return window(season_period(max(firsts)).start.toordinal() - _EPOCH_DAY, season_period(year).start.toordinal() - _EPOCH_DAY)


def told_of(reach: Reach, catalogue: Catalogue | None) -> tuple[int, int]:
    """Theatres that told something in the season, and theatres that were asked; for the nation both are those that told."""
    year = reach.scope.season_year
    held = {theatre for theatre, season in catalogue.shelves if season == year and theatre} if catalogue else set()
    return (len(held), len(held)) if reach.is_national else (len(held & reach.theatres.keys()), len(reach.theatres))


def own_houses(access: Access) -> list[int]:
    """All houses of the access's organisation, merged ones too."""
    return list(once((_who(access), "houses"), lambda: _own_houses(access)))


def _own_houses(access: Access) -> list[int]:
    numbers = [row.id for row in theatres_of(access)]
    return numbers + list(Theatre.objects.filter(merged_into__in=numbers).order_by("pk").values_list("pk", flat=True))
