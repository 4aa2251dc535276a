"""A call of a vendor's system under a run: what the platform keeps of it, read from the request and its answer."""

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from dip.ticketing.rules.bodies import UnableToReadBody, unpacked

#: Bytes of a body that are looked into, and rows that are kept of it.
LOOKED_INTO, ROWS_KEPT = 4 * 2**20, 40
_KINDS = ("normal", "discount", "free", "other")


class CallKind(StrEnum):
    """What a call does, as the checks tell calls apart."""

    TOKEN = "token"  # noqa: S105  # a kind of call, no secret
    PERFORMANCES = "performances"
    TICKETS = "tickets"
    RESERVATIONS = "reservations"
    BLOCKED = "blocked"
    CAPACITY = "capacity"
    READ_MAPPINGS = "read_mappings"
    LIST_EVENTS = "list_events"
    READ_EVENT = "read_event"
    LINK_EVENT = "link_event"
    UNLINK_EVENT = "unlink_event"
    LINK_PRODUCTION = "link_production"
    UNLINK_PRODUCTION = "unlink_production"
    OTHER = "other"


#: Calls that bring figures.
PUSHES = frozenset({CallKind.TICKETS, CallKind.RESERVATIONS, CallKind.BLOCKED, CallKind.CAPACITY})
_PATHS: tuple[tuple[str, re.Pattern[str], CallKind], ...] = tuple(
    (method, re.compile(pattern), kind)
    for method, pattern, kind in (
        ("POST", r"token", CallKind.TOKEN),
        ("GET", r"theaters/(\d+/)?performances", CallKind.PERFORMANCES),
        ("PUT", r"tickets/cumulative", CallKind.TICKETS),
        ("PUT", r"reservations/cumulative", CallKind.RESERVATIONS),
        ("PUT", r"blocked-?seats/cumulative", CallKind.BLOCKED),
        ("PUT", r"productions/[^/]+/performances/\d+/capacity", CallKind.CAPACITY),
        ("GET", r"mappings", CallKind.READ_MAPPINGS),
        ("GET", r"events", CallKind.LIST_EVENTS),
        ("GET", r"events/.+", CallKind.READ_EVENT),
        ("PUT", r"events/.+", CallKind.LINK_EVENT),
        ("DELETE", r"events/.+", CallKind.UNLINK_EVENT),
        ("PUT", r"productions/[^/]+", CallKind.LINK_PRODUCTION),
        ("DELETE", r"productions/[^/]+", CallKind.UNLINK_PRODUCTION),
    )
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a push: the performance, ``updated`` as sent (empty: left out), and the figures.

    ``tickets`` and ``cents`` by national kind for tickets; for the other measures under ``total``.
    """

    number: int
    updated: str = ""
    tickets: Mapping[str, int] = field(default_factory=dict)
    cents: Mapping[str, int] = field(default_factory=dict)

    @property
    def sum(self) -> int:
        """All tickets or seats of the row."""
        return sum(self.tickets.values())


@dataclass(frozen=True, slots=True)
class Call:
    """One watched call. ``token``: a digest that tells tokens apart; ``body``: a digest that tells bodies apart.

    ``refused``: numbers of performances that the platform refused, as far as named; ``event``: the number of the performance that
    an event call answered, 0 when none; ``is_repeat``: the answer says that nothing changed.
    """

    at: datetime
    kind: CallKind
    path: str
    status: int
    agent: str = ""
    token: str = ""
    body: str = ""
    is_packed: bool = False
    rows: tuple[Row, ...] = ()
    row_count: int = 0
    unchanged: int = 0
    rejected: int = 0
    refused: tuple[int, ...] = ()
    event: int = 0
    is_repeat: bool = False

    @property
    def is_good(self) -> bool:
        """Whether the platform took it."""
        return self.status < 300


def kind_of(method: str, path: str) -> CallKind:
    """What the call does; ``path`` without the prefix and without a slash before it."""
    for wanted, pattern, kind in _PATHS:
        if method == wanted and pattern.fullmatch(path.rstrip("/")):
            return kind
    return CallKind.OTHER


def digest(text: bytes) -> str:
    """A short digest that tells texts apart and shows nothing of them."""
    return hashlib.blake2b(text, digest_size=8).hexdigest()


def read_call(
    *,
    at: datetime,
    method: str,
    path: str,
    status: int,
    agent: str,
    token: str,
    body: bytes,
    encoding: str,
    answer: bytes,
    named: Collection[int],
) -> Call:
    """What to keep of a call. Of its rows those of the ``named`` performances first. Nonsense is kept as a call without rows."""
    kind = kind_of(method, path)
    plain = _unpacked(body, encoding)
    told = _decoded(answer)
    told = told if isinstance(told, dict) else {}
    rows = _rows(kind, path, plain) if kind in PUSHES else []
    findings = told.get("findings")
    return Call(
        at=at,
        kind=kind,
        path=path[:200],
        status=status,
        agent=agent[:200],
        token=digest(token.encode()) if token else "",
        body=digest(plain) if plain and kind is not CallKind.TOKEN else "",
        is_packed=encoding.strip().lower() in ("gzip", "x-gzip"),
        rows=tuple(sorted(rows, key=lambda row: row.number not in named)[:ROWS_KEPT]),
        row_count=_count(told.get("rows")) or len(rows),
        unchanged=_count(told.get("unchanged")),
        rejected=_count(told.get("rejected")),
        refused=_refused(findings if isinstance(findings, list) else []),
        event=_count(told.get("number")),
        is_repeat=told.get("unchanged") is True,
    )


def _unpacked(body: bytes, encoding: str) -> bytes:
    try:
        plain = unpacked(body, encoding)
    except UnableToReadBody:
        return b""
    return plain if len(plain) <= LOOKED_INTO else b""


def _decoded(text: bytes) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else 0


def _refused(findings: list[Any]) -> tuple[int, ...]:
    found = [one for one in findings if isinstance(one, dict) and one.get("kept") is False]
    return tuple(dict.fromkeys(n for one in found if (n := _count(one.get("number")))))[:ROWS_KEPT]


def _rows(kind: CallKind, path: str, plain: bytes) -> list[Row]:
    body = _decoded(plain)
    sent = body if isinstance(body, list) else [body]
    number = int(path.rstrip("/").split("/")[-2]) if kind is CallKind.CAPACITY else 0
    return [_row(kind, one, number) for one in sent if isinstance(one, dict)]


def _row(kind: CallKind, sent: dict[str, Any], number: int) -> Row:
    updated = sent.get("updated")
    stamp = updated[:40] if isinstance(updated, str) else ""
    if kind is CallKind.CAPACITY:
        seats = sum(_count(sent.get(f"amount_rank{rank}")) for rank in range(1, 11))
        return Row(number if number < 2**63 else 0, stamp, {"total": seats})
    key = _count(sent.get("number"))
    if kind is not CallKind.TICKETS:
        return Row(key, stamp, {"total": _count(sent.get("tickets"))}, {"total": _count(sent.get("recette"))})
    kinds = {name: one for name in _KINDS if isinstance(one := sent.get(name), dict)}
    tickets = {name: _count(one.get("tickets")) for name, one in kinds.items()}
    return Row(key, stamp, tickets, {name: _count(one.get("recette")) for name, one in kinds.items()})


def kept_rows(call: Call) -> list[list[Any]]:
    """The rows as a table keeps them."""
    return [[row.number, row.updated, dict(row.tickets), dict(row.cents)] for row in call.rows]


def read_rows(rows: list[list[Any]]) -> tuple[Row, ...]:
    """Rows that :func:`kept_rows` made."""
    return tuple(Row(number, updated, tickets, cents) for number, updated, tickets, cents in rows)
