"""Pages of changes: cursors in and out, and the addresses to go on with."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from dip.exchange.api.operations import PREFIX, Call, Result
from dip.exchange.problems import Problem, error_in
from dip.exchange.queries.horizon import cluster
from dip.exchange.rules import cursors
from dip.exchange.rules.shapes import Links
from dip.kernel.periods import season_name
from dip.registry.keys import derived_key

_PURPOSE = "exchange-cursor"
_ASIDE = ("cursor", "limit")


def base() -> str:
    """Where systems reach the API."""
    return f"{settings.BASE_URL}{PREFIX}"


def season_of(text: str | None) -> int | None:
    """The year in which the season begins. Raises :class:`Problem` for two years that do not follow each other."""
    if text is None:
        return None
    year = int(text[:4])
    if text != season_name(year):
        told = f"The season {text} is none; one runs from August to July, such as {season_name(year)}."
        raise Problem("unreadable", told, errors=[error_in("season", told)])
    return year


def read_cursor(call: Call, resource: str, start: tuple[int, ...]) -> tuple[int, ...]:
    """The numbers of the call's cursor, or ``start`` without one. Raises :class:`Problem` 400."""
    if not call.query.cursor:
        return start
    try:
        found = cursors.read(call.query.cursor, _context(call, resource), derived_key(_PURPOSE))
    except cursors.UnableToReadCursor as error:
        told = f"The parameter cursor cannot be used: {error}. Begin without it, or send the parameters it was given for."
        raise Problem("unreadable", told, errors=[error_in("cursor", str(error))]) from error
    if len(found) != len(start):
        raise Problem("unreadable", "The parameter cursor is of another list.", errors=[error_in("cursor", "of another list")])
    return found


def page(call: Call, resource: str, shape: Any, numbers: tuple[int, ...], has_more: bool, **members: Any) -> Result:
    """A page in ``shape``, with its cursor and links, in the body and as Link headers."""
    cursor = cursors.written(numbers, _context(call, resource), derived_key(_PURPOSE))
    following = _address(call, resource, cursor)
    links = Links(self=_address(call, resource, call.query.cursor), next=following if has_more else None, changes=following)
    told = [f'<{links.self}>; rel="self"', *([f'<{following}>; rel="next"'] if has_more else [])]
    body = shape(**members, cursor=cursor, has_more=has_more, links=links)
    return Result(body, headers={"Link": ", ".join(told)})


def _context(call: Call, resource: str) -> bytes:
    reader = f"{cluster()}:{call.access.organisation_id}:{call.access.role.value}"
    return cursors.context_of(reader, resource, {name: value for name, value in _given(call).items() if name not in _ASIDE})


def _given(call: Call) -> Mapping[str, str]:
    return dict(call.request.GET.items())


def _address(call: Call, resource: str, cursor: str) -> str:
    query = {name: value for name, value in _given(call).items() if name != "cursor"} | ({"cursor": cursor} if cursor else {})
    return f"{base()}/{resource}" + (f"?{urlencode(query)}" if query else "")
