"""The table of targets: one row per performance with its two fields, read back as entries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from dip.kernel.money import ratio
from dip.sales.rules.pasting import MOST_TICKETS, euros, whole
from dip.sales.terms import Goal, GoalEntry, Standing
from dip.web import formats

#: Fields of the form are named by these and the performance's number.
TICKETS, RECETTE = "t-", "r-"


@dataclass(slots=True)
class TargetLine:
    """One row: what is set, what stands in the fields, and what is wrong with it."""

    row: Standing
    goal: Goal | None
    tickets: str
    recette: str
    basis: str = ""
    error: str = ""
    is_proposed: bool = False

    @property
    def evening(self) -> Any:
        """The performance."""
        return self.row.line.evening

    @property
    def sold(self) -> int | None:
        """Paid tickets, None without figures."""
        state = self.row.line.state
        return state.sold if state.has_tickets else None

    @property
    def share(self) -> float | None:
        """Sold as a part of the target that is set."""
        return ratio(self.sold, self.goal.tickets) if self.goal and self.sold is not None else None

    @property
    def tick(self) -> float | None:
        """The target on the bar of the seats for sale, 0..1."""
        rate = ratio(self.goal.tickets, self.row.line.state.for_sale) if self.goal else None
        return None if rate is None else min(rate, 1.0)


def shown(rows: Sequence[Standing], goals: Mapping[int, Goal]) -> list[TargetLine]:
    """The rows as they are set."""
    return [_line(row, goals.get(row.line.evening.number)) for row in rows]


def _line(row: Standing, goal: Goal | None) -> TargetLine:
    tickets, recette = _texts(goal)
    return TargetLine(row, goal, tickets, recette)


def _texts(goal: Goal | None) -> tuple[str, str]:
    """As the fields hold a target: plain digits, euros without cents when there are none."""
    if goal is None:
        return "", ""
    if goal.recette_cents is None:
        return str(goal.tickets), ""
    whole_euros, rest = divmod(goal.recette_cents, 100)
    return str(goal.tickets), f"{whole_euros},{rest:02d}" if rest else str(whole_euros)


def proposed(
    rows: Sequence[Standing], goals: Mapping[int, Goal], entries: Mapping[int, Goal], basis: Mapping[int, str]
) -> list[TargetLine]:
    """The rows that have a proposal, with it in their fields."""
    found = []
    for row in rows:
        number = row.line.evening.number
        if number in entries:
            line = _line(row, goals.get(number))
            line.tickets, line.recette = _texts(_with_recette(entries[number], goals.get(number)))
            line.basis, line.is_proposed = basis.get(number, ""), True
            found.append(line)
    return found


def _with_recette(proposal: Goal, known: Goal | None) -> Goal:
    """A proposal for tickets alone leaves the recette as it was set."""
    if proposal.recette_cents is None and known is not None:
        return proposal._replace(recette_cents=known.recette_cents)
    return proposal


def read_back(
    data: QueryDict, rows: Sequence[Standing], goals: Mapping[int, Goal]
) -> tuple[list[GoalEntry], list[TargetLine], bool]:
    """What the form holds: entries of the rows that can be read, the rows as they were filled in, and whether all could be read."""
    entries, lines, all_read = [], [], True
    for row in rows:
        number = row.line.evening.number
        if f"{TICKETS}{number}" not in data:
            continue
        line = _line(row, goals.get(number))
        line.tickets, line.recette = (data.get(f"{name}{number}", "").strip()[:30] for name in (TICKETS, RECETTE))
        entry = _entry(line, number)
        if entry is None:
            all_read = False
        else:
            entries.append(entry)
        lines.append(line)
    return entries, lines, all_read


def _entry(line: TargetLine, number: int) -> GoalEntry | None:
    """The entry of a row; None when a field cannot be read, which the row then says."""
    if not line.tickets:
        if line.recette:
            line.error = _("Give the tickets too; a recette alone is no target.")
            return None
        return GoalEntry(number, None)
    tickets = whole(line.tickets)
    if tickets is None or not 0 < tickets <= MOST_TICKETS:
        most = formats.tickets(MOST_TICKETS)
        line.error = _("“{value}” is no number of tickets; give a whole number from 1 to {most}.").format(
            value=line.tickets, most=most
        )
        return None
    recette = euros(line.recette) if line.recette else None
    if line.recette and not recette:
        line.error = _("“{value}” is no recette; give an amount in euros, such as 12500 or 12.500,00.").format(value=line.recette)
        return None
    return GoalEntry(number, Goal(tickets, recette))
