"""How often to publish: as soon as there is something, but never more than a small share of the time."""

from datetime import datetime, timedelta

#: Share of the time that publishing may take.
SHARE = 0.05


def is_publish_due(made_at: datetime, took_seconds: float, at: datetime) -> bool:
    """Whether enough time has passed since the last publication, which took ``took_seconds``. A clock set back does not delay it."""
    if at < made_at:
        return True
    return at - made_at >= timedelta(seconds=took_seconds / SHARE)
