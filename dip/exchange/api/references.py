"""Reference lists: what the ids in productions and performances stand for."""

from dip.exchange.api.operations import Call, Result, operation
from dip.exchange.problems import Problem
from dip.exchange.queries import references as queries
from dip.exchange.rules import bodies, shapes

_TAG = "Reference lists"


@operation("GET", "/genres", tag=_TAG, summary="Genres", module=None, answer=shapes.GenreList)
def list_genres(call: Call) -> Result:
    """The national genres."""
    return Result(shapes.GenreList(items=queries.genres(call.access)))


@operation("GET", "/provinces", tag=_TAG, summary="Provinces", module=None, answer=shapes.ProvinceList)
def list_provinces(call: Call) -> Result:
    """Provinces of theatres."""
    return Result(shapes.ProvinceList(items=queries.provinces(call.access)))


@operation("GET", "/countries", tag=_TAG, summary="Countries", module=None, answer=shapes.CountryList)
def list_countries(call: Call) -> Result:
    """Countries of theatres."""
    return Result(shapes.CountryList(items=queries.countries(call.access)))


@operation(
    "GET", "/organisations", tag=_TAG, summary="Organisations",
    module=None, query=bodies.OrganisationQuery, answer=shapes.OrganisationPage,
)  # fmt: skip
def list_organisations(call: Call) -> Result:
    """Producers, agencies, theatres and others on the platform, by national number."""
    query = call.query
    items = queries.organisations(call.access, role=query.role, number=None, after=query.after, limit=query.limit + 1)
    shown = items[: query.limit]
    return Result(shapes.OrganisationPage(items=shown, next_after=shown[-1].id if len(items) > query.limit else None))


@operation("GET", "/theatres", tag=_TAG, summary="Theatres", module=None, query=bodies.TheatreQuery, answer=shapes.TheatrePage)
def list_theatres(call: Call) -> Result:
    """All theatres by id, merged ones and those out of use too, as a state."""
    query = call.query
    items = queries.theatres(call.access, q=query.q.strip(), after=query.after, limit=query.limit + 1)
    shown = items[: query.limit]
    return Result(shapes.TheatrePage(items=shown, next_after=shown[-1].id if len(items) > query.limit else None))


@operation("GET", "/theatres/{theatreId}", tag=_TAG, summary="One theatre", module=None, answer=shapes.Theatre, refusals=(404,))
def read_theatre(call: Call) -> Result:
    """A theatre. One that was merged names the theatre that it became."""
    found = queries.theatres(call.access, theatre_id=call.path["theatreId"])
    if not found:
        raise Problem("not-found", f"There is no theatre {call.path['theatreId']}.")
    return Result(found[0])


@operation("GET", "/halls", tag=_TAG, summary="Halls", module=None, query=bodies.HallQuery, answer=shapes.HallPage)
def list_halls(call: Call) -> Result:
    """Halls by id, of all theatres or of one."""
    query = call.query
    items = queries.halls(call.access, theatre_id=query.theatre_id, after=query.after, limit=query.limit + 1)
    shown = items[: query.limit]
    return Result(shapes.HallPage(items=shown, next_after=shown[-1].id if len(items) > query.limit else None))


@operation("GET", "/halls/{hallId}", tag=_TAG, summary="One hall", module=None, answer=shapes.Hall, refusals=(404,))
def read_hall(call: Call) -> Result:
    """A hall. One that was merged names the hall that it became."""
    found = queries.halls(call.access, hall_id=call.path["hallId"])
    if not found:
        raise Problem("not-found", f"There is no hall {call.path['hallId']}.")
    return Result(found[0])
