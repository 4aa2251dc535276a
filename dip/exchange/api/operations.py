"""Operations of ``/api/v2``: declared on the functions that answer them, answered by one way through for all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from dip.registry.terms import Access, Level, Module

#: Version on every answer and in the specification; the first number stands in the address.
VERSION = "2.0.0"
PREFIX = "/api/v2"


@dataclass(frozen=True, slots=True)
class Call:
    """One call, with what was read of it. ``query`` and ``body`` are of the operation's shapes, ``path`` holds the address's parts."""

    request: HttpRequest
    access: Access
    at: datetime
    path: Mapping[str, Any]
    query: Any = None
    body: Any = None


@dataclass(frozen=True, slots=True)
class Result:
    """What an operation answers: a status, a shape (None: no body), and headers beside the usual ones. ``tag``: its entity tag."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    is_problem: bool = False


Run = Callable[[Call], Result]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    run: Run
    tag: str
    summary: str
    description: str
    module: Module | None
    level: Level
    query: Any
    body: Any
    answer: Any
    status: int
    refusals: Sequence[int]
    most_bytes: int
    read_body: Callable[[bytes], Any] | None
    kinds: Sequence[str] = ()
    """Types of body that it takes instead of JSON."""
    read_raw: Callable[[HttpRequest], Any] | None = None
    """Reads such a body, and the headers that say what it is."""
    sent_headers: Mapping[str, tuple[Mapping[str, Any], str]] = field(default_factory=dict)
    """Headers of its own that a client sends: name → schema and meaning."""

    @property
    def name(self) -> str:
        """Its operationId."""
        head, *rest = self.run.__name__.split("_")
        return head + "".join(word.capitalize() for word in rest)


OPERATIONS: list[Operation] = []
_MEGABYTE = 2**20


def operation(
    method: str,
    path: str,
    *,
    tag: str,
    summary: str,
    answer: Any,
    module: Module | None = Module.PROGRAMME,
    level: Level = Level.VIEW,
    query: Any = None,
    body: Any = None,
    status: int = 200,
    refusals: Sequence[int] = (),
    most_bytes: int = 2 * _MEGABYTE,
    read_body: Callable[[bytes], Any] | None = None,
    kinds: Sequence[str] = (),
    read_raw: Callable[[HttpRequest], Any] | None = None,
    sent_headers: Mapping[str, tuple[Mapping[str, Any], str]] | None = None,
) -> Callable[[Run], Run]:
    """Decorator: declares what the function answers. ``refusals``: statuses beside those that every call can get."""

    def declare(run: Run) -> Run:
        told = " ".join((run.__doc__ or "").split())
        OPERATIONS.append(
            Operation(
                method,
                path,
                run,
                tag,
                summary,
                told,
                module,
                level,
                query,
                body,
                answer,
                status,
                refusals,
                most_bytes,
                read_body,
                kinds,
                read_raw,
                sent_headers or {},
            )
        )
        return run

    return declare
