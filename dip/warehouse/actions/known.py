"""What landing must know of a theatre: its performances, its source's codes, what stays out, and the keys."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from dip.programme.models import Performance
from dip.registry.terms import Access
from dip.warehouse.models import Removal, SourceCode, TicketSource
from dip.warehouse.rules.columns import OTHER_PRODUCTION, REMOVED, UNKNOWN
from dip.warehouse.rules.landed import CHANNELS, KINDS, CodeField, RemovalKind
from dip.warehouse.rules.normalising import microseconds
from dip.warehouse.rules.world import Meaning, Wanted, World
from dip.warehouse.store.keys import UnableToReadKeys, read_keys

#: Codes of kinds and channels, and of events, that one source can have.
MOST_CODES, MOST_EVENTS = 2_000, 200_000
_REASON = "landing needs what its theatre said of its own source"


class UnableToKnow(Exception):
    """The keys are not there; nothing can be made pseudonymous, so nothing is taken in."""


def world_of(access: Access, source: TicketSource, at: datetime, wanted: Wanted, *, is_trial: bool = False) -> World:
    """What is known now. Codes that are new are kept, undecided; not in a trial, where they only look so. Raises :class:`UnableToKnow`."""
    try:
        keys = read_keys(Path(settings.PSEUDONYM_KEYS), at)
    except UnableToReadKeys as error:
        raise UnableToKnow(str(error)) from error
    removed, erased = removals_of(access.organisation_id)
    return World(
        source=source.pk,
        salt=bytes(source.salt),
        keys=keys,
        at=microseconds(at),
        keeps_gender=source.keeps_gender,
        performances=performances_of(access.organisation_id, wanted.performances, removed),
        codes=_tried(source, wanted.codes) if is_trial else _codes(source, wanted.codes, at),
        removed=removed,
        erased=erased,
    )


def removals_of(organisation_id: int) -> tuple[frozenset[int], frozenset[int]]:
    """(Performances that stay out, pseudonyms of erased buyers) of a theatre."""
    mine = Q(organisation_id=organisation_id) | Q(is_national=True)
    rows = Removal.objects.across_tenants(_REASON).filter(mine, lifted_at=None).values_list("kind", "performance_id", "buyer")
    found = list(rows)
    performances = frozenset(number for kind, number, _ in found if kind != RemovalKind.ERASE and number)
    return performances, frozenset(buyer for kind, _, buyer in found if kind == RemovalKind.ERASE and buyer)


def performances_of(organisation_id: int, texts: Collection[str], removed: Collection[int] = ()) -> dict[str, int]:
    """Each text ("123" or "NL-26-00123-00279|123") → the number that counts, or why not. Merged performances and productions follow."""
    parts = {text: text.strip().rpartition("|")[::2] for text in texts}
    numbers = {number: int(number) for _, number in parts.values() if number.isascii() and number.isdecimal() and len(number) < 10}
    rows = Performance.objects.filter(
        Q(theatre__organisation_id=organisation_id), pk__in=set(numbers.values()), published_at__isnull=False
    ).values_list("pk", "merged_into_id", "production__dip_id", "merged_into__production__dip_id")
    known = {pk: (into or pk, {dip_id, its or dip_id}) for pk, into, dip_id, its in rows}
    return {text: _resolved(dip_id, known.get(numbers.get(number, -1)), removed) for text, (dip_id, number) in parts.items()}


def _resolved(dip_id: str, found: tuple[int, set[str]] | None, removed: Collection[int]) -> int:
    if found is None:
        return UNKNOWN
    number, productions = found
    if dip_id and dip_id not in productions and not _was_merged(dip_id, productions):
        return OTHER_PRODUCTION
    return REMOVED if number in removed else number


def _was_merged(dip_id: str, productions: set[str]) -> bool:
    """Whether the id is a former one of a production. Only asked for an id that does not fit."""
    made = Performance._meta.get_field("production").related_model
    return made.objects.filter(dip_id=dip_id, merged_into__dip_id__in=productions).exists()


def value_of(field: str, value: str) -> int:
    """The number that stands for a decided value in a file; 0: undecided."""
    if field == CodeField.EVENT:
        return int(value or 0)
    return (KINDS if field == CodeField.KIND else CHANNELS).get(value, 0)


def _codes(source: TicketSource, wanted: Iterable[tuple[CodeField, str]], at: datetime) -> Mapping[tuple[CodeField, str], Meaning]:
    asked = set(wanted)
    if not asked:
        return {}
    found = _known_codes(source, asked)
    fresh = asked - found.keys()
    if fresh:
        held = SourceCode.objects.across_tenants(_REASON).filter(source=source)
        room = {is_event: (MOST_EVENTS if is_event else MOST_CODES) - _count(held, is_event) for is_event in (True, False)}
        kept = []
        for of, raw in sorted(fresh):
            room[of is CodeField.EVENT] -= 1
            if room[of is CodeField.EVENT] >= 0:
                kept.append(SourceCode(source=source, field=of.value, raw=raw, first_seen_at=at))
        SourceCode.objects.bulk_create(kept, ignore_conflicts=True, batch_size=5000)
        found |= _known_codes(source, fresh)
    return found


def _tried(source: TicketSource, wanted: Iterable[tuple[CodeField, str]]) -> Mapping[tuple[CodeField, str], Meaning]:
    asked = set(wanted)
    return dict.fromkeys(asked, Meaning(1, 0)) | (_known_codes(source, asked) if asked else {})


def _count(held: "object", is_event: bool) -> int:
    events = Q(field=CodeField.EVENT.value)
    return held.filter(events if is_event else ~events).count()


def _known_codes(source: TicketSource, asked: set[tuple[CodeField, str]]) -> dict[tuple[CodeField, str], Meaning]:
    rows = SourceCode.objects.across_tenants(_REASON).filter(source=source, raw__in={raw for _, raw in asked})
    listed = rows.values_list("field", "raw", "pk", "value")
    every = {(CodeField(of), raw): Meaning(pk, value_of(of, value)) for of, raw, pk, value in listed}
    return {key: every[key] for key in asked if key in every}
