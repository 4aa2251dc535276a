"""What of agreements needs a person today: answers, rejections, borderels, framework agreements that end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Value, When, Window
from django.db.models.functions import RowNumber

from dip.contracts.queries.frameworks import FrameworkRow, ending_soon
from dip.contracts.queries.lists import staged
from dip.contracts.terms.stages import Stage, Whose
from dip.registry.terms import Access, Level, Module

#: Stages that ask for an act today; concepts wait as long as their maker likes.
ASKING = (Stage.PROPOSED, Stage.REJECTED, Stage.TO_CONFIRM, Stage.DISPUTED, Stage.TO_SIGN)
_AGREEMENTS = (Stage.PROPOSED, Stage.REJECTED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An agreement that waits for the reader's organisation. ``days_left`` until the deadline, negative when late."""

    id: int
    reference: str
    title: str
    theatre: str
    other: str
    """The other party, to the reader."""
    stage: Stage
    first_date: date
    last_date: date
    due_date: date | None
    days_left: int | None
    is_reopened: bool
    """The borderel replaces one that was reopened."""


@dataclass(frozen=True, slots=True)
class ContractsAttention:
    """Three groups, each with its first lines, most pressing first, and how many there are."""

    agreements: Sequence[Waiting] = ()
    agreement_count: int = 0
    borderels: Sequence[Waiting] = ()
    borderel_count: int = 0
    frameworks: Sequence[FrameworkRow] = ()
    framework_count: int = 0

    @property
    def count(self) -> int:
        """All together."""
        return self.agreement_count + self.borderel_count + self.framework_count


def contracts_attention(access: Access, today: date, limit: int = 4) -> ContractsAttention:
    """What waits for the access's organisation, for people who can act on it; nothing for all others. Two queries."""
    if not access.allows(Module.CONTRACTS, Level.MANAGE) or not (access.is_provider or access.is_taker):
        return ContractsAttention()
    waiting = _waiting(access, today, limit)
    borderels = [(one, count) for one, count in waiting if one.stage not in _AGREEMENTS]
    agreements = [(one, count) for one, count in waiting if one.stage in _AGREEMENTS]
    frameworks, framework_count = ending_soon(access, today, limit)
    return ContractsAttention(
        agreements=[one for one, _count in agreements],
        agreement_count=agreements[0][1] if agreements else 0,
        borderels=[one for one, _count in borderels],
        borderel_count=borderels[0][1] if borderels else 0,
        frameworks=frameworks,
        framework_count=framework_count,
    )


def _waiting(access: Access, today: date, limit: int) -> list[tuple[Waiting, int]]:
    """The first of each group, agreements and borderels, with how many the group has. One query."""
    group = Case(
        When(stage__in=[stage.value for stage in _AGREEMENTS], then=Value(1)), default=Value(2), output_field=IntegerField()
    )
    order = [F("due").asc(nulls_last=True), F("first_date").asc(), F("reference").asc()]
    rows = staged(access).filter(whose=Whose.MINE, stage__in=[stage.value for stage in ASKING]).annotate(group=group)
    rows = rows.annotate(
        place=Window(RowNumber(), partition_by=F("group"), order_by=order), in_group=Window(Count("pk"), partition_by=F("group"))
    )
    found = rows.filter(place__lte=limit).select_related("production", "theatre", "provider").order_by("group", "place")
    return [(_line(access, row, today), row.in_group) for row in found]


def _line(access: Access, row: Any, today: date) -> Waiting:
    return Waiting(
        id=row.pk,
        reference=row.reference,
        title=row.production.title,
        theatre=row.theatre.name,
        other=row.provider.name if access.is_taker else row.theatre.name,
        stage=Stage(row.stage),
        first_date=row.first_date,
        last_date=row.last_date,
        due_date=row.due,
        days_left=(row.due - today).days if row.due else None,
        is_reopened=(row.settlement_number or 1) > 1,
    )
