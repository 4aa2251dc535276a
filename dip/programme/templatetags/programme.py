"""Words and moments of the programme for templates: ``{% load programme %}``."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.safestring import SafeString

from dip.kernel.identifiers import performance_dip_id
from dip.kernel.periods import season_name
from dip.programme import words
from dip.programme.models import Performance
from dip.programme.terms import FundFeature, HallKind, PerformanceKind
from dip.web import formats, marks

register = template.Library()


@register.filter
def kind_word(kind: str) -> str:
    """Type of a performance: première."""
    return words.word(words.KINDS, kind)


@register.filter
def status_word(status: str) -> str:
    """Status of a performance: published."""
    return words.word(words.STATUSES, status)


@register.filter
def feature_word(feature: str) -> str:
    """The fund's feature of a performance."""
    return words.word(words.FEATURES, feature)


@register.filter
def hall_kind_word(kind: str) -> str:
    """Kind of a hall."""
    return words.word(words.HALL_KINDS, kind)


@register.filter
def venue_kind_word(kind: str) -> str:
    """Kind of a theatre."""
    return words.word(words.VENUE_KINDS, kind)


@register.simple_tag(takes_context=True)
def request_standing(context: template.Context, status: str) -> SafeString:
    """Where a connection request stands, as shape and word; a theatre reads its own side of it."""
    access = context.get("access")
    is_asked = "linked" in context or (access is not None and access.is_taker)
    return marks.pill(words.word(words.REQUEST_PILLS, status), words.request_word(status, is_asked))


@register.filter
def event_word(kind: str) -> str:
    """What happened."""
    return words.word(words.EVENTS, kind)


@register.filter
def field_word(field: str) -> str:
    """Name of a field."""
    return words.word(words.FIELDS, field)


@register.filter
def rank(seats: Sequence[int], number: int) -> int:
    """Seats of a rank, from 1; 0 beyond the last."""
    return seats[number - 1] if number <= len(seats) else 0


@register.filter
def lack_word(lack: str) -> str:
    """What a theatre lacks."""
    return words.word(words.LACKS, lack)


@register.filter
def likeness_word(why: str) -> str:
    """In what two entries are alike."""
    return words.word(words.LIKENESSES, why)


@register.filter
def finding(value: Any) -> str:
    """What was found, and what to do."""
    return words.finding_text(value)


@register.filter
def season(year: int) -> str:
    """The season that begins in a year: 2026-2027."""
    return season_name(year).replace("-", "–")


@register.filter
def start(performance: Any) -> datetime:
    """When a performance starts on the venue's clock, naive: a model with its theatre, or a row."""
    zone = performance.theatre.time_zone if isinstance(performance, Performance) else performance.time_zone
    return performance.starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@register.filter
def national_id(performance: Performance) -> str:
    """The DIP-id of a performance with its production."""
    return performance_dip_id(performance.production.dip_id, performance.pk)


@register.filter
def worded(value: Any, field: str) -> str:
    """A value in a history or proposal as people read it."""
    if field == "date":
        return formats.full_day(date.fromisoformat(str(value)))
    if isinstance(value, bool):
        return words.word(_YES_NO, str(value))
    if field in _BY_FIELD:
        return words.word(_BY_FIELD[field], str(value))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return " + ".join(str(v) for v in value) or formats.MISSING
    return str(value) if value not in (None, "") else formats.MISSING


_YES_NO: words.Words = {"True": words._("yes"), "False": words._("no")}
_BY_FIELD: Mapping[str, words.Words] = {"kind": words.KINDS, "fund_feature": words.FEATURES}
REGULAR = {PerformanceKind.NORMAL.value, FundFeature.REGULAR.value, HallKind.REGULAR.value}


@register.filter
def is_special(value: str) -> bool:
    """Whether a type or feature is worth naming: not the regular one."""
    return value not in REGULAR
