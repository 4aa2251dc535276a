"""Saying once what a source's own code means: of a kind, a channel or an event. What landed with it is read anew.

A landed file keeps the key of the code beside the value it had. A decision marks the batches that hold the code as stale;
:func:`~dip.warehouse.actions.rewriting.scrub_files` rewrites them, and they are applied again: of an equal version the restated one counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dip.registry.terms import Access, Refusal
from dip.registry.trail import write_line
from dip.warehouse.actions.asking import ask_to_apply
from dip.warehouse.actions.known import performances_of, removals_of
from dip.warehouse.actions.landing import need_right
from dip.warehouse.models import LandedBatch, SourceCode, TicketSource
from dip.warehouse.rules.columns import REMOVED
from dip.warehouse.rules.landed import CHANNELS, KINDS, CodeField
from dip.warehouse.rules.normalising import code, event


class UnableToMap(Refusal):
    """The code cannot stand for that."""


@transaction.atomic
def decide(*, access: Access, at: datetime, source_id: int, of: CodeField, raw: str, value: str) -> SourceCode:
    """``raw`` of a source stands for ``value``: a national kind or channel, or the number of a performance. A new code may be decided
    before it ever came. Raises :class:`UnableToMap`."""
    need_right(access)
    source = TicketSource.objects.within(access).filter(pk=source_id).first()
    if source is None:
        raise UnableToMap(_("This is no source of your theatre."), "source_id")
    clean = event(raw) if of is CodeField.EVENT else code(raw)
    if not clean:
        raise UnableToMap(_("This is no code that can be kept."), "raw")
    meant = _checked(access, of, value)
    found, is_new = _found(source, of, clean, at)
    if found.value == meant and not is_new:
        return found
    before = found.value
    found.value, found.decided_by, found.decided_at = meant, access.actor[:120], at
    found.save(update_fields=["value", "decided_by", "decided_at"])
    LandedBatch.objects.within(access).filter(source=source, codes__contains=[found.pk]).update(stale=True)
    changes = {of.value: [before, meant]}
    write_line(access=access, at=at, verb="map", subject="SourceCode", subject_id=found.pk, label=clean, changes=changes)
    return found


@dataclass(frozen=True, slots=True)
class Decision:
    """What a code of a source is to mean."""

    source_id: int
    of: CodeField
    raw: str
    value: str


def decide_many(*, access: Access, at: datetime, decisions: Sequence[Decision]) -> dict[Decision, str]:
    """Several at once, each on its own: those that were refused, and why. What landed with the others is read anew right away."""
    need_right(access)
    refused: dict[Decision, str] = {}
    with transaction.atomic():
        for one in decisions:
            try:
                decide(access=access, at=at, source_id=one.source_id, of=one.of, raw=one.raw, value=one.value)
            except UnableToMap as refusal:
                refused[one] = refusal.message
        ask_to_apply()
    return refused


@transaction.atomic
def keep_gender(*, access: Access, at: datetime, source_id: int, ground: str) -> TicketSource:
    """Keep the gender that a source gives, for a stated ground; an empty one stops it. Raises :class:`UnableToMap`."""
    need_right(access)
    source = TicketSource.objects.within(access).filter(pk=source_id).first()
    if source is None:
        raise UnableToMap(_("This is no source of your theatre."), "source_id")
    source.gender_ground = " ".join(ground.split())[:200]
    source.keeps_gender = bool(source.gender_ground)
    source.save(update_fields=["keeps_gender", "gender_ground"])
    changes = {"keeps_gender": source.keeps_gender}
    write_line(
        access=access, at=at, verb="change", subject="TicketSource", subject_id=source.pk, label=source.name, changes=changes
    )
    return source


def _found(source: TicketSource, of: CodeField, raw: str, at: datetime) -> tuple[SourceCode, bool]:
    rows = SourceCode.objects.across_tenants("of a source whose owner was checked").select_for_update()
    held = rows.filter(source=source, field=of.value, raw=raw).first()
    return (held, False) if held else (SourceCode.objects.create(source=source, field=of.value, raw=raw, first_seen_at=at), True)


def _checked(access: Access, of: CodeField, value: str) -> str:
    if of is not CodeField.EVENT:
        words = KINDS if of is CodeField.KIND else CHANNELS
        if value not in words:
            raise UnableToMap(_("Choose one of: %(words)s.") % {"words": ", ".join(words)}, "value")
        return value
    number = performances_of(access.organisation_id, [value], removals_of(access.organisation_id)[0])[value]
    if number == REMOVED:
        raise UnableToMap(_("This performance was excluded or withdrawn."), "value")
    if number < 1:
        raise UnableToMap(_("“%(value)s” is no performance of your theatre.") % {"value": value[:60]}, "value")
    return str(number)
