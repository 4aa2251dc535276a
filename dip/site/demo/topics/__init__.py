"""What the demo shows beside programme and sales: one file for each topic, called in this order once the sector stands."""

from collections.abc import Callable
from datetime import datetime

from dip.site.demo.record import Written
from dip.site.demo.topics.connections import add_connections
from dip.site.demo.topics.contracts import add_contracts
from dip.site.demo.topics.exchange import add_exchange
from dip.site.demo.topics.festivals import add_festivals
from dip.site.demo.topics.invoices import add_invoices
from dip.site.demo.topics.light import add_light
from dip.site.demo.topics.morning import add_morning
from dip.site.demo.topics.peers import add_peers
from dip.site.demo.topics.reports import add_reports
from dip.site.demo.topics.sheets import add_sheets
from dip.site.demo.topics.vendors import add_vendors
from dip.site.demo.topics.venues import add_venues

#: Adds a topic's rows in the build's transaction; answers what to print: name → count.
Topic = Callable[[Written, datetime], dict[str, int]]

TOPICS: tuple[Topic, ...] = (
    add_reports,
    add_sheets,
    add_light,
    add_festivals,
    add_venues,
    add_morning,
    add_vendors,
    add_exchange,
    add_connections,
    add_contracts,
    add_invoices,
    add_peers,
)


def add_topics(written: Written, at: datetime) -> dict[str, int]:
    """Add every topic to the sector as it stands at ``at``; what was added, by name."""
    counts: dict[str, int] = {}
    for topic in TOPICS:
        counts.update(topic(written, at))
    return counts
