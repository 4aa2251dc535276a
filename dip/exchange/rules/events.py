"""What happened, as a webhook tells it: the kinds of event behind a change, and the CloudEvents body."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from dip.exchange.terms import EventType
from dip.programme.terms import EventKind

_CHANGED = (EventType.PERFORMANCE_CHANGED,)
#: Events in the life of a performance that have a webhook of their own; the others are a plain change. An accepted correction is both.
_PERFORMANCE = {
    EventKind.PUBLISHED: (EventType.PERFORMANCE_PUBLISHED,),
    EventKind.MOVED: (EventType.PERFORMANCE_MOVED,),
    EventKind.CANCELLED: (EventType.PERFORMANCE_CANCELLED,),
    EventKind.CONFIRMED: (EventType.CONNECTION_CONFIRMED,),
    EventKind.PROPOSED: (EventType.CONNECTION_PROPOSED,),
    EventKind.CORRECTED: (EventType.CONNECTION_CORRECTED, EventType.PERFORMANCE_CHANGED),
    EventKind.DECLINED: (EventType.CONNECTION_DECLINED,),
}
#: What follows of itself from a move, and is not told again.
_SILENT = {EventKind.REOPENED}


def performance_types(kinds: Iterable[str]) -> list[EventType]:
    """The webhooks for a performance that changed, from the kinds of its events in the order in which they happened.

    Each type once. Entered and published at once is published. A change without an event, or with others, is a change.
    """
    told = [kind for kind in kinds if kind not in _SILENT]
    types = [one for kind in told if kind != EventKind.CREATED for one in _PERFORMANCE.get(EventKind(kind), _CHANGED)]
    if EventKind.CREATED in told and EventType.PERFORMANCE_PUBLISHED not in types:
        types.insert(0, EventType.PERFORMANCE_CREATED)
    if EventKind.CREATED in told:
        types = [one for one in types if one is not EventType.PERFORMANCE_CHANGED]
    return list(dict.fromkeys(types)) or [EventType.PERFORMANCE_CHANGED]


def production_type(kinds: Iterable[str]) -> EventType:
    """The webhook for a production that changed."""
    return EventType.PRODUCTION_CREATED if EventKind.CREATED in set(kinds) else EventType.PRODUCTION_CHANGED


def cloud_event(
    *, message_id: str, event_type: EventType, source: str, subject: str, at: datetime, data: Mapping[str, Any]
) -> bytes:
    """The body of a notice: CloudEvents 1.0 in structured JSON. ``at``: when it happened; ``subject``: a DIP-id."""
    return msgspec.json.encode(
        {
            "specversion": "1.0",
            "id": message_id,
            "source": source,
            "type": event_type.value,
            "subject": subject,
            "time": at,
            "datacontenttype": "application/json",
            "data": data,
        }
    )
