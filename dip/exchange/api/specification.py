"""``/api/v2/openapi.json``: OpenAPI 3.1, made from the operations that really answer."""

import re
from functools import cache
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse

from dip.exchange.api import deliveries, performances, positions, productions, references, webhooks  # noqa: F401  # they declare operations
from dip.exchange.api.answering import finished
from dip.exchange.api.operations import OPERATIONS, VERSION, Operation
from dip.exchange.api.paging import base
from dip.exchange.api.reading import NUMBERS
from dip.exchange.problems import CONTENT_TYPE
from dip.exchange.rules import shapes
from dip.exchange.rules.tags import is_among, tag_of
from dip.registry.guard import View, public
from dip.registry.tokens import TOKEN_SECONDS

_JSON = "application/json"
_PROBLEM = {"$ref": "#/components/schemas/ProblemDetails"}
#: Refusals that every call can get.
_ALWAYS = {
    400: "The query or body cannot be read; the problem says where",
    401: "No token, or one that does not hold",
    403: "The client's rights do not reach",
    404: "There is nothing here for you",
    405: "Another method",
    406: "Accept asks for something else than JSON",
    414: "The address is too long; answered by the server before the API, so without a problem",
    429: "Too many calls in this minute; Retry-After says how long to wait",
}
_TOLD = {
    200: "It was entered before",
    204: "Done; you no longer take part in it",
    409: "The first call with this Idempotency-Key is not finished",
    412: "It was changed since you read it",
    413: "The body is too large",
    415: "The body is no JSON, or packed in an unknown way",
    422: "Understood, and it cannot be done; or the Idempotency-Key was used with another body",
    428: "If-Match is missing",
}
_MEANING = {200: "Done", 201: "Made", 202: "It will be done", 204: "Done"}
DESCRIPTION = """The modern API of the Dutch platform for the performing arts: what changed since, in pages by cursor; entering and
changing; figures; webhooks. It follows the NLGov REST API design rules. The version stands in the header API-Version. Within v2 members
are only added; what goes is announced a year before, in the documentation and with the headers Deprecation and Sunset."""


def specification_of(token_url: str) -> View:
    """The view that answers the specification; ``token_url`` is where tokens are bought."""

    @public
    def specification(request: HttpRequest) -> HttpResponse:
        """OpenAPI 3.1; readable from any page."""
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            from dip.exchange.problems import Problem

            told = f"{request.method} is not answered here; use GET."
            return finished(Problem("method-not-allowed", told, headers={"Allow": "GET, HEAD, OPTIONS"}).response())
        headers = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "API-Version, ETag"}
        if request.method == "OPTIONS":
            return finished(HttpResponse(status=204, headers=headers | {"Access-Control-Allow-Methods": "GET, HEAD"}))
        content = msgspec.json.encode(specify(token_url, base()))
        headers |= {"ETag": tag_of(content), "Cache-Control": "public, max-age=300"}
        if is_among(headers["ETag"], request.headers.get("If-None-Match", "")):
            return finished(HttpResponse(status=304, headers=headers))
        return finished(HttpResponse(content, content_type=_JSON, headers=headers))

    return specification


@cache
def specify(token_url: str, server: str) -> dict[str, Any]:
    """The whole specification."""
    wanted = [one for operation in OPERATIONS for one in (operation.answer, operation.body) if one is not None]
    wanted = [*dict.fromkeys(wanted), shapes.ProblemDetails]
    pointers, schemas = msgspec.json.schema_components(wanted, ref_template="#/components/schemas/{name}")
    by_shape = dict(zip(wanted, pointers, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, by_shape)
    flow = {"clientCredentials": {"tokenUrl": token_url, "scopes": {}}}
    told = f"A token of an API client, for {TOKEN_SECONDS // 60} minutes. Rights are those of the client."
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "DIP API",
            "version": VERSION,
            "description": " ".join(DESCRIPTION.split()),
            "contact": {"name": "DIP", "url": f"{server}/docs"},
        },
        "servers": [{"url": server}],
        "security": [{"client": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"client": {"type": "oauth2", "description": told, "flows": flow}},
            "headers": _headers(),
        },
    }


def _headers() -> dict[str, Any]:
    text, whole = {"schema": {"type": "string"}}, {"schema": {"type": "integer"}}
    return {
        "API-Version": text | {"description": "full version, major.minor.patch"},
        "ETag": text | {"description": "version of what is answered, for If-None-Match and If-Match"},
        "Link": text | {"description": "RFC 8288: self and next"},
        "RateLimit": text | {"description": "calls left in this minute, and seconds until it is over"},
        "Location": text | {"description": "where it is read"},
        "Retry-After": whole | {"description": "seconds to wait"},
    }


def _operation(operation: Operation, by_shape: dict[Any, Any]) -> dict[str, Any]:
    parameters = [_part(name) for name in re.findall(r"{(\w+)}", operation.path)] + _parameters(operation.query)
    parameters += _conditions(operation)
    answers: dict[str, Any] = {str(operation.status): _answer(operation, operation.status, by_shape)}
    statuses = dict.fromkeys([*_ALWAYS, *operation.refusals])
    if operation.body is not None:
        statuses |= dict.fromkeys([413, 415])
    if operation.method == "POST":
        statuses |= dict.fromkeys([409, 422])
    for status in sorted(statuses):
        if status < 300:
            answers[str(status)] = _answer(operation, status, by_shape)
        elif status == 414:
            answers["414"] = {"description": _ALWAYS[414]}
        else:
            told = _TOLD.get(status) or _ALWAYS[status]
            answers[str(status)] = {
                "description": told,
                "headers": _carried("API-Version"),
                "content": {CONTENT_TYPE: {"schema": _PROBLEM}},
            }
    if operation.method == "GET":
        answers["304"] = {"description": "You have this version", "headers": _carried("API-Version", "ETag")}
    found: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": operation.description,
        "parameters": parameters,
        "responses": dict(sorted(answers.items())),
    }
    if operation.body is not None:
        kinds = [_JSON, "application/merge-patch+json"] if operation.method == "PATCH" else operation.kinds or [_JSON]
        schema = {"type": "string", "format": "binary"} if operation.kinds else by_shape[operation.body]
        found["requestBody"] = {"required": True, "content": {kind: {"schema": schema} for kind in kinds}}
    return found


def _answer(operation: Operation, status: int, by_shape: dict[Any, Any]) -> dict[str, Any]:
    told = _MEANING[status] if status == operation.status else _TOLD[status]
    carried = ["API-Version", "RateLimit"]
    if operation.method in {"GET", "PATCH"} and status == 200:
        carried.append("ETag")
    if operation.query is not None and "cursor" in operation.query.__struct_fields__:
        carried.append("Link")
    found: dict[str, Any] = {"description": told, "headers": _carried(*carried)}
    if operation.answer is not None and status != 204:
        found["content"] = {_JSON: {"schema": by_shape[operation.answer]}}
    return found


def _carried(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _part(name: str) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 1} if name in NUMBERS else {"type": "string", "maxLength": 60}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _parameters(shape: Any) -> list[dict[str, Any]]:
    """The query's parameters; one that can be left out has no null on the wire."""
    if shape is None:
        return []
    (_,), schemas = msgspec.json.schema_components([shape])
    found = []
    for name, schema in schemas[shape.__name__]["properties"].items():
        schema = dict(schema)
        told = schema.pop("description", "")
        if schema.get("default", 0) is None:
            del schema["default"]
        given = [one for one in schema.get("anyOf", []) if one != {"type": "null"}]
        if len(given) == 1:
            schema = {key: value for key, value in schema.items() if key != "anyOf"} | given[0]
            told = told or schema.pop("description", "")
        if schema.get("type") == "boolean":
            schema["type"] = "boolean"
        found.append({"name": name, "in": "query", "required": False, "schema": schema} | ({"description": told} if told else {}))
    return found


def _conditions(operation: Operation) -> list[dict[str, Any]]:
    """Headers that a client sends about versions and repeats."""
    text: dict[str, Any] = {"in": "header", "schema": {"type": "string"}}
    if operation.method == "PATCH":
        return [text | {"name": "If-Match", "required": True, "description": "the ETag of what you change, or *"}]
    if operation.method == "POST":
        own: list[dict[str, Any]] = [
            {"in": "header", "name": name, "required": name == "Delivery-Id", "schema": dict(schema), "description": told}
            for name, (schema, told) in operation.sent_headers.items()
        ]
        key = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"}
        told = "a UUID of this call; the same key with the same body gets the same answer for seven days"
        return [*own, {"in": "header", "name": "Idempotency-Key", "required": False, "schema": key, "description": told}]
    return []
