"""Setting targets: what changed is written with its history, a line that a colleague changed meanwhile is left alone and told."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from dip.registry.models import Organisation
from dip.registry.terms import Access, AccessDenied, Level, Module, Refusal
from dip.registry.trail import write_line
from dip.sales.models import Target, TargetChange
from dip.sales.queries.visible import evenings_among
from dip.sales.rules.pasting import MOST_TICKETS
from dip.sales.terms import Evening, Goal, GoalEntry, GoalFinding, Origin

#: Highest recette of one performance, in cents, that is not a slip of the hand.
MOST_CENTS = 1_000_000_000


class UnableToSetTargets(Refusal):
    """Nothing was given, or the organisation follows none of the performances."""


@transaction.atomic
def set_targets(
    *, access: Access, at: datetime, entries: Sequence[GoalEntry], origin: Origin, seen_at: datetime | None = None
) -> tuple[int, list[GoalFinding]]:
    """Set, change or take away the organisation's targets of these performances; how many changed, and what could not be.

    ``seen_at``: the moment of the page that the entries were filled in on; a target that somebody changed since is not overwritten. A
    performance that the access does not follow is told as unknown. A repeat changes nothing. Raises :class:`AccessDenied` without the
    right to manage sales, :class:`UnableToSetTargets`.
    """
    if not (access.is_provider or access.is_taker) or not access.allows(Module.SALES, Level.MANAGE):
        raise AccessDenied("needs the right to manage sales")
    if not entries:
        raise UnableToSetTargets(_("Give a target for at least one performance."))
    Organisation.objects.select_for_update(no_key=True).get(pk=access.organisation_id)  # one hand at a time
    evenings = {evening.number: evening for evening in evenings_among(access, {entry.number for entry in entries})}
    known = {row.performance_id: row for row in Target.objects.within(access).filter(performance_id__in=evenings)}
    changed_since = _changed_since(access, evenings, seen_at)
    changes: list[TargetChange] = []
    findings: list[GoalFinding] = []
    for entry in entries:
        since = changed_since.get(entry.number)
        if since is not None and since.shown == entry.goal:
            continue  # left as the page showed it: the colleague's change stands
        finding = _check(entry, evenings, changed_since, known.get(entry.number))
        if finding is not None:
            findings.append(finding)
        elif (change := _change(access, at, origin, entry, known.get(entry.number))) is not None:
            changes.append(change)
    if not evenings:
        raise UnableToSetTargets(_("Your organisation follows none of these performances."))
    _write(access, at, changes)
    if changes:
        _trail(access, at, origin, changes, evenings)
    return len(changes), findings


class _Since(NamedTuple):
    """What happened to a target after the page was made: as the page showed it, and who changed it last."""

    shown: Goal | None
    actor: str


def _changed_since(access: Access, numbers: Iterable[int], seen_at: datetime | None) -> dict[int, _Since]:
    if seen_at is None:
        return {}
    rows = TargetChange.objects.within(access).filter(performance_id__in=list(numbers), at__gt=seen_at).order_by("at", "id")
    found: dict[int, _Since] = {}
    for row in rows:
        shown = None if row.tickets_before is None else Goal(row.tickets_before, row.recette_before_cents)
        found[row.performance_id] = _Since(found[row.performance_id].shown if row.performance_id in found else shown, row.actor)
    return found


def _check(entry: GoalEntry, evenings: dict[int, Evening], changed: dict[int, _Since], known: Target | None) -> GoalFinding | None:
    if entry.number not in evenings:
        return GoalFinding(entry.number, "unknown_number", str(entry.number))
    goal = entry.goal
    if goal is not None and not 0 < goal.tickets <= MOST_TICKETS:
        return GoalFinding(entry.number, "not_tickets", str(goal.tickets), entry.number)
    if goal is not None and goal.recette_cents is not None and not 0 < goal.recette_cents <= MOST_CENTS:
        return GoalFinding(entry.number, "not_recette", str(goal.recette_cents // 100), entry.number)
    if entry.number in changed and goal != _goal(known):
        return GoalFinding(entry.number, "changed_meanwhile", changed[entry.number].actor, entry.number)
    return None


def _goal(row: Target | None) -> Goal | None:
    return None if row is None else Goal(row.tickets, row.recette_cents)


def _change(access: Access, at: datetime, origin: Origin, entry: GoalEntry, known: Target | None) -> TargetChange | None:
    before, after = _goal(known), entry.goal
    if before == after:
        return None
    return TargetChange(
        organisation_id=access.organisation_id,
        performance_id=entry.number,
        at=at,
        actor=access.actor[:160],
        person_id=access.person_id,
        origin=origin.value,
        tickets=after.tickets if after else None,
        recette_cents=after.recette_cents if after else None,
        tickets_before=before.tickets if before else None,
        recette_before_cents=before.recette_cents if before else None,
    )


def _write(access: Access, at: datetime, changes: Sequence[TargetChange]) -> None:
    gone = [change.performance_id for change in changes if change.tickets is None]
    if gone:
        Target.objects.within(access).filter(performance_id__in=gone).delete()
    rows = [
        Target(
            organisation_id=access.organisation_id, performance_id=change.performance_id, tickets=change.tickets,
            recette_cents=change.recette_cents, set_at=at, set_by=access.actor[:160], origin=change.origin,
        )
        for change in changes if change.tickets is not None
    ]  # fmt: skip
    Target.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["organisation", "performance"],
        update_fields=["tickets", "recette_cents", "set_at", "set_by", "origin"],
    )
    TargetChange.objects.bulk_create(changes)


def _trail(access: Access, at: datetime, origin: Origin, changes: Sequence[TargetChange], evenings: dict[int, Evening]) -> None:
    """One line for the act; each change stands in the history of the targets."""
    titles = list(dict.fromkeys(evenings[change.performance_id].title for change in changes))
    before, after = (
        sum(value or 0 for value in column) for column in zip(*((c.tickets_before, c.tickets) for c in changes), strict=True)
    )
    write_line(
        access=access,
        at=at,
        verb="set_targets",
        subject="target",
        subject_id=changes[0].performance_id,
        label=", ".join(titles[:3]) + ("…" if len(titles) > 3 else ""),
        changes={"performances": len(changes), "tickets": [before, after], "origin": origin.value},
    )
