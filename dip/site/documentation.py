"""External API v1, told: the specification at ``openapi.json`` and the page at ``docs``, both made from what really answers."""

import re
from functools import cache
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from ninja import NinjaAPI

from dip.registry.api import PER_ADDRESS, PER_CLIENT
from dip.registry.guard import View, public
from dip.registry.tokens import TOKEN_SECONDS
from dip.ticketing.rules.bodies import MAX_BYTES, MAX_ROWS, BlockedBody, CapacityBody, ReservationsBody, TicketsBody
from dip.ticketing.rules.findings import PATTERNS
from dip.ticketing.terms import REJECTING, FindingCode

_JSON = "application/json"
_PLACE = re.compile(r"%\((\w+)\)s")
_REFUSAL = {
    "type": "object",
    "required": ["error", "error_description"],
    "properties": {"error": {"type": "string"}, "error_description": {"type": "string"}},
}
_FINDING = {
    "type": "object",
    "properties": {
        "row": {"type": "integer", "description": "place in the body, from 0"},
        "number": {"type": ["integer", "null"], "description": "as the row names it; null when it cannot be read"},
        "code": {"type": "string", "enum": [code.value for code in FindingCode]},
        "kept": {"type": "boolean"},
        "message": {"type": "string"},
    },
}
_RECEIPT = {
    "type": "object",
    "properties": {
        "receipt": {"type": "integer"},
        "measure": {"type": "string", "enum": ["tickets", "reservations", "blocked", "capacity"]},
        "received": {"type": "string", "description": "local time, without offset"},
        **{name: {"type": "integer"} for name in ("rows", "accepted", "unchanged", "rejected")},
        "findings": {"type": "array", "items": _FINDING},
    },
}
_BULK = {
    "/tickets/cumulative": (TicketsBody, "Tickets sold", "Everything sold until now, by kind, and the recette."),
    "/reservations/cumulative": (ReservationsBody, "Reservations", "All reservations that stand now, and their value."),
    "/blocked-seats/cumulative": (
        BlockedBody,
        "Blocked seats",
        "All seats that are blocked now, and their value where there is one.",
    ),
    "/blockedseats/cumulative": (BlockedBody, "Blocked seats, the other spelling", "The same as /blocked-seats/cumulative."),
}


def base_url() -> str:
    """Where systems reach the API."""
    return f"{settings.BASE_URL}/{settings.API_PREFIX}".rstrip("/")


def specification_of(api: NinjaAPI) -> View:
    """The view that answers the specification."""

    @public
    def specification(request: HttpRequest) -> HttpResponse:
        """OpenAPI 3.1, with the bulk endpoints."""
        return JsonResponse(specify(api))

    return specification


def page_of(api: NinjaAPI) -> View:
    """The view of the page that people read."""

    @public
    def page(request: HttpRequest) -> HttpResponse:
        """How to call, with examples that run, and every call there is."""
        context = {
            "base": base_url(),
            "groups": _groups(specify(api)),
            "findings": [
                (code.value, _PLACE.sub(r"‹\1›", words).replace("%%", "%"), code in REJECTING) for code, words in PATTERNS.items()
            ],
            "limits": {
                "client": PER_CLIENT,
                "address": PER_ADDRESS,
                "token_minutes": TOKEN_SECONDS // 60,
                "rows": MAX_ROWS,
                "megabytes": MAX_BYTES // 2**20,
            },
        }
        return render(request, "site/api_docs.html", context)

    return page


@cache
def specify(api: NinjaAPI) -> dict[str, Any]:
    """The whole specification: what the framework knows of the ordinary endpoints, and ours of token and pushes."""
    found = api.get_openapi_schema(path_prefix="")
    specification: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(found, enc_hook=str))
    components = specification.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    shapes = [TicketsBody, ReservationsBody, BlockedBody, CapacityBody]
    references, bodies = msgspec.json.schema_components(shapes, ref_template="#/components/schemas/{name}")
    schemas |= bodies | {"Receipt": _RECEIPT, "Error": _REFUSAL}
    components["securitySchemes"] = {"Bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    by_shape = dict(zip(shapes, references, strict=True))
    paths = {"/token": {"post": _token()}} | specification["paths"]
    for path, (shape, summary, description) in _BULK.items():
        either = {"oneOf": [{"type": "array", "items": by_shape[shape]}, by_shape[shape]]}
        paths[path] = {"put": _push(summary, description, either, [])}
    told = "Seats of the hall for this performance, rank 1 to 10."
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": kind}}
        for name, kind in (("production", "string"), ("number", "integer"))
    ]
    capacity = "/productions/{production}/performances/{number}/capacity"
    paths[capacity] = {"put": _push("Capacity", told, by_shape[CapacityBody], parameters)}
    for operations in paths.values():
        for operation in operations.values():
            _add_refusals(operation)
    return specification | {"openapi": "3.1.0", "paths": paths, "servers": [{"url": base_url()}]}


def _answer(description: str, schema: Any) -> dict[str, Any]:
    return {"description": description, "content": {_JSON: {"schema": schema}}}


def _push(summary: str, description: str, schema: Any, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "tags": ["Ticket sales systems"],
        "summary": summary,
        "description": description,
        "parameters": parameters,
        "requestBody": {"required": True, "content": {_JSON: {"schema": schema}}},
        "responses": {"200": _answer("Receipt; at least one row was kept", {"$ref": "#/components/schemas/Receipt"})},
        "security": [{"Bearer": []}],
    }


def _token() -> dict[str, Any]:
    fields = {name: {"type": "string"} for name in ("client_id", "client_secret", "grant_type")}
    form = {"type": "object", "required": ["client_id", "client_secret"], "properties": fields}
    members = {"access_token": {"type": "string"}, "token_type": {"type": "string"}, "expires_in": {"type": "integer"}}
    return {
        "tags": ["Token"],
        "summary": "Buy a token",
        "description": "OAuth2 client credentials. grant_type is accepted and not required.",
        "requestBody": {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": form}}},
        "responses": {"200": _answer("Token", {"type": "object", "properties": members})},
        "security": [],
    }


def _add_refusals(operation: dict[str, Any]) -> None:
    reference = {"$ref": "#/components/schemas/Error"}
    told = {
        "400": "Refused; the description says why",
        "401": "No token, or one that does not hold",
        "403": "Rights do not reach",
        "404": "There is nothing here for these credentials",
        "405": "Another method",
        "413": "The body is too large",
        "414": "The address is too long",
        "429": "Too many requests for tokens",
    }
    for status, description in told.items():
        operation["responses"].setdefault(status, _answer(description, reference))


def _groups(specification: dict[str, Any]) -> list[tuple[str, list[dict[str, str]]]]:
    """Calls by their last tag, in the order in which they are declared."""
    groups: dict[str, list[dict[str, str]]] = {}
    for path, operations in specification["paths"].items():
        for method, operation in operations.items():
            line = {"method": method.upper(), "path": path, "told": operation.get("description") or operation["summary"]}
            groups.setdefault(operation["tags"][-1], []).append(line)
    return list(groups.items())
