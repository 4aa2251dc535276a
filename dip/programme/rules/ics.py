"""Performances as a calendar (RFC 5545): values in, bytes out."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vDuration

#: When a performance ends is not known; calendars show this long.
SHOWN = timedelta(hours=2)
#: How often programs should look again.
REFRESH = timedelta(hours=4)
PRODUCT = "-//DIP//Programme//NL"


@dataclass(frozen=True, slots=True)
class Entry:
    """A performance as a calendar shows it. ``starts_at`` and ``changed_at`` aware; ``sequence`` counts its changes."""

    uid: str
    title: str
    starts_at: datetime
    time_zone: str
    place: str
    text: str
    url: str
    sequence: int
    changed_at: datetime
    is_cancelled: bool = False
    categories: Sequence[str] = ()


def calendar_of(entries: Iterable[Entry], name: str, url: str = "") -> bytes:
    """A calendar of these entries, with the time zones that they name. The same entries make the same bytes."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", vDuration(REFRESH).to_ical().decode())
    if url:
        made.add("url", url)
    days = []
    for entry in entries:
        made.add_component(_event(entry))
        days.append(entry.starts_at.date())
    if days:
        made.add_missing_timezones(first_date=min(days).replace(month=1, day=1), last_date=max(days) + timedelta(days=366))
    return bytes(made.to_ical())


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("summary", entry.title)
    event.add("dtstart", entry.starts_at.astimezone(ZoneInfo(entry.time_zone)))
    event.add("duration", SHOWN)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))  # of the facts, so that unchanged facts make an unchanged file
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("sequence", entry.sequence)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("location", entry.place)
    event.add("description", entry.text)
    event.add("url", entry.url)
    if entry.categories:
        event.add("categories", list(entry.categories))
    return event


def etag_of(content: bytes) -> str:
    """The entity tag of a calendar, in its quotes."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'
