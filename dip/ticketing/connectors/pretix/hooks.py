"""pretix' webhooks: unsigned pointers to what changed."""

from collections.abc import Mapping
from typing import Any

from dip.ticketing.connector import Hint

#: What the acts begin with that each part of a hint stands for. Check-ins change nothing that we read.
_FIGURES = ("pretix.event.order.",)
_SEATS = ("pretix.event.quota.", "pretix.event.item.", "pretix.subevent.quota.")
_CALENDAR = ("pretix.event.added", "pretix.event.changed", "pretix.event.deleted", "pretix.event.live.", "pretix.subevent.")


def read_hint(body: Mapping[str, Any]) -> Hint | None:
    """The hint in a webhook's body; None when the body is not of the documented shape."""
    account, event, action = body.get("organizer"), body.get("event") or "", body.get("action")
    if not isinstance(account, str) or not isinstance(action, str) or not isinstance(event, str) or len(event) > 100:
        return None
    return Hint(account, event, action.startswith(_FIGURES), action.startswith(_SEATS), action.startswith(_CALENDAR))
