"""The planning API, mounted under ``/yesplan/v1/``: addresses, the specification, and the page that people read."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from dip.registry.guard import public
from dip.ticketing.api.yesplan import doors
from dip.ticketing.api.yesplan.shapes import REMARKS
from dip.ticketing.rules.planning import MAX_ID, LinkState, MatchedBy, RemarkCode

PREFIX = "yesplan/v1"
_JSON = "application/json"
_TEXT, _WHOLE = {"type": "string"}, {"type": ["integer", "null"]}
_POINTER = {"type": "object", "properties": {"id": _TEXT, "name": _TEXT}}
_EVENT = {
    "type": "object",
    "properties": {
        "id": {**_TEXT, "description": "your own id once it is linked, else the national number"},
        "linked": {"type": "boolean"},
        "number": {"type": "integer"},
        "dip_id": _TEXT,
        "name": _TEXT,
        "production": _POINTER,
        "location": _POINTER,
        "starttime": {**_TEXT, "format": "date-time"},
        "status": {"type": "string", "enum": ["agreed", "cancelled", "concept"]},
        "capacity": {"type": "integer"},
        **dict.fromkeys(("sold", "complimentary", "reserved", "blocked", "resale", "available", "revenue_cents"), _WHOLE),
        "updated": {"type": ["string", "null"], "format": "date-time"},
    },
}
_REMARK = {
    "type": "object",
    "properties": {
        "code": {"type": "string", "enum": [code.value for code in RemarkCode]},
        **dict.fromkeys(("field", "value", "message", "remedy"), _TEXT),
    },
}
_REGISTERED = {
    "type": "object",
    "properties": {
        "id": _TEXT,
        "state": {"type": "string", "enum": [state.value for state in LinkState]},
        "unchanged": {"type": "boolean"},
        "matched_by": {"type": ["string", "null"], "enum": [*(one.value for one in MatchedBy), None]},
        "number": _WHOLE,
        "dip_id": {"type": ["string", "null"]},
        "event": {"oneOf": [{"$ref": "#/components/schemas/Event"}, {"type": "null"}]},
        "proposed": {"type": ["string", "null"]},
        "remarks": {"type": "array", "items": _REMARK},
    },
}
_EVENT_BODY = {
    "type": "object",
    "properties": {
        "name": _TEXT,
        "starttime": {**_TEXT, "description": "with offset; without one the venue's clock is meant"},
        "location": {"oneOf": [_POINTER, _TEXT]},
        "production": {"oneOf": [_POINTER, _TEXT]},
        "status": {"oneOf": [_POINTER, _TEXT]},
        "dip_id": _TEXT,
        "capacity": {"type": "integer", "description": "providers only"},
        "reason": {**_TEXT, "description": "providers only, of a cancellation"},
    },
}
_PRODUCTION_BODY = {
    "type": "object",
    "properties": {
        "name": _TEXT,
        "dip_id": _TEXT,
        "season": {**_TEXT, "description": "such as 2026-2027"},
        "genre": {"oneOf": [_POINTER, _TEXT]},
        "producer": {"type": "integer", "description": "agencies only: the producer's national number"},
    },
}
_REFUSAL = {
    "type": "object",
    "required": ["error", "message"],
    "properties": dict.fromkeys(("error", "message", "field", "value", "remedy"), _TEXT),
}
_REFUSALS = {
    "400": "A field misfits",
    "401": "No credentials, or wrong ones",
    "403": "Rights do not reach",
    "405": "Another method",
    "429": "Too many wrong credentials",
}


def _operation(summary: str, answers: dict[str, Any], *, body: str = "", parameters: tuple[Any, ...] = ()) -> dict[str, Any]:
    told = {status: _answer(words, "Refusal") for status, words in _REFUSALS.items()}
    operation: dict[str, Any] = {"summary": summary, "parameters": list(parameters), "responses": told | answers}
    if body:
        operation["requestBody"] = {"required": True, "content": {_JSON: {"schema": _named(body)}}}
    return operation


def _named(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _answer(description: str, name: str) -> dict[str, Any]:
    return {"description": description, "content": {_JSON: {"schema": _named(name)}}}


def _parameter(name: str, place: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path" or name in ("year", "month"), "schema": schema}


_ID = _parameter("id", "path", {"type": "string", "maxLength": MAX_ID})
_MISSING = {"404": _answer("Not registered, and not yours", "Refusal")}
_REFUSED = {"409": _answer("The programme refuses it", "Refusal")}
_CAME = {"200": _answer("Registered before", "Registered"), "201": _answer("Registered", "Registered")}
_LIST = {"description": "Performances", "content": {_JSON: {"schema": {"type": "array", "items": _named("Event")}}}}
_EITHER = {"oneOf": [_named("Event"), _named("Registered")]}
_MONTH = (
    _parameter("year", "query", {"type": "integer", "minimum": 1990, "maximum": 2100}),
    _parameter("month", "query", {"type": "integer", "minimum": 1, "maximum": 12}),
)
_REASON = _parameter("reason", "query", _TEXT)
_GONE: dict[str, Any] = {"204": {"description": "Unlinked"}}


def specify() -> dict[str, Any]:
    """OpenAPI 3.1 of the planning API."""
    found = {
        "200": {"description": "The performance, or a registration that is not linked", "content": {_JSON: {"schema": _EITHER}}}
    }
    paths = {
        "/events": {"get": _operation("Performances of a month", {"200": _LIST}, parameters=_MONTH)},
        "/events/{id}": {
            "get": _operation("One performance, and what stands in the hall", found | _MISSING, parameters=(_ID,)),
            "put": _operation("Register an event", _CAME | _REFUSED, body="EventBody", parameters=(_ID,)),
            "delete": _operation("Unlink an event", _GONE | _MISSING | _REFUSED, parameters=(_ID, _REASON)),
        },
        "/productions/{id}": {
            "put": _operation("Register a production", _CAME | _REFUSED, body="ProductionBody", parameters=(_ID,)),
            "delete": _operation("Unlink a production", _GONE | _MISSING, parameters=(_ID,)),
        },
        "/mappings": {"get": _operation("Values that both systems know", {"200": _answer("Lists by name", "Mappings")})},
    }
    lists = {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "object"}}}
    shapes = {"Event": _EVENT, "Registered": _REGISTERED, "EventBody": _EVENT_BODY, "ProductionBody": _PRODUCTION_BODY}
    schemes = {"Basic": {"type": "http", "scheme": "basic"}, "Bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "DIP planning API",
            "version": "1",
            "description": "For planning systems that speak Yesplan's generic ticketing API.",
        },
        "servers": [{"url": f"{settings.BASE_URL}/{PREFIX}"}],
        "paths": paths,
        "components": {"schemas": shapes | {"Mappings": lists, "Refusal": _REFUSAL}, "securitySchemes": schemes},
        "security": [{"Basic": []}, {"Bearer": []}],
    }


@public
def specification(request: HttpRequest) -> HttpResponse:
    """The specification as JSON."""
    return JsonResponse(specify())


@public
def page(request: HttpRequest) -> HttpResponse:
    """How a planning system calls, what was decided, and every remark."""
    remarks = [(code.value, *words) for code, words in REMARKS.items()]
    return render(request, "site/yesplan_docs.html", {"base": f"{settings.BASE_URL}/{PREFIX}", "remarks": remarks, "most": MAX_ID})


urlpatterns: list[URLPattern] = [
    path("events", doors.events, name="planning-api-events"),
    path("events/<str:event_id>", doors.event, name="planning-api-event"),
    path("productions/<str:production_id>", doors.production, name="planning-api-production"),
    path("mappings", doors.mappings, name="planning-api-mappings"),
    path("openapi.json", specification, name="planning-api-openapi"),
    path("docs", page, name="planning-api"),
]
