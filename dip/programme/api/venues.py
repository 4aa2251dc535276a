"""Writing theatres: what a search of /theaters did not find."""

from typing import Any
from zoneinfo import available_timezones

from django.db import transaction
from django.http import HttpRequest
from django.utils import translation
from ninja import Status

from dip.definitions.models import Country, Province
from dip.kernel import clock
from dip.programme import actions
from dip.programme.actions import UnableToAct
from dip.programme.api import shapes
from dip.programme.api.entries import TheatreEntryBody, told
from dip.programme.api.routing import router
from dip.programme.models import Hall, Theatre
from dip.programme.queries import exchange
from dip.programme.rules.naming import folded
from dip.registry.bearer import need
from dip.registry.bodies import described, entries, refused
from dip.registry.terms import Access, Level, Module


@router.post(
    "/theaters",
    response={201: shapes.Theater | list[shapes.Theater], 400: shapes.Refusal},
    openapi_extra=described(TheatreEntryBody),
    summary="Enter theatres",
)
def enter_theaters(request: HttpRequest) -> Status:
    """Enter a theatre that /theaters does not have, with its halls. One of the same name and city is answered as it is, and halls
    that it lacks are added."""
    access: Access = request.auth  # type: ignore[attr-defined]
    need(access, Module.PROGRAMME, Level.MANAGE)
    bodies, is_one = entries(request, TheatreEntryBody)
    made = []
    with transaction.atomic(), translation.override("en"):
        for row, body in enumerate(bodies):
            try:
                made.append(_entered(access, row, body))
            except UnableToAct as error:
                raise refused([told(finding, row) for finding in error.findings]) from error
    answer = [shapes.theater(exchange.venues(access, theatre_id=key)[0]) for key in made]
    return Status(201, answer[0] if is_one else answer)


def _entered(access: Access, row: int, body: TheatreEntryBody) -> int:
    """Key of the theatre, which has the halls of the body."""
    _refuse_unknown(row, body)
    at = clock.now()
    theatre = _twin(body) or actions.add_theatre(access=access, at=at, **_values(body))
    halls = {folded(hall.name) for hall in Hall.objects.filter(theatre=theatre)}
    for hall in body.theater_locations:
        if folded(hall.name) not in halls:
            actions.add_hall(access=access, at=at, theatre_id=theatre.pk, name=hall.name, capacity=hall.capacity)
            halls.add(folded(hall.name))
    return int(theatre.pk)


def _refuse_unknown(row: int, body: TheatreEntryBody) -> None:
    checks = {
        "time_zone": (body.time_zone in available_timezones(), "an IANA name such as Europe/Amsterdam"),
        "province": (body.province is None or Province.objects.filter(pk=body.province.id).exists(), "an id from /provinces"),
        "country": (body.country is None or Country.objects.filter(pk=body.country.id).exists(), "an id from /countries"),
    }
    for field, (is_known, remedy) in checks.items():
        if not is_known:
            raise refused([{"row": row, "field": field, "code": "unknown", "message": f"{field} is not known. Send {remedy}."}])


def _twin(body: TheatreEntryBody) -> Theatre | None:
    there = Theatre.objects.filter(city__iexact=body.city, merged_into__isnull=True)
    return next((theatre for theatre in there if folded(theatre.name) == folded(body.name)), None)


def _values(body: TheatreEntryBody) -> dict[str, Any]:
    return {
        "name": body.name,
        "city": body.city,
        "street": body.street,
        "house_number": body.number,
        "postcode": body.zipcode,
        "kind": body.type,
        "time_zone": body.time_zone,
        "province_id": body.province.id if body.province else None,
        "country_id": body.country.id if body.country else None,
    }
