"""What is read of a call: parts of the address, query and body; everything that cannot be read is told with its name and remedy."""

import re
from typing import Any

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError

from dip.exchange.api.operations import Operation
from dip.exchange.problems import Problem, error_at, error_in
from dip.ticketing.rules.bodies import UnableToReadBody, unpacked

#: Parts of an address that are whole numbers; the others are text.
NUMBERS = frozenset({"number", "theatreId", "hallId", "deliveryId", "webhookId", "noticeId", "batchId"})
#: Parameters of the query that are moments.
MOMENTS = frozenset({"changedSince"})
_MOMENT = re.compile(r"^\d{4}-\d{2}-\d{2}[Tt ]")
_MOST_NUMBER = 2**63 - 1
_AT = re.compile(r" - at `(?:key in )?\$([^`]*)`$")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")
_TYPES = ("application/json", "application/merge-patch+json")


def read_path(given: dict[str, str]) -> dict[str, Any]:
    """The parts of the address; what can be of nothing that exists is not found."""
    read: dict[str, Any] = {}
    for name, text in given.items():
        if name in NUMBERS:
            if not (text.isascii() and text.isdecimal() and 0 < int(text[:20]) <= _MOST_NUMBER and len(text) < 20):
                raise Problem("not-found", f"There is no {name} {text[:40]!r} here for you.")
            read[name] = int(text)
        else:
            if "\x00" in text or len(text) > 100:
                raise Problem("not-found", f"There is nothing of this {name} here for you.")
            read[name] = text
    return read


def read_query(request: HttpRequest, shape: Any) -> Any:
    """The query in its shape. Parameters that the call does not take are refused: a typing error must not widen a list."""
    given = dict(request.GET.items())
    if shape is None:
        if given:
            name = next(iter(given))
            raise Problem("unreadable", f"The parameter {name[:40]} is not taken here.", errors=[error_in(name[:40], "unknown")])
        return None
    doubled = next((name for name, values in request.GET.lists() if len(values) > 1), None)
    if doubled is not None:
        told = f"The parameter {doubled[:40]} comes more than once. Send it once."
        raise Problem("unreadable", told, errors=[error_in(doubled[:40], told)])
    for name, text in given.items():
        _refuse_taken_for_else(name, text)
    try:
        return msgspec.convert(given, shape, strict=False)
    except msgspec.ValidationError as error:
        pointer, told = _place(str(error))
        name = pointer.lstrip("#/") or _unknown(told)
        shown = given.get(name, "")[:60]
        detail = f"The parameter {name} {shown!r} cannot be read: {told}." if name in given else f"Query: {told}."
        raise Problem("unreadable", detail, errors=[error_in(name, told)]) from error


def _refuse_taken_for_else(name: str, text: str) -> None:
    """Refuse what the decoder would take for something else: null for a parameter that was left out, a number for a moment."""
    if text.strip().lower() == "null":
        told = f"The parameter {name[:40]} 'null' cannot be read: leave it out."
        raise Problem("unreadable", told, errors=[error_in(name[:40], "null is no value")])
    if name in MOMENTS and not _MOMENT.match(text):
        told = f"The parameter {name} {text[:40]!r} cannot be read: send ISO 8601 with an offset, such as 2026-11-25T20:15:00Z."
        raise Problem("unreadable", told, errors=[error_in(name, "no moment")])


def read_body(request: HttpRequest, operation: Operation) -> Any:
    """The body in its shape. Raises :class:`Problem` 400, 413 or 415."""
    if operation.read_raw is not None:
        return operation.read_raw(request)
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    taken = _TYPES if operation.method == "PATCH" else _TYPES[:1]
    if kind not in taken:
        told = f"The body has the type {kind[:60] or '(none)'}. Send it with Content-Type: {taken[0]}."
        header = "Accept-Patch" if operation.method == "PATCH" else "Accept-Post"
        raise Problem("unsupported-media-type", told, headers={header: ", ".join(taken)})
    raw = _bytes(request, operation.most_bytes)
    if operation.read_body is not None:
        return operation.read_body(raw)
    return decoded(raw, operation.body)


def decoded(raw: bytes, shape: Any) -> Any:
    """JSON in its shape. Raises :class:`Problem` 400 with the place of the first thing that is wrong."""
    try:
        return msgspec.json.decode(raw, type=shape)
    except msgspec.ValidationError as error:
        pointer, told = _place(str(error))
        raise Problem("unreadable", f"{pointer}: {told}.", errors=[error_at(pointer, told)]) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem("unreadable", f"The body is no JSON ({str(error)[:200]}).") from error


def _bytes(request: HttpRequest, most: int) -> bytes:
    too_large = Problem("too-large", f"The body is more than {most // 2**20} MB. Send it in parts.")
    encoding = request.headers.get("Content-Encoding", "")
    if encoding.strip().lower() not in ("", "identity", "gzip", "x-gzip"):
        told = f"Content-Encoding {encoding[:40]} is not known. Send gzip, or no encoding."
        raise Problem("unsupported-media-type", told, headers={"Accept-Encoding": "gzip"})
    try:
        raw = unpacked(request.body, encoding)
    except RequestDataTooBig as error:
        raise too_large from error
    except UnableToReadBody as error:
        raise (too_large if " MB " in str(error) else Problem("unreadable", str(error))) from error
    except UnreadablePostError as error:
        raise Problem("unreadable", "The body ended too early. Send it again, whole.") from error
    if len(raw) > most:
        raise too_large
    return raw


def _place(message: str) -> tuple[str, str]:
    """(JSON pointer, what is wrong there) of a message of the decoder."""
    found = _AT.search(message)
    steps = [one or two for one, two in _STEP.findall(found[1])] if found else []
    told = _AT.sub("", message)
    return "#/" + "/".join(steps) if steps else "#", told


def _unknown(told: str) -> str:
    """The name in "Object contains unknown field `x`"."""
    found = re.search(r"`([^`]*)`", told)
    return found[1] if found else ""
