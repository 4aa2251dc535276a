"""A source's own codes: which are decided, what the others probably mean, and how many tickets wait for it."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from rapidfuzz import fuzz

from dip.kernel.clock import local
from dip.registry.terms import Access
from dip.ticketing.models import SourceEvent
from dip.warehouse.models import LandedBatch, SourceCode
from dip.warehouse.queries.evenings import Evening, evenings_of, own_evenings
from dip.warehouse.rules.landed import CodeField
from dip.warehouse.rules.suggesting import suggestion
from dip.warehouse.store import landing as files

#: Codes on one page; newest files in which tickets of a code are counted.
PAGE, MOST_FILES = 100, 500
_DAY = re.compile(r"^(\d{4}-\d{2}-\d{2})(?:T(\d{2}):(\d{2}))?(?:/(.*))?$")
_ALIKE = 60.0


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One code. ``tickets``: in the newest landed files; ``told``: what the connection says of an event; ``suggested``: a national word,
    or the number of a performance, "" for none. ``evening``: the performance that was decided, or else the suggested one."""

    id: int
    source_id: int
    source_name: str
    raw: str
    value: str
    decided_by: str
    decided_at: datetime | None
    first_seen_at: datetime
    tickets: int
    suggested: str
    told: str
    evening: Evening | None


def codes(
    access: Access, of: CodeField, *, is_decided: bool, source_id: int | None = None, before: int | None = None
) -> list[CodeRow]:
    """Codes of the theatre's sources, the newest first, one more than :data:`PAGE` when there are more. Three queries and one look into
    the landed files; five for events."""
    rows = SourceCode.objects.within(access).filter(field=of.value).select_related("source").order_by("-pk")
    rows = rows.exclude(value="") if is_decided else rows.filter(value="")
    rows = rows.filter(source_id=source_id) if source_id else rows
    found = list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])
    counts = _tickets(access, of, [one.pk for one in found])
    if of is CodeField.EVENT:
        return _events(access, found, counts)
    return [_row(one, counts, suggestion(of, one.raw), "", None) for one in found]


def undecided_counts(access: Access) -> dict[CodeField, int]:
    """How many codes nobody decided, by what they are of. One query."""
    rows = SourceCode.objects.within(access).filter(value="").values_list("field", flat=True)
    found = list(rows)
    return {of: found.count(of.value) for of in CodeField}


def _row(one: SourceCode, counts: dict[int, int], suggested: str, told: str, evening: Evening | None) -> CodeRow:
    return CodeRow(
        one.pk, one.source_id, one.source.name, one.raw, one.value, one.decided_by, one.decided_at, one.first_seen_at,
        counts.get(one.pk, 0), suggested, told, evening,
    )  # fmt: skip


def _tickets(access: Access, of: CodeField, keys: list[int]) -> dict[int, int]:
    if not keys:
        return {}
    rows = LandedBatch.objects.within(access).filter(codes__overlap=keys).exclude(file="").order_by("-pk")
    return files.count_codes(Path(settings.WAREHOUSE_HOME), of, list(rows.values_list("file", flat=True)[:MOST_FILES]))


def _events(access: Access, found: list[SourceCode], counts: dict[int, int]) -> list[CodeRow]:
    refs = SourceEvent.objects.within(access).filter(ref__in=[one.raw for one in found])
    told = {ref: (title, starts, linked or proposed) for ref, title, starts, linked, proposed in refs.values_list("ref", "title", "starts_at", "performance_id", "proposed_id")}  # fmt: skip
    dates = {one.pk: read for one in found if (read := _read(one.raw, told)) is not None}
    near = own_evenings(access, {day for day, _clock, _title in dates.values()}) if dates else []
    picked = {one.pk: _picked(one, told, dates.get(one.pk), near) for one in found}
    known = evenings_of(access, {number for number in picked.values() if number})
    return [
        _row(one, counts, str(picked[one.pk] or "") if not one.value else "", _said(one.raw, told), known.get(picked[one.pk] or 0))
        for one in found
    ]


def _read(raw: str, told: dict[str, tuple[str, datetime, int | None]]) -> tuple[date, time | None, str] | None:
    """Day, time and title of an event: as its connection tells, or as a file's rows gave them."""
    if raw in told:
        title, starts, _number = told[raw]
        return local(starts).date(), local(starts).time(), title
    found = _DAY.match(raw)
    try:
        day = date.fromisoformat(found[1]) if found else None
    except ValueError:
        day = None
    if found is None or day is None:
        return None
    return day, time(int(found[2]) % 24, int(found[3]) % 60) if found[2] else None, (found[4] or "").replace("-", " ")


def _picked(
    one: SourceCode,
    told: dict[str, tuple[str, datetime, int | None]],
    read: tuple[date, time | None, str] | None,
    near: list[Evening],
) -> int | None:
    if one.value:
        return int(one.value)
    if one.raw in told and told[one.raw][2]:
        return told[one.raw][2]
    if read is None:
        return None
    scored = sorted(((_score(evening, *read), -evening.number) for evening in near if evening.on == read[0]), reverse=True)
    return -scored[0][1] if scored and scored[0][0] >= _ALIKE else None


def _score(evening: Evening, _day: date, clock: time | None, title: str) -> float:
    """Likeness (0..100) of an evening on the right day: by its title, and by its time where one is told."""
    alike = float(fuzz.token_set_ratio(title.lower(), evening.title.lower())) if title else 70.0
    if clock is None:
        return alike
    starts = local(evening.starts_at)
    apart = abs(timedelta(hours=starts.hour, minutes=starts.minute) - timedelta(hours=clock.hour, minutes=clock.minute))
    return alike - (0 if apart <= timedelta(minutes=30) else 30)


def _said(raw: str, told: dict[str, tuple[str, datetime, int | None]]) -> str:
    return told[raw][0] if raw in told else ""


def named(access: Access, of: CodeField, keys: Collection[int]) -> list[tuple[int, int, str, str]]:
    """(Key, source, code, value) of codes of the theatre. One query."""
    rows = SourceCode.objects.within(access).filter(pk__in=keys, field=of.value).order_by("pk")
    return list(rows.values_list("pk", "source_id", "raw", "value"))
