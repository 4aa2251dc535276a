"""Productions: their changes, one of them, entering and changing."""

from dataclasses import replace
from typing import Any

from django.db import transaction
from msgspec import UNSET

from dip.exchange.api.answering import check_version, tagged
from dip.exchange.api.findings import refusals_told
from dip.exchange.api.operations import Call, Result, operation
from dip.exchange.api.paging import base, page, read_cursor, season_of
from dip.exchange.problems import Problem, error_at
from dip.exchange.queries import productions as queries
from dip.exchange.queries.horizon import horizon
from dip.exchange.rules import bodies, shapes
from dip.exchange.terms import Window
from dip.programme import actions
from dip.programme.models import Production
from dip.programme.terms import ProductionEntry
from dip.registry.models import Organisation
from dip.registry.terms import Access, AccessDenied, Level, Role

_TAG = "Productions"


@operation(
    "GET", "/productions", tag=_TAG, summary="Productions, and what changed of them",
    query=bodies.ProductionQuery, answer=shapes.ProductionPage,
)  # fmt: skip
def list_productions(call: Call) -> Result:
    """Your productions in the order in which they changed last. Follow links.next until it is null; then call links.changes whenever
    you like: it answers what changed since, without a gap. One that leaves a filter is not told: for a copy of everything send none."""
    query = call.query
    given = queries.ProductionFilter(
        season_of(query.season), query.theatre_id, query.genre_id, query.producer_id, query.changed_since
    )
    place, until = read_cursor(call, "productions", (0, 0)), horizon()
    found = queries.changed_productions(call.access, given, (place[0], place[1]), until, query.limit)
    following = found.last or (max(until, place[0]), 0 if until > place[0] else place[1])
    lost = queries.withdrawn_productions(call.access, Window(place[0], following[0])) if place[0] else []
    has_more = found.last is not None
    return page(call, "productions", shapes.ProductionPage, following, has_more, items=found.items, withdrawn=lost)


@operation("GET", "/productions/{dipId}", tag=_TAG, summary="One production", answer=shapes.Production, refusals=(404,))
def read_production(call: Call) -> Result:
    """A production that you take part in. The id of one that was merged answers with the production that counts in its place."""
    return tagged(_found(call.access, call.path["dipId"])[1])


@operation(
    "POST", "/productions", tag=_TAG, summary="Enter a production",
    level=Level.MANAGE, body=bodies.ProductionEntry, answer=shapes.Production, status=201, refusals=(200, 422),
)  # fmt: skip
def enter_production(call: Call) -> Result:
    """Enter a production; its id exists from now on. The same externalRef again answers, with 200, what was entered before."""
    access, body = call.access, call.body
    if not (access.is_provider or access.is_platform):
        raise AccessDenied("Only producers, agencies and the platform enter productions.")
    producer = _producer(access, body.producer_id)
    agency = _numbered("agencyId", [body.agency_id]) if body.agency_id else (None,)
    entry = ProductionEntry(
        title=body.title,
        season_year=season_of(body.season) or 0,
        genre_id=body.genre_id,
        producer_id=producer,
        agency_id=agency[0],
        co_producer_ids=_numbered("coProducerIds", body.co_producer_ids),
        is_revival=body.is_revival,
        subsidy_scheme=body.subsidy_scheme,
        fund_consent=body.fund_consent,
        cast_members=tuple(body.cast_members),
        external_ref=body.external_ref.strip(),
    )
    with refusals_told():
        is_known = Production.objects.filter(producer_id=producer, external_ref=entry.external_ref or None).exists()
        made = actions.create_production(access=access, at=call.at, entry=entry)
        found = queries.production_of(access, made.dip_id)
    if found is None:
        told = "externalRef was used for this producer before, by another party. Choose another reference."
        raise Problem("refused", told, errors=[error_at("#/externalRef", told, "ref_taken")])
    return tagged(found[1], 200 if is_known else 201, Location=f"{base()}/productions/{made.dip_id}")


@operation(
    "PATCH", "/productions/{dipId}", tag=_TAG, summary="Change a production",
    level=Level.MANAGE, body=bodies.ProductionChange, answer=shapes.Production, refusals=(204, 404, 412, 422, 428),
)  # fmt: skip
def change_production(call: Call) -> Result:
    """Change a production that you lead or act for, with If-Match. Season and producer stay. An agency that hands it over and no longer
    takes part gets 204."""
    access, body = call.access, call.body
    with transaction.atomic():
        row, shape = _found(access, call.path["dipId"], is_locked=True)
        check_version(call.request, shape)
        if not queries.may_change(access, row):
            raise AccessDenied(f"{row.dip_id} is changed by its main producer or that producer's agency.")
        with refusals_told():
            entry = _changed(row, body)
            actions.change_production(access=access, at=call.at, production=row, entry=entry)
            if body.agency_id is not UNSET:
                agency = _numbered("agencyId", [body.agency_id])[0] if body.agency_id else None
                actions.move_agency(access=access, at=call.at, production=row, agency_id=agency)
        found = queries.production_of(access, row.dip_id)
    return Result(None, 204) if found is None else tagged(found[1])


def _found(access: Access, dip_id: str, *, is_locked: bool = False) -> tuple[Production, shapes.Production]:
    found = queries.production_of(access, dip_id, is_locked=is_locked)
    if found is None:
        raise Problem("not-found", f"There is no production {dip_id[:40]} here for you.")
    return found


def _producer(access: Access, number: int | None) -> int:
    """Key of the producer for whom is entered: the producer itself, or whom an agency or the platform names."""
    if access.role is Role.PRODUCER:
        if number is not None and _numbered("producerId", [number])[0] != access.organisation_id:
            told = "producerId is not you. Leave it out: you enter your own productions."
            raise Problem("refused", told, errors=[error_at("#/producerId", told)])
        return access.organisation_id
    if number is None:
        told = "producerId is missing. Name the producer for whom you enter it; see /organisations?role=producer."
        raise Problem("refused", told, errors=[error_at("#/producerId", told, "missing")])
    return _numbered("producerId", [number])[0]


def _numbered(member: str, numbers: list[int]) -> tuple[int, ...]:
    """Our keys of organisations by their national numbers. Raises :class:`Problem` 422 for one that is unknown."""
    known = dict(Organisation.objects.filter(number__in=numbers).values_list("number", "pk")) if numbers else {}
    unknown = next((number for number in numbers if number not in known), None)
    if unknown is not None:
        told = f"{member} {unknown} is no organisation on the platform. Look it up in /organisations."
        raise Problem("refused", told, errors=[error_at(f"#/{member}", told, "unknown")])
    return tuple(dict.fromkeys(known[number] for number in numbers))


def _changed(row: Production, body: bodies.ProductionChange) -> ProductionEntry:
    """What is known, with what the body says in its place."""
    now = ProductionEntry(
        title=row.title,
        season_year=row.season_year,
        genre_id=row.genre_id,
        producer_id=row.producer_id,
        co_producer_ids=tuple(one.pk for one in row.co_producers.all()),
        is_revival=row.is_revival,
        subsidy_scheme=row.subsidy_scheme,
        fund_consent=row.fund_consent,
        cast_members=tuple(row.cast_members),
        external_ref=row.external_ref,
    )
    said: dict[str, Any] = {
        name: getattr(body, name) for name in ("title", "genre_id", "is_revival", "subsidy_scheme", "fund_consent")
    }
    said["external_ref"] = body.external_ref.strip() if body.external_ref is not UNSET else UNSET
    said["cast_members"] = tuple(body.cast_members) if body.cast_members is not UNSET else UNSET
    if body.co_producer_ids is not UNSET:
        said["co_producer_ids"] = _numbered("coProducerIds", body.co_producer_ids)
    return replace(now, **{name: value for name, value in said.items() if value is not UNSET})
