"""The audiences of all productions of a season in a few queries: what the list of a provider or a theatre shows."""

from collections import defaultdict
from dataclasses import dataclass

from dip.programme.models import Performance
from dip.programme.queries.productions import ProductionRow, productions_of
from dip.registry.terms import Access, AccessDenied, Module
from dip.warehouse.queries.audience.answers import AudienceScope
from dip.warehouse.queries.audience.figures import ORDERS, TICKETS, Cells, cells_of_each, nation, own
from dip.warehouse.queries.audience.parts import part
from dip.warehouse.queries.audience.reach import REASONS, Reach, own_houses, shelves, told_of
from dip.warehouse.queries.audience.whole import buyers_of, total_of
from dip.warehouse.rules.looking import Purpose, as_one, look_of


@dataclass(frozen=True, slots=True)
class AudienceLine:
    """The audience of one production. Counts as in :class:`Audience`, None when held back; ``new_rate``: of its buyers, 0..1, and the
    same in its genre nationally."""

    dip_id: str
    title: str
    producer: str
    genre_id: int
    orders: int | None
    tickets: int | None
    buyers: int | None
    new_rate: float | None
    national_new_rate: float | None
    theatres: int
    theatres_asked: int


def told_seasons() -> tuple[int, ...]:
    """Seasons of which any theatre told something, the newest first."""
    catalogue = shelves("national").catalogue() or shelves().catalogue()
    return tuple(sorted({season for _, season in catalogue.shelves if season}, reverse=True)) if catalogue else ()


def of_season(access: Access, season_year: int) -> tuple[AudienceLine, ...]:
    """The access's own productions of a season, by title; a theatre's in its own houses. Empty for everybody else.

    Raises :class:`AccessDenied` without the right to look at audiences.
    """
    if not access.allows(Module.AUDIENCE):
        raise AccessDenied("no right to look at audiences")
    if not (access.is_provider or access.is_taker):
        return ()
    rows = productions_of(access, season_year)
    every = own_houses(access) if access.is_taker else []
    theatres = _theatres(access, [row.id for row in rows])
    held: dict[tuple[int, ...], Cells] = {}
    purpose = Purpose.OWN if access.is_taker else Purpose.PRODUCTION
    with as_one(look_of(access, purpose, "list", season=season_year)):
        reaches = [_reach(access, row, theatres[row.id], season_year) for row in rows]
    cells = cells_of_each(reaches)
    return tuple(_line(*each, every, held) for each in zip(reaches, rows, cells, strict=True))


def _theatres(access: Access, productions: list[int]) -> dict[int, dict[int, int]]:
    """Production → number of each theatre that plays it → its organisation. One query."""
    fields = ("production_id", "theatre_id", "theatre__organisation_id", "theatre__merged_into__organisation_id")
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for production, number, owner, stands_for in (
        Performance.objects.filter(production_id__in=productions).order_by().values_list(*fields).distinct()
    ):
        if number and (access.is_provider or owner == access.organisation_id):
            found[production][number] = owner or stands_for or -number
    return found


def _reach(access: Access, row: ProductionRow, theatres: dict[int, int], season_year: int) -> Reach:
    scope = AudienceScope("production", dip_id=row.dip_id, season_year=season_year)
    reason = REASONS["theatre" if access.is_taker else "production"]
    return Reach(scope, theatres, row.id, row.genre_id, not access.is_taker, access.organisation_id, reason, access)


def _line(reach: Reach, row: ProductionRow, cells: Cells, every: list[int], held: dict[tuple[int, ...], Cells]) -> AudienceLine:
    national = nation(reach.scope.season_year, row.genre_id)
    wholes = _wholes(reach, every, held)
    told, asked = told_of(reach, shelves().catalogue())
    arrived = part("returning", cells, reach.crosses, national, wholes)
    fresh = arrived.row("new")
    return AudienceLine(
        dip_id=row.dip_id,
        title=row.title,
        producer=row.producer_name,
        genre_id=row.genre_id,
        orders=total_of(cells, ORDERS, reach, wholes),
        tickets=total_of(cells, TICKETS, reach, wholes),
        buyers=buyers_of(cells, reach, wholes),
        new_rate=round(fresh.count / arrived.base, 4) if fresh and fresh.count is not None and arrived.base else None,
        national_new_rate=fresh.national_rate if fresh else None,
        theatres=told,
        theatres_asked=asked,
    )


def _wholes(reach: Reach, every: list[int], held: dict[tuple[int, ...], Cells]) -> list[Cells]:
    """As :func:`dip.warehouse.queries.audience.whole.wholes_of`, each read once for the list."""
    if reach.crosses:
        return [nation(reach.scope.season_year, genre) for genre in sorted({0, reach.genre})]
    houses = tuple(sorted(reach.theatres))
    keys = [houses, *([tuple(every)] if set(every) - set(houses) else [])]
    for key in keys:
        if key not in held:
            held[key] = own(reach, list(key), 0)
    return [held[key] for key in keys]
