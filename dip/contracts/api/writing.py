"""Writing agreements: booking systems draft, change, propose and revise them. A body is written whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import translation
from ninja import Status

from dip.contracts import actions
from dip.contracts.actions import UnableToAct
from dip.contracts.api import shapes
from dip.contracts.api.entries import ContractBody, told
from dip.contracts.api.routing import router
from dip.contracts.models import Agreement
from dip.contracts.queries import wire
from dip.contracts.queries.figures import numbers_of
from dip.contracts.rules.formats import formats
from dip.contracts.rules.values import restored, stored
from dip.contracts.rules.wire import given
from dip.contracts.terms.states import AgreementStatus
from dip.kernel import clock
from dip.programme.models import Production
from dip.programme.queries.visibility import called, party_to_production
from dip.registry.bearer import ApiError, need, not_found
from dip.registry.bodies import described, entries, missing, refused
from dip.registry.terms import Access, Level, Module

_WRITTEN = {200: shapes.WrittenContract, 400: shapes.Refusal}


@router.post(
    "/contracts/{contract_type}/create",
    response={201: shapes.WrittenContract | list[shapes.WrittenContract], 400: shapes.Refusal},
    openapi_extra=described(ContractBody),
    summary="Draft agreements",
)
def create_contracts(request: HttpRequest, contract_type: str) -> Status:
    """One concept or an array, of the type rent, partage, volume, suppletion or buyout. The same again answers the concept that was
    made before; only propose puts it to the theatre."""
    access, at = _writer(request), clock.now()
    code = _format(contract_type)
    bodies, is_one = entries(request, ContractBody)
    lacking = [f for row, body in enumerate(bodies) for f in missing(row, body, ("production", "theater", "performances"))]
    if lacking:
        raise refused(lacking)
    made: list[int] = []
    warnings: dict[int, list[str]] = {}
    with transaction.atomic():
        for row, body in enumerate(bodies):
            values, unknown = given(code, body.properties or {})
            with _row(row, code):
                key = _repeated(access, code, body, values) or _drafted(access, at, code, body, values)
            made.append(key)
            warnings[key] = _left_aside(unknown, code)
        return Status(201, _answers(access, made, warnings, is_one))


@router.put(
    "/contracts/{int:contract_id}/propose",
    response=_WRITTEN,
    summary="Propose an agreement",
)
def propose_contract(request: HttpRequest, contract_id: int) -> dict[str, Any]:
    """Put a concept, or what was changed after a rejection, to the theatre: it gets a mail, you a copy. Proposed already: the same
    answer again."""
    access, at = _writer(request), clock.now()
    agreement = _own(access, contract_id)
    if agreement.status != AgreementStatus.PROPOSED:
        with _row(0, agreement.format):
            actions.propose_agreement(access=access, at=at, agreement_id=agreement.pk)
    return _answer(access, agreement.pk, [])


@router.put(
    "/contracts/{int:contract_id}/{contract_type}/update",
    response=_WRITTEN,
    openapi_extra=described(ContractBody),
    summary="Change an agreement",
)
def update_contract(request: HttpRequest, contract_id: int, contract_type: str) -> dict[str, Any]:
    """Change a concept or a rejected agreement; of another type than it had, too. What is left out stays; the same again changes
    nothing."""
    access, at = _writer(request), clock.now()
    agreement, code = _own(access, contract_id), _format(contract_type)
    return _change(request, access, at, agreement, code)


@router.put(
    "/contracts/{int:contract_id}/{contract_type}/revise",
    response=_WRITTEN,
    openapi_extra=described(ContractBody),
    summary="Revise an approved agreement",
)
def revise_contract(request: HttpRequest, contract_id: int, contract_type: str) -> dict[str, Any]:
    """Begin a revision: a new concept with the approved one as parentId, which stays in force until the theatre approves the revision.
    While one is open, the same call changes that one."""
    access, at = _writer(request), clock.now()
    agreement, code = _own(access, contract_id), _format(contract_type)
    with transaction.atomic():
        rows = Agreement.objects.within(access).select_related("production").filter(parent=agreement)
        open_one = rows.filter(status__in=(AgreementStatus.CONCEPT, AgreementStatus.REJECTED)).order_by("-pk").first()
        if open_one is None:
            with _row(0, agreement.format):
                open_one = actions.revise_agreement(access=access, at=at, agreement_id=agreement.pk)
        return _change(request, access, at, open_one, code)


def _change(request: HttpRequest, access: Access, at: Any, agreement: Agreement, code: str) -> dict[str, Any]:
    bodies, is_one = entries(request, ContractBody)
    if not is_one:
        raise ApiError("Send one object: the address names one agreement.")
    body = bodies[0]
    _refuse_moving(agreement, body)
    values, unknown = given(code, body.properties or {})
    with _row(0, code):
        actions.change_agreement(
            access=access,
            at=at,
            agreement_id=agreement.pk,
            values=values,
            numbers=None if body.performances is None else [one.number for one in body.performances],
            format_code=code,
            name=body.name,
            theatre_contact=body.contact_theater,
            provider_contact=body.contact_producer,
            agency_as_provider=body.agencyAsProvider,
        )
    return _answer(access, agreement.pk, _left_aside(unknown, code))


def _writer(request: HttpRequest) -> Access:
    access: Access = request.auth  # type: ignore[attr-defined]
    need(access, Module.CONTRACTS, Level.MANAGE)
    if not access.is_provider:
        raise ApiError("Not a producer or agency")
    return access


def _format(code: str) -> str:
    known = [one.code for one in formats()]
    if code not in known:
        raise not_found(f"There is no type {code[:40]}. Use one of {', '.join(known)}.")
    return code


def _own(access: Access, contract_id: int) -> Agreement:
    """The agreement of the path, when it is the caller's; strangers cannot tell it from one that does not exist."""
    rows = Agreement.objects.within(access).filter(pk=contract_id if contract_id < 2**63 else 0)
    found: Agreement | None = rows.select_related("production").first()
    if found is None:
        raise not_found(f"No contract {contract_id}")
    return found


def _drafted(access: Access, at: Any, code: str, body: ContractBody, values: dict[str, Any]) -> int:
    found = Production.objects.filter(called(_dip_id(body)), party_to_production(access)).first()
    if found is None:
        raise not_found(f"No production {_dip_id(body)}")
    made = actions.draft_agreement(
        access=access,
        at=at,
        format_code=code,
        production_id=found.pk,
        theatre_id=body.theater.id if body.theater else 0,
        numbers=_numbers(body),
        values=values,
        name=body.name or "",
        theatre_contact=body.contact_theater or "",
        provider_contact=body.contact_producer or "",
        agency_as_provider=bool(body.agencyAsProvider),
    )
    return int(made.pk)


def _repeated(access: Access, code: str, body: ContractBody, values: dict[str, Any]) -> int | None:
    """The concept that this very call made before: same name, type, theatre and performances, and every term as it was sent."""
    theatre = body.theater.id if body.theater else 0
    rows = Agreement.objects.within(access).filter(
        status=AgreementStatus.CONCEPT, version=0, format=code, theatre_id=theatre, name=body.name or "", parent=None
    )
    for one in rows.filter(production__in=Production.objects.filter(called(_dip_id(body))).order_by().values("pk")):
        now = stored(restored(one.format, one.terms))
        if numbers_of(access, one) == _numbers(body) and all(_same(now.get(field), value) for field, value in values.items()):
            return int(one.pk)
    return None


def _same(kept: Any, sent: Any) -> bool:
    """Whether a term as stored is what was sent: percentages may be written with needless decimals."""
    if isinstance(kept, str) and isinstance(sent, str):
        try:
            return float(kept) == float(sent)
        except ValueError:
            return kept == sent
    if isinstance(kept, list) and isinstance(sent, list):
        return len(kept) == len(sent) and all(_same(a, b) for a, b in zip(kept, sent, strict=True))
    if isinstance(kept, dict) and isinstance(sent, dict):
        return kept.keys() == sent.keys() and all(_same(kept[name], sent[name]) for name in kept)
    return bool(kept == sent)


def _numbers(body: ContractBody) -> list[int]:
    return sorted({one.number for one in body.performances or ()})


def _dip_id(body: ContractBody) -> str:
    return body.production.id if body.production else ""


def _refuse_moving(agreement: Agreement, body: ContractBody) -> None:
    """An agreement stays with its production and theatre."""
    if body.production and body.production.id != agreement.production.dip_id:
        raise ApiError(
            f"production: contract {agreement.pk} is for {agreement.production.dip_id}. Create another for {body.production.id}."
        )
    if body.theater and body.theater.id != agreement.theatre_id:
        raise ApiError(
            f"theater: contract {agreement.pk} is with theater {agreement.theatre_id}. Create another for {body.theater.id}."
        )


@contextmanager
def _row(row: int, format_code: str) -> Iterator[None]:
    """Refusals of actions, as the wire shows them, with the row they are about."""
    try:
        with translation.override("en"):
            yield
    except UnableToAct as error:
        raise refused(told(error, format_code, row)) from error


def _left_aside(unknown: list[str], code: str) -> list[str]:
    return [f"properties.{name} is no term of {code} and was left aside." for name in unknown]


def _answers(access: Access, keys: list[int], warnings: dict[int, list[str]], is_one: bool) -> Any:
    found = {one.id: shapes.contract(one) for one in wire.wire_contracts(access, ids=keys)}
    answers = [{**found[key], "warnings": warnings[key]} for key in keys]
    return answers[0] if is_one else answers


def _answer(access: Access, key: int, warnings: list[str]) -> dict[str, Any]:
    found = wire.wire_contracts(access, ids=[key])[0]
    return {**shapes.contract(found), "warnings": warnings}
