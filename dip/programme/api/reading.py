"""Reading: reference lists, productions and performances, narrowed to the caller's own organisation."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field

from dip.kernel import clock
from dip.kernel.periods import season_period, season_year
from dip.programme.api import shapes
from dip.programme.api.routing import router
from dip.programme.queries import exchange
from dip.registry.bearer import ApiError, need, need_taker, not_found
from dip.registry.terms import Access, Module

_FIRST_YEAR, _LAST_YEAR = 1900, 2200


class Window(Schema):
    """A window of dates, both ends included."""

    startDate: str | None = Field(None, description="first day, such as 2026-08-01")
    endDate: str | None = Field(None, description="last day, such as 2027-07-31")


class WideWindow(Window):
    """A window, and whether unpublished performances are wanted."""

    concepts: bool = Field(False, description="also performances that are not published yet; their status is concept")


def _access(request: HttpRequest, module: Module | None = Module.PROGRAMME) -> Access:
    access: Access = request.auth  # type: ignore[attr-defined]
    if module is not None:
        need(access, module)
    return access


def _day(name: str, value: str | None) -> date | None:
    """The day that a query parameter names; a time behind it is left aside."""
    if not value:
        return None
    try:
        found = date.fromisoformat(value.partition("T")[0])
    except ValueError as error:
        raise ApiError(f"{name} {value[:40]} is not a date. Send it as 2026-08-01.") from error
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise ApiError(f"{name} {value[:40]} lies outside {_FIRST_YEAR} to {_LAST_YEAR}. Correct the year.")
    return found


def _days(window: Window) -> tuple[date | None, date | None]:
    since, until = _day("startDate", window.startDate), _day("endDate", window.endDate)
    if since and until and until < since:
        raise ApiError(f"endDate {until} lies before startDate {since}. Exchange them.")
    return since, until


def _today() -> date:
    return clock.local(clock.now()).date()


def _season_years(window: Window) -> list[int]:
    """The seasons that a window touches; without a window the current one."""
    since, until = _days(window)
    if since is None and until is None:
        return [season_year(_today())]
    first = season_year(since) if since else _FIRST_YEAR
    last = season_year(until) if until else _LAST_YEAR
    return list(range(first, last + 1))


def _on_stage(window: Window) -> dict[str, date | None]:
    """The window of a list of performances; without one from the first day of the current season on."""
    since, until = _days(window)
    if since is None and until is None:
        since = season_period(season_year(_today())).start
    return {"since": since, "until": until}


def _performances(access: Access, **narrowed: Any) -> list[dict[str, object]]:
    return [shapes.performance_members(evening) for evening in exchange.evenings(access, **narrowed)]


@router.get("/producers", tags=["Reference lists"], response=list[shapes.Producer], summary="Producers and agencies")
def producers(request: HttpRequest) -> list[shapes.Producer]:
    """All producers and agencies on the platform, by name."""
    return [shapes.producer(one) for one in exchange.producers(_access(request, None))]


@router.get("/genres", tags=["Reference lists"], response=list[shapes.Reference], summary="Genres")
def genres(request: HttpRequest) -> list[shapes.Reference]:
    """The national genres."""
    return [shapes.reference(one) for one in exchange.genres(_access(request, None))]


@router.get("/countries", tags=["Reference lists"], response=list[shapes.CountryReference], summary="Countries")
def countries(request: HttpRequest) -> list[dict[str, object]]:
    """Countries of theatres."""
    return [{"id": one.id, "name": one.name, "code": one.kind} for one in exchange.countries(_access(request, None))]


@router.get("/provinces", tags=["Reference lists"], response=list[shapes.Reference], summary="Provinces")
def provinces(request: HttpRequest) -> list[shapes.Reference]:
    """Provinces of theatres."""
    return [shapes.reference(one) for one in exchange.provinces(_access(request, None))]


@router.get("/theaters", tags=["Reference lists"], response=list[shapes.Theater], summary="Theatres with their halls")
def theaters(request: HttpRequest) -> list[shapes.Theater]:
    """All theatres in use, by name, with their halls (theater_locations)."""
    return [shapes.theater(one) for one in exchange.venues(_access(request, None))]


@router.get("/theaters/performances", response=list[shapes.PerformanceObject], summary="Performances in your theatres")
def own_performances(request: HttpRequest, window: Query[Window]) -> list[dict[str, object]]:
    """Published performances in the calling theatre, to fetch their numbers. Without a window: from this season on."""
    access = _access(request)
    need_taker(access)
    return _performances(access, own_theatres=True, **_on_stage(window))


@router.get("/theaters/{int:theater_id}", tags=["Reference lists"], response=shapes.Theater, summary="One theatre")
def one_theater(request: HttpRequest, theater_id: int) -> shapes.Theater:
    """A theatre with its halls; of one that was merged the theatre that it became."""
    found = exchange.venues(_access(request, None), theatre_id=theater_id)
    if not found:
        raise not_found(f"No theater {theater_id}")
    return shapes.theater(found[0])


@router.get(
    "/theaters/{int:theater_id}/performances", response=list[shapes.PerformanceObject], summary="Your performances in a theatre"
)
def theater_performances(request: HttpRequest, theater_id: int, window: Query[WideWindow]) -> list[dict[str, object]]:
    """Your own performances in that theatre; for a theatre those in its own house. Without a window: from this season on."""
    return _performances(_access(request), theatre_id=theater_id, concepts=window.concepts, **_on_stage(window))


@router.get("/producers/{int:producer_id}/productions", response=list[shapes.ProductionObject], summary="Productions")
def productions(request: HttpRequest, producer_id: int, window: Query[Window]) -> list[shapes.ProductionObject]:
    """Productions of the producer, or of the agency, that you take part in. Without a window: the current season.

    With a window: those whose season touches it.
    """
    found = exchange.shows(_access(request), organisation_number=producer_id, season_years=_season_years(window))
    return [shapes.production(one) for one in found]


@router.get(
    "/producers/{int:producer_id}/productions/{production_number}/performances",
    response=list[shapes.PerformanceObject],
    summary="Performances of a production",
)
def production_performances(
    request: HttpRequest, producer_id: int, production_number: str, window: Query[WideWindow]
) -> list[dict[str, object]]:
    """The performances of a production that you take part in. Without a window: all."""
    since, until = _days(window)
    return _performances(
        _access(request),
        organisation_number=producer_id,
        dip_id=production_number,
        since=since,
        until=until,
        concepts=window.concepts,
    )


@router.get(
    "/producers/{int:producer_id}/theaters/{int:theater_id}/performances",
    response=list[shapes.PerformanceObject],
    summary="Performances of a producer in a theatre",
)
def producer_performances(
    request: HttpRequest, producer_id: int, theater_id: int, window: Query[WideWindow]
) -> list[dict[str, object]]:
    """Performances of that producer or agency in that theatre. Without a window: from this season on."""
    return _performances(
        _access(request),
        organisation_number=producer_id,
        theatre_id=theater_id,
        concepts=window.concepts,
        **_on_stage(window),
    )


@router.get(
    "/thirdparty/productions", response=list[shapes.ProductionObject], summary="Productions of others", tags=["Third parties"]
)
def others_productions(request: HttpRequest, window: Query[Window]) -> list[shapes.ProductionObject]:
    """Productions of other producers that you take part in: as co-producer, agency or theatre."""
    found = exchange.shows(_access(request), season_years=_season_years(window), others_only=True)
    return [shapes.production(one) for one in found]


@router.get("/thirdparty/producers", response=list[shapes.Producer], summary="Their producers", tags=["Third parties"])
def others_producers(request: HttpRequest) -> list[shapes.Producer]:
    """Other producers whose productions you take part in."""
    return [shapes.producer(one) for one in exchange.producers(_access(request), others_only=True)]


@router.get("/thirdparty/theaters", response=list[shapes.Theater], summary="Theatres of others", tags=["Third parties"])
def others_theaters(request: HttpRequest) -> list[shapes.Theater]:
    """Theatres of others in which your performances play."""
    return [shapes.theater(one) for one in exchange.venues(_access(request), others_only=True)]
