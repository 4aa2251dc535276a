"""The suite for a system that the platform reads: ask everything, judge it, report."""

from collections.abc import Callable
from datetime import datetime

from dip.ticketing.conformance.observing import SAMPLE, observe
from dip.ticketing.conformance.reading_checks import check_reading
from dip.ticketing.conformance.reading_words import READING
from dip.ticketing.conformance.report import Report
from dip.ticketing.connector import Account, Connector


def try_connector(
    name: str, opened: Callable[[Account], Connector], account: Account, *, clock: Callable[[], datetime], sample: int = SAMPLE
) -> Report:
    """Run every check against one account, reading only; see :func:`observe` for what is asked. Never raises for a bad connector."""
    at = clock()
    seen = observe(opened, account, clock=clock, sample=sample)
    hello = seen.greeting.answer
    return Report(
        suite="Connector conformance",
        subject=f"{account.address} {account.account}".strip(),
        system=str(getattr(hello, "system", "") or name),
        version=str(getattr(hello, "version", "")),
        at=at,
        checks=READING,
        results=check_reading(seen),
    )
