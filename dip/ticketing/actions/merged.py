"""What was merged keeps answering: rows that name a production's former id, or a performance that was entered twice."""

from collections.abc import Mapping, Sequence

import msgspec

from dip.programme.models import Performance, Production
from dip.ticketing.rules.rows import Fact
from dip.ticketing.terms import PositionRow


def follow_folded(rows: Sequence[PositionRow], facts: Mapping[int, Fact]) -> Sequence[PositionRow]:
    """The rows, those of a performance that was folded into another under the number that counts. No query when none is cancelled."""
    cancelled = {row.number for row in rows if (fact := facts.get(row.number)) is not None and fact.is_cancelled}
    if not cancelled:
        return rows
    folded = Performance.objects.filter(pk__in=cancelled, merged_into__isnull=False)
    into = dict(folded.values_list("pk", "merged_into_id"))
    return [_under(row, into[row.number]) if row.number in into else row for row in rows] if into else rows


def _under(row: PositionRow, number: int) -> PositionRow:
    return msgspec.structs.replace(row, number=number, production=row.production.partition("|")[0])


def follow_merged(rows: Sequence[PositionRow], facts: Mapping[int, Fact]) -> Sequence[PositionRow]:
    """The rows, those that name a production by an id under which it was merged away without it. No query when every id is right."""
    strange = {
        row.production.partition("|")[0]
        for row in rows
        if row.production and (fact := facts.get(row.number)) is not None and not row.production.startswith(fact.production)
    }
    if not strange:
        return rows
    merged = Production.objects.filter(dip_id__in=strange, merged_into__isnull=False)
    now = dict(merged.values_list("dip_id", "merged_into__dip_id"))
    return [
        msgspec.structs.replace(row, production="")
        if (fact := facts.get(row.number)) and now.get(row.production.partition("|")[0]) == fact.production
        else row
        for row in rows
    ]
