"""Writing: booking systems enter, change, publish and cancel. A body is written whole or not at all; a repeat is recognised."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import translation
from ninja import Status

from dip.kernel import clock
from dip.programme import actions
from dip.programme.actions import UnableToAct
from dip.programme.api import shapes
from dip.programme.api.entries import PerformanceEntryBody, ProductionEntryBody, told
from dip.programme.api.routing import router
from dip.programme.models import Performance, Production
from dip.programme.queries import exchange
from dip.programme.terms import FundFeature, PerformanceEntry, PerformanceKind, PerformanceStatus, ProductionEntry
from dip.registry.bearer import ApiError, forbidden, need, not_found
from dip.registry.bodies import described, entries, missing, refused
from dip.registry.models import Organisation
from dip.registry.terms import Access, Level, Module, Role

Answer = dict[str, object]


@router.post(
    "/producers/{int:producer_id}/productions",
    response={201: shapes.ProductionObject | list[shapes.ProductionObject], 400: shapes.Refusal},
    openapi_extra=described(ProductionEntryBody),
    summary="Enter productions",
)
def enter_productions(request: HttpRequest, producer_id: int) -> Status:
    """One production or an array. The same external_ref again answers what was entered before; its id never changes."""
    access, at = _writer(request), clock.now()
    producer = _producer(access, producer_id)
    bodies, is_one = entries(request, ProductionEntryBody)
    key = request.headers.get("Idempotency-Key", "").strip()
    lacking = [f for row, body in enumerate(bodies) for f in missing(row, body, ("title", "season", "genre"))]
    if lacking:
        raise refused(lacking)
    made = []
    with transaction.atomic():
        for row, body in enumerate(bodies):
            with _row(row):
                entry = _production_entry(producer, body, _reference(body.external_ref, key, row))
                made.append(actions.create_production(access=access, at=at, entry=entry).dip_id)
        return Status(201, _productions(access, made, is_one))


@router.put(
    "/producers/{int:producer_id}/productions",
    response={200: shapes.ProductionObject | list[shapes.ProductionObject], 400: shapes.Refusal},
    openapi_extra=described(ProductionEntryBody),
    summary="Change productions",
)
def change_productions(request: HttpRequest, producer_id: int) -> Status:
    """Change one production or several, by their id; members left out stay as they are. The same again changes nothing."""
    access, at = _writer(request), clock.now()
    producer = _producer(access, producer_id)
    bodies, is_one = entries(request, ProductionEntryBody)
    lacking = [f for row, body in enumerate(bodies) for f in missing(row, body, ("id",))]
    if lacking:
        raise refused(lacking)
    changed = []
    with transaction.atomic():
        for row, body in enumerate(bodies):
            production = _production(access, producer, body.id)
            with _row(row):
                actions.change_production(access=access, at=at, production=production, entry=_changed_entry(production, body))
            changed.append(production.dip_id)
        return Status(200, _productions(access, changed, is_one))


@router.post(
    "/producers/{int:producer_id}/productions/{production_number}/performances",
    response={201: shapes.WrittenPerformance | list[shapes.WrittenPerformance], 400: shapes.Refusal},
    openapi_extra=described(PerformanceEntryBody),
    summary="Enter performances",
)
def enter_performances(request: HttpRequest, producer_id: int, production_number: str) -> Status:
    """Enter and publish performances: the theatre is asked to confirm them. With status concept they wait for that."""
    access, at = _writer(request), clock.now()
    production = _production(access, _producer(access, producer_id), production_number)
    bodies, is_one = entries(request, PerformanceEntryBody)
    key = request.headers.get("Idempotency-Key", "").strip()
    lacking = [f for row, body in enumerate(bodies) for f in missing(row, body, ("date", "theater", "theater_location"))]
    if lacking:
        raise refused(lacking)
    with transaction.atomic():
        with _row(None):
            made = actions.add_performances(
                access=access,
                at=at,
                production=production,
                entries=[_performance_entry(body, _reference(body.external_ref, key, row)) for row, body in enumerate(bodies)],
            )
        published = [p for p, body in zip(made, bodies, strict=True) if body.status != "concept"]
        warnings = _publish(access, at, [p.number for p in published if p.status == PerformanceStatus.CONCEPT])
        return Status(201, _performances(access, [p.number for p in made], warnings, is_one))


@router.put(
    "/producers/{int:producer_id}/productions/{production_number}/performances",
    response={200: shapes.WrittenPerformance | list[shapes.WrittenPerformance], 400: shapes.Refusal},
    openapi_extra=described(PerformanceEntryBody),
    summary="Change, move, publish or cancel performances",
)
def change_performances(request: HttpRequest, producer_id: int, production_number: str) -> Status:
    """By their number. Another date or hall moves a performance, and its theatre is asked again; status cancellation cancels it."""
    access, at = _writer(request), clock.now()
    production = _production(access, _producer(access, producer_id), production_number)
    bodies, is_one = entries(request, PerformanceEntryBody)
    lacking = [f for row, body in enumerate(bodies) for f in missing(row, body, ("number",))]
    if lacking:
        raise refused(lacking)
    numbers = [body.number or 0 for body in bodies]
    known = {p.number: p for p in Performance.objects.filter(production=production, pk__in=numbers)}
    _refuse_changes(bodies, known, production)
    warnings: dict[int, list[str]] = {}
    with transaction.atomic():
        for row, body in enumerate(bodies):
            with _row(row):
                warnings[numbers[row]] = _change(access, at, known[numbers[row]], body)
        return Status(200, _performances(access, numbers, warnings, is_one))


def _writer(request: HttpRequest) -> Access:
    access: Access = request.auth  # type: ignore[attr-defined]
    need(access, Module.PROGRAMME, Level.MANAGE)
    if not (access.is_provider or access.is_platform):
        raise ApiError("Not a producer or agency")
    return access


def _producer(access: Access, number: int) -> Organisation:
    """The producer of the path, when the caller may enter for it."""
    found = Organisation.objects.filter(number=number).first()
    if found is None or (access.role is Role.PRODUCER and found.pk != access.organisation_id):
        raise forbidden(f"Producer {number} is not you. Your own number stands in /producers, and in your productions' ids.")
    return found


def _production(access: Access, producer: Organisation, dip_id: str) -> Production:
    """The production of the path, when it is the caller's; strangers cannot tell it from one that does not exist."""
    found = exchange.shows(access, dip_ids=[dip_id], organisation_number=producer.number)
    if not found:
        raise not_found(f"No production {dip_id}")
    return Production.objects.get(dip_id=found[0].dip_id)


def _reference(own: str | None, key: str, row: int) -> str:
    """What recognises a repeat: the system's own reference, else the call's Idempotency-Key and the row."""
    return own or (f"{key[:70]}#{row}" if key else "")


def _numbered(pointers: list[Any] | None) -> tuple[int, ...]:
    """Our keys of organisations by their national numbers; an unknown one becomes 0, which the action refuses."""
    numbers = [pointer.id for pointer in pointers or ()]
    known = dict(Organisation.objects.filter(number__in=[n for n in numbers if 0 <= n < 2**31]).values_list("number", "pk"))
    return tuple(known.get(number, 0) for number in numbers)


def _production_entry(producer: Organisation, body: ProductionEntryBody, reference: str) -> ProductionEntry:
    agency = _numbered(body.accompanied_by_producers)
    return ProductionEntry(
        title=body.title or "",
        season_year=int((body.season or "0")[:4]),
        genre_id=body.genre.id if body.genre else 0,
        producer_id=producer.pk,
        agency_id=agency[0] if agency else None,
        co_producer_ids=_numbered(body.co_producers),
        is_revival=bool(body.revival),
        subsidy_scheme=body.subsidy_scheme or "",
        fund_consent=bool(body.fund_consent),
        cast_members=tuple(body.cast_members or ()),
        external_ref=reference,
    )


def _changed_entry(production: Production, body: ProductionEntryBody) -> ProductionEntry:
    """What is known, with what the body says in its place."""
    now = ProductionEntry(
        title=production.title,
        season_year=production.season_year,
        genre_id=production.genre_id,
        producer_id=production.producer_id,
        co_producer_ids=tuple(production.co_producers.values_list("pk", flat=True)),
        is_revival=production.is_revival,
        subsidy_scheme=production.subsidy_scheme,
        fund_consent=production.fund_consent,
        cast_members=tuple(production.cast_members),
        external_ref=production.external_ref,
    )
    said: dict[str, Any] = {
        "title": body.title,
        "genre_id": body.genre.id if body.genre else None,
        "co_producer_ids": None if body.co_producers is None else _numbered(body.co_producers),
        "is_revival": body.revival,
        "subsidy_scheme": body.subsidy_scheme,
        "fund_consent": body.fund_consent,
        "cast_members": None if body.cast_members is None else tuple(body.cast_members),
        "external_ref": body.external_ref,
    }
    return replace(now, **{name: value for name, value in said.items() if value is not None})


def _performance_entry(body: PerformanceEntryBody, reference: str) -> PerformanceEntry:
    assert body.date is not None  # what is missing was told before
    assert body.theater is not None
    assert body.theater_location is not None
    return PerformanceEntry(
        starts_at=body.date,
        theatre_id=body.theater.id,
        hall_id=body.theater_location.id,
        kind=PerformanceKind(body.type or PerformanceKind.NORMAL),
        is_private=bool(body.private),
        in_festival=bool(body.in_festival),
        is_other_location=bool(body.isOtherLocation),
        fund_feature=FundFeature(body.fund_feature or FundFeature.REGULAR),
        capacity_by_rank=body.ranks(),
        external_ref=reference,
    )


def _change(access: Access, at: datetime, performance: Performance, body: PerformanceEntryBody) -> list[str]:
    """Move, change, publish or cancel; what was remarked. A performance that is cancelled already stays as it is."""
    number, warnings = performance.number, []
    if body.status == "cancellation":
        if performance.status != PerformanceStatus.CANCELLED:
            actions.cancel_performance(access=access, at=at, number=number, reason=body.reason)
        return []
    if body.date or body.theater or body.theater_location:
        _, found = actions.move_performance(
            access=access,
            at=at,
            number=number,
            starts_at=body.date or performance.starts_at,
            theatre_id=body.theater.id if body.theater else performance.theatre_id,
            hall_id=body.theater_location.id if body.theater_location else performance.hall_id,
            allow_past=True,
        )
        warnings += [told(finding, None)["message"] for finding in found]
    said: dict[str, Any] = {
        "kind": body.type,
        "is_private": body.private,
        "in_festival": body.in_festival,
        "is_other_location": body.isOtherLocation,
        "fund_feature": body.fund_feature,
        "capacity_by_rank": body.ranks(),
        "external_ref": body.external_ref,
    }
    given = {name: value for name, value in said.items() if value is not None}
    actions.change_performance(access=access, at=at, number=number, **given)
    if body.status == "agreed" and performance.status == PerformanceStatus.CONCEPT:
        warnings += _publish(access, at, [number]).get(number, [])
    return warnings


def _refuse_changes(bodies: list[PerformanceEntryBody], known: dict[int, Performance], production: Production) -> None:
    """A number of another production, or a way back that there is not."""
    findings = []
    for row, body in enumerate(bodies):
        number = body.number or 0
        if number not in known:
            message = f"number {number} is not a performance of {production.dip_id}. Fetch its performances first."
            findings.append({"row": row, "field": "number", "code": "unknown_performance", "message": message})
        elif body.status == "concept" and known[number].status != PerformanceStatus.CONCEPT:
            message = f"number {number} cannot become a concept again. Cancel it, with a reason."
            findings.append({"row": row, "field": "status", "code": "not_concept", "message": message})
    if findings:
        raise refused(findings)


def _publish(access: Access, at: datetime, numbers: list[int]) -> dict[int, list[str]]:
    """Publish; warnings by number. What refuses one refuses the body."""
    published = actions.publish_performances(access=access, at=at, numbers=numbers, allow_past=True)
    refusals = [finding for finding in published.findings if not finding.is_warning]
    if refusals:
        raise refused([told(finding, finding.row or 0) for finding in refusals])
    warnings: dict[int, list[str]] = {}
    for finding in published.findings:
        warnings.setdefault(finding.number or 0, []).append(told(finding, None)["message"])
    return warnings


@contextmanager
def _row(row: int | None) -> Iterator[None]:
    """What the programme refuses, told in English and with its row."""
    try:
        with translation.override("en"):
            yield
    except UnableToAct as error:
        raise refused([told(finding, finding.row if row is None else row) for finding in error.findings]) from error
    except IntegrityError as error:
        if "_ref_once" not in str(error):
            raise
        message = "external_ref: it was used before, for something else. Choose another reference."
        raise refused([{"row": row or 0, "field": "external_ref", "code": "ref_taken", "message": message}]) from error


def _productions(access: Access, dip_ids: list[str], is_one: bool) -> Any:
    found = {show.dip_id: show for show in exchange.shows(access, dip_ids=dip_ids)}
    hidden = next((dip_id for dip_id in dip_ids if dip_id not in found), None)
    if hidden is not None:
        raise ApiError("external_ref was used for this producer before, by another party. Choose another reference.")
    answer = [shapes.production(found[dip_id]) for dip_id in dip_ids]
    return answer[0] if is_one else answer


def _performances(access: Access, numbers: list[int], warnings: dict[int, list[str]], is_one: bool) -> Any:
    found = {one.number: one for one in exchange.evenings(access, numbers=numbers, concepts=True)}
    answer: list[Answer] = [
        {**shapes.performance_members(found[number]), "warnings": warnings.get(number, [])} for number in numbers
    ]
    return answer[0] if is_one else answer
