"""Bodies of the external API: an object or an array of them, read strictly, with a finding for each member that is wrong."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import msgspec
from django.http import HttpRequest
from pydantic import BaseModel, ConfigDict, ValidationError

from dip.registry.bearer import ApiError

MAX_ROWS = 500
Shape = TypeVar("Shape", bound=BaseModel)


class StrictBody(BaseModel):
    """Strict: a number in quotes is no number. Members that are only read are ignored."""

    model_config = ConfigDict(strict=True)


def entries(request: HttpRequest, shape: type[Shape]) -> tuple[list[Shape], bool]:
    """The entries of a body that is an array or one object, and whether it was one object.

    Raises :class:`ApiError` with a finding for each member that is wrong.
    """
    try:
        body = msgspec.json.decode(request.body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ApiError(f"The body is no JSON ({error}). Send an object, or an array of objects.") from error
    rows = body if isinstance(body, list) else [body]
    if not 1 <= len(rows) <= MAX_ROWS:
        raise ApiError(f"The body holds {len(rows)} entries. Send 1 to {MAX_ROWS} at once.")
    read, findings = [], []
    for row, one in enumerate(rows):
        place = _nul_in(one)
        if place is not None:
            message = f"{place}: the text holds a NUL character. Leave it out."
            findings.append({"row": row, "field": place, "code": "unreadable", "message": message})
            continue
        try:
            read.append(shape.model_validate(one))
        except ValidationError as error:
            findings += [_finding(row, part) for part in error.errors(include_url=False)]
    if findings:
        raise refused(findings)
    return read, not isinstance(body, list)


def _nul_in(value: Any, place: str = "") -> str | None:
    """Where a text holds the character that no table takes; None when none does."""
    if isinstance(value, str):
        return (place or "entry") if "\x00" in value else None
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = (_nul_in(inner, f"{place}.{name}".lstrip(".")) for name, inner in steps)
    return next((one for one in found if one is not None), None)


def _finding(row: int, part: Any) -> dict[str, Any]:
    field = ".".join(str(step) for step in part["loc"]) or "entry"
    return {"row": row, "field": field, "code": "unreadable", "message": f"{field}: {part['msg']}."}


def missing(row: int, entry: BaseModel, names: Iterable[str]) -> list[dict[str, Any]]:
    """A finding for each member that the entry needs and lacks."""
    return [
        {"row": row, "field": name, "code": "missing", "message": f"{name} is missing. Send it."}
        for name in names
        if getattr(entry, name) in (None, "")
    ]


def refused(findings: Sequence[dict[str, Any]]) -> ApiError:
    """The refusal of a whole body: nothing of it was written."""
    first = findings[0]
    told = f"Nothing was written. Row {first['row']}: {first['message']}"
    return ApiError(told, findings=list(findings))


def described(shape: type[BaseModel]) -> dict[str, Any]:
    """The request body for the specification: one of the shape, or an array; schemas that it points to are written in place."""
    schema = shape.model_json_schema()
    schema = _inlined(schema, schema.pop("$defs", {}))
    either = {"oneOf": [{"type": "array", "items": schema}, schema]}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": either}}}}


def _inlined(part: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(part, dict):
        if "$ref" in part:
            return _inlined(definitions[part["$ref"].rpartition("/")[2]], definitions)
        return {key: _inlined(value, definitions) for key, value in part.items()}
    return [_inlined(one, definitions) for one in part] if isinstance(part, list) else part
