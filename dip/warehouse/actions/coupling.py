"""What a connection knows of its own codes, said once to its source of orders: which performance an event is, which kind a kind.

Rows name the event and the kind as the system does; a link or a mapping that is made or changed later then holds for what landed
before. What people decided for the source itself is left as it is.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from dip.registry.terms import Access
from dip.ticketing.models import Connection, SourceEvent, SourceKind
from dip.ticketing.rules.kinds import guess_kind
from dip.ticketing.terms.orders import TicketRow
from dip.warehouse.actions.mapping import UnableToMap, decide
from dip.warehouse.models import SourceCode, TicketSource
from dip.warehouse.rules import normalising
from dip.warehouse.rules.landed import CodeField


def couple(*, access: Access, at: datetime, source: TicketSource, connection: Connection) -> int:
    """Carry links and mappings that were made since over to codes that are known; how many changed."""
    held = SourceCode.objects.within(access).filter(source=source, field__in=[CodeField.EVENT.value, CodeField.KIND.value])
    mine = _mine(access)
    known = {(field, raw): value for field, raw, value, by in held.values_list("field", "raw", "value", "decided_by") if by in mine}
    events = {raw for field, raw in known if field == CodeField.EVENT}
    kinds = {raw for field, raw in known if field == CodeField.KIND}
    told = {(CodeField.EVENT, raw): str(number) for raw, number in _links(access, connection, events).items()}
    told |= {(CodeField.KIND, raw): kind for raw, kind in _kinds(access, connection, kinds, only_known=True).items()}
    changed = [(of, raw, value) for (of, raw), value in told.items() if known[of.value, raw] != value]
    return sum(_decided(access, at, source, of, raw, value) for of, raw, value in changed)


def prepared(
    *, access: Access, at: datetime, source: TicketSource, connection: Connection, rows: list[TicketRow]
) -> list[TicketRow]:
    """The rows, after what is new in them was decided. Those of a performance that was excluded, withdrawn or is not the theatre's
    are given its number, so that landing refuses and counts them."""
    links = _links(access, connection, {row.event for row in rows if row.event})
    kinds = {normalising.code(row.source_kind) for row in rows if not row.kind and row.source_kind} - {""}
    known = set(
        SourceCode.objects.within(access).filter(source=source, raw__in={*links, *kinds}).values_list("field", "raw", "value")
    )
    refused = {
        raw
        for raw, number in links.items()
        if (CodeField.EVENT.value, raw, str(number)) not in known and not _stands(access, at, source, raw, str(number))
    }
    fresh = {raw for raw in kinds if not any(one[:2] == (CodeField.KIND.value, raw) for one in known)}
    for raw, kind in _kinds(access, connection, fresh).items():
        _decided(access, at, source, CodeField.KIND, raw, kind)
    if not refused:
        return rows
    return [
        msgspec.structs.replace(row, event="", performance=str(links[row.event])) if row.event in refused else row for row in rows
    ]


def _stands(access: Access, at: datetime, source: TicketSource, raw: str, number: str) -> bool:
    """Whether an event has a performance that may be counted, after this."""
    held = SourceCode.objects.within(access).filter(source=source, field=CodeField.EVENT.value, raw=raw)
    if held.exclude(decided_by__in=_mine(access)).exists():
        return True
    return _decided(access, at, source, CodeField.EVENT, raw, number)


def _decided(access: Access, at: datetime, source: TicketSource, of: CodeField, raw: str, value: str) -> bool:
    try:
        decide(access=access, at=at, source_id=source.pk, of=of, raw=raw, value=value)
    except UnableToMap:
        return False
    return True


def _mine(access: Access) -> tuple[str, str]:
    """Who decided what may be decided anew: nobody, and the connection itself."""
    return ("", access.actor[:120])


def _links(access: Access, connection: Connection, refs: Iterable[str]) -> dict[str, int]:
    """The performance of each event that is linked."""
    events = SourceEvent.objects.within(access).filter(connection=connection, performance__isnull=False, ref__in=set(refs))
    return dict(events.values_list("ref", "performance_id"))


def _kinds(access: Access, connection: Connection, names: Iterable[str], *, only_known: bool = False) -> dict[str, str]:
    """The national kind of each of the system's kinds: as the theatre mapped it for its figures, else guessed from the name."""
    asked = set(names)
    held = SourceKind.objects.within(access).filter(connection=connection, is_guess=False)
    mapped = {normalising.code(name): kind for name, kind in held.values_list("name", "kind")}
    guessed = {} if only_known else {name: guess_kind(_plain(name)).value for name in asked}
    return {name: kind for name, kind in (guessed | mapped).items() if name in asked}


def _plain(name: str) -> str:
    """A lowered price is a discount, whatever is lowered."""
    return "discount" if name.endswith(("(voucher)", "(discount)")) else name
